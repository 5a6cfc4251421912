# SPDX-License-Identifier: Apache-2.0
"""Numbers, money and days as one language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ssn_card.paper.months import month_name
from ssn_card.protocol.errors import Text, numeral, rupiah

_SHORT: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
}
#: From so many rupiah on, and the unit.
_LARGE: Final = (
    (10**12, Text("trillion", "triliun")),
    (10**9, Text("billion", "miliar")),
    (10**6, Text("million", "juta")),
)


@dataclass(frozen=True)
class Speech:
    """``language``: ``en`` or ``id``."""

    language: str

    def say(self, text: Text, /, **values: object) -> str:
        """The text with its places filled; what is a :class:`Text` in its own language."""
        return text.filled(**values).in_language(self.language)

    def number(self, value: int) -> str:
        """``52.000`` or ``52,000``."""
        return numeral(value).in_language(self.language)

    def decimal(self, value: float, digits: int = 1) -> str:
        """``3,5`` or ``3.5``."""
        return numeral(value, digits).in_language(self.language)

    def measure(self, value: float) -> str:
        """A measure of a rule, of whatever size, in three figures or whole."""
        if value == int(value) or abs(value) >= 1000:
            return self.number(round(value))
        digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
        return self.decimal(value, digits)

    def share(self, part: float, whole: float) -> str:
        """``3,5%``; a dash of nothing."""
        return f"{self.decimal(100 * part / whole)}%" if whole else "–"

    def money(self, value: int) -> str:
        """To the rupiah."""
        return rupiah(value)

    def about(self, value: int) -> str:
        """``Rp5,06 miliar``: rounded to three figures, for a title or an axis."""
        for unit, word in _LARGE:
            if abs(value) >= unit:
                scaled = value / unit
                digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
                return f"Rp{self.decimal(scaled, digits)} {word.in_language(self.language)}"
        return rupiah(value)

    def day(self, day: date | None) -> str:
        """``14 Maret 2026``; a dash for none."""
        return "–" if day is None else f"{day.day} {month_name(day, self.language)} {day.year}"

    def month(self, day: date) -> str:
        """``Maret 2026``."""
        return f"{month_name(day, self.language)} {day.year}"

    def short_month(self, day: date) -> str:
        """``Mar``, for an axis."""
        return _SHORT[self.language][day.month - 1]

    def listed(self, words: list[str]) -> str:
        """``a, b and c``."""
        last = {"en": " and ", "id": " dan "}[self.language]
        return last.join([*filter(None, [", ".join(words[:-1])]), *words[-1:]])
