# SPDX-License-Identifier: Apache-2.0
"""A backup of masters: each wrapped in the token under a key that no custodian has alone; the file holds no key.

A master is written here before it goes into the token, so that none is ever there alone. Wrapped by AES key wrap
(RFC 3394, CKM_AES_KEY_WRAP); a seal over the file binds each to its label and version. Both keys come by HKDF-SHA256
(RFC 5869) from what the custodians' components are together.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field, ValidationError

from ssn_card.keys.check_value import KCV_LENGTH
from ssn_card.keys.errors import KeyExists, KeyringExists, UnknownKeyFile
from ssn_card.keys.files import reading, writing
from ssn_card.keys.provider import MAX_VERSION, MIN_VERSION
from ssn_card.keys.sealing import HEX, FileModel
from ssn_card.protocol.crypto import BLOCK, macs_equal
from ssn_card.protocol.labels import KeyLabel

from .components import MAX_CUSTODIANS, MIN_CUSTODIANS, Component
from .errors import BackupDamaged, WrongBackupKey
from .objects import Place

FORMAT: Final = "ssn-card-token-backup"
FORMAT_VERSION: Final = 1
_SALT, _KEY = 16, 32  #: bytes
_WRAPPED = BLOCK + 8  #: bytes of a wrapped master (RFC 3394)


class _Wrapped(FileModel):
    label: str
    version: int = Field(ge=MIN_VERSION, le=MAX_VERSION)
    kcv: str = Field(pattern=HEX, min_length=2 * KCV_LENGTH, max_length=2 * KCV_LENGTH)
    imported: bool  #: out of components, not made in the token
    wrapped: str = Field(pattern=HEX, min_length=2 * _WRAPPED, max_length=2 * _WRAPPED)


class _Contents(FileModel):
    format: Literal["ssn-card-token-backup"]
    version: Literal[1]
    set: str
    custodians: int = Field(ge=MIN_CUSTODIANS, le=MAX_CUSTODIANS)
    salt: str = Field(pattern=HEX, min_length=2 * _SALT, max_length=2 * _SALT)
    kcv: str = Field(pattern=HEX, min_length=2 * KCV_LENGTH, max_length=2 * KCV_LENGTH)
    keys: list[_Wrapped]


class _Whole(_Contents):
    seal: str


class Kept:
    """One master of a backup."""

    def __init__(self, kcv: bytes, wrapped: bytes, imported: bool) -> None:
        self.kcv = kcv
        self.wrapped = wrapped
        self.imported = imported


class Backup:
    """An open backup, its seal verified; every change is on the disk before it counts."""

    def __init__(self, path: Path, contents: _Contents, keys: dict[Place, Kept], key: Component) -> None:
        """For :meth:`create` and :meth:`open`."""
        self.path = path
        self._contents = contents
        self._keys = keys
        salt = bytes.fromhex(contents.salt)
        self.wrapping_key = _derived(key, salt, b"wrap")
        self._seal_key = _derived(key, salt, b"seal").value()

    @classmethod
    def create(cls, path: Path, set_name: str, custodians: int, key: Component) -> Backup:
        """A new one without masters. Raises ``KeyringExists``, ``KeyFileNotWritten``."""
        contents = _Contents(
            format=FORMAT, version=FORMAT_VERSION, set=set_name, custodians=custodians, salt=os.urandom(_SALT).hex(),
            kcv=key.kcv.hex(), keys=[],
        )  # fmt: skip
        backup = cls(path, contents, {}, key)
        if path.exists():
            raise KeyringExists(str(path))
        backup._save(new=True)
        return backup

    @classmethod
    def open(cls, path: Path, key: Component) -> Backup:
        """One that is there.

        Raises :class:`WrongBackupKey`, :class:`BackupDamaged`, ``UnknownKeyFile``, ``KeyringNotFound``; warns with
        ``ExposedKeyFileWarning``.
        """
        whole = _read(path)
        if not macs_equal(bytes.fromhex(whole.kcv), key.kcv):
            raise WrongBackupKey(str(path))
        contents = _Contents.model_construct(**{name: getattr(whole, name) for name in _Contents.model_fields})
        backup = cls(path, contents, {}, key)
        if not hmac.compare_digest(backup._seal(contents).encode(), whole.seal.encode()):
            raise BackupDamaged(f"{path}: seal")
        for number, one in enumerate(whole.keys):
            place = KeyLabel.named(one.label), one.version
            if place in backup._keys:
                raise BackupDamaged(f"{path}: keys[{number}]")
            backup._keys[place] = Kept(bytes.fromhex(one.kcv), bytes.fromhex(one.wrapped), one.imported)
        return backup

    @staticmethod
    def custodians_of(path: Path) -> int:
        """How many components its key has, as its head says; nothing of it is verified. Raises as :meth:`open`."""
        return _read(path).custodians

    @property
    def set_name(self) -> str:
        """Name of the set of masters."""
        return self._contents.set

    @property
    def custodians(self) -> int:
        """Holders of components."""
        return self._contents.custodians

    @property
    def kcv(self) -> bytes:
        """Check value of its key."""
        return bytes.fromhex(self._contents.kcv)

    @property
    def masters(self) -> dict[Place, Kept]:
        """What is in it."""
        return dict(self._keys)

    def add(self, place: Place, kept: Kept) -> None:
        """Write one more master. Raises ``KeyExists``, ``KeyFileNotWritten``."""
        if place in self._keys:
            raise KeyExists(*place, where=str(self.path))
        self._keys[place] = kept
        try:
            self._save(new=False)
        except BaseException:
            del self._keys[place]
            raise

    def digest(self) -> bytes:
        """SHA-256 of the file, for the record of the ceremony."""
        with reading(self.path) as stream:
            return hashlib.sha256(stream.read()).digest()

    def _save(self, *, new: bool) -> None:
        ordered = sorted(self._keys.items(), key=lambda item: (str(item[0][0]), item[0][1]))
        keys = [
            _Wrapped(
                label=str(label), version=version, kcv=kept.kcv.hex(), imported=kept.imported,
                wrapped=kept.wrapped.hex(),
            )
            for (label, version), kept in ordered
        ]  # fmt: skip
        contents = self._contents.model_copy(update={"keys": keys})
        raw = json.dumps({**contents.model_dump(), "seal": self._seal(contents)}, indent=2).encode() + b"\n"
        with writing(self.path, replace=not new) as stream:
            stream.write(raw)
        self._contents = contents

    def _seal(self, contents: _Contents) -> str:
        said = json.dumps(contents.model_dump(), sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(self._seal_key, said, hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return f"<Backup {self.path}: {len(self._keys)} masters>"


def _derived(key: Component, salt: bytes, use: bytes) -> Component:
    info = f"{FORMAT}/{FORMAT_VERSION} ".encode() + use
    return Component(HKDF(SHA256(), _KEY, salt, info).derive(key.value()))


def _read(path: Path) -> _Whole:
    with reading(path) as stream:
        raw = stream.read()
    try:
        document = json.loads(raw)
    except ValueError:
        document = None
    if not isinstance(document, dict) or (document.get("format"), document.get("version")) != (FORMAT, FORMAT_VERSION):
        raise UnknownKeyFile(f"{FORMAT} {FORMAT_VERSION}", str(path))
    try:
        whole = _Whole.model_validate(document)
        for one in whole.keys:
            KeyLabel.named(one.label)
    except ValidationError as error:
        raise BackupDamaged(f"{path}: " + ".".join(map(str, error.errors()[0]["loc"]))) from None
    except ValueError:
        raise BackupDamaged(f"{path}: label") from None
    return whole
