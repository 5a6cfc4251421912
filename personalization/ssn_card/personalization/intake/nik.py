# SPDX-License-Identifier: Apache-2.0
"""NIK and family card number (no_kk): 16 digits each, checked and kept out of every printout.

NIK: 6 region digits, DDMMYY of birth (day + 40 for women), 4 serial digits. no_kk: 6 region digits, date of issue, 4
serial digits; its date is not judged, registries have filled it in more than one way.

A region is checked for shape only. It names the place that first registered the person, which may lie anywhere in
Indonesia and may have been split or renumbered since; a list of today's regions would refuse real people.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import Literal

from ssn_card.protocol.errors import InputError, Text

LENGTH = 16  #: digits
WOMEN = 40  #: added to the day of birth of women

Gender = Literal["L", "P"]  #: laki-laki, perempuan

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?[eE][+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[0-9]+[.,]0*", re.ASCII)


class NumberFault(Enum):
    """Why a NIK or no_kk was refused. Texts name ``{field}`` and ``{got}``, a count, never the digits themselves."""

    EMPTY = Text("{field} is empty", "{field} kosong")
    SCIENTIFIC = Text(
        "{field} was damaged by a spreadsheet (scientific notation)",
        "{field} rusak oleh lembar kerja (notasi ilmiah)",
    )
    DECIMAL = Text(
        "{field} was damaged by a spreadsheet (decimal point)", "{field} rusak oleh lembar kerja (tanda desimal)"
    )
    NOT_DIGITS = Text("{field} must be digits only", "{field} hanya boleh berisi angka")
    PLACEHOLDER = Text("{field} is a placeholder, no number", "{field} hanya pengisi, bukan nomor")
    LENGTH = Text("{field} must be 16 digits, got {got}", "{field} harus 16 angka, tertulis {got}")
    REGION = Text("{field} begins with an impossible region", "{field} diawali kode wilayah yang mustahil")
    DAY = Text("{field} birth day out of range", "tanggal lahir dalam {field} di luar rentang")
    MONTH = Text("{field} birth month out of range", "bulan lahir dalam {field} di luar rentang")
    DATE = Text("{field} birth date does not exist", "tanggal lahir dalam {field} tidak ada di kalender")
    SERIAL = Text("{field} serial is 0000", "nomor urut {field} adalah 0000")


class NumberError(InputError):
    """A NIK or no_kk that cannot be one; ``fault`` says why. Its text never holds the digits."""

    code = "nik"
    remedy = Text(
        "Ask the registry for the row again, with the column as text.",
        "Mintalah kembali baris itu dari instansi asal, dengan kolom berupa teks.",
    )

    def __init__(self, fault: NumberFault, field: str, **figures: int) -> None:
        super().__init__(fault.value.filled(field=field, **figures))
        self.fault = fault


class Nik:
    """One valid NIK. Immutable and hashable; ``digits`` is the only way to the number, ``str`` and ``repr`` hide it."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        """``digits``: exactly 16 ASCII digits. Raises :class:`NumberError`."""
        _check_digits(digits, "NIK")
        day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
        man_or_woman = day - WOMEN if day > WOMEN else day
        if not 1 <= man_or_woman <= 31:
            raise NumberError(NumberFault.DAY, "NIK")
        if not 1 <= month <= 12:
            raise NumberError(NumberFault.MONTH, "NIK")
        # The century is not in the number, and need not be: a leap year of the last century is one of this too.
        if not _exists(2000 + year, month, man_or_woman):
            raise NumberError(NumberFault.DATE, "NIK")
        if digits.endswith("0000"):
            raise NumberError(NumberFault.SERIAL, "NIK")
        self._digits = digits

    @property
    def digits(self) -> str:
        """The 16 digits. Private data: for the card, the print file and the encrypted register only."""
        return self._digits

    @property
    def region(self) -> str:
        """6 digits of the place that first registered the person."""
        return self._digits[:6]

    @property
    def gender(self) -> Gender:
        """``"P"`` where 40 is added to the day, else ``"L"``."""
        return "P" if int(self._digits[6:8]) > WOMEN else "L"

    @property
    def birth(self) -> tuple[int, int, int]:
        """Day (1-31), month and two-digit year of birth."""
        return int(self._digits[6:8]) % WOMEN, int(self._digits[8:10]), int(self._digits[10:12])

    @property
    def serial(self) -> str:
        """4 digits, never ``"0000"``."""
        return self._digits[12:]

    def born_on(self, day: date) -> bool:
        """Whether the number carries that date of birth."""
        return self.birth == (day.day, day.month, day.year % 100)

    def __eq__(self, other: object) -> bool:
        return self._digits == other._digits if isinstance(other, Nik) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return "<Nik>"


class FamilyNumber:
    """One no_kk (family card number), hidden in the same way as :class:`Nik`."""

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        """``digits``: exactly 16 ASCII digits. Raises :class:`NumberError`."""
        _check_digits(digits, "no_kk")
        self._digits = digits

    @property
    def digits(self) -> str:
        """The 16 digits; private data like a NIK."""
        return self._digits

    def __eq__(self, other: object) -> bool:
        return self._digits == other._digits if isinstance(other, FamilyNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return "<FamilyNumber>"


def _check_digits(digits: str, field: str) -> None:
    if not digits:
        raise NumberError(NumberFault.EMPTY, field)
    if _SCIENTIFIC.fullmatch(digits):
        raise NumberError(NumberFault.SCIENTIFIC, field)
    if _DECIMAL.fullmatch(digits):
        raise NumberError(NumberFault.DECIMAL, field)
    # str.isdigit alone also takes Arabic-Indic and superscript digits.
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError(NumberFault.NOT_DIGITS, field)
    if len(digits) != LENGTH:
        raise NumberError(NumberFault.LENGTH, field, got=len(digits))
    if len(set(digits)) == 1 or digits == "1234567890123456":
        raise NumberError(NumberFault.PLACEHOLDER, field)
    if digits[0] == "0" or digits[2:4] == "00" or digits[4:6] == "00":
        raise NumberError(NumberFault.REGION, field)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
