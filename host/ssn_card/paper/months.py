# SPDX-License-Identifier: Apache-2.0
"""Names of months, as one language writes them."""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTHS: Final = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
}  # fmt: skip


def month_name(day: date, language: str) -> str:
    """``Agustus``; ``language``: ``en`` or ``id``."""
    return _MONTHS[language][day.month - 1]
