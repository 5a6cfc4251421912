# SPDX-License-Identifier: Apache-2.0
"""Card numbers and serials as people read them."""

from __future__ import annotations

from typing import Final

_GROUP: Final = 4  #: digits


def in_fours(digits: str, between: str = " ") -> str:
    """``"0001 0000 0000 002A"``; with ``"-"`` no spreadsheet takes it for a number."""
    return between.join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)).upper()


def last_four(digits: str) -> str:
    """What of a card number stands on lists: enough to tell two cards apart, too little to copy one."""
    return f"… {digits[-_GROUP:].upper()}"
