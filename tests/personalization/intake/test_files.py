# SPDX-License-Identifier: Apache-2.0
"""Extracts as files: what spreadsheets make of them is read, what is broken is refused before the first row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssn_card.personalization.intake import errors
from ssn_card.personalization.intake.extract import LINE_MAX, open_extract
from ssn_card.personalization.intake.rows import read_rows, verdict
from ssn_card.personalization.intake.source import COLUMNS
from ssn_card.programme import Policy

Write = Callable[[bytes | str], Path]


@pytest.fixture
def good(header: str, good_rows: tuple[str, str]) -> str:
    return "\n".join([header, *good_rows, ""])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.rstrip("\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", "|"),
        lambda text: "\ufeff" + text.replace(",", ";").replace("\n", "\r\n"),
        lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.split("\n")[:-1]),
        lambda text: "\n".join(";".join(f'"{cell}"' for cell in line.split(",")) for line in text.split("\n")[:-1]),
        lambda text: text.replace("nik,no_kk", " NIK , No_KK"),
        lambda text: "\n".join(",".join(reversed(line.split(","))) for line in text.split("\n")[:-1]),
    ],
)
def test_forms_that_are_read(written: Write, good: str, policy: Policy, change: Callable[[str], str]) -> None:
    rows = list(read_rows(written(change(good)), policy))
    assert [(row.line, verdict(row)) for row in rows] == [(2, "accept"), (3, "accept")]


def test_spreadsheet_line_above_the_header(written: Write, good: str, policy: Policy) -> None:
    path = written("\ufeffsep=;\r\n" + good.replace(",", ";").replace("\n", "\r\n"))
    assert [(row.line, verdict(row)) for row in read_rows(path, policy)] == [(3, "accept"), (4, "accept")]
    assert open_extract(path).line_count == 2


def refused(path: Path, policy: Policy, kind: type[errors.ExtractError], line: int | None) -> errors.ExtractError:
    """The error of the call itself: no row has been asked for yet."""
    with pytest.raises(kind) as caught:
        read_rows(path, policy)
    assert type(caught.value) is kind
    assert caught.value.line == line
    assert caught.value.where == ("x.csv" if line is None else f"x.csv:{line}") + (
        f" {caught.value.field}" if caught.value.field else ""
    )
    assert caught.value.text.id
    assert caught.value.text.id != caught.value.text.en
    assert "Rahmah" not in str(caught.value)
    assert "6472017105639001" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("broken", "kind", "line"),
    [
        (lambda good: b"", errors.EmptyExtractError, None),
        (lambda good: b"\xef\xbb\xbf", errors.NoHeaderError, 1),
        (lambda good: good.split(b"\n")[0] + b"\n", errors.EmptyExtractError, None),
        (lambda good: b"\n\n", errors.NoHeaderError, 1),
        (lambda good: good.split(b"\n", 1)[1], errors.NoHeaderError, 1),
        (lambda good: good.replace(b"Lambang", "Zoé".encode("cp1252")), errors.EncodingError, 3),
        (lambda good: good.decode().encode("utf-16"), errors.EncodingError, 1),
        (lambda good: good.decode().encode("utf-16-le"), errors.NulByteError, 1),
        (lambda good: good.replace(b"Lambang", b"Lam\0bang"), errors.NulByteError, 3),
        (lambda good: good.replace(b"Wati", b'"Wati'), errors.QuotingError, 3),
        (lambda good: good.replace(b"Wati", b'"Wati" Nur'), errors.QuotingError, 3),
        (lambda good: good.replace(b"nik", b'"nik', 1), errors.QuotingError, 1),
        (lambda good: good.replace(b"Rahmah Pratama", b'"Rahmah\nPratama"'), errors.QuotingError, 2),
        (lambda good: good.replace(b"\n", b"\r"), errors.LineError, 1),
        (lambda good: good.replace(b"Wati ", b"Wati\r"), errors.LineError, 3),
        (lambda good: good.replace(b"Wati", b"W" * LINE_MAX), errors.LineError, 3),
    ],
)
def test_broken_files(
    written: Write,
    good: str,
    policy: Policy,
    broken: Callable[[bytes], bytes],
    kind: type[errors.ExtractError],
    line: int | None,
) -> None:
    refused(written(broken(good.encode())), policy, kind, line)


def test_a_quoted_line_break_cannot_smuggle_in_a_row(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    outer, smuggled = good_rows
    text = f"{header}\n" + outer.replace("Rahmah Pratama", f'"Rahmah\n{smuggled}\nPratama"') + "\n"
    refused(written(text), policy, errors.QuotingError, 2)


@pytest.mark.parametrize("column", COLUMNS)
def test_missing_unknown_and_repeated_columns(written: Write, good: str, policy: Policy, column: str) -> None:
    names = list(COLUMNS)
    rest = "\n" + good.split("\n", 1)[1]

    error = refused(
        written(",".join(name for name in names if name != column) + rest), policy, errors.MissingColumnError, 1
    )
    assert error.field == column
    assert column in error.text.en
    assert ", ".join(COLUMNS) in error.text.en

    error = refused(written(",".join([*names, column]) + rest), policy, errors.DuplicateColumnError, 1)
    assert error.field == column

    renamed = ",".join(f"{name}_baru" if name == column else name for name in names)
    error = refused(written(renamed + rest), policy, errors.MissingColumnError, 1)
    assert f"{column}_baru" in error.text.id

    error = refused(written(",".join([*names, "alamat"]) + rest), policy, errors.UnknownColumnError, 1)
    assert error.field == "alamat"


def test_what_is_said_of_a_header(written: Write, good: str, policy: Policy) -> None:
    """In both languages: what is missing, twice or not known, and what is expected."""
    header, rest = good.split("\n", 1)
    expected = ", ".join(COLUMNS)

    def said(names: str, kind: type[errors.ExtractError]) -> tuple[str, str]:
        return refused(written(f"{names}\n{rest}"), policy, kind, 1).text

    assert said("a,b", errors.NoHeaderError) == (
        f"the first line names no known column; expected: {expected}.",
        f"baris pertama tidak memuat nama kolom; seharusnya: {expected}.",
    )
    assert said(f"{header},nama", errors.DuplicateColumnError) == (
        f"column nama stands there twice; expected: {expected}.",
        f"kolom nama tertulis dua kali; seharusnya: {expected}.",
    )
    assert said(header.replace(",desil,pendamping", ""), errors.MissingColumnError) == (
        f"column desil, pendamping is missing (not known: -); expected: {expected}.",
        f"kolom desil, pendamping tidak ada (tidak dikenal: -); seharusnya: {expected}.",
    )
    assert said(header.replace("desil,pendamping", "alamat,x1"), errors.MissingColumnError) == (
        f"column desil, pendamping is missing (not known: alamat, #10); expected: {expected}.",
        f"kolom desil, pendamping tidak ada (tidak dikenal: alamat, #10); seharusnya: {expected}.",
    )
    assert said(f"{header},alamat,x1", errors.UnknownColumnError) == (
        f"column alamat, #12 is not known; expected: {expected}.",
        f"kolom alamat, #12 tidak dikenal; seharusnya: {expected}.",
    )


@pytest.mark.parametrize("name", ["", "6472017105639001", "Rahmah 1963", "=x"])
def test_a_strange_column_is_named_by_its_place(written: Write, good: str, policy: Policy, name: str) -> None:
    error = refused(written(good.replace("\n", f",{name}\n", 1)), policy, errors.UnknownColumnError, 1)
    assert error.field == "#11"


def test_missing_file_and_folder(tmp_path: Path, policy: Policy) -> None:
    with pytest.raises(errors.UnreadableExtractError):
        read_rows(tmp_path / "none.csv", policy)
    with pytest.raises(errors.UnreadableExtractError):
        read_rows(tmp_path, policy)


def test_a_file_that_changes_under_the_reader(written: Write, good: str, policy: Policy) -> None:
    path = written(good)
    rows = read_rows(path, policy)
    written(good.replace("Wati", "Sari"))
    with pytest.raises(errors.ChangedExtractError):
        list(rows)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda good: good.replace(b"Wati", b'"Wati'), errors.QuotingError),
        (lambda good: good.replace(b"Wati", b"W\xe9ti"), errors.EncodingError),
    ],
)
def test_a_file_that_is_broken_after_it_was_checked(
    written: Write, good: str, policy: Policy, change: Callable[[bytes], bytes], kind: type[errors.ExtractError]
) -> None:
    rows = read_rows(written(good), policy)
    written(change(good.encode()))
    assert verdict(next(rows)) == "accept"
    with pytest.raises(kind) as caught:
        next(rows)
    assert (caught.value.where, caught.value.line) == ("x.csv:3", 3)


@pytest.mark.parametrize("mark", ["sep=;", "SEP=;", '"sep=;"', '"Sep=;"', "sep=|", "sep=\t", "sep=,"])
def test_ways_to_name_the_delimiter(written: Write, good: str, policy: Policy, mark: str) -> None:
    delimiter = mark.strip('"')[-1]
    path = written(f"{mark}\n" + good.replace(",", delimiter))
    extract = open_extract(path)
    assert (extract.delimiter, extract.header_line, extract.line_count) == (delimiter, 2, 2)
    assert [verdict(row) for row in read_rows(path, policy)] == ["accept", "accept"]


def test_a_named_delimiter_holds_and_is_named_once(written: Write, good: str, policy: Policy) -> None:
    refused(written("sep=;\n" + good), policy, errors.NoHeaderError, 2)
    refused(written("sep=;\nsep=;\n" + good.replace(",", ";")), policy, errors.NoHeaderError, 2)
    refused(written("sep=;\n" + good.replace(",", ";").split("\n")[0] + "\n"), policy, errors.EmptyExtractError, None)
    refused(written("sep=;\n"), policy, errors.EmptyExtractError, None)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_longest_line(written: Write, good: str, policy: Policy, end: str) -> None:
    header, first, second = good.split("\n")[:3]

    def file(length: int) -> str:
        name = "W" * (length - len(second) + len("Wati") - len(end))
        return end.join([header, first, second.replace("Wati", name), first.replace("9001", "9003"), ""])

    rows = list(read_rows(written(file(LINE_MAX)), policy))
    assert [row.line for row in rows] == [2, 3, 4]
    error = refused(written(file(LINE_MAX + 1)), policy, errors.LineError, 3)
    assert str(LINE_MAX) in error.text.en
    assert str(LINE_MAX) in error.text.id


def test_what_an_opened_extract_tells(written: Write, good: str) -> None:
    path = written(good.replace(",", ";"))
    extract = open_extract(path)
    assert (extract.path, extract.delimiter, extract.header_line, extract.line_count) == (path, ";", 1, 2)
    assert extract.columns == COLUMNS
    assert extract.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [repr(line) for line in extract.lines()] == ["<Line 2, 10 fields>", "<Line 3, 10 fields>"]


def test_why_a_file_cannot_be_read(tmp_path: Path, policy: Policy) -> None:
    error = refused_at(tmp_path / "none.csv", policy)
    assert error.text.en == "the file cannot be read: No such file or directory."
    assert "berkas tidak dapat dibaca: " in error.text.id
    assert error.where == "none.csv"
    assert "Is a directory" in refused_at(tmp_path, policy).text.en


def refused_at(path: Path, policy: Policy) -> errors.UnreadableExtractError:
    with pytest.raises(errors.UnreadableExtractError) as caught:
        read_rows(path, policy)
    return caught.value


def test_errors_keep_no_row_in_their_context(written: Write, good: str, policy: Policy) -> None:
    error = refused(written(good.encode().replace(b"Wati", b"W\xe9ti")), policy, errors.EncodingError, 3)
    assert error.__context__ is None
    assert error.__cause__ is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_a_verdict_or_a_typed_error(
    written: Write, good: str, policy: Policy, data: st.DataObject
) -> None:
    content = bytearray(good.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not content:
            break
    try:
        rows = list(read_rows(written(bytes(content)), policy))
    except errors.ExtractError:
        return
    assert [row.line for row in rows] == list(range(rows[0].line, rows[0].line + len(rows)))
    assert all(verdict(row) for row in rows)
