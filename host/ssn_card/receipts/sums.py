# SPDX-License-Identifier: Apache-2.0
"""What a genuine receipt must say, given itself and what is known before it: totals, month, counts, versions.

Nobody without the RECEIPT key can make a receipt that fails here, and no card makes one: it betrays a stolen key, or a
broken card. Each fault names a field by the name of the receipt's type (docs/protocol.md, how to verify a chain).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState, PinState, ReceiptType

from .account import NO_MONTH, Account
from .findings import Problem, at_least, at_most, between, expected
from .receipt import Receipt


class Fault(NamedTuple):
    """A field that is not as it must be; ``detail`` holds what was expected."""

    field: str
    detail: Text = NO_TEXT
    problem: Problem = Problem.WRONG_ARITHMETIC


def of_itself(receipt: Receipt) -> Iterator[Fault]:
    """Fields of one receipt that do not fit each other."""
    if receipt.balance_after > receipt.granted_total:
        yield Fault("balance_after", at_most(receipt.granted_total))
    if receipt.type == ReceiptType.UPDATE:
        yield from _of_an_entitlement(receipt)
        return
    if receipt.type != ReceiptType.OVERRIDE and receipt.month != receipt.timestamp_bytes[:2]:
        yield Fault("month", expected(month(receipt.timestamp_bytes[:2])))


def of_its_month(receipt: Receipt) -> Iterator[Fault]:
    """No more is spent in a month than ever: looked at last, where what goes before does not say it more exactly."""
    if receipt.month_spent_after > max(receipt.spent_total, 0):
        yield Fault("month_spent_after", at_most(max(receipt.spent_total, 0)))


def _of_an_entitlement(receipt: Receipt) -> Iterator[Fault]:
    left = receipt.loaded_total - receipt.expired_total
    if left < 0:
        yield Fault("expired_total", at_most(receipt.loaded_total))
    elif receipt.balance_after > left:
        yield Fault("balance_after", at_most(left))
    elif not left <= receipt.granted_total <= receipt.loaded_total:
        yield Fault("granted_total", between(left, receipt.loaded_total))
    if receipt.monthly_limit + receipt.override_max > MAX_AMOUNT:
        yield Fault("override_max", at_most(MAX_AMOUNT - receipt.monthly_limit))


def following(account: Account, receipt: Receipt) -> Iterator[Fault]:
    """Against the receipt just before it."""
    if receipt.type == ReceiptType.CANCEL:
        yield from _of_the_cancelled(account.newest, receipt)
    if receipt.type == ReceiptType.UPDATE:
        yield from _of_an_update(account, receipt)
    else:
        yield from _of_a_movement(account.newest, receipt)
    yield from _of_versions(account, receipt)
    yield from _of_the_pin(account, receipt)


def behind_gap(account: Account, receipt: Receipt) -> Iterator[Fault]:
    """Against a receipt between which and this one others are missing: what holds whatever those were."""
    newest, updated = account.newest, receipt.type == ReceiptType.UPDATE
    if receipt.update_seq < newest.update_seq + updated:
        yield Fault("update_seq", at_least(newest.update_seq + updated))
        return
    spent = receipt.spent_total - newest.spent_total
    least = max(receipt.moved, 0) - _takes_back(newest)
    if spent < least:
        yield Fault("balance_after", at_most(receipt.balance_after + spent - least))
    elif receipt.update_seq == newest.update_seq:
        yield from _under_one_entitlement(newest, receipt, spent)
    if updated:
        yield from _of_totals(account.stated, receipt)
    yield from _of_versions(account, receipt)
    if receipt.type != ReceiptType.UPDATE and receipt.pin_state == PinState.NONE and _has_pin(account):
        yield Fault("pin_state")


def _takes_back(newest: Receipt) -> int:
    """How much the first of the missing receipts may give back."""
    return newest.amount if newest.type == ReceiptType.DEBIT else 0


def _under_one_entitlement(newest: Receipt, receipt: Receipt, spent: int) -> Iterator[Fault]:
    """No update among those missing: the month only goes on, and what was spent in one month adds up."""
    if receipt.granted_total != newest.granted_total:
        yield Fault("granted_total", expected(newest.granted_total))
    elif receipt.month < newest.month:
        yield Fault("month", at_least(month(newest.month)))
    elif receipt.month == newest.month and receipt.month_spent_after != newest.month_spent_after + spent:
        yield Fault("month_spent_after", expected(newest.month_spent_after + spent))
    elif receipt.month_spent_after > spent + _takes_back(newest) and receipt.month != newest.month:
        yield Fault("month_spent_after", at_most(spent + _takes_back(newest)))


def _of_the_cancelled(debit: Receipt, receipt: Receipt) -> Iterator[Fault]:
    """A cancellation undoes the receipt before it, a debit, and repeats what that says."""
    if debit.type != ReceiptType.DEBIT or receipt.cancelled_mac != debit.mac:
        yield Fault("cancelled_mac", problem=Problem.BROKEN_CHAIN)
        return
    for name in ("amount", "categories", "terminal_id"):
        if getattr(receipt, name) != getattr(debit, name):
            yield Fault(name, expected(getattr(debit, name)))
            return


def _of_a_movement(newest: Receipt, receipt: Receipt) -> Iterator[Fault]:
    own = receipt.timestamp_bytes[:2] if receipt.type == ReceiptType.DEBIT else newest.month
    spent = receipt.moved + (newest.month_spent_after if own == newest.month else 0)
    yield from _differing(
        receipt,
        update_seq=newest.update_seq,
        granted_total=newest.granted_total,
        balance_after=newest.balance_after - receipt.moved,
        month_spent_after=spent,
    )
    if receipt.type != ReceiptType.DEBIT and receipt.month != newest.month:
        yield Fault("month", expected(month(newest.month)))


def _of_an_update(account: Account, receipt: Receipt) -> Iterator[Fault]:
    newest, old = account.newest, account.entitlement
    if receipt.update_seq <= newest.update_seq:
        yield Fault("update_seq", at_least(newest.update_seq + 1))
    yield from _of_totals(account.stated, receipt)
    balance = receipt.balance_after
    if old is not None:
        balance = min(
            newest.balance_after + receipt.loaded_total - old.loaded_total, receipt.loaded_total - receipt.expired_total
        )
    yield from _differing(
        receipt,
        balance_after=balance,
        granted_total=newest.spent_total + balance,
        month_spent_after=newest.month_spent_after,
    )
    mended = old is None or receipt.mend_count > old.mend_count
    if receipt.month != newest.month and not (mended and NO_MONTH < receipt.month < newest.month):
        yield Fault("month", (at_most if mended else expected)(month(newest.month)))


def _of_totals(stated: Receipt, receipt: Receipt) -> Iterator[Fault]:
    """What no update makes smaller."""
    for name in ("loaded_total", "expired_total", "pin_count", "mend_count"):
        if getattr(receipt, name) < getattr(stated, name):
            yield Fault(name, at_least(getattr(stated, name)))
    if stated.key_selection & ~receipt.key_selection:
        yield Fault("key_selection", expected(stated.key_selection | receipt.key_selection))
    if stated.state == LifeState.TERMINATED != receipt.state:
        yield Fault("state", expected(int(LifeState.TERMINATED)))


def _of_versions(account: Account, receipt: Receipt) -> Iterator[Fault]:
    """RECEIPT changes its version once: behind the update that moves it on."""
    newest = account.newest
    if newest.seq == 0:
        return
    one_entitlement = receipt.update_seq == newest.update_seq or receipt.seq == newest.seq + 1
    moved_before = bool(account.stated.key_selection & KeySelection.RECEIPT)
    if account.moved_on is False and (one_entitlement or moved_before):
        if receipt.key_version != newest.key_version:
            yield Fault("key_version", expected(newest.key_version))
    elif account.moved_on and receipt.key_version == newest.key_version:
        yield Fault("key_version")


def _of_the_pin(account: Account, receipt: Receipt) -> Iterator[Fault]:
    """A card gets a PIN where an update has let its holder choose one, and never loses it."""
    if receipt.type == ReceiptType.UPDATE:
        return
    without = receipt.pin_state == PinState.NONE
    if (without and _has_pin(account)) or (not without and account.pin == PinState.NONE and not account.chosen):
        yield Fault("pin_state")


def _has_pin(account: Account) -> bool:
    return account.pin is not None and account.pin != PinState.NONE


def _differing(receipt: Receipt, **values: int) -> Iterator[Fault]:
    for name, value in values.items():
        if getattr(receipt, name) != value:
            yield Fault(name, expected(value))


def month(value: bytes) -> str:
    """``2025-10``, for a detail; ``-`` for none."""
    digits = value.hex()
    return "-" if value == NO_MONTH else f"20{digits[:2]}-{digits[2:]}"


def day(value: bytes) -> str:
    """``2025-10-03``, for a detail."""
    return f"{month(value[:2])}-{value[2:].hex()}"
