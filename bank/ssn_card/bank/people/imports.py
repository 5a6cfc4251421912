# SPDX-License-Identifier: Apache-2.0
"""Files that were taken in: known again by their bytes, with what they held."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..store.tables.people import ImportRow
from ..store.work import StoreWork
from .errors import NoSuchImport

EXTRACT: Final = "extract"
EXCEPTIONS: Final = "exceptions"
OTHER_PROGRAMME: Final = "other-programme"


def earlier_import(session: Session, kind: str, sha256: str, scope: str) -> ImportRow | None:
    """The import of the same bytes for the same purpose, if there was one."""
    return session.scalar(
        select(ImportRow).where(ImportRow.kind == kind, ImportRow.sha256 == sha256, ImportRow.scope == scope)
    )


def begin_import(work: StoreWork, kind: str, sha256: str, scope: str, file: str) -> ImportRow:
    """A row for a file; its control totals follow (:func:`end_import`)."""
    row = ImportRow(kind=kind, sha256=sha256, scope=scope, file=file, at=work.at, actor=work.actor.name, control="{}")
    work.session.add(row)
    work.session.flush()
    return row


def end_import(work: StoreWork, row: ImportRow, control: Mapping[str, Any]) -> None:
    """Keep what was found, and note it in the log. ``control``: no personal data."""
    row.control = json.dumps(control, sort_keys=True, ensure_ascii=False)
    work.note("imported", str(row.id), kind=row.kind, sha256=row.sha256, scope=row.scope, control=dict(control))


def import_of_persons(session: Session, number: int) -> ImportRow:
    """An import of an extract, or of its corrected exceptions. Raises :class:`NoSuchImport`."""
    row = session.get(ImportRow, number)
    if row is None or row.kind not in (EXTRACT, EXCEPTIONS):
        raise NoSuchImport(number)
    return row
