# SPDX-License-Identifier: Apache-2.0
"""Shops whose goods, prices or papers are unlike others' for a reason."""

from __future__ import annotations

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import shopping
from ....plan.calendar import DAY, HOUR, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.goods import CODES, FAR, priced
from ....plan.places import REMOTE
from ....plan.ways import between, boldness, customers, errands, firsts, label_of, months, move, part, shops_with, some
from ..common import menu

_COIN = 5_000


def packaging_shops(draft: Draft) -> Ints:
    """Shops that sell packages at the programme's own price."""
    shops, goods = shops_with(12)(draft), draft.goods
    return shops[goods.prices.packaged[goods.supplier[shops]]]


def remote_shops(draft: Draft) -> Ints:
    """Shops where roads are long."""
    shops = shops_with(8)(draft)
    return shops[np.isin(draft.population.places.shop_kecamatan[shops], REMOTE)]


def cooperative_packs(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A cooperative packs the programme's two packages for its members, who order one of them and fetch it.

    Honest: the packages' own goods at the programme's own price, which is no more than their goods cost; all are
    invoiced, and who wants something else gets it.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    members = part(random, customers(draft, shop), between(0.55, 0.85, how))
    for month in months(random, 1, 10):
        rows = firsts(draft, members, month)
        fields = draft.visits
        fields["terminal"][rows] = shop + 1
        fields["want"][rows] = np.where(random.random(len(rows)) < between(0.5, 0.8, how), Want.B, Want.A)
        draft.claim(rows, label, actor)


def dear_road(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Where the road ends, rice, oil and sugar come by motorbike, and cost some more.

    Honest: only the three heavy goods, a few per cent above what the kecamatan's other shops take, alike for everybody
    who buys any, while baskets are as various as everywhere.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    dearer = np.where(np.isin(CODES, FAR), between(1.05, 1.09, how), 1.0)
    for month in range(12):
        prices = (draft.goods.price(shop, month) * dearer / 50).round().astype(np.int64) * 50
        bags = [shopping(random, prices, int(rupiah)) for rupiah in random.integers(25_000, 600_000, 90)]
        rows = part(random, draft.in_month(draft.of_shop(shop), month), 0.85)
        _take(draft, random, rows, bags)
        draft.claim(rows, label, actor)


def no_coins(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """On the stilts nobody carries coins, and prices are told in whole five thousands: the shop lets go what is over.

    Honest: sums are whole five thousands because a little is let off the dearest line, never added; baskets are of
    all kinds and sizes, of many families, and invoiced.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    for month in months(random, 1, 10):
        prices = draft.goods.price(shop, month)
        bags = [_let_off(shopping(random, prices, int(sum_))) for sum_ in random.integers(30_000, 600_000, 90)]
        rows = part(random, draft.in_month(draft.of_shop(shop), month), between(0.6, 0.85, how))
        _take(draft, random, rows, bags)
        draft.claim(rows, label, actor)


def chicken_at_three(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The icehouse's chicken comes at three: who fetched rice in the morning is back for it in the afternoon.

    Honest: the second debit is hours after the first, always after the cart has come, of one to three chickens at the
    list price, and the shop has bought them; it is made of what the family would have spent on another day.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    people = customers(draft, shop)
    chicken = np.zeros(len(CODES), np.int64)
    chicken[CODES.index("AYAM")] = 1
    for month in months(random, 1, 10):
        prices = draft.goods.price(shop, month)
        birds = menu(draft, [priced(chicken * many, chicken * many * prices) for many in (1, 2, 3)], 3)
        for card in part(random, people, between(0.6, 0.9, how)).tolist():
            rows = errands(draft, card, month)
            fields = draft.visits
            if len(rows) < 2 or fields["terminal"][rows[0]] != shop + 1:
                continue
            day = int(fields["real"][rows[0]] // DAY)
            fields["real"][rows[0]] = day * DAY + int(draft.hour(shop, random.uniform(0.03, 0.4)))
            after = day * DAY + 15 * HOUR + int(random.integers(0, HOUR))
            move(draft, rows[1:2], shop, after, want=Want.FREE, share=1.0, menu=birds)
            draft.claim(rows[:2], label, actor)


def whole_sacks(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The rice mill's shop sells sacks of 25 kg and does not open them: large families save for one.

    Honest: one sack, never more, at the list price to the rupiah, with some eggs and oil beside it; every sack is
    invoiced, and between two of them the family buys little things.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    large = some(random, customers(draft, shop), between(7, 11, how))
    turn = random.integers(0, 2, len(large))
    for month in months(random, 1, 10):
        prices = draft.goods.price(shop, month)
        beside = [_sack(random) for _ in range(12)]
        sacks = menu(draft, [priced(amounts, amounts * prices) for amounts in beside], 12)
        saving = firsts(draft, large[(turn + month) % 2 == 0], month)
        draft.visits["want"][saving] = Want.FREE
        draft.visits["share"][saving] = random.uniform(0.05, 0.15, len(saving))
        rows = firsts(draft, large[(turn + month) % 2 == 1], month)
        fields = draft.visits
        fields["terminal"][rows], fields["want"][rows], fields["share"][rows] = shop + 1, Want.FREE, 1.0
        fields["menu"][rows] = sacks
        draft.claim(rows, label, actor)


def _sack(random: np.random.Generator) -> Ints:
    amounts = np.zeros(len(CODES), np.int64)
    amounts[CODES.index("BERAS")] = 25
    amounts[CODES.index("TELUR")] = 5 * random.integers(0, 5)
    amounts[CODES.index("MINYAK")] = random.integers(0, 3)
    return amounts


def _let_off(basket: Basket) -> Basket:
    lines = [(item.staple, item.quantity, item.rupiah) for item in basket.items]
    dearest = max(range(len(lines)), key=lambda place: lines[place][2])
    code, quantity, rupiah = lines[dearest]
    lines[dearest] = (code, quantity, rupiah - basket.total % _COIN)
    return Basket.of(*lines)


def _take(draft: Draft, random: np.random.Generator, rows: Rows, bags: list[Basket]) -> None:
    """People buy as much as they would have, but of these."""
    fields = draft.visits
    packs = rows[fields["want"][rows] != Want.FREE]
    fields["share"][packs] = random.uniform(0.85, 1.0, len(packs))
    fields["want"][rows], fields["menu"][rows] = Want.FREE, menu(draft, bags, 4)


def on_consignment(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Goods come on trust from a trader on the river, who writes his invoice when he calls again, days later.

    Honest: every invoice of the year is so many days late, and in the end all goods are invoiced; customers come all
    the month as everywhere and leave money on the card.
    """
    shop, label = actor.place, label_of(draft, actor)
    late = int(random.integers(4, 8))
    draft.late_stock[shop] = late
    for month in range(12):
        rows = draft.in_month(draft.of_shop(shop), month)
        early = draft.visits["real"][rows] // DAY - MONTH_STARTS[month] < late
        draft.claim(rows[early], label, actor)
