# SPDX-License-Identifier: Apache-2.0
"""Cards and signatures as goods: never handed over, washed away too often, a limit lifted for a fee."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, MINUTE, MONTHS, NEVER, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme, free_families
from ....plan.ways import between, boldness, companions_with, days_of, mine, moment, regular_of, some, strangers
from ..chain import CardHeld, next_card
from ..habits import clamp, out_of_hand, saved

_FEWEST: Final = 4  #: cards in the envelope, or it is not worth a shop
_PUT_BY: Final = 16  #: days before the sale in which the family leaves the card alone


def _lying_near(draft: Draft, shop: int) -> Ints:
    lain = out_of_hand(draft)
    near: Ints = lain[draft.population.families.kecamatan[lain] == draft.population.places.shop_kecamatan[shop]]
    return near


def _with_cards_lying(draft: Draft) -> Ints:
    free = draft.free_shops(least=1)
    return np.array([shop for shop in free.tolist() if len(_lying_near(draft, shop)) >= _FEWEST], np.int64)


def _envelope(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "Not at home", says the envelope in the kelurahan, and a friend's shop rings them up until somebody asks."""
    how, shop = boldness(random), actor.place
    cards = draft.population.cards
    lain, near = out_of_hand(draft), _lying_near(draft, shop)
    wanted = between(7, 14, how)
    for_good = lain[cards.delivered_on[lain] == NEVER]  # the office's own envelope has those of the whole city
    chosen = np.concatenate((some(random, for_good, 0.4 * wanted), some(random, near, wanted)))
    for card in dict.fromkeys(chosen[: max(_FEWEST, round(wanted))].tolist()):
        handed = int(cards.delivered_on[card])
        begins = FIRST + int(random.integers(3, 40))
        ends = LAST - int(random.integers(0, 60)) if handed == NEVER else handed - int(random.integers(2, 9))
        days = [
            clamp(month, int(random.integers(1, 15)))
            for month in range(MONTHS)
            if random.random() < between(0.7, 0.92, how)
        ]
        kept = np.array([day for day in days if begins <= day < ends] or [min(begins, ends - 1)], np.int64)
        moments = kept * DAY + draft.hour(np.full(len(kept), shop), random.random(len(kept)))
        wants = random.choice([Want.A, Want.B, Want.FREE], len(kept), p=[0.4, 0.3, 0.3])
        mine(draft, actor, draft.add(card, moments, shop, want=wants, share=random.uniform(0.7, 1.0, len(kept))))


def _washed_away(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The husband sells the card with what is on it, reports it lost in the river, and waits for the next."""
    around = draft.population.places.around
    shops = around[int(draft.population.families.kecamatan[actor.place])]
    shop = int(random.choice(shops)) if len(shops) else int(draft.population.families.home[actor.place])
    link: CardHeld | None = CardHeld(actor.place, FIRST, FIRST + int(random.integers(12, 34)))
    for _ in range(int(random.integers(4, 7))):
        if link is None or link.gone > LAST:
            return
        draft.drop(draft.of_card(link.card)[days_of(draft, draft.of_card(link.card)) >= link.gone - _PUT_BY])
        when = (link.gone - int(random.integers(1, 3))) * DAY + int(draft.hour(shop, random.random()))
        share = random.uniform(0.9, 1.0)
        mine(draft, actor, draft.add(np.array([link.card]), when, shop, want=Want.FREE, share=share))
        reason = "lost" if random.random() < 0.75 else "damaged"
        link = next_card(draft, actor, random, link, reason, (6, 20))


def _signature(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A fee lifts the limit: for families of hers who have saved, for a trader's others, and for some who need none."""
    how = boldness(random)
    own = some(random, regular_of(draft, actor.place), between(4, 7, how))
    shop = int(draft.population.families.home[own[0]])
    near = draft.population.places.shop_kecamatan[shop] == draft.population.families.kecamatan
    others = np.setdiff1d(np.setdiff1d(free_families(draft), strangers(draft, shop)), own)
    cards = np.concatenate((own, some(random, others[near[others]], between(3, 8, how))))
    for place, card in enumerate(random.permutation(cards).tolist()):
        for month in range(2 + place % 3, MONTHS, 3):
            idle = random.random() < 0.2  # asked for and paid, and then not needed
            rows = saved(draft, [card], month, 1 if idle else 2, lambda _: random.random() < between(0.35, 0.08, how))
            if not len(rows):
                continue
            at = draft.visits["real"][rows]
            if random.random() < 0.7:
                at = moment(draft, random, month, (2, 20), np.full(1, shop))
            draft.visits["terminal"][rows], draft.visits["real"][rows] = shop + 1, at
            draft.visits["want"][rows] = Want.B if idle else Want.BB
            raised = draft.add(
                np.array([card]),
                at - int(random.integers(1, 25)) * MINUTE,
                shop,
                step=Step.OVERRIDE,
                amount=int(random.choice([200_000, 300_000, 300_000, 600_000])),
                companion=actor.place,
            )
            mine(draft, actor, np.concatenate((rows, raised)))
            if not idle:
                again = at + int(random.integers(2, 40)) * MINUTE
                mine(
                    draft, actor, draft.add(np.array([card]), again, shop, want=Want.FREE, share=random.uniform(0.7, 1))
                )


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-fee-for-a-signature", "companion", ("A11",), 1, companions_with(4), _signature),
    Scheme("fraud-not-at-home", "shop", ("A13",), 1, _with_cards_lying, _envelope),
    Scheme("fraud-washed-away", "family", ("A12",), 2, free_families, _washed_away),
)
