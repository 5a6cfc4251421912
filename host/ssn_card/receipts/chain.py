# SPDX-License-Identifier: Apache-2.0
"""The sequence of one card's receipts: complete, linked, and adding up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import NamedTuple

from ssn_card.protocol.errors import NO_TEXT, Text, rupiah
from ssn_card.protocol.values import ReceiptType

from . import sums
from .account import BEGINNING, Account
from .findings import Finding, Problem, finding_of, numbers, place
from .receipt import Receipt
from .refusals import before_its_month, refused
from .sums import Fault, day, following, of_its_month, of_itself
from .tips import Tip

_TWINS = 16  #: receipts of one number that are told apart; no card is copied so often


class Placed(NamedTuple):
    """A genuine receipt and where it stands; ``order`` is the file's place among the files."""

    line: int
    receipt: Receipt
    file: str | None = None
    order: int = 0


class Link(NamedTuple):
    """A receipt and what it and those before it say of the card; ``placed`` is ``None`` before the first.

    Bulk verification (:mod:`ssn_card.audit`) finds the receipts of which something is to be said, and what was known
    before them, by other means; then it asks :func:`linked`, :func:`gap`, :func:`behind_gap` and the two of the end.
    """

    account: Account
    placed: Placed | None = None


def check_chain(serial: bytes, placed: Iterable[Placed], tip: Tip | None, *, whole: bool) -> Iterator[Finding]:
    """Findings of one card's genuine receipts, sorted by ``seq``, no two alike.

    Several with one number are a copied card; each is followed, for it cannot be told which is the original's.

    Args:
        serial: the card.
        placed: its receipts; may be none.
        tip: where the sequence must reach, if known: what is missing up to there is ``MISSING``.
        whole: nothing was left with anybody else: every gap is ``MISSING``; else those that ``tip`` does not cover are
            ``NOT_HANDED_IN``. An end that is missing shows by ``tip`` only.
    """
    before = [Link(BEGINNING)]
    reached = 0
    for seq, group in groupby(placed, key=lambda one: one.receipt.seq):
        here: list[Link] = []
        missing = seq > reached + 1
        for current in _as_handed_in(group):
            if here:  # two genuine receipts with one number: the card was cloned or torn
                yield _finding(Problem.BROKEN_CHAIN, current, "seq", _beside(here[0]))
            elif missing:
                yield from gap(current, before[0].account.newest, tip, whole)
            account, found = behind_gap(before[0], current) if missing else linked(before, current)
            yield from found
            if len(here) < _TWINS:
                here.append(Link(account, current))
        if tip is not None and seq == tip.seq:
            yield from check_tip(here, tip)
        before, reached = here, seq
    if tip is not None:
        yield from missing_end(serial, reached, tip)


def _as_handed_in(group: Iterator[Placed]) -> Iterator[Placed]:
    """Receipts of one number in the order of files and lines, so that findings keep to one of the twins."""
    yield from sorted(islice(group, _TWINS), key=lambda one: (one.order, one.line))
    yield from group


def linked(before: list[Link], current: Placed) -> tuple[Account, list[Finding]]:
    """A receipt behind one of those that may precede it, of which there is at least one: what is known behind it, and
    the findings."""
    receipt = current.receipt
    previous = next((one.account for one in before if one.account.newest.mac == receipt.previous_mac), None)
    if previous is None:  # nothing that is known of the card need hold in another history
        found = [_finding(Problem.BROKEN_CHAIN, current, "previous_mac", _beside(before[0]))]
        return BEGINNING.with_later(receipt), found + _faults(current, chain(of_itself(receipt), of_its_month(receipt)))
    faults = chain(of_itself(receipt), following(previous, receipt), of_its_month(receipt))
    if receipt.type != ReceiptType.UPDATE:
        faults = chain(faults, before_its_month(previous.newest, receipt), refused(previous, receipt))
    return previous.with_next(receipt), _faults(current, faults) + _backdated(previous, current)


