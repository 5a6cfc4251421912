# SPDX-License-Identifier: Apache-2.0
"""A script played by the card's rules in numpy (:mod:`ssn_card.simulator.year.deck`), thousands of cards in step.

Twice: a terminal numbers what it is asked for, not what cards do, and what a terminal knows of to cancel is known only
once the cards have been played.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ssn_card.entitlement import Entitlement
from ssn_card.keys import KeyProvider
from ssn_card.simulator.year.deck import CANCEL, DEBIT, OVERRIDE, Deck, Entitlements, Moves
from ssn_card.simulator.year.fields import DAYS, NO_MONTH, SIZE, Flags, Ints, month_number

from ..plan.events import Fault, Step
from .calendar import clock_times, date_numbers, day_of
from .order import served, transactions
from .played import Played
from .script import YearScript

CARDS = 4096  #: in step: their arrays stay in the processor's cache
REASON = 1  #: that companions give
_WHOLE = np.dtype((np.void, SIZE))


def play(script: YearScript, provider: KeyProvider, progress: Callable[[int], None] = lambda _: None) -> Played:
    """``progress``: told of events that were played; each is played twice.

    Raises ``KeyMissing`` where the provider has not the RECEIPT keys.
    """
    sent = _Sent(script)
    first = _pass(script, sent, provider, np.zeros(len(script.events), np.int64), progress)
    return _pass(script, sent, provider, transactions(script, served(script), first.done), progress)


class _Sent:
    """What each event sends to its card."""

    def __init__(self, script: YearScript) -> None:
        events = script.events
        step, basket = events["step"], events["basket"]
        debit, override = step == Step.DEBIT, step == Step.OVERRIDE
        known = np.isin(step, (DEBIT, CANCEL, OVERRIDE)) & ~(debit & (events["fault"] == Fault.TORN))
        self.step, self.given = step.copy(), events["given"].copy()  # columns of a table lie apart
        self.terminal, self._update = events["terminal"].astype(np.int64), events["update"].copy()
        self.kind = np.where(known, step, 0).astype(np.uint8)
        self.date = date_numbers(day_of(events["at"])).astype(np.int32)
        self.time = clock_times(events["at"])
        amounts, categories, digests = _goods(script)
        self.amount = np.where(debit, amounts[basket], events["amount"])
        self.word = np.where(debit, categories[basket], REASON)
        self.mark = digests[basket]
        ids = np.frombuffer(b"".join(one + bytes(8) for one in script.companions), np.uint64).reshape(-1, 2)
        self.mark[override] = ids[events["companion"][override]]
        rows = [_numbers(one) for one in script.updates]
        self._terms = np.array(rows, np.int64).reshape(-1, len(Entitlements._fields)).T

    def terms(self, places: Ints) -> Entitlements:
        """The entitlements that events at these places deliver."""
        return Entitlements(*self._terms[:, self._update[places]])


def _numbers(one: Entitlement) -> list[int]:
    """The fields of :class:`Entitlements`, dates as numbers."""
    mended = NO_MONTH if one.mended_to is None else month_number(one.mended_to.year, one.mended_to.month)
    dated = {"valid_until": _date(one.valid_until), "issued_on": _date(one.issued_at), "mended_to": mended}
    return [dated[name] if name in dated else int(getattr(one, name)) for name in Entitlements._fields]


def _date(day: dt.date) -> int:
    return month_number(day.year, day.month) * DAYS + day.day


def _goods(script: YearScript) -> tuple[Ints, Ints, NDArray[np.uint64]]:
    """Totals, categories and digests of the script's baskets, and of none as the last."""
    baskets = script.baskets
    amounts = np.array([*(one.total for one in baskets), 0], np.int64)
    categories = np.array([*(one.categories for one in baskets), 0], np.int64)
    digests = b"".join(one.digest() for one in baskets) + bytes(16)
    return amounts, categories, np.frombuffer(digests, np.uint64).reshape(-1, 2)


def _pass(
    script: YearScript, sent: _Sent, provider: KeyProvider, numbers: Ints, progress: Callable[[int], None]
) -> Played:
    played = Played.blank(len(script.events))
    for cards, first, count in _batches(script):
        deck = Deck(np.ascontiguousarray(script.serials[cards]), provider, script.pins[cards])
        for turn in range(int(count.max(initial=0))):
            _turn(script, sent, numbers, deck, first + turn, turn < count, played)
        progress(int(count.sum()))
    return played


def _batches(script: YearScript) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Cards, the place of the first event of each, and how many it has: together those that have about as many."""
    counts = np.bincount(script.events["card"], minlength=len(script.serials))
    firsts = np.cumsum(counts) - counts
    order = np.argsort(counts, kind="stable")
    for begin in range(0, len(order), CARDS):
        cards = order[begin : begin + CARDS]
        yield cards, firsts[cards], counts[cards]


def _turn(
    script: YearScript, sent: _Sent, numbers: Ints, deck: Deck, places: Ints, active: Flags, played: Played
) -> None:
    """One event of each card that has one more."""
    places = np.where(active, places, 0)
    step = np.where(active, sent.step[places], 0)
    chosen = (step == Step.CHOOSE_PIN) & deck.pin_open
    deck.choose_pin(chosen)
    played.done[places[chosen]] = True
    updated = step == Step.UPDATE
    if updated.any():
        _keep(played, deck, places, deck.update(updated, sent.terms(places)))
    kind = np.where(active, sent.kind[places], 0)
    if kind.any():
        own = (kind != CANCEL) | (sent.terminal[places] == deck.last_terminal)
        moves = Moves(
            kind=np.where(own, kind, 0),
            amount=sent.amount[places],
            word=sent.word[places],
            date=sent.date[places].astype(np.int64),
            time=sent.time[places],
            terminal=sent.terminal[places],
            txn=numbers[places],
            mark=sent.mark[places],
            given=sent.given[places],
        )
        _keep(played, deck, places, deck.move(moves))
    read = step == Step.READ
    if read.any():
        told = places[read]
        played.done[told], played.seq[told], played.balance[told] = True, deck.seq[read], deck.balance[read]


def _keep(played: Played, deck: Deck, places: Ints, done: Flags) -> None:
    made = places[done]
    played.done[made] = True
    played.raw.view(_WHOLE)[made, 0] = deck.row.view(_WHOLE)[done, 0]
