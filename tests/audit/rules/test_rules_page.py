# SPDX-License-Identifier: Apache-2.0
"""The page of rules is that of the rules and of the figures beside it, and its example is a rule."""

from __future__ import annotations

import copy
import json
import re

import pytest
from tests.audit.rules.world import City

from rules_page import FIGURES, PAGE, main, page
from ssn_card.audit.rules import Rule, Subject, apply_rules
from ssn_card.audit.rules.peers import ShareParameters, shares
from ssn_card.protocol.errors import Text

MEASURED = json.loads(FIGURES.read_text(encoding="utf-8"))


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_figures_are_told_as_they_are() -> None:
    figures = copy.deepcopy(MEASURED)
    figures["actors_found"], figures["actors_planted"], figures["honest_flagged_share"] = 3, 7, 0.25
    told = " ".join(page(figures).split())
    assert "**3 of 7 actors were found, and 25.0% of honest shops" in told


def test_what_was_committed_was_measured_on_five_held_out_seeds_at_least() -> None:
    assert len(MEASURED["seeds"]) >= 5
    assert min(MEASURED["seeds"]) > 100
    assert MEASURED["unjudged"] == []
    assert {one["schemes"] for one in MEASURED["years"]} == {"programme", "held-out"}


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
