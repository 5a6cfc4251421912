# SPDX-License-Identifier: Apache-2.0
"""Receipts in JSON Lines, as terminals hand them in.

A line is ``{"schema": "ssn-card/receipt/1", "receipt": "<176 hex digits>", "basket": [...]}``; the basket is
optional, and where it is given its digest must be the receipt's. Other members are ignored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO

from ssn_card.protocol.errors import InputError

from .basket import Basket
from .receipt import Receipt

SCHEMA = "ssn-card/receipt/1"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt file: a receipt, or why it is none.

    ``number`` counts physical lines from 1 of ``file``. ``fault`` names the member that cannot be read.
    """

    number: int
    receipt: Receipt | None
    basket: Basket | None = None
    fault: str | None = None
    file: str | None = None


def line_of(receipt: Receipt, basket: Basket | None = None) -> str:
    """The JSON line, without its end, of a receipt."""
    goods = "" if basket is None else f',"basket":{basket.as_json()}'
    return f'{{"schema":"{SCHEMA}","receipt":"{receipt.raw.hex()}"{goods}}}'


def write_line(file: IO[str], receipt: Receipt, basket: Basket | None = None) -> None:
    """Append a receipt to an open text file."""
    file.write(line_of(receipt, basket) + "\n")


def parse_line(number: int, text: bytes | str, file: str | None = None) -> Line:
    """One line; never raises, a line that cannot be read has a ``fault``."""
    receipt, basket, fault = _read(text)
    return Line(number, receipt, basket, fault, file)


def _read(text: bytes | str) -> tuple[Receipt | None, Basket | None, str | None]:
    """Receipt, basket, and the member that cannot be read."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None, None, "json"
    if not isinstance(data, dict):
        return None, None, "json"
    if data.get("schema") != SCHEMA:
        return None, None, "schema"
    try:
        receipt = Receipt(bytes.fromhex(data["receipt"]))
    except (KeyError, TypeError, ValueError, InputError):
        return None, None, "receipt"
    if data.get("basket") is None:
        return receipt, None, None
    try:
        return receipt, Basket.from_list(data["basket"]), None
    except InputError:
        return receipt, None, "basket"
