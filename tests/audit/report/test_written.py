# SPDX-License-Identifier: Apache-2.0
"""A report on the disk: whole or not at all, the same twice, and every change of it found out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.audit.report.made import report

from ssn_card.audit.proof import Keys
from ssn_card.audit.proof.errors import AttestedFilesDiffer
from ssn_card.audit.proof.statement import StatedInput
from ssn_card.audit.report.data import report_from_json
from ssn_card.audit.report.errors import ReportNotWritten
from ssn_card.audit.report.manifest import MANIFEST, check_report
from ssn_card.audit.report.tables import tables
from ssn_card.audit.report.write import Signing, require_new_report, write_report
from ssn_card.signing import AttestationRefused, AttestationUnreadable

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
KEYS = Keys(provider="SoftwareKeyring", versions=[1], cards=None)
SIGNING = Signing([], KEYS, {"whole": False}, KEY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("report") / "made"
    write_report(where, report(), SIGNING, ("id",))
    return where


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    (tmp_path / "copy").mkdir()
    for file in folder.iterdir():
        (tmp_path / "copy" / file.name).write_bytes(file.read_bytes())
    return tmp_path / "copy"


def test_a_report_is_all_files_and_the_manifest_over_them(folder: Path) -> None:
    found = check_report(folder, PUBLIC)
    names = {path.name for path in folder.iterdir()}
    assert {one.name for one in found.manifest.files} | {MANIFEST} == names
    assert {"report.id.html", "report.id.pdf", "report.json", "report.schema.json", "suspects.csv"} <= names
    assert report_from_json((folder / "report.json").read_bytes()) == report()


def test_the_same_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    write_report(tmp_path / "again", report(), SIGNING, ("id",))
    for file in folder.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def _changed(folder: Path) -> str:
    content = bytearray((folder / "report.id.pdf").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "report.id.pdf").write_bytes(content)
    return "report.id.pdf"


def _lacking(folder: Path) -> str:
    (folder / "flags.csv").unlink()
    return "flags.csv"


def _planted(folder: Path) -> str:
    (folder / "report.en.pdf").write_bytes(b"%PDF")
    return "report.en.pdf"


@pytest.mark.parametrize("do", [_changed, _lacking, _planted])
def test_what_is_not_the_report_is_named(copy: Path, do: Callable[[Path], str]) -> None:
    name = do(copy)
    with pytest.raises(AttestedFilesDiffer) as caught:
        check_report(copy, PUBLIC)
    assert list(caught.value.differences) == [name]


def test_a_manifest_of_somebody_else_is_not_believed(copy: Path) -> None:
    with pytest.raises(AttestationRefused):
        check_report(copy, Ed25519PrivateKey.generate().public_key())
    text = (copy / MANIFEST).read_bytes()
    (copy / MANIFEST).write_bytes(text.replace(b'"whole":false', b'"whole":true'))
    with pytest.raises(AttestationRefused):
        check_report(copy, PUBLIC)
    (copy / MANIFEST).unlink()
    with pytest.raises(AttestationUnreadable):
        check_report(copy, PUBLIC)


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    write_report(tmp_path / "plain", report(), replace(SIGNING, key=None), ())
    assert (tmp_path / "plain" / MANIFEST).read_bytes().count(b"\n") == 1
    with pytest.raises(AttestationRefused):
        check_report(tmp_path / "plain", PUBLIC)


def test_inputs_are_compared_by_their_bytes(tmp_path: Path) -> None:
    read, other = tmp_path / "cards.csv", tmp_path / "other.csv"
    read.write_bytes(b"serial\n")
    other.write_bytes(b"else\n")
    sha256 = "e8ab5c7eda8b4f37f7a0e6f2b2ba1c9e5ffb8ff0a8fd0b3d3b4b6cb8a0f4a1b1"
    stated = [StatedInput(kind="data", name="gone.csv", sha256=sha256, size=1, rows=None)]
    write_report(tmp_path / "made", report(), replace(SIGNING, inputs=stated), ())
    assert [one.name for one in check_report(tmp_path / "made", PUBLIC).not_given] == ["gone.csv"]
    with pytest.raises(AttestedFilesDiffer):
        check_report(tmp_path / "made", PUBLIC, [other])


def test_no_report_replaces_anything(folder: Path, tmp_path: Path) -> None:
    for taken in (folder, folder / "report.json"):
        with pytest.raises(ReportNotWritten):
            require_new_report(taken)
        with pytest.raises(ReportNotWritten):
            write_report(taken, report(), SIGNING, ())
    (tmp_path / "empty").mkdir()
    require_new_report(tmp_path / "empty")
    write_report(tmp_path / "empty", report(), SIGNING, ())
    assert check_report(tmp_path / "empty", PUBLIC).not_given == ()


def test_of_a_report_that_cannot_be_written_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReportNotWritten):
        write_report(tmp_path / "made", report(), SIGNING, ())
    assert list(tmp_path.iterdir()) == []


def test_tables_hold_what_the_data_hold() -> None:
    data = report()
    made = {name: list(csv.DictReader(io.StringIO(text.decode()))) for name, text in tables(data).items()}
    assert [row["who"] for row in made["suspects.csv"]] == [one.who for one in data.suspects]
    assert made["suspects.csv"][3]["cards"] == "5353 4e20 2600 0001, 5353 4e20 2600 04d2"
    assert len(made["flags.csv"]) == sum(len(one.flags) for one in data.suspects)
    assert sum(int(row["owed"]) for row in made["shops.csv"]) == sum(one.owed for one in data.shops)
    assert sum(int(row["spent"]) for row in made["months.csv"]) == sum(one.spent for one in data.months)
    assert made["receipts.csv"][0]["at"] == "2026-02-03 16:40:00"
    assert [row["rule"] for row in made["not-judged.csv"]] == ["A10", ""]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)"])
def test_no_cell_is_a_formula(text: str) -> None:
    data = report()
    made = replace(data, shops=(replace(data.shops[0], name=text),))
    (row,) = csv.DictReader(io.StringIO(tables(made)["shops.csv"].decode()))
    assert row["name"] == f"'{text}"
