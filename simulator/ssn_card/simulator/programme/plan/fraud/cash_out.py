# SPDX-License-Identifier: Apache-2.0
"""A shop pays out cash, or sells what the programme does not allow: round sums near the limit, for goods that no family
eats in a month and that no supplier has delivered."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ..calendar import MONTHS
from ..draft import Actor, Draft, Want
from ..events import Step
from ..goods import CODES
from ..scheme import Scheme, busy_shops

_SUMS: Final = (100_000, 150_000, 200_000, 250_000, 300_000, 400_000, 500_000, 550_000, 600_000)
_STORED: Final = ("BERAS", "MINYAK", "GULA", "SUSU", "IKAN_KALENG")
_OTHER_GOODS: Final = {"GULA": 35_000, "MINYAK": 50_000, "SUSU": 28_000}  #: rupiah: cigarettes, gas, credit
_WRONG: Final = 0.3  #: of the deals: other goods under an allowed code
_OWN_SHARE: Final = (0.2, 0.35)  #: of the shop's customers
_FROM_ELSEWHERE: Final = 14  #: families who come for it from afar
_SAVES: Final = 0.5  #: of the deals: two months at once


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop = actor.place
    cash, wrong = draft.label("fraud-cash-out", ("A8",)), draft.label("fraud-cash-out", ("A8", "A15"))
    menus = [_menu(draft, shop, month, random) for month in range(MONTHS)]
    others = [_other_goods(draft, random) for _ in range(MONTHS)]
    own = draft.families_at(shop)
    share = random.uniform(*_OWN_SHARE)
    guests = random.choice(len(draft.population.families), _FROM_ELSEWHERE)
    families = np.unique(np.concatenate((random.choice(own, round(share * len(own)), replace=False), guests)))
    saves = random.random(len(families)) < _SAVES
    for month in range(int(random.integers(0, 3)), MONTHS):
        for card, saving in zip(families.tolist(), saves.tolist(), strict=True):
            rows = draft.in_month(draft.of_card(card), month)
            debits = rows[draft.visits["step"][rows] == Step.DEBIT]
            if not len(debits) or (saving and (month + card) % 2):
                draft.drop(rows)
                continue
            first = debits[np.argmin(draft.visits["real"][debits])]
            draft.drop(rows[rows != first])
            other = random.random() < _WRONG
            for name, value in (
                ("want", Want.FREE), ("share", 1.0), ("menu", (others if other else menus)[month]),
                ("terminal", shop + 1), ("stocked", False), ("given", True),
            ):  # fmt: skip
                draft.visits[name][first] = value
            draft.claim(np.array([first]), wrong if other else cash, actor)


def _menu(draft: Draft, shop: int, month: int, random: np.random.Generator) -> int:
    """Each round sum as one kind of goods, or two, at the shop's prices."""
    price = dict(zip(CODES, draft.goods.price(shop, month).tolist(), strict=True))
    baskets = []
    for total in _SUMS:
        for _ in range(3):
            codes = sorted(random.choice(_STORED, 1 + int(random.random() < 0.3), replace=False), key=CODES.index)
            part = total // len(codes)
            parts = [part] * (len(codes) - 1) + [total - part * (len(codes) - 1)]
            lines = [(str(code), max(1, part // price[code]), part) for code, part in zip(codes, parts, strict=True)]
            baskets.append(Basket.of(*lines))
    return draft.goods.add_menu(baskets, spread=3)


def _other_goods(draft: Draft, random: np.random.Generator) -> int:
    """Packs of something else, each under an allowed code."""
    baskets = []
    for code, pack in _OTHER_GOODS.items():
        for count in range(3, 600_000 // pack, int(random.integers(1, 3))):
            baskets.append(Basket.of((code, count, count * pack)))
    return draft.goods.add_menu(baskets, spread=3)


SCHEME: Final = Scheme("fraud-cash-out", "shop", ("A8", "A14", "A15", "A2", "A3"), 1, busy_shops, _apply)
