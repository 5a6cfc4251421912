# SPDX-License-Identifier: Apache-2.0
"""BCD formats, enumerations, versioning."""

from __future__ import annotations

import datetime as dt
from enum import IntEnum, IntFlag

from ... import bcd, values
from ..markdown import code, hex_of, prose, table


def _enumeration(name: str, members: type[IntEnum] | type[IntFlag]) -> str:
    rows = [(f"{int(member):02X}", member.name) for member in members if member.name]
    return f"{name}:\n\n" + table(("value", "name"), rows)


def formats() -> str:
    """The chapter on formats."""
    moment = dt.datetime(2026, 1, 7, 10, 15, 30)
    return "\n\n".join(
        (
            "## Formats",
            table(
                ("format", "bytes", "example"),
                (
                    (
                        "timestamp, YYMMDDhhmmss",
                        6,
                        f"{moment:%Y-%m-%d %H:%M:%S} = {code(hex_of(bcd.from_timestamp(moment)))}",
                    ),
                    ("date, YYMMDD", 3, f"{moment:%Y-%m-%d} = {code(hex_of(bcd.from_date(moment)))}"),
                    (
                        "month, YYMM",
                        2,
                        f"{moment:%Y-%m} = {code(hex_of(bcd.from_date(moment)[:2]))}; {code('0000')} is none",
                    ),
                    (
                        "digits",
                        "as stated",
                        f"right-aligned, leading zeros: 4711 in 4 bytes = {code(hex_of(bcd.encode_digits('4711', 4)))}",
                    ),
                ),
            ),
            prose(
                f"""
                BCD, one decimal digit a nibble. Years are 2000 to {bcd.LAST_YEAR}; times are the local time of the
                programme (WITA, UTC+8, no summer time), without a zone and without leap seconds. The card refuses what
                is no possible moment: 29 February passes in the years that four divides.
                """
            ),
            _enumeration("State class (SELECT)", values.StateClass),
            _enumeration("Life state", values.LifeState),
            _enumeration("Receipt type", values.ReceiptType),
            _enumeration("PIN state in receipts of movements", values.PinState),
            _enumeration("Key selection", values.KeySelection),
        )
    )


def versioning() -> str:
    """The chapter on versions."""
    return "## Versions\n\n" + prose(
        f"""
        - Protocol version {values.PROTOCOL_VERSION}, behind the serial in the SELECT answer: grows with any change
          that a terminal of the version before could misread. A terminal refuses a version that it does not know. New
          instructions that leave the others alone do not change it: an older card answers 6D00.
        - Receipt layout version {values.RECEIPT_LAYOUT_VERSION}, in every receipt: a verifier keeps every version it
          ever knew, for receipts outlive cards.
        - Key versions: in the SELECT answer (DEBIT, RECEIPT, UPDATE, OVERRIDE) and, for RECEIPT, in every receipt.
        - `reserved` bytes are zero when sent and are part of what is MAC'd.
        """
    )
