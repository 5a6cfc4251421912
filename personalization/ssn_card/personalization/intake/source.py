# SPDX-License-Identifier: Apache-2.0
"""What the judge of rows reads: lines with the columns of an extract, whatever file they came out of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .reasons import Rule

COLUMNS = (
    "nik",
    "no_kk",
    "nama",
    "tanggal_lahir",
    "jenis_kelamin",
    "kode_kecamatan",
    "kecamatan",
    "kelurahan",
    "desil",
    "pendamping",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the header: its number and its fields, in the source's order of columns."""

    number: int
    fields: tuple[str, ...]
    torn: int = 0  #: how many fields there are, where that is not as many as columns; 0: all are there
    faults: Mapping[str, Rule] = field(default_factory=dict)  #: by column: its cell does not hold what it shows

    def __repr__(self) -> str:
        return f"<Line {self.number}, {len(self.fields)} fields>"


class LineSource(Protocol):
    """An extract whose structure has been found sound."""

    @property
    def path(self) -> Path:
        """Of the file."""

    @property
    def sha256(self) -> str:
        """Hex, of the whole file; names the batch in a journal."""

    @property
    def columns(self) -> tuple[str, ...]:
        """:data:`COLUMNS` in the order of each line's fields."""

    @property
    def width(self) -> int:
        """How many fields a line of the file has."""

    @property
    def line_count(self) -> int:
        """Lines below the header."""

    def lines(self) -> Iterator[Line]:
        """All of them, in order."""
