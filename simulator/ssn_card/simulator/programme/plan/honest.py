# SPDX-License-Identifier: Apache-2.0
"""What honest families do in a year: most buy once a month near home in its first half, some save for a feast."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calendar import DAY, HOUR, LAST, MINUTE, MONTH_LENGTHS, MONTH_STARTS, MONTHS, NEVER, Ints
from .draft import Want, blank
from .events import Step
from .places import DAY_BEGINS, DESK_PLACE, Places
from .population import Population

_PURCHASES: Final = (0.55, 0.33, 0.1, 0.02)  #: families who buy once, twice, ... in a month, unless they save
_MOST: Final = len(_PURCHASES)
_EARLY: Final = 0.72  #: purchases in the first days of a month, which are
_EARLY_DAYS: Final = 14
_OWN, _NEAR = 0.83, 0.97  #: at the family's usual shop; there or elsewhere in its kecamatan
_SKIPS: Final = 0.02  #: buys nothing in a month, and catches up in the next
FEASTS: Final = (2, 6, 11)  #: months: Lebaran, a new school year, Christmas and New Year
_SAVES: Final = 0.17  #: families who buy little in the two months before a feast, and more than the limit at it
_LITTLE: Final = (0.08, 0.2)  #: of what they may spend
SAVED: Final = 300_000  #: rupiah above the limit
_PACKAGED: Final = 0.72  #: of those who buy once: a package
_CANCELLED: Final = 0.008
_FORGOTTEN: Final = 0.012  #: comes back within the hour for something forgotten
_LATE: Final = 0.006  #: is served behind the closed door, within
_LATE_MINUTES: Final = 40
_READ: Final = 0.03  #: after a debit the card is read out
_READ_AT_THE_DESK: Final = 0.08  #: of the cards, in the last days of the year
_GIVES_PIN: Final = 0.8  #: where it is not due


class _Moods(NamedTuple):
    """Of each family in a month: ``saves`` for a feast, has skipped the month before, keeps the ``feast``."""

    saves: NDArray[np.bool_]
    behind: NDArray[np.bool_]
    feast: NDArray[np.bool_]

    def of(self, which: Ints | NDArray[np.intp]) -> _Moods:
        """Those of some."""
        return _Moods(*(one[which] for one in self))


def honest_visits(population: Population, random: np.random.Generator) -> NDArray[np.void]:
    """A year of every family with its first card."""
    count = len(population.families)
    saved = np.zeros((MONTHS, count), np.bool_)
    feast = np.zeros((MONTHS, count), np.bool_)
    for month in FEASTS:
        feast[month] = random.random(count) < _SAVES
        saved[month - 2] |= feast[month]
        saved[month - 1] |= feast[month]
    feast &= ~saved
    skipped = random.random((MONTHS, count)) < _SKIPS
    chunks = []
    for month in range(MONTHS):
        quiet = skipped[month] & ~feast[month]
        chunks += _month(
            population, month, ~quiet, _Moods(saved[month], skipped[month - 1] & (month > 0), feast[month]), random
        )
    visits = np.concatenate((*chunks, _read_at_the_desk(count, random)))
    delivered = population.cards.delivered_on[visits["card"]]
    possible: NDArray[np.void] = visits[(delivered != NEVER) & (visits["real"] // DAY > delivered)]
    return possible


def _read_at_the_desk(count: int, random: np.random.Generator) -> NDArray[np.void]:
    """The office reads what some cards have left before it expires."""
    cards = np.flatnonzero(random.random(count) < _READ_AT_THE_DESK)
    visits = blank(len(cards))
    visits["card"], visits["step"], visits["terminal"] = cards, Step.READ, DESK_PLACE + 1
    visits["real"] = (
        (LAST - random.integers(0, 4, len(cards))) * DAY + DAY_BEGINS + random.integers(0, 7 * HOUR, len(cards))
    )
    return visits


def _month(
    population: Population,
    month: int,
    buys: NDArray[np.bool_],
    moods: _Moods,
    random: np.random.Generator,
) -> list[NDArray[np.void]]:
    families = np.flatnonzero(buys)
    count = len(families)
    often = 1 + random.choice(_MOST, count, p=_PURCHASES)
    moods = moods.of(families)
    often = np.where(moods.feast, np.maximum(2, often), np.where(moods.saves, 1, often))
    days = _days(month, often, random)
    places = population.places
    chunks = []
    for turn in range(_MOST):
        who = np.flatnonzero(often > turn)
        family = families[who]
        visits = blank(len(family))
        shop = _shops(population, family, random)
        visits["card"], visits["terminal"] = family, shop + 1
        visits["real"] = days[who, turn] * DAY + _hours(places, shop, random)
        left, theirs = often[who] - turn, moods.of(who)
        visits["want"], visits["share"] = _wants(left, turn == 0, theirs, random)
        visits["given"] = random.random(len(family)) < _GIVES_PIN
        chunks += [visits, *_beside(population, visits, theirs.feast & (left == 1), random)]
    return chunks


def _days(month: int, often: Ints, random: np.random.Generator) -> Ints:
    """Of each family as many days of the month as it buys, in order; what lies behind them means nothing."""
    shape = (len(often), _MOST)
    first = (random.random(shape) ** 1.25 * _EARLY_DAYS).astype(np.int64)
    later = random.integers(_EARLY_DAYS, MONTH_LENGTHS[month], shape)
    days = MONTH_STARTS[month] + np.where(random.random(shape) < _EARLY, first, later)
    days[np.arange(_MOST) >= often[:, None]] = np.iinfo(np.int64).max
    ordered: Ints = np.sort(days, axis=1)
    return ordered


def _hours(places: Places, shop: Ints, random: np.random.Generator) -> Ints:
    """Seconds of the day: mornings and late afternoons are busy."""
    chance = np.where(random.random(len(shop)) < 0.65, random.beta(2, 4, len(shop)), random.beta(4, 2.5, len(shop)))
    opens, closes = places.opens[shop], places.closes[shop]
    hours = opens + (chance * (closes - opens - 20 * MINUTE)).astype(np.int64)
    late = places.shut[shop] + random.integers(0, _LATE_MINUTES * MINUTE, len(shop))
    return np.where(random.random(len(shop)) < _LATE, late, hours)


def _shops(population: Population, family: Ints, random: np.random.Generator) -> Ints:
    places, families = population.places, population.families
    shop, chance = families.home[family], random.random(len(family))
    number = random.integers(0, 1 << 30, len(family))
    around = [
        places.around[k] if len(places.around[k]) else np.arange(len(places.shops)) for k in range(len(places.codes))
    ]
    longest = max(map(len, around))
    table = np.stack([np.resize(one, longest) for one in around])
    sizes = np.array([len(one) for one in around])
    kecamatan = families.kecamatan[family]
    near = table[kecamatan, number % sizes[kecamatan]]
    return np.where(chance < _OWN, shop, np.where(chance < _NEAR, near, number % len(places.shops)))


def _wants(left: Ints, first: bool, moods: _Moods, random: np.random.Generator) -> tuple[Ints, NDArray[np.float64]]:
    """What a purchase is for, and the share of what may be spent, by how many the family still makes this month."""
    count = len(left)
    chance = random.random(count)
    package = np.where(random.random(count) < 0.55, Want.A, Want.B)
    double = random.choice([Want.AA, Want.AB, Want.BB], count)
    want = np.where((left == 1) & (chance < _PACKAGED if first else chance < 0.15), package, Want.FREE)
    want = np.where(moods.behind & (left == 1) & first & (chance < 0.6), double, want)
    want = np.where(moods.feast & first, double, np.where(moods.feast & (left == 1), package, want))
    share = np.where(left == 1, random.uniform(0.8, 1.0, count), random.uniform(0.7, 1.25, count) / np.maximum(left, 1))
    want = np.where(moods.saves, Want.FREE, want)
    return want, np.where(moods.saves, random.uniform(*_LITTLE, count), share)


def _beside(
    population: Population, visits: NDArray[np.void], above: NDArray[np.bool_], random: np.random.Generator
) -> list[NDArray[np.void]]:
    """What goes with purchases: an override before, a mistake taken back, the card read, something forgotten after."""
    raised = visits[above].copy()
    raised["step"], raised["amount"] = Step.OVERRIDE, SAVED
    raised["real"] -= random.integers(1, 12, len(raised)) * MINUTE
    raised["companion"] = population.families.companion[raised["card"]]
    chance = random.random(len(visits))
    undone = visits[(chance < _CANCELLED) & ~above].copy()
    again = undone.copy()
    undone["step"] = Step.CANCEL
    undone["real"] += random.integers(40, 4 * MINUTE, len(undone))
    again["real"] = undone["real"] + random.integers(40, 4 * MINUTE, len(undone))
    read = visits[chance > 1 - _READ].copy()
    read["step"] = Step.READ
    read["real"] += 10 * MINUTE
    forgotten = visits[(chance >= _CANCELLED) & (chance < _CANCELLED + _FORGOTTEN)].copy()
    forgotten["want"], forgotten["share"] = Want.FREE, random.uniform(0.1, 0.4, len(forgotten))
    forgotten["real"] += random.integers(6, 50, len(forgotten)) * MINUTE
    return [raised, undone, again, read, forgotten]
