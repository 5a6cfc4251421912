# SPDX-License-Identifier: Apache-2.0
"""Shops without network, wrong clocks, and receipts that were torn, sent twice, or lost before they were sent."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, FIRST, HOUR, LAST, MINUTE, NEVER
from ..draft import Actor, Draft, Outage, Rows, TerminalIndex, WrongClock
from ..events import Fault, Step
from ..scheme import CITY_SHOPS

OFFLINE: Final = 15  #: of 51 shops once in the year, for
_OFFLINE_DAYS: Final = (1, 14)
TORN, ANSWER_LOST, TWICE = 0.003, 0.002, 0.005  #: of the debits
_CLOCK_DAYS: Final = (15, 40)
#: Of a clock that is days behind, and of one that takes morning for evening; one of each in 51 shops.
_DAYS_BEHIND: Final = (1, 3)
_HALF_A_DAY: Final = 12 * HOUR
_DRIFT: Final = 20 * MINUTE
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
    index = TerminalIndex(draft.visits)
    for place, shop in enumerate(random.permutation(draft.free_shops())[: 3 * cities].tolist()):
        (_set_back, _set_ahead, _lose)[place % 3](draft, shop, index, random)
    _by_chance(draft, random)


def _set_back(draft: Draft, shop: int, index: TerminalIndex, random: np.random.Generator) -> None:
    _wrong_clock(draft, shop, index, -DAY * int(random.integers(*_DAYS_BEHIND, endpoint=True)), random)


def _set_ahead(draft: Draft, shop: int, index: TerminalIndex, random: np.random.Generator) -> None:
    _wrong_clock(draft, shop, index, _HALF_A_DAY, random)


def _wrong_clock(draft: Draft, shop: int, index: TerminalIndex, off: int, random: np.random.Generator) -> None:
    days = int(random.integers(*_CLOCK_DAYS))
    first = FIRST + int(random.integers(20, LAST - FIRST - days))
    clock = WrongClock(shop + 1, first, first + days - 1, off + int(random.integers(-_DRIFT, _DRIFT)))
    draft.clocks.append(clock)
    _mark(draft, shop, index.rows(*clock[:3]), "fault-wrong-clock", Fault.NONE)


def _lose(draft: Draft, shop: int, index: TerminalIndex, random: np.random.Generator) -> None:
    days = draft.visits["real"][index.rows(shop + 1, FIRST, LAST)] // DAY
    first = int(random.choice(days)) if len(days) else FIRST
    rows = index.rows(shop + 1, first, first + _LOST_DAYS - 1)
    _mark(draft, shop, rows, "fault-never-uploaded", Fault.NEVER_UPLOADED)


def _mark(draft: Draft, shop: int, rows: Rows, kind: str, fault: Fault) -> None:
    """What happens at a shop in these rows, if anything, is an honest actor's."""
    rows = rows[draft.visits["card"][rows] != NEVER]
    if not len(rows):
        return
    actor = Actor(len(draft.actors), "shop", shop, kind, ("A18",), honest=True)
    draft.actors.append(actor)
    visits = draft.visits
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
