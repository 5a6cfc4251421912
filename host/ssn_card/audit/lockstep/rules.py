# SPDX-License-Identifier: Apache-2.0
"""Where :mod:`ssn_card.receipts.sums` and ``refusals`` have something to say, in their order and by their names.

Each function says of some rows, without a card's receipts of one number, whether anything is wrong; what it is, those
modules say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState, PinState, ReceiptType

from .account import NONE, Accounts
from .carried import floor, raised
from .fields import At, Bools, Ints, Places

_TOTALS = ("loaded_total", "expired_total", "pin_count", "mend_count")


class _Here(NamedTuple):
    """Some rows: their receipts, those before them, and those of the updates in force."""

    accounts: Accounts
    rows: Places
    now: At
    newest: At
    entitlement: At

    @classmethod
    def among(cls, accounts: Accounts, which: Bools) -> _Here:
        rows = np.flatnonzero(which)
        at = accounts.of
        return cls(accounts, rows, at(rows), at(accounts.newest[rows]), at(accounts.entitlement[rows]))

    def differs(self, *names: str) -> Bools:
        """From the receipt before."""
        return _any(*(self.now(name) != self.newest(name) for name in names))

    @property
    def known(self) -> Bools:
        """Whether the entitlement is."""
        return self.accounts.known[self.rows]


def broken(accounts: Accounts) -> Bools:
    """The rows, (n,), of which the judge has something to say but for gaps, links and days."""
    wrong = _of_itself(accounts) | _of_its_month(accounts)
    update, gap, link = accounts.update, accounts.gap, accounts.link
    plain = ~accounts.lost
    for which, rule in (
        (update, _of_an_entitlement),
        (plain & (accounts.kind == ReceiptType.CANCEL), _of_the_cancelled),
        (plain & update, _of_an_update),
        (plain & ~update, _of_a_movement),
        (~link, _of_versions),
        (~link & ~update, _of_the_pin),
        (gap, _behind_gap),
        (~link & ~update & accounts.known, _refused),
    ):
        here = _Here.among(accounts, which)
        wrong[here.rows] |= rule(here)
    return wrong


def backdated(accounts: Accounts) -> Bools:
    """Movements, (n,), on a day before that of one with a lower number."""
    return ~accounts.link & ~accounts.update & (accounts.fields("day")[:-1] < accounts.day)


def _of_itself(accounts: Accounts) -> Bools:
    fields, kind = accounts.fields, accounts.kind
    in_month = (kind == ReceiptType.DEBIT) | (kind == ReceiptType.CANCEL)
    wrong = fields("balance_after") > fields("granted_total")
    return wrong[:-1] | (in_month & (fields("month") != fields("month_of_day"))[:-1])


def _of_its_month(accounts: Accounts) -> Bools:
    fields = accounts.fields
    return (fields("month_spent_after") > np.maximum(fields("spent_total"), 0))[:-1]


def _of_an_entitlement(here: _Here) -> Bools:
    now = here.now
    loaded, granted = now("loaded_total"), now("granted_total")
    left = loaded - now("expired_total")
    return _any(
        left < 0,
        now("balance_after") > left,
        granted < left,
        granted > loaded,
        now("monthly_limit") + now("override_max") > MAX_AMOUNT,
    )


def _of_the_cancelled(here: _Here) -> Bools:
    now, debit = here.now, here.newest
    return _any(
        debit("type") != ReceiptType.DEBIT,
        now("cancelled_mac") != debit("mac"),
        here.differs("amount", "categories", "terminal_id"),
    )


def _of_a_movement(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    debit, month, moved = now("type") == ReceiptType.DEBIT, newest("month"), now("moved")
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
        (stated("state") == LifeState.TERMINATED) & (now("state") != LifeState.TERMINATED),
    )


def _of_versions(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    moved_on = here.accounts.moved_on[here.rows]
    one_entitlement = (now("update_seq") == newest("update_seq")) | ~here.accounts.gap[here.rows]
    moved_before = here.entitlement("key_selection") & KeySelection.RECEIPT != 0
    stays = (moved_on == 0) & (one_entitlement | moved_before)
    other = here.differs("key_version")
    return (here.accounts.newest[here.rows] != NONE) & np.where(moved_on == 1, ~other, stays & other)


def _of_the_pin(here: _Here) -> Bools:
    """Behind a gap a PIN may have been chosen."""
    before = here.accounts.pin[here.rows]
    without = here.now("pin_state") == PinState.NONE
    chosen = here.accounts.chosen[here.rows] | here.accounts.gap[here.rows]
    has_pin = (before != NONE) & (before != PinState.NONE)
    return np.where(without, has_pin, (before == PinState.NONE) & (chosen == 0))


def _behind_gap(here: _Here) -> Bools:
    now, newest = here.now, here.newest
    update = now("type") == ReceiptType.UPDATE
    spent = now("spent_total") - newest("spent_total")
    takes_back = np.where(newest("type") == ReceiptType.DEBIT, newest("amount"), 0)
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
    debit = now("type") == ReceiptType.DEBIT
    wrong = (entitlement("state") != LifeState.ACTIVE) | (now("day") > entitlement("valid_until"))
    wrong |= debit & (now("amount") > entitlement("debit_max"))
    wrong |= debit & (now("categories") & ~entitlement("allowed_categories") != 0)
    wrong |= _over_a_limit(here, debit)
    wrong |= _without_the_pin(here, debit)
    return wrong


def _over_a_limit(here: _Here, debit: Bools) -> Bools:
    """Debits over the month's limit, and overridings that raise it by too much."""
    spent, limit = here.now("month_spent_after"), here.entitlement("monthly_limit")
    wrong = debit & (spent > limit)
    override = here.now("type") == ReceiptType.OVERRIDE
    some = np.flatnonzero(wrong | override)  # what companions have added matters to these alone
    rows, override = here.rows[some], override[some]
    now, gap, added = here.accounts.of(rows), here.accounts.gap[rows], raised(here.accounts, rows)
    least = np.where(gap, 0, added.least(now("month_of_day"))) + now("amount")
    most = np.where(gap, here.accounts.raised_most_behind[rows], added.most(now("month"))) + limit[some]
    wrong[some] = np.where(override, least > here.entitlement("override_max")[some], spent[some] > most)
    return wrong


def _without_the_pin(here: _Here, debit: Bools) -> Bools:
    """Behind a gap the PIN may have been given in it."""
    without = debit & (here.now("pin_state") == PinState.NOT_DUE) & ~here.accounts.gap[here.rows]
    some = np.flatnonzero(without)
    rows = here.rows[some]
    without[some] = here.accounts.of(rows)("balance_after") < floor(here.accounts, rows, high=False)
    return without


def _any(*wrong: Bools) -> Bools:
    found = wrong[0]
    for one in wrong[1:]:
        found = found | one
    return found
