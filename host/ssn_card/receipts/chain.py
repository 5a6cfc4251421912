# SPDX-License-Identifier: Apache-2.0
"""The sequence of one card's receipts: complete, linked, and adding up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ssn_card.protocol.layouts import UPDATE_RECEIPT
from ssn_card.protocol.values import ReceiptType, UpdateFlag

from .findings import Finding, Problem
from .receipt import Receipt

_UPDATE_FLAGS = UPDATE_RECEIPT.offset("flags")


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest receipt of a card, as the card itself stated it (GET STATUS): what a whole sequence ends in."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """A genuine receipt and the line it stands in."""

    line: int
    receipt: Receipt


@dataclass(slots=True)
class _State:
    """What the receipts so far say of the card; ``None`` where they do not."""

    month: bytes | None = None
    loaded: int | None = None


def check_chain(serial: bytes, placed: Sequence[Placed], tip: Tip | None) -> Iterator[Finding]:
    """Findings of one card's genuine receipts, sorted by ``seq``, no two alike.

    Args:
        serial: the card.
        placed: its receipts; may be none.
        tip: where the sequence must end, if known; without it receipts missing at the end cannot be seen.
    """
    state = _State()
    previous: Placed | None = None
    for current in placed:
        expected = previous.receipt.seq + 1 if previous else 1
        if current.receipt.seq > expected:
            yield _missing(current, expected, current.receipt.seq - 1)
            state = _State()
        elif current.receipt.seq < expected:  # two genuine receipts with one number: the card was cloned or torn
            yield _finding(Problem.BROKEN_CHAIN, current, "seq")
            continue
        else:
            yield from _check_link(previous.receipt if previous else None, current, state)
        _learn(state, current.receipt)
        previous = current
    if tip is not None:
        yield from _check_end(serial, previous, tip)


def _check_link(previous: Receipt | None, current: Placed, state: _State) -> Iterator[Finding]:
    receipt = current.receipt
    if receipt.previous_mac != (previous.mac if previous else bytes(8)):
        yield _finding(Problem.BROKEN_CHAIN, current, "previous_mac")
        return
    balance = previous.balance_after if previous else 0
    spent = previous.month_spent_after if previous else 0
    if previous is None:
        state.month, state.loaded = bytes(2), 0
    expected_balance, expected_spent = _expected(receipt, balance, spent, state)
    if expected_balance is not None and receipt.balance_after != expected_balance:
        yield _finding(Problem.WRONG_ARITHMETIC, current, "balance_after", f"expected {expected_balance}")
    if expected_spent is not None and receipt.month_spent_after != expected_spent:
        yield _finding(Problem.WRONG_ARITHMETIC, current, "month_spent_after", f"expected {expected_spent}")


def _expected(receipt: Receipt, balance: int, spent: int, state: _State) -> tuple[int | None, int | None]:
    """Balance and month's spending that must follow (docs/protocol.md, chain); ``None`` where it cannot be known."""
    if receipt.type == ReceiptType.DEBIT:
        if state.month is None:
            return balance - receipt.amount, None
        before = spent if receipt.month == state.month else 0
        return balance - receipt.amount, before + receipt.amount
    if receipt.type == ReceiptType.CANCEL:
        return balance + receipt.amount, spent - receipt.amount
    if receipt.type == ReceiptType.OVERRIDE:
        return balance, spent
    if receipt.raw[_UPDATE_FLAGS] & UpdateFlag.FORFEIT:
        return 0, spent
    return None if state.loaded is None else balance + receipt.amount - state.loaded, spent


def _learn(state: _State, receipt: Receipt) -> None:
    if receipt.type == ReceiptType.DEBIT:
        state.month = receipt.month
    elif receipt.type == ReceiptType.UPDATE:
        state.loaded = receipt.amount


def _check_end(serial: bytes, last: Placed | None, tip: Tip) -> Iterator[Finding]:
    reached = last.receipt.seq if last else 0
    if reached < tip.seq:
        yield Finding(Problem.MISSING, 0, "seq", serial, reached + 1, f"{reached + 1} to {tip.seq}")
    elif last is not None and reached == tip.seq and last.receipt.mac != tip.mac:
        yield _finding(Problem.BROKEN_CHAIN, last, "mac")


def _missing(current: Placed, first: int, last: int) -> Finding:
    numbers = f"{first}" if first == last else f"{first} to {last}"
    return Finding(Problem.MISSING, current.line, "seq", current.receipt.serial, first, numbers)


def _finding(problem: Problem, current: Placed, field: str, detail: str = "") -> Finding:
    return Finding(problem, current.line, field, current.receipt.serial, current.receipt.seq, detail)
