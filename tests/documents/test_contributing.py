# SPDX-License-Identifier: Apache-2.0
"""The lists of CONTRIBUTING.md name every file that the example they are told by stands in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
#: Made from what is listed, or from the code.
GENERATED = re.compile(
    r"docs/(protocol|errors|journeys)\.md|docs/figures/.*|protocol/vectors/.*|protocol/layouts\.json|.*/Protocol\.java"
)
#: Told in words instead: tests stand beside what they test, and a changelog has everything.
BESIDE = re.compile(r"tests/.*|examples/java/test/.*|CONTRIBUTING\.md|CHANGELOG\.md|docs/decisions/.*")


def listed(heading: str) -> set[str]:
    """The files of a list."""
    section = TEXT.split(f"### {heading}\n")[1].split("\n#")[0]
    return set(re.findall(r"`([\w./]+/[\w.]+)`", section))


def holding(pattern: str) -> set[str]:
    """Files under version control in which the pattern stands."""
    found = subprocess.run(["git", "grep", "-lwE", pattern], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(found.stdout.split())


@pytest.mark.parametrize("heading", re.findall(r"^### (.*)$", TEXT, re.MULTILINE))
def test_what_is_listed_is_there(heading: str) -> None:
    assert listed(heading)
    for name in listed(heading):
        assert (ROOT / name).is_file(), name


@pytest.mark.parametrize(
    ("heading", "pattern"),
    [
        ("A status word, as LAST_TRY_CONTACTS", "LastTryContacts|LAST_TRY_CONTACTS"),
        ("A command, as READ_RECEIPT", "READ_RECEIPT"),
        ("An error, as ClockBehindJournal", "ClockBehindJournal"),
    ],
)
def test_nothing_is_left_out(heading: str, pattern: str) -> None:
    holds = {name for name in holding(pattern) if not GENERATED.fullmatch(name) and not BESIDE.fullmatch(name)}
    assert holds <= listed(heading)
    assert len(holds) > 3
