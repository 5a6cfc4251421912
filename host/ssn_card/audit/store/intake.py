# SPDX-License-Identifier: Apache-2.0
"""Sources on their way into a store: each is known by its hash, and every line of it is counted."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.receipts.errors import NoRoom, ReceiptsUnreadable
from ssn_card.receipts.sources import Source, Sources

from ..sources.lines import CHUNK
from ..sources.reading import opened, read_open
from ..spill import Spill
from .manifest import Manifest, Packed
from .remarks import Remarks

_CHANGED = Text("it has changed while it was read", "berkas berubah selagi dibaca")
_STORE = Text("a store is not packed into another; name its sources", "gudang tidak dikemas ke gudang lain")

#: Called with bytes read, and how many there are.
_Told = Callable[[int, int | None], None]


class Intake:
    """Takes sources into a spill, and what was said of them into remarks.

    ``packed``: those that are new; ``known``: names of those whose content is there already.
    """

    def __init__(self, manifest: Manifest, spill: Spill, remarks: Remarks) -> None:
        self._spill, self._remarks = spill, remarks
        self._hashes = {source.sha256 for source in manifest.sources}
        self._next = len(manifest.sources)
        self.packed: list[Packed] = []
        self.known: list[str] = []

    def take(self, sources: Sources, told: _Told) -> None:
        """All of them. Raises :class:`ReceiptsUnreadable`, :class:`NoRoom`, ``OSError`` of the remarks."""
        done = 0

        def advance(size: int) -> None:
            nonlocal done
            done += size
            told(done, sources.size)

        for source in sources.files:
            with _at_rest(source) as file:
                before = _state(file)
                sha256 = _sha256(file)
                if sha256 in self._hashes:
                    self.known.append(source.name)
                    advance(before[0])
                    continue
                file.seek(0)
                self._take(source, file, before[0], sha256, advance)
                if _state(file) != before:
                    raise ReceiptsUnreadable(source.name, _CHANGED)

    def _take(self, source: Source, file: IO[bytes], size: int, sha256: str, advance: Callable[[int], None]) -> None:
        number, rows, unreadable = self._next, 0, 0
        for batch in read_open(Source(source.path, size), number, file, advance):
            rows += len(batch.rows.line)
            unreadable += len(batch.unreadable)
            self._spill.add(batch.rows, batch.baskets)
            self._remarks.add(number, (*batch.unreadable, *batch.others))
        self._hashes.add(sha256)
        self._next += 1
        self.packed.append(Packed(source.name, sha256, size, rows, unreadable))


@contextmanager
def _at_rest(source: Source) -> Iterator[IO[bytes]]:
    """An open file that can be read twice; of a pipe, a copy."""
    with opened(source.path) as file:
        kind = os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(kind):
            yield file
        elif stat.S_ISDIR(kind):
            raise ReceiptsUnreadable(source.name, _STORE)
        else:
            with _copy(file) as copy:
                yield copy


@contextmanager
def _copy(file: IO[bytes]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as copy:
        try:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
        except OSError as error:
            raise NoRoom(system_reason(error)) from None
        yield copy


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _state(file: IO[bytes]) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
