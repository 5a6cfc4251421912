# SPDX-License-Identifier: Apache-2.0
"""Families and single cards that cheat, or are cheated."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, errands, in_turn, mine, months, move
from ..habits import at, far_shop, holders, trips

_OIL: Final = np.array([CODES.index("MINYAK"), CODES.index("GULA")])
_SHARES: Final = np.array([70, 30])


def _oil_runner(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Runs from shop to shop on one day with the card, for oil and sugar that a fryer of bananas buys from him.

    Told by: three or four debits on one day at several shops, month after month, of oil and sugar only.
    """
    how = boldness(random)
    around = draft.population.places.around[int(draft.population.families.kecamatan[actor.place])]
    shops = random.permutation(around if len(around) else draft.free_shops())[:3]
    often = round(between(3, 4, how))
    for month in months(random, 2, 9):
        rows = trips(draft, actor.place, month, often)
        begin = at(draft, int(shops[0]), month, int(random.integers(0, 12)), float(random.uniform(0.1, 0.4)))
        moments = in_turn(random, begin, len(rows), (20 * MINUTE, 80 * MINUTE))
        for turn, row in enumerate(rows.tolist()):
            shop = int(shops[turn % len(shops)])
            menu = draft.goods.add_menu(
                [
                    heap(draft.goods.price(shop, month), rupiah, _OIL, _SHARES)
                    for rupiah in range(45_000, 601_000, 9_000)
                ]
            )
            one = np.array([row])
            move(draft, one, shop, moments[turn], want=Want.FREE, share=1 / (often - turn), menu=menu)
            mine(draft, actor, one)


def _pawned(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Pawned with a boatman at a far landing, whose friend opens the till when the shop is shut.

    Told by: all its money, at one far shop, before or after hours, in the days of the load; never at home.
    """
    how = boldness(random)
    shop = far_shop(draft, random, actor.place)
    place = draft.population.places.shops[shop]
    for month in months(random, 3, 8):
        rows = trips(draft, actor.place, month, 1)
        day = int(MONTH_STARTS[month] + random.integers(0, 4)) * DAY
        late = random.random() < between(0.6, 0.9, how)
        clock = place.closes + random.integers(20, 130) * MINUTE if late else place.opens - random.integers(20, HOUR)
        move(draft, rows, shop, day + int(clock), want=Want.FREE, share=1.0)
        mine(draft, actor, rows)


def _lost_again(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Sells the card with its PIN, says it is lost, gets another and sells that.

    Told by: emptied far from home on the day before each loss; four losses and more in as many months.
    """
    count = int(between(4, 6.99, boldness(random)))
    card = actor.place
    shop = far_shop(draft, random, actor.place)
    for month in sorted(random.choice(np.arange(1, 11), count, replace=False).tolist()):
        day = int(random.integers(8, 15))
        draft.drop(errands(draft, card, month))
        sold = draft.add(np.array([card]), at(draft, shop, month, day - 1, float(random.random())), shop)
        draft.visits["want"][sold], draft.visits["share"][sold] = Want.FREE, 1.0
        mine(draft, actor, sold)
        lost = MONTH_STARTS[month] + np.array([day])
        blocked = lost + random.integers(0, 3)
        made = blocked + random.integers(2, 5)
        label = draft.label(actor.scheme, actor.rules)
        given = made + random.integers(1, 5)
        new = draft.replace_cards(
            np.array([card]), "lost", lost=lost, blocked=blocked, made=made, delivered=given, label=label
        )
        card = int(new[0])


OIL_RUNNER: Final = Scheme("fraud-oil-runner", "card", ("A1",), 2, holders, _oil_runner)
PAWNED: Final = Scheme("fraud-pawned-at-the-landing", "card", ("A7", "A16", "A17"), 3, holders, _pawned)
LOST_AGAIN: Final = Scheme("fraud-lost-and-sold", "family", ("A12",), 2, holders, _lost_again)
