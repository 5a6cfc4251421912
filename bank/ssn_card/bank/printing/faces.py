# SPDX-License-Identifier: Apache-2.0
"""Card faces as PDF: a page is a card's front or back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from ssn_card.identity.names import name_on_card
from ssn_card.paper import Press
from ssn_card.paper.foreign import letters

from .design import CardDesign
from .errors import NameNotPrintable
from .holders import CardHolder
from .numbers import in_fours
from .qr import qr_svg

#: ID-1, ISO/IEC 7810:2019, in millimetres.
WIDTH: Final = 85.60
HEIGHT: Final = 53.98
#: Nothing is printed here on the front: left, top, right, bottom, around the contacts of ISO/IEC 7816-2.
CHIP: Final = (7.5, 16.5, 22.5, 31.5)
BLEED_MAX: Final = 10  #: mm
_TEMPLATE: Final = Path(__file__).with_name("face.typ")


class FaceSide(StrEnum):
    """Which pages there are of a card."""

    BOTH = "both"  #: front, then back
    FRONT = "front"
    BACK = "back"

    @property
    def pages(self) -> int:
        """Of a card."""
        return 2 if self is FaceSide.BOTH else 1


def faces(
    holders: Iterable[CardHolder],
    design: CardDesign,
    made: datetime,
    *,
    side: FaceSide = FaceSide.BOTH,
    bleed: int = 0,
) -> bytes:
    """The faces, in the order given. ``bleed``: millimetres of background beyond each edge; the PDF has a TrimBox.

    Raises :class:`NameNotPrintable`, ``PaperNotSet``.
    """
    cards = [
        {
            "name": printable_name(holder),
            "number": in_fours(holder.number),
            "serial": in_fours(holder.serial),
            "qr": qr_svg(holder.number),
        }
        for holder in holders
    ]
    look = design.card.model_dump(mode="json")
    press = Press(_TEMPLATE, made, root=_TEMPLATE.parent)
    return press.pdf({"cards": cards, "design": look, "side": side, "bleed": bleed}, tagged=False)


def printable_name(holder: CardHolder) -> str:
    """The name as the chip has it. Raises :class:`NameNotPrintable`: no face has a box, or a number, for a letter."""
    name = name_on_card(holder.name)
    for letter in name:
        if letters(letter) != letter or not letter.isprintable():
            raise NameNotPrintable(holder.serial, f"U+{ord(letter):04X}")
    return name
