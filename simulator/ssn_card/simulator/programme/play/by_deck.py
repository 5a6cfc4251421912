# SPDX-License-Identifier: Apache-2.0
"""A plan played by the card's rules in numpy (:mod:`ssn_card.simulator.year.deck`), thousands of cards in step.

Twice: a terminal numbers what it is asked for, not what cards do, and what a terminal knows of to cancel is known only
once the cards have been played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import KeyProvider
from ssn_card.simulator.year.deck import CANCEL, DEBIT, OVERRIDE, Deck, Entitlements, Moves
from ssn_card.simulator.year.fields import DAYS, NO_MONTH, SIZE, Flags, Ints

from ..plan.contents import Plan
from ..plan.events import Fault, Step
from .calendar import clock_times, date_numbers, day_of
from .order import served, transactions
from .played import Played

CARDS = 4096  #: in step: their arrays stay in the processor's cache
REASON = 1  #: that companions give
_WHOLE = np.dtype((np.void, SIZE))
_SAME = (
    "update_seq", "loaded_total", "expired_total", "monthly_limit", "override_max", "debit_max", "pin_above",
    "allowed_categories", "state", "policy_id", "pin_count", "mend_count",
)  # fmt: skip


def play(plan: Plan, provider: KeyProvider, progress: Callable[[int], None] = lambda _: None) -> Played:
    """``progress``: told of events that were played; each is played twice.

    Raises ``KeyMissing`` where the provider has not the RECEIPT keys.
    """
    sent = _Sent(plan)
    first = _pass(plan, sent, provider, np.zeros(len(plan.events), np.int64), progress)
    return _pass(plan, sent, provider, transactions(plan, served(plan), first.done), progress)


class _Sent:
    """What each event sends to its card."""

    def __init__(self, plan: Plan) -> None:
        events = plan.events
        step, basket = events["step"], events["basket"]
        debit, override = step == Step.DEBIT, step == Step.OVERRIDE
        known = np.isin(step, (DEBIT, CANCEL, OVERRIDE)) & ~(debit & (events["fault"] == Fault.TORN))
        self.kind = np.where(known, step, 0).astype(np.uint8)
        self.date = date_numbers(day_of(events["at"])).astype(np.int32)
        self.time = clock_times(events["at"])
        amounts, categories, digests = _goods(plan)
        self.amount = np.where(debit, amounts[basket], events["amount"])
        self.word = np.where(debit, categories[basket], REASON)
        self.mark = digests[basket]
        ids = np.zeros((len(plan.companions) + 1, 2), np.uint64)
        ids[:-1, 0] = np.ascontiguousarray(plan.companions).view(np.uint64)[:, 0]
        self.mark[override] = ids[events["companion"][override]]


def _goods(plan: Plan) -> tuple[Ints, Ints, NDArray[np.uint64]]:
    """Totals, categories and digests of the plan's baskets, and of none as the last."""
    baskets = plan.baskets
    amounts = np.array([*(one.total for one in baskets), 0], np.int64)
    categories = np.array([*(one.categories for one in baskets), 0], np.int64)
    digests = b"".join(one.digest() for one in baskets) + bytes(16)
    return amounts, categories, np.frombuffer(digests, np.uint64).reshape(-1, 2)


def _pass(plan: Plan, sent: _Sent, provider: KeyProvider, numbers: Ints, progress: Callable[[int], None]) -> Played:
    played = Played.blank(len(plan.events))
    for cards, first, count in _batches(plan):
        deck = Deck(np.ascontiguousarray(plan.serials[cards]), provider, plan.pins[cards])
        for turn in range(int(count.max(initial=0))):
            _turn(plan, sent, numbers, deck, first + turn, turn < count, played)
        progress(int(count.sum()))
    return played


def _batches(plan: Plan) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Cards, the place of the first event of each, and how many it has: together those that have about as many."""
    counts = np.bincount(plan.events["card"], minlength=len(plan.serials))
    firsts = np.cumsum(counts) - counts
    order = np.argsort(counts, kind="stable")
    for begin in range(0, len(order), CARDS):
        cards = order[begin : begin + CARDS]
        yield cards, firsts[cards], counts[cards]


def _turn(plan: Plan, sent: _Sent, numbers: Ints, deck: Deck, places: Ints, active: Flags, played: Played) -> None:
    """One event of each card that has one more."""
    places = np.where(active, places, 0)
    events = plan.events[places]
    step = np.where(active, events["step"], 0)
    chosen = (step == Step.CHOOSE_PIN) & deck.pin_open
    deck.choose_pin(chosen)
    played.done[places[chosen]] = True
    updated = step == Step.UPDATE
    if updated.any():
        _keep(played, deck, places, deck.update(updated, _entitlements(plan.updates[events["update"]])))
    kind = np.where(active, sent.kind[places], 0)
    if kind.any():
        own = (kind != CANCEL) | (events["terminal"] == deck.last_terminal)
        moves = Moves(
            kind=np.where(own, kind, 0),
            amount=sent.amount[places],
            word=sent.word[places],
            date=sent.date[places].astype(np.int64),
            time=sent.time[places],
            terminal=events["terminal"].astype(np.int64),
            txn=numbers[places],
            mark=sent.mark[places],
            given=events["given"],
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


def _entitlements(issued: NDArray[np.void]) -> Entitlements:
    blank = Entitlements.blank(len(issued))
    mended = date_numbers(np.maximum(issued["mended_to"], 0)) // DAYS
    return blank._replace(
        **{name: issued[name].astype(np.int64) for name in _SAME},
        valid_until=date_numbers(issued["valid_until"]),
        issued_on=date_numbers(day_of(issued["issued_at"])),
        mended_to=np.where(issued["mended_to"] < 0, NO_MONTH, mended),
    )
