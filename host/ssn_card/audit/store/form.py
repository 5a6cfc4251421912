# SPDX-License-Identifier: Apache-2.0
"""The form of a store's files (docs/data-store.md): their columns, how each is kept, and how they are written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from inspect import signature
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..columns import BY_NAME, STORED, numbered, schema_of, typed
from ..records import Held, serials_of, whole_cards
from ..rows import BATCH, SIZE
from ..sources.packed import MANIFEST
from .manifest import StoreFile

_RECEIPTS, _REMARKS = "receipts", "remarks"
_DRAFT = ".draft"
ROWS = pa.schema(
    [
        pa.field("receipt", pa.binary(SIZE), nullable=False),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("goods", pa.uint8(), nullable=False),
        pa.field("basket", pa.string()),
        *schema_of(STORED),
    ]
)
REMARKS = pa.schema(
    [
        pa.field("problem", pa.string(), nullable=False),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        ("field", pa.string()),
        ("serial", pa.binary(8)),
        ("seq", pa.uint32()),
    ]
)
_PAGE = BATCH * SIZE + 1  #: bytes; the page of a row group's receipts is not cut
#: Not pressed, and each column of a row group in one page, so that all can be compared where they lie: LZ4 would take a
#: quarter off, and more time to read than everything else. The statistics stand apart from the pages.
_SETTINGS: dict[str, Any] = {
    "compression": {name: "LZ4" if name == "basket" else "NONE" for name in ROWS.names},
    "use_dictionary": ["serial", "basket"],
    "write_statistics": ["serial", "seq", "timestamp"],
    "write_page_index": True,
    "data_page_size": _PAGE,
    "write_batch_size": BATCH,
    **({"max_rows_per_page": BATCH} if "max_rows_per_page" in signature(pq.ParquetWriter).parameters else {}),
    "store_schema": False,  # for the numbers of texts are nobody's business
}
_SERIAL = ROWS.get_field_index("serial")
_OF_EACH = [column for column in STORED if column.name != "serial"]
#: :data:`ROWS` as Arrow is given it.
_WRITTEN = ROWS.set(_SERIAL, ROWS.field(_SERIAL).with_type(pa.dictionary(pa.int32(), pa.string())))


def folder_of(bucket: int) -> str:
    """Where a partition lies in its store: Hive's form, which DuckDB and Polars read."""
    return f"{_RECEIPTS}/bucket={bucket:04d}"


def folder_of_rows(folder: Path) -> Path:
    """Where a store's partitions lie."""
    return folder / _RECEIPTS


def draft_of(path: Path) -> Path:
    """Where a file is written before it has its name; a pattern such as ``*.parquet`` does not find it."""
    return path.with_name(_DRAFT)


def our_files(folder: Path) -> Iterator[Path]:
    """Files of a store, drafts and remains too, but for its manifest."""
    yield from folder.glob(f".{MANIFEST}.*")
    for pattern in (f"{_RECEIPTS}/bucket=*", _REMARKS):
        for place in folder.glob(pattern):
            yield from (path for path in place.iterdir() if path.suffix == ".parquet" or path.name == _DRAFT)


class Hashed:
    """A new file that takes its hash along. Raises ``OSError``."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._failed = False
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """As of any file. What follows a write that has failed goes nowhere: Arrow tries to write an end even then."""
        if self._failed:
            return len(data)
        try:
            self._file.write(data)
        except OSError:
            self._failed = True
            raise
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """As of any file."""
        self._file.flush()

    def close(self) -> None:
        """Complete, and on the disk."""
        if not self.closed:
            self.closed = True
            with self._file:
                self._file.flush()
                os.fsync(self._file.fileno())

    def drop(self) -> None:
        """It will not be complete, and nobody needs it."""
        self._failed = self.closed = True
        self._file.close()

    def sha256(self) -> str:
        """Of all that was written."""
        return self._hash.hexdigest()


def writer_of(file: Any) -> pq.ParquetWriter:
    """Of a partition's rows into an open file; each batch becomes a row group."""
    return pq.ParquetWriter(file, _WRITTEN, **_SETTINGS)


def write_rows(folder: Path, bucket: int, parts: Iterable[Held]) -> StoreFile | None:
    """Write sorted rows as the draft of a partition; ``None`` if there are none. Raises ``OSError``."""
    place = Path(folder_of(bucket))
    with ExitStack() as open_files:
        file: Hashed | None = None
        count = 0
        for batch in _batches(parts):
            if file is None:
                file = open_files.enter_context(closing(Hashed(draft_of(folder / place / "any"))))
                writer = open_files.enter_context(writer_of(file))
            writer.write_batch(batch)
            count += len(batch)
    if file is None:
        return None
    return StoreFile(f"{place}/{file.sha256()[:16]}.parquet", bucket, count, file.size, file.sha256())


def _batches(parts: Iterable[Held]) -> Iterator[pa.RecordBatch]:
    """Whole cards as far as they fit, so that no card need be put together again."""
    for held in parts:
        for first, end in whole_cards(serials_of(held.records["raw"]), BATCH):
            for begin in range(first, end, BATCH):
                yield batch_of(held.part(begin, min(begin + BATCH, end)))


def batch_of(held: Held) -> pa.RecordBatch:
    """Sorted rows as they are written."""
    rows = held.rows()
    count = len(rows.line)
    receipts = pa.Array.from_buffers(pa.binary(SIZE), count, [None, pa.py_buffer(rows.raw)])
    baskets = pa.nulls(count, pa.string()) if held.texts is None else _readable(held.texts)
    columns = [receipts, *map(pa.array, (rows.file, rows.line, rows.goods)), baskets, *typed(rows.raw, _OF_EACH)]
    columns.insert(_SERIAL, numbered(BY_NAME["serial"], rows.raw))
    return pa.RecordBatch.from_arrays(columns, schema=_WRITTEN)


def _readable(texts: pa.LargeBinaryArray) -> pa.StringArray:
    """Texts, of which those that are none were called unreadable already."""
    try:
        return texts.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([None if text is None else text.decode("utf-8", "replace") for text in texts.to_pylist()])
