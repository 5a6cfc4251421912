# SPDX-License-Identifier: Apache-2.0
"""How people of a scheme go about it: how boldly, with which cards, on which errands, how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from .calendar import DAY, MINUTE, MONTH_LENGTHS, MONTH_STARTS, NEVER, Ints
from .draft import Actor, Draft, Rows
from .events import Step
from .scheme import free_companions, free_families

_AGAIN: Final = 15 * MINUTE  #: a debit so soon after another only mends a mistake
_REGULAR: Final = 6  #: visits a year, at the least, of a family whom a scheme is worth


def label_of(draft: Draft, actor: Actor) -> int:
    """Place of the label of an actor's own events."""
    return draft.label(actor.scheme, actor.rules)


def mine(draft: Draft, actor: Actor, rows: Rows) -> Rows:
    """These are the actor's doing, under its scheme's name."""
    draft.claim(rows, label_of(draft, actor), actor)
    return rows


def days_of(draft: Draft, rows: Rows) -> Ints:
    """Days of visits, since 1970."""
    days: Ints = draft.visits["real"][rows] // DAY
    return days


def boldness(random: np.random.Generator) -> float:
    """0 for somebody very careful, 1 for somebody who thinks that nobody looks."""
    return float(random.random())


def between(careful: float, bold: float, how: float) -> float:
    """What somebody does who is so bold."""
    return careful + (bold - careful) * how


def some(random: np.random.Generator, of: Ints, count: float) -> Ints:
    """So many of them, in any order; all of them where there are no more."""
    drawn: Ints = random.permutation(of)[: round(count)]
    return drawn


def shops_with(least: int) -> Callable[[Draft], Ints]:
    """Candidates: shops that are nobody's yet, to so many families of which no scheme has come."""

    def candidates(draft: Draft) -> Ints:
        homes = draft.population.families.home[free_families(draft)]
        count = np.bincount(homes, minlength=len(draft.population.places.shops))
        free = draft.free_shops()
        return free[count[free] >= least]

    return candidates


def customers(draft: Draft, shop: int) -> Ints:
    """Families whose usual shop it is, with a card that works all year and visits that are nobody's yet."""
    return regular(draft, draft.families_at(shop))


def regular(draft: Draft, families: Ints) -> Ints:
    """Those with one card that works all year and visits that are nobody's yet."""
    cards = draft.population.cards
    whole = (cards.worked_until[families] == NEVER) & (cards.deactivated_on[families] == NEVER)
    whole &= cards.locked_on[families] == NEVER
    often = [len(draft.of_card(card, step=Step.DEBIT)) >= _REGULAR for card in families.tolist()]
    kept: Ints = families[whole & np.array(often, np.bool_)]
    return kept


def regular_of(draft: Draft, companion: int) -> Ints:
    """Families of a companion, none of a scheme yet, with one card that works all year and visits that are nobody's."""
    free = free_families(draft)
    return regular(draft, free[draft.population.families.companion[free] == companion])


def regular_at(draft: Draft, shop: int) -> Ints:
    """Such families whose usual shop it is."""
    free = free_families(draft)
    return regular(draft, free[draft.population.families.home[free] == shop])


def free_regular(draft: Draft) -> Ints:
    """Families of no scheme yet, with one card that works all year and visits that are nobody's."""
    return regular(draft, free_families(draft))


def strangers(draft: Draft, shop: int) -> Ints:
    """Such families who live in another kecamatan than a shop."""
    free, families = free_regular(draft), draft.population.families
    away: Ints = free[families.kecamatan[free] != draft.population.places.shop_kecamatan[shop]]
    return away


def companions_with(least: int, among: Callable[[Draft], Ints] = free_regular) -> Callable[[Draft], Ints]:
    """Candidates: companions that are nobody's yet, with so many of these families."""

    def candidates(draft: Draft) -> Ints:
        theirs = draft.population.families.companion[among(draft)]
        count = np.bincount(theirs, minlength=len(draft.population.companions))
        free = free_companions(draft)
        kept: Ints = free[count[free] >= least]
        return kept

    return candidates


def errands(draft: Draft, card: int, month: int) -> Rows:
    """A card's debits of a month that are nobody's yet, by time; what goes beside them (mistakes, reads) is dropped."""
    rows = draft.in_month(draft.of_card(card), month)
    visits = draft.visits
    rows = rows[np.argsort(visits["real"][rows], kind="stable")]
    debit = visits["step"][rows] == Step.DEBIT
    draft.drop(rows[~debit])
    rows = rows[debit]
    again = np.diff(visits["real"][rows], prepend=-DAY) < _AGAIN
    draft.drop(rows[again])
    kept: Rows = rows[~again]
    return kept


def only_first(draft: Draft, rows: Rows, count: int = 1) -> Rows:
    """The first of some errands; the others are not made."""
    draft.drop(rows[count:])
    return rows[:count]


def firsts(draft: Draft, cards: Iterable[int], month: int) -> Rows:
    """The first errand in a month of each card that has one, in the cards' order; their others are not made."""
    return _joined(only_first(draft, errands(draft, int(card), month)) for card in cards)


def earliest(draft: Draft, cards: Iterable[int], month: int) -> Rows:
    """The same, but the others are made all the same."""
    return _joined(errands(draft, int(card), month)[:1] for card in cards)


def _joined(rows: Iterable[Rows]) -> Rows:
    return np.concatenate([np.zeros(0, np.intp), *rows])


def in_turn(random: np.random.Generator, first: int, count: int, gaps: tuple[float, float]) -> Ints:
    """Moments of so many debits, one behind the other, from ``first`` on; ``gaps``: least and most seconds between."""
    steps = random.uniform(*gaps, count)
    moments: Ints = first + np.cumsum(steps).astype(np.int64)
    return moments


def moment(draft: Draft, random: np.random.Generator, month: int, days: tuple[int, int], shop: Any) -> Any:
    """One for each shop, while people come: on a day of the month from one (0 is the first) to before another."""
    last = min(days[1], int(MONTH_LENGTHS[month]))
    day = MONTH_STARTS[month] + random.integers(days[0], last, np.shape(shop))
    return day * DAY + draft.hour(shop, random.random(np.shape(shop)))


def move(draft: Draft, rows: Rows, shop: int, moments: Any, **more: Any) -> None:
    """These happen at that shop then; ``more``: other fields."""
    draft.visits["terminal"][rows], draft.visits["real"][rows] = shop + 1, moments
    for name, value in more.items():
        draft.visits[name][rows] = value


def months(random: np.random.Generator, latest_start: int, least: int) -> Sequence[int]:
    """A run of months: it begins in one up to ``latest_start`` (0 is January), and has at least so many."""
    first = int(random.integers(0, latest_start + 1))
    return range(first, int(random.integers(min(first + least, 12), 13)))


def part(random: np.random.Generator, rows: Rows, share: float) -> Rows:
    """About such a share of rows."""
    chosen: Rows = rows[random.random(len(rows)) < share]
    return chosen
