# SPDX-License-Identifier: Apache-2.0
"""The gate on branch coverage itself: it must fail where a branch is missed, and where an exclusion is out of date."""

from __future__ import annotations

import pytest

from applet_coverage import GOAL, SOURCES, Line, judge

FILE = "SsnCardApplet.java"
_TEXT = (SOURCES / "id/ssncard/applet" / FILE).read_text("utf-8").splitlines()
NUMBER = next(number for number, line in enumerate(_TEXT, 1) if line.strip() == "if (received == 0) {")
OTHER = Line(FILE, "plain", 1, missed=0, covered=97)


def excluded(branches: int, line: str = "if (received == 0) {") -> dict[str, str | int]:
    return {"file": FILE, "line": line, "branches": branches, "reason": "a test's"}


@pytest.mark.parametrize(("missed", "passes"), [(3, True), (4, False)])
def test_holds_the_goal(missed: int, passes: bool) -> None:
    assert GOAL == 97
    assert (judge([OTHER, Line(FILE, "receiveRest", NUMBER, missed, 0)], []) == []) is passes


def test_an_exclusion_counts_for_its_branches() -> None:
    assert judge([OTHER, Line(FILE, "receiveRest", NUMBER, 50, 0)], [excluded(50)]) == []


@pytest.mark.parametrize("stale", [excluded(1), excluded(3), excluded(2, "if (gone) {"), excluded(2) | {"method": "x"}])
def test_an_exclusion_out_of_date_fails(stale: dict[str, str | int]) -> None:
    problems = judge([OTHER, Line(FILE, "receiveRest", NUMBER, 2, 1000)], [stale])
    assert any("coverage-exclusions.toml" in problem for problem in problems)
