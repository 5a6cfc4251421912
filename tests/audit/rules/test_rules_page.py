# SPDX-License-Identifier: Apache-2.0
"""The page of rules is that of the rules and of the figures beside it, and its example is a rule."""

from __future__ import annotations

import copy
import json
import re

import pytest
from tests.audit.rules.world import City

from rules_page import FIGURES, FIRST, PAGE, main, page
from ssn_card.audit.rules import Rule, Subject, apply_rules
from ssn_card.audit.rules.peers import ShareParameters, shares
from ssn_card.protocol.errors import Text
from ssn_card.simulator.programme.sets import HELD_OUT, SchemeSet

MEASURED = json.loads(FIGURES.read_text(encoding="utf-8"))
AT_FIRST = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FIRST.glob("*.json")}


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_the_first_reading_is_told_as_it_was_and_a_missed_goal_is_said() -> None:
    assert "| first | no | 80 | 42 | 6.2% | **not met** |" in page(AT_FIRST, MEASURED)
    met = copy.deepcopy(MEASURED)
    for one in met["sets"]:
        one |= {"actors_found": one["actors_planted"], "honest_flagged_share": 0.02}
    assert "not met" not in page({}, met)
    met["sets"][-1]["honest_flagged_share"] = 0.021
    assert page({}, met).count("not met") == 1


def test_what_was_committed_was_measured_on_five_seeds_that_nobody_tuned_on() -> None:
    for figures in (MEASURED, *AT_FIRST.values()):
        assert len(figures["seeds"]) >= 5
        assert min(figures["seeds"]) > 100
    assert MEASURED["unjudged"] == []
    assert [one["schemes"] for one in MEASURED["sets"]] == list(SchemeSet)
    assert {one["schemes"] for one in MEASURED["sets"] if one["held_out"]} == HELD_OUT


def test_each_author_was_read_once_before_anybody_saw_what_was_missed() -> None:
    assert set(AT_FIRST) == set(SchemeSet)
    for name, reading in AT_FIRST.items():
        (one,) = reading["sets"]
        assert one["schemes"] == name
        assert one["actors_found"] == sum(scheme["found"] for scheme in reading["schemes"])
        assert one["honest_visited"] == sum(reading["honest_visited"].values())


def test_the_example_on_the_page_is_a_rule() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    known = {
        "Rule": Rule,
        "Text": Text,
        "Subject": Subject,
        "ShareParameters": ShareParameters,
        "shares": shares,
    }
    exec(code, known)  # noqa: S102 our own page
    city = City().live()
    for month in city.months:
        for card in city.families["EW-003"]:
            sunday = city.when(month, 28)
            city.sell(card, "EW-003", sunday.replace(day=28 - sunday.isoweekday() % 7), city.goods())
    with city.books() as books:
        outcome = apply_rules(books, rules=[known["RULE"]])  # type: ignore[list-item]
    assert (outcome.suspicions[0].who, outcome.unjudged) == ("EW-003", ())
