# SPDX-License-Identifier: Apache-2.0
"""Whom something speaks against, with what the books know of them: where they are, what they did, which receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa

from ssn_card.paper.foreign import shown
from ssn_card.protocol.errors import Text

from ..rules.outcome import Flag, Peers, Subject, Suspicion
from .data import FlagTold, MonthOf, ProofReceipt, Suspect
from .programme import names_of_kecamatan

_MARKS = ("least", "lower", "median", "upper", "most")
IN_FULL = 12  #: suspects of whom a page tells all; the others stand in tables

_PROOF = """
SELECT r.serial, r.seq, r.type, r.at, r.id_ewarong, coalesce(r.amount, 0), coalesce(r.balance_after, 0),
    coalesce(b.goods, '')
FROM (SELECT * REPLACE (CAST(serial AS VARCHAR) AS serial) FROM receipts WHERE serial IN (SELECT serial FROM wanted)) r
JOIN wanted USING (serial, seq)
LEFT JOIN (
    SELECT basket_id, string_agg(code || ' ' || quantity, ', ' ORDER BY code, quantity) AS goods
    FROM basket_lines GROUP BY basket_id) b USING (basket_id)
"""
_MONTHS = {
    Subject.SHOP: "SELECT id_ewarong, month, sum(sales), sum(spent) FROM report_sales "
    "WHERE id_ewarong IN (FROM asked) GROUP BY ALL ORDER BY ALL",
    Subject.COMPANION: "SELECT companion_id, CAST(date_trunc('month', day) AS DATE), count(*), sum(amount) "
    "FROM overrides WHERE companion_id IN (FROM asked) GROUP BY ALL ORDER BY ALL",
    Subject.CARD: "SELECT CAST(serial AS VARCHAR), CAST(date_trunc('month', day) AS DATE), count(*), sum(amount) "
    "FROM sales WHERE CAST(serial AS VARCHAR) IN (FROM asked) GROUP BY ALL ORDER BY ALL",
    Subject.FAMILY: "SELECT family, CAST(date_trunc('month', day) AS DATE), count(*), sum(amount) "
    "FROM sales WHERE family IN (FROM asked) GROUP BY ALL ORDER BY ALL",
}
_CARDS = {
    Subject.CARD: "SELECT CAST(serial AS VARCHAR), CAST(serial AS VARCHAR), kode_kecamatan, kelurahan, family "
    "FROM cards WHERE CAST(serial AS VARCHAR) IN (FROM asked) ORDER BY serial",
    Subject.FAMILY: "SELECT family, CAST(serial AS VARCHAR), kode_kecamatan, kelurahan, family FROM cards "
    "WHERE family IN (FROM asked) ORDER BY issued_on, serial",
}
_SHOPS = "SELECT id_ewarong, nama, kecamatan, kelurahan FROM shops WHERE id_ewarong IN (FROM asked)"
_COMPANIONS = "SELECT companion_id, pendamping, kode_kecamatan FROM companions WHERE companion_id IN (FROM asked)"
_PEOPLE = "SELECT family, nama FROM people WHERE family IN (FROM asked)"


@dataclass(frozen=True)
class _Known:
    name: str = ""
    place: str = ""
    cards: tuple[str, ...] = ()


def ask_suspects(
    books: duckdb.DuckDBPyConnection, tables: frozenset[str], found: Sequence[Suspicion], *, named: bool
) -> tuple[Suspect, ...]:
    """All of them, in their order. ``tables``: the side files that are there; ``named``: people by their names.

    The connection has ``report_sales`` of :func:`~.programme.ask_programme` already.
    """
    by_kind: defaultdict[Subject, list[str]] = defaultdict(list)
    for one in found:
        by_kind[one.subject].append(one.who)
    known = {kind: _known(books, tables, kind, sorted(set(who)), named) for kind, who in by_kind.items()}
    suspects = [_suspect(rank, one, known[one.subject].get(one.who, _Known())) for rank, one in enumerate(found, 1)]
    months = _months(books, [one for one in found if one.visit][:IN_FULL])
    receipts = _receipts(books, [one for one in found if one.visit])
    return tuple(
        replace(
            suspect,
            months=tuple(months.get((one.subject, one.who), ())),
            receipts=_sorted(receipts, one) if one.visit else (),
        )
        for suspect, one in zip(suspects, found, strict=True)
    )


def _suspect(rank: int, one: Suspicion, known: _Known) -> Suspect:
    flags = tuple(map(_flag, one.flags))
    return Suspect(rank, one.subject, shown(one.who), known.name, known.place, one.score, one.visit, flags, known.cards)


def _flag(flag: Flag) -> FlagTold:
    peers = Peers(flag.peers.count, *(_steady(getattr(flag.peers, name)) for name in _MARKS))
    reason = Text(*map(shown, flag.reason))
    told = (flag.receipt_count, flag.rupiah, flag.first_on, flag.last_on)
    return FlagTold(flag.rule, _steady(flag.score), _steady(flag.measure), peers, reason, *told)


def _steady(value: float) -> float:
    """Nine figures: the last ones of a sum of fractions depend on the order in which threads add them up."""
    return float(f"{value:.9g}")


def _known(
    books: duckdb.DuckDBPyConnection, tables: frozenset[str], kind: Subject, who: list[str], named: bool
) -> dict[str, _Known]:
    if kind is Subject.SHOP:
        rows = _asked(books, _SHOPS, who)
        return {one: _Known(shown(name), _place(kecamatan, kelurahan)) for one, name, kecamatan, kelurahan in rows}
    names = names_of_kecamatan(books)
    if kind is Subject.COMPANION:
        rows = _asked(books, _COMPANIONS, who) if "companions" in tables else []
        return {one: _Known(shown(number), names.get(code, "")) for one, number, code in rows}
    return _known_cards(books, kind, who, names, named and "people" in tables)


def _known_cards(
    books: duckdb.DuckDBPyConnection, kind: Subject, who: list[str], names: Mapping[str, str], named: bool
) -> dict[str, _Known]:
    rows = _asked(books, _CARDS[kind], who)
    people = dict(_asked(books, _PEOPLE, sorted({row[-1] for row in rows}))) if named else {}
    known: dict[str, _Known] = {}
    for one, serial, code, kelurahan, family in rows:
        cards = (*known.get(one, _Known()).cards, serial)
        known[one] = _Known(shown(people.get(family)), _place(names.get(code, code), kelurahan), cards)
    return known


def _place(kecamatan: str | None, kelurahan: str | None) -> str:
    return ", ".join(filter(None, (shown(kelurahan), shown(kecamatan))))


def _months(books: duckdb.DuckDBPyConnection, found: Iterable[Suspicion]) -> dict[tuple[Subject, str], list[MonthOf]]:
    by_kind: defaultdict[Subject, set[str]] = defaultdict(set)
    for one in found:
        by_kind[one.subject].add(one.who)
    months: defaultdict[tuple[Subject, str], list[MonthOf]] = defaultdict(list)
    for kind, who in by_kind.items():
        for one, month, count, rupiah in _asked(books, _MONTHS[kind], sorted(who)):
            months[kind, one].append(MonthOf(month, int(count), int(rupiah)))
    return months


def _receipts(books: duckdb.DuckDBPyConnection, found: Iterable[Suspicion]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """The rows of all receipts that flags name, by card and number."""
    pairs = sorted({pair for one in found for flag in one.flags for pair in flag.receipts})
    wanted = pa.table({"serial": [one for one, _ in pairs], "seq": pa.array([seq for _, seq in pairs], pa.int64())})
    books.register("wanted", wanted.cast(pa.schema([("serial", pa.string()), ("seq", pa.int64())])))
    try:
        rows = books.execute(_PROOF).fetchall()
    finally:
        books.unregister("wanted")
    return {(row[0], row[1]): row for row in rows}


def _sorted(rows: Mapping[tuple[str, int], tuple[Any, ...]], one: Suspicion) -> tuple[ProofReceipt, ...]:
    """Those of one suspect in the order of time, each once with all rules that name it."""
    rules: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for flag in one.flags:
        for pair in flag.receipts:
            rules[pair].append(flag.rule)
    held = [
        ProofReceipt(*(tuple(sorted(set(rules[pair]), key=rule_order)), *rows[pair][:7], shown(rows[pair][7])))
        for pair in rules
        if pair in rows
    ]
    return tuple(sorted(held, key=lambda row: (row.at, row.serial, row.seq)))


def rule_order(code: str) -> tuple[int, str]:
    """A4 before A10."""
    digits = "".join(filter(str.isdigit, code))
    return int(digits or 0), code


def _asked(books: duckdb.DuckDBPyConnection, query: str, who: list[str]) -> list[tuple[Any, ...]]:
    """Rows of a question about those in ``asked``: a table, for DuckDB fails at parameters of thousands of names."""
    books.register("asked", pa.table({"who": pa.array(who, pa.string())}))
    try:
        return books.execute(query).fetchall()
    finally:
        books.unregister("asked")
