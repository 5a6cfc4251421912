# SPDX-License-Identifier: Apache-2.0
"""Cards in the dealer's hand: kept for debts, drawn in an order that never changes, or never handed over at all."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, MONTH_LENGTHS, MONTH_STARTS, NEVER
from ....plan.draft import Actor, Draft, Want
from ....plan.ways import between, boldness, customers, firsts, label_of, moment, months, some
from ..common import opening, sitting, strangers


def debt_book(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families in the shop's debt book leave the card and its PIN; the dealer draws the load as soon as it is there.

    After: dealers who keep cards as a pledge for debts (India's ration shops, food stamps).
    Evident by: the same cards, one behind the other within minutes, each emptied in the month's first days and seen at
    no other shop for as long as it lasts.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    debtors = some(random, customers(draft, shop), between(9, 14, how))
    soon, chance = int(between(5, 2, how)), random.uniform(0.05, 0.5)
    for month in months(random, 1, 10):
        rows = random.permutation(firsts(draft, debtors, month))
        start = opening(draft, shop, month, int(random.integers(0, soon + 1)), chance)
        gaps = (between(60, 30, how), between(170, 80, how))
        sitting(draft, random, rows, shop, start, gaps, want=Want.FREE, share=1.0, given=True)
        draft.claim(rows, label, actor)


def saved_fingers(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A clerk has cards and PINs of families who live by other shops, and draws them by his list late in the month.

    After: Uttar Pradesh 2018 (a few stored fingerprints drew thousands of rations) and its one-minute pause of 2025.
    Evident by: the same strangers' cards in the same order every month, at two or three evenings, who before and
    afterwards buy beside their homes.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    names = some(random, strangers(draft, random, shop, far=False), between(9, 14, how))
    evenings = np.sort(random.choice(np.arange(17, 27), 2 if how > 0.5 else 3, replace=False))
    for month in months(random, 1, 10):
        rows = firsts(draft, names, month)
        for day, part in zip(evenings.tolist(), np.array_split(rows, len(evenings)), strict=True):
            start = opening(draft, shop, month, day, random.uniform(0.75, 0.9))
            share = random.uniform(0.85, 1.0, len(part))
            gaps = (between(50, 25, how), between(120, 60, how))
            sitting(draft, random, part, shop, start, gaps, want=Want.FREE, share=share, given=True)
        draft.claim(rows, label, actor)


def returned_post(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards whose families were not at home went back to the dealer who helps with the hand-over, PIN letters and all.

    After: cards drawn before any hand-over (BPK 2020; India's cards of the dead and of those who moved). Evident by:
    sales on cards that cards.csv has as handed over months later, or never, all at one shop.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    cards, stock = some(random, strangers(draft, random, shop, far=False), between(10, 15, how)), draft.population.cards
    for card in cards.tolist():
        ends = int(random.integers(6, 13))
        when = int(MONTH_STARTS[ends - 1] + random.integers(12, 27))
        drawn = np.array([one for one in range(ends - 1) if random.random() < between(0.7, 0.95, how)] or [0])
        days = MONTH_STARTS[drawn] + (random.random(len(drawn)) * between(25, 12, how)).astype(np.int64)
        real = days * DAY + draft.hour(shop, random.random(len(drawn)))
        share = random.uniform(0.6, 1.0, len(drawn))
        rows = draft.add(card, real, shop, want=Want.FREE, share=share, given=True)
        draft.claim(rows, label, actor)
        stock.delivered_on[card] = when if ends < 12 or random.random() < 0.4 else NEVER


def first_hand(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards are drawn at the first of the month for goods that are promised for when the truck comes.

    After: "sign now, come for your ration later" of ration shops without stock. Evident by: the emptied cards of the
    first days, while the month's first invoice is of a week and more later; who buys after it takes what he needs.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    late = round(between(8, 12, how))
    draft.late_stock[shop] = late
    people = customers(draft, shop)
    for month in months(random, 1, 10):
        rows = firsts(draft, some(random, people, between(9, 13, how)), month)
        at = moment(draft, random, month, (0, 4), np.full(len(rows), shop))
        draft.visits["real"][rows], draft.visits["terminal"][rows] = at, shop + 1
        draft.visits["want"][rows], draft.visits["share"][rows] = Want.FREE, 1.0
        draft.claim(rows, label, actor)
    _wait_for_goods(draft, shop, late)


def _wait_for_goods(draft: Draft, shop: int, late: int) -> None:
    """Others see that shelves are empty, and come when the truck has been; in the same month."""
    visits = draft.visits
    here = np.flatnonzero((visits["terminal"] == shop + 1) & (visits["actor"] < 0) & (visits["card"] != NEVER))
    for month in range(12):
        rows = draft.in_month(here, month)
        day = visits["real"][rows] // DAY - MONTH_STARTS[month]
        shift = np.minimum(late, int(MONTH_LENGTHS[month]) - late)
        visits["real"][rows[day < late]] += int(shift) * DAY
