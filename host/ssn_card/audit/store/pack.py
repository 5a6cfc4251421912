# SPDX-License-Identifier: Apache-2.0
"""PackStage: receipts from anywhere into a store, so that the next verification reads them in order.

New files first, under names of their own; then the manifest, whole or not at all; then what it no longer names is
removed. Whoever is interrupted leaves the store that was, or the one that was to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.sources import Sources

from ..sorter import Sorter
from ..spill import SLOTS, Spill
from .form import write_rows
from .intake import Intake
from .manifest import Manifest, Packed, StoreFile, read_manifest, write_manifest
from .owning import owned, publish, tidy
from .reading import Store
from .remarks import Remarks

BUCKET = 250_000  #: rows that a partition is meant to hold
_OVERFULL = 4  #: times as many, on average, from which there must be more partitions
_SORTED = 48 << 20  #: bytes of a partition that are sorted at once


class PackStage(Enum):
    """What is being done; the value is its text in English and Indonesian."""

    READ = Text("Reading", "Membaca")
    WRITE = Text("Writing the store", "Menulis gudang")


#: Called with the stage, how far it is, and how far it goes, if that is known: bytes of reading, else rows.
Progress = Callable[[PackStage, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What packing came to.

    ``packed``: the new sources; ``known``: names of those whose content the store had already; ``rows``: receipts in
    the store now; ``partitions``: how many there are.
    """

    packed: tuple[Packed, ...]
    known: tuple[str, ...]
    rows: int
    partitions: int


def _silent(stage: PackStage, done: int, of: int | None) -> None:
    """For those who want no progress."""


def pack(sources: Sources, folder: Path, progress: Progress = _silent) -> Result:
    """Pack receipts into a store, which need not exist.

    A source whose content is in the store is not packed again, whatever its name.

    Args:
        sources: files and pipes.
        folder: of the store; new or empty, if there is none.
        progress: told of how far it is.

    Raises:
        ReceiptsUnreadable: a source cannot be read.
        NoReceipts: there is no line in any of them.
        NotAStore: the folder holds something else.
        StoreDamaged: what the store holds cannot be read.
        StoreBusy: another process is packing into it.
        StoreUnwritable: it cannot be written.
        NoRoom: no space for temporary files.

        After any of them the store is as it was.
    """
    with owned(folder), Spill() as spill:
        manifest = read_manifest(folder)
        tidy(folder, manifest)
        store = Store(folder, manifest)
        with Remarks(store) as remarks:
            intake = Intake(manifest, spill, remarks)
            intake.take(sources, lambda done, of: progress(PackStage.READ, done, of))
            if intake.packed:
                if not any(one.rows or one.unreadable for one in intake.packed):
                    raise NoReceipts(", ".join(one.name for one in intake.packed))
                new = _Rewriting(store, spill, progress).run()
                new = replace(new, sources=(*manifest.sources, *intake.packed), remarks=remarks.finish())
                publish(folder, new)
                write_manifest(folder, new)
                manifest = new
        tidy(folder, manifest)
    return Result(tuple(intake.packed), tuple(intake.known), manifest.rows, len(manifest.parts))


class _Rewriting:
    """Writes drafts of the partitions that change."""

    def __init__(self, store: Store, spill: Spill, progress: Progress) -> None:
        self._store, self._spill, self._progress = store, spill, progress
        self._of = store.rows + spill.count
        self._done = 0

    def run(self) -> Manifest:
        """The partitions' part of the new manifest."""
        buckets = self._buckets()
        old = {part.part.bucket: part for part in self._store.partitions}
        if buckets != self._store.manifest.buckets:
            for partition in old.values():
                for held in partition.held():
                    self._spill.add(held.rows(), held.texts)
            old = {}
        parts: list[StoreFile] = []
        for bucket in range(buckets):
            before, new = old.get(bucket), self._spill.part(bucket, buckets, _SORTED)
            first = next(new, None)
            if first is None:
                if before is not None:
                    parts.append(before.part)
                    self._tell(before.rows)
                continue
            with Sorter(_SORTED) as sorter:
                for held in chain(() if before is None else before.held(), (first,), new):  # as they came
                    sorter.add(held)
                part = write_rows(self._store.folder, bucket, sorter.sorted())
            parts += [] if part is None else [part]
            self._tell(sorter.count)
        return Manifest(buckets, parts=tuple(parts))

    def _tell(self, rows: int) -> None:
        self._done += rows
        self._progress(PackStage.WRITE, self._done, self._of)

    def _buckets(self) -> int:
        """A power of two; another than before only where the partitions would become too large."""
        before = self._store.manifest.buckets
        if self._store.rows and self._of <= _OVERFULL * BUCKET * before:
            return before
        wanted = -(-self._of // BUCKET)
        return min(1 << max(wanted - 1, 0).bit_length(), SLOTS)
