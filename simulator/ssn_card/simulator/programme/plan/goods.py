# SPDX-License-Identifier: Apache-2.0
"""What shops sell and for how much.

Prices of the city drift from month to month; a shop's own are those of its supplier, a little above or below. So there
are few price lists, and few distinct texts of baskets, however many shops there are. A *menu* is the baskets of one
price list in one month, the cheapest first; schemes add menus of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ssn_card.programme import load_staples
from ssn_card.receipts import Basket

from .calendar import MONTHS, Ints

STAPLES: Final = tuple(load_staples())
CODES: Final = tuple(staple.code for staple in STAPLES)
#: Places of staples among all.
RICE, EGGS, CHICKEN, FISH, OIL, SUGAR, MILK = map(
    CODES.index, ("BERAS", "TELUR", "AYAM", "IKAN_KALENG", "MINYAK", "GULA", "SUSU")
)
REFERENCE: Final[Ints] = np.array([staple.reference_price for staple in STAPLES])
SUPPLIERS: Final = 24
_FREE: Final = 220  #: free baskets on each menu
_DRIFT: Final = 0.05  #: a price may move by it from month to month
_PULL: Final = 0.35  #: how much of its distance from the reference it comes back in a month
_SUPPLIER: Final = 0.03  #: a supplier's prices differ from the city's by up to that
FAR: Final = ("BERAS", "MINYAK", "GULA")
_REMOTE: Final = 0.04  #: these cost that much more where roads are long
_STEP: Final = 50  #: rupiah
_PACKAGED: Final = 0.45  #: suppliers whose shops sell packages at the programme's own prices
_FIRST_PACKAGE: Final = 1 << 28  #: places of packages begin here
_TOP: Final = 1 << 24  #: above all totals
_A: Final = {"BERAS": 10, "TELUR": 30, "MINYAK": 2, "GULA": 1, "IKAN_KALENG": 1, "SUSU": 1}
_B: Final = {"BERAS": 5, "TELUR": 30, "AYAM": 2, "MINYAK": 2, "GULA": 2, "SUSU": 1, "IKAN_KALENG": 1}
_MOST: Final = {"BERAS": 10, "TELUR": 30, "AYAM": 3, "IKAN_KALENG": 6, "MINYAK": 4, "GULA": 3, "SUSU": 6}


class Package(IntEnum):
    """What the programme made up; two at once where the limit allows it."""

    A = 0
    B = 1
    AA = 2
    AB = 3
    BB = 4


#: rupiah, where a shop sells them at the programme's price
PACKAGE_PRICE: Final[Ints] = np.array([294_000, 300_000, 588_000, 594_000, 600_000])


def _amounts(of: dict[str, int]) -> Ints:
    return np.array([of.get(code, 0) for code in CODES])


_PACKAGES: Final[Ints] = np.stack(
    [_amounts(_A), _amounts(_B), 2 * _amounts(_A), _amounts(_A) + _amounts(_B), 2 * _amounts(_B)]
)


@dataclass(frozen=True)
class Prices:
    """Rupiah a unit. ``city``, ``remote``: (month, staple), as published; ``lists``: (supplier, month, staple)."""

    city: Ints
    remote: Ints
    lists: Ints
    packaged: NDArray[np.bool_]  #: (supplier,): packages at the programme's price


def drawn_prices(random: np.random.Generator) -> Prices:
    """A year of prices."""
    level = np.zeros((MONTHS, len(STAPLES)))
    for month in range(1, MONTHS):
        moved = level[month - 1] * (1 - _PULL) + random.uniform(-_DRIFT, _DRIFT, len(STAPLES))
        level[month] = np.clip(moved, level[month - 1] - _DRIFT, level[month - 1] + _DRIFT)
    city = REFERENCE * (1 + level)
    far = np.where(np.isin(CODES, FAR), 1 + _REMOTE, 1.0)
    own = 1 + random.uniform(-_SUPPLIER, _SUPPLIER, (SUPPLIERS, MONTHS, len(STAPLES)))
    base = np.where((np.arange(SUPPLIERS) % 4 == 3)[:, None, None], city * far, city)  # every fourth is remote
    packaged = random.random(SUPPLIERS) < _PACKAGED
    return Prices(_round(city), _round(city * far), _round(base * own), packaged)


def _round(prices: NDArray[np.float64]) -> Ints:
    rounded: Ints = (prices / _STEP).round().astype(np.int64) * _STEP
    return rounded


class Wares:
    """All baskets of the year, by a number; :meth:`basket` makes one."""

    def __init__(self, prices: Prices, supplier: Ints, random: np.random.Generator) -> None:
        """``supplier``: of each shop."""
        self.prices, self.supplier = prices, supplier
        self._free = _compositions(random)
        lists = prices.lists.reshape(-1, len(STAPLES))
        totals = lists @ self._free.T
        self._order = np.argsort(totals, axis=1, kind="stable")
        self._totals = [np.take_along_axis(totals, self._order, axis=1).ravel()]
        self._starts = list(range(0, totals.size + 1, _FREE))
        self._spread = [8] * len(lists)
        self._own: list[Basket] = []
        self._package_lines = _package_lines(lists, np.repeat(prices.packaged, MONTHS))
        self._package_totals = self._package_lines.sum(axis=2)
        self._shipped = totals.size

    # ------------------------------------------------------------ menus

    def menu_of(self, shop: Ints, month: Ints) -> Ints:
        """The menu of a shop (place) in a month."""
        menu: Ints = self.supplier[shop] * MONTHS + month
        return menu

    def price(self, shop: int, month: int) -> Ints:
        """Rupiah a unit of each staple."""
        prices: Ints = self.prices.lists[self.supplier[shop], month]
        return prices

    def add_menu(self, baskets: Iterable[Basket], spread: int = 1) -> int:
        """A scheme's own menu. ``spread``: a visit takes one of so many baskets next below what it may spend."""
        ordered = sorted(baskets, key=lambda one: one.total)
        self._own += ordered
        self._totals.append(np.array([one.total for one in ordered]))
        self._starts.append(self._starts[-1] + len(ordered))
        self._spread.append(spread)
        return len(self._starts) - 2

    def up_to(self, menu: Ints, rupiah: Ints, chance: NDArray[np.float32]) -> Ints:
        """Of each menu a basket that costs no more than ``rupiah``, near it; -1 where none does."""
        starts = np.array(self._starts)
        total = np.concatenate(self._totals)
        keys = np.repeat(np.arange(len(starts) - 1), np.diff(starts)) * _TOP + total
        behind = np.searchsorted(keys, menu * _TOP + np.clip(rupiah, 0, _TOP - 1), side="right")
        room = np.minimum(np.array(self._spread)[menu], behind - starts[menu])
        return np.where(room > 0, behind - 1 - (chance * room).astype(np.int64), -1)

    def package(self, menu: Ints, package: Ints) -> Ints:
        """A package by the price list of a menu, one of the shops' own."""
        place: Ints = _FIRST_PACKAGE + menu * len(Package) + package
        return place

    def total(self, basket: Ints) -> Ints:
        """Rupiah; 0 for none."""
        packages = self._package_totals.ravel()
        packed = np.clip(basket - _FIRST_PACKAGE, 0, len(packages) - 1)
        total = np.concatenate(self._totals)
        free = total[np.clip(basket, 0, len(total) - 1)]
        return np.where(basket < 0, 0, np.where(basket >= _FIRST_PACKAGE, packages[packed], free))

    # ------------------------------------------------------------ baskets

    def basket(self, number: int) -> Basket:
        """What is in it."""
        if number >= _FIRST_PACKAGE:
            menu, package = divmod(number - _FIRST_PACKAGE, len(Package))
            return priced(_PACKAGES[package], self._package_lines[menu, package])
        if number >= self._shipped:
            return self._own[number - self._shipped]
        menu, place = divmod(number, _FREE)
        amounts = self._free[self._order[menu, place]]
        return priced(amounts, amounts * self.prices.lists.reshape(-1, len(STAPLES))[menu])


