# SPDX-License-Identifier: Apache-2.0
"""A long text in an encrypted file, written and read in pieces, so that memory stays flat.

A first line in clear, then frames: length (4 bytes) | ciphertext | tag (16), AES-256-GCM over about 1 MiB of zlib
output each. The nonce is the frame's number (11 bytes) and whether it is the last (1), under a key of this file alone;
the first line's SHA-256 is associated data. So no frame can be changed, moved, dropped, repeated or added, nor the end
cut off, nor the first line changed (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FRAME: Final = 1 << 20  #: bytes of a frame, in clear
_LENGTH, _TAG, _COUNTER = 4, 16, 11  #: bytes


class StreamDamaged(ValueError):
    """Internal to the store: a frame is not as it was written."""


class SealingStream:
    """Takes lines; :meth:`finish` writes the last frame."""

    def __init__(self, file: BinaryIO, first_line: bytes, key: bytes) -> None:
        file.write(first_line + b"\n")
        self._file, self._aead = file, AESGCM(key)
        self._place = hashlib.sha256(first_line).digest()
        self._zlib = zlib.compressobj(1)
        self._waiting, self._frames = bytearray(), 0

    def write(self, line: bytes) -> None:
        """One line, without its end."""
        self._waiting += self._zlib.compress(line + b"\n")
        while len(self._waiting) > _FRAME:
            self._frame(bytes(self._waiting[:_FRAME]), last=False)
            del self._waiting[:_FRAME]

    def finish(self) -> None:
        """No more lines."""
        self._waiting += self._zlib.flush()
        while len(self._waiting) > _FRAME:
            self._frame(bytes(self._waiting[:_FRAME]), last=False)
            del self._waiting[:_FRAME]
        self._frame(bytes(self._waiting), last=True)

    def _frame(self, data: bytes, last: bool) -> None:
        sealed = self._aead.encrypt(_nonce(self._frames, last), data, self._place)
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._frames += 1


def opened_lines(file: BinaryIO, first_line: bytes, key: bytes) -> Iterator[bytes]:
    """The lines again; ``file`` stands behind the first one. Raises :class:`StreamDamaged`, perhaps at the end only."""
    unpacked = zlib.decompressobj()
    rest = b""
    for data in _frames(file, hashlib.sha256(first_line).digest(), AESGCM(key)):
        try:
            *lines, rest = (rest + unpacked.decompress(data)).split(b"\n")
        except zlib.error:
            raise StreamDamaged from None
        yield from lines
    if rest or not unpacked.eof or unpacked.unused_data:
        raise StreamDamaged


def _frames(file: BinaryIO, place: bytes, aead: AESGCM) -> Iterator[bytes]:
    number, following = 0, file.read(_LENGTH)
    while True:
        length = int.from_bytes(following, "big")
        if len(following) != _LENGTH or not _TAG <= length <= _FRAME + _TAG:
            raise StreamDamaged
        sealed, following = file.read(length), file.read(_LENGTH)
        try:
            yield aead.decrypt(_nonce(number, not following), sealed, place)
        except InvalidTag:
            raise StreamDamaged from None
        if not following:
            return
        number += 1


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(_COUNTER, "big") + bytes((last,))
