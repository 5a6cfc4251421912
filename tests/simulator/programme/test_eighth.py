# SPDX-License-Identifier: Apache-2.0
"""The eighth author's schemes: what each of them does to the data, as an auditor who knew of it would look for it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, MINUTE, MONTH_STARTS, NEVER, day_of, month_in_year
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.goods import CODES
from ssn_card.simulator.programme.sets import SchemeSet, schemes_of

pytestmark = pytest.mark.slow  # of a set's names, shares and money the quick tests are in test_sets


@pytest.fixture(scope="module", params=[11, 12])
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=schemes_of(SchemeSet.EIGHTH)))


@pytest.mark.parametrize(
    "scheme", ["fraud-drawer-of-the-head", "fraud-checking-round", "fraud-plant-gate", "lookalike-boatman"]
)
def test_cards_come_in_one_hand(year: Year, scheme: str) -> None:
    for actor in year.actors(scheme):
        gaps = np.concatenate([np.diff(one) for one in year.sittings(actor, least=3)])
        assert np.median(gaps) < (4 if scheme == "lookalike-boatman" else 3) * MINUTE


def test_workers_of_the_plant_live_elsewhere(year: Year) -> None:
    people = year.plan.population
    for actor in year.actors("fraud-plant-gate"):
        family = people.cards.family[year.debits["card"][year.of(actor)]]
        assert (people.families.kecamatan[family] != people.places.shop_kecamatan[actor.place]).all()


@pytest.mark.parametrize("scheme", ["fraud-savers-circle", "fraud-cookshop", "lookalike-twelve-mouths"])
def test_large_debits_are_above_others(year: Year, scheme: str) -> None:
    for actor in year.actors(scheme):
        assert np.median(year.totals[year.of(actor)]) > 2 * np.median(year.totals)


def test_rent_is_due_when_the_money_comes(year: Year) -> None:
    for actor in year.actors("fraud-rented-rooms"):
        days = year.debits["at"][year.of(actor)] // DAY
        assert (days - MONTH_STARTS[month_in_year(days)]).max() <= 2


@pytest.mark.parametrize("scheme", ["fraud-night-watch", "lookalike-harvest-lamp", "lookalike-yard-guard"])
def test_outside_of_opening_hours(year: Year, scheme: str) -> None:
    shops = year.plan.places.shops
    off = {clock.terminal for clock in year.plan.clocks}
    for actor in year.actors(scheme):
        own = year.debits[year.of(actor)]
        own = own[~np.isin(own["terminal"], list(off))]
        hours = {one: (shops[one - 1].opens, shops[one - 1].closes) for one in np.unique(own["terminal"]).tolist()}
        open_ = [hours[at][0] <= when % DAY < hours[at][1] for at, when in own[["terminal", "at"]].tolist()]
        assert not any(open_)


@pytest.mark.parametrize("scheme", ["fraud-night-watch", "fraud-school-fees", "lookalike-by-the-week"])
def test_round_sums(year: Year, scheme: str) -> None:
    for actor in year.actors(scheme):
        own = year.of(actor)
        assert (year.totals[own] % 5_000 == 0).mean() > 0.9
        assert (year.totals[~own] % 5_000 == 0).mean() < 0.5


@pytest.mark.parametrize("scheme", ["fraud-school-fees", "fraud-rice-on-thursday", "fraud-electric-meter"])
def test_sold_more_than_was_bought(year: Year, scheme: str) -> None:
    for actor in year.actors(scheme):
        assert year.short[actor.place]


def test_a_coupon_is_paid_before_the_goods_are_there(year: Year) -> None:
    rows = year.plan.tables["invoices"].to_pylist()
    for actor in year.actors("fraud-coupon"):
        id_ = year.plan.places.shops[actor.place].id
        came = np.array([day_of(row["bought_on"]) for row in rows if row["id_ewarong"] == id_])
        days = year.debits["at"][year.of(actor)] // DAY
        begins = MONTH_STARTS[month_in_year(days)] - 3  # when others' goods for the first half come
        there = [((came >= first) & (came <= day)).any() for first, day in zip(begins, days, strict=True)]
        assert np.mean(there) < 0.2


def test_the_parcel_is_one_and_dear(year: Year) -> None:
    for actor in year.actors("fraud-only-the-parcel"):
        own = year.of(actor)
        assert np.median(year.dearness(own)) > 1.05
        months = month_in_year(year.debits["at"][own] // DAY)
        for month in np.unique(months):
            kinds = np.unique(year.goods[year.debits["basket"][own][months == month]], axis=0)
            assert len(kinds) <= 2


def test_cards_that_were_not_at_home(year: Year) -> None:
    cards = year.plan.population.cards
    for actor in year.actors("fraud-not-at-home"):
        own = year.debits[year.of(actor)]
        handed = cards.delivered_on[own["card"]]
        assert ((handed == NEVER) | (own["at"] // DAY < handed)).mean() > 0.95


@pytest.mark.parametrize("scheme", ["fraud-washed-away", "lookalike-fisherman"])
def test_cards_are_replaced_in_distinct_months(year: Year, scheme: str) -> None:
    cards = year.plan.population.cards
    for actor in year.actors(scheme):
        months = month_in_year(cards.issued_on[(cards.family == actor.place) & (cards.replaces != NEVER)])
        assert len(months) >= 4
        assert len(np.unique(months)) == len(months)


@pytest.mark.parametrize(
    ("scheme", "least"),
    [("fraud-fee-for-a-signature", 12), ("lookalike-burnt-row", 5), ("lookalike-ill-colleagues", 5)],
)
def test_one_companion_is_behind_many_overrides(year: Year, scheme: str, least: int) -> None:
    events = year.plan.events
    raised = events[events["step"] == Step.OVERRIDE]
    for actor in year.actors(scheme):
        own = raised[raised["actor"] == actor.number]
        assert len(own) >= least
        assert set(own["companion"].tolist()) == {actor.place}


def test_the_second_turn_follows_the_first(year: Year) -> None:
    for actor in year.actors("fraud-again-for-the-signal"):
        second = year.debits[year.of(actor)]
        of_card = {card: year.debits["at"][year.debits["card"] == card] for card in np.unique(second["card"]).tolist()}
        waits = [min(at - one for one in of_card[card] if one < at) for card, at in second[["card", "at"]].tolist()]
        assert np.mean(np.array(waits) < DAY) > 0.95


def test_a_token_is_one_line_of_a_strange_sum(year: Year) -> None:
    for actor in year.actors("fraud-electric-meter"):
        own = year.of(actor)
        assert set((year.totals[own] % 10_000).tolist()) == {2_000}
        assert (year.goods[year.debits["basket"][own]] > 0).sum(axis=1).max() == 1


def test_milk_for_the_child(year: Year) -> None:
    milk, rice = CODES.index("SUSU"), CODES.index("BERAS")
    for actor in year.actors("lookalike-on-milk"):
        goods = year.goods[year.debits["basket"][year.of(actor)]]
        assert goods[:, milk].mean() > 3 * max(1, goods[:, rice].mean())


def test_the_book_was_typed_after_the_card_was_used(year: Year) -> None:
    for actor in year.actors("lookalike-book-typed-late"):
        own = year.debits[year.of(actor)]
        assert (own["at"] // DAY < year.plan.population.cards.delivered_on[own["card"]]).all()
