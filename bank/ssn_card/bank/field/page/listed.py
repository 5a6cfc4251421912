# SPDX-License-Identifier: Apache-2.0
"""Who of the list is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..tablet.visitees import Visitee


@dataclass(frozen=True)
class Filter:
    """What was asked for; what is empty does not matter."""

    query: str = ""
    kelurahan: str = ""
    standing: str = ""

    def shows(self, one: Visitee) -> bool:
        """Whether the person is among those asked for: every word, in the name or the card's number."""
        text = f"{one.person.name} {one.person.number}".casefold()
        digits = self.query.replace(" ", "")
        matches = digits in one.person.number if digits.isdecimal() else all(
            word in text for word in self.query.casefold().split()
        )  # fmt: skip
        return (
            matches
            and self.kelurahan in ("", one.person.kelurahan)
            and self.standing in ("", one.standing.value)
        )  # fmt: skip


def listed(everybody: Iterable[Visitee], wanted: Filter) -> list[Visitee]:
    """Those who are shown, in the order that they stand in."""
    return [one for one in everybody if wanted.shows(one)]
