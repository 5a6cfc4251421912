# SPDX-License-Identifier: Apache-2.0
"""What the judge reads, and what the readers in bulk read, in one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ssn_card.audit.rows import Goods, Rows
from ssn_card.audit.sources import Batch, find_sources, read
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Line, read_lines
from ssn_card.receipts.goods import basket_fault


class Reading(NamedTuple):
    """A line: its receipt and what was found of its basket, or the member that cannot be read."""

    line: int
    raw: bytes | None
    goods: Goods
    fault: str | None = None
    basket: str | None = None


def of_judge(path: Path) -> list[Reading]:
    """By the single verifier's own functions."""
    return [_judged(line) for line in read_lines(path)]


def _judged(line: Line) -> Reading:
    if line.receipt is None:
        return Reading(line.number, None, Goods.NONE, line.fault)
    text = line.basket.as_json() if line.basket else None
    return Reading(line.number, line.receipt.raw, _goods(line), None, text)


def _goods(line: Line) -> Goods:
    if line.receipt is None or line.receipt.type != ReceiptType.DEBIT:
        return Goods.NONE
    if line.basket is None:
        return Goods.NONE if line.fault is None else Goods.BASKET
    fault = basket_fault(line.basket, line.receipt)
    return Goods.FITS if fault is None else Goods[fault.upper()]


def in_bulk(path: Path, number: int = 3) -> list[Reading]:
    """By the readers of ``ssn_card.audit``; holds them to what they promise of batches."""
    (source,) = find_sources([path]).files
    return list(_readings(read(source, number), number))


def _readings(batches: Iterable[Batch], number: int) -> Iterator[Reading]:
    last = 0
    for batch in batches:
        rows = batch.rows
        assert rows.raw.flags.c_contiguous
        assert (rows.file == number).all()
        assert [value.dtype.str[1:] for value in rows] == ["u1", "i4", "i8", "u1"]
        here = [Reading(one.line, None, Goods.NONE, one.field) for one in batch.unreadable]
        texts = [None] * len(rows.line) if batch.baskets is None else batch.baskets.to_pylist()
        for raw, line, goods, text in zip(rows.raw, rows.line.tolist(), rows.goods.tolist(), texts, strict=True):
            here.append(Reading(line, raw.tobytes(), Goods(goods), None, _readable(text)))
        here.sort()
        assert not here or here[0].line > last
        yield from here
        last = here[-1].line if here else last


def _readable(text: bytes | None) -> str | None:
    """A basket's text, unless it is one that cannot be read, of which the judge keeps none."""
    try:
        return None if text is None else Basket.from_json(text.decode()).as_json()
    except (InputError, UnicodeDecodeError):
        return None


def rows_of(raws: list[bytes], file: int = 0) -> Rows:
    """Rows of receipts, in lines from 1."""
    raw = np.frombuffer(b"".join(raws), np.uint8).reshape(-1, 88)
    count = len(raws)
    return Rows(raw, np.full(count, file, np.int32), np.arange(1, count + 1), np.zeros(count, np.uint8))
