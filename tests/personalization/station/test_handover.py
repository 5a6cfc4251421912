# SPDX-License-Identifier: Apache-2.0
"""The hand-over list: every family with its card and whether it may be handed over, private only where asked for."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Ssn, _own_environment, ssn
from tests.personalization.station.support import PRIVATE

from ssn_card.bank.secret import development_secret
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.personalization.station.handover import grouped
from ssn_card.programme import Policy
from ssn_card.receipts import read_lists
from ssn_card.receipts.errors import BadCards

__all__ = ["_own_environment", "ssn"]
STATES = ("done", "sent", "planned", "lost")


def serial(number: int) -> bytes:
    return (0x5353_0000_0000_0000 + number).to_bytes(8, "big")


@pytest.fixture
def extract(tmp_path: Path, examples: Path) -> Path:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(examples.joinpath("beneficiaries.csv").read_text().splitlines()[:5]) + "\n")
    return path


@pytest.fixture
def people(extract: Path, policy: Policy) -> list[Beneficiary]:
    people = [row for row in read_rows(extract, policy) if isinstance(row, Beneficiary)]
    assert len(people) == len(STATES)
    return people


@pytest.fixture
def listing(ssn: Ssn, tmp_path: Path, people: list[Beneficiary]) -> Callable[..., Ran]:
    """``ssn perso handover`` over a journal whose four families are in four states."""
    path = tmp_path / "station.sqlite"
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("ab" * 32, 2025, "x.csv")
        for number, (person, state) in enumerate(zip(people, STATES, strict=True), start=1):
            entry = journal.plan(batch, person.line, RowKeys.of(person, journal.secret))
            if state != "planned":
                entry = journal.sent(entry, serial(number), bytes(16))
            if state in ("done", "lost"):
                entry = journal.done(entry)
            if state == "lost":
                journal.lose(entry, "stolen")

    def call(*options: object, json: bool = True) -> Ran:
        return ssn("perso", "handover", "--journal", path, *options, *(("--json",) if json else ()))

    return call


def test_every_family_has_its_line(listing: Callable[..., Ran], people: list[Beneficiary]) -> None:
    cards = listing().json["cards"]
    assert [card["state"] for card in cards] == list(STATES)
    assert [card["line"] for card in cards] == [person.line for person in people]
    assert [card["serial"] for card in cards] == [serial(1).hex(), serial(2).hex(), None, serial(4).hex()]
    assert [card["beneficiary_id"] for card in cards] == [f"{number:016x}" for number in range(1, 5)]
    keys = [RowKeys.of(person, development_secret()).family.hex() for person in people]
    assert [card["family"] for card in cards] == keys
    assert set(cards[0]) == {"file", "line", "family", "serial", "beneficiary_id", "state"}


def test_people_see_what_may_be_handed_over(listing: Callable[..., Ran], ssn: Ssn) -> None:
    shown = listing(json=False).out.splitlines()
    assert shown[0] == "Families: 4; cards ready: 1"
    assert [line for line in shown if "5353-0000-0000-0001" in line and line.rstrip().endswith("ready")]
    assert sum("do not hand over" in line for line in shown) == 2
    assert not any(word in "\n".join(shown) for word in PRIVATE)


def test_only_those_asked_for(listing: Callable[..., Ran]) -> None:
    assert [card["state"] for card in listing("--only-state", "done", "--only-state", "lost").json["cards"]] == [
        "done",
        "lost",
    ]
    none = listing("--only-state", "void")
    assert (none.code, none.error["code"]) == (1, "nothing-to-hand-over")
    assert listing("--only-state", "gone").code == 2


def test_the_list_as_a_file(listing: Callable[..., Ran], tmp_path: Path) -> None:
    out = tmp_path / "handover.csv"
    out.write_text("last week's")
    assert listing("--out", out).json["out"] == str(out)
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "line", "family", "serial", "beneficiary_id", "state"]
    assert [row["serial"] for row in rows] == ["5353-0000-0000-0001", "5353-0000-0000-0002", "", "5353-0000-0000-0004"]
    assert rows[0]["beneficiary_id"] == "0000-0000-0000-0001"
    # A spreadsheet rounds whatever looks like a number of more than 15 digits.
    assert not any(cell.isdigit() and len(cell) > 15 for row in rows for cell in row.values())
    assert out.stat().st_mode & 0o777 == 0o600
    assert not any(word in out.read_text() for word in PRIVATE)
    refused = listing("--out", tmp_path / "no" / "x.csv")
    assert (refused.code, refused.error["where"]) == (1, str(tmp_path / "no" / "x.csv"))
    assert refused.error["message_en"] == "The list cannot be written: No such file or directory."
    assert refused.error["remedy_en"] == "Check the path and its permissions."
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_the_list_serves_an_auditor_as_it_is(listing: Callable[..., Ran], tmp_path: Path) -> None:
    """Cards that were issued, to hold receipts against; a family without a card is none."""
    out = tmp_path / "issued.csv"
    listing("--only-state", "done", "--only-state", "sent", "--out", out)
    assert read_lists(issued=[out]).issued == frozenset({serial(1), serial(2)})
    listing("--out", out)
    with pytest.raises(BadCards) as caught:
        read_lists(issued=[out])
    assert caught.value.where == f"{out}:4 serial"


def test_a_list_that_is_being_written_is_private_and_does_not_have_its_name_yet(
    listing: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "handover.csv"
    out.write_text("last week's")
    drafts: list[tuple[str, int]] = []

    def power_cut(descriptor: int) -> None:
        drafts.extend((one.name, one.stat().st_mode & 0o777) for one in tmp_path.glob(".handover*"))
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", power_cut)
    assert listing("--out", out).code == 1
    ((name, mode),) = drafts
    assert re.fullmatch(r"\.handover\.csv\.[0-9a-f]{8}", name)
    assert mode == 0o600
    assert out.read_text() == "last week's"
    assert not list(tmp_path.glob(".handover*"))


def test_names_by_the_extract(
    listing: Callable[..., Ran], extract: Path, people: list[Beneficiary], tmp_path: Path
) -> None:
    # An extract that is not the one planned from: a person who is in it is named, another is not.
    lines = extract.read_text().splitlines()
    extract.write_text("\n".join([lines[0], *lines[:1:-1]]) + "\n")
    options = ("--extract", extract, "--policy", 2025, "--development")
    out = tmp_path / "handover.csv"
    cards = listing(*options, "--out", out).json["cards"]
    named = [(card["name"], card["no_kk"], card["kelurahan"]) for card in cards]
    expected = [(person.name, person.kk.digits, person.kelurahan) for person in people]
    assert named == [(None, None, None), *expected[1:]]
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["no_kk"] for row in rows] == ["", *(grouped(person.kk.digits) for person in people[1:])]
    assert [(row["name"], row["kelurahan"]) for row in rows] == [
        ("", ""),
        *((person.name, person.kelurahan) for person in people[1:]),
    ]
    assert people[1].name in listing(*options, json=False).out
    extract.write_text("\n".join(lines[:2]) + "\n")
    assert "none of these persons" in listing(*options, "--only-state", "sent").err


def test_names_need_the_stations_own_secret(listing: Callable[..., Ran], extract: Path) -> None:
    assert listing("--extract", extract, "--development").error["where"] == "--policy"
    assert listing("--extract", extract, "--policy", 2025).error["code"] == "keys-not-chosen"


def test_an_empty_journal_is_no_success(ssn: Ssn, tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    Journal.create(path, development_secret()).close()
    ran = ssn("perso", "handover", "--journal", path, "--json")
    assert (ran.code, ran.error["code"], ran.error["where"]) == (1, "nothing-to-hand-over", str(path))
    assert "ssn perso run" in ran.error["remedy_id"]
    assert (
        ssn("perso", "handover", "--journal", tmp_path / "none", "--json").error["code"] == "station-journal-not-found"
    )


def test_a_serial_is_taken_as_it_is_listed(ssn: Ssn, tmp_path: Path) -> None:
    options = ("--policy", 2025, "--allow-expired", "--tranche", 1, "--development", "--json", "--new-register")
    serials = tmp_path / "serials"
    serials.write_text("5353-0000-0000-0001\n")
    for number, source in enumerate((("5353-0000-0000-0001",), ("--serials", serials))):
        files = ("--register", tmp_path / f"register-{number}", "--out", tmp_path / f"{number}.jsonl")
        ran = ssn("entitlement", "issue", *files, *options, *source)
        assert json.loads(ran.out)["updates"][0]["serial"] == serial(1).hex()
