# SPDX-License-Identifier: Apache-2.0
"""At the gate by night, with a signature on sale, and with cards that are lost as soon as they are sold."""

from __future__ import annotations

import numpy as np

from ....plan.bags import shopping, whole
from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.ways import between, boldness, errands, firsts, label_of, months, only_first, regular_of, some
from ..common import menu, strangers

_RAISED = 300_000
_LATEST = 21  #: day of the month: a card is sold and lost within one


def gate_by_night(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A foreman from across the city brings his gang's cards at night, when the shutters are down.

    After: Bangalore's coupons of 2016 and ration drawn at hours when no shop is open. Evident by: families of another
    kecamatan, whose month's only sale is hours after closing, in whole ten thousands, while nobody of the shop's own
    neighbours is served then.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    gang = some(random, _one_kecamatan(draft, random, strangers(draft, random, shop, far=True)), between(8, 11, how))
    first = int(draft.population.places.shut[shop]) + round(between(70, 130, how)) * MINUTE
    for month in months(random, 1, 10):
        rows = firsts(draft, gang, month)
        night = random.choice(np.arange(2, 24), 3, replace=False)[random.integers(0, 3, len(rows))]
        at = (MONTH_STARTS[month] + night) * DAY + first + random.integers(0, 3 * HOUR // 2, len(rows))
        prices, sums = draft.goods.price(shop, month), np.arange(100_000, 300_001, 10_000)
        bags = [whole(shopping(random, prices, int(rupiah)), 10_000) for rupiah in sums]
        fields = draft.visits
        fields["terminal"][rows], fields["real"][rows], fields["given"][rows] = shop + 1, at, True
        fields["want"][rows], fields["share"][rows] = Want.FREE, random.uniform(0.8, 1.0, len(rows))
        fields["menu"][rows] = menu(draft, bags, 2)
        draft.claim(rows, label, actor)


def _one_kecamatan(draft: Draft, random: np.random.Generator, families: Ints) -> Ints:
    """Those of one kecamatan, drawn among them with its numbers."""
    if not len(families):
        return families
    where = draft.population.families.kecamatan[families]
    theirs: Ints = families[where == random.choice(where)]
    return theirs


def signature_on_sale(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion lets her families save for two months, and in the third signs for them at a cousin's shop.

    After: officers who confirm exceptions for a share (India's manual overrides at ePoS). Evident by: every one of her
    families above the limit three or four times in the year, always two debits behind one another at one shop which
    is not theirs, by one signature, in months without a feast too; others' families are so once.
    """
    how, label = boldness(random), label_of(draft, actor)
    families = regular_of(draft, actor.place)
    kecamatan = draft.population.families.kecamatan[families[0]]
    near = draft.population.places.around[kecamatan]
    shop = int(random.choice(near)) if len(near) else int(draft.population.families.home[families[0]])
    offsets = (random.random(len(families)) < between(0.5, 0.1, how)).astype(np.int64)
    for family, offset in zip(families.tolist(), offsets.tolist(), strict=True):
        for last in range(2 + offset, 12, 3):
            for quiet in (last - 2, last - 1):
                draft.drop(errands(draft, family, quiet))
            _above_the_limit(draft, actor, random, family, last, shop, label)


def _above_the_limit(
    draft: Draft, actor: Actor, random: np.random.Generator, family: int, month: int, shop: int, label: int
) -> None:
    draft.drop(errands(draft, family, month))
    day = MONTH_STARTS[month] + random.integers(14, 27)
    at = int(day * DAY + draft.hour(shop, random.uniform(0.1, 0.8)))
    raised = draft.add([family], at, shop, step=Step.OVERRIDE, amount=_RAISED, companion=actor.place)
    first = draft.add([family], at + int(random.integers(60, 400)), shop, want=Want.FREE, share=1.0, given=True)
    second = draft.add([family], at + int(random.integers(600, 1500)), shop, want=Want.FREE, share=1.0, given=True)
    for rows in (raised, first, second):
        draft.claim(rows, label, actor)


def lost_when_sold(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The card is sold to a dealer with its load, reported lost, and the next one fetched.

    After: USDA's letters to households with four and more replacements within a year. Evident by: four or more lost
    cards in distinct months, each emptied at a strange shop a day or two before it was "lost".
    """
    label, card, lost_times = label_of(draft, actor), actor.place, 0
    wanted = int(random.integers(4, 7))
    away = int(random.integers(len(draft.population.places.shops)))
    for month in range(int(random.integers(0, 2)), 12):
        rows = only_first(draft, errands(draft, card, month)) if lost_times < wanted else np.zeros(0, np.intp)
        if not len(rows) or (lost_times >= 1 and 12 - month > wanted - lost_times and random.random() < 0.25):
            continue
        fields = draft.visits
        fields["terminal"][rows], fields["want"][rows], fields["share"][rows] = away + 1, Want.FREE, 1.0
        late = fields["real"][rows] // DAY - MONTH_STARTS[month] - _LATEST
        fields["real"][rows] -= np.maximum(late, 0) * DAY
        draft.claim(rows, label, actor)
        lost = fields["real"][rows] // DAY + random.integers(1, 3)
        blocked = lost + random.integers(0, 2)
        made = blocked + random.integers(1, 4)
        back = made + random.integers(2, 5)
        new = draft.replace_cards(np.array([card]), "lost", lost=lost, blocked=blocked, made=made, delivered=back)
        card, lost_times = int(new[0]), lost_times + 1
