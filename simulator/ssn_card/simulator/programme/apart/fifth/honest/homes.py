# SPDX-License-Identifier: Apache-2.0
"""Honest families with a reason: an illness, a child at school, a long way, a wet card."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, MINUTE, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.scheme import Scheme, free_families
from ....plan.ways import boldness, errands, mine, moment, months, move
from ..habits import YEAR_ROUND, at, far_shop, trips, weekdays

_HOLIDAYS: Final = (2, 5, 11)
_TUESDAY, _FRIDAY = 1, 4


def _home(draft: Draft, family: int) -> int:
    return int(draft.population.families.home[family])


def _dialysis(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Twice a week at the hospital over the river; the wife buys a little at the shop beside it while she waits.

    Told by: small purchases on Tuesdays and Fridays, in the day's hours, far from home, of what one cooks that evening.
    """
    shop = far_shop(draft, random, actor.place)
    for month in months(random, 3, 7):
        days = np.sort(np.concatenate((weekdays(month, _TUESDAY), weekdays(month, _FRIDAY))))
        rows = trips(draft, actor.place, month, int(random.integers(4, 7)))
        chosen = np.sort(random.choice(days, len(rows), replace=False))
        moments = (MONTH_STARTS[month] + chosen) * DAY + draft.hour(shop, random.uniform(0.1, 0.7, len(rows)))
        move(draft, rows, shop, moments, want=Want.FREE)
        draft.visits["share"][rows] = random.uniform(0.18, 0.4, len(rows))
        mine(draft, actor, rows)


def _pesantren(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The children board at a pesantren in another kecamatan; the mother shops there on her monthly visit.

    Told by: at the far shop in school months, on a Friday in its hours and with money left; at home in the holidays.
    """
    shop = far_shop(draft, random, actor.place)
    for month in YEAR_ROUND:
        if month not in _HOLIDAYS:
            rows = trips(draft, actor.place, month, 1)
            friday = int(random.choice(weekdays(month, _FRIDAY)[:3]))
            move(draft, rows, shop, at(draft, shop, month, friday, float(random.random())), want=Want.FREE)
            draft.visits["share"][rows] = random.uniform(0.6, 0.9)
            mine(draft, actor, rows)


def _on_foot(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Carries everything over the planks alone: the rice first, the rest on a second way an hour later.

    Told by: two purchases on one day at the shop next to home, together a household's month, never a third.
    """
    shop = _home(draft, actor.place)
    for month in months(random, 1, 10):
        rows = trips(draft, actor.place, month, 2)
        first = int(moment(draft, random, month, (0, 14), np.array([shop]))[0])
        first = min(first, first // DAY * DAY + int(draft.hour(shop, 0.75)))
        moments: Ints = first + np.array([0, random.integers(20, 110) * MINUTE])[: len(rows)]
        move(draft, rows, shop, moments, want=Want.FREE)
        draft.visits["share"][rows] = np.array([0.5, 0.9])[: len(rows)]
        mine(draft, actor, rows)


def _saves_for_crossing(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The ferry for two costs as much as a chicken: they come every second month and take two packages.

    Told by: two packages or what comes near, at list prices and at the family's own shop, never above the limit.
    """
    odd = int(random.integers(2))
    for month in YEAR_ROUND:
        if month % 2 == odd:
            rows = trips(draft, actor.place, month, 1)
            draft.visits["want"][rows] = random.choice([Want.AA, Want.AB, Want.BB])
            mine(draft, actor, rows)
        else:
            draft.drop(errands(draft, actor.place, month))


def _cake_baker(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Bakes for the stalls at dusk in Ramadan and for weddings after it: what her card has goes into eggs and sugar.

    Told by: one card at the shop next to home, four goods that go into a cake and that the shop did buy.
    """
    shop = _home(draft, actor.place)
    goods = np.array([CODES.index(code) for code in ("TELUR", "GULA", "MINYAK", "SUSU")])
    for month in months(random, 1, 8):
        rows = trips(draft, actor.place, month, 1)
        prices, shares = draft.goods.price(shop, month), np.array([35, 25, 20, 20])
        cakes = [heap(prices, rupiah, goods, shares) for rupiah in range(80_000, 601_000, 10_000)]
        moments = moment(draft, random, month, (0, 20), np.full(len(rows), shop))
        move(draft, rows, shop, moments, want=Want.FREE, share=0.95, menu=draft.goods.add_menu(cakes, 3))
        mine(draft, actor, rows)


def _long_ill(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Lies in hospital or with a daughter upstream for half a year, card in the drawer; then spends what has come.

    Told by: handed over and never used for months; then at the shop next to home, day by day and within the limit.
    """
    back = 5 + round(2 * boldness(random))
    for month in range(back):
        draft.drop(errands(draft, actor.place, month))
    shop = _home(draft, actor.place)
    for month in range(back, 12):
        rows = trips(draft, actor.place, month, 2)
        days = MONTH_STARTS[month] + np.array([random.integers(0, 10), random.integers(12, 26)])[: len(rows)]
        moments = days * DAY + draft.hour(shop, random.random(len(rows)))
        move(draft, rows, shop, moments, want=Want.FREE)
        draft.visits["share"][rows] = np.array([0.55, 0.95])[: len(rows)]
        mine(draft, actor, rows)


def _wet_card(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Lives on a raft house: cards fall into the river or lie in the wet until no terminal reads them.

    Told by: three and not more, ``damaged`` at least once; each used on as the one before, never emptied before.
    """
    card = np.array([actor.place])
    reasons = ["damaged", "lost", "damaged"]
    label = draft.label(actor.scheme, actor.rules)
    for month, reason in zip(sorted(random.choice(np.arange(1, 10), 3, replace=False).tolist()), reasons, strict=True):
        lost = MONTH_STARTS[month] + random.integers(5, 14, 1)
        made = lost + random.integers(3, 7)
        given = made + random.integers(2, 6)
        card = draft.replace_cards(card, reason, lost=lost, blocked=lost + 1, made=made, delivered=given, label=label)
        rows = draft.of_card(int(card[0]))
        mine(draft, actor, rows[np.argsort(draft.visits["real"][rows])][:1])


_CARD: Final = "card"
DIALYSIS: Final = Scheme("lookalike-dialysis", _CARD, ("A1", "A7", "A16"), 2, free_families, _dialysis, honest=True)
PESANTREN: Final = Scheme("lookalike-pesantren", _CARD, ("A7", "A16"), 2, free_families, _pesantren, honest=True)
ON_FOOT: Final = Scheme("lookalike-on-foot", _CARD, ("A1",), 2, free_families, _on_foot, honest=True)
SAVES_FOR_CROSSING: Final = Scheme(
    "lookalike-saves-for-the-crossing", _CARD, ("A3", "A5"), 2, free_families, _saves_for_crossing, honest=True
)
CAKE_BAKER: Final = Scheme("lookalike-cake-baker", _CARD, ("A8", "A15"), 2, free_families, _cake_baker, honest=True)
LONG_ILL: Final = Scheme("lookalike-long-ill", _CARD, ("A5", "A13"), 2, free_families, _long_ill, honest=True)
WET_CARD: Final = Scheme("lookalike-wet-card", "family", ("A12",), 2, free_families, _wet_card, honest=True)