def priced(amounts: Sequence[int] | Ints, rupiah: Sequence[int] | Ints) -> Basket:
    """A basket of so much of each staple, each line for so much; lines of nothing are left out."""
    lines = zip(CODES, amounts, rupiah, strict=True)
    return Basket.of(*((code, int(amount), int(price)) for code, amount, price in lines if amount))


def _compositions(random: np.random.Generator) -> Ints:
    """What people choose: one to six kinds of goods, from a few eggs to a month's needs."""
    most = _amounts(_MOST)
    kinds = random.integers(1, 7, _FREE)
    chosen = random.random((_FREE, len(STAPLES))).argsort(axis=1) < kinds[:, None]
    drawn = random.integers(1, most + 1, (_FREE, len(STAPLES)))
    eggs = CODES.index("TELUR")
    drawn[:, eggs] = np.array([5, 10, 15, 30])[random.integers(0, 4, _FREE)]
    compositions: Ints = np.unique(drawn * chosen, axis=0)
    while len(compositions) < _FREE:  # a few are drawn twice
        more = random.integers(1, most + 1, (1, len(STAPLES)))
        compositions = np.unique(np.concatenate((compositions, more)), axis=0)
    return compositions


def _package_lines(lists: Ints, packaged: NDArray[np.bool_]) -> Ints:
    """Rupiah of each line, (menu, package, staple): by the list, or brought to the programme's price."""
    lines = lists[:, None, :] * _PACKAGES
    wanted = PACKAGE_PRICE[None, :, None]
    brought = (lines * wanted / lines.sum(axis=2, keepdims=True) / 100).round().astype(np.int64) * 100
    brought[:, :, 0] += wanted[:, :, 0] - brought.sum(axis=2)  # rice takes what rounding left
    return np.where(packaged[:, None, None], brought, lines)
