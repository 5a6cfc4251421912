# SPDX-License-Identifier: Apache-2.0
"""The sums that run through a card's account: the floor of its PIN, and what companions have added to its limits.

Few receipts change either, so only those are looked at: the *events*. Behind each its value is found by
:func:`.scan.settled`, and before any row it is the one behind the newest event.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ssn_card.protocol.values import PinState
from ssn_card.receipts.account import ANY

from .account import Accounts
from .fields import CANCEL, DEBIT, OVERRIDE, Bools, Ints, Places
from .scan import OPEN, latest, settled

_GIVEN, _NOT_DUE = int(PinState.GIVEN), int(PinState.NOT_DUE)


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
    """Before these rows, what companions have added."""
    overrides = accounts.kind == OVERRIDE
    rows = np.flatnonzero(accounts.cards_of(before) & (overrides | accounts.lost | accounts.first))
    override, lost, begins = overrides[rows], accounts.lost[rows], accounts.begins[rows]
    unseen = np.where(lost, accounts.raised_most_behind[rows], 0)

    now, entitlement = accounts.of(rows), accounts.of(accounts.entitlement[rows])
    # A card remembers one month that was raised. Where nothing is known of what goes before, nor of any other month,
    # the sums begin with what may be unseen; where another month is raised, with what there is elsewhere.
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
    cancels = accounts.kind == CANCEL
    given, not_due = (
        (accounts.kind == DEBIT) & (accounts.fields("pin_state")[:-1] == state) for state in (_GIVEN, _NOT_DUE)
    )
    changes = accounts.first | accounts.lost | accounts.update | cancels | given
    if high:
        changes |= not_due  # it proves that no more than this was due, and nothing of the least
    rows = np.flatnonzero(accounts.cards_of(before) & changes)

    now, newest = accounts.of(rows), accounts.of(accounts.newest[rows])
    pin_above = accounts.of(accounts.entitlement[rows])("pin_above")
    update, known = accounts.update[rows], accounts.known[rows]
    unknown = accounts.lost[rows] | (update & ~known)  # what it was until then
    balance = now("balance_after")
    due = balance - np.where(update, now("pin_above"), pin_above)
    start = np.where(unknown, ANY if high else np.where(update | known, due, -ANY), 0)
    raised_by = now("granted_total") - newest("granted_total") + pin_above - now("pin_above")
    raised_by = np.where(update & ~unknown, raised_by, 0)

    cancels, given, not_due = (known & one[rows] for one in (cancels, given, not_due))
    least = np.where(given | cancels, due, -OPEN)
    most = np.where(given, due, np.where(not_due, balance, OPEN))
    behind = settled(raised_by, *_forgetting(unknown | accounts.first[rows], start + raised_by, least, most))
    return _newest(accounts, rows, behind, before)


def _forgetting(forgets: Bools, value: Ints, least: Ints, most: Ints) -> tuple[Ints, Ints]:
    """Bounds of steps of which some forget what was before, and begin with a value."""
    begun = np.clip(value, least, most)
    return np.where(forgets, begun, least), np.where(forgets, begun, most)


def _newest(accounts: Accounts, events: Places, behind: Ints, before: Places) -> Ints:
    """What stands behind the newest event before each of these rows; before a card's first, 0."""
    return np.where(accounts.first[before], 0, behind.take(events.searchsorted(before) - 1))
