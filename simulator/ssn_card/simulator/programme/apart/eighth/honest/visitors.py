# SPDX-License-Identifier: Apache-2.0
"""Companions whose work piles up: a row of houses burns, a colleague is ill, the book of hand-overs is typed late."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, MINUTE, MONTH_STARTS, MONTHS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import companions_with, days_of, free_regular, mine, moment, regular_of, some
from ..habits import saved


def _burnt_row(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A row of wooden houses burns down: hers and neighbours' families need pots full at once, and limits lifted."""
    families = draft.population.families
    own = some(random, regular_of(draft, actor.place), int(random.integers(4, 7)))
    free = np.setdiff1d(free_regular(draft), own)
    near = free[families.kelurahan[free] == int(np.bincount(families.kelurahan[own]).argmax())]
    cards = np.concatenate((own, some(random, near, int(random.integers(2, 6))))).tolist()
    month = int(random.integers(2, MONTHS))
    for burnt in {month, min(month + 1, MONTHS - 1)}:
        before = 2 if burnt == month else 0
        rows = saved(draft, cards, burnt, before, lambda _: random.random() < 0.15)
        shop = families.home[draft.visits["card"][rows]]
        at = moment(draft, random, burnt, (3, 24), shop)
        draft.visits["terminal"][rows], draft.visits["real"][rows] = shop + 1, at
        draft.visits["want"][rows] = Want.BB
        card = draft.visits["card"][rows].copy()
        lifted = draft.add(
            card,
            at - random.integers(2, 20, len(rows)) * MINUTE,
            shop,
            step=Step.OVERRIDE,
            amount=random.choice([200_000, 300_000], len(rows)),
            companion=actor.place,
        )
        more = draft.add(
            card,
            at + random.integers(1, 6, len(rows)) * DAY // 2,
            shop,
            want=Want.FREE,
            share=random.uniform(0.4, 0.95, len(rows)),
        )
        draft.visits["real"][more] = days_of(draft, more) * DAY + draft.hour(shop, random.random(len(rows)))
        mine(draft, actor, np.concatenate((rows, lifted, more)))


def _raised(draft: Draft, cards: Ints, first: int) -> Ints:
    """Overrides of these cards from a month on, that are nobody's yet."""
    visits = draft.visits
    which = (visits["step"] == Step.OVERRIDE) & (visits["actor"] < 0) & np.isin(visits["card"], cards)
    rows: Ints = np.flatnonzero(which & (visits["real"] // DAY >= MONTH_STARTS[first]))
    return rows


def _long_illness(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Colleagues of her kecamatan are ill or with child; their families come to her before each feast."""
    people = draft.population
    beside = np.flatnonzero(people.companion_kecamatan == people.companion_kecamatan[actor.place])
    ill = some(random, np.setdiff1d(beside, [actor.place]), int(random.integers(4, 8)))
    first = int(random.choice([0, 0, 3]))
    theirs = np.flatnonzero(np.isin(people.families.companion, np.concatenate((ill, [actor.place]))))
    rows = _raised(draft, theirs, first)
    draft.visits["companion"][rows] = actor.place
    mine(draft, actor, rows)
    for card in some(random, regular_of(draft, actor.place), 2).tolist():  # a birth and a burial in her own families
        rows = saved(draft, [card], int(random.integers(2, MONTHS)), 1, lambda _: False)
        draft.visits["want"][rows] = Want.BB
        shop = draft.visits["terminal"][rows].astype(np.int64) - 1
        at = draft.visits["real"][rows] - random.integers(2, 15, len(rows)) * MINUTE
        card_of = draft.visits["card"][rows].copy()
        lifted = draft.add(card_of, at, shop, step=Step.OVERRIDE, amount=200_000, companion=actor.place)
        mine(draft, actor, np.concatenate((rows, lifted)))


def _in_hand_before(draft: Draft) -> Ints:
    """Free families whose card was there at new year and bought something in January."""
    families = free_regular(draft)
    families = families[draft.population.cards.delivered_on[families] < FIRST]
    early = [len(draft.in_month(draft.of_card(card, step=Step.DEBIT), 0)) > 0 for card in families.tolist()]
    kept: Ints = families[np.array(early, np.bool_)]
    return kept


def _book_of_hand_overs(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Handed over on the doorstep before new year, signed in a paper book; the office types it in weeks later."""
    cards = draft.population.cards
    families = _in_hand_before(draft)
    own = some(
        random, families[draft.population.families.companion[families] == actor.place], int(random.integers(4, 9))
    )
    typed = FIRST + int(random.integers(16, 50))
    for card in own.tolist():
        rows = draft.of_card(card)
        used = rows[draft.visits["step"][rows] == Step.DEBIT]
        first = int(days_of(draft, used).min())
        written = max(typed + int(random.integers(0, 4)), first + 3)
        cards.delivered_on[card] = written
        mine(draft, actor, rows[days_of(draft, rows) < written])


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-burnt-row", "companion", ("A11",), 2, companions_with(4), _burnt_row, honest=True),
    Scheme("lookalike-ill-colleagues", "companion", ("A11",), 1, companions_with(3), _long_illness, honest=True),
    Scheme(
        "lookalike-book-typed-late",
        "companion",
        ("A13",),
        1,
        companions_with(4, _in_hand_before),
        _book_of_hand_overs,
        honest=True,
    ),
)
