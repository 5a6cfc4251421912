# SPDX-License-Identifier: Apache-2.0
"""Receipt keys of listed cards, for auditors: they verify the receipts of these cards and of no other.

The file is JSON Lines, so that hundreds of thousands of cards stream through it: a head, one line a key, and a last
line with the count and a seal over all bytes before it. Each key is decrypted when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.labels import KeyLabel

from .bulk import SERIAL_LENGTH, KeyBlock
from .errors import CardKeyMissing, KeyMissing, ProviderClosed, UnknownKeyFile
from .files import reading, writing
from .passwords import new_password_bytes, password_bytes
from .provider import MAX_VERSION, MIN_VERSION, KeyProvider, check_serial, key_name
from .sealing import HEX, FileModel, ScryptParameters, Sealer, damaged, seals_match

FORMAT: Final = "ssn-card-receipt-keys"
FORMAT_VERSION: Final = 1


class _Kind(FileModel):
    model_config = ConfigDict(extra="ignore")

    format: Literal["ssn-card-receipt-keys"]
    version: Literal[1]


class _Head(FileModel):
    format: Literal["ssn-card-receipt-keys"]
    version: Literal[1]
    kdf: ScryptParameters
    check: str


class _Line(FileModel):
    serial: str = Field(pattern=HEX, min_length=2 * SERIAL_LENGTH, max_length=2 * SERIAL_LENGTH)
    version: int = Field(ge=MIN_VERSION, le=MAX_VERSION)
    sealed: str = Field(pattern=HEX)


class _Tail(FileModel):
    count: int
    seal: str


_Part = TypeVar("_Part", bound=FileModel)


def export_receipt_keys(
    provider: KeyProvider, serials: Iterable[bytes], versions: Iterable[int], path: str | Path, password: str
) -> int:
    """Write the RECEIPT keys of these cards (8-byte serials) in these versions; returns the number of keys.

    A serial given twice is written once. Nothing is left behind on an error: ``KeyMissing``, ``KeyringExists``,
    ``KeyFileNotWritten``, ``PasswordMissing``, ``PasswordWeak``, ``InputError`` for a bad serial.
    """
    path = Path(path)
    sealer = Sealer(new_password_bytes(password, str(path)), ScryptParameters.fresh())
    wanted = sorted(set(versions))
    seen: set[bytes] = set()
    count = 0
    seal = sealer.new_seal()
    with writing(path, replace=False) as stream:

        def put(part: FileModel) -> None:
            line = part.model_dump_json().encode() + b"\n"
            seal.update(line)
            stream.write(line)

        put(_Head(format=FORMAT, version=FORMAT_VERSION, kdf=sealer.parameters, check=sealer.check_word()))
        for given in serials:
            check_serial(given)
            serial = bytes(given)
            if serial in seen:
                continue
            seen.add(serial)
            for version in wanted:
                key = provider.diversify(KeyLabel.RECEIPT, version, serial)
                put(_Line(serial=serial.hex(), version=version, sealed=sealer.encrypt(key, _place(serial, version))))
                count += 1
        stream.write(_Tail(count=count, seal=seal.hexdigest()).model_dump_json().encode() + b"\n")
    return count


class CardKeyFile(KeyProvider):
    """Answers RECEIPT for the cards of one file, and nothing else."""

    def __init__(self, path: Path, sealer: Sealer, sealed: dict[bytes, bytes]) -> None:
        """For :meth:`open`. ``sealed``: serial | version -> encrypted key."""
        self.path = path
        self._sealer: Sealer | None = sealer
        self._sealed = sealed

    @classmethod
    def open(cls, path: str | Path, password: str | None = None) -> CardKeyFile:
        """Open a file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

        Raises ``WrongPassword``, ``KeyringDamaged`` (with the line), ``UnknownKeyFile``, ``KeyringNotFound``,
        ``PasswordMissing``; warns with ``ExposedKeyFileWarning``.
        """
        path = Path(path)
        secret = password_bytes(password, str(path))
        with reading(path) as stream:
            return cls._read(stream, path, secret)

    def serials(self) -> Iterator[bytes]:
        """Every card listed, in ascending order."""
        self._living()
        return iter(sorted({place[:SERIAL_LENGTH] for place in self._sealed}))

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        sealer = self._living()
        if label is not KeyLabel.RECEIPT:
            raise KeyMissing(label, version, where=str(self.path))
        sealed = self._sealed.get(_index(serial, version))
        if sealed is None:
            raise CardKeyMissing(label, version, str(self.path), serial)
        name = key_name(label, version, serial)
        return sealer.decrypt(sealed, _place(serial, version), name, f"{self.path}: {name}")

    def _diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        sealer = self._living()
        sealed = self._sealed if label is KeyLabel.RECEIPT else {}
        name, mark = key_name(label, version), bytes([version])
        values, missing = bytearray(), bytearray()
        for at in range(0, len(serials), SERIAL_LENGTH):
            serial = serials[at : at + SERIAL_LENGTH]
            held = sealed.get(serial + mark)
            missing.append(held is None)
            if held is None:
                values += bytes(BLOCK)
            else:
                where = f"{self.path}: {name} of {serial.hex().upper()}"
                values += sealer.decrypt(held, _place(serial, version), name, where).value()
        return KeyBlock(bytes(values), bytes(missing), name)

    def labels(self) -> frozenset[KeyLabel]:
        """RECEIPT, or nothing for an empty file."""
        self._living()
        return frozenset({KeyLabel.RECEIPT}) if self._sealed else frozenset()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions of which at least one card's key is listed."""
        self._living()
        return tuple(sorted({place[-1] for place in self._sealed})) if label is KeyLabel.RECEIPT else ()

    def close(self) -> None:
        """Drop the keys."""
        self._sealer = None
        self._sealed = {}

    def __repr__(self) -> str:
        state = "closed" if self._sealer is None else f"{len(self._sealed)} RECEIPT keys"
        return f"<CardKeyFile {self.path}: {state}>"

    def _living(self) -> Sealer:
        if self._sealer is None:
            raise ProviderClosed(str(self.path))
        return self._sealer

    @classmethod
    def _read(cls, stream: BinaryIO, path: Path, password: bytes) -> CardKeyFile:
        """One pass; each line is held back until it is known not to be the last."""
        first = stream.readline()
        if _parsed(_Kind, first) is None:
            raise UnknownKeyFile(f"{FORMAT} {FORMAT_VERSION}", str(path))
        head = _part(_Head, first, f"{path}:1")
        sealer = Sealer(password, head.kdf)
        sealer.verify_password(head.check, str(path))
        seal = sealer.new_seal()
        seal.update(first)
        sealed: dict[bytes, bytes] = {}
        number, held = 2, stream.readline()
        while following := stream.readline():
            where = f"{path}:{number}"
            line = _part(_Line, held, where)
            serial = bytes.fromhex(line.serial)
            place = _index(serial, line.version)
            if place in sealed:
                raise damaged(where)
            sealed[place] = bytes.fromhex(line.sealed)
            seal.update(held)
            number, held = number + 1, following
        tail = _part(_Tail, held, f"{path}:{number}")
        if tail.count != len(sealed) or not seals_match(seal, tail.seal):
            _point_at_damage(sealer, sealed, path)
            raise damaged(f"{path}:{number}")
        return cls(path, sealer, sealed)


def _point_at_damage(sealer: Sealer, sealed: dict[bytes, bytes], path: Path) -> None:
    """Raise at the first line whose key does not decrypt, if there is one; keys stand in the order of their lines."""
    for number, (place, value) in enumerate(sealed.items(), start=2):
        serial, version = place[:SERIAL_LENGTH], place[-1]
        where = f"{path}:{number}"
        sealer.decrypt(value, _place(serial, version), key_name(KeyLabel.RECEIPT, version, serial), where)


def _index(serial: bytes, version: int) -> bytes:
    return serial + bytes([version])


def _place(serial: bytes, version: int) -> bytes:
    """Associated data of a line: format, label, version and serial."""
    return f"{FORMAT}/{FORMAT_VERSION}|{KeyLabel.RECEIPT}|{version}|{serial.hex()}".encode()


def _parsed(kind: type[_Part], line: bytes) -> _Part | None:
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        return None


def _part(kind: type[_Part], line: bytes, where: str) -> _Part:
    part = _parsed(kind, line)
    if part is None:
        raise damaged(where)
    return part
