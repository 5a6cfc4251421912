# SPDX-License-Identifier: Apache-2.0
"""The terminal's clock: local time at the shops (WITA), and whether its own journal contradicts it.

A clock ahead for one sale takes the card's month with it, and months before it are refused from then on. Software
cannot know the time; it can notice that it is earlier than it was, which is when either of the two is wrong.
"""

from __future__ import annotations

import datetime as dt

from ssn_card.programme import WITA

from .errors import ClockBehindJournal
from .journal import TerminalJournal

#: A clock that is set by another, such as a server's, may go back that far.
SLACK = dt.timedelta(minutes=10)


def local(moment: dt.datetime) -> dt.datetime:
    """A moment as the card keeps it: whole seconds of WITA, without a zone. One with a zone is converted."""
    return (moment.astimezone(WITA) if moment.tzinfo else moment).replace(tzinfo=None, microsecond=0)


def now() -> dt.datetime:
    """Local time at the shops (WITA), without a zone, as the card keeps it."""
    return local(dt.datetime.now(WITA))


def check_clock(journal: TerminalJournal, moment: dt.datetime, *, confirmed: bool) -> None:
    """Raises :class:`ClockBehindJournal`, or journals that the merchant has confirmed the clock."""
    latest = journal.latest()
    if latest is None or moment >= latest - SLACK:
        return
    if not confirmed:
        raise ClockBehindJournal(moment, latest)
    journal.confirm_clock(moment)
