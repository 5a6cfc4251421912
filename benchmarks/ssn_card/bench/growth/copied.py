# SPDX-License-Identifier: Apache-2.0
"""A larger year out of one that was made: copies of it, each with cards, families, shops and companions of its own.

A copy's receipts are made anew under the keys of its own cards: serial, terminal and companion are others, and MACs
follow, one after the other through each card's chain. So every copy verifies by itself, and what was planted in the
year is in each. What copies share is days, goods and prices, so a large year has no more different baskets than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ssn_card.audit.kernel import aes
from ssn_card.audit.keys import BatchKeys
from ssn_card.audit.records import first_rows
from ssn_card.audit.store import open_store
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import ReceiptType
from ssn_card.simulator.year.exports import ParquetTable
from ssn_card.simulator.year.fields import Ints, Octets
from ssn_card.simulator.year.histories import HistoryBatch

CARDS: Final = 10_000_000  #: numbers of cards between one copy and the next
SHOPS: Final = 10_000
MOST: Final = 60  #: copies: so many have serials and companions of their own

_MAC = RECEIPT.offset("mac")
_BEFORE = RECEIPT.offset("previous_mac")
_SERIAL = RECEIPT.offset("serial")
_TYPE = RECEIPT.offset("type")
_TERMINAL = RECEIPT_BY_TYPE[ReceiptType.DEBIT].offset("terminal_id")
_TAKEN_BACK = RECEIPT_BY_TYPE[ReceiptType.CANCEL].offset("cancelled_mac")
_COMPANION = RECEIPT_BY_TYPE[ReceiptType.OVERRIDE].offset("companion_id")

_OTHER_CARD = "lpad(CAST(CAST({0} AS BIGINT) + copy * {cards} AS VARCHAR), 16, '0')"
_OTHER_SHOP = "format('EW-{{:03d}}', CAST({0}[4:] AS BIGINT) + copy * {shops})"
_OTHER_COMPANION = "printf('%02x', CAST('0x' || {0}[:2] AS BIGINT) + copy) || {0}[3:]"
_OTHER_NAME = "{0} || CASE WHEN copy > 0 THEN '-' || copy ELSE '' END"
#: By column of the side files, whatever the file.
_REPLACED: Final = {
    "serial": _OTHER_CARD,
    "replaces": _OTHER_CARD,
    "id_ewarong": _OTHER_SHOP,
    "companion_id": _OTHER_COMPANION,
    "family": _OTHER_NAME,
    "pendamping": _OTHER_NAME,
    "terminal_id": "CASE WHEN {0} = '0' THEN {0} ELSE CAST(CAST({0} AS BIGINT) + copy * {shops} AS VARCHAR) END",
}
#: Files of which a copy has rows of its own; the others are for all.
_COPIED: Final = ("cards", "updates", "statuses", "shops", "invoices", "companions", "people")
_TIMES: Final = ("families", "budget_rp")  #: of the budget: as many times as there are copies


def copied_data(data: Path, copies: int, folder: Path) -> None:
    """The side files of so many copies of a year; the first is the year itself."""
    folder.mkdir()
    with duckdb.connect(":memory:") as connection:
        for path in sorted(data.iterdir()):
            out = folder / path.name
            if path.stem in _COPIED:
                _copy(connection, path, out, f"range({copies}) copies(copy)", _REPLACED)
            elif path.stem == "budget":
                times = dict.fromkeys(_TIMES, "CAST({0} AS BIGINT) * copy")
                _copy(connection, path, out, f"(SELECT {copies} AS copy)", times)
            else:
                out.write_bytes(path.read_bytes())


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, out: Path, copies: str, replaced: dict[str, str]) -> None:
    rows = connection.read_csv(str(path), all_varchar=True)
    columns = ", ".join(
        f"{replaced[name].format(name, cards=CARDS, shops=SHOPS)} AS {name}" if name in replaced else name
        for name in rows.columns
    )
    query = f"SELECT {columns} FROM rows, {copies}"  # noqa: S608 - names of our own
    connection.sql(query).write_csv(str(out), header=True)


def copied_exports(store: Path, copy: int, keys: BatchKeys, folder: Path, seed: int) -> int:
    """One copy of a packed year, as tables of many shops in no order. Returns how many receipts.

    ``keys``: those of the copy's cards too.
    """
    random = np.random.default_rng((seed, copy))
    count = 0
    for number, partition in enumerate(open_store(store).partitions):
        table = pq.read_table(partition.path, columns=["receipt", "basket"])
        texts = table["basket"].combine_chunks().dictionary_encode()
        raw = renamed(_raw(table["receipt"]), copy, keys)
        goods = texts.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        zeros = np.zeros(len(raw), np.int32)
        batch = HistoryBatch(raw, zeros.astype(np.uint16), zeros, goods)
        writer = ParquetTable(folder / f"copy-{copy:03d}-{number:03d}.parquet", texts.dictionary.to_pylist())
        writer.write(batch.taken(random.permutation(len(raw))))
        writer.close()
        count += len(raw)
    return count


def _raw(column: pa.ChunkedArray) -> Octets:
    values = column.combine_chunks()
    start = values.offset * RECEIPT.size
    octets = np.frombuffer(values.buffers()[1], np.uint8)[start : start + len(values) * RECEIPT.size]
    return octets.reshape(-1, RECEIPT.size)


def renamed(raw: Octets, copy: int, keys: BatchKeys) -> Octets:
    """The same receipts, sorted by card and number, of other cards, shops and companions, under their own keys."""
    new = raw.copy()
    _add(new[:, _SERIAL : _SERIAL + 8], copy)
    kind = raw[:, _TYPE]
    at_shop = kind != ReceiptType.UPDATE
    terminals = new[:, _TERMINAL : _TERMINAL + 4].copy().view(">u4")[:, 0]
    terminals[at_shop & (terminals > 0)] += copy * SHOPS
    new[at_shop, _TERMINAL : _TERMINAL + 4] = terminals.view(np.uint8).reshape(-1, 4)[at_shop]
    new[kind == ReceiptType.OVERRIDE, _COMPANION] += copy
    held, number = keys.of(new)
    schedules, key_of = aes.expanded(held), number.astype(np.int64)
    macs = _Macs(raw)
    for rows in _steps(raw):
        macs.follow(new, rows)
        new[rows, _MAC:] = aes.macs(np.ascontiguousarray(new[rows]), schedules, key_of[rows])[:, : RECEIPT.size - _MAC]
    return new


def _add(serials: Octets, copy: int) -> None:
    """Other numbers of cards, in BCD."""
    numbers = np.zeros(len(serials), np.int64)
    for octet in serials.T:
        numbers = numbers * 100 + octet // 16 * 10 + octet % 16
    numbers += copy * CARDS
    for place in range(serials.shape[1] - 1, -1, -1):
        numbers, pair = np.divmod(numbers, 100)
        serials[:, place] = pair // 10 * 16 + pair % 10


def _steps(raw: Octets) -> Iterator[Ints]:
    """Rows of all cards: their first, their second and so on."""
    firsts = first_rows(raw)
    lengths = np.diff(np.append(firsts, len(raw)))
    for step in range(int(lengths.max(initial=0))):
        yield firsts[lengths > step] + step


class _Macs:
    """What receipts say of the MACs of those before them; in a row behind another card's, it is nothing."""

    def __init__(self, raw: Octets) -> None:
        mac, before, taken_back = (
            np.ascontiguousarray(raw[:, place : place + 8]).view(np.uint64)[:, 0]
            for place in (_MAC, _BEFORE, _TAKEN_BACK)
        )
        self._again, self._follows, self._cancels = (np.zeros(len(raw), np.bool_) for _ in range(3))
        self._again[1:] = mac[1:] == mac[:-1]
        self._follows[1:] = before[1:] == mac[:-1]
        self._cancels[1:] = (taken_back[1:] == mac[:-1]) & (raw[1:, _TYPE] == ReceiptType.CANCEL)

    def follow(self, new: Octets, rows: Ints) -> None:
        """Say the same of the new ones; a receipt that was handed in twice is the same twice."""
        for which, place in ((self._follows, _BEFORE), (self._cancels, _TAKEN_BACK)):
            some = rows[which[rows]]
            new[some, place : place + 8] = new[some - 1, _MAC:]
        again = rows[self._again[rows]]
        new[again] = new[again - 1]
