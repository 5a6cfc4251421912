# SPDX-License-Identifier: Apache-2.0
"""Keys of listed cards and no master: receipt keys for auditors, transport keys for the maker of a batch.

The file is JSON Lines, so that hundreds of thousands of cards stream through it: a head, one line a key, and a last
line with the count and a seal over all bytes before it. It is sealed under a password, or to the public key of whoever
is to open it. Each key is decrypted when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, Literal, TypeAlias, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import ConfigDict, Field, ValidationError

from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.labels import KeyLabel

from .bulk import SERIAL_LENGTH, KeyBlock
from .errors import CardKeyMissing, KeyMissing, PasswordMissing, ProviderClosed, SealedToAnother, UnknownKeyFile
from .files import reading, writing
from .passwords import new_password_bytes, password_bytes
from .provider import MAX_VERSION, MIN_VERSION, KeyProvider, check_serial, key_name
from .recipients import X25519Parameters, opened_by, sealed_to
from .sealing import HEX, FileModel, ScryptParameters, Sealer, damaged, password_sealer, seals_match

FORMAT: Final = "ssn-card-keys-of-cards"
FORMAT_VERSION: Final = 1
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
AnySealer: TypeAlias = Sealer[Any]


class _Kind(FileModel):
    model_config = ConfigDict(extra="ignore")

    format: Literal["ssn-card-keys-of-cards"]
    version: Literal[1]


class _Head(FileModel):
    format: Literal["ssn-card-keys-of-cards"]
    version: Literal[1]
    kdf: Annotated[ScryptParameters | X25519Parameters, Field(discriminator="name")]
    check: str
    since: str | None = Field(pattern=_DAY)
    until: str | None = Field(pattern=_DAY)


class _Line(FileModel):
    serial: str = Field(pattern=HEX, min_length=2 * SERIAL_LENGTH, max_length=2 * SERIAL_LENGTH)
    label: str
    version: int = Field(ge=MIN_VERSION, le=MAX_VERSION)
    sealed: str = Field(pattern=HEX)


class _Tail(FileModel):
    count: int
    seal: str


_Part = TypeVar("_Part", bound=FileModel)


def export_receipt_keys(
    provider: KeyProvider,
    serials: Iterable[bytes],
    versions: Iterable[int],
    path: str | Path,
    seal: str | X25519PublicKey,
    period: tuple[date | None, date | None] = (None, None),
) -> int:
    """Write the RECEIPT keys of these cards, as :func:`export_card_keys`."""
    return export_card_keys(provider, (KeyLabel.RECEIPT,), serials, versions, path, seal, period)


def export_card_keys(
    provider: KeyProvider,
    labels: Iterable[KeyLabel],
    serials: Iterable[bytes],
    versions: Iterable[int],
    path: str | Path,
    seal: str | X25519PublicKey,
    period: tuple[date | None, date | None] = (None, None),
) -> int:
    """Write the keys of these cards (8-byte serials) in these versions; returns the number of keys.

    A serial given twice is written once. Nothing is left behind on an error.

    Args:
        provider: where the keys are derived.
        labels: their purposes.
        serials: the cards.
        versions: of each key.
        path: a new file.
        seal: a password, or the public key of whoever is to open the file.
        period: first and last day that the keys are given for; stated under the seal, and no limit to what they verify.

    Raises:
        KeyMissing, KeyringExists, KeyFileNotWritten, PasswordMissing, PasswordWeak, UnknownKeyFile
        InputError: a bad serial.
    """
    path = Path(path)
    sealer = _new_sealer(seal, str(path))
    purposes, wanted = tuple(labels), sorted(set(versions))
    seen: set[bytes] = set()
    count = 0
    running = sealer.new_seal()
    since, until = (None if day is None else day.isoformat() for day in period)
    with writing(path, replace=False) as stream:

        def put(part: FileModel) -> None:
            line = part.model_dump_json().encode() + b"\n"
            running.update(line)
            stream.write(line)

        put(
            _Head(
                format=FORMAT, version=FORMAT_VERSION, kdf=sealer.parameters, check=sealer.check_word(), since=since,
                until=until,
            )
        )  # fmt: skip
        for given in serials:
            check_serial(given)
            serial = bytes(given)
            if serial in seen:
                continue
            seen.add(serial)
            for label, version in ((label, version) for label in purposes for version in wanted):
                key = provider.diversify(label, version, serial)
                sealed = sealer.encrypt(key, _place(label, version, serial))
                put(_Line(serial=serial.hex(), label=str(label), version=version, sealed=sealed))
                count += 1
        stream.write(_Tail(count=count, seal=running.hexdigest()).model_dump_json().encode() + b"\n")
    return count


class CardKeyFile(KeyProvider):
    """Answers for the keys of one file, and nothing else."""

    def __init__(self, path: Path, sealer: AnySealer, sealed: dict[bytes, bytes], head: _Head) -> None:
        """For :meth:`open`. ``sealed``: serial | version | label -> encrypted key."""
        self.path = path
        self.since = None if head.since is None else date.fromisoformat(head.since)  #: first day it was given for
        self.until = None if head.until is None else date.fromisoformat(head.until)
        self._sealer: AnySealer | None = sealer
        self._sealed = sealed
        held = sorted({place[SERIAL_LENGTH:] for place in sealed})
        self._versions: dict[KeyLabel, tuple[int, ...]] = {}
        for mark in held:
            label = KeyLabel(mark[1:])
            self._versions[label] = (*self._versions.get(label, ()), mark[0])

    @classmethod
    def open(cls, path: str | Path, secret: str | X25519PrivateKey | None = None) -> CardKeyFile:
        """Open a file.

        Args:
            path: the file.
            secret: its password, which falls back to ``SSN_KEYRING_PASSWORD``; or the private key whose public key it
                is sealed to.

        Raises:
            WrongPassword, KeyringNotFound, PasswordMissing, UnknownKeyFile
            SealedToAnother: this private key does not open it, or a password was given and a private key is needed.
            KeyringDamaged: with the line.
        """
        path = Path(path)
        with reading(path) as stream:
            return cls._read(stream, path, secret)

    @staticmethod
    def is_sealed_to_a_key(path: Path) -> bool:
        """Whether a private key opens it, as its head says, and no password. Raises as :meth:`open`."""
        with reading(path) as stream:
            return isinstance(_head(stream.readline(), path).kdf, X25519Parameters)

    def serials(self) -> Iterator[bytes]:
        """Every card listed, in ascending order."""
        self._living()
        return iter(sorted({place[:SERIAL_LENGTH] for place in self._sealed}))

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        sealer = self._living()
        sealed = self._sealed.get(_index(label, version, serial))
        if sealed is None:
            if label not in self._versions:
                raise KeyMissing(label, version, where=str(self.path))
            raise CardKeyMissing(label, version, str(self.path), serial)
        name = key_name(label, version, serial)
        return sealer.decrypt(sealed, _place(label, version, serial), name, f"{self.path}: {name}")

    def _diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        sealer = self._living()
        name, mark = key_name(label, version), _index(label, version, b"")
        values, missing = bytearray(), bytearray()
        for at in range(0, len(serials), SERIAL_LENGTH):
            serial = serials[at : at + SERIAL_LENGTH]
            held = self._sealed.get(serial + mark)
            missing.append(held is None)
            if held is None:
                values += bytes(BLOCK)
            else:
                where = f"{self.path}: {name} of {serial.hex().upper()}"
                values += sealer.decrypt(held, _place(label, version, serial), name, where).value()
        return KeyBlock(bytes(values), bytes(missing), name)

    def labels(self) -> frozenset[KeyLabel]:
        """Labels of which at least one card's key is listed."""
        self._living()
        return frozenset(self._versions)

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions of which at least one card's key is listed."""
        self._living()
        return self._versions.get(label, ())

    def close(self) -> None:
        """Drop the keys."""
        self._sealer = None
        self._sealed, self._versions = {}, {}

    def __repr__(self) -> str:
        state = "closed" if self._sealer is None else f"{len(self._sealed)} keys of cards"
        return f"<CardKeyFile {self.path}: {state}>"

    def _living(self) -> AnySealer:
        if self._sealer is None:
            raise ProviderClosed(str(self.path))
        return self._sealer

    @classmethod
    def _read(cls, stream: BinaryIO, path: Path, secret: str | X25519PrivateKey | None) -> CardKeyFile:
        """One pass; each line is held back until it is known not to be the last."""
        first = stream.readline()
        head = _head(first, path)
        sealer = _opened_sealer(head, secret, str(path))
        seal = sealer.new_seal()
        seal.update(first)
        sealed: dict[bytes, bytes] = {}
        number, held = 2, stream.readline()
        while following := stream.readline():
            where = f"{path}:{number}"
            line = _part(_Line, held, where)
            place = _index(_label(line.label, where), line.version, bytes.fromhex(line.serial))
            if place in sealed:
                raise damaged(where)
            sealed[place] = bytes.fromhex(line.sealed)
            seal.update(held)
            number, held = number + 1, following
        tail = _part(_Tail, held, f"{path}:{number}")
        if tail.count != len(sealed) or not seals_match(seal, tail.seal):
            _point_at_damage(sealer, sealed, path)
            raise damaged(f"{path}:{number}")
        return cls(path, sealer, sealed, head)


