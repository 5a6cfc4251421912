# SPDX-License-Identifier: Apache-2.0
"""Schemes of whichever author: names that no other has, the share of fraud that was told, and cards that can pay it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest
from tests.simulator.programme.purse import played

from ssn_card.simulator.programme.plan import Plan, plan
from ssn_card.simulator.programme.plan.calendar import NEVER
from ssn_card.simulator.programme.plan.draft import Draft
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.plan.scheme import PETTY, Scheme
from ssn_card.simulator.programme.sets import HELD_OUT, SchemeSet, schemes_of

SEED = 7
RULES = {f"A{number}" for number in range(1, 18)}
#: Who is held out is looked at each time, who was read long ago in the slow tests.
APART = [
    pytest.param(one, marks=[] if one in HELD_OUT else pytest.mark.slow)
    for one in SchemeSet
    if one is not SchemeSet.PROGRAMME
]
SUBJECTS = ("shop", "companion", "family", "card")


@dataclass
class Watch:
    """A scheme without actors, which only looks at the draft when the others are done."""

    draft: list[Draft] = field(default_factory=list)

    def scheme(self) -> Scheme:
        def look(draft: Draft) -> np.ndarray:
            self.draft.append(draft)
            return np.zeros(0, np.int64)

        return Scheme("watch", "shop", (), 1, look, lambda *_: None)


@dataclass(frozen=True)
class Told:
    """A year, the visits that were wanted, and the debits that came of them."""

    schemes: tuple[Scheme, ...]
    plan: Plan
    visits: np.ndarray
    debits: np.ndarray


def debits_of(some: Plan) -> np.ndarray:
    made: np.ndarray = some.events[(some.events["step"] == Step.DEBIT) & (some.events["fault"] != Fault.TORN)]
    return made


@pytest.fixture(scope="module", params=APART)
def year(request: pytest.FixtureRequest) -> Told:
    schemes, watch = schemes_of(request.param), Watch()
    made = plan(SEED, schemes=(*schemes, watch.scheme()))
    return Told(schemes, made, watch.draft[0].visits, debits_of(made))


def test_no_two_schemes_have_one_name() -> None:
    names = Counter(scheme.name for one in SchemeSet for scheme in schemes_of(one))
    assert set(names.values()) == {1}


def test_the_same_seed_gives_the_same_year(year: Told) -> None:
    again = plan(SEED, schemes=year.schemes)
    assert again.events.tobytes() == year.plan.events.tobytes()
    assert (again.baskets, again.actors) == (year.plan.baskets, year.plan.actors)
    assert plan(SEED + 1, schemes=year.schemes).events.tobytes() != year.plan.events.tobytes()


def test_every_rule_has_somebody_to_see(year: Told) -> None:
    fraud = [scheme for scheme in year.schemes if scheme.name.startswith("fraud-")]
    assert {rule for scheme in fraud for rule in scheme.rules} == RULES
    for scheme in year.schemes:
        assert scheme.name.startswith("lookalike-" if scheme.honest else ("fraud-", PETTY))
        assert scheme.subject in SUBJECTS
        assert scheme.rules
        assert set(scheme.rules) <= RULES


def test_as_many_look_like_fraud_as_commit_it(year: Told) -> None:
    kinds = Counter(scheme.name.partition("-")[0] for scheme in year.schemes)
    actors = Counter(one.scheme.partition("-")[0] for one in year.plan.actors)
    assert kinds["lookalike"] >= 10
    assert actors["lookalike"] >= actors["fraud"]


@pytest.mark.parametrize("seed", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 10))])
def test_every_scheme_has_its_actors_and_each_actor_events(seed: int, year: Told) -> None:
    some = plan(seed, schemes=year.schemes)
    for scheme in year.schemes:
        assert sum(one.scheme == scheme.name for one in some.actors) == scheme.actors
    of = {scheme.name for scheme in year.schemes}
    for one in (one for one in some.actors if one.scheme in of):
        own = some.events[some.events["actor"] == one.number]
        assert len(own), one
        kinds = {some.labels[label].kind for label in np.unique(own["label"]).tolist()}
        assert one.scheme in kinds, one
        assert not any(kind.startswith(("fraud-", PETTY)) for kind in kinds) or not one.honest


def test_labels_say_the_rules_of_their_schemes_and_look_alikes_are_honest(year: Told) -> None:
    of = {scheme.name: scheme for scheme in year.schemes}
    for kind, rules in year.plan.labels:
        if kind in of:
            assert tuple(rules.split(";")) == of[kind].rules
    for one in year.plan.actors:
        assert one.scheme not in of or one.honest == of[one.scheme].honest
        assert one.honest == (not one.scheme.startswith(("fraud-", PETTY)))


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(one, marks=pytest.mark.slow) for one in range(3, 10))])
def test_fraud_has_the_share_that_the_programme_tells(seed: int, year: Told) -> None:
    some = plan(seed, schemes=year.schemes)
    made = debits_of(some)
    fraud = np.array([label.kind.startswith("fraud-") for label in some.labels])
    assert 0.025 < fraud[made["label"]].mean() < 0.045
    petty = np.array([label.kind.startswith(PETTY) for label in some.labels])
    assert petty[made["label"]].mean() < 0.002
    shops = [one.place for one in some.actors if one.subject == "shop"]
    assert len(set(shops)) == len(shops)


def test_cards_can_pay_nearly_all_of_it(year: Told) -> None:
    visits = year.visits
    wanted = (visits["step"] == Step.DEBIT) & (visits["card"] != NEVER)
    assert len(year.debits) > 0.96 * wanted.sum()
    assert (year.debits["actor"] >= 0).sum() > 0.95 * (wanted & (visits["actor"] >= 0)).sum()


def test_every_card_may_do_all_that_is_planned(year: Told) -> None:
    assert sum(purse.balance for purse in played(year.plan)) >= 0


@pytest.mark.parametrize("families", [20, 130])
def test_a_small_city_has_some_of_them(families: int, year: Told) -> None:
    small = plan(3, families, schemes=year.schemes)
    assert any(not one.honest for one in small.actors)
    of = {scheme.name for scheme in year.schemes}
    for one in small.actors:
        assert one.scheme not in of or (small.events["actor"] == one.number).any(), one
