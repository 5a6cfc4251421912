# SPDX-License-Identifier: Apache-2.0
"""The E-Warong shops at which cards are accepted: where they are, when they are open, their terminal id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from ssn_card.programme.errors import ProgrammeDataError, UnknownShopError, place
from ssn_card.programme.reasons import Unfit
from ssn_card.programme.region import Regions, load_regions
from ssn_card.programme.tables import Entry, packaged, read_table, refuse_twice
from ssn_card.programme.zone import WITA
from ssn_card.protocol.errors import Text

COLUMNS = ("id_ewarong", "nama", "kode_kecamatan", "kecamatan", "kelurahan", "buka", "tutup")
TERMINAL_ID_MAX = 2**32 - 1


_ID = r"^EW-[0-9]{3,10}$"


def terminal_id_of(shop_id: str) -> int:
    """The terminal of a shop, whether it still takes part or not: EW-007 is 7. Raises :class:`UnknownShopError`."""
    if not re.fullmatch(_ID, shop_id, re.ASCII) or not 1 <= int(shop_id[3:]) <= TERMINAL_ID_MAX:
        raise UnknownShopError(Text("{id!r} is no shop's id", "{id!r} bukan id toko").filled(id=shop_id))
    return int(shop_id[3:])


class Shop(Entry):
    """One row of shops.csv."""

    id: Annotated[str, Field(pattern=_ID, alias="id_ewarong")]
    name: Annotated[str, Field(min_length=1, alias="nama")]
    region_code: Annotated[str, Field(alias="kode_kecamatan")]  #: Kemendagri, with dots
    kecamatan: str
    kelurahan: str
    opens: Annotated[time, Field(alias="buka")]  #: WITA
    closes: Annotated[time, Field(alias="tutup")]  #: WITA, the first moment at which it is closed

    @field_validator("id")
    @classmethod
    def _fits_the_card(cls, value: str) -> str:
        try:
            terminal_id_of(value)
        except UnknownShopError:
            raise Unfit(
                "the number of a shop must fit 4 bytes and not be 0", "nomor toko harus muat dalam 4 bita dan bukan 0"
            ) from None
        return value

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if self.closes <= self.opens:
            raise Unfit("tutup must be after buka, on the same day", "tutup harus sesudah buka, di hari yang sama")
        return self

    @property
    def terminal_id(self) -> int:
        """The shop's terminal on the card's interface, an unsigned 32-bit number: EW-007 is 7."""
        return terminal_id_of(self.id)

    def is_open(self, moment: datetime | time) -> bool:
        """Whether the shop is open at that time; a ``datetime`` with a zone is converted to WITA first."""
        if isinstance(moment, datetime):
            moment = (moment.astimezone(WITA) if moment.tzinfo else moment).time()
        return self.opens <= moment < self.closes


@dataclass(frozen=True)
class Shops:
    """All shops, in the order of the file."""

    entries: tuple[Shop, ...]

    def __iter__(self) -> Iterator[Shop]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def _by_terminal(self) -> dict[int, Shop]:
        return {shop.terminal_id: shop for shop in self.entries}

    def by_id(self, shop_id: str) -> Shop:
        """The shop with that id, such as ``"EW-007"``. Raises :class:`UnknownShopError`."""
        for shop in self.entries:
            if shop.id == shop_id:
                return shop
        raise UnknownShopError(Text("there is no shop {id!r}", "tidak ada toko {id!r}").filled(id=shop_id))

    def by_terminal(self, terminal_id: int) -> Shop:
        """The shop of a terminal id. Raises :class:`UnknownShopError`."""
        shop = self._by_terminal.get(terminal_id)
        if shop is None:
            raise UnknownShopError(
                Text("no shop has terminal {id}", "tidak ada toko dengan terminal {id}").filled(id=terminal_id)
            )
        return shop


def load_shops(path: Path | None = None, regions: Regions | None = None) -> Shops:
    """The shops of a CSV file (default: the shipped one), each in a known kelurahan.

    Raises :class:`ProgrammeDataError`.
    """
    path = path or packaged("shops.csv")
    regions = regions or load_regions()
    rows = read_table(path, Shop, COLUMNS)
    refuse_twice(path, "id_ewarong", ((line, shop.terminal_id) for line, shop in rows))
    for line, shop in rows:
        region = regions.by_code.get(shop.region_code)
        if region is None or region.kecamatan != shop.kecamatan or shop.kelurahan not in region.kelurahan:
            raise ProgrammeDataError(
                Text(
                    "{id}: kecamatan code, kecamatan and kelurahan do not belong together",
                    "{id}: kode kecamatan, kecamatan, dan kelurahan tidak cocok",
                ).filled(id=shop.id),
                where=place(path, line, "kelurahan"),
            )
    return Shops(tuple(shop for _, shop in rows))
