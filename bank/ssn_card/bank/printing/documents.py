# SPDX-License-Identifier: Apache-2.0
"""A job's document, made when it is sent and kept nowhere: the same job makes the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.paper.press import forget
from ssn_card.programme.zone import WITA
from ssn_card.protocol.errors import Text

from ..sealing import FieldSealer
from ..store.tables.cards import CardRow
from ..store.tables.printing import PrintDesignRow, PrintItemRow, PrintJobRow, PrintKind
from .design import CardDesign, stored_design
from .errors import CardNotPrintable
from .faces import FaceSide, faces
from .holders import CardHolder, holders
from .letters import carrier_letters
from .lists import ListedBy, handover_lists

_PAGES: Final = re.compile(rb"/Type/Pages/Count (\d+)")
_MANY: Final = 50  #: pages
_CORRECTED: Final = Text(
    "the person's data were changed without a trace of what was approved",
    "data orang itu berubah tanpa jejak data yang disetujui",
)


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """A PDF."""

    content: bytes = field(repr=False)
    pages: int
    sha256: str
    corrected: int  #: cards of persons whose data were corrected since they were approved: printed as approved


def document(session: Session, sealer: FieldSealer, job: PrintJobRow) -> PaperDocument:
    """The document of a job.

    Raises ``CardNotPrintable``, ``NameNotPrintable``, ``BankStoreDamaged``, ``PaperNotSet``.
    """
    items = select(PrintItemRow.serial).where(PrintItemRow.job_id == job.id)
    found = holders(session, sealer, CardRow.serial.in_(items))
    told = {holder.serial for holder in found}
    for serial in session.scalars(items.order_by(PrintItemRow.place)):
        if serial not in told:
            raise CardNotPrintable(serial, _CORRECTED)
    design = design_of(session, job)
    made = dt.datetime.fromisoformat(job.created_at).astimezone(WITA)
    content = _set(PrintKind(job.kind), found, design, made, json.loads(job.options), str(job.id))
    pages = _pages(content)
    if pages > _MANY:
        forget()
    return PaperDocument(
        content=content,
        pages=pages,
        sha256=hashlib.sha256(content).hexdigest(),
        corrected=sum(holder.corrected for holder in found),
    )


def design_of(session: Session, job: PrintJobRow) -> CardDesign:
    """How it looks."""
    if job.design is None:
        return CardDesign()
    return stored_design(session.get_one(PrintDesignRow, job.design).content)


def _set(
    kind: PrintKind, found: list[CardHolder], design: CardDesign, made: dt.datetime, options: dict[str, Any], job: str
) -> bytes:
    if kind is PrintKind.FACE:
        side = FaceSide(options.get("side", FaceSide.BOTH))
        return faces(found, design, made, side=side, bleed=options.get("bleed", 0))
    if kind is PrintKind.LETTER:
        return carrier_letters(found, design, made)
    return handover_lists(found, ListedBy(options.get("by", ListedBy.COMPANION)), design, made, f"SSN-{job}")


def _pages(content: bytes) -> int:
    """Of a PDF that typst wrote, whose first object is the tree of its pages."""
    found = _PAGES.search(content)
    return int(found[1]) if found else 0
