# SPDX-License-Identifier: Apache-2.0
"""A world's files in every format that an auditor may get; and which row a line of each is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ssn_card.audit.columns import SCHEMA, typed
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.receipts.jsonl import SCHEMA as JSONL

from .card import Damage, Entry

_GARBAGE = "kuitansi"
_ALTERED = "amount"  #: of the columns; one is added to it


class FileForm(NamedTuple):
    """How files are written. ``first``: line of a file's first row; ``tables``: with columns beside the receipt;
    ``packed``: the files are packed into a store, which is what is judged."""

    ending: str
    write: Callable[[Path, Sequence[Entry]], None]
    first: int
    tables: bool
    packed: bool = False


def _as_jsonl(path: Path, entries: Sequence[Entry]) -> None:
    path.write_text("".join(_line(entry) + "\n" for entry in entries), encoding="ascii")


def _line(entry: Entry) -> str:
    if entry.damage is Damage.GARBAGE:
        return _GARBAGE
    goods = "" if entry.basket is None else f',"basket":{entry.basket}'
    whole = f'{{"schema":"{JSONL}","receipt":"{entry.raw.hex()}"{goods}}}'
    return whole[: len(whole) // 2] if entry.damage is Damage.TORN else whole


def _as_csv(path: Path, entries: Sequence[Entry]) -> None:
    columns = [column.to_pylist() for column in _columns(entries)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["receipt", "basket", *SCHEMA.names])
    for entry, *values in zip(entries, *columns, strict=True):
        cells = [value.hex() if isinstance(value, bytes) else value for value in values]
        writer.writerow([_digits(entry), entry.basket, *cells])
    path.write_text(text.getvalue(), encoding="ascii")


def _digits(entry: Entry) -> str:
    if entry.damage is Damage.GARBAGE:
        return _GARBAGE
    return entry.raw.hex()[: RECEIPT.size] if entry.damage is Damage.TORN else entry.raw.hex()


def _as_parquet(path: Path, entries: Sequence[Entry]) -> None:
    raw = [_octets(entry) for entry in entries]
    baskets = [None if entry.basket is None else entry.basket for entry in entries]
    arrays = [pa.array(raw, pa.binary()), pa.array(baskets, pa.string()), *_columns(entries)]
    pq.write_table(pa.table(arrays, ["receipt", "basket", *SCHEMA.names]), path)


def _octets(entry: Entry) -> bytes | None:
    if entry.damage is Damage.GARBAGE:
        return None
    return entry.raw[: RECEIPT.size // 2] if entry.damage is Damage.TORN else entry.raw


def _columns(entries: Sequence[Entry]) -> list[pa.Array]:
    raw = np.frombuffer(b"".join(entry.raw for entry in entries), np.uint8).reshape(-1, RECEIPT.size)
    columns = typed(raw)
    place = SCHEMA.names.index(_ALTERED)
    other = np.array([entry.damage is Damage.COLUMNS for entry in entries])
    columns[place] = pc.add(columns[place], pa.array(other.astype(np.uint32)))
    return columns


FORMATS: Mapping[str, FileForm] = {
    "jsonl": FileForm("jsonl", _as_jsonl, 1, False),
    "csv": FileForm("csv", _as_csv, 2, True),
    "parquet": FileForm("parquet", _as_parquet, 1, True),
    "store": FileForm("parquet", _as_parquet, 1, True, packed=True),
}


def write(folder: Path, name: str, files: Sequence[Sequence[Entry]]) -> list[Path]:
    """The files, or the store of them, in a folder that is made."""
    folder.mkdir()
    paths = [folder / f"terminal-{number:02d}.{FORMATS[name].ending}" for number in range(len(files))]
    for path, entries in zip(paths, files, strict=True):
        FORMATS[name].write(path, entries)
    if not FORMATS[name].packed:
        return paths
    store = folder / "store"
    pack(find_sources(paths), store)
    return [store]
