# SPDX-License-Identifier: Apache-2.0
"""``ssn audit report`` and ``check-report`` over a small year: whole, the same twice, named where it cannot be."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console, Group, RenderableType
from tests.audit.report.made import report
from tests.cli.audit.conftest import PASSWORD
from tests.cli.conftest import Ran, Ssn
from tests.cli.shown import check_languages, check_widths

from ssn_card.audit.proof import Keys
from ssn_card.audit.proof.statement import StatedInput
from ssn_card.audit.report.manifest import CheckedReport, ReportManifest
from ssn_card.cli import audit_report, audit_report_check

pytestmark = pytest.mark.timeout(300)


def _typed(*arguments: object) -> None:
    """A command in a process of its own, for fixtures that outlive a test."""
    program = "from ssn_card.cli.start import main\nmain()"
    environment = {**os.environ, "SSN_ATTESTATION_PASSWORD": PASSWORD, "SSN_LANG": "en"}
    subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], env=environment, check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year, its store, the auditor's key, and a signed report in English."""
    room = tmp_path_factory.mktemp("audit")
    _typed("sim", "year", "--seed", 7, "--families", 60, "--fast", "--out-dir", room / "year")
    _typed("audit", "pack", room / "year/exports", "--store", room / "store")
    _typed("audit", "attestation-key", "--out", room / "key.pem")
    _typed(*_report(room, room / "report"), "--key", room / "key.pem")
    return room


def _report(room: Path, out: Path, *more: object) -> tuple[object, ...]:
    where = ("--data", room / "year/data", "--out-dir", out)
    return "audit", "report", room / "store", *where, "--development", "--language", "en", *more


def _check(ssn: Ssn, room: Path, report: Path, *inputs: object) -> Ran:
    return ssn("audit", "check-report", report, *inputs, "--public-key", room / "key.pem.pub", "--json")


def test_a_report_is_whole_and_about_its_inputs(ssn: Ssn, room: Path) -> None:
    ran = _check(ssn, room, room / "report", room / "store", room / "year/data")
    assert ran.code == 0
    assert ran.json["not_given"] == []
    stated = ran.json["manifest"]
    assert {one["kind"] for one in stated["inputs"]} == {"store", "data"}
    assert stated["counts"]["genuine"] > 1000
    data = json.loads((room / "report/report.json").read_text())
    assert data["totals"]["receipts"] == stated["counts"]["genuine"]
    assert data["dated"] == data["last_on"] == stated["dated"]
    assert sum(shop["spent"] for shop in data["shops"]) == data["totals"]["spent"]
    assert sum(month["spent"] for month in data["months"]) == data["totals"]["spent"]
    assert sum(one["spent"] for one in data["money"]) == data["totals"]["spent"] + data["totals"]["cancelled"]
    assert [rule["code"] for rule in data["rules"]] == [f"A{number}" for number in range(1, 19)]


