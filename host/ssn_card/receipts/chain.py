# SPDX-License-Identifier: Apache-2.0
"""The sequence of one card's receipts: complete, linked, and adding up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.protocol.values import ReceiptType

from .findings import Finding, Problem, expected, numbers, place
from .receipt import Receipt
from .tips import Tip

_NO_MAC = bytes(8)
_TWINS = 16  #: receipts of one number that are told apart; no card is copied so often


class Placed(NamedTuple):
    """A genuine receipt and where it stands; ``order`` is the file's place among the files."""

    line: int
    receipt: Receipt
    file: str | None = None
    order: int = 0


class _Link(NamedTuple):
    """A receipt and what it and those before it say of the card; ``None`` where they do not."""

    placed: Placed | None
    mac: bytes
    balance: int
    spent: int
    month: bytes | None = None
    loaded: int | None = None


_BEGINNING = _Link(None, _NO_MAC, 0, 0, bytes(2), 0)


def check_chain(serial: bytes, placed: Iterable[Placed], tip: Tip | None, *, whole: bool = False) -> Iterator[Finding]:
    """Findings of one card's genuine receipts, sorted by ``seq``, no two alike.

    Several with one number are a copied card; each is followed, for it cannot be told which is the original's.

    Args:
        serial: the card.
        placed: its receipts; may be none.
        tip: where the sequence must reach, if known: what is missing up to there is ``MISSING``.
        whole: nothing was left with anybody else: every gap is ``MISSING``; else those that ``tip`` does not cover are
            ``NOT_HANDED_IN``. An end that is missing shows by ``tip`` only.
    """
    before: list[_Link] = [_BEGINNING]
    reached = 0
    for seq, group in groupby(placed, key=lambda one: one.receipt.seq):
        here: list[_Link] = []
        for current in _as_handed_in(group):
            if here:  # two genuine receipts with one number: the card was cloned or torn
                yield _finding(Problem.BROKEN_CHAIN, current, "seq", _beside(here[0]))
            elif seq > reached + 1:
                yield from _gap(current, reached + 1, seq - 1, tip, whole)
                before = []
            link, found = _linked(before, current)
            yield from found
            if len(here) < _TWINS:
                here.append(link)
        if tip is not None and seq == tip.seq:
            yield from _check_tip(here, tip)
        before, reached = here, seq
    if tip is not None and reached < tip.seq:
        yield _missing(Problem.MISSING, serial, reached + 1, tip.seq)


def _as_handed_in(group: Iterator[Placed]) -> Iterator[Placed]:
    """Receipts of one number in the order of files and lines, so that findings keep to one of the twins."""
    first = list(islice(group, _TWINS))
    yield from sorted(first, key=lambda one: (one.order, one.line)) if len(first) > 1 else first
    yield from group


def _linked(before: list[_Link], current: Placed) -> tuple[_Link, list[Finding]]:
    """A receipt behind one of those that may precede it; behind a gap there are none."""
    receipt = current.receipt
    previous = next((one for one in before if one.mac == receipt.previous_mac), None)
    found: list[Finding] = []
    if previous is not None:
        found = _check_sums(previous, current)
    elif before:
        found = [_finding(Problem.BROKEN_CHAIN, current, "previous_mac", _beside(before[0]))]
    known = previous or next(iter(before), None)
    month = known.month if known else None
    loaded = known.loaded if known else None
    if receipt.type in (ReceiptType.DEBIT, ReceiptType.CANCEL):  # a cancellation's month is its debit's
        month = receipt.month
    elif receipt.type == ReceiptType.UPDATE:
        loaded = receipt.loaded_total
    link = _Link(current, receipt.mac, receipt.balance_after, receipt.month_spent_after, month, loaded)
    return link, found


def _check_sums(previous: _Link, current: Placed) -> list[Finding]:
    receipt = current.receipt
    balance, spent = _expected(receipt, previous)
    found = _check_cancelled(previous, current) if receipt.type == ReceiptType.CANCEL else []
    if balance is not None and receipt.balance_after != balance:
        found.append(_finding(Problem.WRONG_ARITHMETIC, current, "balance_after", expected(balance)))
    if spent is not None and receipt.month_spent_after != spent:
        found.append(_finding(Problem.WRONG_ARITHMETIC, current, "month_spent_after", expected(spent)))
    return found


def _check_cancelled(previous: _Link, current: Placed) -> list[Finding]:
    """A cancellation undoes the receipt before it, a debit, and repeats what that says."""
    receipt, debit = current.receipt, previous.placed.receipt if previous.placed else None
    if debit is None or debit.type != ReceiptType.DEBIT or receipt.cancelled_mac != debit.mac:
        return [_finding(Problem.BROKEN_CHAIN, current, "cancelled_mac", _beside(previous))]
    for name in ("amount", "categories", "terminal_id"):
        if getattr(receipt, name) != getattr(debit, name):
            return [_finding(Problem.WRONG_ARITHMETIC, current, name, expected(getattr(debit, name)))]
    return [] if receipt.month == debit.month else [_finding(Problem.WRONG_ARITHMETIC, current, "timestamp")]


def _expected(receipt: Receipt, before: _Link) -> tuple[int | None, int | None]:
    """Balance and month's spending that must follow (docs/protocol.md, chain); ``None`` where it cannot be known."""
    if receipt.type == ReceiptType.DEBIT:
        balance = before.balance - receipt.amount
        if before.month is None:
            return balance, None
        return balance, (before.spent if receipt.month == before.month else 0) + receipt.amount
    if receipt.type == ReceiptType.CANCEL:
        return before.balance + receipt.amount, before.spent - receipt.amount
    if receipt.type == ReceiptType.OVERRIDE:
        return before.balance, before.spent
    return None if before.loaded is None else before.balance + receipt.loaded_total - before.loaded, before.spent


def _gap(current: Placed, first: int, last: int, tip: Tip | None, whole: bool) -> Iterator[Finding]:
    """What lies before a receipt and is not there: up to ``due`` it must be."""
    due = last if whole else min(last, tip.seq if tip else 0)
    for problem, low, high in ((Problem.MISSING, first, due), (Problem.NOT_HANDED_IN, max(first, due + 1), last)):
        if low <= high:
            yield _missing(problem, current.receipt.serial, low, high, current)


def _check_tip(here: list[_Link], tip: Tip) -> Iterator[Finding]:
    """The receipt with the tip's number must be the one that the card stated."""
    stated = here[0].placed
    if stated is not None and all(one.mac != tip.mac for one in here):
        yield _finding(Problem.BROKEN_CHAIN, stated, "mac")


def _missing(problem: Problem, serial: bytes, first: int, last: int, behind: Placed | None = None) -> Finding:
    line, file = (behind.line, behind.file) if behind else (0, None)
    return Finding(problem, line, "seq", serial, first, numbers(first, last), file, last - first + 1)


def _beside(one: _Link) -> Text:
    return place(one.placed.line, one.placed.file) if one.placed else NO_TEXT


def _finding(problem: Problem, current: Placed, field: str, detail: Text = NO_TEXT) -> Finding:
    receipt = current.receipt
    return Finding(problem, current.line, field, receipt.serial, receipt.seq, detail, current.file)