def behind_gap(before: Link, current: Placed) -> tuple[Account, list[Finding]]:
    """A receipt ahead of which others are missing. Of twins before the gap, the first is believed."""
    receipt = current.receipt
    faults = chain(of_itself(receipt), sums.behind_gap(before.account, receipt), of_its_month(receipt))
    if receipt.type != ReceiptType.UPDATE:
        faults = chain(faults, refused(before.account.forgotten(receipt), receipt))
    return before.account.with_later(receipt), _faults(current, faults) + _backdated(before.account, current)


def _backdated(account: Account, current: Placed) -> list[Finding]:
    """A movement on a day before that of one with a lower number; what is missing between them changes nothing of it.

    Every movement has a day: debit, cancellation, overriding. An update has the bank's, and takes no part. The day is
    compared with the newest so far, so that behind one clock that was ahead every movement until that day is noted.
    Behind a break of the chain another history begins, and no day of the one before counts in it.
    """
    receipt = current.receipt
    if receipt.type == ReceiptType.UPDATE or receipt.timestamp_bytes[:3] >= account.day:
        return []
    detail = Text("one before it is of {day}", "ada yang lebih awal bertanggal {day}").filled(day=day(account.day))
    return [_finding(Problem.BACKDATED, current, "timestamp", detail)]


def _faults(current: Placed, faults: Iterable[Fault]) -> list[Finding]:
    """The first fault of each field."""
    found: dict[str, Finding] = {}
    for fault in faults:
        found.setdefault(fault.field, _finding(fault.problem, current, fault.field, fault.detail))
    return list(found.values())


def gap(current: Placed, newest: Receipt, tip: Tip | None, whole: bool) -> Iterator[Finding]:
    """What lies before a receipt and is not there: up to ``due`` it must be. The money is told once, for all of it."""
    receipt = current.receipt
    first, last = newest.seq + 1, receipt.seq - 1
    due = last if whole else min(last, tip.seq if tip else 0)
    spent = receipt.spent_total - receipt.moved - newest.spent_total
    for problem, low, high in ((Problem.MISSING, first, due), (Problem.NOT_HANDED_IN, max(first, due + 1), last)):
        if low <= high:
            told = spent if high == last else None
            detail = numbers(low, high) if told is None else _money(numbers(low, high), numbers(first, last), spent)
            yield Finding(problem, current.line, "seq", receipt.serial, low, detail, current.file, high - low + 1, told)


def _money(named: Text, all_of_it: Text, spent: int) -> Text:
    """What was spent in a gap; its numbers once more where ``named`` are not all of them."""
    where = NO_TEXT if named == all_of_it else Text(" in {it}", " di {it}").filled(it=all_of_it)
    text = Text("{named}; {spent} spent{where}", "{named}; belanja {spent}{where}")
    return text.filled(named=named, spent=rupiah(spent), where=where)


def check_tip(here: list[Link], tip: Tip) -> Iterator[Finding]:
    """The receipt with the tip's number must be the one that the card stated."""
    stated = here[0].placed
    if stated is not None and all(one.account.newest.mac != tip.mac for one in here):
        yield _finding(Problem.BROKEN_CHAIN, stated, "mac")


def missing_end(serial: bytes, reached: int, tip: Tip) -> Iterator[Finding]:
    """What the card has stated beyond the last of its receipts here, whose number is ``reached``; 0: there is none."""
    first, last = reached + 1, tip.seq
    if first <= last:
        yield Finding(Problem.MISSING, 0, "seq", serial, first, numbers(first, last), None, last - reached)


def _beside(one: Link) -> Text:
    return place(one.placed.line, one.placed.file) if one.placed else NO_TEXT


def _finding(problem: Problem, current: Placed, field: str, detail: Text = NO_TEXT) -> Finding:
    return finding_of(problem, current.receipt, current.line, current.file, field, detail)
