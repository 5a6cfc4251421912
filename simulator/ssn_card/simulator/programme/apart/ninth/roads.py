# SPDX-License-Identifier: Apache-2.0
"""Honest: shops to which people come from afar, or than which they have no other."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import MONTHS, Ints
from ...plan.draft import Actor, Draft
from ...plan.places import DESK_PLACE, REMOTE
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, errands, mine, move, part, shops_with, some, strangers
from .ledger import same_day


def _mill_gate(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Beside the gate of the plywood mill: who works there lives anywhere, and buys when the shift ends."""
    shop, how = actor.place, boldness(random)
    for card in some(random, strangers(draft, shop), between(8, 16, how)).tolist():
        often, shift = random.uniform(0.45, 0.85), 0.93 if random.random() < 0.7 else 0.5
        rows = np.concatenate([part(random, errands(draft, card, month), often) for month in range(MONTHS)])
        chance = np.clip(random.normal(shift, 0.05, len(rows)), 0.0, 1.0)
        move(draft, rows, shop, same_day(draft, rows, draft.hour(shop, chance)))
        mine(draft, actor, rows)


def _road_ends(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Behind it the road ends, and before it is an hour of mud: nobody goes elsewhere for rice."""
    shop, how = actor.place, boldness(random)
    at = draft.families_at(shop)
    for card in some(random, at, between(0.5, 0.85, how) * len(at)).tolist():
        rows = draft.of_card(card)
        rows = rows[draft.visits["terminal"][rows] != DESK_PLACE + 1]
        draft.visits["terminal"][rows] = shop + 1
        mine(draft, actor, rows)


def _with_strangers(draft: Draft) -> Ints:
    """Shops in a city where enough families live elsewhere."""
    among = shops_with(10)(draft)
    enough = [len(strangers(draft, shop)) >= 16 for shop in among.tolist()]
    kept: Ints = among[np.array(enough, np.bool_)]
    return kept


def _far_out(draft: Draft) -> Ints:
    """Shops where roads are long, with families enough."""
    among, city = shops_with(10)(draft), draft.population.places
    kept: Ints = among[np.isin(city.shop_kecamatan[among], REMOTE)]
    return kept


ROAD_ENDS: Final = Scheme("lookalike-where-the-road-ends", "shop", ("A7",), 1, _far_out, _road_ends, honest=True)
MILL_GATE: Final = Scheme("lookalike-mill-gate", "shop", ("A16",), 1, _with_strangers, _mill_gate, honest=True)
