# SPDX-License-Identifier: Apache-2.0
"""From visits to events: what each card is given, may spend, and spends; visits that cannot be are left out.

All cards go in step, visit by visit, with the card's own rules (docs/protocol.md, movements of money) in numpy. Cards
that replace others follow when it is known what their families have spent.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.values import LifeState

from .calendar import DAY, NEVER, Ints
from .draft import Draft, Rows, TerminalIndex, Want
from .events import EVENT, Fault, Step
from .issued import Issued, Term, TermBook, issue
from .policy import DEBIT_MAX, MONTHLY_LIMIT, OVERRIDE_MAX, PIN_ABOVE

_MADE: Final = [("row", np.int64), ("order", np.int8), ("step", np.uint8), ("fault", np.uint8), ("basket", np.int32),
                ("amount", np.uint32), ("given", np.bool_), ("update", np.int32), ("before", np.int32)]  # fmt: skip
_ON_THE_WAY: Final = 1  #: events of an order up to it go before what the visit is for: an update, the choice of a PIN
_FIELD: Final = {name: place for place, name in enumerate(Term._fields)}


class SettledYear(NamedTuple):
    """``events``: of :data:`.events.EVENT`, with baskets by their number in the goods; ``row``: the visit of each."""

    events: NDArray[np.void]
    row: Rows
    issued: Issued
    terms: TermBook


class _Purses:
    """What each card has and has done, by card.

    ``free``: what may still be spent without the PIN; ``month``, ``raised_month``: in which ``month_spent`` was spent
    and ``raised`` added; ``last``: amount of the last debit, while it may be cancelled; ``update``: term in force.
    """

    def __init__(self, cards: int, pin: NDArray[np.bool_]) -> None:
        self.granted, self.spent, self.free, self.loaded, self.pins = (np.zeros(cards, np.int64) for _ in range(5))
        self.month, self.month_spent, self.raised_month, self.raised = (np.zeros(cards, np.int64) for _ in range(4))
        self.last, self.last_terminal = np.zeros(cards, np.int64), np.zeros(cards, np.int64)
        self.last_basket, self.update = np.full(cards, NEVER), np.full(cards, NEVER)
        self.state = np.full(cards, int(LifeState.ISSUED))
        self.pin = pin.copy()


def settle(draft: Draft, random: np.random.Generator) -> SettledYear:
    """Events of the whole draft, sorted by card and turn."""
    return _Settling(draft, random).settled()


class _Settling:
    def __init__(self, draft: Draft, random: np.random.Generator) -> None:
        self._draft, self._random = draft, random
        self._visits = draft.visits
        cards = draft.population.cards
        self._purses = _Purses(len(cards), cards.pin)
        self._terms = TermBook()
        self._issued: list[Issued] = []
        self._made: list[NDArray[np.void]] = []
        index = TerminalIndex(self._visits)
        self._at = self._visits["real"] + _off(draft, index)
        self._month = 1 + (self._at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64))
        self._seen = _seen(draft, index)

    def settled(self) -> SettledYear:
        for which, visits in self._generations():
            self._cards_of(which, visits)
        joined = np.concatenate(self._made)
        card = self._visits["card"][joined["row"]]
        order = np.lexsort((joined["order"], joined["before"], card))
        joined = joined[order]
        issued = Issued(*(np.concatenate(parts) for parts in zip(*self._issued, strict=True)))
        return SettledYear(self._events(joined), joined["row"], issued, self._terms)

    def _generations(self) -> list[tuple[Ints, Rows]]:
        """Cards by how many the family had before, and their visits by card and time."""
        cards, visits = self._draft.population.cards, self._visits
        generation = np.zeros(len(cards), np.int64)
        for card in np.flatnonzero(cards.replaces != NEVER):
            generation[card] = generation[cards.replaces[card]] + 1
        rows = np.flatnonzero(visits["card"] != NEVER)
        rows = rows[np.lexsort((rows, visits["real"][rows], visits["card"][rows]))]
        of = generation[visits["card"][rows]]
        return [(np.flatnonzero(generation == one), rows[of == one]) for one in range(generation.max() + 1)]

    def _cards_of(self, which: Ints, rows: Rows) -> None:
        cards = self._draft.population.cards
        issued = issue(self._terms, cards, which, self._spent_before(which))
        self._issued.append(issued)
        self._table = self._terms.columns()
        visits = self._visits
        card = visits["card"][rows].astype(np.int64)
        newest = _newest(issued, card, self._seen[rows])
        starts = np.flatnonzero(np.r_[True, card[1:] != card[:-1]]) if len(card) else np.zeros(0, np.int64)
        counts = np.diff(np.r_[starts, len(card)])
        for turn in range(counts.max() if len(counts) else 0):
            at = (starts + turn)[counts > turn]
            self._round(rows[at], card[at], newest[at], turn)

    def _spent_before(self, which: Ints) -> Ints:
        """What the family has spent with the cards before each."""
        replaces, spent = self._draft.population.cards.replaces, np.zeros(len(which), np.int64)
        before = replaces[which]
        while (known := before != NEVER).any():
            spent[known] += self._purses.spent[before[known]]
            before = np.where(known, replaces[before], NEVER)
        return spent

    # ------------------------------------------------------------ one visit of each card

    def _round(self, rows: Rows, card: Ints, newest: Ints, turn: int) -> None:
        visits = self._visits[rows]
        self._update(rows, card, np.where(visits["loads"], newest, NEVER), turn)
        month = self._month[rows]
        may = (self._purses.state[card] == LifeState.ACTIVE) & (month >= self._purses.month[card])
        step = visits["step"]
        for wanted, do in ((Step.DEBIT, self._debit), (Step.CANCEL, self._cancel), (Step.OVERRIDE, self._override)):
            which = may & (step == wanted)
            do(rows[which], card[which], month[which], turn)
        read = (step == Step.READ) & (self._purses.update[card] != NEVER)
        self._keep(rows[read], turn, 4, Step.READ)

    def _update(self, rows: Rows, card: Ints, newest: Ints, turn: int) -> None:
        purses, table = self._purses, self._table
        seq = np.r_[table[:, _FIELD["update_seq"]], 0]  # the last, for NEVER
        due = seq[newest] > seq[purses.update[card]]
        rows, card, newest = rows[due], card[due], newest[due]
        new = {name: table[newest, place] for name, place in _FIELD.items()}
        old = np.where(purses.update[card] == NEVER, 0, PIN_ABOVE)
        balance = purses.granted[card] - purses.spent[card]
        after = np.minimum(
            balance + new["loaded_total"] - purses.loaded[card], new["loaded_total"] - new["expired_total"]
        )
        purses.granted[card] += after - balance
        purses.loaded[card] = new["loaded_total"]
        purses.state[card], purses.update[card] = new["state"], newest
        purses.free[card] += PIN_ABOVE - old
        purses.last[card] = 0
        self._keep(rows, turn, 0, Step.UPDATE, update=newest)
        chosen = new["pin_count"] > purses.pins[card]
        purses.pins[card] = new["pin_count"]
        purses.pin[card[chosen]] = True
        self._keep(rows[chosen], turn, 1, Step.CHOOSE_PIN)

    def _debit(self, rows: Rows, card: Ints, month: Ints, turn: int) -> None:
        purses, visits = self._purses, self._visits[rows]
        spent = np.where(month == purses.month[card], purses.month_spent[card], 0)
        raised = np.where(month == purses.raised_month[card], purses.raised[card], 0)
        room = np.minimum(MONTHLY_LIMIT + raised - spent, purses.granted[card] - purses.spent[card])
        room = np.minimum(room, DEBIT_MAX)
        basket = self._baskets(visits, room)
        amount = self._draft.goods.total(basket)
        done = (amount > 0) & (amount <= room)
        rows, card, month, visits = rows[done], card[done], month[done], visits[done]
        basket, amount, spent = basket[done], amount[done], spent[done]
        given = purses.pin[card] & (visits["given"] | (amount > purses.free[card]))
        self._draw_off(card, amount, given)
        purses.month[card], purses.month_spent[card] = month, spent + amount
        purses.last[card], purses.last_terminal[card], purses.last_basket[card] = amount, visits["terminal"], basket
        torn = visits["fault"] == Fault.TORN
        self._keep(rows[torn], turn, 2, Step.DEBIT, fault=Fault.TORN, basket=basket[torn], given=given[torn])
        fault = np.where(torn, Fault.NONE, visits["fault"])
        self._keep(rows, turn, 3, Step.DEBIT, fault=fault, basket=basket, given=given)

    def _draw_off(self, card: Ints, amount: Ints, given: NDArray[np.bool_]) -> None:
        self._purses.spent[card] += amount
        self._purses.free[card] = np.where(given, PIN_ABOVE, self._purses.free[card] - amount)

    def _baskets(self, visits: NDArray[np.void], room: Ints) -> Ints:
        goods = self._draft.goods
        shop = np.maximum(visits["terminal"].astype(np.int64) - 1, 0)
        month = np.clip(self._calendar_month(visits["real"]), 0, 11)
        own = goods.menu_of(shop, month)
        menu = np.where(visits["menu"] >= 0, visits["menu"], own)
        chance = self._random.random(len(visits), np.float32)
        share = np.where(visits["want"] == Want.FREE, visits["share"], 1.0)
        free = goods.up_to(menu, (room * share).astype(np.int64), chance)
        package = goods.package(own, np.minimum(visits["want"], Want.BB))
        whole = goods.package(own, visits["want"] % 2)  # where two are too many, one
        chosen = np.where(goods.total(package) <= room, package, np.where(goods.total(whole) <= room, whole, free))
        chosen = np.where(visits["want"] <= Want.BB, chosen, free)
        return np.where(visits["want"] == Want.BASKET, visits["basket"], chosen)

    @staticmethod
    def _calendar_month(real: Ints) -> Ints:
        months: Ints = real.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
        return months

    def _cancel(self, rows: Rows, card: Ints, month: Ints, turn: int) -> None:
        purses = self._purses
        same = (purses.last[card] > 0) & (month == purses.month[card])
        same &= self._visits["terminal"][rows] == purses.last_terminal[card]
        rows, card = rows[same], card[same]
        amount = purses.last[card]
        purses.spent[card] -= amount
        purses.month_spent[card] -= amount
        purses.free[card] = np.minimum(purses.free[card] + amount, PIN_ABOVE)
        purses.last[card] = 0
        self._keep(rows, turn, 3, Step.CANCEL, basket=purses.last_basket[card])

    def _override(self, rows: Rows, card: Ints, month: Ints, turn: int) -> None:
        purses, amount = self._purses, self._visits["amount"][rows].astype(np.int64)
        raised = np.where(month == purses.raised_month[card], purses.raised[card], 0) + amount
        done = raised <= OVERRIDE_MAX
        rows, card, month = rows[done], card[done], month[done]
        purses.raised_month[card], purses.raised[card], purses.last[card] = month, raised[done], 0
        self._keep(rows, turn, 3, Step.OVERRIDE, amount=amount[done])

    def _keep(self, rows: Rows, turn: int, order: int, step: Step, **more: object) -> None:
        made = np.zeros(len(rows), _MADE)
        made["basket"] = made["update"] = NEVER
        made["row"], made["before"], made["order"], made["step"] = rows, turn, order, step
        for name, value in more.items():
            made[name] = value
        self._made.append(made)

    # ------------------------------------------------------------ events

    def _events(self, made: NDArray[np.void]) -> NDArray[np.void]:
        visits, events = self._visits[made["row"]], np.zeros(len(made), EVENT)
        for name in ("card", "terminal", "actor"):
            events[name] = visits[name]
        for name in ("step", "fault", "basket", "amount", "given", "update"):
            events[name] = made[name]
        first = np.flatnonzero(np.r_[True, np.diff(events["card"]) != 0])
        lengths = np.diff(np.r_[first, len(events)])
        events["turn"] = np.arange(len(events)) - np.repeat(first, lengths)
        debit = (made["step"] == Step.DEBIT) & (made["fault"] == Fault.TORN)
        events["at"] = self._at[made["row"]] - np.select([made["order"] <= _ON_THE_WAY, debit], [60, 30])
        events["label"] = self._labels(made, visits)
        events["fault"][visits["fault"] == Fault.NEVER_UPLOADED] = Fault.NEVER_UPLOADED
        events["companion"] = np.where(made["step"] == Step.OVERRIDE, visits["companion"], NEVER)
        return events

    def _labels(self, made: NDArray[np.void], visits: NDArray[np.void]) -> NDArray[np.int16]:
        """Those of the visits; an update on the way is no part of what befalls one debit, but a blocking is its own."""
        passing = (made["order"] <= _ON_THE_WAY) & (visits["fault"] != Fault.NONE) & (visits["actor"] < 0)
        label = np.where(passing, 0, visits["label"])
        state = np.r_[self._terms.columns()[:, _FIELD["state"]], LifeState.ACTIVE][made["update"]]
        blocking = (state != LifeState.ACTIVE) & (label == 0)
        return np.where(blocking, self._draft.label("fault-deactivated"), label).astype(np.int16)


def _newest(issued: Issued, card: Ints, day: Ints) -> Ints:
    """The term of the newest update of each card that was issued before the end of a day, or ``NEVER``."""
    key = issued.card * 100_000 + issued.day
    place = np.searchsorted(key, card * 100_000 + day, side="right") - 1
    return np.where((place >= 0) & (issued.card[place] == card), issued.term[place], NEVER)


def _off(draft: Draft, index: TerminalIndex) -> Ints:
    """Seconds by which each visit's terminal is wrong."""
    off = np.zeros(len(draft.visits), np.int64)
    for clock in draft.clocks:
        off[index.rows(clock.terminal, clock.first, clock.last)] = clock.off
    return off


def _seen(draft: Draft, index: TerminalIndex) -> Ints:
    """The day of the newest updates that the terminal of each visit has: without network, of the day before."""
    day: Ints = draft.visits["real"] // DAY
    for outage in draft.outages:
        day[index.rows(outage.terminal, outage.first, outage.last)] = outage.first - 1
    return day
