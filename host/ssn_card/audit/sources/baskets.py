# SPDX-License-Identifier: Apache-2.0
"""Baskets of millions of debits against their receipts. Each text is read once, for shops sell the same all day."""

from __future__ import annotations

import hashlib
import json
import threading
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.programme import load_staples
from ssn_card.programme.errors import UnknownStapleError
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import MAX_AMOUNT, ReceiptType
from ssn_card.receipts.basket import DIGEST, Basket

from ..rows import BATCH, Goods, Raw

_CAPACITY = 1 << 16  #: texts that are kept
_LONG = 512  #: bytes of a text that is not kept
_NO_STAPLE = -1  #: mask of goods that were never on the list
_MOST_DIGITS = len(str(MAX_AMOUNT))

#: What a text says: total, digest, categories, and whether it is a basket at all.
_SAYS = np.dtype([("total", np.int64), ("digest", np.uint8, DIGEST), ("mask", np.int32), ("goods", np.uint8)])
_NONE = 0  #: the place of what says nothing

_AT_TYPE = RECEIPT.offset("type")
_AT_AMOUNT = RECEIPT.offset("amount")
_AT_CATEGORIES = RECEIPT.offset("categories")
_AT_DIGEST = RECEIPT.offset("basket_digest")

_Said = tuple[int, bytes, int, int]


class Baskets:
    """Reads texts and remembers them, as numbers that hold until :meth:`begin`."""

    def __init__(self) -> None:
        self._canonical: dict[bytes, int] = {}
        self._others: dict[bytes, int] = {}
        self._says = np.zeros(_CAPACITY + BATCH, _SAYS)
        self._new: list[_Said] = []
        self._used = 1

    def begin(self) -> None:
        """Before a batch: forget, if there is too much."""
        if self._used > _CAPACITY:
            self._canonical.clear()
            self._others.clear()
            self._used = 1

    def canonical(self, text: bytes) -> int | None:
        """The number of a text in the form that every terminal of ours writes, ``None`` of any other."""
        known = self._canonical.get(text)
        if known is not None:
            return known
        said = _of_canonical(text)
        return None if said is None else self._learn(self._canonical, text, said)

    def any(self, text: bytes) -> int:
        """The number of a text in whatever form."""
        known = self.canonical(text)
        if known is None:
            known = self._others.get(text)
        return self._learn(self._others, text, _of_any(text)) if known is None else known

    def of(self, basket: Basket | None, *, unreadable: bool) -> int:
        """The number of a basket that was read already."""
        if basket is None:
            return self._learn({}, b"", _UNREADABLE) if unreadable else _NONE
        return self._learn({}, b"", _of_basket(basket))

    def of_texts(self, texts: pa.BinaryArray) -> NDArray[np.int32]:
        """Numbers of texts, null where there is none."""
        whole = texts.dictionary_encode()
        numbers = np.fromiter(map(self.any, whole.dictionary.to_pylist()), np.int32, len(whole.dictionary))
        places: NDArray[np.int32] = whole.indices.fill_null(len(numbers)).to_numpy()
        return np.append(numbers, np.int32(_NONE))[places]

    def goods(self, raw: Raw, numbers: NDArray[np.int32]) -> NDArray[np.uint8]:
        """:class:`Goods` of receipts and the numbers of their baskets: as the judge says it, by the same order."""
        self._set_down()
        says = self._says[numbers]
        goods = says["goods"].copy()
        goods[raw[:, _AT_TYPE] != ReceiptType.DEBIT] = Goods.NONE
        look = np.flatnonzero(goods == Goods.FITS)
        raw, says = raw[look], says[look]
        amount = raw[:, _AT_AMOUNT : _AT_AMOUNT + 4].copy().view(">u4")[:, 0]
        categories = raw[:, _AT_CATEGORIES : _AT_CATEGORIES + 2].copy().view(">u2")[:, 0]
        goods[look] = np.select(
            [
                (says["digest"] != raw[:, _AT_DIGEST : _AT_DIGEST + DIGEST]).any(axis=1),
                says["total"] != amount,
                says["mask"] == _NO_STAPLE,
                says["mask"] != categories,
            ],
            [Goods.BASKET_DIGEST, Goods.AMOUNT, Goods.STAPLE, Goods.CATEGORIES],
            Goods.FITS,
        )
        return goods

    def _learn(self, known: dict[bytes, int], text: bytes, said: _Said) -> int:
        number = self._used
        self._used += 1
        self._new.append(said)
        if len(text) <= _LONG:
            known[text] = number
        return number

    def _set_down(self) -> None:
        if not self._new:
            return
        says = self._says[self._used - len(self._new) : self._used]
        totals, digests, masks, goods = zip(*self._new, strict=True)
        says["total"], says["mask"], says["goods"] = totals, masks, goods
        says["digest"] = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST)
        self._new.clear()


_held = threading.local()


def shared_baskets() -> Baskets:
    """This thread's, for source after source, since what one shop sells all others sell too."""
    found: Baskets | None = getattr(_held, "baskets", None)
    if found is None:
        found = _held.baskets = Baskets()
    return found


_NO_DIGEST = bytes(DIGEST)
_UNREADABLE: _Said = (0, _NO_DIGEST, 0, Goods.BASKET)


@cache
def _staples() -> dict[bytes, int]:
    """Bits of the shipped staples by their codes in quotes."""
    return {f'"{staple.code}"'.encode("ascii"): staple.mask for staple in load_staples()}


@lru_cache(1 << 15)
def _item(text: bytes) -> tuple[int, int]:
    """Price and bit of one item, as it is written canonically; zero of everything else."""
    parts = text.split(b",")
    if len(parts) != 3:
        return 0, 0
    staple, quantity, price = _staples().get(parts[0]), _number(parts[1]), _number(parts[2])
    return (0, 0) if staple is None or not quantity else (price, staple)


def _number(digits: bytes) -> int:
    """A number from 1, as it is written canonically; zero of everything else."""
    if not digits.isdigit() or len(digits) > _MOST_DIGITS or digits.startswith(b"0"):
        return 0
    number = int(digits)
    return number if number <= MAX_AMOUNT else 0


def _of_canonical(text: bytes) -> _Said | None:
    """What a text says whose digest is that of its own bytes; ``None`` of everything out of the ordinary."""
    if not (text.startswith(b"[[") and text.endswith(b"]]")):
        return None
    total = bits = 0
    for item in text[2:-2].split(b"],["):
        price, staple = _item(item)
        if not price:
            return None
        total += price
        bits |= staple
    if total > MAX_AMOUNT:
        return None
    return total, hashlib.sha256(text).digest()[:DIGEST], bits, Goods.FITS


def _of_any(text: bytes) -> _Said:
    try:
        data = json.loads(text)
        return (0, _NO_DIGEST, 0, Goods.NONE) if data is None else _of_basket(Basket.from_list(data))
    except (ValueError, RecursionError, InputError):
        return _UNREADABLE


def _of_basket(basket: Basket) -> _Said:
    try:
        categories = basket.categories
    except UnknownStapleError:
        categories = _NO_STAPLE
    return basket.total, basket.digest(), categories, Goods.FITS
