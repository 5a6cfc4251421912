# SPDX-License-Identifier: Apache-2.0
"""What the receipts of cards say of them before each row: :class:`ssn_card.receipts.account.Account`, as columns.

What is carried there from receipt to receipt is found here for all rows at once. A *history* is the rows of a card from
its first on, or from one that does not name the receipt before it: nothing is carried into another.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ssn_card.protocol.values import KeySelection
from ssn_card.receipts.account import ANY

from .fields import UPDATE, At, Bools, Fields, Ints, Places
from .scan import latest

NONE = -1  #: ``None``, and the row before a card's first
_RECEIPT = int(KeySelection.RECEIPT)
_DAY, _MOST = 24, 33  #: bits of a day, and of ``raised_most``


class Accounts:
    """Of ``n`` genuine receipts, no two of one number, sorted by card and number. All columns are (n,)."""

    def __init__(self, fields: Fields) -> None:
        n = len(fields)
        self.fields = fields
        self.kind = fields("type")[:n]
        self.update = self.kind == UPDATE
        serial = fields("serial")[:n]
        self.first = np.ones(n, np.bool_)
        np.not_equal(serial[1:], serial[:-1], out=self.first[1:])
        self.rows = np.arange(n)
        self.newest = np.where(self.first, NONE, self.rows - 1)
        self.gap = fields("seq")[:n] > self.at_newest("seq") + 1
        self.link = ~self.gap & (fields("previous_mac")[:n] != self.at_newest("mac"))
        self.lost = self.gap | self.link  #: what goes before a row is not known
        self.begins = self.first | self.link  #: a history

    def of(self, rows: Places | slice) -> At:
        """These rows' receipts."""
        return At(self.fields, rows)

    def at_newest(self, name: str) -> Ints:
        """A field of the receipt before each row."""
        return self.fields(name).take(self.newest)

    def _before(self, behind: Ints, start: int) -> Ints:
        """What stands before each row, out of what stands behind each; ``start`` before a card's first."""
        before = np.empty_like(behind)
        before[1:] = behind[:-1]
        before[self.first] = start
        return before

    @cached_property
    def stated(self) -> Places:
        """Row of the newest update in hand, of this history."""
        updates = np.where(self.update, self.rows, NONE)
        return self._before(updates.take(latest(self.update | self.begins)), NONE)

    @cached_property
    def entitlement(self) -> Places:
        """:attr:`stated`, and nothing at the beginning of a history: the one in force, where that is :attr:`known`."""
        return np.where(self.link, NONE, self.stated)

    @cached_property
    def known(self) -> Bools:
        """Whether the entitlement that was in force at a row is the one stated; behind a gap, by the row itself."""
        update_seq = self.fields("update_seq")
        in_force = np.where(self.lost, update_seq[:-1], self.at_newest("update_seq"))
        found: Bools = update_seq.take(self.entitlement) == in_force
        return found

    @cached_property
    def card(self) -> Places:
        """Number of each row's card, from 1."""
        return np.cumsum(self.first)

    def cards_of(self, rows: Places) -> Bools:
        """All rows of the cards of these."""
        wanted = np.zeros(len(self.rows) + 1, np.bool_)
        wanted[self.card[rows]] = True
        return wanted.take(self.card)

    @cached_property
    def pin(self) -> Ints:
        """PIN state of the newest movement."""
        states = np.where(self.update, NONE, self.fields("pin_state")[:-1])
        return self._before(states.take(latest(~self.update | self.begins)), NONE)

    @cached_property
    def chosen(self) -> Ints:
        """1: a PIN may have been chosen since the newest movement."""
        pin_count = self.fields("pin_count")
        lets = self.update & (self.lost | ~self.known | (pin_count[:-1] > pin_count.take(self.entitlement)))
        return self._before(lets.astype(np.int64).take(latest(lets | ~self.update | self.begins)), 0)

    @cached_property
    def moved_on(self) -> Ints:
        """1: the newest receipt is that of an update which moved RECEIPT on; -1: it may be."""
        moved = self.fields("key_selection") & _RECEIPT
        since = np.where(moved.take(self.entitlement), 0, 1)
        by_update = np.where(moved[:-1], np.where(self.known, since, NONE), 0)
        return self._before(np.where(self.update, np.where(self.lost, NONE, by_update), 0), 0)

    @cached_property
    def raised_most_behind(self) -> Ints:
        """The most that companions may ever have added to one month, the row itself counted."""
        update_seq = self.fields("update_seq")[:-1]
        unknown = self.link | (self.gap & (update_seq != self.at_newest("update_seq")))
        by_update = np.where(self.update & ~self.gap, self.fields("override_max")[:-1], 0)
        # Once nothing bounds it, nothing of that card does.
        return _greatest(np.where(unknown, ANY, by_update), self.card, _MOST)

    @cached_property
    def raised_most(self) -> Ints:
        """The same, before each row."""
        return self._before(self.raised_most_behind, 0)

    @cached_property
    def day(self) -> Ints:
        """The newest day of any movement of this history."""
        days = np.where(self.update, 0, self.fields("day")[:-1])
        return self._before(_greatest(days, np.cumsum(self.begins), _DAY), 0)


def _greatest(values: Ints, run: Ints, bits: int) -> Ints:
    """The greatest of the values, each of so many bits, up to and with each row, in runs that are numbered upwards."""
    return np.maximum.accumulate(run << bits | values) & ((1 << bits) - 1)
