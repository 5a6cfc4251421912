# SPDX-License-Identifier: Apache-2.0
"""Tables of any form as extracts: what is guessed agrees with what was written, or the row is not accepted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bank.people.extracts import families, write_workbook

from ssn_card.bank.sheets.errors import TableEmpty, TableHeaderMissing
from ssn_card.personalization.intake import dates
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.personalization.intake.profile import IntakeProfile, ProfileUnusable, load_profile, write_profile
from ssn_card.personalization.intake.rows import Beneficiary, judge, verdict
from ssn_card.personalization.intake.source import COLUMNS
from ssn_card.programme import Policy

Write = Callable[[bytes | str], Path]
ROWS = list(families(40))
HEADERS = ("N I K", "No. KK", "Nama Lengkap", "Tgl. Lahir", "L/P", "Kode Kec.", "Kecamatan", "Desa/Kelurahan", "Desil",
           "Pendamping")  # fmt: skip
GENDERS = (("L", "P"), ("Laki-laki", "Perempuan"), ("LK", "PR"), ("1", "2"), ("pria", "wanita"), ("M", "F"))


def text_of(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def written_as(day: str, form: str) -> str:
    born = dt.date.fromisoformat(day)
    months = ("Jan", "Feb", "Mar", "Apr", "Mei", "Juni", "Juli", "Agustus", "Sep", "Okt", "November", "Des")
    return (
        form.replace("YYYY", f"{born.year}")
        .replace("MMM", months[born.month - 1])
        .replace("MM", f"{born.month:02}")
        .replace("DD", f"{born.day:02}")
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(dates.FORMATS),
    genders=st.sampled_from(GENDERS),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    order=st.permutations(range(10)),
    title=st.booleans(),
    footer=st.booleans(),
    code=st.booleans(),
    start=st.integers(0, 5_000),
)
def test_guesses_find_every_person(
    tmp_path: Path, policy: Policy, form: str, genders: tuple[str, str], delimiter: str, encoding: str,
    order: Sequence[int], title: bool, footer: bool, code: bool, start: int,
) -> None:  # fmt: skip
    people = list(families(25, start))
    order = [place for place in order if code or place != 5]
    rows = []
    for row in people:
        cells = list(row)
        cells[3], cells[4] = written_as(row[3], form), genders[row[4] == "P"]
        rows.append([cells[place] for place in order])
    text = text_of([HEADERS[place] for place in order], rows, delimiter)
    text = ("DAFTAR PENERIMA 2025\r\n\r\n" if title else "") + text
    text += f"JUMLAH{delimiter}25\r\n\r\nSamarinda, 1 Oktober 2025\r\n" if footer else ""
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode(encoding))
    table = MappedTable(path)
    judged = list(judge(table, policy))
    assert {verdict(row) for row in judged} == {"accept"}
    found = [(row.nik.digits, row.birth_date.isoformat(), row.gender) for row in judged if isinstance(row, Beneficiary)]
    assert found == [(row[0], row[3], row[4]) for row in people]
    told = {one.what for one in table.told}
    assert ("totals-left-out" in told) == footer
    assert ("date-format" in told) == (form != dates.ISO)
    # The guess as a profile reads the same file in the same way, and nothing is left to guess.
    again = MappedTable(path, table.profile)
    assert [line.fields for line in again.lines()] == [line.fields for line in table.lines()]
    assert {one.what for one in again.told} <= {"totals-left-out", "blanks-left-out", "derived", "columns-unused"}


@pytest.mark.parametrize("day_first", [True, False])
def test_the_nik_tells_day_from_month(day_first: bool) -> None:
    form = "DD/MM/YYYY" if day_first else "MM/DD/YYYY"
    assert dates.guessed((written_as(row[3], form), row[0]) for row in ROWS) == (form,)


@pytest.mark.parametrize("form", ["DD/MM/YY", "DD/MM", "DD/MM/YYYY HH", "", "YYYY-DD-DD"])
def test_what_is_no_date_format(form: str) -> None:
    assert not dates.is_format(form)


def test_a_profile_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "sender.toml"
    profile = IntakeProfile.model_validate(
        {
            "name": 'Dinas "Sosial"',
            "file": {"sheet": "Data\\1", "header_row": 4, "delimiter": "\t"},
            "columns": {"nik": ["No\tKTP"]},
            "constants": {"desil": "1"},
            "dates": {"formats": ["DD/MM/YYYY"]},
            "gender": {"L": ["1"], "P": ["2"]},
        }
    )
    write_profile(path, profile)
    assert load_profile(path) == profile
    with pytest.raises(ProfileUnusable):
        write_profile(path, profile)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("[file]\nheader_row = 0\n", "p.toml file.header_row"),
        ('[file]\nencoding = "utf-99"\n', "p.toml file.encoding"),
        ('[file]\ndelimiter = ":"\n', "p.toml file.delimiter"),
        ('[columns]\nnikk = ["x"]\n', "p.toml columns"),
        ('[columns]\nnik = [""]\n', "p.toml columns.nik.0"),
        ('[dates]\nformats = ["DD/MM/YY"]\n', "p.toml dates.formats"),
        ('colums = "x"\n', "p.toml colums"),
        ("[file\n", "p.toml"),
    ],
)
def test_a_wrong_profile_is_named_by_file_and_place(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(content)
    with pytest.raises(ProfileUnusable) as raised:
        load_profile(path)
    assert raised.value.where == where
    assert raised.value.text.id


def test_a_profile_names_columns_and_constants(tmp_path: Path, policy: Policy) -> None:
    rows = [[row[0], row[1], row[2], row[3], row[4], "64.72.01", "Palaran", "Bukuan", "1"] for row in families(3)]
    path = tmp_path / "x.csv"
    path.write_text(text_of(["A", "B", "C", "D", "E", "F", "G", "H", "I"], rows, ","))
    with pytest.raises(TableHeaderMissing):
        MappedTable(path)
    columns = dict(zip(COLUMNS[:8], ([letter] for letter in "ABCDEFGH"), strict=True))
    profile = IntakeProfile.model_validate({"columns": columns, "constants": {"desil": "2", "pendamping": "PD-007"}})
    people = list(judge(MappedTable(path, profile), policy))
    assert {(row.decile, row.companion) for row in people if isinstance(row, Beneficiary)} == {(2, "PD-007")}
    assert len(people) == 3


def test_missing_and_doubled_columns_are_named(written: Write) -> None:
    with pytest.raises(TableHeaderMissing, match="tanggal_lahir"):
        MappedTable(written("NIK,No KK,Nama\n1,2,3\n"))
    with pytest.raises(TableHeaderMissing, match="twice"):
        MappedTable(written(text_of([*COLUMNS, "No. KTP"], [[*ROWS[0], "1"]], ",")))


def test_no_row_of_a_person(written: Write) -> None:
    with pytest.raises(TableEmpty):
        MappedTable(written(text_of(COLUMNS, [["JUMLAH", "0", *[""] * 8]], ",")))


def test_totals_in_the_middle_are_judged(written: Write, policy: Policy) -> None:
    total = ["Jumlah", "1", *[""] * 8]
    table = MappedTable(written(text_of(COLUMNS, [ROWS[0], total, ROWS[1], total], ",")))
    assert table.line_count == 3
    assert [isinstance(row, Beneficiary) for row in judge(table, policy)] == [True, False, True]


@pytest.mark.parametrize("column", ["nik", "no_kk"])
def test_a_number_that_is_a_number_is_rejected_by_reason(tmp_path: Path, policy: Policy, column: str) -> None:
    row: list[object] = list(ROWS[0])
    row[COLUMNS.index(column)] = int(ROWS[0][COLUMNS.index(column)])
    (judged,) = judge(MappedTable(write_workbook(tmp_path / "x.xlsx", [row])), policy)
    assert "stands as a number" in verdict(judged)


def test_dates_of_a_workbook(tmp_path: Path, policy: Policy) -> None:
    """A date, a day number, text."""
    rows: list[list[object]] = [list(row) for row in ROWS[:3]]
    days = [dt.date.fromisoformat(str(row[3])) for row in rows]
    rows[0][3], rows[1][3] = days[0], (days[1] - dt.date(1899, 12, 30)).days
    rows[2][3] = days[2].strftime("%d/%m/%Y")
    table = MappedTable(write_workbook(tmp_path / "x.xlsx", rows))
    assert [row.birth_date for row in judge(table, policy) if isinstance(row, Beneficiary)] == days
    assert {"date-serials", "date-format"} <= {one.what for one in table.told}
