# SPDX-License-Identifier: Apache-2.0
"""Goods that are not what the receipt says: money, a parcel nobody asked for, a second swipe, electricity."""

from __future__ import annotations

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap, whole
from ....plan.calendar import MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, EGGS, FISH, MILK, OIL, RICE, SUGAR, priced
from ....plan.ways import between, boldness, customers, errands, firsts, label_of, months, part, some
from ..common import menu

_PAIRS = ((RICE, SUGAR), (RICE, OIL), (OIL, MILK), (RICE, MILK))


def sixty_for_hundred(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Who needs money lets the card rest for a month, and sells two loads at once for sixty in the hundred.

    After: SNAP trafficking at a discount, USDA's scan of excessively large sales. Evident by: debits at the monthly
    limit, in whole ten thousands, of 20 kg and more of one thing, by the same cards every second month, of goods that
    no invoice shows.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    sellers = some(random, customers(draft, shop), between(15, 23, how))
    rests = random.integers(0, 2, len(sellers))
    pair = np.array(_PAIRS[random.integers(len(_PAIRS))])
    for month in months(random, 0, 11):
        quiet, cash = sellers[(month + rests) % 2 == 0], sellers[(month + rests) % 2 == 1]
        one = firsts(draft, quiet, month)
        draft.drop(one)
        rows = firsts(draft, cash, month)
        prices = draft.goods.price(shop, month)
        sums = [280_000, 290_000, 570_000, 580_000, 590_000]
        shares = [np.array([60, 40]), np.array([70, 30]), np.array([80, 20])]
        typed = [whole(heap(prices, rupiah, pair, random.choice(shares)), 10_000) for rupiah in sums]
        typed = [basket for basket in typed if basket.total <= 600_000]
        fields = draft.visits
        fields["terminal"][rows], fields["want"][rows], fields["share"][rows] = shop + 1, Want.FREE, 1.0
        fields["menu"][rows], fields["stocked"][rows], fields["given"][rows] = menu(draft, typed, 2), False, True
        draft.claim(rows, label, actor)


def dear_parcel(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """One parcel in three sizes, tied up before anybody comes, and dearer than its goods.

    After: WIC vendors who charge the voucher's most for whatever is taken (GAO, RCED-99-224). Evident by: the same
    amounts of the same goods for many families all year, each line a tenth and more above the reference, while
    others buy at the same counter at the list price.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    dear = between(1.11, 1.22, how)
    content = np.zeros(len(CODES), np.int64)
    kinds = random.choice([RICE, EGGS, FISH, OIL, SUGAR, MILK], 4, replace=False)
    content[kinds] = random.integers(1, 4, len(kinds))
    content[RICE] = random.integers(2, 5)
    content[EGGS] *= 5
    for month in months(random, 1, 10):
        prices = (draft.goods.price(shop, month) * dear / 100).round().astype(np.int64) * 100
        largest = np.maximum(content * 290_000 // int(content @ prices), (content > 0).astype(np.int64))
        sizes = [np.maximum(largest * percent // 100, content > 0) for percent in (35, 65, 100)]
        choice = menu(draft, [priced(size, size * prices) for size in sizes])
        rows = draft.in_month(draft.of_shop(shop), month)
        rows = part(random, rows, between(0.2, 0.32, how))
        packages = draft.visits["want"][rows] != Want.FREE
        draft.visits["share"][rows[packages]] = 1.0
        draft.visits["want"][rows], draft.visits["menu"][rows] = Want.FREE, choice
        draft.claim(rows, label, actor)


def second_swipe(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The customer has hardly gone when the card, which "did not go through", is held to the terminal once more.

    After: USDA's scan of several withdrawals within a short time. Evident by: a second debit minutes after the first,
    below the sum that wants a PIN and without one, on the same families' cards, always three, four or six of the same
    goods, of which the shop has sold more than it bought.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    people = customers(draft, shop)
    quick = (between(9, 2, how), between(28, 9, how))
    again = int(random.choice([MILK, OIL, SUGAR, FISH]))
    victims = some(random, people, between(11, 17, how))
    for month in months(random, 1, 10):
        rows = firsts(draft, part(random, victims, between(0.6, 0.85, how)), month)
        fields = draft.visits
        fields["terminal"][rows], fields["want"][rows], fields["given"][rows] = shop + 1, Want.FREE, True
        fields["share"][rows] = random.uniform(0.4, 0.65, len(rows))
        at = fields["real"][rows] + (random.uniform(*quick, len(rows)) * MINUTE).astype(np.int64)
        card, prices = fields["card"][rows], draft.goods.price(shop, month)
        little = [_some_of(prices, again, amount) for amount in (3, 4, 6)]
        more = {"want": Want.FREE, "share": 1.0, "menu": menu(draft, little, len(little)), "stocked": False}
        draft.claim(draft.add(card, at, shop, given=False, **more), label, actor)


def _some_of(prices: np.ndarray, staple: int, amount: int) -> Basket:
    amounts = np.zeros(len(CODES), np.int64)
    amounts[staple] = amount
    return priced(amounts, amounts * prices)


def power_tokens(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Electricity tokens and telephone credit for the card, entered as eggs or sugar.

    After: ineligible goods at SNAP shops, and WIC's goods that never were on the shelf (GAO-15-94). Evident by: the
    same families, in most months, a debit of exactly a token's value with the agent's fee, of one
    staple whose price a piece is then unlike every list, and of which invoices show far less than was sold.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    homes = some(random, customers(draft, shop), between(10, 15, how))
    fee, cover = int(random.choice([1_500, 2_000, 2_500])), str(random.choice(["TELUR", "GULA"]))
    fields = draft.visits
    for month in months(random, 1, 10):
        tokens = menu(draft, _tokens(int(draft.goods.price(shop, month)[CODES.index(cover)]), cover, fee))
        for card in homes.tolist():
            rows = errands(draft, card, month)[-1:]
            if len(rows) and random.random() < between(0.7, 0.95, how):
                fields["terminal"][rows], fields["want"][rows] = shop + 1, Want.FREE
                fields["share"][rows], fields["menu"][rows] = random.uniform(0.3, 1.0), tokens
                fields["stocked"][rows] = False
                draft.claim(rows, label, actor)


def _tokens(price: int, cover: str, fee: int) -> list[Basket]:
    sums = [value + fee for value in (20_000, 50_000, 100_000, 200_000)]
    return [Basket.of((cover, max(1, rupiah // price), rupiah)) for rupiah in sums]
