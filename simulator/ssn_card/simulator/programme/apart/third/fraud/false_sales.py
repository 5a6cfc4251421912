# SPDX-License-Identifier: Apache-2.0
"""Debits for what was not sold, or not for its price: cash, instalments, gas, a forced set, goods on their way."""

from __future__ import annotations

import numpy as np

from ....plan.bags import exact, heap
from ....plan.calendar import MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, priced
from ....plan.ways import between, boldness, firsts, mine, moment, months, move, part, some
from ..hand import EVERY_MONTH, guests, served, stay_away

_OIL = CODES.index("MINYAK")
_BULKY = np.array([CODES.index(one) for one in ("BERAS", "MINYAK", "SUSU", "GULA")])

_UNEVEN = np.array([70, 30])  #: percent


def pay_out(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cash for a cut: all that the card has is typed in as heaps of one or two goods; some save two months for it."""
    how, shop = boldness(random), actor.place
    cards = some(random, guests(draft, shop), between(10, 15, how))
    waits = random.random(len(cards)) < 0.3
    for month in EVERY_MONTH:
        prices = draft.goods.price(shop, month)
        pairs = [random.permutation(_BULKY)[:2] for _ in range(4)]
        menu = draft.goods.add_menu(
            [heap(prices, rupiah, two, _UNEVEN) for rupiah in range(40_000, 600_000, 20_000) for two in pairs], spread=3
        )
        comes = random.random(len(cards)) < between(0.6, 0.9, how)
        stay_away(draft, cards[waits & (month % 2 == 0)], month)
        rows = firsts(draft, cards[comes & ~(waits & (month % 2 == 0))], month)
        move(draft, rows, shop, moment(draft, random, month, (0, 16), np.full(len(rows), shop)))
        served(draft, menu, rows, stocked=False, given=True)
        mine(draft, actor, rows)


def collect(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A stove or a telephone sold on credit: each month after the shopping a round sum, typed in as goods."""
    how, shop = boldness(random), actor.place
    cards = some(random, guests(draft, shop), between(9, 13, how))
    sums = random.choice([25_000, 30_000, 40_000, 50_000], len(cards))
    for month in months(random, 1, 10):
        prices = draft.goods.price(shop, month)
        for card, rupiah in zip(cards.tolist(), sums.tolist(), strict=True):
            rows = firsts(draft, [card], month)
            if not len(rows):
                continue
            begins = int(moment(draft, random, month, (0, 16), shop))
            move(draft, rows, shop, begins, want=Want.FREE, share=random.uniform(0.5, 0.75))
            menu = draft.goods.add_menu([exact(random, prices, rupiah)])
            later = begins + int(random.integers(3, round(between(240, 45, how))) * MINUTE)
            more = draft.add([card], later, shop, want=Want.FREE, share=1.0, menu=menu, stocked=False)
            mine(draft, actor, more)


def bottle(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Gas in bottles is no staple: it goes as cooking oil, of which the shop sells more than it ever bought."""
    how, shop = boldness(random), actor.place
    cards = some(random, guests(draft, shop), between(15, 21, how))
    for month in months(random, 1, 10):
        prices = draft.goods.price(shop, month)
        one = np.eye(len(CODES), dtype=np.int64)[_OIL]
        menu = draft.goods.add_menu([priced(one * many, one * many * prices) for many in range(2, 7)], spread=2)
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.5, 0.65, how)], month)
        begins = moment(draft, random, month, (0, 12), np.full(len(rows), shop))
        move(draft, rows, shop, begins, want=Want.FREE, share=random.uniform(0.45, 0.65, len(rows)))
        later = moment(draft, random, month, (13, 28), np.full(len(rows), shop))
        card = draft.visits["card"][rows]
        share = random.uniform(0.6, 1, len(rows))
        mine(draft, actor, draft.add(card, later, shop, want=Want.FREE, share=share, menu=menu, stocked=False))


def tie(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """One set for the whole load, whatever a family wants; its price stays at 300,000, its goods are worth less."""
    how, shop = boldness(random), actor.place
    above = between(1.12, 1.28, how)
    cards = guests(draft, shop)
    for month in EVERY_MONTH:
        if month % 4 == 0:  # filled anew three times a year
            prices = (draft.goods.price(shop, month) * above / 50).round().astype(np.int64) * 50
            sold = [exact(random, prices, rupiah) for rupiah in (60_000, 150_000, 300_000)]
            menu = draft.goods.add_menu(sold)
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.3, 0.5, how)], month)
        move(draft, rows, shop, moment(draft, random, month, (0, 20), np.full(len(rows), shop)))
        served(draft, menu, rows)
        mine(draft, actor, rows)


def book(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop has no money to buy with: it empties cards in the first days, and pays its supplier with that."""
    how, shop = boldness(random), actor.place
    late = int(random.integers(7, 10))
    draft.late_stock[shop] = late
    cards = some(random, guests(draft, shop), between(12, 17, how))
    for month in months(random, 1, 9):
        rows = part(random, firsts(draft, cards, month), between(0.7, 0.95, how))
        days = (0, 1 + int(late - 4 if how > 0.5 else 2))
        at = moment(draft, random, month, days, np.full(len(rows), shop))
        move(draft, rows, shop, at, want=Want.FREE, share=1.0, given=True)
        mine(draft, actor, rows)
