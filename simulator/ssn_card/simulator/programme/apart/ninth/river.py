# SPDX-License-Identifier: Apache-2.0
"""Honest: shops whose customers come when the boat, the prayers or the light allows it."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from ...plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, MONTHS, YEAR, Ints, day_of
from ...plan.draft import Actor, Draft, Rows
from ...plan.scheme import Scheme
from ...plan.ways import (
    between,
    boldness,
    days_of,
    in_turn,
    mine,
    months,
    move,
    part,
    shops_with,
)
from .ledger import after_closing, by_time, on_weekday, sales, same_day

_STEPPING_OFF: Final = (45.0, 260.0)  #: seconds from one customer to the next
_FAST: Final = (day_of(dt.date(YEAR, 2, 18)), day_of(dt.date(YEAR, 3, 19)))  #: Ramadan, both in it
_PRAYED: Final = 20 * HOUR  #: the evening prayers of Ramadan are over
_MARKET_SIGNS: Final = (20, 190)  #: minutes behind what the register has for closing


def _queue(draft: Draft, random: np.random.Generator, rows: Rows, shop: int, start: int) -> None:
    move(draft, rows, shop, in_turn(random, start, len(rows), _STEPPING_OFF))


def _longboat_day(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Twice a week a boat lands; who has come with it wants to be done before it leaves."""
    shop, how = actor.place, boldness(random)
    days = random.permutation(7)[:2]
    lands = int(draft.hour(shop, random.uniform(0.1, 0.45)))
    for month in range(MONTHS):
        rows = by_time(draft, part(random, sales(draft, shop, month), between(0.3, 0.6, how)))
        landing = on_weekday(days_of(draft, rows), month, int(days[0]))
        other = on_weekday(days_of(draft, rows), month, int(days[1]))
        landing = np.where(random.random(len(rows)) < 0.6, landing, other)
        for day in np.unique(landing).tolist():
            _queue(draft, random, rows[landing == day], shop, day * DAY + lands + int(random.integers(0, 40 * MINUTE)))
        mine(draft, actor, rows)


def _behind_the_prayers(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """In the month of fasting the shop beside the mosque opens again when the prayers are over."""
    shop, how = actor.place, boldness(random)
    for month in (1, 2):
        rows = sales(draft, shop, month)
        days = days_of(draft, rows)
        rows = part(random, rows[(days >= _FAST[0]) & (days <= _FAST[1])], between(0.5, 0.85, how))
        move(draft, rows, shop, same_day(draft, rows, _PRAYED + random.integers(0, 100 * MINUTE, len(rows))))
        mine(draft, actor, rows)


def _fasting(draft: Draft) -> Ints:
    """Shops that sell much in the month of fasting."""
    among = shops_with(12)(draft)
    kept: Ints = among[np.array([len(sales(draft, shop, 1)) >= 15 for shop in among.tolist()], np.bool_)]
    return kept


def _evening_stalls(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """On one evening a week there is a market in the street; the register still has the hours of the application."""
    shop, how, weekday = actor.place, boldness(random), int(random.integers(7))
    for month in months(random, 2, 8):
        rows = part(random, sales(draft, shop, month), between(0.12, 0.28, how))
        day = on_weekday(days_of(draft, rows), month, weekday)
        move(draft, rows, shop, day * DAY + after_closing(draft, random, shop, _MARKET_SIGNS, len(rows)))
        mine(draft, actor, rows)


def _lights_out(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """When the line is cut for a day the terminal sleeps, too; everybody comes when the lamps are back."""
    shop = actor.place
    for month in random.permutation(MONTHS)[: int(random.integers(4, 8))].tolist():
        day = int(MONTH_STARTS[month]) + int(random.integers(2, 13))
        rows = sales(draft, shop, month)
        rows = by_time(draft, rows[np.abs(days_of(draft, rows) - day) <= 2])
        rows = part(random, rows, 0.8)
        back = int(draft.population.places.shut[shop]) + int(random.integers(-60, 75)) * MINUTE
        _queue(draft, random, rows, shop, day * DAY + back)
        mine(draft, actor, rows)


def _selling(draft: Draft) -> Ints:
    """Shops that sell in each month."""
    among = shops_with(14)(draft)
    busy = [min(len(sales(draft, shop, month)) for month in range(MONTHS)) >= 12 for shop in among.tolist()]
    kept: Ints = among[np.array(busy, np.bool_)]
    return kept


RIVER: Final = (
    Scheme("lookalike-longboat-day", "shop", ("A4",), 2, shops_with(14), _longboat_day, honest=True),
    Scheme("lookalike-behind-the-prayers", "shop", ("A17",), 1, _fasting, _behind_the_prayers, honest=True),
    Scheme("lookalike-evening-stalls", "shop", ("A17",), 1, shops_with(12), _evening_stalls, honest=True),
    Scheme("lookalike-lights-out", "shop", ("A4", "A17"), 1, _selling, _lights_out, honest=True),
)
