# SPDX-License-Identifier: Apache-2.0
"""The workbook of exceptions: out, corrected as people do, and in again."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.bank.people.conftest import EXAMPLES
from tests.bank.people.extracts import families
from tests.bank.people.test_importing import Take, cells, counted

from ssn_card.bank.people.errors import NoSuchImport
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.intake.exceptions import (
    ExceptionsNotWritten,
    ExceptionsOfAnotherPolicy,
    NoExceptions,
    NothingCorrected,
    import_exceptions,
    is_exceptions,
    write_exceptions,
)
from ssn_card.personalization.intake.exceptions_sheet import HEADER, IDS, MARK
from ssn_card.personalization.intake.importing import ImportReport
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.personalization.intake.nik import NumberFault
from ssn_card.personalization.intake.reasons import RULES, WorkbookFault, cell_rule, number_rule
from ssn_card.personalization.intake.remedies import _ASK, remedy_of
from ssn_card.personalization.intake.source import COLUMNS
from ssn_card.programme import Policy, load_policies

DIRTY = EXAMPLES / "beneficiaries-dirty.csv"
Back = Callable[[Path], ImportReport]


@pytest.fixture
def book(bank: Bank, operator: SignedIn, take: Take, tmp_path: Path) -> Path:
    """The exceptions of the dirty extract."""
    report = take(DIRTY)
    path = tmp_path / "exceptions.xlsx"
    assert write_exceptions(bank, operator, report.import_id, path) == 12
    return path


@pytest.fixture
def back(bank: Bank, operator: SignedIn, policy: Policy) -> Back:
    return lambda path: import_exceptions(bank, operator, MappedTable(path), policy)


def edited(path: Path, change: Callable[[dict[str, dict[str, Any]]], None]) -> Path:
    """A copy in which ``change`` has worked on the rows: by line, cells by header."""
    opened = openpyxl.load_workbook(path)
    sheet = opened.active
    assert sheet is not None
    rows = {}
    for row in sheet.iter_rows(min_row=3):
        named = dict(zip(HEADER, row, strict=True))
        rows[str(named["baris / line"].value)] = named
    change(rows)
    out = path.with_name(f"{path.stem}-edited.xlsx")
    opened.save(out)
    return out


def test_the_workbook_is_private_and_holds_the_rows_as_text(book: Path) -> None:
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    sheet = openpyxl.load_workbook(book)["Pengecualian"]
    rows = list(sheet.iter_rows(min_row=3))
    assert [row[1].value for row in rows] == [str(line) for line in (*range(42, 51), 55, 56, 57)]
    source = cells(DIRTY)
    for row in rows:
        values = dict(zip(HEADER, row, strict=True))
        original = [*source[int(row[1].value) - 1], "", "", ""][: len(COLUMNS)]
        assert [values[column].value or "" for column in COLUMNS] == original
        assert {cell.data_type for cell in row if cell.value} == {"s"}
        assert {cell.number_format for cell in row} == {"@"}
        for text in ("alasan", "reason", "perbaikan", "remedy"):
            assert values[text].value
            assert values[text].protection.locked
            assert values[text].alignment.wrap_text
        assert not values["nik"].protection.locked
        assert not values[MARK].protection.locked
    assert {name for name in HEADER if sheet.column_dimensions[_letter(name)].hidden} == set(IDS)
    assert sheet.freeze_panes == "C3"
    formula = next(row for row in rows if row[1].value == "56")
    assert formula[HEADER.index("nama")].quotePrefix


def _letter(name: str) -> str:
    return str(openpyxl.utils.get_column_letter(HEADER.index(name) + 1))


def test_only_corrected_rows_are_taken(bank: Bank, operator: SignedIn, book: Path, back: Back, tmp_path: Path) -> None:
    def correct(rows: dict[str, dict[str, Any]]) -> None:
        rows["50"]["desil"].value = "3"  # right now
        rows["46"]["tanggal_lahir"].value = "13/02/1946"  # written otherwise, and it still is not the NIK's
        rows["48"]["nama"].value = "Rudi Baru"  # right now
        rows["44"]["nik"].value = "647201280578911"  # still too short

    corrected = edited(book, correct)
    source = MappedTable(corrected)
    assert is_exceptions(source)
    report = back(corrected)
    assert counted(report) == {"accepted": 2, "rejected": 2}
    assert report.more == {"unchanged": 8, "corrected_before": 0, "not_ours": 0}
    assert {(one.line, one.reason.code) for one in report.lines if one.reason} == {
        (5, "nik_length"),
        (7, "birth_disagrees"),
    }
    again = tmp_path / "again.xlsx"
    assert write_exceptions(bank, operator, 1, again) == 10
    still = tmp_path / "still.xlsx"
    assert write_exceptions(bank, operator, report.import_id, still) == 2


def test_a_row_is_corrected_once(book: Path, back: Back) -> None:
    def first(rows: dict[str, dict[str, Any]]) -> None:
        rows["50"]["desil"].value = "3"

    def second(rows: dict[str, dict[str, Any]]) -> None:
        rows["50"]["desil"].value = "2"
        rows["48"]["nama"].value = "Rudi Baru"

    once = edited(book, first)
    assert counted(back(once)) == {"accepted": 1}
    assert back(once).already
    report = back(edited(book, second))
    assert counted(report) == {"accepted": 1}
    assert report.more["corrected_before"] == 1


def test_a_row_that_was_still_wrong_is_corrected_out_of_either_workbook(
    bank: Bank, operator: SignedIn, book: Path, back: Back, tmp_path: Path
) -> None:
    def wrong(rows: dict[str, dict[str, Any]]) -> None:
        rows["50"]["desil"].value = "8"

    def right(rows: dict[str, dict[str, Any]]) -> None:
        next(iter(rows.values()))["desil"].value = "4"

    report = back(edited(book, wrong))
    newer = tmp_path / "newer.xlsx"
    assert write_exceptions(bank, operator, report.import_id, newer) == 1
    assert counted(back(edited(newer, right))) == {"accepted": 1}
    assert write_exceptions(bank, operator, 1, tmp_path / "rest.xlsx") == 11
    with pytest.raises(NoExceptions):
        write_exceptions(bank, operator, report.import_id, tmp_path / "none.xlsx")


def test_a_mark_takes_a_row_as_it_is(bank: Bank, operator: SignedIn, take: Take, back: Back, tmp_path: Path) -> None:
    """After what it waited for has changed: here the family of the person has moved on."""
    one, two = families(2)
    take([one])
    report = take([(*two[:1], one[1], *two[2:])])
    path = tmp_path / "x.xlsx"
    write_exceptions(bank, operator, report.import_id, path)
    take([(*one[:1], next(families(1, 70))[1], *one[2:])])

    def mark(rows: dict[str, dict[str, Any]]) -> None:
        rows["2"][MARK].value = "x"

    assert counted(back(edited(path, mark))) == {"accepted": 1}


def test_an_untouched_workbook_and_a_stranger_in_it(book: Path, back: Back) -> None:
    with pytest.raises(NothingCorrected):
        back(book)

    def forged(rows: dict[str, dict[str, Any]]) -> None:
        rows["48"]["nama"].value = "Rudi Baru"
        rows["50"]["desil"].value = "3"
        rows["50"]["ssn_line"].value = "49"  # the row of another line, without its MAC

    report = back(edited(book, forged))
    assert counted(report) == {"accepted": 1}
    assert report.more["not_ours"] == 1


def test_rows_may_be_sorted_and_left_out(book: Path, back: Back) -> None:
    opened = openpyxl.load_workbook(book)
    sheet = opened.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    sheet.delete_rows(3, len(rows))
    desil = HEADER.index("desil")
    for row in rows[::-1][::3]:  # 57, 50, 47, 44
        row[desil] = "3" if row[1] == "50" else row[desil]
        sheet.append(row)
    out = book.with_name("sorted.xlsx")
    opened.save(out)
    report = back(out)
    assert counted(report) == {"accepted": 1}
    assert report.more == {"unchanged": 3, "corrected_before": 0, "not_ours": 0}


def test_another_policy_no_import_and_a_file_that_is_there(
    bank: Bank, operator: SignedIn, book: Path, tmp_path: Path
) -> None:
    def correct(rows: dict[str, dict[str, Any]]) -> None:
        rows["50"]["desil"].value = "3"

    with pytest.raises(ExceptionsOfAnotherPolicy):
        import_exceptions(bank, operator, MappedTable(edited(book, correct)), load_policies().by_id(2024))
    with pytest.raises(NoSuchImport):
        write_exceptions(bank, operator, 99, tmp_path / "x.xlsx")
    with pytest.raises(ExceptionsNotWritten):
        write_exceptions(bank, operator, 1, book)


def test_every_reason_has_a_remedy_of_its_own() -> None:
    codes = [rule.code for rule in RULES]
    for column in ("nik", "no_kk"):
        codes += [number_rule(column, fault).code for fault in NumberFault]
        codes += [cell_rule(column, fault).code for fault in WorkbookFault]
    assert [code for code in codes if remedy_of(code) is _ASK] == []
