# SPDX-License-Identifier: Apache-2.0
"""Parquet, some rows at once. What a page or a cell would take is looked at before any of it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from ssn_card.protocol.errors import Text
from ssn_card.receipts.sources import Advance

from ..agreement import another_type, check_type, plain
from ..columns import BY_NAME
from ..errors import FileOverfull, FileTorn
from ..octets import holds_octets, is_binary, is_text
from ..rows import BATCH, SIZE
from .batch import Batch
from .pages import TOGETHER, TOO_LARGE, check_pages
from .tables import BASKETS, RECEIPTS, Table, wanted

MAGIC = b"PAR1"
#: What Arrow raises of a file that is damaged; a column whose name is no text is among it.
DAMAGE = (pa.ArrowException, EOFError, UnicodeDecodeError)
_SHORT = TOGETHER // BATCH  #: bytes of a text of which as many as are read at once can be held
_BUFFER = 1 << 20  #: bytes that are read of a column at once
TORN = Text("the Parquet file is damaged or breaks off", "berkas Parquet rusak atau terpotong")


def read_parquet(name: str, number: int, file: IO[bytes], size: int, advance: Advance | None) -> Iterator[Batch]:
    """The rows of one source.

    Args:
        name, number: of the source.
        file: at any place; it is sought in.
        size: bytes, for ``advance``.

    Raises:
        OSError: it cannot be read.
        FileTorn, NoReceiptColumn, ColumnOfAnotherType, FileOverfull
    """
    row = told = 0
    with _whole(name, row):
        parquet = _opened(file)
        columns = _checked(name, parquet.schema_arrow)
        check_pages(name, file, parquet.metadata, columns)
        parquet = _opened(file, parquet.metadata, _numbered(parquet, columns))
    table = Table(name, number)
    batches = parquet.iter_batches(BATCH, columns=columns, use_threads=False)
    while True:
        with _whole(name, row):
            batch = next(batches, None)
            if batch is None:
                break
            arrays = {column: _expanded(name, column, batch.column(column)) for column in columns}
        yield table.batch(arrays, np.arange(row + 1, row + 1 + len(batch), dtype=np.int64))
        row += len(batch)
        if advance is not None:
            part = size * row // parquet.metadata.num_rows
            advance(part - told)
            told = part


def _checked(name: str, schema: pa.Schema) -> list[str]:
    """The columns to read."""
    columns = wanted(schema.names, name)
    for column in columns:
        kind = _value_type(schema.field(column).type)
        if column in BY_NAME:
            check_type(column, kind, name)
        elif column == BASKETS and not (is_text(kind) or is_binary(kind)):
            raise another_type(name, column, kind, pa.string())
        elif column == RECEIPTS and not holds_octets(kind, SIZE):
            raise another_type(name, column, kind, pa.binary(SIZE))
    return columns


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pt.is_dictionary(kind) else kind


def _opened(file: IO[bytes], metadata: pq.FileMetaData | None = None, numbered: Sequence[str] = ()) -> pq.ParquetFile:
    return pq.ParquetFile(
        file,
        metadata=metadata,
        read_dictionary=numbered,
        pre_buffer=False,
        buffer_size=_BUFFER,
        page_checksum_verification=True,
    )


def _numbered(parquet: pq.ParquetFile, columns: Sequence[str]) -> list[str]:
    """Columns that are read as numbers of a few texts, where the file may keep them so: one long text that a million
    rows name is not a million long texts."""
    schema = parquet.schema_arrow
    return [name for name in columns if _has_lengths(schema.field(name).type)]


def _expanded(name: str, column: str, array: pa.Array) -> pa.Array:
    """An array of values, if that many can be held; typed columns are compared as numbers of a few, too.

    Raises ``pyarrow.ArrowException`` for numbers of which there is no value: Arrow reads them from a damaged page.
    """
    if not pt.is_dictionary(array.type):
        return array
    array.validate(full=True)
    if _has_lengths(array.type.value_type):
        lengths = pc.binary_length(array.dictionary)
        is_long = (pc.max(lengths).as_py() or 0) > _SHORT
        if is_long and (pc.sum(lengths.take(array.indices)).as_py() or 0) > TOGETHER:
            raise FileOverfull(name, TOO_LARGE.filled(column=column))
    return array if column in BY_NAME else plain(array)


def _has_lengths(kind: pa.DataType) -> bool:
    return is_text(kind) or is_binary(kind)


@contextmanager
def _whole(name: str, row: int) -> Iterator[None]:
    """What Arrow says of a file that it cannot read on; the system's own errors pass."""
    try:
        yield
    except DAMAGE as error:
        raise FileTorn(name, TORN, row) from error
    except OSError as error:
        if error.errno is None:  # Arrow's, for what it cannot decompress
            raise FileTorn(name, TORN, row) from error
        raise
