# SPDX-License-Identifier: Apache-2.0
"""Letters that carry a card to its holder: the address in the envelope's window, all else inside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ssn_card.paper import Press
from ssn_card.programme import Shops, load_shops

from .design import CardDesign
from .faces import printable_name
from .holders import CardHolder
from .numbers import in_fours

#: What may be seen of the sheet through the window, and what always is, in millimetres from its upper left corner:
#: left, top, right, bottom. The address lies in the second; nothing else in the first.
SEEN: Final = (10.0, 45.0, 110.0, 95.0)
ALWAYS_SEEN: Final = (20.0, 50.0, 100.0, 90.0)
#: The card's place: left, top, right, bottom, between the folds at 105 and 210 mm.
GLUED: Final = (104.4, 107.0, 190.0, 160.98)
_TEMPLATE: Final = Path(__file__).with_name("carrier.typ")


def carrier_letters(
    holders: Iterable[CardHolder], design: CardDesign, made: datetime, shops: Shops | None = None
) -> bytes:
    """The letters, in the order given, each on a sheet of its own; a kecamatan of many shops takes a second page.

    Raises ``NameNotPrintable``, ``PaperNotSet``, ``ProgrammeDataError``.
    """
    told = [_letter(holder) for holder in holders]
    known = shops or load_shops()
    data = {
        "letters": told,
        "shops": {kode: _shops(known, kode) for kode in {letter["kode"] for letter in told}},
        "name": design.card.name,
        "city": design.card.city,
        **design.letter.model_dump(mode="json"),
    }
    return Press(_TEMPLATE, made, root=_TEMPLATE.parent).pdf(data, tagged=False)


def _letter(holder: CardHolder) -> dict[str, Any]:
    return {
        "name": printable_name(holder),
        "number": in_fours(holder.number),
        "serial": in_fours(holder.serial),
        "kode": holder.kode_kecamatan,
        "kecamatan": holder.kecamatan,
        "kelurahan": holder.kelurahan,
        "companion": holder.companion,
    }


def _shops(shops: Shops, kode: str) -> list[dict[str, str]]:
    """Those of a kecamatan, by kelurahan."""
    here = sorted((shop for shop in shops if shop.region_code == kode), key=lambda shop: (shop.kelurahan, shop.name))
    return [
        {
            "name": shop.name,
            "kelurahan": shop.kelurahan,
            "opens": f"{shop.opens:%H.%M}",
            "closes": f"{shop.closes:%H.%M}",
        }
        for shop in here
    ]
