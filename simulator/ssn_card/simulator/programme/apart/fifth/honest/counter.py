# SPDX-License-Identifier: Apache-2.0
"""Honest counters: packages weighed in the evening, freight over the water, no small change, a day of cheap rice."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import exact, shopping
from ....plan.calendar import Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.goods import CODES, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, earliest, mine, part, regular_at, shops_with
from ..habits import YEAR_ROUND, at, refill, row_up, stock, takings

_HEAVY: Final[Ints] = np.array([code in ("BERAS", "MINYAK", "GULA") for code in CODES])
_CHEAP: Final = {"BERAS": 10, "MINYAK": 2, "GULA": 1}


def _first_of_each(draft: Draft, rows: Rows) -> Rows:
    """Of a month's debits each card's first; with the others it buys what it lacks."""
    by_time = rows[np.argsort(draft.visits["real"][rows], kind="stable")]
    first: Rows = by_time[np.unique(draft.visits["card"][by_time], return_index=True)[1]]
    return first


def _packed(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Weighs the programme's two packages the evening before, so that nobody waits at noon prayer; most take one.

    Told by: the programme's own packages at its price or the list's, bought of the supplier as they are sold.
    """
    share = between(0.75, 0.95, boldness(random))
    often = random.uniform(0.3, 0.7)
    for month in YEAR_ROUND:
        rows = part(random, _first_of_each(draft, takings(draft, actor.place, month)), share)
        draft.visits["want"][rows] = np.where(random.random(len(rows)) < often, Want.A, Want.B)
        mine(draft, actor, rows)


def _with_freight(prices: Ints, random: np.random.Generator, ferry: float) -> list[Basket]:
    each = np.where(_HEAVY, (prices * (1 + ferry) / 100).round().astype(np.int64) * 100, prices)
    return [shopping(random, each, rupiah) for rupiah in range(16_000, 601_000, 8_000)]


def _freight(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Rice, oil and sugar are carried over by ferry and cost by its fare more; eggs, chicken and tins do not.

    Told by: each takes what it wants; only what is heavy is dearer, by a few percent, for everybody and all year.
    """
    ferry = between(0.04, 0.075, boldness(random))
    for month in YEAR_ROUND:
        dear = partial(_with_freight, random=random, ferry=ferry)
        rows = part(random, takings(draft, actor.place, month), 0.85)
        share = np.where(draft.visits["want"][rows] == Want.FREE, draft.visits["share"][rows], 1.0)
        refill(draft, rows, stock(draft, month, actor.place, dear, 8), share)
        mine(draft, actor, rows)


def _to_the_ten(prices: Ints, random: np.random.Generator) -> list[Basket]:
    return [exact(random, prices, rupiah) for rupiah in range(20_000, 301_000, 10_000) for _ in range(3)]


def _no_change(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Hears "fill it up to a hundred": where coins are short people ask for round sums, and get eggs until it is one.

    Told by: goods for the whole sum at list prices; sums end on ten thousand, the goods are as many as elsewhere.
    """
    share = between(0.5, 0.75, boldness(random))
    for month in YEAR_ROUND:
        rows = part(random, takings(draft, actor.place, month), share)
        menu = stock(draft, month, actor.place, partial(_to_the_ten, random=random), 6)
        refill(draft, rows, menu, random.uniform(0.4, 1.0, len(rows)))
        mine(draft, actor, rows)


def _from_the_yard(prices: Ints, random: np.random.Generator) -> list[Basket]:
    eggs, hens = random.choice([10, 15, 20, 30], 40), random.integers(0, 4, 40)
    amounts = np.zeros((40, len(CODES)), np.int64)
    amounts[:, CODES.index("TELUR")], amounts[:, CODES.index("AYAM")] = eggs, hens
    return [priced(one, one * prices) for one in amounts]


def _own_hens(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Keeps hens behind the shop: who wants eggs or a chicken gets them from the yard, for which nobody writes a bill.

    Told by: only eggs and chicken are sold above what was bought, by as many as a household eats, and all else is not.
    """
    share = between(0.2, 0.32, boldness(random))
    for month in YEAR_ROUND:
        rows = part(random, takings(draft, actor.place, month), share)
        menu = stock(draft, month, actor.place, partial(_from_the_yard, random=random), 20)
        refill(draft, rows, menu, random.uniform(0.3, 0.6, len(rows)), stocked=False)
        mine(draft, actor, rows)


def _cheap_sets(prices: Ints, off: float) -> list[Basket]:
    amounts = np.array([_CHEAP.get(code, 0) for code in CODES])
    each = (prices * (1 - off) / 100).astype(np.int64) * 100
    half = np.array([_CHEAP.get(code, 0) // 2 for code in CODES])
    return [priced(half, half * each), priced(amounts, amounts * each)]


def _cheap_rice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The trade office brings cheap rice and oil for a day, one set a family, and a queue stands at seven.

    Told by: one day in a month, the same set for all and below the list; each family once.
    """
    how = boldness(random)
    off, share = random.uniform(0.04, 0.08), between(0.6, 0.9, how)
    families = regular_at(draft, actor.place)
    for month in sorted(random.choice(12, 7, replace=False).tolist()):
        rows = earliest(draft, part(random, families, share).tolist(), month)
        first = at(draft, actor.place, month, int(random.integers(2, 13)), 0.0)
        row_up(draft, random, rows, actor.place, first, (40, 150))
        refill(draft, rows, stock(draft, month, actor.place, partial(_cheap_sets, off=off), 1), 1.0)
        mine(draft, actor, rows)


PACKED: Final = Scheme("lookalike-packed-at-night", "shop", ("A2", "A5", "A9"), 2, shops_with(10), _packed, honest=True)
FREIGHT: Final = Scheme("lookalike-ferry-freight", "shop", ("A10",), 1, shops_with(10), _freight, honest=True)
NO_CHANGE: Final = Scheme("lookalike-no-small-change", "shop", ("A2",), 1, shops_with(10), _no_change, honest=True)
CHEAP_RICE: Final = Scheme(
    "lookalike-cheap-rice-day", "shop", ("A4", "A9"), 1, shops_with(15), _cheap_rice, honest=True
)
OWN_HENS: Final = Scheme("lookalike-own-hens", "shop", ("A14", "A15"), 1, shops_with(10), _own_hens, honest=True)
