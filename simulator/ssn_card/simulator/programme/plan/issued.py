# SPDX-License-Identifier: Apache-2.0
"""The updates that the bank issues: twelve loads a family, and what befalls a card between.

Thousands of cards have the same; so an update is a *term* (what it says), and each card has a list of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.entitlement import Entitlement
from ssn_card.protocol.values import LifeState

from .calendar import LAST, MONTH_STARTS, MONTHS, NEVER, YEAR, Ints, date_of
from .goods import STAPLES
from .policy import DEBIT_MAX, LOAD, MONTHLY_LIMIT, OVERRIDE_MAX, PIN_ABOVE, POLICY_ID
from .population import CardStock

LOAD_DAYS: Final[Ints] = MONTH_STARTS[:MONTHS]
_ALL: Final = sum(1 << staple.bit for staple in STAPLES)
_STATES: Final = {"block": LifeState.BLOCKED, "unblock": LifeState.ACTIVE, "close": LifeState.TERMINATED}


class Term(NamedTuple):
    """What changes from one update to another; ``issued_on``: a day."""

    update_seq: int
    loaded_total: int
    expired_total: int
    state: int
    pin_count: int
    issued_on: int

    def entitlement(self) -> Entitlement:
        """All of it."""
        return Entitlement(
            update_seq=self.update_seq,
            loaded_total=self.loaded_total,
            monthly_limit=MONTHLY_LIMIT,
            override_max=OVERRIDE_MAX,
            debit_max=DEBIT_MAX,
            allowed_categories=_ALL,
            valid_until=dt.date(YEAR, 12, 31),
            state=LifeState(self.state),
            policy_id=POLICY_ID,
            issued_at=dt.datetime.combine(date_of(self.issued_on), dt.time(6)),
            expired_total=self.expired_total,
            pin_above=PIN_ABOVE,
            pin_count=self.pin_count,
        )


class Issued(NamedTuple):
    """Updates, sorted by card and number: ``term`` is a place in :attr:`TermBook.all`."""

    card: Ints
    day: Ints
    term: Ints


class TermBook:
    """All distinct terms, in the order in which they were first needed."""

    def __init__(self) -> None:
        self.all: list[Term] = []
        self._places: dict[Term, int] = {}

    def place(self, term: Term) -> int:
        """Its place."""
        if term not in self._places:
            self._places[term] = len(self.all)
            self.all.append(term)
        return self._places[term]

    def columns(self) -> NDArray[np.int64]:
        """(n, fields of :class:`Term`)."""
        return np.array(self.all, np.int64).reshape(-1, len(Term._fields))


def issue(terms: TermBook, cards: CardStock, which: Ints, spent_before: Ints) -> Issued:
    """Updates of some cards. ``spent_before``: rupiah that earlier cards of the family have spent, for each."""
    days = (cards.locked_on, cards.deactivated_on, cards.blocked_on, cards.replaces)
    plain = np.logical_and.reduce([one[which] == NEVER for one in days])
    parts = [_plain(terms, cards, which[plain])]
    for card, before in zip(which[~plain].tolist(), spent_before[~plain].tolist(), strict=True):
        rows = [(card, term.issued_on, terms.place(term)) for term in _history(cards, card, before)]
        parts.append(np.array(rows, np.int64).reshape(-1, 3))
    joined = np.concatenate(parts)
    joined = joined[np.argsort(joined[:, 0], kind="stable")]
    return Issued(*joined.T)


def _plain(terms: TermBook, cards: CardStock, which: Ints) -> NDArray[np.int64]:
    """Of cards that nothing befalls: (n, 3)."""
    places = np.array(
        [
            [terms.place(Term(m + 1, LOAD * (m + 1), 0, LifeState.ACTIVE, choose, day)) for choose in (1, 0)]
            for m, day in enumerate(LOAD_DAYS.tolist())
        ]
    )
    card, month = np.repeat(which, MONTHS), np.tile(np.arange(MONTHS), len(which))
    term = places[month, cards.pin[card].astype(np.int64)]
    return np.stack([card, LOAD_DAYS[month], term], axis=1)


def _history(cards: CardStock, card: int, spent_before: int) -> Iterator[Term]:
    """One card's, in order."""
    made, closed = int(cards.issued_on[card]), int(cards.blocked_on[card])
    steps = [(int(day), "load") for day in LOAD_DAYS if day > made]
    if cards.replaces[card] != NEVER:
        steps.append((made, "load"))
    for days, what in (
        (cards.unlocked_on, "pin"),
        (cards.deactivated_on, "block"),
        (cards.reactivated_on, "unblock"),
        (cards.blocked_on, "close"),
    ):
        steps += [(int(days[card]), what)] if days[card] != NEVER else []
    ends = LAST if closed == NEVER else min(closed, LAST)
    seq, loaded, state, pins = 0, 0, LifeState.ACTIVE, int(not cards.pin[card])
    for day, what in sorted(steps, key=lambda step: (step[0], step[1] == "close")):
        if day > ends or (state == LifeState.BLOCKED and what == "load"):
            continue
        state = _STATES.get(what, state)
        pins += what == "pin"
        if what in ("load", "unblock"):
            due = LOAD * int(np.searchsorted(LOAD_DAYS, day, side="right"))
            loaded = max(loaded, due - spent_before)
        seq += 1
        yield Term(seq, loaded, loaded if what == "close" else 0, state, pins, day)
