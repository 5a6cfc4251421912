# SPDX-License-Identifier: Apache-2.0
"""What was judged, told by its bytes: the hash and size of every file, and that it stayed as it was meanwhile."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..stamp import Stamp, stamp, stamp_of
from .errors import InputChanged, NotAttestable

#: Called with the bytes just read.
Advance = Callable[[int], None]

_PIECE = 1 << 20  #: bytes read at once
_NO_FILE = Text("it is no regular file", "bukan berkas biasa")


@dataclass(frozen=True, slots=True)
class Input:
    """A file that is judged, or by which others are.

    Args:
        kind: what it is: ``receipts``, ``store`` (its manifest, which has the hashes of its parts), ``tips``,
            ``issued``, ``blocked`` or ``undelivered``.
        path: its name, as it was given.
        sha256: of its bytes, hexadecimal.
        size: in bytes.
        stamp: by which the system tells it from another, or from itself before it was written to.
        rows: receipts or cards in it, readable or not, where that is known.
    """

    kind: str
    path: Path
    sha256: str
    size: int
    stamp: Stamp
    rows: int | None = None

    @classmethod
    def measured(cls, kind: str, path: Path, advance: Advance | None = None) -> Input:
        """The file as it is now: take it before the audit begins, and ask :func:`unchanged` when it is over.

        Raises :class:`NotAttestable`, :class:`InputChanged`.
        """
        try:
            # A pipe without a writer must not be waited for; of a regular file the flag means nothing.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0) as file:
                before = os.fstat(file.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise NotAttestable(_NO_FILE, str(path))
                digest = _digest(file, before.st_size, advance)
                if stamp(os.fstat(file.fileno())) != stamp(before):
                    raise InputChanged(str(path))
        except OSError as error:
            raise NotAttestable(system_reason(error), str(path)) from None
        return cls(kind, path, digest, before.st_size, stamp(before))

    def counted(self, rows: int | None) -> Input:
        """The same, with the number of its rows, which is known when they have been read, or never."""
        return dataclasses.replace(self, rows=rows)


def unchanged(inputs: Iterable[Input]) -> None:
    """Raises :class:`InputChanged` for the first that is not the file that was measured."""
    for one in inputs:
        if stamp_of(one.path) != one.stamp:
            raise InputChanged(str(one.path))


def _digest(file: RawIOBase, left: int, advance: Advance | None) -> str:
    """Of so many bytes: one that is written to all the time would have no end."""
    digest = hashlib.sha256()
    while piece := file.read(min(left, _PIECE)):
        digest.update(piece)
        left -= len(piece)
        if advance is not None:
            advance(len(piece))
    return digest.hexdigest()
