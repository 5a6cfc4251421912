# SPDX-License-Identifier: Apache-2.0
"""``ssn perso import``, ``exceptions``, ``ssn bank doubles``, ``programmes``, ``corrections`` as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from tests.bank.cli.conftest import BankCommand
from tests.bank.people.conftest import EXAMPLES
from tests.bank.people.extracts import as_csv, families
from tests.bank.people.test_doubles import FIRST, LIKE

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS

DIRTY = EXAMPLES / "beneficiaries-dirty.csv"
POLICY = ("--policy", 2025, "--allow-expired")


def test_an_extract_its_exceptions_and_back(as_user: BankCommand, tmp_path: Path) -> None:
    ran = as_user("operator", "perso", "import", DIRTY, *POLICY)
    assert ran.code == EXIT_FINDINGS
    report = ran.json
    assert (report["schema"], report["accepted"], report["rejected"]) == ("ssn-card/perso-import/1", 44, 12)
    assert [one["line"] for one in report["lines"]] == [*range(42, 51), 55, 56, 57]
    again = as_user("operator", "perso", "import", DIRTY, *POLICY)
    assert (again.code, again.json["already"]) == (0, True)
    out = tmp_path / "exceptions.xlsx"
    assert as_user("operator", "perso", "exceptions", "--import", report["import"], "--out", out).json["rows"] == 12
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert sheet is not None
    desil = [cell.value for cell in sheet[2]].index("desil") + 1
    (row,) = [cell.row for cell in sheet["B"] if cell.value == "50"]
    sheet.cell(row, desil).value = "3"
    book.save(out)
    back = as_user("operator", "perso", "import", out, *POLICY)
    assert (back.code, back.json["accepted"], back.json["unchanged"]) == (0, 1, 11)


def test_guesses_are_told_and_become_a_profile(as_user: BankCommand, tmp_path: Path) -> None:
    path, profile = tmp_path / "x.csv", tmp_path / "sender.toml"
    path.write_text("DAFTAR\n" + as_csv(list(families(20)), ";"), encoding="utf-16")
    ran = as_user("operator", "perso", "import", path, *POLICY, "--write-profile", profile)
    assert [one["what"] for one in ran.json["guessed"]] == ["encoding", "delimiter", "header-row"]
    path.write_text("DAFTAR\n" + as_csv(list(families(21)), ";"), encoding="utf-16")
    ran = as_user("operator", "perso", "import", path, *POLICY, "--profile", profile)
    assert (ran.json["guessed"], ran.json["known"], ran.json["accepted"]) == ([], 20, 1)


def test_wrong_totals_and_a_rounded_file_are_refused(as_user: BankCommand, tmp_path: Path) -> None:
    assert as_user("operator", "perso", "import", DIRTY, *POLICY, "--expect-rows", 57).code == EXIT_ERROR
    rows = [(row[0], row[1][:-1] + "0", *row[2:]) for row in families(60)]
    path = tmp_path / "x.csv"
    path.write_text(as_csv(rows))
    assert as_user("operator", "perso", "import", path, *POLICY).code == EXIT_ERROR
    forced = as_user("operator", "perso", "import", path, *POLICY, "--force")
    assert (forced.code, len(forced.json["warnings"])) == (EXIT_FINDINGS, 1)


def test_doubles_are_decided_and_never_named(as_user: BankCommand, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(as_csv([FIRST, LIKE]))
    as_user("operator", "perso", "import", path, *POLICY)
    listed = as_user("operator", "bank", "doubles", "list")
    assert listed.code == EXIT_FINDINGS
    for private in (*FIRST[:3], *LIKE[:3]):
        assert private not in json.dumps(listed.json)
    assert [one["question"] for one in listed.json["questions"]] == [1]
    both = as_user("operator", "bank", "doubles", "decide", 1, "--same", "--different", "--reason", "x")
    assert both.code == EXIT_ERROR
    decided = as_user("operator", "bank", "doubles", "decide", 1, "--same", "--reason", "one identity card")
    assert decided.json["state"] == "refused"
    assert as_user("operator", "bank", "doubles", "list").json["questions"] == []


@pytest.mark.parametrize("refuse", [(), ("--refuse", "PKH")])
def test_lists_of_other_programmes(as_user: BankCommand, tmp_path: Path, refuse: tuple[str, ...]) -> None:
    path, pkh = tmp_path / "x.csv", tmp_path / "pkh.csv"
    path.write_text(as_csv([FIRST]))
    pkh.write_text(f"NIK\n{FIRST[0]}\n")
    assert as_user("operator", "bank", "programmes", "add", pkh, "--name", "PKH").json["added"] == 1
    report = as_user("operator", "perso", "import", path, *POLICY, *refuse).json
    assert (report["accepted"], report["rejected"]) == ((0, 1) if refuse else (1, 0))
    assert report["reasons"] == {"other_programme": 1}
    listed = as_user("operator", "bank", "programmes", "list").json["programmes"]
    assert listed == [{"programme": "PKH", "numbers": 1, "persons": 0 if refuse else 1}]
    assert as_user("operator", "bank", "corrections").json["cards"] == []
