# SPDX-License-Identifier: Apache-2.0
"""The seventh author's schemes leave on the data what the rules that they name look for, and honest shops do not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, HOUR, MONTH_STARTS, NEVER, day_of, month_in_year
from ssn_card.simulator.programme.plan.draft import Actor
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.goods import CODES
from ssn_card.simulator.programme.sets import SchemeSet, schemes_of

NOTE = 50_000


def who(year: Year, scheme: str) -> Iterator[tuple[Actor, np.ndarray]]:
    """Actors of a scheme, each with which debits are its own."""
    yield from ((actor, year.of(actor)) for actor in year.actors(scheme))


@pytest.fixture(scope="module", params=[7, pytest.param(8, marks=pytest.mark.slow)])
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=schemes_of(SchemeSet.SEVENTH)))


def _missing(year: Year) -> np.ndarray:
    """(shop, month): of how many staples a shop sold more in a month than it had bought for it."""
    shape = (len(year.plan.places.shops), 12, len(CODES))
    stock = np.zeros(shape)
    ids = {shop.id: place for place, shop in enumerate(year.plan.places.shops)}
    for row in year.plan.tables["invoices"].to_pylist():
        half = int(row["invoice"].rpartition("-")[2]) - 1
        stock[ids[row["id_ewarong"]], half // 2, CODES.index(row["code"])] += float(row["quantity"])
    months = month_in_year(year.debits["at"] // DAY)
    for debit, month in zip(year.debits, months.tolist(), strict=True):
        for item in year.plan.baskets[debit["basket"]].items:
            stock[int(debit["terminal"]) - 1, month, CODES.index(item.staple)] -= item.quantity
    short: np.ndarray = (stock < 0).sum(axis=2)
    return short


def test_goods_are_missing_where_they_were_never_bought_and_nowhere_else(year: Year) -> None:
    short = _missing(year)
    for scheme in ("fraud-gas-under-tins", "fraud-light-sacks", "fraud-two-moons", "fraud-till-lends"):
        for actor, own in who(year, scheme):
            worked = np.unique(month_in_year(year.debits["at"][own] // DAY))
            assert (short[actor.place, worked] > 0).sum() >= 3, actor
    told = [
        one.place for one in year.plan.actors if one.subject == "shop" and ("A14" in one.rules or "A1" in one.rules)
    ]
    clocks = [clock.terminal - 1 for clock in year.plan.clocks]  # there a debit may be in another month
    others = np.setdiff1d(np.arange(len(short)), told + clocks)
    assert not short[others].any()


def test_slips_are_paid_before_the_truck_comes(year: Year) -> None:
    for actor, own in who(year, "fraud-paper-slips"):
        shop = year.plan.places.shops[actor.place].id
        rows = [row for row in year.plan.tables["invoices"].to_pylist() if row["id_ewarong"] == shop]
        arrives = {int(row["invoice"].rpartition("-")[2]) - 1: day_of(row["bought_on"]) for row in rows}
        day = year.debits["at"][own] // DAY
        month = month_in_year(day)
        half = 2 * month + (day - MONTH_STARTS[month] >= 15)
        assert np.mean([one < arrives[which] for one, which in zip(day, half.tolist(), strict=True)]) > 0.95


def test_the_shutter_is_down(year: Year) -> None:
    for actor, own in who(year, "fraud-shutter-down"):
        shop, second = year.plan.places.shops[actor.place], year.debits["at"][own] % DAY
        assert np.mean((second < shop.opens) | (second > shop.closes)) > 0.6


def test_cards_are_used_that_nobody_was_given(year: Year) -> None:
    given = year.plan.population.cards.delivered_on
    for _, own in who(year, "fraud-still-being-printed"):
        card, day = year.debits["card"][own], year.debits["at"][own] // DAY
        assert ((given[card] == NEVER) | (day < given[card])).all()
        assert len(np.unique(card)) >= 3


def test_cards_are_lost_in_four_months_or_more(year: Year) -> None:
    cards = year.plan.population.cards
    for actor, _ in who(year, "fraud-sold-then-lost"):
        lost = (cards.family == actor.place) & (cards.worked_until != NEVER)
        assert len(np.unique(month_in_year(cards.worked_until[lost]))) >= 4


def test_she_raises_limits_more_often_than_companions_do(year: Year) -> None:
    events = year.plan.events
    by = np.bincount(events["companion"][events["step"] == Step.OVERRIDE], minlength=len(year.plan.companions))
    actors = [one.place for one in year.plan.actors if one.subject == "companion"]
    honest = np.delete(by, actors).max()
    assert all(by[actor.place] > honest for actor, _ in who(year, "fraud-months-held-back"))


def test_old_people_pay_the_same_bag_twice(year: Year) -> None:
    debits = year.debits
    for _, own in who(year, "fraud-machine-failed"):
        for again in debits[own]:
            gap = again["at"] - debits["at"][(debits["card"] == again["card"]) & (debits["basket"] == again["basket"])]
            assert ((gap > 0) & (gap < HOUR)).any()


def test_cards_come_from_another_kecamatan(year: Year) -> None:
    people, places = year.plan.population, year.plan.places
    for scheme in ("fraud-bag-of-cards", "fraud-lender-in-the-family"):
        for actor, own in who(year, scheme):
            family = people.cards.family[year.debits["card"][own]]
            assert (people.families.kecamatan[family] != places.shop_kecamatan[actor.place]).all()


def test_money_is_round_and_two_loads_are_large(year: Year) -> None:
    for _, own in who(year, "fraud-till-lends"):
        assert (year.totals[own] % NOTE == 0).all()
    for scheme in ("fraud-two-moons", "fraud-arisan-turns"):
        for _, own in who(year, scheme):
            assert year.totals[own].mean() > 1.8 * year.totals.mean()
