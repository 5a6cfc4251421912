# SPDX-License-Identifier: Apache-2.0
"""When a card's money expires: its loads in order, and what their policies say of each.

Money is spent oldest first and expires oldest first: with a load goes what is left of those before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ssn_card.programme import Policy


class Loads(NamedTuple):
    """What was loaded under one policy: from one total of rupiah loaded in all to another."""

    policy: Policy
    start: int
    end: int

    def expired(self, today: dt.date) -> int:
        """The total up to which everything has expired before ``today``; 0 if nothing has."""
        over = self.policy.expired_after(self.end - self.start, today)
        return self.start + over if over else 0

    def next_expiry(self, today: dt.date) -> dt.date | None:
        """The next day on which something of this expires; ``None`` if nothing does."""
        return self.policy.next_expiry(self.end - self.start, today)


def expired_total(loads: Iterable[Loads], today: dt.date) -> int:
    """How much of all that was loaded has expired before ``today``."""
    return max((one.expired(today) for one in loads), default=0)


def next_expiry(loads: Iterable[Loads], expired: int, today: dt.date) -> tuple[dt.date, Policy] | None:
    """The next day on which money expires that has not yet, and whose money it is."""
    days = ((day, one.policy) for one in loads if one.end > expired and (day := one.next_expiry(today)) is not None)
    return min(days, key=lambda one: one[0], default=None)
