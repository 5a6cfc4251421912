# SPDX-License-Identifier: Apache-2.0
"""What cannot be judged is told; parameters are the reader's; a rule of another package is one among ours."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from tests.audit.rules.plants import at_night, mark_up
from tests.audit.rules.world import City

from ssn_card.audit.books import Books
from ssn_card.audit.rules import RulesOutcome, Subject, Weight, apply_rules, discovery, find_rules, load_parameters
from ssn_card.audit.rules.errors import BadRule, BadRuleParameters
from ssn_card.audit.rules.outcome import Flag, Peers
from ssn_card.audit.rules.parameters import SHIPPED, as_toml
from ssn_card.audit.rules.visits import VisitParameters, suspicions
from ssn_card.protocol.errors import NO_TEXT, Text

RULES = {rule.code: rule for rule in find_rules()}
PEERS = Peers(1, 0, 0, 0, 0, 0)


def why(outcome: RulesOutcome, rule: str) -> list[str]:
    return [one.why.en for one in outcome.unjudged if one.rule == rule]


def test_a_rule_without_its_data_is_unjudged_and_the_others_go_on() -> None:
    city = City().live()
    guilty = at_night(city)
    city.tables -= {"prices", "invoices"}
    with city.books() as books:
        outcome = apply_rules(books)
    assert why(outcome, "A10") == ["prices.csv is not among the data"]
    assert why(outcome, "A14") == ["invoices.csv is not among the data"]
    assert {one.rule for one in outcome.unjudged} == {"A6", "A10", "A14", "A15"}
    assert guilty in {one.who for one in outcome.suspicions}
    assert set(outcome.seconds) == set(outcome.parameters) - {"visit"} == set(RULES)


@pytest.mark.parametrize(
    "broken",
    [
        replace(RULES["A17"], query="SELECT nonsense FROM nowhere"),
        replace(RULES["A17"], evidence="SELEC"),
        replace(RULES["A17"], query="SELECT 'shop' AS subject, 'x' AS who, 1.0 AS score FROM evidence"),
        replace(
            RULES["A17"],
            query="SELECT 'moon' AS subject, 'x' AS who, 1.0 AS score, 1.0 AS measure, 1 AS k FROM evidence",
        ),
        replace(RULES["A17"], evidence="SELECT $nothing"),
        replace(RULES["A17"], reason=Text("{nothing}", "{nothing}")),
    ],
)
def test_a_broken_rule_is_unjudged_and_the_others_go_on(broken: object) -> None:
    city = City().live()
    guilty = mark_up(city)
    at_night(city)
    with city.books() as books:
        outcome = apply_rules(books, rules=[broken, RULES["A10"]])  # type: ignore[list-item]
    (told,) = why(outcome, "A17")
    assert told.startswith("its question cannot be answered: ")
    assert [one.who for one in outcome.suspicions] == [guilty]


def test_sales_without_a_basket_or_a_price_are_told() -> None:
    city = City().live()
    city.sell(city.families["EW-001"][0], "EW-001", city.when(2, 9), None, amount=120_000)
    with city.books() as books:
        books.connection.execute("DELETE FROM prices WHERE code = 'GULA'")
        outcome = apply_rules(books)
    assert why(outcome, "A14") == [
        "1 sales over Rp120.000 have no basket that fits; what was bought there is not known."
    ]
    (_, price) = why(outcome, "A10")
    assert "lines of GULA between 2026-01-0" in price


def test_what_the_books_remark_is_told_first() -> None:
    city = City().live()
    with city.books() as books:
        remarked = Books(books.connection, books.tables, (Text("strange", "aneh"),))
        outcome = apply_rules(remarked, rules=[])
    assert [(one.rule, one.why.en) for one in outcome.unjudged] == [("books", "strange")]


def test_parameters_decide() -> None:
    city = City().live()
    guilty = at_night(city)
    rules = [RULES["A17"]]
    with city.books() as books:
        strict = apply_rules(books, load_parameters(rules), rules)
        lax = load_parameters(rules)
        lax = replace(lax, rules={"A17": lax.rules["A17"].model_copy(update={"minutes": 600})})
        assert [one.who for one in strict.suspicions if one.subject is Subject.SHOP] == [guilty]
        assert apply_rules(books, lax, rules).suspicions == ()


def test_the_file_that_is_shipped_holds_every_parameter_at_its_default() -> None:
    rules = find_rules()
    assert SHIPPED.read_text() == as_toml(rules)
    assert tomllib.loads(SHIPPED.read_text()) == load_parameters(rules).as_dict()
    assert load_parameters(rules, SHIPPED) == load_parameters(rules)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[A4]\nseconds = 30\nspeed = 2\n", "p.toml:3 A4.speed"),
        ("[A4]\nseconds = -1\n", "p.toml:2 A4.seconds"),
        ('[A4]\nseconds = "fast"\n', "p.toml:2 A4.seconds"),
        ("[A4]\ncards = 2.5\n", "p.toml:2 A4.cards"),
        ("[A99]\nx = 1\n", "p.toml:1 A99"),
        ("\n[visit]\nenough = 2\n", "p.toml:3 visit.enough"),
        ("[A4\n", "p.toml:1"),
        ("A4 = 3\n", "p.toml:1 A4"),
    ],
)
def test_a_wrong_parameter_is_named_by_its_place(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(BadRuleParameters) as caught:
        load_parameters(find_rules(), path)
    assert caught.value.where == where


def test_no_file_of_parameters_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRuleParameters, match="No such file"):
        load_parameters(find_rules(), tmp_path / "absent.toml")


EXTRA = replace(RULES["A17"], code="X1")


def test_a_rule_of_another_package_is_found_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = [EntryPoint("extra", f"{__name__}:EXTRA", discovery.GROUP)]
    monkeypatch.setattr(discovery, "entry_points", lambda group: ours)
    assert [rule.code for rule in find_rules()] == [*RULES, "X1"]


@pytest.mark.parametrize(
    "value", ["absent.module:RULE", f"{__name__}:PEERS", "ssn_card.audit.rules.a17_outside_hours:RULE"]
)
def test_a_rule_of_another_package_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setattr(discovery, "entry_points", lambda group: [EntryPoint("extra", value, group)])
    with pytest.raises(BadRule) as caught:
        find_rules()
    assert caught.value.name == "extra"


def test_rules_come_by_their_numbers() -> None:
    assert list(RULES) == [f"A{number}" for number in range(1, 19)]


def flag(rule: str, score: float, who: str = "EW-001") -> Flag:
    return Flag(rule, Subject.SHOP, who, score, score, PEERS, NO_TEXT, (), 0, 0, None, None)


def test_doubts_add_up_by_weight() -> None:
    weights = {"G": Weight.GRAVE, "P": Weight.PLAIN, "W": Weight.WEAK}
    given = [
        flag("G", 0.5),
        flag("P", 0.5),
        replace(flag("W", 1.0, "EW-002"), backing=0.0),
        flag("P", 0.45, "EW-003"),
        replace(flag("W", 0.9, "EW-003"), backing=0.0),
    ]
    found = suspicions(given, weights, VisitParameters(plain=0.8, weak=0.2))
    assert [(one.who, one.score, one.visit) for one in found] == [
        ("EW-001", 0.7, True),
        ("EW-003", 0.4752, True),
        ("EW-002", 0.2, False),
    ]
    assert [one.rule for one in found[0].flags] == ["G", "P"]


def test_a_habit_counts_as_far_as_money_stands_behind_it_and_the_strongest_alone() -> None:
    weights = {"H": Weight.HABIT, "I": Weight.HABIT, "W": Weight.WEAK, "G": Weight.GRAVE}
    given = [
        replace(flag("H", 0.5), backing=0.5),
        replace(flag("I", 1.0, "EW-002"), backing=0.0),
        replace(flag("H", 0.9, "EW-002"), backing=0.0),
        replace(flag("W", 0.9, "EW-002"), backing=0.0),
        replace(flag("H", 0.5, "EW-003"), backing=1.0),
        flag("G", 0.5, "EW-003"),
    ]
    found = suspicions(given, weights, VisitParameters(plain=0.8, weak=0.2))
    assert {one.who: (one.score, one.visit) for one in found} == {
        "EW-001": (0.25, True),
        "EW-002": (0.2, False),
        "EW-003": (0.7, True),
    }


@pytest.mark.parametrize("shops", [1, 2])
def test_who_has_no_peers_is_not_unlike_them(shops: int) -> None:
    with City(shops=shops).live().books() as books:
        outcome = apply_rules(books)
    assert {one.rule for one in outcome.unjudged} <= {"A5"}  # hardly anybody empties his card here
    assert [one.who for one in outcome.suspicions if one.visit] == []


def test_where_nothing_was_sold_nobody_is_judged_and_that_is_told() -> None:
    with City().books() as books:
        outcome = apply_rules(books)
    assert outcome.suspicions == ()
    assert {one.rule for one in outcome.unjudged} == set(RULES) - {"A12", "A13"}  # of cards something is known
    assert {one.why.en for one in outcome.unjudged} == {"there is nobody of whom enough is known"}
