# SPDX-License-Identifier: Apache-2.0
"""A tablet's folder: its keys under the companion's password, its packages as they came, its diary and its journal.

All of it is of no use without the password: the two private keys and the diary's key stand in ``tablet.json`` under
scrypt and AES-256-GCM, with the bank's public key beside them, which so cannot be exchanged; packages stay sealed as
they came, and are opened in memory alone.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import Field, ValidationError

from ssn_card.keys.errors import KeyringNotFound
from ssn_card.keys.files import reading, writing
from ssn_card.keys.passwords import new_password_bytes, password_bytes
from ssn_card.keys.sealing import HEX, FileModel, ScryptParameters, damaged, password_sealer
from ssn_card.storage import whole_file

from ..errors import TabletFolderMissing, TabletFolderTaken
from ..forms.patterns import NameText, PublicKeyText
from ..forms.registration import TabletRegistration

_PLACE: Final = b"ssn-card-field-tablet/1"
_SETTINGS, _DIARY, _JOURNAL, _PACKAGES, _RESULTS = "tablet.json", "diary.db", "terminal.db", "packages", "results"
_PRIVATE = 0o700


class _File(FileModel):
    format: Literal["ssn-card-field-tablet"]
    version: Literal[1]
    kdf: ScryptParameters
    check: str
    sealed: str = Field(pattern=HEX)


class _Inside(FileModel):
    tablet: NameText
    companion: NameText
    receiving: PublicKeyText = Field(repr=False)
    signing: PublicKeyText = Field(repr=False)
    diary: PublicKeyText = Field(repr=False)
    bank: PublicKeyText


@dataclass(frozen=True)
class TabletIdentity:
    """An unlocked tablet: who it is, and its keys."""

    folder: TabletFolder
    tablet: str
    companion: str
    receiving: X25519PrivateKey
    signing: Ed25519PrivateKey
    bank: Ed25519PublicKey  #: whose packages are opened
    diary_key: bytes

    def __repr__(self) -> str:
        return f"<TabletIdentity {self.tablet}>"


@dataclass(frozen=True)
class TabletFolder:
    """Where everything of a tablet is."""

    path: Path

    @property
    def diary(self) -> Path:
        """The tablet's own journal of visits."""
        return self.path / _DIARY

    @property
    def journal(self) -> Path:
        """Of its terminal."""
        return self.path / _JOURNAL

    @property
    def packages(self) -> Path:
        """Packages, sealed as they came."""
        return self.path / _PACKAGES

    @property
    def results(self) -> Path:
        """Where results are written to."""
        return self.path / _RESULTS

    @property
    def settings(self) -> Path:
        """The keys, under the password."""
        return self.path / _SETTINGS

    def create(
        self, tablet: str, companion: str, bank: Ed25519PublicKey, password: str | None = None
    ) -> tuple[TabletRegistration, Path]:
        """Make the keys in a new folder; the registration, and the file that it was written to, for the bank.

        Raises :class:`TabletFolderTaken`, ``PasswordMissing``, ``PasswordWeak``, ``KeyFileNotWritten``.
        """
        where = str(self.path)
        sealer = password_sealer(new_password_bytes(password, where), ScryptParameters.fresh())
        receiving, signing = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        registration = TabletRegistration(
            schema_="ssn-card/field-tablet/1",
            tablet=tablet,
            companion=companion,
            receiving_key=receiving.public_key().public_bytes_raw().hex(),
            signing_key=signing.public_key().public_bytes_raw().hex(),
        )
        inside = {
            "tablet": tablet,
            "companion": companion,
            "receiving": receiving.private_bytes_raw().hex(),
            "signing": signing.private_bytes_raw().hex(),
            "diary": secrets.token_hex(32),
            "bank": bank.public_bytes_raw().hex(),
        }
        self._make()
        told = self.path / f"{tablet}.registration"
        with whole_file(told) as stream:
            stream.write(registration.signed(signing))
        closed = sealer.encrypt_bytes(json.dumps(inside).encode(), _PLACE)
        content = _File(
            format="ssn-card-field-tablet", version=1, kdf=sealer.parameters, check=sealer.check_word(),
            sealed=closed.hex(),
        )  # fmt: skip
        with writing(self.settings, replace=False) as stream:  # the last: without it there is no tablet
            stream.write(content.model_dump_json(indent=2).encode() + b"\n")
        return registration, told

    def unlock(self, password: str | None = None) -> TabletIdentity:
        """Raises :class:`TabletFolderMissing`, ``WrongPassword``, ``KeyringDamaged``, ``PasswordMissing``."""
        where = str(self.settings)
        try:
            with reading(self.settings) as stream:
                raw = stream.read()
        except KeyringNotFound:
            raise TabletFolderMissing(str(self.path)) from None
        try:
            file = _File.model_validate_json(raw)
        except ValidationError:
            raise damaged(where) from None
        sealer = password_sealer(password_bytes(password, where), file.kdf)
        sealer.verify_password(file.check, where)
        opened = sealer.decrypt_bytes(bytes.fromhex(file.sealed), _PLACE, where)
        try:
            inside = _Inside.model_validate_json(opened)
        except ValidationError:
            raise damaged(where) from None
        return TabletIdentity(
            folder=self,
            tablet=inside.tablet,
            companion=inside.companion,
            receiving=X25519PrivateKey.from_private_bytes(bytes.fromhex(inside.receiving)),
            signing=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(inside.signing)),
            bank=Ed25519PublicKey.from_public_bytes(bytes.fromhex(inside.bank)),
            diary_key=bytes.fromhex(inside.diary),
        )

    def require(self) -> None:
        """Raises :class:`TabletFolderMissing`."""
        if not self.settings.is_file():
            raise TabletFolderMissing(str(self.path))

    def _make(self) -> None:
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise TabletFolderTaken(str(self.path))
        for folder in (self.path, self.packages, self.results):
            folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        os.chmod(self.path, _PRIVATE)  # noqa: PTH101  an empty folder that was there already
