# SPDX-License-Identifier: Apache-2.0
"""A shop's statement: what it is owed by day and month, as PDF and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

from ssn_card.paper import Press
from ssn_card.paper.foreign import letters, shown
from ssn_card.paper.months import month_name
from ssn_card.protocol.errors import Text, rupiah

from .lines import Columns

TEMPLATE: Final = Path(__file__).with_name("statement.typ")
_UNLISTED = Text("not in the list of shops", "tidak ada di daftar toko")
_TOTAL = "Jumlah · in all"
_FIGURES = ("Belanja", "Rp", "Batal", "Rp", "Hak toko, Rp")
_ENGLISH = ("purchases", "", "cancelled", "", "owed")
_MONTHLY = (("Bulan", *_FIGURES), ("month", *_ENGLISH))
_DAILY = (("Hari", *_FIGURES), ("day", *_ENGLISH))
_COLUMNS = ("day", "debits", "debited_rp", "cancels", "cancelled_rp", "owed_rp")


class ShopDay(NamedTuple):
    """A row of ``shop_days`` without its shop."""

    day: date
    debits: int
    debited: int
    cancels: int
    cancelled: int
    owed: int


@dataclass(frozen=True)
class ShopStatement:
    """A row of ``shop_accounts``, as far as a statement tells it, and the shop's days in order."""

    shop: str
    name: str | None
    kecamatan: str | None
    owed: int
    withheld: int
    disputed: int
    days: tuple[ShopDay, ...]


@dataclass(frozen=True)
class Ground:
    """What all statements share: the period, the inputs by name and hash, and what made them."""

    first: date
    last: date
    inputs: tuple[tuple[str, str], ...]
    software: str

    def press(self) -> Press:
        """Sets statements, dated by the last day of which receipts speak: they are the same whenever they are made."""
        return Press(TEMPLATE, datetime.combine(self.last, datetime.min.time()))


def as_pdf(press: Press, ground: Ground, statement: ShopStatement) -> bytes:
    """The statement on paper. Raises ``PaperNotSet``."""
    return press.pdf(told(ground, statement), tagged=False)


def as_csv(statement: ShopStatement) -> bytes:
    """Its days, amounts in whole rupiah."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(statement.days)
    return text.getvalue().encode("ascii")


def told(ground: Ground, statement: ShopStatement) -> dict[str, Any]:
    """What the template shows; tables as lines of even letters."""
    first, last = _period(ground, statement)
    name = letters(shown(statement.name)) or f"({_UNLISTED.id}, {_UNLISTED.en})"
    by_month = groupby(statement.days, lambda one: one.day.replace(day=1))
    months = [_Month.of(month, list(days)) for month, days in by_month]
    whole = _Table(_MONTHLY, [(month.name, *month.table.sums) for month in months], _sums(statement.days))
    columns = Columns([row for table in (whole, *(month.table for month in months)) for row in table.all_rows()])
    return {
        "title": f"{statement.shop} · {first} – {last}",
        "shop": statement.shop,
        "name": name,
        "kecamatan": letters(shown(statement.kecamatan)) or "–",
        "first": str(first),
        "last": str(last),
        "owed": whole.sums[-1],
        "table": whole.laid(columns),
        "months": [
            {"name": month.name, "english": month.english, "table": month.table.laid(columns)} for month in months
        ],
        "notes": [{"id": note.id, "en": note.en} for note in _notes(statement)],
        "inputs": list(_inputs(ground)),
        "software": ground.software,
    }


class _Table(NamedTuple):
    """``heads``: in Indonesian and in English; ``sums``: without a name."""

    heads: tuple[Sequence[str], Sequence[str]]
    rows: Sequence[Sequence[str]]
    sums: Sequence[str]

    def all_rows(self) -> Iterator[Sequence[str]]:
        """Those whose widths count."""
        yield from self.heads
        yield from self.rows
        yield _TOTAL, *self.sums

    def laid(self, columns: Columns) -> dict[str, Any]:
        """For the template."""
        return {
            "heads": [columns.line(row) for row in self.heads],
            "rows": [columns.line(row) for row in self.rows],
            "sums": columns.line((_TOTAL, *self.sums)),
        }


class _Month(NamedTuple):
    name: str
    english: str
    table: _Table

    @classmethod
    def of(cls, month: date, days: Sequence[ShopDay]) -> _Month:
        rows = [(str(one.day), *map(_figure, one[1:])) for one in days]
        name, english = (f"{month_name(month, language)} {month.year}" for language in ("id", "en"))
        return cls(name, english, _Table(_DAILY, rows, _sums(days)))


def _inputs(ground: Ground) -> Iterator[str]:
    names = [letters(shown(name)) for name, _ in ground.inputs]
    width = max(map(len, names), default=0)
    for name, (_, digest) in zip(names, ground.inputs, strict=True):
        yield f"{name.ljust(width)}  {digest}"


def _period(ground: Ground, statement: ShopStatement) -> tuple[date, date]:
    """The shop's own, so that another's wrong clock is not in it; of one that has sold nothing that of all."""
    days = statement.days
    return (days[0].day, days[-1].day) if days else (ground.first, ground.last)


def _sums(days: Sequence[ShopDay]) -> list[str]:
    return [_figure(sum(column)) for column in zip(*(one[1:] for one in days), strict=True)] or ["0"] * 5


def _figure(number: int) -> str:
    """``1.234.567``, with a true minus."""
    return rupiah(number).removeprefix("Rp").replace("-", "\N{MINUS SIGN}")


def _notes(statement: ShopStatement) -> Iterator[Text]:
    if statement.withheld:
        yield Text(
            "Of this, {sum} was given back to families as receipts that were not handed in prove: hand them in.",
            "Dari jumlah ini, {sum} sudah dikembalikan ke keluarga menurut kuitansi yang belum diserahkan: serahkan.",
        ).filled(sum=rupiah(statement.withheld))
    if statement.disputed:
        yield Text(
            "Of this, {sum} comes from cards whose receipts contradict each other; the auditor is looking into it.",
            "Dari jumlah ini, {sum} berasal dari kartu yang kuitansinya saling bertentangan; sedang diperiksa auditor.",
        ).filled(sum=rupiah(statement.disputed))
