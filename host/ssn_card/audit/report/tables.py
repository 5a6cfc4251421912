# SPDX-License-Identifier: Apache-2.0
"""The tables of a report as CSV, for spreadsheets and programs: UTF-8, a head, amounts in whole rupiah.

Serials stand in groups of four digits, for a spreadsheet rounds sixteen of them in one piece; and text that it would
take for a formula has ``'`` before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from .data import HourSold, InputTold, MonthSpent, PolicyMoney, ReportData, ShopTold, Unplaced
from .sections.naming import serial

_FORMULA: Final = ("=", "+", "-", "@")
_PEERS: Final = ("count", "least", "lower", "median", "upper", "most")
_Row = Sequence[object]


def tables(data: ReportData) -> dict[str, bytes]:
    """Each by the name of its file."""
    flat: Mapping[str, tuple[type, Iterable[Any]]] = {
        "months.csv": (MonthSpent, data.months),
        "kecamatan.csv": (PolicyMoney, data.money),
        "unplaced.csv": (Unplaced, data.unplaced),
        "shops.csv": (ShopTold, data.shops),
        "hours.csv": (HourSold, data.hours),
        "inputs.csv": (InputTold, data.inputs),
    }
    made = {
        name: _csv([field.name for field in fields(kind)], (_values(row) for row in rows))
        for name, (kind, rows) in flat.items()
    }
    return made | {
        "suspects.csv": _csv(("rank", "subject", "who", "name", "place", "visit", "score", "cards"), _suspects(data)),
        "flags.csv": _csv(_FLAG, _flags(data)),
        "receipts.csv": _csv(_RECEIPT, _receipts(data)),
        "rules.csv": _csv(("rule", "title_en", "title_id", "source", "flags", "visits"), _rules(data)),
        "not-judged.csv": _csv(("rule", "why_en", "why_id"), _not_judged(data)),
    }


def _suspects(data: ReportData) -> Iterator[_Row]:
    for one in data.suspects:
        cards = ", ".join(map(serial, one.cards))
        yield one.rank, one.subject, one.who, one.name, one.place, one.visit, one.score, cards


_FLAG = (
    "rank", "subject", "who", "rule", "score", "measure", *(f"peers_{name}" for name in _PEERS), "receipts", "rupiah",
    "first_on", "last_on", "reason_en", "reason_id",
)  # fmt: skip


def _flags(data: ReportData) -> Iterator[_Row]:
    for one in data.suspects:
        for flag in one.flags:
            peers = [getattr(flag.peers, name) for name in _PEERS]
            told = (flag.receipt_count, flag.rupiah, flag.first_on, flag.last_on, *flag.reason)
            yield one.rank, one.subject, one.who, flag.rule, flag.score, flag.measure, *peers, *told


_RECEIPT = (
    "rank", "who", "rules", "serial", "seq", "type", "at", "id_ewarong", "amount", "balance_after", "goods",
)  # fmt: skip


def _receipts(data: ReportData) -> Iterator[_Row]:
    for one in data.suspects:
        for row in one.receipts:
            named = (" ".join(row.rules), serial(row.serial), row.seq, row.type, row.at)
            yield one.rank, one.who, *named, row.id_ewarong, row.amount, row.balance_after, row.goods


def _rules(data: ReportData) -> Iterator[_Row]:
    for rule in data.rules:
        yield rule.code, *rule.title, rule.source, rule.flags, rule.visits


def _not_judged(data: ReportData) -> Iterator[_Row]:
    for rule in data.rules:
        for why in rule.not_judged:
            yield rule.code, *why
    for remark in data.remarks:
        yield "", *remark


def _values(row: Any) -> list[object]:
    return [getattr(row, field.name) for field in fields(row)]


def _csv(heads: Sequence[str], rows: Iterable[_Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
