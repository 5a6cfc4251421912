# SPDX-License-Identifier: Apache-2.0
"""Binary-coded decimal dates and numbers, as they stand on the card. Years are 2000 to 2079."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from .errors import Text

LAST_YEAR = 2079  #: the card compares months as signed shorts, so the first nibble stays below 8

DATE = 3  #: bytes of a date
TIMESTAMP = 6  #: bytes of a timestamp

_SIXTIETHS = frozenset(int(f"{value}", 16) for value in range(60))  #: minutes and seconds as BCD bytes
_HOURS = frozenset(int(f"{value}", 16) for value in range(24))


class BcdError(ValueError):
    """Bytes that are no BCD number, or no possible date. ``text`` says why."""

    def __init__(self, en: str, id: str) -> None:
        super().__init__(en)
        self.text = Text(en, id)


def encode_digits(digits: str, size: int) -> bytes:
    """``digits`` right-aligned in ``size`` bytes. Raises :class:`BcdError`."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 2 * size:
        raise BcdError(f"expected at most {2 * size} digits", f"paling banyak {2 * size} digit")
    return bytes.fromhex(digits.rjust(2 * size, "0"))


def decode_digits(data: bytes) -> str:
    """The decimal digits of ``data``. Raises :class:`BcdError` on a nibble above 9."""
    digits = data.hex()
    if not digits.isdigit():
        raise BcdError("a nibble is not a decimal digit", "ada nibel yang bukan digit desimal")
    return digits


def from_date(moment: dt.date) -> bytes:
    """YYMMDD, 3 bytes."""
    if not 2000 <= moment.year <= LAST_YEAR:
        raise _bad_year(moment.year)
    return bytes.fromhex(moment.strftime("%y%m%d"))


def _bad_year(year: int) -> BcdError:
    return BcdError(
        f"year must be 2000 to {LAST_YEAR}, got {year}", f"tahun harus 2000 sampai {LAST_YEAR}, bukan {year}"
    )


def _digits(data: bytes, size: int) -> str:
    if len(data) != size:
        raise BcdError(f"expected {size} bytes, got {len(data)}", f"harus {size} bita, diterima {len(data)}")
    return decode_digits(data)


def to_date(data: bytes) -> dt.date:
    """The date in 3 bytes YYMMDD. Raises :class:`BcdError`."""
    digits = _digits(data, DATE)
    year = 2000 + int(digits[0:2])
    try:
        day = dt.date(year, int(digits[2:4]), int(digits[4:]))
    except ValueError as error:
        raise BcdError(f"{digits} is not a possible date", f"{digits} bukan tanggal yang mungkin") from error
    if year > LAST_YEAR:
        raise _bad_year(year)
    return day


def from_timestamp(moment: dt.datetime) -> bytes:
    """YYMMDDhhmmss, 6 bytes. The card keeps local time: a moment with a zone is refused, not read as if without."""
    if moment.tzinfo is not None:
        raise BcdError(
            "a time with a zone; give local time (WITA) without one",
            "waktu dengan zona; berikan waktu setempat (WITA) tanpa zona",
        )
    return from_date(moment) + bytes.fromhex(moment.strftime("%H%M%S"))


def to_timestamp(data: bytes) -> dt.datetime:
    """The moment in 6 bytes YYMMDDhhmmss. Raises :class:`BcdError`."""
    digits = _digits(data, TIMESTAMP)
    day = to_date(data[:DATE])
    try:
        return dt.datetime(day.year, day.month, day.day, int(digits[6:8]), int(digits[8:10]), int(digits[10:]))
    except ValueError as error:
        raise BcdError(f"{digits} is not a possible time", f"{digits} bukan waktu yang mungkin") from error


def is_timestamp(data: bytes) -> bool:
    """Whether 6 bytes are a possible moment, without making it; for those who check millions."""
    return _is_date(data[:DATE]) and data[3] in _HOURS and data[4] in _SIXTIETHS and data[5] in _SIXTIETHS


@lru_cache(1 << 12)
def _is_date(data: bytes) -> bool:
    try:
        to_date(data)
    except BcdError:
        return False
    return True
