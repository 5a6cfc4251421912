# SPDX-License-Identifier: Apache-2.0
"""Kecamatan, shops and companions: the shipped ones, and as many more as a larger city has in proportion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ssn_card.programme import load_regions, load_shops
from ssn_card.programme.shop import Shop

from .calendar import HOUR, MINUTE, Ints

FAMILIES: Final = 1688  #: that the shipped shops serve
_NAMES: Final = (
    "Anggrek",
    "Makmur",
    "Sejahtera",
    "Cempaka",
    "Harapan",
    "Kenanga",
    "Teratai",
    "Mawar",
    "Dahlia",
    "Melati",
)
_OPENS: Final = (7, 8, 8)
_CLOSES: Final = (16, 17, 17, 18)
DAY_BEGINS: Final = 8 * HOUR  #: people come between these, where the shop is open
DAY_ENDS: Final = 17 * HOUR
REMOTE: Final = (0, 6)  #: kecamatan where roads are long
DESK_PLACE: Final = -1  #: the social office's desk in the place of a shop: terminal 0


@dataclass(frozen=True)
class ShopPlace:
    """One shop. ``opens``, ``closes``: seconds of the day; its terminal's number is that of ``id``."""

    id: str
    name: str
    kecamatan: int
    kelurahan: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Places:
    """The city. Arrays have one entry a shop, in the order of :attr:`shops`; the terminal of shop ``i`` is ``i + 1``.

    ``kelurahan``: names, with the kecamatan of each in ``kecamatan_of``; ``near``: shops of each kelurahan, or of its
    kecamatan where it has none.
    """

    codes: tuple[str, ...]
    kecamatan: tuple[str, ...]
    kelurahan: tuple[str, ...]
    kecamatan_of: Ints
    shops: tuple[ShopPlace, ...]
    near: tuple[Ints, ...]
    around: tuple[Ints, ...]  #: shops of each kecamatan

    @cached_property
    def shop_kecamatan(self) -> Ints:
        """Kecamatan of each shop."""
        return np.array([shop.kecamatan for shop in self.shops], np.int64)

    @cached_property
    def opens(self) -> Ints:
        """From when people come, seconds of the day."""
        return np.array([max(shop.opens, DAY_BEGINS) for shop in self.shops], np.int64)

    @cached_property
    def shut(self) -> Ints:
        """Seconds of the day at which each shop closes."""
        return np.array([shop.closes for shop in self.shops], np.int64)

    @cached_property
    def closes(self) -> Ints:
        """Until when people come, seconds of the day."""
        return np.array([min(shop.closes, DAY_ENDS) for shop in self.shops], np.int64)


def places(kecamatan: Sequence[int], families: int, random: np.random.Generator) -> Places:
    """The city's shops for so many families, who live in the kecamatan of these places in regions.csv."""
    regions = load_regions()
    names = [(number, name) for number, region in enumerate(regions) for name in region.kelurahan]
    by_name = {pair: place for place, pair in enumerate(names)}
    codes = {region.code: number for number, region in enumerate(regions)}
    shipped = [shop for shop in load_shops() if codes[shop.region_code] in set(kecamatan)]
    first = [_place(shop, codes, by_name) for shop in shipped]
    more = round(len(first) * families / FAMILIES) - len(first) if families > FAMILIES else 0
    shops = _numbered([*first, *(_another(first[i % len(first)], names, random) for i in range(more))])
    of_shop = np.array([shop.kelurahan for shop in shops])
    kecamatan_of = np.array([number for number, _ in names])
    around = tuple(np.flatnonzero(kecamatan_of[of_shop] == number) for number in range(len(regions)))
    near = tuple(
        at if len(at := np.flatnonzero(of_shop == place)) else around[kecamatan_of[place]]
        for place in range(len(names))
    )
    return Places(
        codes=tuple(codes),
        kecamatan=tuple(region.kecamatan for region in regions),
        kelurahan=tuple(name for _, name in names),
        kecamatan_of=kecamatan_of,
        shops=tuple(shops),
        near=near,
        around=around,
    )


def _place(shop: Shop, codes: dict[str, int], by_name: dict[tuple[int, str], int]) -> ShopPlace:
    number = codes[shop.region_code]
    opens, closes = (moment.hour * HOUR + moment.minute * MINUTE for moment in (shop.opens, shop.closes))
    return ShopPlace(shop.id, shop.name, number, by_name[number, shop.kelurahan], opens, closes)


def _another(beside: ShopPlace, names: list[tuple[int, str]], random: np.random.Generator) -> ShopPlace:
    """One more in the kelurahan of another."""
    name = f"E-Warong KUBE {random.choice(_NAMES)} {names[beside.kelurahan][1]}"
    opens, closes = (int(random.choice(hours)) * HOUR for hours in (_OPENS, _CLOSES))
    return ShopPlace("", name, beside.kecamatan, beside.kelurahan, opens, closes)


def _numbered(shops: list[ShopPlace]) -> list[ShopPlace]:
    return [
        ShopPlace(f"EW-{number:03d}", *(getattr(shop, name) for name in list(ShopPlace.__annotations__)[1:]))
        for number, shop in enumerate(shops, start=1)
    ]
