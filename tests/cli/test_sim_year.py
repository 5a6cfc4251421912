# SPDX-License-Identifier: Apache-2.0
"""``ssn sim year``: a year on disk that an auditor's commands take, and folders of others that are left alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.cli.conftest import Ssn

YEAR = ("sim", "year", "--seed", 7, "--families", 24)


def hashes(folder: Path) -> dict[str, str]:
    """Of all files but what says how they were made."""
    files = sorted(one for one in folder.rglob("*") if one.is_file() and one.name != "year.json")
    return {str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


@pytest.fixture
def fast(ssn: Ssn, tmp_path: Path) -> Path:
    assert ssn(*YEAR, "--fast", "--out-dir", tmp_path / "fast").code == 0
    return tmp_path / "fast"


@pytest.mark.timeout(600)
def test_a_year_is_told_and_an_auditor_takes_it(ssn: Ssn, tmp_path: Path) -> None:
    year, store = tmp_path / "year", tmp_path / "store"
    made = ssn(*YEAR, "--fast", "--out-dir", year, "--json")
    assert made.code == 0
    assert (made.json["schema"], made.json["seed"], made.json["families"]) == ("ssn-card/sim-year/1", 7, 24)
    assert made.json["receipts"] > 24 * 12
    verified = ssn("audit", "verify", year / "exports", "--development", "--json")
    assert verified.code in (0, 3)
    assert verified.json["lines"] == made.json["uploaded"]
    assert verified.json["genuine"] + verified.json["repeated"] == made.json["uploaded"]
    assert verified.json["rejected"] == verified.json["unreadable"] == 0
    packed = ssn("audit", "pack", year / "exports", "--store", store, "--json")
    assert packed.code == 0
    again = ssn("audit", "verify", store, "--development", "--json")
    assert again.json["genuine"] == verified.json["genuine"]


@pytest.mark.sim
@pytest.mark.timeout(600)
def test_the_applet_makes_the_same_year(ssn: Ssn, fast: Path, tmp_path: Path) -> None:
    assert ssn(*YEAR, "--out-dir", tmp_path / "played").code == 0
    assert hashes(tmp_path / "played") == hashes(fast)


def test_a_whole_year_is_not_made_again(ssn: Ssn, fast: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ssn(*YEAR, "--fast", "--out-dir", fast, "--json").json
    monkeypatch.setattr("ssn_card.simulator.programme.play.by_deck.play", None)
    assert ssn(*YEAR, "--fast", "--out-dir", fast, "--json").json == told


def test_without_a_seed_it_is_told(ssn: Ssn, tmp_path: Path) -> None:
    ran = ssn("sim", "year", "--families", 2, "--fast", "--out-dir", tmp_path / "year", "--json")
    assert ran.code == 0
    assert f"--seed {ran.json['seed']}" in ran.err


def test_another_seed_wants_another_folder(ssn: Ssn, fast: Path) -> None:
    before = hashes(fast)
    ran = ssn("sim", "year", "--seed", 8, "--families", 24, "--fast", "--out-dir", fast, "--json")
    assert (ran.code, ran.error["code"]) == (1, "another-year")
    assert hashes(fast) == before


def test_a_year_with_other_schemes_is_another(ssn: Ssn, fast: Path, tmp_path: Path) -> None:
    made = ssn(*YEAR, "--fast", "--schemes", "first", "--out-dir", tmp_path / "other", "--json")
    assert made.code == 0
    assert made.json["schemes"] == "first"
    truth = (tmp_path / "other/truth/actors.csv").read_text("utf-8")
    assert "lookalike-" in truth
    assert truth != (fast / "truth/actors.csv").read_text("utf-8")
    ran = ssn(*YEAR, "--fast", "--schemes", "first", "--out-dir", fast, "--json")
    assert (ran.code, ran.error["code"]) == (1, "another-year")


def test_a_folder_with_something_else_is_left_alone(ssn: Ssn, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Siti")
    ran = ssn(*YEAR, "--fast", "--out-dir", tmp_path, "--json")
    assert (ran.code, ran.error["code"]) == (1, "not-a-year")
    assert list(hashes(tmp_path)) == ["letter.txt"]


@pytest.mark.parametrize("seed", ["-1", "7.5", "seven", "٧"])
def test_a_seed_is_a_number(ssn: Ssn, tmp_path: Path, seed: str) -> None:
    ran = ssn("sim", "year", "--seed", seed, "--out-dir", tmp_path / "year", "--json")
    assert (ran.code, ran.error["code"]) == (1, "bad-argument")
    assert not (tmp_path / "year").exists()


def test_what_the_system_refuses_is_told(ssn: Ssn, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = ssn(*YEAR, "--fast", "--out-dir", tmp_path / "file" / "year", "--json")
    assert (ran.code, ran.error["code"]) == (1, "year-not-written")


@pytest.mark.sim
@pytest.mark.timeout(600)
def test_the_bank_s_own_keys(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_NEW_KEYRING_PASSWORD", "a password of some length")
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "a password of some length")
    keys = tmp_path / "bank.keys"
    assert ssn("keys", "create", keys).code == 0
    few = ("sim", "year", "--seed", 7, "--families", 3, "--keyring", keys, "--out-dir")
    assert ssn(*few, tmp_path / "played").code == 0
    assert ssn(*few, tmp_path / "fast", "--fast").code == 0
    assert hashes(tmp_path / "played") == hashes(tmp_path / "fast")
    verified = ssn("audit", "verify", tmp_path / "fast" / "exports", "--keyring", keys, "--json").json
    assert verified["genuine"] > 0
    assert verified["rejected"] == 0
    assert ssn("audit", "verify", tmp_path / "fast" / "exports", "--development", "--json").json["genuine"] == 0