def test_other_inputs_are_told_apart(ssn: Ssn, room: Path, tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_bytes((room / "year/data/cards.csv").read_bytes() + b"\n")
    ran = _check(ssn, room, room / "report", tmp_path / "cards.csv")
    assert ran.code == 1
    assert ran.error["code"] == "attested-files-differ"


def test_the_same_again_is_the_same_to_the_byte(room: Path, tmp_path: Path) -> None:
    _typed(*_report(room, tmp_path / "again"), "--key", room / "key.pem")
    names = sorted(path.name for path in (room / "report").iterdir())
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == names
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (room / "report" / name).read_bytes(), name


def test_names_only_with_a_reason_which_is_told(ssn: Ssn, room: Path, tmp_path: Path) -> None:
    with (room / "year/data/people.csv").open(newline="") as file:
        people = list(csv.DictReader(file))
    plain = b"".join(path.read_bytes() for path in sorted((room / "report").glob("*[!f]")) if path.suffix != ".pdf")
    for person in people:
        assert person["no_kk"].encode() not in plain
        assert person["nama"].encode() not in plain
    reason = "letter 12/2027 of the inspectorate"
    ran = ssn(*_report(room, tmp_path / "named", "--personal-data-because", reason, "--json"))
    assert ran.code == 0
    assert not ran.json["signed"]
    assert reason in (tmp_path / "named/report.en.html").read_text()
    told = json.loads((tmp_path / "named/report.json").read_text())
    assert "people.csv" not in (room / "report/manifest.jsonl").read_text()
    assert "people.csv" in (tmp_path / "named/manifest.jsonl").read_text()
    named = [one for one in told["suspects"] if one["subject"] in ("card", "family")]
    assert named
    assert {one["name"] for one in named} <= {person["nama"] for person in people}
    assert told["personal"] == {"reason": reason, "people": len(named)}
    empty = ssn(*_report(room, tmp_path / "empty", "--personal-data-because", "  ", "--json"))
    assert empty.error["code"] == "no-reason-for-names"


def test_the_day_on_it_is_given_or_the_newest_receipts(
    ssn: Ssn, room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ssn(*_report(room, tmp_path / "a", "--date", "2027-01-15", "--json")).json["dated"] == "2027-01-15"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert ssn(*_report(room, tmp_path / "b", "--json")).json["dated"] == "2027-01-15"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert ssn(*_report(room, tmp_path / "c", "--json")).error["where"] == "SOURCE_DATE_EPOCH"
    refused = ssn(*_report(room, tmp_path / "c", "--date", "15-01-2027", "--json"))
    assert refused.code == 1
    assert refused.error["where"] == "--date"
    assert not (tmp_path / "c").exists()


def test_a_side_file_that_is_not_there_is_told(ssn: Ssn, room: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for file in (room / "year/data").iterdir():
        if file.name not in ("prices.csv", "invoices.csv"):
            (tmp_path / "data" / file.name).symlink_to(file)
    where = ("--data", tmp_path / "data", "--out-dir", tmp_path / "made")
    ran = ssn("audit", "report", room / "store", *where, "--development", "--language", "en", "--json")
    assert ran.code == 0
    assert {"A10", "A14"} <= set(ran.json["not_judged"])
    page = (tmp_path / "made/report.en.html").read_text()
    assert "The file prices.csv was not there" in page
    assert "The file invoices.csv was not there" in page


def test_both_languages_at_any_width() -> None:
    made = report()
    made = replace(made, suspects=tuple(replace(one, name="") for one in made.suspects))
    nobody = replace(made, suspects=())
    manifest = ReportManifest(
        dated="2026-12-31",
        software="ssn-card 0.1.0",
        keys=Keys(provider="SoftwareKeyring", versions=[1], cards=None),
        options={},
        counts={},
        inputs=[StatedInput(kind="data", name="cards.csv", sha256="ab" * 32, size=1, rows=None)],
        files=[],
    )
    checked = CheckedReport(manifest, tuple(manifest.inputs))
    shown: list[Callable[[], RenderableType]] = [
        lambda: Group(*audit_report._rendered(made, Path("out"), [])),
        lambda: Group(*audit_report._rendered(nobody, Path("out"), [])),
        lambda: audit_report_check._rendered(checked),
    ]
    for one in shown:

        def at(language: str, width: int, one: Callable[[], RenderableType] = one) -> str:
            file = io.StringIO()
            with pytest.MonkeyPatch.context() as patched:
                patched.setenv("SSN_LANG", language)
                Console(file=file, width=width, highlight=False).print(one(), crop=False)
            return file.getvalue()

        check_widths(at)
        check_languages(at)


def test_nothing_is_done_where_something_has_the_name(ssn: Ssn, room: Path) -> None:
    ran = ssn(*_report(room, room / "report", "--json"))
    assert ran.code == 1
    assert ran.error["code"] == "report-not-written"


def test_who_to_visit_is_on_the_screen(ssn: Ssn, room: Path, tmp_path: Path) -> None:
    ran = ssn(*_report(room, tmp_path / "made"))
    assert ran.code == 0
    data = json.loads((tmp_path / "made/report.json").read_text())
    for one in data["suspects"]:
        if one["visit"] and one["subject"] == "shop":
            assert one["who"] in ran.out
    assert "Written to" in ran.out
