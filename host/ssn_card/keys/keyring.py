# SPDX-License-Identifier: Apache-2.0
"""Master keys in an encrypted file, for development and small field devices; the bank's masters belong in an HSM.

Labels, versions and key check values stand in clear, so that a keyring can be described without its password.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from ssn_card.protocol.crypto import BLOCK, SecretKey, macs_equal
from ssn_card.protocol.labels import ROLES, KeyLabel, Role

from .check_value import check_value
from .errors import KeyExists, KeyMissing, KeyringChanged, ProviderClosed, RoleHoldsNoMasters, UnknownKeyFile
from .files import reading, writing
from .masters import MasterKeys
from .passwords import new_password_bytes, password_bytes
from .provider import MAX_VERSION, MIN_VERSION, check_version, key_name
from .sealing import HEX, FileModel, ScryptParameters, ScryptSealer, damaged, password_sealer, seals_match

FORMAT: Final = "ssn-card-keyring"
FORMAT_VERSION: Final = 1


class _KeyEntry(FileModel):
    label: str
    version: int = Field(ge=MIN_VERSION, le=MAX_VERSION)
    kcv: str = Field(pattern=HEX, min_length=6, max_length=6)
    sealed: str = Field(pattern=HEX)


class _Content(FileModel):
    """All of the file except its seal."""

    format: Literal["ssn-card-keyring"]
    version: Literal[1]
    holder: str
    kdf: ScryptParameters
    check: str
    keys: list[_KeyEntry]

    def sealed_bytes(self) -> bytes:
        """The bytes that the seal covers, whatever the spacing in the file."""
        return json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":")).encode()


class _File(_Content):
    seal: str

    def content(self) -> _Content:
        return _Content.model_construct(**{name: getattr(self, name) for name in _Content.model_fields})


class SoftwareKeyring(MasterKeys):
    """An encrypted key file; every change is written to it before it counts. Not for two threads at a time."""

    def __init__(
        self,
        masters: Mapping[tuple[KeyLabel, int], SecretKey],
        path: Path,
        holder: Role,
        sealer: ScryptSealer,
        digest: bytes,
    ) -> None:
        """For :meth:`create` and :meth:`open`. ``digest``: SHA-256 of the file as it is now."""
        super().__init__(masters, str(path))
        self.path = path
        self.holder = holder  #: whose keyring it is
        self._sealer: ScryptSealer | None = sealer
        self._digest = digest

    @classmethod
    def create(
        cls,
        path: str | Path,
        password: str | None = None,
        *,
        labels: Iterable[KeyLabel] = tuple(KeyLabel),
        versions: Iterable[int] = (1,),
    ) -> SoftwareKeyring:
        """A new file with random master keys of these labels and versions, for the bank.

        ``password`` falls back to ``SSN_KEYRING_PASSWORD``. Raises ``KeyringExists``, ``KeyFileNotWritten``,
        ``PasswordMissing``, ``PasswordWeak``.
        """
        wanted = sorted(set(versions))
        for version in wanted:
            check_version(version)
        masters = {(label, version): _random_master(label, version) for label in labels for version in wanted}
        return cls._written(Path(path), password, masters, Role.BANK)

    @classmethod
    def open(cls, path: str | Path, password: str | None = None) -> SoftwareKeyring:
        """Open a file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

        Raises ``WrongPassword``, ``KeyringDamaged`` (with the place), ``UnknownKeyFile``, ``KeyringNotFound``,
        ``PasswordMissing``; warns with ``ExposedKeyFileWarning``.
        """
        path = Path(path)
        secret = password_bytes(password, str(path))
        with reading(path) as stream:
            raw = stream.read()
        file = _parse(raw, str(path))
        sealer = password_sealer(secret, file.kdf)
        sealer.verify_password(file.check, str(path))
        masters: dict[tuple[KeyLabel, int], SecretKey] = {}
        for number, entry in enumerate(file.keys):
            where = f"{path}: keys[{number}] {entry.label} v{entry.version}"
            label, key = _opened(entry, sealer, where)
            if (label, entry.version) in masters:
                raise damaged(where)
            masters[label, entry.version] = key
        seal = sealer.new_seal()
        seal.update(file.content().sealed_bytes())
        if not seals_match(seal, file.seal):
            raise damaged(f"{path}: seal")
        try:
            holder = Role(file.holder)
        except ValueError:
            raise damaged(f"{path}: holder") from None
        return cls(masters, path, holder, sealer, hashlib.sha256(raw).digest())

    def generate(self, label: KeyLabel, version: int) -> None:
        """Add a random master key. Raises ``KeyExists``, ``KeyringChanged``, ``KeyFileNotWritten``."""
        check_version(version)
        self.store(label, version, _random_master(label, version))

    def add_version(self, label: KeyLabel) -> int:
        """Add the next version of ``label`` with a random key; returns its number. Raises like :meth:`generate`."""
        version = max(self.versions(label), default=0) + 1
        self.generate(label, version)
        return version

    def store(self, label: KeyLabel, version: int, key: SecretKey) -> None:
        """Add a master key that was made elsewhere, such as in a key ceremony. Raises like :meth:`generate`."""
        check_version(version)
        masters = self._open_masters()
        if (label, version) in masters:
            raise KeyExists(label, version, where=self._where)
        # The file first: a key that personalized a card but never reached the file would be lost with the process.
        changed = {**masters, (label, version): SecretKey(key.value(), key_name(label, version))}
        self._save(changed)
        self._masters = changed

    def export_role(self, role: Role, path: str | Path, password: str) -> SoftwareKeyring:
        """A new file at ``path`` with every version of exactly the labels that ``role`` may hold.

        Raises ``RoleHoldsNoMasters`` for an auditor, ``KeyMissing`` if a label of the role is not here,
        ``KeyringExists``, ``KeyFileNotWritten``, ``PasswordMissing``, ``PasswordWeak``.
        """
        allowed = ROLES[role].masters
        if not allowed:
            raise RoleHoldsNoMasters(role)
        masters = self._open_masters()
        missing = sorted(allowed - self.labels(), key=str)
        if missing:
            raise KeyMissing(missing[0], MIN_VERSION, where=self._where)
        chosen = {place: key for place, key in masters.items() if place[0] in allowed}
        return self._written(Path(path), password, chosen, role)

    def close(self) -> None:
        """Drop the master keys and the keys of the file."""
        super().close()
        self._sealer = None

    @classmethod
    def _written(
        cls, path: Path, password: str | None, masters: Mapping[tuple[KeyLabel, int], SecretKey], holder: Role
    ) -> SoftwareKeyring:
        sealer = password_sealer(new_password_bytes(password, str(path)), ScryptParameters.fresh())
        raw = _serialized(masters, holder, sealer)
        with writing(path, replace=False) as stream:
            stream.write(raw)
        return cls(masters, path, holder, sealer, hashlib.sha256(raw).digest())

    def _save(self, masters: Mapping[tuple[KeyLabel, int], SecretKey]) -> None:
        if self._sealer is None:
            raise ProviderClosed(self._where)
        with reading(self.path) as stream:
            if hashlib.sha256(stream.read()).digest() != self._digest:
                raise KeyringChanged(self._where)
        raw = _serialized(masters, self.holder, self._sealer)
        with writing(self.path, replace=True) as stream:
            stream.write(raw)
        self._digest = hashlib.sha256(raw).digest()


def _random_master(label: KeyLabel, version: int) -> SecretKey:
    return SecretKey(secrets.token_bytes(BLOCK), key_name(label, version))


def _place(label: KeyLabel, version: int) -> bytes:
    """Associated data of an entry: format, label and version."""
    return f"{FORMAT}/{FORMAT_VERSION}|{label}|{version}".encode()


def _serialized(masters: Mapping[tuple[KeyLabel, int], SecretKey], holder: Role, sealer: ScryptSealer) -> bytes:
    content = _Content(
        format=FORMAT,
        version=FORMAT_VERSION,
        holder=holder.value,
        kdf=sealer.parameters,
        check=sealer.check_word(),
        keys=[
            _KeyEntry(
                label=str(label),
                version=version,
                kcv=check_value(key.value()).hex(),
                sealed=sealer.encrypt(key, _place(label, version)),
            )
            for (label, version), key in sorted(masters.items(), key=lambda item: (str(item[0][0]), item[0][1]))
        ],
    )
    seal = sealer.new_seal()
    seal.update(content.sealed_bytes())
    return json.dumps({**content.model_dump(), "seal": seal.hexdigest()}, indent=2).encode() + b"\n"


def _parse(raw: bytes, where: str) -> _File:
    try:
        document = json.loads(raw)
    except ValueError as error:  # also wrong UTF-8
        raise damaged(where) from error
    if not isinstance(document, dict) or (document.get("format"), document.get("version")) != (FORMAT, FORMAT_VERSION):
        raise UnknownKeyFile(f"{FORMAT} {FORMAT_VERSION}", where)
    try:
        return _File.model_validate(document)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise damaged(f"{where}: {place}") from None


def _opened(entry: _KeyEntry, sealer: ScryptSealer, where: str) -> tuple[KeyLabel, SecretKey]:
    try:
        label = KeyLabel.named(entry.label)
    except ValueError:
        raise damaged(where) from None
    key = sealer.decrypt(
        bytes.fromhex(entry.sealed), _place(label, entry.version), key_name(label, entry.version), where
    )
    if not macs_equal(check_value(key.value()), bytes.fromhex(entry.kcv)):
        raise damaged(where)
    return label, key
