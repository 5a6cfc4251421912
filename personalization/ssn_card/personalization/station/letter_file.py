# SPDX-License-Identifier: Apache-2.0
"""The file of PIN letters: what the station seals, and what the PIN custodian alone can open.

JSON Lines. Each run begins a part with a head, which holds the part's own public key (:mod:`ssn_card.keys.recipients`);
then follows a line a letter: the card's serial, and its PIN sealed for that serial and that journal. No other data of
anybody is in it. The station forgets the key of a part when the run ends, so that afterwards it cannot read it either.

A letter is on the disk, and the journal has its SHA-256, before the card gets the PIN: a card with a PIN that nobody
can tell cannot come to be. A line that the journal does not know is of no card, and never printed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import Field, ValidationError

from ssn_card.keys.files import reading
from ssn_card.keys.recipients import RecipientSealer, X25519Parameters, opened_by, sealed_to
from ssn_card.keys.sealing import HEX, FileModel
from ssn_card.personalization.card.pins import LENGTH, new_pin
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry
from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.system import system_reason

from .errors import LetterFileStrange, LettersNotWritten, LettersToAnother

FORMAT: Final = "ssn-card-pin-letters"
_HEAD = b'{"format":"ssn-card-pin-letters"'
_NAME = "PIN letter"


class _Head(FileModel):
    format: Literal["ssn-card-pin-letters"]
    version: Literal[1]
    kdf: X25519Parameters


class _Line(FileModel):
    serial: str = Field(pattern=HEX, min_length=16, max_length=16)
    sealed: str = Field(pattern=HEX)


class LetterFile(Closing):
    """A file of letters that a run adds to; a context manager. Any reader's thread may ask for a letter."""

    def __init__(self, path: Path, recipient: X25519PublicKey, journal: Journal) -> None:
        """Open the file or make it (mode 0600); cut off half a line that a crash left.

        Raises ``LettersNotWritten``, ``LetterFileStrange``, ``LettersToAnother``: it is sealed to another custodian.
        """
        self.path = path
        self._journal = journal
        self._lock = Lock()
        self._sealer = sealed_to(recipient, str(path))
        try:
            self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._failed(error) from error
        try:
            self._repair()
            self._append(_written(_Head(format=FORMAT, version=1, kdf=self._sealer.parameters)))
        except BaseException:
            os.close(self._file)
            raise

    def seal(self, entry: Entry) -> str:
        """A new PIN for the card that the journal has sent; its letter is on the disk. Raises ``LettersNotWritten``."""
        serial, pin = entry.serial or b"", new_pin()
        secret = SecretKey(pin.encode().ljust(BLOCK, b"\0"), _NAME)
        sealed = self._sealer.encrypt(secret, _place(self._journal.name, serial))
        line = _written(_Line(serial=serial.hex(), sealed=sealed))
        with self._lock:
            self._append(line)
        self._journal.letters.sealed(entry, _digest(line))
        return pin

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _repair(self) -> None:
        """Leave whole lines only, of a file that is ours and this custodian's."""
        good = 0
        try:
            with os.fdopen(os.dup(self._file), "rb") as stream:
                for number, raw in enumerate(stream, 1):
                    if not raw.endswith(b"\n"):
                        if good == 0 and raw[: len(_HEAD)] != _HEAD[: len(raw)]:
                            raise LetterFileStrange(f"{self.path}:1")
                        break
                    part = _parsed(raw, f"{self.path}:{number}")
                    if isinstance(part, _Head) and part.kdf.recipient != self._sealer.parameters.recipient:
                        raise LettersToAnother(f"{self.path}:{number}")
                    good += len(raw)
            os.ftruncate(self._file, good)
        except OSError as error:
            raise self._failed(error) from error

    def _append(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> LettersNotWritten:
        return LettersNotWritten(system_reason(error), str(self.path))


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """One line of a file of letters, as the custodian reads it."""

    serial: bytes
    sha256: bytes  #: by which the journal knows it
    _sealed: bytes
    _sealer: RecipientSealer
    _where: str

    def pin(self, journal: str) -> str:
        """The PIN, of a letter of the journal with this name. Raises ``KeyringDamaged``."""
        secret = self._sealer.decrypt(self._sealed, _place(journal, self.serial), _NAME, self._where)
        return secret.value()[:LENGTH].decode("ascii")


def read_letters(path: Path, key: X25519PrivateKey) -> Iterator[SealedLetter]:
    """All letters of a file; a last line that a crash cut is none.

    Raises ``LetterFileStrange``, ``SealedToAnother``, ``KeyringNotFound``; warns with ``ExposedKeyFileWarning``.
    """
    sealer: RecipientSealer | None = None
    with reading(path) as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.endswith(b"\n"):
                break
            where = f"{path}:{number}"
            part = _parsed(raw, where)
            if isinstance(part, _Head):
                sealer = opened_by(key, part.kdf, str(path))
            elif sealer is None:
                raise LetterFileStrange(where)
            else:
                yield SealedLetter(bytes.fromhex(part.serial), _digest(raw), bytes.fromhex(part.sealed), sealer, where)
    if sealer is None:
        raise LetterFileStrange(str(path))


def _parsed(raw: bytes, where: str) -> _Head | _Line:
    kind: type[_Head] | type[_Line] = _Head if raw.startswith(_HEAD) else _Line
    try:
        return kind.model_validate_json(raw)
    except ValidationError:
        raise LetterFileStrange(where) from None


def _written(part: FileModel) -> bytes:
    return part.model_dump_json().encode() + b"\n"


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()


def _place(journal: str, serial: bytes) -> bytes:
    """Associated data of a line."""
    return f"{FORMAT}/1|{journal}|{serial.hex()}".encode()
