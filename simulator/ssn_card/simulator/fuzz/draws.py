# SPDX-License-Identifier: Apache-2.0
"""Draws single values and edits from the edges of what the layouts allow, and from beyond."""

from __future__ import annotations

import random

from ssn_card.protocol.groups import DGI_CARD_DATA, DGI_IDENTITY, DGI_KEYS, DGI_PIN
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Field, Kind
from ssn_card.protocol.layouts import (
    CARD_DATA,
    ENTITLEMENT,
    IDENTITY_FIXED,
    MAX_IDENTITY,
    MOVEMENT,
    PIN_BLOCK,
    WRAPPED_KEY,
)

from .steps import Change, Edit

_AMOUNTS = (
    "$balance",
    "$room",
    "$debit_max",
    "$monthly_limit",
    "$override_max",
    "$pin_above",
    "$newest.amount",
    "$loaded_total",
    "$expired_total",
)
_NUMBERS = ("00", "01", "02", "7f", "80", "ff", "7fff", "8000", "ffff", "7fffffff", "80000000", "ffffffff", "00010000")
_OCTETS = (
    "$last_mac",
    "$serial",
    "$challenge",
    "$pin",
    "$newest.basket_digest",
    "2412345fffffffff",
    "ff" * 8,
    "00" * 8,
)
#: Pairs of digits at the edges of dates and times, and what is no number.
_DIGITS = ("00", "01", "02", "10", "11", "12", "13", "1a", "23", "24", "25", "28", "29", "30", "31", "32", "59", "60",
           "79", "80", "99", "a0", "ff")  # fmt: skip
#: Around the moment, the month and the last day when the cards may be debited.
_MOMENTS = ("251003100000", "251003100000", "251031235959", "251101000000", "251231235959", "260101000000")
#: Interindustry and proprietary, chained, on other logical channels, with each kind of secure messaging, invalid.
_CLASSES = (0x00, 0x01, 0x03, 0x04, 0x0C, 0x10, 0x40, 0x44, 0x60, 0x80, 0x81, 0x83, 0x84, 0x8C, 0x90, 0xA0, 0xC0, 0xFF)
_SIGNERS = (KeyLabel.DEBIT, KeyLabel.RECEIPT, KeyLabel.UPDATE, KeyLabel.OVERRIDE)
#: Numbers of receipts around the ends of the log.
_RECEIPTS = (
    "$seq",
    "$seq+1",
    "$seq-29",
    "$seq-30",
    "$seq-30",
    "$seq-31",
    "$seq-32",
    "00",
    "01",
    "ffffffff",
    "$seq+256",
)
#: What the card has now of a field: of the newest movement, or of the entitlement.
_NAMED = {field.name: f"$newest.{field.name}" for field in MOVEMENT.fields} | {
    field.name: f"${field.name}" for field in ENTITLEMENT.fields
}


class Draws:
    """Draws from one source of random numbers, so that a seed is a run."""

    def __init__(self, random_: random.Random) -> None:
        self.random = random_

    def value(self, field: Field) -> str:
        """A value at some edge of a field's kind."""
        r = self.random
        if field.kind in (Kind.TIMESTAMP, Kind.DATE, Kind.MONTH):
            moment = r.choice(_MOMENTS)
            digits = [moment[at : at + 2] for at in range(0, 2 * field.size, 2)]
            for _ in range(r.choice((0, 1, 1, 2))):
                digits[r.randrange(len(digits))] = r.choice(_DIGITS)
            return "".join(digits)
        if field.kind is Kind.BYTES:
            return r.choice((*_OCTETS, r.randbytes(field.size).hex()))
        if field.name == "seq" and r.random() < 0.8:
            return self.number()
        if field.unit and r.random() < 0.6:
            return r.choice(_AMOUNTS) + r.choice(("", "+1", "-1", "+1000", "-1000"))
        if r.random() < 0.3:
            return _NAMED.get(field.name, "$seq") + r.choice(("", "+1", "-1"))
        return r.choice((*_NUMBERS, r.randbytes(field.size).hex()))

    def number(self) -> str:
        """The number of a receipt that the card has, had or has not made yet."""
        return self.random.choice(_RECEIPTS)

    def changes(self, chance: float) -> tuple[Change, ...]:
        """Edits of bytes, with this probability."""
        if self.random.random() >= chance:
            return ()
        return tuple(self.change() for _ in range(self.random.choice((1, 1, 1, 2))))

    def change(self) -> Change:
        """An edit somewhere: the header, the length, the contents or the end."""
        r = self.random
        at = r.choice((r.randrange(5), r.randrange(5), 4, r.randrange(80), -1 - r.randrange(10)))
        edit = r.choice((Edit.XOR, Edit.XOR, Edit.SET, Edit.CUT, Edit.ADD))
        if edit is Edit.CUT:
            return Change(edit, at)
        data = f"{1 << r.randrange(8):02x}" if edit is Edit.XOR else r.randbytes(r.choice((1, 1, 2, 4, 16, 60))).hex()
        return Change(edit, at, data)

    def group(self) -> str:
        """A data group that is none of ours, or is one in the wrong size."""
        r = self.random
        dgi, least, most = r.choice(
            (
                (DGI_CARD_DATA, CARD_DATA.size, CARD_DATA.size),
                (DGI_IDENTITY, IDENTITY_FIXED.size + 1, MAX_IDENTITY),
                (DGI_PIN, PIN_BLOCK.size, PIN_BLOCK.size),
                (DGI_KEYS + r.randrange(20), WRAPPED_KEY.size, WRAPPED_KEY.size),
                (r.randrange(1 << 16), 0, 100),
            )
        )
        data = bytearray(r.randbytes(r.choice((least, most, most + 1, max(least - 1, 0), 0, 100))))
        if dgi == DGI_IDENTITY and len(data) > IDENTITY_FIXED.size:
            # Says of its name what is true, however long that is.
            data[IDENTITY_FIXED.offset("name_length")] = len(data) - IDENTITY_FIXED.size
        return f"{dgi:04x}:{data.hex()}"

    def cla(self) -> int:
        """A class byte."""
        return self.random.choice((*_CLASSES, self.random.randrange(256)))

    def signer(self) -> str:
        """Who signs instead of the right key: see :class:`Step`."""
        return str(self.random.choice(_SIGNERS)) + self.random.choice(("", "+"))
