# SPDX-License-Identifier: Apache-2.0
"""Honest: companions who have much to confirm, or many to go with."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, FIRST, MINUTE, MONTH_STARTS, MONTHS, NEVER, Ints
from ...plan.draft import Actor, Draft, Rows, Want
from ...plan.events import Step
from ...plan.scheme import Scheme, free_companions, free_families
from ...plan.ways import companions_with, days_of, errands, firsts, in_turn, mine, move, regular_of, some

_RAIN: Final = (3, 4, 9, 10)  #: months in which the Karang Mumus leaves its bed
_HELP: Final = (100_000, 150_000, 200_000, 300_000)  #: rupiah
_WALKING_STICK: Final = (80.0, 330.0)  #: seconds from one old customer to the next
_SAVING: Final = 0.5  #: houses that had let two months gather
_COLLEAGUES: Final = 4
_TYPED: Final = (16, 48)  #: days behind the hand-over until the list of the van is in the register


def _mud_in_the_rice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """After a flood the rice of a lane is mud: she confirms for nearly each house, within a week or two."""
    month, reach = int(random.choice(_RAIN)), random.uniform(0.6, 1.0)
    lane = random.permutation(regular_of(draft, actor.place))
    spared = random.random(len(lane)) > reach
    spared[0] = False  # the first house stands lowest
    for family in lane[~spared].tolist():
        saved = random.random() < _SAVING
        for before in range(month - 2 if saved else month, month + 1):
            draft.drop(errands(draft, family, before))
        shop = int(draft.population.families.home[family])
        ebb = int(MONTH_STARTS[month]) + int(random.integers(6, 22))
        at = ebb * DAY + int(draft.hour(shop, random.uniform(0.05, 0.8)))
        signed = draft.add(
            [family], at, shop, step=Step.OVERRIDE, amount=int(random.choice(_HELP)), companion=actor.place, given=True
        )
        moments = at + np.array([5 * MINUTE, int(random.integers(1, 6)) * DAY])[: 1 + saved]
        want = np.array([Want.AB if saved else Want.FREE, Want.FREE])[: 1 + saved]
        refill = draft.add(np.full(1 + saved, family), moments, shop, want=want, share=0.95, given=True)
        mine(draft, actor, np.concatenate((signed, refill)))


def _overrides_of(draft: Draft, companions: Ints) -> Rows:
    """Overrides of honest visits that these companions confirm."""
    visits = draft.visits
    theirs = (visits["step"] == Step.OVERRIDE) & (visits["actor"] < 0) & (visits["card"] != NEVER)
    rows: Rows = np.flatnonzero(theirs & np.isin(visits["companion"], companions))
    return rows


def _stand_in(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Colleagues are on leave, one after the other, and their families come to her."""
    where = draft.population.companion_kecamatan
    others = np.setdiff1d(np.flatnonzero(where == where[actor.place]), [actor.place])
    counts = np.array([len(_overrides_of(draft, np.array([one]))) for one in others.tolist()])
    busy = others[np.argsort(-counts, kind="stable")][: 3 * _COLLEAGUES]
    rows = _overrides_of(draft, np.append(some(random, busy, _COLLEAGUES), actor.place))
    draft.visits["companion"][rows] = actor.place
    mine(draft, actor, rows)


def _with_colleagues(draft: Draft) -> Ints:
    """Companions of kecamatan in which others have confirmed enough, and who have confirmed something themselves."""
    where, free = draft.population.companion_kecamatan, free_companions(draft)
    own = np.array([len(_overrides_of(draft, np.array([one]))) for one in range(len(where))])
    around = np.bincount(where, weights=own)
    kept: Ints = free[(own[free] > 0) & (around[where[free]] >= 2 * _COLLEAGUES)]
    return kept


def _bench_of_elders(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Once a month she walks the old of her lane to the shop; they sit on the bench, and she holds the cards."""
    elders = regular_of(draft, actor.place)
    shop = int(draft.population.families.home[elders[0]])
    for month in range(int(random.integers(0, 3)), MONTHS):
        rows = firsts(draft, elders[random.random(len(elders)) < 0.85], month)
        start = (int(MONTH_STARTS[month]) + int(random.integers(1, 12))) * DAY
        start += int(draft.hour(shop, random.uniform(0.05, 0.3)))
        want = random.choice([Want.A, Want.B, Want.FREE], len(rows), p=[0.35, 0.25, 0.4])
        moments = in_turn(random, start, len(rows), _WALKING_STICK)
        move(draft, rows, shop, moments, want=want, share=random.uniform(0.6, 1.0, len(rows)), given=True)
        mine(draft, actor, rows)


def _early_cards(draft: Draft, companion: int) -> Ints:
    """Free families of a companion whose card was handed over before the year, and used in its first two weeks."""
    free = free_families(draft)
    own = free[draft.population.families.companion[free] == companion]
    own = own[draft.population.cards.delivered_on[own] < FIRST]
    used = [len(_until(draft, card, FIRST + _TYPED[0])) for card in own.tolist()]
    kept: Ints = own[np.array(used, np.int64) > 0]
    return kept


def _until(draft: Draft, card: int, day: int) -> Rows:
    rows = draft.of_card(card)
    before: Rows = rows[days_of(draft, rows) < day]
    return before


def _list_of_the_van(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The van handed cards over in the lane; the list was signed on paper, and typed when somebody had time."""
    typed = FIRST + int(random.integers(*_TYPED))
    for card in _early_cards(draft, actor.place).tolist():
        rows = _until(draft, card, typed)
        draft.population.cards.delivered_on[card] = typed
        mine(draft, actor, rows)


def _served_by_the_van(draft: Draft) -> Ints:
    """Companions with some such families."""
    enough = [len(_early_cards(draft, one)) >= 3 for one in free_companions(draft).tolist()]
    kept: Ints = free_companions(draft)[np.array(enough, np.bool_)]
    return kept


NEIGHBOURS: Final = (
    Scheme("lookalike-mud-in-the-rice", "companion", ("A11",), 2, companions_with(5), _mud_in_the_rice, honest=True),
    Scheme("lookalike-stand-in", "companion", ("A11",), 1, _with_colleagues, _stand_in, honest=True),
    Scheme(
        "lookalike-bench-of-elders", "companion", ("A4", "A7"), 2, companions_with(5), _bench_of_elders, honest=True
    ),
    Scheme("lookalike-list-of-the-van", "companion", ("A13",), 1, _served_by_the_van, _list_of_the_van, honest=True),
)