def _new_sealer(seal: str | X25519PublicKey, where: str) -> AnySealer:
    if isinstance(seal, X25519PublicKey):
        return sealed_to(seal, where)
    return password_sealer(new_password_bytes(seal, where), ScryptParameters.fresh())


def _opened_sealer(head: _Head, secret: str | X25519PrivateKey | None, where: str) -> AnySealer:
    if isinstance(head.kdf, X25519Parameters):
        if not isinstance(secret, X25519PrivateKey):
            raise SealedToAnother(where)
        return opened_by(secret, head.kdf, where)
    if isinstance(secret, X25519PrivateKey):
        raise PasswordMissing(where)
    sealer = password_sealer(password_bytes(secret, where), head.kdf)
    sealer.verify_password(head.check, where)
    return sealer


def _head(line: bytes, path: Path) -> _Head:
    if _parsed(_Kind, line) is None:
        raise UnknownKeyFile(f"{FORMAT} {FORMAT_VERSION}", str(path))
    return _part(_Head, line, f"{path}:1")


def _label(name: str, where: str) -> KeyLabel:
    try:
        return KeyLabel.named(name)
    except ValueError:
        raise damaged(where) from None


def _point_at_damage(sealer: AnySealer, sealed: dict[bytes, bytes], path: Path) -> None:
    """Raise at the first line whose key does not decrypt, if there is one; keys stand in the order of their lines."""
    for number, (place, value) in enumerate(sealed.items(), start=2):
        serial, version, label = place[:SERIAL_LENGTH], place[SERIAL_LENGTH], KeyLabel(place[SERIAL_LENGTH + 1 :])
        where = f"{path}:{number}"
        sealer.decrypt(value, _place(label, version, serial), key_name(label, version, serial), where)


def _index(label: KeyLabel, version: int, serial: bytes) -> bytes:
    return serial + bytes([version]) + label.value


def _place(label: KeyLabel, version: int, serial: bytes) -> bytes:
    """Associated data of a line: format, label, version and serial."""
    return f"{FORMAT}/{FORMAT_VERSION}|{label}|{version}|{serial.hex()}".encode()


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
