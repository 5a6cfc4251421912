# SPDX-License-Identifier: Apache-2.0
"""The files in which generated receipts reach an auditor: JSON Lines or Parquet, by card or by terminal.

Both are written as they are made, so that no number of receipts needs more memory than a few batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ssn_card.audit.columns import STORED, schema_of, typed
from ssn_card.receipts import Basket, Receipt, line_of

from .fields import SIZE, Octets
from .histories import HistoryBatch

_ROWS = 1 << 17  #: of a row group
_WINDOW = 8  #: batches of which the receipts are mixed
_HEX = np.frombuffer(b"".join(f"{value:02x}".encode() for value in range(256)), np.uint16)


class Writer(Protocol):
    """Writes receipts to one file."""

    def write(self, batch: HistoryBatch) -> None:
        """Append them."""

    def close(self) -> None:
        """No more will come."""


class JsonLines:
    """JSON Lines, as terminals write them; ``baskets``: canonical texts by their numbers, if they are handed in."""

    def __init__(self, path: Path, baskets: Sequence[str] | None = None) -> None:
        self._file: BinaryIO = path.open("wb")
        self._baskets = None if baskets is None else [f',"basket":{text}'.encode("ascii") for text in baskets]

    def write(self, batch: HistoryBatch) -> None:
        """Append them."""
        lines = _lines(batch.raw)
        if self._baskets is None:
            self._file.write(lines.tobytes())
            return
        goods = [*self._baskets, b""]  # the last for those that have none
        whole, width = lines.tobytes(), lines.shape[1]
        pieces = (
            whole[place * width : (place + 1) * width - len(_END)] + goods[basket] + _END
            for place, basket in enumerate(batch.basket.tolist())
        )
        self._file.write(b"".join(pieces))

    def close(self) -> None:
        """No more will come."""
        self._file.close()


class ParquetTable:
    """Parquet: the receipt, the typed columns that a store has, and the basket's text if they are handed in."""

    def __init__(self, path: Path, baskets: Sequence[str] | None = None) -> None:
        self._baskets = None if baskets is None else pa.array(baskets, pa.string())
        goods = [] if baskets is None else [pa.field("basket", pa.string())]
        self._schema = pa.schema([pa.field("receipt", pa.binary(SIZE)), *goods, *schema_of(STORED)])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=["serial", "basket"])

    def write(self, batch: HistoryBatch) -> None:
        """Append them, as one or more row groups."""
        raw = pa.Array.from_buffers(
            pa.binary(SIZE), len(batch.raw), [None, pa.py_buffer(np.ascontiguousarray(batch.raw))]
        )
        arrays = [raw, *self._goods(batch), *typed(batch.raw, STORED)]
        self._writer.write_table(pa.table(arrays, self._schema), row_group_size=_ROWS)

    def _goods(self, batch: HistoryBatch) -> list[pa.Array]:
        if self._baskets is None:
            return []
        return [self._baskets.take(pa.array(batch.basket, mask=batch.basket < 0))]

    def close(self) -> None:
        """No more will come."""
        self._writer.close()


def by_card(batches: Iterable[HistoryBatch], writer: Writer) -> int:
    """All in one file, sorted by card and number. Returns how many receipts there are."""
    count = 0
    try:
        for batch in batches:
            writer.write(batch)
            count += len(batch.raw)
    finally:
        writer.close()
    return count


def by_terminal(batches: Iterable[HistoryBatch], writers: Sequence[Writer], seed: int) -> int:
    """Each receipt in its terminal's file, in no order, so that those of a card lie in many. Returns how many.

    Receipts are mixed among a window of batches.
    """
    random = np.random.default_rng(seed)
    count = 0
    with ExitStack() as stack:
        for writer in writers:
            stack.callback(writer.close)
        for window in _windows(batches):
            count += len(window.raw)
            file = window.terminal % len(writers)
            mixed = random.permutation(len(file))
            for number, writer in enumerate(writers):
                writer.write(window.taken(mixed[file[mixed] == number]))
    return count


def _windows(batches: Iterable[HistoryBatch]) -> Iterator[HistoryBatch]:
    held: list[HistoryBatch] = []
    for batch in batches:
        held.append(batch)
        if len(held) == _WINDOW:
            yield _joined(held)
            held.clear()
    if held:
        yield _joined(held)


def _joined(batches: Sequence[HistoryBatch]) -> HistoryBatch:
    return HistoryBatch(*(np.concatenate(columns) for columns in zip(*batches, strict=True)))


def _form() -> tuple[bytes, bytes, bytes]:
    """What stands before the digits of a line of ours, behind them, and behind a basket, if there is one."""
    receipt, basket = Receipt(bytes(SIZE)), Basket.of(("BERAS", 1, 1))
    before, behind = line_of(receipt).encode("ascii").split(receipt.raw.hex().encode("ascii"))
    end = line_of(receipt, basket).encode("ascii").split(basket.as_json().encode("ascii"))[1]
    return before, behind.removesuffix(end), end + b"\n"


_BEGIN, _MIDDLE, _END = _form()


def _lines(raw: Octets) -> Octets:
    """Lines without baskets, all of one length, (n, length)."""
    digits = 2 * SIZE
    behind = _MIDDLE + _END
    lines = np.empty((len(raw), len(_BEGIN) + digits + len(behind)), np.uint8)
    lines[:, : len(_BEGIN)] = np.frombuffer(_BEGIN, np.uint8)
    lines[:, len(_BEGIN) : len(_BEGIN) + digits] = _HEX[raw].view(np.uint8)
    lines[:, len(_BEGIN) + digits :] = np.frombuffer(behind, np.uint8)
    return lines
