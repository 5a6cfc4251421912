# SPDX-License-Identifier: Apache-2.0
"""A basket of goods: what a debit pays for. Its digest stands in the receipt, so a receipt proves its basket."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from functools import cached_property
from typing import Any

from ssn_card.programme import mask
from ssn_card.programme.errors import UnknownStapleError
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.values import MAX_AMOUNT

DIGEST = 16  #: bytes of SHA-256 that the receipt holds
_CANONICAL = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a basket.

    Args:
        staple: code of the goods, such as ``"BERAS"`` (staples.csv).
        quantity: whole units, 1 or more.
        rupiah: price of the line, 1 or more.
    """

    staple: str
    quantity: int
    rupiah: int


@dataclass(frozen=True)
class Basket:
    """One or more items.

    Args:
        stored: it was sold once, and is read as it was: today's list of staples does not judge it.

    Raises:
        InputError: empty, an unknown staple, or a quantity, price or total that is out of range; names the item.
    """

    items: tuple[Item, ...]
    stored: InitVar[bool] = False

    def __post_init__(self, stored: bool) -> None:
        if not self.items:
            raise _bad("basket", "The basket is empty.", "Keranjang kosong.")
        for position, item in enumerate(self.items, start=1):
            place = f"basket item {position}"
            if type(item.quantity) is not int or not 1 <= item.quantity <= MAX_AMOUNT:
                raise _bad(f"{place} quantity", "The quantity must be whole, from 1.", "Jumlah harus bulat, mulai 1.")
            if type(item.rupiah) is not int or not 1 <= item.rupiah <= MAX_AMOUNT:
                raise _bad(f"{place} rupiah", "The price must be whole, from Rp1.", "Harga harus bulat, mulai Rp1.")
            if not stored:
                _check_staple(item, place)
        if self.total > MAX_AMOUNT:
            raise _bad("basket", "The total must be below 2^31 rupiah.", "Total harus di bawah 2^31 rupiah.")

    @classmethod
    def of(cls, *items: tuple[str, int, int]) -> Basket:
        """A basket from ``(staple, quantity, rupiah)``."""
        return cls(tuple(Item(*item) for item in items))

    @property
    def total(self) -> int:
        """Rupiah of all items."""
        return sum(item.rupiah for item in self.items)

    @property
    def categories(self) -> int:
        """Bit mask of the categories in the basket. Raises ``UnknownStapleError`` where it is older than the list."""
        return mask({item.staple for item in self.items})

    def sold_on(self, day: dt.date) -> int:
        """:attr:`categories` for a sale of that day. Raises also ``WithdrawnStapleError``."""
        return mask([item.staple for item in self.items], sold_on=day)

    def as_list(self) -> list[list[Any]]:
        """``[[staple, quantity, rupiah], ...]``, for JSON."""
        return [[item.staple, item.quantity, item.rupiah] for item in self.items]

    @classmethod
    def from_list(cls, data: Any) -> Basket:
        """The inverse of :meth:`as_list`, for what was stored. Raises :class:`InputError`."""
        if not isinstance(data, Iterable) or isinstance(data, str | bytes | dict):
            raise _bad("basket", "The basket must be a list.", "Keranjang harus berupa daftar.")
        items = []
        for position, entry in enumerate(data, start=1):
            if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[0], str):
                raise _bad(
                    f"basket item {position}",
                    "An item must be [staple, quantity, rupiah].",
                    "Barang harus [kode, jumlah, rupiah].",
                )
            items.append(Item(*entry))
        return cls(tuple(items), stored=True)

    def as_json(self) -> str:
        """The canonical text: :meth:`as_list` in ASCII JSON without spaces."""
        return self._canonical

    @classmethod
    def from_json(cls, text: str) -> Basket:
        """The inverse of :meth:`as_json`, for what was stored. Raises :class:`InputError`."""
        try:
            return cls.from_list(json.loads(text))
        except (ValueError, RecursionError):
            raise _bad("basket", "The basket is no JSON.", "Keranjang bukan JSON.") from None

    def digest(self) -> bytes:
        """First 16 bytes of SHA-256 over :meth:`as_json`."""
        return hashlib.sha256(self._canonical.encode("ascii")).digest()[:DIGEST]

    @cached_property
    def _canonical(self) -> str:
        return _CANONICAL.encode(self.as_list())


def _check_staple(item: Item, place: str) -> None:
    try:
        mask([item.staple])
    except UnknownStapleError as error:
        raise InputError(error.text, remedy=error.remedy, where=f"{place} staple") from None


def _bad(where: str, en: str, id_: str) -> InputError:
    return InputError(Text(en, id_), where=where)
