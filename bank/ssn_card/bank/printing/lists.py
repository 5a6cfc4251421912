# SPDX-License-Identifier: Apache-2.0
"""Hand-over lists: who is to get which card, in the order in which people walk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from ssn_card.paper import Press
from ssn_card.storage import whole_file

from .design import CardDesign
from .faces import printable_name
from .holders import CardHolder
from .numbers import in_fours, last_four

ROWS_TO_A_PAGE: Final = 15
COLUMNS: Final = ("no", "kecamatan", "kelurahan", "companion", "serial", "card_number_ends")
_TEMPLATE: Final = Path(__file__).with_name("handover.typ")


class ListedBy(StrEnum):
    """What a list is for: each such group begins on a page of its own, and is numbered by itself."""

    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    COMPANION = "companion"  #: of a kelurahan


def handover_lists(
    holders: Iterable[CardHolder], by: ListedBy, design: CardDesign, made: datetime, reference: str
) -> bytes:
    """The lists as PDF, A4 across; ``reference`` stands on each page.

    Raises ``NameNotPrintable``, ``PaperNotSet``.
    """
    data = {
        "lists": list(_lists(holders, by)),
        "rows_to_a_page": ROWS_TO_A_PAGE,
        "name": design.card.name,
        "city": design.card.city,
        "reference": reference,
        "made": f"{made:%Y-%m-%d}",
    }
    return Press(_TEMPLATE, made, root=_TEMPLATE.parent).pdf(data, tagged=False)


def _lists(holders: Iterable[CardHolder], by: ListedBy) -> Iterator[dict[str, Any]]:
    for (_, kelurahan, companion), group in groupby(holders, lambda holder: _group(holder, by)):
        rows = [_row(no, holder) for no, holder in enumerate(group, start=1)]
        yield {
            "kecamatan": rows[0]["kecamatan"],
            "kelurahan": kelurahan,
            "companion": companion,
            "named": by is ListedBy.COMPANION,
            "rows": rows,
            "pages": -(-len(rows) // ROWS_TO_A_PAGE),
        }


def _group(holder: CardHolder, by: ListedBy) -> tuple[str, str | None, str | None]:
    return (
        holder.kode_kecamatan,
        None if by is ListedBy.KECAMATAN else holder.kelurahan,
        holder.companion if by is ListedBy.COMPANION else None,
    )


def _row(no: int, holder: CardHolder) -> dict[str, Any]:
    return {
        "no": no,
        "name": printable_name(holder),
        "last_four": last_four(holder.number),
        "serial": in_fours(holder.serial),
        "kecamatan": holder.kecamatan,
        "kelurahan": holder.kelurahan,
        "companion": holder.companion,
    }


def listed(holders: Sequence[CardHolder], *, with_names: bool = False) -> list[dict[str, Any]]:
    """The same in the same order, numbered through, for other programs; :data:`COLUMNS`, and names where wanted."""
    rows = []
    for no, holder in enumerate(holders, start=1):
        row: dict[str, Any] = {
            "no": no,
            "kecamatan": holder.kecamatan,
            "kelurahan": holder.kelurahan,
            "companion": holder.companion,
            "serial": holder.serial,
            "card_number_ends": holder.number[-4:].upper(),
        }
        rows.append(row | {"name": holder.name} if with_names else row)
    return rows


def write_listed(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """The rows of :func:`listed` as CSV, mode 0600, whole or not at all; serials in fours, which no spreadsheet rounds.

    Raises ``OSError``.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys() if rows else COLUMNS)
    writer.writeheader()
    writer.writerows(row | {"serial": in_fours(row["serial"], "-")} for row in rows)
    with whole_file(path, mode=0o600) as file:
        file.write(text.getvalue().encode())
