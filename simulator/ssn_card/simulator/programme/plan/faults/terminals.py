# SPDX-License-Identifier: Apache-2.0
"""Shops without network, wrong clocks, and receipts that were torn, sent twice, or lost before they were sent."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, FIRST, HOUR, LAST
from ..draft import Actor, Draft, Outage, WrongClock
from ..events import Fault, Step
from ..scheme import CITY_SHOPS

OFFLINE: Final = 15  #: of 51 shops once in the year, for
_OFFLINE_DAYS: Final = (1, 14)
TORN, ANSWER_LOST, TWICE = 0.003, 0.002, 0.005  #: of the debits
_CLOCK_DAYS: Final = (15, 40)
_OFF: Final = ((-70, -20), (9, 14))  #: hours: of one clock in 51 shops, and of another
_LOST_DAYS: Final = 2  #: a terminal breaks with the receipts of so many days, one in 51 shops


def transmit(draft: Draft, random: np.random.Generator) -> None:
    """What terminals do wrong; last of all, for it changes no visit's place or purpose."""
    shops = draft.population.places.shops
    cities = max(1, round(len(shops) / CITY_SHOPS))
    offline = random.choice(
        len(shops), min(len(shops), max(1, round(OFFLINE * len(shops) / CITY_SHOPS))), replace=False
    )
    for shop in offline.tolist():
        first = FIRST + int(random.integers(0, LAST - FIRST - _OFFLINE_DAYS[1]))
        draft.outages.append(Outage(shop + 1, first, first + int(random.integers(*_OFFLINE_DAYS, endpoint=True)) - 1))
    free = random.permutation(draft.free_shops())[: 3 * cities]
    for place, shop in enumerate(free.tolist()):
        if place % 3 < len(_OFF):
            _wrong_clock(draft, shop, _OFF[place % 3], random)
        else:
            _lose(draft, shop, random)
    _by_chance(draft, random)


def _wrong_clock(draft: Draft, shop: int, off: tuple[int, int], random: np.random.Generator) -> None:
    days = int(random.integers(*_CLOCK_DAYS))
    first = FIRST + int(random.integers(20, LAST - FIRST - days))
    clock = WrongClock(shop + 1, first, first + days - 1, int(random.integers(off[0] * HOUR, off[1] * HOUR)))
    draft.clocks.append(clock)
    _mark(draft, shop, clock.first, clock.last, "fault-wrong-clock", random, Fault.NONE)


def _lose(draft: Draft, shop: int, random: np.random.Generator) -> None:
    rows = draft.of_shop(shop)
    days = draft.visits["real"][rows] // DAY
    first = int(random.choice(days)) if len(days) else FIRST
    _mark(draft, shop, first, first + _LOST_DAYS - 1, "fault-never-uploaded", random, Fault.NEVER_UPLOADED)


def _mark(draft: Draft, shop: int, first: int, last: int, kind: str, random: np.random.Generator, fault: Fault) -> None:
    """All that happens at a shop in these days is an honest actor's."""
    actor = Actor(len(draft.actors), "shop", shop, kind, ("A18",), honest=True)
    draft.actors.append(actor)
    visits = draft.visits
    day = visits["real"] // DAY
    rows = np.flatnonzero((visits["terminal"] == shop + 1) & (day >= first) & (day <= last) & (visits["card"] >= 0))
    visits["fault"][rows] = fault
    draft.claim(rows[visits["actor"][rows] < 0], draft.label(kind, ("A18",)), actor)


def _by_chance(draft: Draft, random: np.random.Generator) -> None:
    visits = draft.visits
    chance = random.random(len(visits))
    may = (visits["step"] == Step.DEBIT) & (visits["card"] >= 0) & (visits["fault"] == Fault.NONE)
    low = 0.0
    for share, fault, kind, rules in (
        (TORN, Fault.TORN, "fault-torn", ()),
        (ANSWER_LOST, Fault.ANSWER_LOST, "fault-answer-lost", ()),
        (TWICE, Fault.DOUBLE_UPLOAD, "fault-double-upload", ("A18",)),
    ):
        rows = np.flatnonzero(may & (chance >= low) & (chance < low + share))
        visits["fault"][rows] = fault
        plain = rows[visits["label"][rows] == 0]
        visits["label"][plain] = draft.label(kind, rules)
        low += share
