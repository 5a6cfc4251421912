# SPDX-License-Identifier: Apache-2.0
"""Rows of findings as JSON Lines, CSV or Parquet: written and read back, so that one set is told to be another.

In CSV serials stand in groups of four digits, for a spreadsheet rounds sixteen of them in one piece.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import FindingsUnreadable, UnknownFindingsFormat

SCHEMA = "ssn-card/findings/1"
Row = dict[str, Any]

_NUMBERS = frozenset({"line", "seq", "receipts", "spent"})
_NEVER_NONE = frozenset({"problem", "line", "receipts", "detail", "detail_id", "message_en", "message_id"})
#: Columns in the order of a table, by the names of ``--json``.
COLUMNS = (
    "problem", "file", "line", "serial", "seq", "field", "receipts", "spent", "detail", "detail_id", "message_en",
    "message_id",
)  # fmt: skip
_PARQUET = pa.schema(
    [
        pa.field(name, pa.int64() if name in _NUMBERS else pa.string(), nullable=name not in _NEVER_NONE)
        for name in COLUMNS
    ],
    metadata={"schema": SCHEMA},
)
_BATCH = 1 << 13  #: rows written together
_GROUP = 4


class Format(NamedTuple):
    """How a file of findings is written, out of canonical lines, and read."""

    write: Callable[[BinaryIO, Iterable[bytes]], None]
    read: Callable[[Path], Iterator[Row]]


def format_of(path: Path) -> Format:
    """The format that the end of the name stands for. Raises :class:`UnknownFindingsFormat`."""
    try:
        return _BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        raise UnknownFindingsFormat(", ".join(_BY_SUFFIX), str(path)) from None


def canonical(row: Row) -> bytes:
    """The one text of a finding."""
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def rows_of(path: Path) -> Iterator[Row]:
    """Rows of a file, as they stand in it. Raises :class:`FindingsUnreadable`, :class:`UnknownFindingsFormat`."""
    read = format_of(path).read
    try:
        yield from read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise FindingsUnreadable(system_reason(error), str(path)) from None
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error, pa.ArrowException):
        strange = Text("this is no file of findings", "ini bukan berkas temuan")
        raise FindingsUnreadable(strange, str(path)) from None


def _write_json(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    stream.writelines(lines)


def _read_json(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        for line in stream:
            row = json.loads(line)
            if set(row) != set(COLUMNS):
                raise ValueError("other members")
            yield row


def _write_csv(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in map(json.loads, lines):
        writer.writerow(row | {"serial": _grouped(row["serial"])})
    text.detach()


def _read_csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError("other columns")
        for row in reader:
            if None in row or None in row.values():
                raise ValueError("more or fewer cells")
            yield {name: _cell(name, row[name]) for name in COLUMNS} | {
                "serial": row["serial"].replace("-", "") or None
            }


def _cell(name: str, cell: str) -> str | int | None:
    if not cell and name not in _NEVER_NONE:
        return None
    return int(cell) if name in _NUMBERS else cell


def _grouped(serial: str | None) -> str | None:
    return serial and "-".join(serial[at : at + _GROUP] for at in range(0, len(serial), _GROUP))


def _write_parquet(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    rows = map(json.loads, lines)
    with pq.ParquetWriter(stream, _PARQUET, compression="zstd") as writer:
        while batch := list(islice(rows, _BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, _PARQUET))


def _read_parquet(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream, pq.ParquetFile(stream) as file:
        if not file.schema_arrow.equals(_PARQUET):
            raise ValueError("other columns")
        for batch in file.iter_batches(_BATCH):
            yield from batch.to_pylist()


_BY_SUFFIX = {
    ".parquet": Format(_write_parquet, _read_parquet),
    ".csv": Format(_write_csv, _read_csv),
    ".jsonl": Format(_write_json, _read_json),
}
