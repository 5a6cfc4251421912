# SPDX-License-Identifier: Apache-2.0
"""Lines of an import that were rejected or held, until they are corrected: each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.errors import Text

from ..sealing import FieldSealer
from ..store.tables.people import ImportLineRow, RowVerdict
from .incoming import RowReason
from .taking import line_place

_TAG = b"SSN exceptions row\x00"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that waits to be corrected; ``repr`` shows none of its cells."""

    import_id: int
    line: int
    verdict: RowVerdict
    reason: RowReason
    cells: tuple[str, ...] = field(repr=False)
    root: tuple[int, int]  #: the line of the extract that it goes back to; itself if it is one


def open_lines(session: Session, sealer: FieldSealer, import_id: int) -> Iterator[OpenLine]:
    """Those of an import, in order. Raises ``BankStoreDamaged``."""
    correction = aliased(ImportLineRow)
    wanted = (
        select(ImportLineRow)
        .outerjoin(
            correction,
            and_(
                correction.corrects_import == func.coalesce(ImportLineRow.of_import, ImportLineRow.import_id),
                correction.corrects_line == func.coalesce(ImportLineRow.of_line, ImportLineRow.line),
            ),
        )
        .where(
            ImportLineRow.import_id == import_id,
            ImportLineRow.verdict.in_([RowVerdict.REJECTED, RowVerdict.HELD]),
            correction.line.is_(None) | (correction.import_id == ImportLineRow.import_id),
        )
        .order_by(ImportLineRow.line)
    )
    for row in session.scalars(wanted):
        yield _opened(row, sealer)


def line_of(session: Session, sealer: FieldSealer, import_id: int, line: int) -> OpenLine | None:
    """One line, if it was rejected or held. Raises ``BankStoreDamaged``."""
    row = session.get(ImportLineRow, (import_id, line))
    return None if row is None or row.sealed is None else _opened(row, sealer)


def is_corrected(session: Session, root: tuple[int, int]) -> bool:
    """Whether a line of an extract has been corrected."""
    found = select(ImportLineRow.line).where(
        ImportLineRow.corrects_import == root[0], ImportLineRow.corrects_line == root[1]
    )
    return session.scalar(found) is not None


def row_tag(import_id: int, line: int, secret: SecretKey) -> str:
    """By which a row of a workbook is known to be ours: 16 hexadecimal digits that nobody else can make."""
    return secret.mac8(_TAG + f"{import_id}:{line}".encode()).hex()


def tag_fits(tag: str, import_id: int, line: int, secret: SecretKey) -> bool:
    """Whether a row's tag is that of its import and line; in constant time."""
    return macs_equal(tag.encode(), row_tag(import_id, line, secret).encode())


def _opened(row: ImportLineRow, sealer: FieldSealer) -> OpenLine:
    cells = sealer.opened(row.sealed or b"", line_place(row.import_id, row.line))["cells"]
    root = (row.import_id, row.line) if row.of_import is None or row.of_line is None else (row.of_import, row.of_line)
    reason = RowReason(row.code or "", row.field or "", Text(row.reason_en or "", row.reason_id or ""))
    return OpenLine(row.import_id, row.line, RowVerdict(row.verdict), reason, tuple(cells), root)
