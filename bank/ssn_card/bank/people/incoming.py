# SPDX-License-Identifier: Apache-2.0
"""What an import brings, row by row, and what becomes of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ssn_card.protocol.errors import Text

from ..store.tables.people import RowVerdict


@dataclass(frozen=True, slots=True)
class IncomingPerson:
    """A row that was judged and found sound; ``repr`` shows nothing that names anybody."""

    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    name: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    gender: Literal["L", "P"] = field(repr=False)
    decile: int | None = field(repr=False)
    kode_kecamatan: str  #: Kemendagri, with dots
    kelurahan: int = field(repr=False)  #: 1-based place in the kecamatan's list
    companion: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowReason:
    """Why a row was not simply taken. No data of anybody."""

    code: str
    field: str  #: column; empty where it is about the row as a whole
    text: Text


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """A line of a file: a person, or the reason why it is none."""

    line: int
    cells: Sequence[str] = field(repr=False)  #: as they stand in the file, for the exceptions workbook
    found: IncomingPerson | RowReason
    of: tuple[int, int] | None = None  #: import and line of an extract that this row is to correct


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a line."""

    line: int
    verdict: RowVerdict
    reason: RowReason | None = None
    person_id: int | None = None
