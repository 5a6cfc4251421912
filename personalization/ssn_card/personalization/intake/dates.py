# SPDX-License-Identifier: Apache-2.0
"""Dates as registries write them, and which of two ways a file writes them in: the NIK beside each date knows the day.

A format is written with ``YYYY``, ``MM``, ``DD`` and ``MMM``, the name of the month in Indonesian or English. A year of
two digits is no format: its century would be a guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Final

ISO: Final = "YYYY-MM-DD"
FORMATS: Final = (
    ISO,
    "DD/MM/YYYY",
    "DD-MM-YYYY",
    "DD.MM.YYYY",
    "MM/DD/YYYY",
    "MM-DD-YYYY",
    "YYYY/MM/DD",
    "YYYYMMDD",
    "DD MMM YYYY",
    "DD-MMM-YYYY",
)
SERIAL_MAX: Final = 80_000  #: days since 1900 that a number in a column of dates may be: to the year 2119

_EPOCH: Final = dt.date(1899, 12, 30)  #: of spreadsheets, which count a 29 February 1900
_PARTS: Final = re.compile("YYYY|MMM|MM|DD")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february pebruari", "mar maret march", "apr april", "mei may",
         "jun juni june", "jul juli july", "agu agustus ags aug august", "sep september sept",
         "okt oktober oct october", "nov november nop nopember", "des desember dec december"), start=1)
    for name in names.split()
}  # fmt: skip


def is_format(text: str) -> bool:
    """Whether each of year, month and day stands in it once, and nothing else that is a letter or a digit."""
    parts = sorted(part[0] for part in _PARTS.findall(text))
    return parts == ["D", "M", "Y"] and not re.search("[A-Za-z0-9]", _PARTS.sub("", text))


def parsed(cell: str, form: str) -> dt.date | None:
    """The date that is written so, or ``None``."""
    found = _pattern(form).fullmatch(cell)
    if found is None:
        return None
    name = found.groupdict().get("name")
    month = _MONTHS.get(name.casefold(), 0) if name else int(found["month"])
    try:
        return dt.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def of_serial(days: float) -> dt.date | None:
    """The date of a spreadsheet's day number (1900 date system), or ``None`` where it can be none."""
    return _EPOCH + dt.timedelta(days=int(days)) if 1 <= days <= SERIAL_MAX else None


def guessed(cells: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The formats that a column is written in, the most frequent first; of two that differ in the order of day and
    month alone the one that agrees with more NIK.

    ``cells``: each date with the NIK beside it.
    """
    fits: Counter[str] = Counter()
    agrees: Counter[str] = Counter()
    for cell, nik in cells:
        for form in FORMATS:
            if (day := parsed(cell, form)) is not None:
                fits[form] += 1
                agrees[form] += _born_on(nik, day)
    best: dict[str, str] = {}
    for form in FORMATS:
        shape = form.replace("D", "*").replace("M", "*") if "MMM" not in form else form
        if fits[form] and (shape not in best or agrees[form] > agrees[best[shape]]):
            best[shape] = form
    return tuple(sorted(best.values(), key=lambda form: -fits[form]))


def _born_on(nik: str, day: dt.date) -> bool:
    number = re.sub("[^0-9]", "", nik)
    if len(number) != 16:
        return False
    return (int(number[6:8]) % 40, int(number[8:10])) == (day.day, day.month)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    short = "{2}" if form == "YYYYMMDD" else "{1,2}"
    groups = {
        "YYYY": "(?P<year>[0-9]{4})",
        "MMM": r"(?P<name>[A-Za-z]{3,9})\.?",
        "MM": f"(?P<month>[0-9]{short})",
        "DD": f"(?P<day>[0-9]{short})",
    }
    parts = re.split("(YYYY|MMM|MM|DD)", form)
    return re.compile("".join(groups.get(part, re.escape(part)) for part in parts))
