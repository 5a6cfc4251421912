# SPDX-License-Identifier: Apache-2.0
"""Extracts of invented families, as many as are asked for; no NIK, no_kk or name of one is another's."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl

from ssn_card.personalization.intake.source import COLUMNS
from ssn_card.programme import load_regions

FIRST = ("Rahmah", "Wati", "Herman", "Nur", "Hendra", "Dewi", "Aminah", "Noor", "Budi", "Siti", "Slamet", "Udin")
LAST = ("Pratama", "Lambang", "Saputra", "Aisyah", "Mansyur", "Ngau", "Nugroho", "Effendi", "Pongoh", "Siregar")


def families(count: int, start: int = 0) -> Iterator[tuple[str, ...]]:
    """Rows in the order of :data:`COLUMNS`; the same number is always the same family."""
    regions = list(load_regions())
    for number in range(start, start + count):
        region = regions[number % len(regions)]
        born = dt.date(1940, 1, 1) + dt.timedelta(days=number * 37 % 22_000)
        woman = number % 3 > 0
        day = born.day + 40 * woman
        place = region.code.replace(".", "")
        serial = number % 8_999 + 1_000
        nik = f"{place}{day:02}{born.month:02}{born.year % 100:02}{serial:04}"
        issued = dt.date(2005, 1, 1) + dt.timedelta(days=number // 8_999)
        no_kk = f"{place}{issued:%d%m%y}{serial:04}"
        name = f"{FIRST[number % 12]} {LAST[number // 12 % 10]} {_letters(number)}"
        kelurahan = region.kelurahan[number % len(region.kelurahan)]
        yield (nik, no_kk, name, born.isoformat(), "P" if woman else "L", region.code, region.kecamatan, kelurahan,
               str(number % 5 + 1), f"PD-{number // 8 % 900 + 1:03}")  # fmt: skip


def _letters(number: int) -> str:
    word = ""
    while number or not word:
        number, place = divmod(number, 20)
        word += "abdefghijklmnoprstuw"[place]
    return word.capitalize()


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """With our header."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue()


def write_workbook(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = COLUMNS) -> Path:
    """A sheet of text cells, whatever they begin with."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate((header, *rows), start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    return path
