# SPDX-License-Identifier: Apache-2.0
"""Baskets as people type them: ``BERAS=10@162000``, code = quantity @ price of the line in rupiah."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from ssn_card.programme import Staple, UnknownStapleError, load_staples
from ssn_card.protocol.errors import InputError, Text
from ssn_card.receipts import Basket, Item
from ssn_card.terminal import now

from .errors import BadArgument

_ITEM = re.compile(r"(?P<code>[A-Z][A-Z_]*)=(?P<quantity>[0-9]{1,9})(?:@(?P<price>[0-9]{1,10}))?", re.ASCII)


def parse_basket(texts: Iterable[str], day: dt.date) -> Basket:
    """A basket sold on ``day``; an item without price costs its reference price (staples.csv) times the quantity.

    Raises:
        BadArgument: names the item; InputError: the basket as a whole, see :class:`Basket`.
    """
    given = list(texts)
    sold = {staple.code: staple for staple in load_staples() if staple.is_sold(day)}
    items = tuple(_item(text, sold) for text in given)
    try:
        return Basket(items)
    except InputError as error:
        raise BadArgument(error.text, remedy=error.remedy, where=error.where or "--item") from None


def _item(text: str, sold: Mapping[str, Staple]) -> Item:
    match = _ITEM.fullmatch(text)
    if match is None:
        raise BadArgument(
            Text(f"{text!r} is no item.", f"{text!r} bukan barang."),
            where="--item",
            remedy=Text(
                "Write CODE=QUANTITY or CODE=QUANTITY@RUPIAH, such as BERAS=10@162000.",
                "Tulis KODE=JUMLAH atau KODE=JUMLAH@RUPIAH, misalnya BERAS=10@162000.",
            ),
        )
    code, quantity = match["code"], int(match["quantity"])
    if code not in sold:
        known = ", ".join(sold)
        raise UnknownStapleError(
            Text(f"There is no staple {code!r}.", f"Tidak ada bahan pokok {code!r}."),
            where=f"--item {text}",
            remedy=Text(f"Known: {known}.", f"Yang ada: {known}."),
        )
    price = int(match["price"]) if match["price"] else quantity * sold[code].reference_price
    return Item(code, quantity, price)


def complete_item(incomplete: str) -> list[str]:
    """Codes that an item may begin with, for shell completion."""
    sold = (staple.code for staple in load_staples() if staple.is_sold(now().date()))
    return [f"{code}=" for code in sold if code.startswith(incomplete)]
