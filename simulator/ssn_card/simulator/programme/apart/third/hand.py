# SPDX-License-Identifier: Apache-2.0
"""What several schemes of this set do: whose errands they take, and what they make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import shopping
from ...plan.calendar import DAY, FIRST, MONTH_STARTS, MONTHS, NEVER, Ints, month_in_year
from ...plan.draft import Draft, Rows, Want
from ...plan.goods import priced
from ...plan.scheme import free_families
from ...plan.ways import errands, regular

NOTHING: Final[Rows] = np.zeros(0, np.intp)


def known(draft: Draft, families: Ints) -> Ints:
    """Those of no scheme, whose one card was theirs before the year began, and who come often."""
    delivered = draft.population.cards.delivered_on[families]
    ready = families[(delivered != NEVER) & (delivered < FIRST)]
    return regular(draft, np.intersect1d(ready, free_families(draft)))


def guests(draft: Draft, shop: int) -> Ints:
    """Known families whose usual shop it is."""
    return known(draft, draft.families_at(shop))


def anybody(draft: Draft) -> Ints:
    """Candidates: every known family."""
    return known(draft, np.arange(len(draft.population.families)))


def one_each(least: int, by: Callable[[Draft], Ints]) -> Callable[[Draft], Ints]:
    """Candidates: one known family of each group with so many; ``by``: group of every family."""

    def candidates(draft: Draft) -> Ints:
        families = anybody(draft)
        _, first, count = np.unique(by(draft)[families], return_index=True, return_counts=True)
        return families[first[count >= least]]

    return candidates


def stay_away(draft: Draft, cards: Iterable[int], month: int) -> None:
    """They buy nothing in a month."""
    for card in cards:
        draft.drop(draft.in_month(draft.of_card(int(card)), month))


def at_counter(draft: Draft, cards: Ints, shop: int, month: int) -> Rows:
    """Errands of some cards in a month at a shop."""
    rows = [errands(draft, card, month) for card in cards.tolist()]
    joined = np.concatenate((*rows, NOTHING))
    here: Rows = joined[draft.visits["terminal"][joined] == shop + 1]
    return here


def busy_months(draft: Draft, card: int) -> Ints:
    """Months with visits of a card, 0 to 11."""
    months: Ints = np.unique(month_in_year(draft.visits["real"][draft.of_card(card)] // DAY))
    return months


def change(draft: Draft, rows: Rows, **fields: Any) -> None:
    """These are otherwise."""
    for name, value in fields.items():
        draft.visits[name][rows] = value


def by_menu(draft: Draft, random: np.random.Generator, rows: Rows, menu: int) -> None:
    """These are served off a scheme's own menu, for about as much as was meant."""
    visits = draft.visits
    free = visits["want"][rows] == Want.FREE
    share = np.where(free, np.minimum(visits["share"][rows], 1), random.uniform(0.85, 1, len(rows)))
    change(draft, rows, want=Want.FREE, menu=menu, share=share)


def served(draft: Draft, menu: int, rows: Rows, **more: Any) -> None:
    """These take all that the card may spend, off a menu."""
    change(draft, rows, want=Want.FREE, menu=menu, share=1.0, **more)


def sizes(prices: Ints, contents: Ints, times: Sequence[int]) -> list[Basket]:
    """A bag of fixed contents, and several of it."""
    return [priced(contents * many, contents * many * prices) for many in times]


def choices(random: np.random.Generator, prices: Ints, count: int = 30) -> list[Basket]:
    """What households may want, from a little to two months' worth."""
    return [shopping(random, prices, rupiah) for rupiah in np.linspace(25_000, 590_000, count).astype(int).tolist()]


def day_in(random: np.random.Generator, month: int, first: int, last: int) -> int:
    """Seconds at which a day begins, from the ``first`` of a month (0) to before the ``last``."""
    return int(MONTH_STARTS[month] + random.integers(first, last)) * DAY


def elsewhere(draft: Draft, kecamatan: int) -> Ints:
    """Known families of other kecamatan."""
    families = anybody(draft)
    others: Ints = families[draft.population.families.kecamatan[families] != kecamatan]
    return others


EVERY_MONTH: Final = range(MONTHS)
