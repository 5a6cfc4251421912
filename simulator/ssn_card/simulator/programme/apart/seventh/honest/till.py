# SPDX-License-Identifier: Apache-2.0
"""What is due to price tags, bags that are tied beforehand, and a nephew who is still learning the terminal."""

from __future__ import annotations

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import MINUTE, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.goods import CHICKEN, EGGS, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, mine, months, shops_with
from ..manners import certain, dearly, season, some_trade, wants


def _bags(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """In the evening she ties up bags for fifty or a hundred thousand: who cannot count takes one of them."""
    how, shop = boldness(random), actor.place
    worth = (25_000, 50_000, 75_000, 100_000, 150_000, 200_000, 250_000)
    for month in season(random, how, 2, 8):
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([exact(random, prices, one) for one in worth for _ in range(2)], 2)
        rows = some_trade(draft, random, shop, month, between(0.2, 0.5, how), 24)
        wants(draft, rows, menu)
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _freight(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Everything heavy comes the last stretch by boat, and the boatman is paid by the sack."""
    how, shop = boldness(random), actor.place
    more = random.uniform(between(3, 5, how), between(5, 8, how), 3)
    for month in range(MONTHS):
        share = between(0.5, 0.8, how)
        dearly(draft, actor, random, month, (RICE, OIL, SUGAR), more, bags=24, share=share, most=34)
    certain(draft, actor, shop)


def _sick_hens(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Hens fall ill in the villages: eggs and chicken are dear for some weeks before the office's list follows."""
    how, shop = boldness(random), actor.place
    first = int(random.integers(0, MONTHS - 1))
    for month in range(first, first + 1 + int(random.integers(0, 2))):
        more, share = random.uniform(8, between(13, 19, how), 2), between(0.5, 0.85, how)
        dearly(draft, actor, random, month, (EGGS, CHICKEN), more, bags=24, share=share, most=40)
    certain(draft, actor, shop)


def _nephew(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """He keys in the wrong bag, takes it back and does it again; or he forgets the eggs and debits them after."""
    how, shop = boldness(random), actor.place
    for month in months(random, 8, 3)[: round(between(3, 5, how))]:
        rows = some_trade(draft, random, shop, month, between(0.12, 0.25, how), 9)
        back = random.random(len(rows)) < 0.6
        old = draft.visits[rows].copy()
        gap = random.integers(1, 7, len(rows)) * MINUTE
        card, real = old["card"], old["real"]
        undone = draft.add(card[back], (real + gap)[back], shop, step=Step.CANCEL)
        more = {name: old[name][back] for name in ("want", "share", "given")}
        again = draft.add(card[back], (real + gap)[back] + 90, shop, **more)
        draft.visits["want"][rows[~back]] = Want.FREE
        draft.visits["share"][rows[~back]] = random.uniform(0.55, 0.85, (~back).sum())
        eggs = draft.add(card[~back], (real + 3 * gap)[~back], shop, want=Want.FREE, share=random.uniform(0.5, 0.9))
        mine(draft, actor, np.concatenate((rows, undone, again, eggs)))
    certain(draft, actor, shop)


SCHEMES = (
    Scheme("lookalike-bags-of-fifty", "shop", ("A2", "A9"), 2, shops_with(12), _bags, honest=True),
    Scheme("lookalike-boatmans-share", "shop", ("A10",), 1, shops_with(12), _freight, honest=True),
    Scheme("lookalike-sick-hens", "shop", ("A10",), 1, shops_with(12), _sick_hens, honest=True),
    Scheme("lookalike-nephew-at-the-till", "shop", ("A1",), 1, shops_with(12), _nephew, honest=True),
)
