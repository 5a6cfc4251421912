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

MEASURED, AT_FIRST = (json.loads(path.read_text(encoding="utf-8")) for path in (FIGURES, FIRST))


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_the_first_reading_is_told_as_it_was_and_a_missed_goal_is_said() -> None:
    told = page(AT_FIRST, MEASURED)
    assert "| first | met | 80 | 42 | 6.2% |" in told
    assert "**not met**: 38 of 80 actors were missed and 6.2% of honest shops would be visited" in " ".join(
        told.split()
    )
    met = copy.deepcopy(AT_FIRST)
    for year in met["years"]:
        year |= {"actors_found": year["actors_planted"], "honest_flagged_share": 0.0}
    met["sets"] = MEASURED["sets"]
    assert "not met" not in page(met, met)


def test_what_was_committed_was_measured_on_five_held_out_seeds_at_least() -> None:
    for figures in (MEASURED, AT_FIRST):
        assert len(figures["seeds"]) >= 5
        assert min(figures["seeds"]) > 100
        assert figures["unjudged"] == []
        assert {one["schemes"] for one in figures["years"]} >= {"programme", "held-out"}


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
