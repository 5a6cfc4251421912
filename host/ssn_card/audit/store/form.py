# SPDX-License-Identifier: Apache-2.0
"""The form of a store's files (docs/data-store.md): their columns, how each is kept, and how they are written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ssn_card.protocol.values import ReceiptType

from ..columns import COLUMNS, SCHEMA, typed
from ..records import Held
from ..rows import BATCH, SIZE
from .manifest import Part

_RECEIPTS, _REMARKS = "receipts", "remarks"
_DRAFT = ".draft"
ROWS = pa.schema(
    [
        pa.field("receipt", pa.binary(SIZE), nullable=False),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("goods", pa.uint8(), nullable=False),
        pa.field("basket", pa.string()),
        *SCHEMA,
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
#: Columns of bytes that look like chance: to press them costs time and saves nothing.
_BY_CHANCE = ("receipt", *(column.name for column in COLUMNS if pa.types.is_fixed_size_binary(column.type)))
#: Columns of few values, kept as numbers of them.
_FEW = (
    *("file", "goods", "basket", "type", "key_version", "serial", "update_seq", "month", "pin_state", "terminal_id"),
    *(column.name for column in COLUMNS if column.types == {ReceiptType.UPDATE} or column.name == "companion_id"),
)
_SETTINGS: dict[str, Any] = {
    "compression": {name: "NONE" if name in _BY_CHANCE else "ZSTD" for name in ROWS.names},
    "use_dictionary": list(_FEW),
    "write_statistics": ["serial", "seq", "timestamp"],
}


def folder_of(bucket: int) -> str:
    """Where a partition lies in its store: Hive's form, which DuckDB and Polars read."""
    return f"{_RECEIPTS}/bucket={bucket:04d}"


def draft_of(path: Path) -> Path:
    """Where a file is written before it has its name; a pattern such as ``*.parquet`` does not find it."""
    return path.with_name(_DRAFT)


def our_files(folder: Path) -> Iterator[Path]:
    """Files of a store, drafts and remains too, but for its manifest."""
    for pattern in (f"{_RECEIPTS}/bucket=*", _REMARKS):
        for place in folder.glob(pattern):
            yield from (path for path in place.iterdir() if path.suffix == ".parquet" or path.name == _DRAFT)


class Hashed:
    """A new file that takes its hash along. Raises ``OSError``."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """As of any file."""
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        """As of any file."""
        self._file.flush()

    def close(self) -> None:
        """Complete, and on the disk."""
        if not self.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self.closed = True

    def sha256(self) -> str:
        """Of all that was written."""
        return self._hash.hexdigest()


def write_rows(folder: Path, bucket: int, parts: Iterable[Held]) -> Part | None:
    """Write sorted rows as the draft of a partition; ``None`` if there are none. Raises ``OSError``."""
    place = Path(folder_of(bucket))
    with ExitStack() as open_files:
        file: Hashed | None = None
        count = 0
        for batch in _batches(parts):
            if file is None:
                file = open_files.enter_context(closing(Hashed(draft_of(folder / place / "any"))))
                writer = open_files.enter_context(pq.ParquetWriter(file, ROWS, **_SETTINGS))
            writer.write_batch(batch)
            count += len(batch)
    if file is None:
        return None
    return Part(f"{place}/{file.sha256()[:16]}.parquet", bucket, count, file.size, file.sha256())


def _batches(parts: Iterable[Held]) -> Iterator[pa.RecordBatch]:
    for held in parts:
        for begin in range(0, len(held.records), BATCH):
            yield _batch(held.part(begin, begin + BATCH))


def _batch(held: Held) -> pa.RecordBatch:
    rows = held.rows()
    count = len(rows.line)
    receipts = pa.Array.from_buffers(pa.binary(SIZE), count, [None, pa.py_buffer(rows.raw)])
    baskets = pa.nulls(count, pa.string()) if held.texts is None else held.texts.cast(pa.string())
    return pa.RecordBatch.from_arrays(
        [receipts, *map(pa.array, (rows.file, rows.line, rows.goods)), baskets, *typed(rows.raw)], schema=ROWS
    )
