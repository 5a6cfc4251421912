# SPDX-License-Identifier: Apache-2.0
"""The summary of an extract: counts, control totals, warnings, and no person in it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from ssn_card.personalization.cli.summary_table import summary_tables
from ssn_card.personalization.intake.summary import NOTHING_ACCEPTED, Summary, validate
from ssn_card.programme import Policy

Write = Callable[[bytes | str], Path]


def shown(summary: Summary, language: str, lines_shown: int = 50) -> str:
    console = Console(file=io.StringIO(), width=140, color_system=None)
    console.print(summary_tables(summary, language, lines_shown))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_clean_file(examples: Path, policy: Policy) -> None:
    summary = validate(examples / "beneficiaries.csv", policy)
    assert (summary.lines, summary.accepted, summary.rejected, summary.warnings) == (1_688, 1_688, (), ())
    assert summary.entitlement_sum == 1_519_200_000
    assert summary.companions == 242
    assert len(summary.by_region) == 10
    assert sum(region.accepted for region in summary.by_region) == 1_688
    assert "1.519.200.000" in shown(summary, "id")


def test_dirty_file(examples: Path, policy: Policy) -> None:
    summary = validate(examples / "beneficiaries-dirty.csv", policy)
    assert (summary.accepted, len(summary.rejected)) == (44, 12)
    document = json.loads(json.dumps(summary.as_dict()))
    assert document["rejected"] == 12
    assert document["by_kecamatan"] == [{"kode_kecamatan": "64.72.01", "kecamatan": "Palaran", "accepted": 44}]
    assert {key: document["notes"][0][key] for key in ("code", "rows")} == {"code": "shortened", "rows": 1}
    assert document["rejected_lines"][0] == {
        "line": 42,
        "field": "nik",
        "code": "nik_twice",
        "reason_en": "NIK already in this file (row 5)",
        "reason_id": "NIK sudah ada dalam berkas ini (baris 5)",
    }
    assert document["rejected_lines"][-1]["field"] is None


@pytest.mark.parametrize("language", ["en", "id"])
def test_tables_show_reasons_and_no_person(examples: Path, policy: Policy, language: str) -> None:
    summary = validate(examples / "beneficiaries-dirty.csv", policy)
    text = shown(summary, language, lines_shown=3) + json.dumps(summary.as_dict())
    assert {"en": "and 9 more lines", "id": "dan 9 baris lagi"}[language] in text
    assert all(row.reason.in_language(language) in text for row in summary.rejected[:3])
    for private in ("6472011611719004", "Herman", "HYPERLINK", "1961"):
        assert private not in text


def test_reasons_with_differing_particulars_are_counted_together(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    summary = validate(written("\n".join([header, *good_rows, *good_rows, "1,2", "3,4"])), policy)
    assert [(count.reason.en, count.rows) for count in summary.by_reason] == [
        ("NIK already in this file (row …)", 2),
        ("2 of 10 fields", 2),
    ]


def test_numbers_rounded_by_a_spreadsheet_are_noticed(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    rows = [
        good_rows[0]
        .replace("6472017105639001", f"647201710563{n:03}0")
        .replace("6472012802109001", f"64720128021{n:05}")
        for n in range(1, 9)
    ]
    summary = validate(written("\n".join([header, *rows])), policy)
    assert summary.accepted == 8
    (warning,) = summary.warnings
    assert warning.en.startswith("every nik ends in 0")
    assert warning.en in shown(summary, "en").replace("\n", " ")
    assert not validate(written("\n".join([header, *rows[:7]])), policy).warnings


def test_a_file_without_an_acceptable_row(written: Write, header: str, policy: Policy) -> None:
    summary = validate(written(f"{header}\nx\n"), policy)
    assert summary.warnings == (NOTHING_ACCEPTED,)
    assert summary.entitlement_sum == 0


def test_brackets_are_no_markup(tmp_path: Path, header: str, good_rows: tuple[str, str], policy: Policy) -> None:
    path = tmp_path / "a[bold]b.csv"
    path.write_text("\n".join([header, *good_rows]))
    assert "a[bold]b.csv" in shown(validate(path, policy), "en")


def test_the_whole_document(written: Write, header: str, good_rows: tuple[str, str], policy: Policy) -> None:
    one, two = good_rows
    path = written("\n".join([header, one.replace("Rahmah", " Rahmah"), two, "x", ""]))
    assert validate(path, policy).as_dict() == {
        "file": "x.csv",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "policy_id": 2025,
        "lines": 3,
        "accepted": 2,
        "entitlement_sum": 2 * policy.entitlement_total,
        "companions": 1,
        "rejected": 1,
        "rejected_by_reason": [
            {"code": "fields", "reason_en": "1 of 10 fields", "reason_id": "1 dari 10 kolom", "rows": 1}
        ],
        "notes": [{"code": "trimmed", "note_en": "spaces trimmed", "note_id": "spasi dirapikan", "rows": 1}],
        "by_kecamatan": [{"kode_kecamatan": "64.72.01", "kecamatan": "Palaran", "accepted": 2}],
        "rejected_lines": [
            {
                "line": 4,
                "field": None,
                "code": "fields",
                "reason_en": "1 of 10 fields",
                "reason_id": "1 dari 10 kolom",
            }
        ],
        "warnings": [],
    }
    nothing = validate(written(f"{header}\nx\n"), policy).as_dict()["warnings"]
    assert nothing == [{"en": NOTHING_ACCEPTED.en, "id": NOTHING_ACCEPTED.id}]
