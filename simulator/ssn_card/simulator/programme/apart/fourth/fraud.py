# SPDX-License-Identifier: Apache-2.0
"""Shops that cheat."""

from __future__ import annotations

import numpy as np

from ...plan.bags import heap, whole
from ...plan.calendar import MONTHS, NEVER
from ...plan.draft import Actor, Draft, Want
from ...plan.goods import CODES, priced
from ...plan.ways import between, boldness, customers, firsts, in_turn, label_of, moment, months, move, part, some
from .common import after_closing, at_day, every


def chair(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The group's chair keeps members' cards, and swipes the stack as the shop opens, a package each.

    Evident: the same cards month by month, a minute or two apart, on one morning, and nowhere else.
    """
    how, label = boldness(random), label_of(draft, actor)
    held = some(random, customers(draft, actor.place), between(10, 13, how))
    for month in months(random, 1, 9):
        rows = random.permutation(firsts(draft, held, month))
        start = at_day(month, int(random.integers(1, 9)), 8.2)
        move(draft, rows, actor.place, in_turn(random, start, len(rows), (40, between(150, 80, how))))
        draft.visits["want"][rows] = random.choice([Want.A, Want.B], len(rows))
        draft.claim(rows, label, actor)


def evening(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards held for debts are emptied behind a closed shutter, in two stacks a month.

    Evident: the same cards, a minute apart, each emptied after closing, and never anywhere else.
    """
    how, label = boldness(random), label_of(draft, actor)
    held = some(random, customers(draft, actor.place), between(10, 13, how))
    for month in months(random, 1, 9):
        rows = random.permutation(firsts(draft, held, month))
        for stack in np.array_split(rows, 2):
            start = int(after_closing(draft, actor.place, month, random.integers(2, 20), random.integers(25, 70)))
            more = {"want": Want.FREE, "share": 1.0}
            move(draft, stack, actor.place, in_turn(random, start, len(stack), (35, 140)), **more)
        draft.claim(rows, label, actor)


def cash(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Money for the card, written down as sacks of rice or tins of milk that the shop never had.

    Evident: round sums at the limit, of one or two goods that no household eats, and no invoice for them.
    """
    how, label = boldness(random), label_of(draft, actor)
    clients = some(random, customers(draft, actor.place), between(14, 21, how))
    prices = draft.goods.price(actor.place, 0)
    goods = [np.array([CODES.index(a), CODES.index(b)]) for a, b in (("BERAS", "SUSU"), ("MINYAK", "BERAS"))]
    sums = (150_000, 200_000, 250_000, 300_000)
    baskets = [whole(heap(prices, rupiah - 12_000, one, np.array([75, 25])), 5_000) for rupiah in sums for one in goods]
    menu = draft.goods.add_menu(baskets, 2)
    for month in months(random, 1, 10):
        rows = part(random, firsts(draft, clients, month), between(0.6, 0.85, how))
        shops = np.full(len(rows), actor.place)
        more = {"want": Want.FREE, "share": 1.0, "menu": menu, "stocked": False}
        move(draft, rows, actor.place, moment(draft, random, month, (1, 24), shops), **more)
        draft.claim(rows, label, actor)


def parcel(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """One parcel tied up beforehand, large or small, dearer than the list; who wants else gets nothing.

    Evident: one basket for unlike families, every line above the price list, while the shop's invoices are as others'.
    """
    how, label = boldness(random), label_of(draft, actor)
    clients = some(random, customers(draft, actor.place), between(12, 17, how))
    amounts = np.array([{"BERAS": 8, "TELUR": 20, "MINYAK": 2, "IKAN_KALENG": 1}.get(code, 0) for code in CODES])
    dear = 1 + between(0.13, 0.24, how)
    for month in months(random, 1, 10):
        lines = (amounts * draft.goods.price(actor.place, month) * dear / 500).round().astype(np.int64) * 500
        small = (lines / 2).astype(np.int64)
        menu = draft.goods.add_menu(
            [priced(amounts, lines), priced(amounts // 2 + (amounts == 1), small + (amounts == 1) * small)]
        )
        rows = firsts(draft, clients, month)
        shops = np.full(len(rows), actor.place)
        more = {"want": Want.FREE, "share": 1.0, "menu": menu}
        move(draft, rows, actor.place, moment(draft, random, month, (0, 20), shops), **more)
        draft.claim(rows, label, actor)


def coupon(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards are emptied on the day of the load against a paper coupon; the goods come a week later and more.

    Evident: balances emptied on the first two days, and invoices for these goods of nine days later.
    """
    how, label = boldness(random), label_of(draft, actor)
    clients = some(random, customers(draft, actor.place), between(11, 15, how))
    draft.late_stock[actor.place] = int(random.integers(9, 13))
    for month in months(random, 1, 10):
        rows = firsts(draft, clients, month)
        shops = np.full(len(rows), actor.place)
        more = {"want": Want.FREE, "share": 1.0}
        move(draft, rows, actor.place, moment(draft, random, month, (0, 2), shops), **more)
        draft.claim(rows, label, actor)


def drawer(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards that nobody fetched lie in the shopkeeper's drawer, and are used month by month.

    Evident: never handed over, and yet used, all at one shop.
    """
    cards, label = draft.population.cards, label_of(draft, actor)
    idle = np.flatnonzero(
        (cards.delivered_on == NEVER) & (cards.worked_until == NEVER) & (cards.deactivated_on == NEVER)
    )
    held = some(random, idle, between(7, 10, boldness(random)))
    if not len(held):  # a small city: whichever is handed over last
        held = np.array([int(np.argmax(cards.delivered_on))])
    for month in range(int(random.integers(1, 3)), MONTHS):
        shops = np.full(len(held), actor.place)
        when = moment(draft, random, month, (2, 22), shops)
        want = random.choice([Want.A, Want.B], len(held))
        draft.claim(draft.add(held, when, shops, want=want), label, actor)


def other_wares(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cigarettes and phone credit, written down as milk and tinned fish.

    Evident: milk and fish by the dozen for the same few families again and again, of which the shop bought too little.
    """
    how, label = boldness(random), label_of(draft, actor)
    clients = some(random, customers(draft, actor.place), between(6, 9, how))
    goods = np.array([CODES.index("SUSU"), CODES.index("IKAN_KALENG")])
    sums, shares = (60_000, 110_000, 160_000, 220_000), ((70, 30), (45, 55))
    prices = draft.goods.price(actor.place, 0)
    menu = draft.goods.add_menu([heap(prices, one, goods, np.array(two)) for one in sums for two in shares], 4)
    for month in months(random, 1, 10):
        rows = every(draft, clients, month)
        shops = np.full(len(rows), actor.place)
        more = {"want": Want.FREE, "share": 0.9, "menu": menu, "stocked": False}
        move(draft, rows, actor.place, moment(draft, random, month, (0, 28), shops), **more)
        draft.claim(rows, label, actor)
