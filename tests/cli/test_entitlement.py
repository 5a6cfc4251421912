# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement issue`` and ``show``; ``deliver`` is in test_card_session.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Ssn

from ssn_card.entitlement import issue, read_updates
from ssn_card.keys import development_keyring

ONE, TWO = "0102030405060708", "1112131415161718"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "updates.jsonl"


def _issue(ssn: Ssn, out: Path, *more: object) -> Ran:
    return ssn("entitlement", "issue", "--policy", 2025, "--tranche", 1, "--out", out, "--development", "--json", *more)


def test_the_policy_gives_what_is_not_told(ssn: Ssn, out: Path) -> None:
    ran = _issue(ssn, out, ONE, TWO, "--update-seq", 1)
    assert ran.code == 0
    assert [update["serial"] for update in ran.json["updates"]] == [ONE, TWO]
    first = ran.json["updates"][0]
    assert (first["loaded_total"], first["monthly_limit"], first["override_max"]) == (900_000, 600_000, 600_000)
    assert (first["valid_until"], first["allowed_categories"], first["state"]) == ("2025-12-31", 0x7F, "ACTIVE")
    for update in read_updates(out):
        assert update == issue(update.entitlement, update.serial, development_keyring())


def test_options_win_over_the_policy(ssn: Ssn, out: Path) -> None:
    options = (
        "--state",
        "terminated",
        "--forfeit",
        "--verification",
        "00112233445566ff",
        "--valid-until",
        "2030-01-31",
    )
    limits = ("--monthly-limit", 5, "--override-max", 6, "--debit-max", 7, "--loaded-before", 100)
    ran = _issue(ssn, out, ONE, "--update-seq", 9, *options, *limits)
    update = ran.json["updates"][0]
    assert (update["state"], update["forfeit"], update["reference"]) == ("TERMINATED", True, "00112233445566ff")
    assert (update["monthly_limit"], update["override_max"], update["debit_max"]) == (5, 6, 7)
    assert (update["valid_until"], update["loaded_total"], update["update_seq"]) == ("2030-01-31", 900_100, 9)


def test_from_status_counts_on_by_itself(ssn: Ssn, out: Path, tmp_path: Path) -> None:
    status = tmp_path / "status.jsonl"
    lines = [
        {"schema": "ssn-card/card-status/1", "serial": serial, "update_seq": seq, "loaded_total": 0}
        for serial, seq in ((ONE, 4), (TWO, 0))
    ]
    status.write_text("".join(json.dumps(line) + "\n" for line in lines))
    ran = _issue(ssn, out, "--from-status", status)
    assert [update["update_seq"] for update in ran.json["updates"]] == [5, 1]
    stale = _issue(ssn, out, "--from-status", status, "--update-seq", 4)
    assert stale.error["where"] == f"{status}:1"


def test_totals_never_shrink(ssn: Ssn, out: Path, tmp_path: Path) -> None:
    status = tmp_path / "status.jsonl"
    line = {"schema": "ssn-card/card-status/1", "serial": ONE, "update_seq": 1, "loaded_total": 1_800_000}
    status.write_text(json.dumps(line))
    ran = _issue(ssn, out, "--from-status", status)
    assert "--loaded-before" in ran.error["remedy_en"]
    assert not out.exists()
    assert _issue(ssn, out, "--from-status", status, "--loaded-before", 1_800_000).code == 0


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (("01",), "01"),
        ((ONE,), "--update-seq"),
        ((ONE, ONE, "--update-seq", 1), ONE),
        ((ONE, "--update-seq", 1, "--verification", "abc"), "--verification"),
        ((ONE, "--update-seq", 1, "--valid-until", "31-12-2025"), "--valid-until"),
        ((ONE, "--update-seq", 1, "--loaded-before", 2**31 - 1), "loaded_total"),
        (("--update-seq", 1), None),
    ],
)
def test_what_cannot_be_issued(ssn: Ssn, out: Path, options: tuple[object, ...], where: str | None) -> None:
    ran = _issue(ssn, out, *options)
    assert ran.code == 1
    assert ran.error["where"] == where
    assert not out.exists()


def test_unknown_policy_and_tranche(ssn: Ssn, out: Path) -> None:
    common = (ONE, "--update-seq", 1, "--out", out, "--development", "--json")
    for policy, tranche in ((1999, 1), (2025, 2)):
        ran = ssn("entitlement", "issue", "--policy", policy, "--tranche", tranche, *common)
        assert ran.error["code"] == "unknown-policy"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"schema": "x"}, "schema"),
        ({"serial": "zz"}, "serial"),
        ({"update_seq": "1"}, "update_seq"),
        ({"loaded_total": None}, "loaded_total"),
    ],
)
def test_a_bad_status_names_line_and_field(
    ssn: Ssn, out: Path, tmp_path: Path, change: dict[str, object], field: str
) -> None:
    status = tmp_path / "status.jsonl"
    line = {"schema": "ssn-card/card-status/1", "serial": ONE, "update_seq": 1, "loaded_total": 0} | change
    status.write_text("\n" + json.dumps(line))
    assert _issue(ssn, out, "--from-status", status).error["where"] == f"{status}:2 {field}"


def test_show(ssn: Ssn, out: Path) -> None:
    _issue(ssn, out, ONE, "--update-seq", 1)
    assert ssn("entitlement", "show", out, "--json").json["updates"][0]["serial"] == ONE
    assert "Rp900.000" in ssn("entitlement", "show", out).out
    text = out.read_text()
    out.write_text(text + text.replace(ONE, "01"))
    assert ssn("entitlement", "show", out, "--json").error["where"] == f"{out}:2 serial"


def test_a_file_that_cannot_be_written(ssn: Ssn, tmp_path: Path) -> None:
    ran = _issue(ssn, tmp_path / "no" / "dir.jsonl", ONE, "--update-seq", 1)
    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_keyring_without_the_update_key(ssn: Ssn, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", "beras lima kilo")
    bank, terminal = tmp_path / "bank", tmp_path / "terminal"
    ssn("keys", "create", bank)
    ssn("keys", "export", bank, "--role", "terminal", "--out", terminal)
    card = (ONE, "--update-seq", 1, "--out", out, "--json")
    ran = ssn("entitlement", "issue", "--policy", 2025, "--tranche", 1, *card, "--keyring", terminal)
    assert ran.error["code"] == "key-missing"
    assert ssn("entitlement", "issue", "--policy", 2025, "--tranche", 1, *card, "--keyring", bank).code == 0
