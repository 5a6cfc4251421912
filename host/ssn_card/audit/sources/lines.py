# SPDX-License-Identifier: Apache-2.0
"""Physical lines of files and pipes, many at once: as :mod:`ssn_card.receipts.sources` counts and bounds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.receipts.sources import LONGEST, Advance

from ..rows import BATCH

CHUNK = 1 << 21  #: bytes that are read at once
_NEWLINE = ord("\n")


class Lines(NamedTuple):
    """Whole lines. ``starts`` and ``ends``: where each begins, and where its end with the newline is; line ``k`` has
    the number ``first + k``. ``too_long``: the one line that is here is longer than any may be, and cut off."""

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    first: int
    too_long: bool = False

    def text(self, line: int) -> bytes:
        """A line with its end."""
        return self.data[self.starts[line] : self.ends[line]]

    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the lines."""
        return np.arange(self.first, self.first + len(self.starts), dtype=np.int64)


def lines_of(head: bytes, file: IO[bytes], advance: Advance | None = None) -> Iterator[Lines]:
    """All lines of a file of which ``head`` has been read, at most :data:`BATCH` at once. Raises ``OSError``."""
    pieces = _pieces(head, file, advance)
    number, rest, piece = 1, b"", next(pieces, b"")
    while piece:
        data = rest + piece
        cut = data.rfind(b"\n") + 1
        for lines in _split(data[:cut], number):
            yield lines
            number += len(lines.starts)
        rest = data[cut:]
        if len(rest) < LONGEST:
            piece = next(pieces, b"")
        else:
            yield _cut_off(number)
            number, rest, piece = number + 1, b"", _behind_the_line(pieces)
    yield from _split(rest, number)


def _pieces(head: bytes, file: IO[bytes], advance: Advance | None) -> Iterator[bytes]:
    piece = head
    while piece:
        if advance is not None:
            advance(len(piece))
        yield piece
        piece = file.read(CHUNK)


def _split(data: bytes, first: int) -> Iterator[Lines]:
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE) + 1
    if data and (not len(ends) or ends[-1] != len(data)):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    for begin in range(0, len(ends), BATCH):
        yield from _without_long(data, starts[begin : begin + BATCH], ends[begin : begin + BATCH], first + begin)


def _without_long(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], first: int) -> Iterator[Lines]:
    """Lines that are whole in what was read may be too long all the same; each of these by itself."""
    begin = 0
    for long in np.flatnonzero(ends - starts > LONGEST).tolist():
        if long > begin:
            yield Lines(data, starts[begin:long], ends[begin:long], first + begin)
        yield _cut_off(first + long)
        begin = long + 1
    if begin < len(ends):
        yield Lines(data, starts[begin:], ends[begin:], first + begin)


def _cut_off(number: int) -> Lines:
    nothing = np.zeros(1, np.int64)
    return Lines(b"", nothing, nothing, number, too_long=True)


def _behind_the_line(pieces: Iterator[bytes]) -> bytes:
    """What follows the end of a line, of which no more is held than was read at once."""
    for piece in pieces:
        end = piece.find(b"\n") + 1
        if end:
            return piece[end:] or next(pieces, b"")
    return b""
