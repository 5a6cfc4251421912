# SPDX-License-Identifier: Apache-2.0
"""What a till can be made to say: notes as sugar, smokes as milk, a set that all must take, change that is kept."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap, shopping
from ....plan.calendar import Ints
from ....plan.draft import Actor, Draft, Rows
from ....plan.goods import CODES, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, errands, firsts, mine, moment, months, move, part, regular_at, some
from ..habits import after_delivery, middling, refill, stock, takings

_DEAR: Final = ("MINYAK", "GULA", "SUSU")
_DARES: Final = 13  #: times a month
_FULL: Final = 297_000
_SIZES: Final = (_FULL, 148_000, 88_000)


def _places(*codes: str) -> Ints:
    return np.array([CODES.index(code) for code in codes])


def _of_the_day(draft: Draft, random: np.random.Generator, shop: int, month: int, share: float) -> Rows:
    """Such a share of a month's debits at a shop, but no more than he dares, however much he sells."""
    rows = takings(draft, shop, month)
    return some(random, part(random, rows, share), _DARES)


def _notes(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Notes for the card, less a fifth, when two loads are on it; the till says sugar, oil or milk by the carton.

    Told by: all that two months gave, for two goods of which no household needs so much, and the shop never bought
    them; the same cards every second month.
    """
    how = boldness(random)
    clients = some(random, regular_at(draft, actor.place), between(14, 20, how))
    goods = _places(*random.choice(_DEAR, 2, replace=False))
    first = round(between(55, 75, how))
    odd = random.integers(0, 2, len(clients))
    for turn, month in enumerate(months(random, 1, 10)):
        heaps = [
            heap(draft.goods.price(actor.place, month), rupiah, goods, np.array([first, 100 - first]))
            for rupiah in range(60_000, 601_000, 20_000)
        ]
        menu = draft.goods.add_menu(heaps, 2)
        for card in clients[odd != turn % 2].tolist():
            draft.drop(errands(draft, card, month))
        rows = firsts(draft, clients[odd == turn % 2].tolist(), month)
        moments = moment(draft, random, month, (0, 14), np.full(len(rows), actor.place))
        move(draft, rows, actor.place, moments)
        refill(draft, rows, menu, 1.0, stocked=False)
        mine(draft, actor, rows)


def _set(prices: Ints, goods: Ints, rupiah: int, dear: float) -> Basket:
    """The set for so much or less: rice fills it up; each line dearer than the list, in steps of 500."""
    rice = CODES.index("BERAS")
    amounts = np.ceil(goods * rupiah / _FULL).astype(np.int64)
    each = np.ceil(prices * (1 + dear) / 500).astype(np.int64) * 500
    amounts[rice] = max(1, (rupiah - int(amounts @ each)) // int(each[rice]))
    return priced(amounts, amounts * each)


def _take_the_set(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Says "take the set or nothing": old rice, and fish that nobody asks for, all above the list.

    Told by: the same set for every other customer, which is neither of the programme's packages, each line 9 to 20 %
    dearer than the list; the others at the shop pay as everywhere.
    """
    how = boldness(random)
    dear, share = between(0.09, 0.18, how), between(0.24, 0.4, how)
    for turn, month in enumerate(months(random, 1, 9)):
        if turn % 5 == 0:  # what does not sell is something else by then
            goods = np.zeros(len(CODES), np.int64)
            goods[_places("IKAN_KALENG", "SUSU", "GULA")] = random.integers((4, 2, 1), (8, 5, 4))
        sets = partial(_sets, goods=goods, dear=dear)
        rows = _of_the_day(draft, random, actor.place, month, share)
        refill(draft, rows, stock(draft, month, actor.place, sets, 1), 1.0)
        mine(draft, actor, rows)


def _sets(prices: Ints, goods: Ints, dear: float) -> list[Basket]:
    return [_set(prices, goods, rupiah, dear) for rupiah in _SIZES]


def _wait_for_barge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Says "swipe now, the rice is on the barge": on the first days, for all there is; the barge comes ten days later.

    Told by: an empty store (invoices) on the days on which card after card is emptied; other customers come when the
    goods are there.
    """
    how = boldness(random)
    late = round(between(7, 11, how))
    draft.late_stock[actor.place] = late
    waiting = some(random, regular_at(draft, actor.place), between(11, 14, how)).tolist()
    swiped = months(random, 1, 9)
    for month in range(12):
        if month in swiped:
            rows = firsts(draft, waiting, month)
            move(draft, rows, actor.place, moment(draft, random, month, (0, 4), np.full(len(rows), actor.place)))
            refill(draft, rows, -1, 1.0)
            mine(draft, actor, rows)
        after_delivery(draft, actor.place, month, late, random)


def _rounded_up(prices: Ints, random: np.random.Generator, step: int, cut: tuple[float, float]) -> list[Basket]:
    """Baskets whose lines are stretched until the sum is round; four of each sum."""
    made = []
    for total in np.repeat(np.arange(2 * step, 300_001, step), 4).tolist():
        worth = round(total * (1 - random.uniform(*cut)))
        goods = max((shopping(random, prices, worth) for _ in range(4)), key=lambda one: one.total)
        lines = [(one.staple, one.quantity, round(one.rupiah * total / goods.total / 100) * 100) for one in goods.items]
        code, quantity, rupiah = lines[0]
        lines[0] = (code, quantity, rupiah + total - sum(line[2] for line in lines))
        made.append(Basket.of(*lines))
    return made


def _keeps_change(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Says "let us make it a hundred": sums are rounded up, always up, and what is over stays in the shop.

    Told by: sums of whole 25,000 or 50,000 for goods that are a tenth to a fifth cheaper by the list,
    with all kinds of baskets.
    """
    how = boldness(random)
    step = 50_000 if how > 0.5 else 25_000
    cut = (between(0.06, 0.1, how), between(0.11, 0.17, how))
    share = between(0.22, 0.32, how)
    for month in months(random, 1, 9):
        round_sums = partial(_rounded_up, random=random, step=step, cut=cut)
        rows = _of_the_day(draft, random, actor.place, month, share)
        refill(draft, rows, stock(draft, month, actor.place, round_sums, 4), random.uniform(0.4, 0.9, len(rows)))
        mine(draft, actor, rows)


def _smokes(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cigarettes, coffee and credit for the telephone, typed in as tins of milk.

    Told by: milk and nothing else, by the half dozen and more, again and again, from a shop that buys little milk.
    """
    how = boldness(random)
    milk, whole = _places("SUSU"), np.array([100])
    share = between(0.13, 0.24, how)
    for month in months(random, 1, 10):
        prices = draft.goods.price(actor.place, month)
        menu = draft.goods.add_menu([heap(prices, rupiah, milk, whole) for rupiah in range(28_000, 210_000, 13_600)], 1)
        rows = _of_the_day(draft, random, actor.place, month, share)
        refill(draft, rows, menu, random.uniform(0.2, between(0.4, 0.55, how), len(rows)), stocked=False)
        mine(draft, actor, rows)


NOTES: Final = Scheme("fraud-notes-for-sugar", "shop", ("A3", "A8", "A14"), 1, middling(20), _notes)
TAKE_THE_SET: Final = Scheme("fraud-take-the-set", "shop", ("A9", "A10"), 1, middling(14), _take_the_set)
WAIT_FOR_BARGE: Final = Scheme("fraud-wait-for-the-barge", "shop", ("A5", "A6"), 1, middling(18), _wait_for_barge)
KEEPS_CHANGE: Final = Scheme("fraud-keeps-the-change", "shop", ("A2", "A10"), 1, middling(14), _keeps_change)
SMOKES: Final = Scheme("fraud-smokes-as-milk", "shop", ("A14", "A15"), 1, middling(14), _smokes)
