# SPDX-License-Identifier: Apache-2.0
"""The folder of a year: made whole, made anew, and never in place of something else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.simulator.programme.by_hand import by_hand

from ssn_card.keys import development_keyring
from ssn_card.simulator.programme.errors import AnotherYear, NotAYear
from ssn_card.simulator.programme.play import year
from ssn_card.simulator.programme.play.folder import About, YearFolder
from ssn_card.simulator.programme.play.script import YearScript
from ssn_card.simulator.programme.sets import SchemeSet

PROVIDER = development_keyring()
ABOUT = About(seed=5, families=30, fast=True, schemes=SchemeSet.PROGRAMME, keys="")


@pytest.fixture(scope="module")
def script() -> YearScript:
    return by_hand(30)


def test_journals_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    folder = YearFolder(tmp_path / "year", ABOUT)
    left = tmp_path / "ssn-year-killed"
    left.mkdir()
    (folder.path / ".journals").write_text(str(left))
    with folder.journals() as journals:
        assert journals.is_dir()
        assert not left.exists()
    assert not journals.exists()
    assert [one.name for one in folder.path.iterdir()] == ["year.json"]


def made(script: YearScript, path: Path) -> dict[str, str]:
    folder = YearFolder(path, ABOUT)
    year.make(script, PROVIDER, folder, fast=True, progress=lambda _: None)
    files = sorted(one for one in path.rglob("*") if one.is_file())
    return {str(one.relative_to(path)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def test_a_year_is_the_same_whenever_it_is_made(script: YearScript, tmp_path: Path) -> None:
    once = made(script, tmp_path / "one")
    assert once == made(script, tmp_path / "other")
    assert {name.split("/")[0] for name in once} == {"data", "exports", "truth", "year.json"}
    holds = YearFolder(tmp_path / "one", ABOUT).holds
    assert holds is not None
    assert holds["receipts"] > holds["refused"] > 0


def test_what_was_not_finished_is_made_anew(script: YearScript, tmp_path: Path) -> None:
    due = made(script, tmp_path / "one")
    folder = YearFolder(tmp_path / "other", ABOUT)
    (folder.fresh("exports") / "half.jsonl").write_text("{}")
    assert YearFolder(tmp_path / "other", ABOUT).holds is None
    assert made(script, tmp_path / "other") == due


def test_a_folder_of_something_else_is_left_as_it_is(script: YearScript, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Siti")
    with pytest.raises(NotAYear):
        YearFolder(tmp_path, ABOUT)
    with pytest.raises(NotAYear):
        YearFolder(tmp_path / "letter.txt", ABOUT)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"schema": "ssn-card/receipt/1", "of": {}, "holds": {}}'])
def test_a_folder_that_says_something_else_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "year.json").write_text(content)
    with pytest.raises(NotAYear):
        YearFolder(tmp_path, ABOUT)


@pytest.mark.parametrize(
    "other", [{"seed": 6}, {"families": 31}, {"fast": False}, {"schemes": SchemeSet.FIRST}, {"keys": "abcdef"}]
)
def test_another_year_is_left_as_it_is(tmp_path: Path, other: dict[str, Any]) -> None:
    YearFolder(tmp_path, ABOUT)
    with pytest.raises(AnotherYear):
        YearFolder(tmp_path, replace(ABOUT, **other))


def test_halves_of_files_of_a_killed_run_are_no_hindrance(script: YearScript, tmp_path: Path) -> None:
    due = made(script, tmp_path / "one")
    other = tmp_path / "other"
    other.mkdir()
    for name in (".year.json.1234abcd", "..checkpoint.1234abcd"):
        (other / name).write_text("ha")
    assert made(script, other) == due
