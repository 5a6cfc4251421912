# SPDX-License-Identifier: Apache-2.0
"""Movements that the card would have refused under the entitlement that was in force, as far as that is known.

In the order of the card's own checks (docs/protocol.md, the purse). Behind a gap the month's limit and the PIN's floor
lie between bounds; what keeps to the wider one is not accused.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import LifeState, PinState, ReceiptType

from .account import Account
from .findings import Problem, at_least, at_most
from .receipt import Receipt
from .sums import Fault, day, month

_STATES = {
    LifeState.ISSUED: Text("the card was not active yet", "kartu belum aktif"),
    LifeState.BLOCKED: Text("the card was blocked", "kartu diblokir"),
    LifeState.TERMINATED: Text("the card was terminated", "kartu sudah diakhiri"),
}


def refused(account: Account, receipt: Receipt) -> Iterator[Fault]:
    """Why the card would have refused this movement.

    Args:
        account: before it; behind a gap :meth:`Account.with_later` of the receipt itself.
        receipt: no update.
    """
    entitlement = account.entitlement
    if entitlement is None:
        return
    yield from _for_any(entitlement, receipt)
    if receipt.type == ReceiptType.DEBIT:
        yield from _for_a_debit(account, entitlement, receipt)
    elif receipt.type == ReceiptType.OVERRIDE:
        raised = account.added(receipt.timestamp_bytes[:2])[0] + receipt.amount
        if raised > entitlement.override_max:
            yield _refusal("amount", _limit(Text("raised by", "dinaikkan"), raised, entitlement.override_max))


def before_its_month(newest: Receipt, receipt: Receipt) -> Iterator[Fault]:
    """A movement in a month before the card's."""
    if receipt.timestamp_bytes[:2] < newest.month:
        yield _refusal("timestamp", at_least(month(newest.month)))


def _for_any(entitlement: Receipt, receipt: Receipt) -> Iterator[Fault]:
    if entitlement.state != LifeState.ACTIVE:
        yield _refusal("update_seq", _STATES[LifeState(entitlement.state)])
    if receipt.timestamp_bytes[:3] > entitlement.valid_until_bytes:
        yield _refusal("timestamp", at_most(day(entitlement.valid_until_bytes)))


def _for_a_debit(account: Account, entitlement: Receipt, receipt: Receipt) -> Iterator[Fault]:
    if receipt.amount > entitlement.debit_max:
        yield _refusal("amount", at_most(rupiah(entitlement.debit_max)))
    if receipt.categories & ~entitlement.allowed_categories:
        yield _refusal("categories", Text("goods not allowed", "barang tidak boleh"))
    limit = entitlement.monthly_limit + account.added(receipt.month)[1]
    if receipt.month_spent_after > limit:
        spent = Text("spent in the month", "belanja bulan itu")
        yield _refusal("month_spent_after", _limit(spent, receipt.month_spent_after, limit))
    if receipt.pin_state == PinState.NOT_DUE and receipt.balance_after < account.floor[0]:
        due = Text("PIN due below {floor}", "PIN wajib di bawah {floor}")
        yield _refusal("pin_state", due.filled(floor=rupiah(account.floor[0])))


def _limit(what: Text, value: int, limit: int) -> Text:
    text = Text("{what} {value}, limit {limit}", "{what} {value}, batas {limit}")
    return text.filled(what=what, value=rupiah(value), limit=rupiah(limit))


def _refusal(field: str, detail: Text) -> Fault:
    return Fault(field, detail, Problem.REFUSED)
