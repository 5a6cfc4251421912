# SPDX-License-Identifier: Apache-2.0
"""What only a file as a whole can show: rounded columns, families that are persons, rows that repeat each other.

Gathered while the rows are judged, the rejected ones too, because rejected rows are often what such a fault looks like.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .rounding import Endings

TWICE_MIN = 8  #: rows called "twice" from which more of them than accepted ones are no accident

_ROUNDED = Text(
    "a spreadsheet has probably rounded the last digit away. Do not issue from this file.",
    "angka terakhir mungkin dibulatkan lembar kerja. Jangan terbitkan dari berkas ini.",
)
_EVERY = Text("every {column} ends in 0", "semua {column} berakhiran 0")
_MANY = Text(
    "{zeros} of {numbers} {column} end in 0, where chance gives one in ten",
    "{zeros} dari {numbers} {column} berakhiran 0, padahal wajarnya satu dari sepuluh",
)
_SECTION = Text(
    "on lines {first} to {last} nearly every {column} ends in 0",
    "pada baris {first} sampai {last} hampir semua {column} berakhiran 0",
)
_CALLED_TWICE = Text(
    " {rows} families were called 'twice', probably only because of it.",
    " {rows} keluarga dianggap ganda, mungkin hanya karena itu.",
)
_FAMILIES_ARE_PERSONS = Text(
    "{rows} no_kk are NIK of this file: the column holds persons, not families, and one card a family cannot be kept.",
    "{rows} no_kk adalah NIK dalam berkas ini: kolom berisi orang, bukan keluarga, sehingga satu kartu untuk satu "
    "keluarga tidak dapat dijaga.",
)
_MANY_TWICE = Text(
    "{rows} rows repeat an earlier {column}: the column is damaged, or the file lists every member of a family.",
    "{rows} baris mengulang {column} sebelumnya: kolom mungkin rusak, atau berkas memuat semua anggota keluarga.",
)


class Findings:
    """Filled by :func:`.rows.judge`, row by row. Holds private data; ``repr`` shows none."""

    def __init__(self) -> None:
        self._nik = Endings()
        self._kk = Endings()
        self._persons: set[str] = set()
        self._families: set[str] = set()

    def nik(self, line: int, digits: str) -> None:
        """A well-formed NIK, whatever becomes of its row."""
        self._nik.add(line, digits)
        self._persons.add(digits)

    def no_kk(self, line: int, digits: str) -> None:
        """A well-formed no_kk, whatever becomes of its row."""
        self._kk.add(line, digits)
        self._families.add(digits)

    def warnings(self, accepted: int, nik_twice: int, family_twice: int) -> tuple[Text, ...]:
        """Findings about the file; counts are of rows by verdict."""
        rounded = {column: _rounded(column, ends) for column, ends in (("nik", self._nik), ("no_kk", self._kk))}
        if (damaged := rounded["no_kk"]) is not None and family_twice:
            rounded["no_kk"] = _joined(damaged, _CALLED_TWICE.filled(rows=family_twice))
        found = [text for text in rounded.values() if text is not None]
        if persons := len(self._persons & self._families):
            found.append(_FAMILIES_ARE_PERSONS.filled(rows=persons))
        found += [
            _MANY_TWICE.filled(rows=rows, column=column)
            for column, rows in (("nik", nik_twice), ("no_kk", family_twice))
            if rounded[column] is None and rows >= max(TWICE_MIN, accepted)
        ]
        return tuple(found)


def _rounded(column: str, endings: Endings) -> Text | None:
    values = {"column": column, "zeros": endings.zeros, "numbers": endings.numbers}
    if endings.rounded:
        what = (_EVERY if endings.zeros == endings.numbers else _MANY).filled(**values)
    elif section := endings.rounded_section:
        what = _SECTION.filled(**values, first=section[0], last=section[1])
    else:
        return None
    return _joined(what, Text(": ", ": "), _ROUNDED)


def _joined(*parts: Text) -> Text:
    return Text("".join(part.en for part in parts), "".join(part.id for part in parts))
