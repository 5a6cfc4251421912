# SPDX-License-Identifier: Apache-2.0
"""A store read back: whole cards in order, partition by partition, some rows at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.findings import Finding, Problem

from ..cards import Giant, by_cards
from ..columns import STORED
from ..errors import StoreDamaged
from ..octets import octets_of
from ..records import RECORD, Held, fill, first_rows, serials_of
from ..rows import BATCH, SIZE, Raw, Rows
from ..sources.batch import Batch
from ..sources.parquet import DAMAGE
from ..sources.tables import disagreements
from ..spill import SLOTS, slots_of
from .form import REMARKS, ROWS
from .manifest import Manifest, Packed, StoreFile, read_manifest
from .plain import PlainFile

_PLAIN = ("receipt", "file", "line", "goods")
_CHANGED = Text("{file} is not the file that was packed", "{file} bukan berkas yang dikemas")


_DISORDER = Text("its cards are not in their order", "kartunya tidak urut")


class _Piece(NamedTuple):
    """Rows of a file, where each card's begin, and the arrays of some more columns of it."""

    rows: Rows
    cards: NDArray[np.intp]
    more: dict[str, pa.Array]


def _read(parquet: pq.ParquetFile, group: int, columns: Sequence[str]) -> Iterator[_Piece]:
    """A row group, by Arrow."""
    wanted = [*_PLAIN, *columns]
    for batch in parquet.iter_batches(BATCH, row_groups=[group], columns=wanted, use_threads=False):
        arrays = dict(zip(batch.schema.names, batch.columns, strict=True))
        raw = octets_of(arrays.pop("receipt"), SIZE).values
        place = (arrays.pop(name).to_numpy() for name in _PLAIN[1:])
        yield _Piece(Rows(raw, *place), first_rows(raw), arrays)


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: a file, and the names of the sources whose numbers its rows bear. Nothing is open until its rows
    are asked for, and any thread or process may ask."""

    folder: Path
    part: StoreFile
    names: tuple[str, ...]
    buckets: int

    @property
    def rows(self) -> int:
        """Rows in it."""
        return self.part.rows

    @property
    def path(self) -> Path:
        """Of its file."""
        return self.folder / self.part.path

    def batches(self, *, compare: bool = True) -> Iterator[Batch]:
        """Its rows in order, of any card at most :data:`BATCH` at once.

        Args:
            compare: tell where the typed columns do not say what the receipts say.

        Raises:
            StoreDamaged: it is missing, or is not what was packed, as far as that shows.
        """
        names = dict(enumerate(self.names))
        columns = [column.name for column in STORED] if compare else []
        for piece in self._pieces(columns, plain=True):
            others = list(disagreements(piece.rows, piece.more, names))
            yield Batch(piece.rows, (), others, cards=piece.cards)

    def cards(self, *, compare: bool = True) -> Iterator[Batch | Giant]:
        """:meth:`batches` of whole cards."""
        return by_cards(self.batches(compare=compare))

    def held(self) -> Iterator[Held]:
        """Its rows with the texts of their baskets. Raises as :meth:`batches`."""
        for piece in self._pieces(["basket"]):
            records = np.empty(len(piece.rows.line), RECORD)
            texts = piece.more["basket"].cast(pa.large_binary())
            fill(records, piece.rows, texts)
            yield Held(records, texts)

    def check(self) -> None:
        """Raises :class:`StoreDamaged` unless every byte is as it was packed."""
        check_part(self.folder, self.part)

    def _pieces(self, columns: Sequence[str], *, plain: bool = False) -> Iterator[_Piece]:
        """Rows with some more columns; ``plain``: without those where they say what the receipts say."""
        last = np.uint64(0)
        with (
            _readable(self.path),
            self.path.open("rb") as file,
            pq.ParquetFile(file, pre_buffer=False) as parquet,
        ):
            metadata = parquet.metadata
            groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
            fits = metadata.num_rows == self.part.rows and all(group.num_rows <= BATCH for group in groups)
            if not fits or not parquet.schema_arrow.equals(ROWS):
                raise StoreDamaged(str(self.path), _CHANGED.filled(file=self.path.name))
            where_it_lies = PlainFile(file) if plain else None
            for place, group in enumerate(groups):
                found = None if where_it_lies is None else where_it_lies.rows(group, compare=bool(columns))
                for piece in _read(parquet, place, columns) if found is None else (_Piece(*found, {}),):
                    last = self._checked(piece.rows.raw[piece.cards], last)
                    yield piece

    def _checked(self, raw: Raw, last: np.uint64) -> np.uint64:
        """The last serial, out of one receipt of each card. Cards that do not ascend, or belong to another partition,
        might stand here twice, unseen."""
        if not len(raw):
            return last
        serial = serials_of(raw)
        here = slots_of(serial).astype(np.int64) * self.buckets // SLOTS
        if serial[0] < last or (serial[1:] < serial[:-1]).any() or (here != self.part.bucket).any():
            raise StoreDamaged(str(self.path), _DISORDER)
        return np.uint64(serial[-1])


class Store:
    """A store as it was when it was opened.

    ``names``: of its sources, by the number that rows and findings bear; ``partitions``: those with rows.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self.names = tuple(source.name for source in manifest.sources)
        self.partitions = tuple(Partition(folder, part, self.names, manifest.buckets) for part in manifest.parts)

    @property
    def sources(self) -> tuple[Packed, ...]:
        """What was packed: ``rows`` and ``unreadable`` account for every line."""
        return self.manifest.sources

    @property
    def rows(self) -> int:
        """Receipts in it."""
        return self.manifest.rows

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(part.size for part in self.manifest.files())

    def remarks(self) -> Iterator[Finding]:
        """What was said of the sources when they were packed: lines that are no receipts, and columns that said
        something else. Raises :class:`StoreDamaged`."""
        for batch in self.remark_batches():
            for row in batch.to_pylist():
                problem, file = Problem[row["problem"]], self.names[row["file"]]
                yield Finding(problem, row["line"], row["field"], row["serial"], row["seq"], file=file)

    def remark_batches(self) -> Iterator[pa.RecordBatch]:
        """:meth:`remarks` as they lie there."""
        part = self.manifest.remarks
        if part is None:
            return
        path = self.folder / part.path
        with _readable(path), pq.ParquetFile(path, pre_buffer=False) as parquet:
            if not parquet.schema_arrow.equals(REMARKS) or parquet.metadata.num_rows != part.rows:
                raise StoreDamaged(str(path), _CHANGED.filled(file=path.name))
            yield from parquet.iter_batches(BATCH, use_threads=False)

    def check(self) -> None:
        """Raises :class:`StoreDamaged` unless every byte of every file is as it was packed."""
        for part in self.manifest.files():
            check_part(self.folder, part)


def open_store(folder: Path) -> Store:
    """A store that holds something.

    Raises:
        NotAStore: the folder is none.
        StoreDamaged: the manifest cannot be read, or a file is missing or of another size.
        NoReceipts: nothing was packed into it.
    """
    store = Store(folder, read_manifest(folder))
    for part in store.manifest.files():
        path = folder / part.path
        with _readable(path):
            if path.stat().st_size != part.size:
                raise StoreDamaged(str(path), _CHANGED.filled(file=path.name))
    if not store.sources:
        raise NoReceipts(str(folder))
    return store


def check_part(folder: Path, part: StoreFile) -> None:
    """Raises :class:`StoreDamaged` unless every byte of a file is as it was packed."""
    path = folder / part.path
    with _readable(path), path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise StoreDamaged(str(path), _CHANGED.filled(file=path.name))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = system_reason(error) if error.errno else _CHANGED.filled(file=path.name)
        raise StoreDamaged(str(path), why) from None
    except DAMAGE:
        raise StoreDamaged(str(path), _CHANGED.filled(file=path.name)) from None
