# SPDX-License-Identifier: Apache-2.0
"""The map in docs/architecture.md is whole; decisions are pages of one form, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs/architecture.md").read_text("utf-8")
DECISIONS = ROOT / "docs/decisions"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
_HOST, _STATION = ROOT / "host/ssn_card", ROOT / "personalization/ssn_card/personalization"
#: Told as a whole: the command lines, whose files are named as their groups are.
_AS_A_WHOLE = {"cli"}
_NOT_TOLD = {"__init__", "errors", "journal_errors"}
ROOMS = [
    file.parent
    for root in (_HOST, _STATION)
    for file in sorted(root.glob("*/__init__.py"))
    if file.parent.name not in _AS_A_WHOLE
]


def named(text: str) -> set[str]:
    """The files that a part of the map names in the first column of its tables."""
    rows = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    return {name.rpartition("/")[2] for row in rows for name in re.findall(r"`([a-z0-9_/]+)`", row)}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_the_map_names_each_file_of_a_room_and_no_other(room: Path) -> None:
    part = MAP[MAP.index("## The host" if room.parent == _HOST else "## The station") :]
    section = part[part.index(f"`{room.name}/`:") :].split("\n#")[0]
    files = {file.stem for file in room.glob("*.py")} - _NOT_TOLD
    assert files <= named(section)
    elsewhere = {file.stem for file in room.parent.rglob("*.py")}  # one section may tell of two rooms
    assert named(section) <= elsewhere


@pytest.mark.parametrize(
    "page", sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md"), ids=lambda path: path.stem
)
def test_a_decision_says_why_what_was_rejected_and_where(page: Path) -> None:
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert headings[1:] == ["Why", "Rejected", "Where"]
    assert len(text.splitlines()) < 40  # short
    assert f"[{headings[0]}]({page.name})" in (DECISIONS / "README.md").read_text("utf-8")
    for named in re.findall(r"`([a-z]+/[\w./]+)`", text.partition("## Where")[2]):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in link and not link.startswith("mailto:"):
            assert (page.parent / link).exists(), link
