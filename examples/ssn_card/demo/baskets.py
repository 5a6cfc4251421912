# SPDX-License-Identifier: Apache-2.0
"""Baskets as families of the programme fill them, at reference prices."""

from __future__ import annotations

from random import Random

from ssn_card.programme import load_staples
from ssn_card.receipts import Basket, Item

#: The programme's two packages (Rp294,000 and Rp300,000), as quantities.
PACKAGE_A = {"BERAS": 10, "TELUR": 30, "MINYAK": 2, "GULA": 1, "IKAN_KALENG": 1, "SUSU": 1}
PACKAGE_B = {"BERAS": 5, "TELUR": 30, "AYAM": 2, "MINYAK": 2, "GULA": 2, "SUSU": 1, "IKAN_KALENG": 1}


def priced(quantities: dict[str, int], total: int | None = None) -> Basket:
    """A basket at reference prices; with ``total`` (rupiah) the first item's price makes up the difference."""
    staples = load_staples()
    items = [Item(code, count, count * staples.by_code[code].reference_price) for code, count in quantities.items()]
    if total is not None:
        first = items[0]
        items[0] = Item(first.staple, first.quantity, first.rupiah + total - sum(item.rupiah for item in items))
    return Basket(tuple(items))


def free(random: Random, at_most: int, without: frozenset[str] = frozenset()) -> Basket:
    """A basket of the family's own choice, worth at most ``at_most`` rupiah (40,000 or more)."""
    staples = [staple for staple in load_staples() if staple.code not in without]
    chosen: dict[str, int] = {}
    spent = 0
    for staple in random.sample(staples, len(staples)):
        count = random.randint(1, 6)
        if spent + count * staple.reference_price <= at_most:
            chosen[staple.code] = count
            spent += count * staple.reference_price
    return priced(chosen)
