# SPDX-License-Identifier: Apache-2.0
"""The sums that run through a card's account: the floor of its PIN, and what companions have added to its limits.

Few receipts change either, so only those are looked at: the *events*. Behind each its value is found by
:func:`.scan.settled`, and before any row it is the one behind the newest event.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ssn_card.protocol.values import PinState, ReceiptType
from ssn_card.receipts.account import ANY

from .account import Accounts
from .fields import Bools, Ints, Places
from .scan import OPEN, latest, settled


class Raised(NamedTuple):
    """What companions have added to the limits of months, before some rows; the least of ``elsewhere`` is 0."""

    month: Ints
    low: Ints
    high: Ints
    elsewhere: Ints

    def least(self, month: Ints) -> Ints:
        """The least that they have added to a month's."""
        return np.where(month == self.month, self.low, 0)

    def most(self, month: Ints) -> Ints:
        """The most that they may have added."""
        return np.where(month == self.month, self.high, self.elsewhere)


def raised(accounts: Accounts, before: Places) -> Raised:
    """What companions have added before these rows."""
    overrides = accounts.kind == ReceiptType.OVERRIDE
    rows = np.flatnonzero(overrides | accounts.lost | accounts.first)
    override, lost, begins = overrides[rows], accounts.lost[rows], accounts.begins[rows]
    unseen = np.where(lost, accounts.raised_most_behind[rows], 0)

    now, entitlement = accounts.of(rows), accounts.of(accounts.entitlement[rows])
    month = np.where(override, now("month_of_day"), 0).take(latest(override | begins))
    elsewhere = np.where(override, 0, unseen)
    forgets = lost | begins
    start = np.where(forgets, unseen, np.roll(elsewhere, 1))
    forgets |= month != np.roll(month, 1)

    amount = np.where(override, now("amount"), 0)
    free = np.full(len(rows), OPEN)
    low = settled(amount, *_forgetting(forgets, amount, -free, free))
    most = np.where(accounts.known[rows], np.maximum(low, entitlement("override_max")), ANY)
    most = np.where(override, most, free)
    high = settled(amount, *_forgetting(forgets, start + amount, -free, most))
    return Raised(*(_newest(accounts, rows, values, before) for values in (month, low, high, elsewhere)))


def floor(accounts: Accounts, before: Places, *, high: bool) -> Ints:
    """Before these rows, one end of the range in which the balance lies below which a debit needs the PIN."""
    pin_state = accounts.fields("pin_state")[:-1]
    debit, cancels = accounts.kind == ReceiptType.DEBIT, accounts.kind == ReceiptType.CANCEL
    told = debit & (pin_state == PinState.GIVEN)
    below = debit & (pin_state == PinState.NOT_DUE) & high
    events = np.flatnonzero(accounts.update | accounts.lost | accounts.first | cancels | told | below)

    now, newest = accounts.of(events), accounts.of(accounts.newest[events])
    entitlement = accounts.of(accounts.entitlement[events])
    update, lost, known = accounts.update[events], accounts.lost[events], accounts.known[events]
    movement = known & ~update
    unknown = lost | (update & ~known)
    pin_above = entitlement("pin_above")
    due = now("balance_after") - np.where(update, now("pin_above"), pin_above)
    shift = now("granted_total") - newest("granted_total") + pin_above - now("pin_above")
    shift = np.where(update & ~unknown, shift, 0)

    told, cancels, below = movement & told[events], movement & cancels[events], movement & below[events]
    least = np.where(told | cancels, due, -OPEN)
    most = np.where(told, due, np.where(below, now("balance_after"), OPEN))
    if high:
        start = np.where(unknown, ANY, 0)
    else:
        start = np.where(unknown, np.where(update | known, due, -ANY), 0)
    behind = settled(shift, *_forgetting(unknown | accounts.first[events], start + shift, least, most))
    return _newest(accounts, events, behind, before)


def _forgetting(forgets: Bools, value: Ints, least: Ints, most: Ints) -> tuple[Ints, Ints]:
    """Bounds of steps of which some forget what was before, and begin with a value."""
    begun = np.clip(value, least, most)
    return np.where(forgets, begun, least), np.where(forgets, begun, most)


def _newest(accounts: Accounts, events: Places, behind: Ints, before: Places) -> Ints:
    """What stands behind the newest event before each of these rows; before a card's first, 0."""
    return np.where(accounts.first[before], 0, behind.take(events.searchsorted(before) - 1))
