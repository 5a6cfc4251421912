# SPDX-License-Identifier: Apache-2.0
"""From the extract to the card by the commands, on simulated cards: two people, one content, no file in clear."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.bank.cli.conftest import as_user, ssn
from tests.cli.conftest import Ran
from tests.personalization.station.support import Rack

from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import inspect, read_content
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, read_rows
from ssn_card.personalization.journal.journal import Journal
from ssn_card.programme import load_policies
from ssn_card.protocol.crypto import SecretKey
from ssn_card.transport import open_connection

__all__ = ["as_user", "ssn"]
EXTRACT = Path(__file__).parents[3] / "examples" / "data" / "beneficiaries.csv"
STATION = ("--journal", "station.sqlite", "--results", "results.jsonl")
BankCommand = Callable[..., Ran]

pytestmark = pytest.mark.sim


@pytest.fixture(scope="module")
def rack() -> Iterator[Rack]:
    rack = Rack()
    yield rack
    rack.close()


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_text("".join(EXTRACT.read_text("utf-8").splitlines(keepends=True)[:6]), "utf-8")
    return path


@pytest.fixture
def people(extract: Path) -> list[Beneficiary]:
    rows = read_rows(extract, load_policies().by_id(2025))
    return [row for row in rows if isinstance(row, Beneficiary)]


@pytest.fixture
def taken_in(
    as_user: BankCommand,
    extract: Path,
    people: list[Beneficiary],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> BankCommand:
    """The five persons of the extract are in the store, and the file is gone."""
    monkeypatch.chdir(tmp_path)
    ran = as_user("operator", "perso", "import", extract, "--policy", 2025, "--allow-expired", "--force")
    assert ran.code == 0, ran.err
    assert len(people) == 5
    extract.unlink()
    return as_user


def run_batch(as_user: BankCommand, name: str, urls: list[str], *more: object) -> dict[str, Any]:
    cards = [word for url in urls for word in ("--cards", url)]
    ran = as_user("operator", "perso", "run", "--batch", name, *STATION, *cards, "--allow-expired", *more)
    assert ran.code == 0, ran.err
    report: dict[str, Any] = json.loads(ran.out.splitlines()[-1])
    return report


def approved(as_user: BankCommand, name: str, *choice: object) -> dict[str, Any]:
    made = as_user("operator", "bank", "batches", "new", name, "--policy", 2025, *choice)
    assert made.code == 0, made.err
    for who, step in (("operator", "submit"), ("second", "approve")):
        ran = as_user(who, "bank", "batches", step, name)
        assert ran.code == 0, ran.err
    data: dict[str, Any] = json.loads(ran.out)
    return data


def test_from_the_extract_to_the_card(
    taken_in: BankCommand, people: list[Beneficiary], rack: Rack, tmp_path: Path
) -> None:
    as_user = taken_in
    batch = approved(as_user, "october")
    shown = as_user("reader", "bank", "batches", "show", "october").json
    assert (shown["items"], shown["entitlement_sum"], shown["unchanged"]) == (5, 4_500_000, True)
    assert sum(shown["by_kecamatan"].values()) == 5
    urls = rack.blanks(5)
    first = run_batch(as_user, "october", urls[:2])
    assert (first["file"], first["batch"], first["issued"], first["waiting"]) == ("october", batch["sha256"], 2, 3)
    assert as_user("reader", "bank", "batches", "show", "october").json["stage"] == "producing"
    taken = as_user("operator", "bank", "import-station", "station.sqlite").json
    assert (taken["produced"], taken["exceptions"], taken["signed"]) == (2, [], False)
    again = run_batch(as_user, "october", urls[2:])
    assert (again["already"], again["issued"], again["complete"]) == (2, 3, True)
    assert as_user("operator", "bank", "batches", "close", "october").error["code"] == "batch-incomplete"
    assert as_user("operator", "bank", "import-station", "station.sqlite").json["produced"] == 3
    assert as_user("operator", "bank", "batches", "close", "october").json["stage"] == "done"
    shown = as_user("reader", "bank", "batches", "show", "october").json
    assert (shown["reached"]["produced"], shown["waiting"]) == (5, 0)
    held = []
    for url in urls:
        with open_connection(url) as connection:
            held.append(read_content(connection, development_keyring(), inspect(connection).serial)[1])
    assert sorted(held) == sorted(map(identity_block, people))
    private = [person.nik.digits for person in people] + [person.kk.digits for person in people]
    private += [person.name for person in people if len(person.name) > 5]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not [word for word in private if word.encode() in path.read_bytes()], path


def test_a_card_in_place_of_another(taken_in: BankCommand, rack: Rack) -> None:
    as_user = taken_in
    approved(as_user, "october", "--limit", 2)
    run_batch(as_user, "october", rack.blanks(2))
    as_user("operator", "bank", "import-station", "station.sqlite")
    old = json.loads(Path("results.jsonl").read_text().splitlines()[0])
    from_other = as_user("operator", "bank", "batches", "new", "lost", "--policy", 2025, "--reissue", old["serial"])
    assert from_other.code == 0, from_other.err  # never handed over: it may be replaced at once
    as_user("operator", "bank", "batches", "submit", "lost")
    as_user("second", "bank", "batches", "approve", "lost")
    report = run_batch(as_user, "lost", rack.blanks(1))
    assert (report["issued"], report["complete"]) == (1, True)
    taken = as_user("operator", "bank", "import-station", "station.sqlite").json
    assert (taken["produced"], taken["replaced"], taken["lost"], taken["exceptions"]) == (1, 1, 0, [])
    assert run_batch(as_user, "october", rack.blanks(1))["issued"] == 0
    with Journal.open(Path("station.sqlite"), read_only=True) as journal:
        assert [(entry.serial or b"").hex() for entry in journal.barred()] == [old["serial"]]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ((), "--batch"),
        (("x.csv", "--batch", "october"), "--batch"),
        (("--batch", "october", "--policy", 2025), "--policy"),
        (("x.csv",), "--policy"),
    ],
)
def test_options_that_do_not_go_together(as_user: BankCommand, options: tuple[object, ...], where: str) -> None:
    ran = as_user("operator", "perso", "run", *options, *STATION, "--cards", "vpcd:127.0.0.1:9")
    assert (ran.code, ran.error["where"]) == (1, where)


def test_what_was_not_approved_is_not_produced(taken_in: BankCommand) -> None:
    as_user = taken_in
    as_user("operator", "bank", "batches", "new", "october", "--policy", 2025)
    run = ("perso", "run", "--batch", "october", *STATION, "--prepare-only", "--allow-expired")
    for step in (None, "submit"):
        if step:
            assert as_user("operator", "bank", "batches", step, "october").code == 0
        assert as_user("operator", *run).error["code"] == "proposal-stage"
    assert as_user("operator", "bank", "batches", "approve", "october").error["code"] == "not-allowed"
    assert as_user("second", "bank", "batches", "refuse", "october", "--reason", "not yet").json["stage"] == "draft"
    assert as_user("operator", *run).error["code"] == "proposal-stage"
    assert as_user("operator", "bank", "batches", "cancel", "october", "--reason", "no").json["stage"] == "cancelled"
    assert not Path("station.sqlite").exists()


def test_a_journal_of_another_secret_begins_nothing(taken_in: BankCommand) -> None:
    as_user = taken_in
    approved(as_user, "october")
    Journal.create(Path("station.sqlite"), SecretKey(bytes(16), "another")).close()
    run = ("perso", "run", "--batch", "october", *STATION, "--prepare-only", "--allow-expired")
    assert as_user("operator", *run).error["code"] == "station-secret-mismatch"
    assert as_user("reader", "bank", "batches", "show", "october").json["stage"] == "approved"


def test_exceptions_are_findings(taken_in: BankCommand, rack: Rack) -> None:
    """Two stations make the same batch."""
    as_user = taken_in
    approved(as_user, "october", "--limit", 1)
    run_batch(as_user, "october", rack.blanks(1))
    other = ("--journal", "other.sqlite", "--results", "other.jsonl", "--station", 2)
    as_user(
        "operator", "perso", "run", "--batch", "october", *other, "--cards", rack.blank(), "--allow-expired"
    )  # fmt: skip
    assert as_user("operator", "bank", "import-station", "station.sqlite").code == 0
    ran = as_user("operator", "bank", "import-station", "other.sqlite")
    assert ran.code == 3
    assert [one["finding"] for one in ran.json["exceptions"]] == ["family-twice"]


def test_pages_for_people(taken_in: BankCommand, ssn: Callable[..., Ran], bank_place: str) -> None:
    approved(taken_in, "october")
    signed_in = ("--bank", bank_place, "--user", "reader", "--development")
    page = ssn("bank", "batches", "show", "october", *signed_in).out
    assert "Rp4.500.000" in page
    assert "approved" in page
    assert "64.72." in page
    assert "october" in ssn("--lang", "id", "bank", "batches", "list", *signed_in).out
