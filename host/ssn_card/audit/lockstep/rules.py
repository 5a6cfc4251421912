# SPDX-License-Identifier: Apache-2.0
"""Where :mod:`ssn_card.receipts.sums` and ``refusals`` have something to say, in their order and by their names.

Each function says of some rows, without a card's receipts of one number, whether anything is wrong; what it is, those
modules say.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState, PinState

from .account import NONE, Accounts
from .carried import floor, raised
from .fields import CANCEL, DEBIT, OVERRIDE, UPDATE, At, Bools, Ints, Places, places

_RECEIPT = int(KeySelection.RECEIPT)
_ACTIVE, _TERMINATED = int(LifeState.ACTIVE), int(LifeState.TERMINATED)
_NOT_DUE, _WITHOUT = int(PinState.NOT_DUE), int(PinState.NONE)
_TOTALS = ("loaded_total", "expired_total", "pin_count", "mend_count")


class _Here(NamedTuple):
    """Some rows: their receipts, those before them, and those of the updates in force."""

    accounts: Accounts
    rows: Places | slice
    now: At
    newest: At
    entitlement: At

    @classmethod
    def among(cls, accounts: Accounts, which: Bools) -> _Here:
        rows, at = places(which), accounts.of
        return cls(accounts, rows, at(rows), at(accounts.newest[rows]), at(accounts.entitlement[rows]))

    def differs(self, *names: str) -> Bools:
        """From the receipt before."""
        return _any(*(self.now(name) != self.newest(name) for name in names))

    def some(self, which: Bools) -> Places:
        """Where those of them are among all rows."""
        return self.accounts.rows[self.rows][which]

    @property
    def known(self) -> Bools:
        """Whether the entitlement is."""
        return self.accounts.known[self.rows]


def broken(accounts: Accounts) -> Bools:
    """The rows, (n,), of which the judge has something to say but for gaps, links and days."""
    wrong = np.zeros_like(accounts.first)
    update, gap, link = accounts.update, accounts.gap, accounts.link
    plain = ~accounts.lost
    for which, rule in (
        (~wrong, _of_itself),
        (update, _of_an_entitlement),
        (plain & (accounts.kind == CANCEL), _of_the_cancelled),
        (plain & update, _of_an_update),
        (plain & ~update, _of_a_movement),
        (~link & _may_be_of_another_version(accounts), _of_versions),
        (~link & ~update & _may_be_without_the_pin(accounts), _of_the_pin),
        (gap, _behind_gap),
        (~link & ~update & accounts.known, _refused),
    ):
        here = _Here.among(accounts, which)
        wrong[here.rows] |= which[here.rows] & rule(here)
    return wrong


def backdated(accounts: Accounts) -> Bools:
    """Movements, (n,), on a day before that of one with a lower number."""
    wrong: Bools = ~accounts.link & ~accounts.update & (accounts.fields("day")[:-1] < accounts.day)
    return wrong


def _of_itself(here: _Here) -> Bools:
    """What any receipt must say, and of the month also what is looked at last."""
    now = here.now
    in_month = (now("type") == DEBIT) | (now("type") == CANCEL)
    return _any(
        now("balance_after") > now("granted_total"),
        in_month & (now("month") != now("month_of_day")),
        now("month_spent_after") > np.maximum(now("spent_total"), 0),
    )


def _of_an_entitlement(here: _Here) -> Bools:
    now = here.now
    loaded, granted = now("loaded_total"), now("granted_total")
    left = loaded - now("expired_total")
    return _any(
        now("balance_after") > left,  # also where more has expired than was loaded
        granted < left,
        granted > loaded,
        now("monthly_limit") + now("override_max") > MAX_AMOUNT,
    )


def _of_the_cancelled(here: _Here) -> Bools:
    now, debit = here.now, here.newest
    return _any(
        debit("type") != DEBIT,
        now("cancelled_mac") != debit("mac"),
        here.differs("amount", "categories", "terminal_id"),
    )


def _of_a_movement(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    debit, month, moved = now("type") == DEBIT, newest("month"), now("moved")
    same_month = ~debit | (now("month_of_day") == month)
    return _any(
        here.differs("update_seq", "granted_total"),
        now("balance_after") != newest("balance_after") - moved,
        now("month_spent_after") != moved + np.where(same_month, newest("month_spent_after"), 0),
        ~debit & (now("month") != month),
        now("month_of_day") < month,  # refusals.before_its_month
    )


def _of_an_update(here: _Here) -> Bools:
    now, newest, old, known = here.now, here.newest, here.entitlement, here.known
    loaded, month = now("loaded_total"), now("month")
    balance = np.minimum(newest("balance_after") + loaded - old("loaded_total"), loaded - now("expired_total"))
    balance = np.where(known, balance, now("balance_after"))
    mended = ~known | (now("mend_count") > old("mend_count"))
    return _any(
        now("update_seq") <= newest("update_seq"),
        _of_totals(here),
        now("balance_after") != balance,
        now("granted_total") != newest("spent_total") + balance,
        here.differs("month_spent_after"),
        here.differs("month") & ~(mended & (month > 0) & (month < newest("month"))),
    )


def _of_totals(here: _Here) -> Bools:
    """The newest update in hand is also looked at where its entitlement is no longer in force."""
    now, stated = here.now, here.entitlement
    return _any(
        *(now(name) < stated(name) for name in _TOTALS),
        stated("key_selection") & ~now("key_selection") != 0,
        (stated("state") == _TERMINATED) & (now("state") != _TERMINATED),
    )


def _may_be_of_another_version(accounts: Accounts) -> Bools:
    """Behind another version, or behind an update that may have moved RECEIPT on."""
    fields = accounts.fields
    moves = (fields("type") == UPDATE) & (fields("key_selection") & _RECEIPT != 0)
    wrong: Bools = moves.take(accounts.newest) | (fields("key_version")[:-1] != accounts.at_newest("key_version"))
    return wrong


def _of_versions(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    moved_on = here.accounts.moved_on[here.rows]
    one_entitlement = (now("update_seq") == newest("update_seq")) | ~here.accounts.gap[here.rows]
    moved_before = here.entitlement("key_selection") & _RECEIPT != 0
    stays = (moved_on == 0) & (one_entitlement | moved_before)
    other = here.differs("key_version")
    wrong: Bools = (here.accounts.newest[here.rows] != NONE) & np.where(moved_on == 1, ~other, stays & other)
    return wrong


def _may_be_without_the_pin(accounts: Accounts) -> Bools:
    """One of the movement and the movement before it says that the card has no PIN."""
    without = accounts.fields("pin_state")[:-1] == _WITHOUT
    wrong: Bools = (accounts.pin != NONE) & (without != (accounts.pin == _WITHOUT))
    return wrong


def _of_the_pin(here: _Here) -> Bools:
    """A PIN is never lost; it is got where it may have been chosen, be it behind a gap."""
    may_be = here.accounts.gap[here.rows] | (here.accounts.chosen[here.rows] != 0)
    wrong: Bools = (here.now("pin_state") == _WITHOUT) | ~may_be
    return wrong


def _behind_gap(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    update = now("type") == UPDATE
    spent = now("spent_total") - newest("spent_total")
    takes_back = np.where(newest("type") == DEBIT, newest("amount"), 0)
    same = now("update_seq") == newest("update_seq")
    return _any(
        now("update_seq") < newest("update_seq") + update,
        spent < np.maximum(now("moved"), 0) - takes_back,
        same & _under_one_entitlement(here, spent, takes_back),
        update & _of_totals(here),
    )


def _under_one_entitlement(here: _Here, spent: Ints, takes_back: Ints) -> Bools:
    now, newest = here.now, here.newest
    month, in_month = now("month"), now("month_spent_after")
    same_month = month == newest("month")
    return _any(
        here.differs("granted_total"),
        month < newest("month"),
        np.where(same_month, in_month != newest("month_spent_after") + spent, in_month > spent + takes_back),
    )


def _refused(here: _Here) -> Bools:
    """Movements under an entitlement that is known."""
    now, entitlement = here.now, here.entitlement
    debit = now("type") == DEBIT
    return _any(
        entitlement("state") != _ACTIVE,
        now("day") > entitlement("valid_until"),
        debit & (now("amount") > entitlement("debit_max")),
        debit & (now("categories") & ~entitlement("allowed_categories") != 0),
        _over_a_limit(here, debit),
        _without_the_pin(here, debit),
    )


def _over_a_limit(here: _Here, debit: Bools) -> Bools:
    """Debits over the month's limit, and overridings that raise it by too much."""
    wrong = debit & (here.now("month_spent_after") > here.entitlement("monthly_limit"))
    some = here.known & (wrong | (here.now("type") == OVERRIDE))  # what companions have added matters to these alone
    rows, accounts = here.some(some), here.accounts
    now, entitlement = accounts.of(rows), accounts.of(accounts.entitlement[rows])
    gap, added = accounts.gap[rows], raised(accounts, rows)
    least = np.where(gap, 0, added.least(now("month_of_day")))
    most = np.where(gap, accounts.raised_most_behind[rows], added.most(now("month")))
    wrong[some] = np.where(
        now("type") == OVERRIDE,
        least + now("amount") > entitlement("override_max"),
        now("month_spent_after") > most + entitlement("monthly_limit"),
    )
    return wrong


def _without_the_pin(here: _Here, debit: Bools) -> Bools:
    """Debits that needed it; behind a gap it may have been given."""
    accounts = here.accounts
    without = here.known & debit & (here.now("pin_state") == _NOT_DUE) & ~accounts.gap[here.rows]
    rows = here.some(without)
    without[without] = accounts.of(rows)("balance_after") < floor(accounts, rows, high=False)
    wrong: Bools = without
    return wrong


def _any(*wrong: Bools) -> Bools:
    return reduce(or_, wrong)
