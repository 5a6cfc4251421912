# SPDX-License-Identifier: Apache-2.0
"""A side file as tables of texts with the line of each row, read in bulk; columns in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from ssn_card.programme.errors import place
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import SideFileColumns, SideFileMissing, SideFileUnusable

LINE = "line"  #: the column that holds the line of a row; the header is line 1
_BLOCK = 1 << 22  #: bytes read at once; no row is longer
_BLOCKS = 16  #: of a piece


def read_texts(path: Path, names: Sequence[str]) -> Iterator[pa.Table]:
    """The columns ``names`` of a CSV file, as texts that are empty where a field is, and :data:`LINE`; piece by piece,
    at least one, so that a file may be larger than memory.

    Raises:
        SideFileMissing: it is not there.
        SideFileColumns: a column is missing, unknown or there twice.
        SideFileUnusable: it cannot be read, is not UTF-8, or a row has another number of fields.
    """
    _check_header(path, names)
    wrong: list[int] = []

    def refuse(row: csv.InvalidRow) -> str:
        wrong.append(row.number or 0)
        return "error"

    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    parse = csv.ParseOptions(invalid_row_handler=refuse, ignore_empty_lines=False)
    read = csv.ReadOptions(use_threads=False, block_size=_BLOCK)
    line = 2
    try:
        with csv.open_csv(path, read_options=read, parse_options=parse, convert_options=options) as reader:
            for batches in _pieces(reader):
                table = pa.Table.from_batches(batches, reader.schema).select(list(names))
                yield table.append_column(LINE, pa.array(np.arange(line, line + len(table))))
                line += len(table)
    except pa.ArrowInvalid as error:
        raise _unusable(path, wrong, error) from None
    except OSError as error:
        raise SideFileUnusable(place(path), system_reason(error)) from None


def _pieces(reader: csv.CSVStreamingReader) -> Iterator[list[pa.RecordBatch]]:
    batches = iter(reader)
    yield list(islice(batches, _BLOCKS))
    while some := list(islice(batches, _BLOCKS)):
        yield some


def _unusable(path: Path, wrong: list[int], error: pa.ArrowInvalid) -> SideFileUnusable:
    if wrong:
        why = Text("another number of fields than columns", "jumlah isian tidak sama dengan jumlah kolom")
        return SideFileUnusable(place(path, wrong[0]), why)
    if "UTF8" in str(error):
        data = path.read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError as found:
            why = Text("it is not UTF-8 text", "bukan teks UTF-8")
            return SideFileUnusable(place(path, data.count(b"\n", 0, found.start) + 1), why)
    first = str(error).splitlines()[0]
    return SideFileUnusable(place(path), Text(first, first))


def _check_header(path: Path, names: Sequence[str]) -> None:
    try:
        with path.open("rb") as file:
            line = file.readline(_BLOCK)
    except FileNotFoundError:
        raise SideFileMissing(where=str(path)) from None
    except OSError as error:
        raise SideFileUnusable(place(path), system_reason(error)) from None
    header = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n").split(",")
    header = [name.strip('"') for name in header]
    for name in names:
        if header.count(name) != 1:
            few = Text("column {name} is missing", "kolom {name} tidak ada")
            many = Text("column {name} is there twice", "kolom {name} ada dua kali")
            raise SideFileColumns(place(path, 1, name), (many if name in header else few).filled(name=name))
    for name in header:
        if name not in names:
            why = Text("there is no column {name!r}", "tidak dikenal kolom {name!r}").filled(name=name)
            raise SideFileColumns(place(path, 1), why)
