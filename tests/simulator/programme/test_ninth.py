# SPDX-License-Identifier: Apache-2.0
"""The ninth author's schemes leave on the data what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from ssn_card.receipts import Basket
from ssn_card.simulator.programme.plan import Plan, plan
from ssn_card.simulator.programme.plan.calendar import DAY, MONTH_STARTS, NEVER, day_of, month_in_year
from ssn_card.simulator.programme.plan.draft import Actor
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.sets import SchemeSet, schemes_of

SEED = 5
MINUTES = 60


@pytest.fixture(scope="module")
def year() -> Plan:
    return plan(SEED, schemes=schemes_of(SchemeSet.NINTH))


def actors(year: Plan, scheme: str) -> list[Actor]:
    found = [one for one in year.actors if one.scheme == scheme]
    assert found
    return found


def steps(year: Plan, actor: Actor, step: Step = Step.DEBIT) -> np.ndarray:
    own: np.ndarray = year.events[(year.events["actor"] == actor.number) & (year.events["step"] == step)]
    return np.sort(own[own["fault"] != Fault.TORN], order="at")


def baskets(year: Plan, rows: np.ndarray) -> Iterator[Basket]:
    return (year.baskets[one] for one in rows["basket"].tolist())


def days(rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = rows["at"] // DAY
    return found


def quick(rows: np.ndarray, seconds: int) -> float:
    """Share of debits that follow another within so many seconds, at one terminal."""
    near = [bool(b["at"] - a["at"] < seconds and a["terminal"] == b["terminal"]) for a, b in pairwise(rows)]
    return sum(near) / len(near)


def test_the_drawer_pays_with_cards_that_nobody_was_handed(year: Plan) -> None:
    (actor,) = actors(year, "fraud-letter-drawer")
    rows = steps(year, actor)
    handed = year.population.cards.delivered_on[rows["card"]]
    assert len(set(rows["card"].tolist())) >= 5
    assert ((handed == NEVER) | (days(rows) < handed)).all()


@pytest.mark.parametrize("scheme", ["fraud-rice-advance", "fraud-cousins-terminal"])
def test_cards_of_one_hand_follow_each_other_faster_than_people(year: Plan, scheme: str) -> None:
    for actor in actors(year, scheme):
        assert quick(steps(year, actor), 3 * MINUTES) > 0.5


def test_the_closed_shop_sells_in_the_evening_what_it_never_bought(year: Plan) -> None:
    (actor,) = actors(year, "fraud-closed-shutters")
    rows = steps(year, actor)
    assert (rows["at"] % DAY > year.places.shut[actor.place]).mean() > 0.4
    first, shop = int(days(rows).min()), year.places.shops[actor.place].id
    bought = [
        line["quantity"]
        for line in year.tables["invoices"].to_pylist()
        if line["id_ewarong"] == shop and day_of(line["bought_on"]) > first + 16
    ]
    later = rows[days(rows) > first + 16]
    claimed = sum(item.quantity for basket in baskets(year, later) for item in basket.items)
    assert sum(bought) < claimed


def test_the_parcel_is_one_and_dear(year: Plan) -> None:
    (actor,) = actors(year, "fraud-cooperative-parcel")
    rows = steps(year, actor)
    assert len(set(rows["basket"].tolist())) <= 6
    for basket, day in zip(baskets(year, rows), days(rows), strict=True):
        list_price = dict(zip(("BERAS", "TELUR"), year_prices(year, int(day)), strict=True))
        over = [
            item.rupiah / item.quantity / list_price[item.staple] for item in basket.items if item.staple in list_price
        ]
        assert np.mean(over) > 1.0


def year_prices(year: Plan, day: int) -> tuple[int, int]:
    """The city's prices of rice and eggs on a day."""
    rows = [one for one in year.tables["prices"].to_pylist() if one["kode_kecamatan"] is None]
    month = int(month_in_year(day)) + 1
    of = {one["code"]: one["price_rp"] for one in rows if one["valid_from"].month == month}
    return of["BERAS"], of["TELUR"]


@pytest.mark.parametrize(("scheme", "minutes"), [("fraud-split-ticket", 190), ("lookalike-up-the-hill", 175)])
def test_one_errand_becomes_several_debits(year: Plan, scheme: str, minutes: int) -> None:
    (actor,) = actors(year, scheme)
    rows = np.sort(steps(year, actor), order=["card", "at"])
    again = [a["card"] == b["card"] and b["at"] - a["at"] < minutes * MINUTES for a, b in pairwise(rows)]
    assert np.mean(again) > 0.35


def test_who_waits_for_goods_has_paid_before_they_came(year: Plan) -> None:
    (actor,) = actors(year, "fraud-waiting-list")
    rows, shop = steps(year, actor), year.places.shops[actor.place].id
    came = [
        line["bought_on"].toordinal() - 719_163
        for line in year.tables["invoices"].to_pylist()
        if line["id_ewarong"] == shop
    ]
    starts = MONTH_STARTS[month_in_year(days(rows))]
    assert (days(rows) - starts <= 4).all()
    stocked = [
        any(start - 3 <= one <= day for one in came)
        for day, start in zip(days(rows).tolist(), starts.tolist(), strict=True)
    ]
    assert np.mean(stocked) < 0.15


def test_signatures_are_sold_more_than_anybody_confirms(year: Plan) -> None:
    (actor,) = actors(year, "fraud-signature-sold")
    counts = Counter(year.events["companion"][year.events["step"] == Step.OVERRIDE].tolist())
    del counts[NEVER]
    assert counts[actor.place] >= 15
    assert counts[actor.place] > 3 * np.mean(list(counts.values()))


def test_a_card_is_sold_as_lost_in_four_months_at_least(year: Plan) -> None:
    cards = year.population.cards
    for actor in actors(year, "fraud-sold-as-lost"):
        new = np.flatnonzero((cards.family == actor.place) & (cards.replaces != NEVER))
        assert len(set(month_in_year(cards.issued_on[new]).tolist())) >= 4
        assert len(steps(year, actor)) >= 4


def test_the_list_of_the_van_is_typed_when_its_cards_have_long_paid(year: Plan) -> None:
    (actor,) = actors(year, "lookalike-list-of-the-van")
    rows = steps(year, actor)
    assert actor.honest
    assert len(rows)
    assert (days(rows) < year.population.cards.delivered_on[rows["card"]]).all()


def test_left_behind_cards_pay_for_two_months_at_once(year: Plan) -> None:
    (actor,) = actors(year, "fraud-left-behind")
    rows = steps(year, actor)
    assert np.median([basket.total for basket in baskets(year, rows)]) > 450_000
    assert set(rows["terminal"].tolist()) == {actor.place + 1}
