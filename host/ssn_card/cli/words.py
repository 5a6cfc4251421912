# SPDX-License-Identifier: Apache-2.0
"""Names of states, receipt types, dates and goods for people, in both languages."""

from __future__ import annotations

import datetime as dt

from ssn_card.programme import UnknownStapleError, codes
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState, ReceiptType

from .output import say

STATES = {
    LifeState.ISSUED: Text("issued, not activated yet", "terbit, belum aktif"),
    LifeState.ACTIVE: Text("active", "aktif"),
    LifeState.BLOCKED: Text("blocked", "diblokir"),
    LifeState.TERMINATED: Text("terminated", "diakhiri"),
}
TYPES = {
    ReceiptType.DEBIT: Text("purchase", "belanja"),
    ReceiptType.CANCEL: Text("cancellation", "pembatalan"),
    ReceiptType.OVERRIDE: Text("limit raised", "batas dinaikkan"),
    ReceiptType.UPDATE: Text("update", "pembaruan"),
}
NONE = "-"


def date(day: dt.date | None) -> str:
    """``2025-12-31``, or a dash."""
    return day.isoformat() if day is not None else NONE


def goods(mask: int) -> str:
    """Codes of a category mask; the mask in hexadecimal where it has a bit that we do not know."""
    try:
        return ", ".join(codes(mask)) or NONE
    except UnknownStapleError:
        return f"{mask:#06x}"


def receipt_type(number: int) -> str:
    """A receipt's type in the reader's language."""
    return say(TYPES[ReceiptType(number)]) if number in ReceiptType._value2member_map_ else f"? {number}"
