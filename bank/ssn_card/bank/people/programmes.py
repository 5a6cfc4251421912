# SPDX-License-Identifier: Apache-2.0
"""Lists of other programmes (PKH, KKS): kept as keyed hashes of NIK and no_kk, for imports to be compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from ssn_card.protocol.errors import Text

from .. import known
from ..roles import BankRole
from ..sheets.cells import FileTable, TableRow, is_total, plain, shown
from ..sheets.errors import TableHeaderMissing
from ..sheets.header import FAMILY_NAMES, NIK_NAMES
from ..sheets.opening import open_table
from ..store.tables.people import FamilyRow, OtherProgrammeRow, PersonRow
from ..store.work import StoreWork
from .errors import ProgrammeListUnusable
from .imports import OTHER_PROGRAMME, begin_import, earlier_import, end_import
from .surroundings import asked

_CHUNK: Final = 1_000
_LENGTH: Final = 16
_NAMES: Final = {"nik": NIK_NAMES, "no_kk": FAMILY_NAMES}


@dataclass
class ListAdded:
    """What became of a list. No personal data."""

    import_id: int
    already: bool = False  #: the file was taken in before, and nothing was done now
    rows: int = 0
    added: int = 0  #: persons and families that were not on the list before
    unusable: list[int] = field(default_factory=list)  #: rows without a whole number, or with one that was rounded
    told: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OtherProgramme:
    """A programme's list in the store."""

    name: str
    entries: int
    persons: int  #: of the store who are on it, by their own number or their family's


def add_list(work: StoreWork, path: Path, name: str) -> ListAdded:
    """Take a list in: CSV or XLSX with a column of NIK, of no_kk, or both. The same file again does nothing.

    Raises ``NotAllowed``, ``TableFileError``, :class:`ProgrammeListUnusable`.
    """
    work.require(BankRole.OPERATOR)
    table = open_table(path, lambda cells: len({_column(cell) for cell in cells} - {None}) and 2)
    places = {column: index for index, header in enumerate(table.header) if (column := _column(header))}
    if not places:
        raise TableHeaderMissing(path.name, Text("no column NIK or no_kk", "tidak ada kolom NIK atau no_kk"))
    if (earlier := earlier_import(work.session, OTHER_PROGRAMME, table.sha256, name)) is not None:
        return ListAdded(earlier.id, already=True)
    row = begin_import(work, OTHER_PROGRAMME, table.sha256, name, path.name)
    result = ListAdded(row.id, told=[one.text for one in table.told])
    keys = _keys(work, table, places, result)
    while chunk := set(islice(keys, _CHUNK)):
        result.added += _add(work, row.id, name, chunk)
    if len(result.unusable) == result.rows:
        raise ProgrammeListUnusable(path.name)
    end_import(work, row, {"rows": result.rows, "added": result.added, "unusable": len(result.unusable)})
    return result


def other_programmes(session: Session) -> list[OtherProgramme]:
    """All lists, by name."""
    on_list = or_(PersonRow.key == OtherProgrammeRow.key, FamilyRow.key == OtherProgrammeRow.key)
    persons = dict(
        session.execute(
            select(OtherProgrammeRow.programme, func.count(func.distinct(PersonRow.id)))
            .select_from(PersonRow)
            .join(FamilyRow, FamilyRow.id == PersonRow.family_id)
            .join(OtherProgrammeRow, on_list)
            .group_by(OtherProgrammeRow.programme)
        ).all()
    )
    counted = select(OtherProgrammeRow.programme, func.count()).group_by(OtherProgrammeRow.programme)
    return [OtherProgramme(name, entries, persons.get(name, 0)) for name, entries in sorted(session.execute(counted))]


def _column(header: str) -> str | None:
    return next((column for column, names in _NAMES.items() if plain(header) in names), None)


def _keys(work: StoreWork, table: FileTable, places: dict[str, int], result: ListAdded) -> Iterator[bytes]:
    made = {"nik": known.person_key, "no_kk": known.family_key}
    for row in table.rows():
        numbers = {column: _number(row, index) for column, index in places.items()}
        if not any(numbers.values()):
            if is_total(row) or all(number is None for number in numbers.values()):
                continue
            result.rows += 1
            result.unusable.append(row.number)
            continue
        result.rows += 1
        for column, number in numbers.items():
            if number:
                yield made[column](number, work.secret)


def _number(row: TableRow, index: int) -> str | None:
    """16 digits; ``""`` where there is something else, ``None`` where there is nothing like a number."""
    cell: Any = row.cells[index] if index < len(row.cells) else ""
    text = shown(cell).strip().removeprefix("'")
    if isinstance(cell, str) and len(text) == _LENGTH and text.isascii() and text.isdecimal():
        return text
    return "" if any(letter.isdigit() for letter in text) else None


def _add(work: StoreWork, import_id: int, name: str, keys: set[bytes]) -> int:
    rows = asked(
        work.session, (OtherProgrammeRow.key,), OtherProgrammeRow.key, keys, OtherProgrammeRow.programme == name
    )
    new = keys - {row.key for row in rows}
    if new:
        values = [{"programme": name, "key": key, "import_id": import_id} for key in sorted(new)]
        work.session.execute(insert(OtherProgrammeRow), values)
    return len(new)
