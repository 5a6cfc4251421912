# SPDX-License-Identifier: Apache-2.0
"""The second author's schemes: each actor does what its signal says, and so much that it is evident once shown."""

from __future__ import annotations

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.apart.second import SCHEMES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, NEVER, month_in_year
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.scheme import PETTY

SEEDS = (11, 12, 13)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=SCHEMES))


def test_wrong_sales_are_a_real_part_of_a_shops_business_for_most_of_the_year(year: Year) -> None:
    shops = [one for one in year.plan.actors if one.subject == "shop" and one.scheme.startswith("fraud-")]
    assert len(shops) == 9
    for one in shops:
        own, at = year.of(one), year.debits["terminal"] == one.place + 1
        assert set(year.debits["terminal"][own].tolist()) == {one.place + 1}
        assert 0.06 < (own & at).sum() / at.sum() < 0.6, one
        assert len(np.unique(month_in_year(year.debits["at"][own] // DAY))) >= 7, one


@pytest.mark.parametrize("scheme", ["fraud-pledged", "fraud-shutter", "fraud-broker"])
def test_cards_in_hand_go_one_behind_another(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=4)
        assert len(stacks) >= 7
        gaps = np.concatenate([np.diff(moments) for moments in stacks])
        assert np.median(gaps) < 4 * MINUTE + 20
        assert sum(map(len, stacks)) > 0.7 * year.of(one).sum()


@pytest.mark.parametrize("scheme", ["fraud-pledged", "fraud-shutter"])
def test_cards_in_hand_live_at_the_shop(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        debits, own = year.debits, year.of(one)
        month = month_in_year(debits["at"] // DAY)
        held = set(zip(debits["card"][own].tolist(), month[own].tolist(), strict=True))
        theirs = np.array([pair in held for pair in zip(debits["card"].tolist(), month.tolist(), strict=True)])
        at_home = debits["terminal"][theirs] == one.place + 1
        assert at_home.mean() > 0.97  # another month's, by a clock that is wrong, may be among them
        assert len(np.unique(debits["card"][own])) >= 7


def test_behind_the_shutter_is_after_closing(year: Year) -> None:
    for one in year.actors("fraud-shutter"):
        hour = year.debits["at"][year.of(one)] % DAY
        assert np.mean(hour > year.plan.places.shut[one.place] + HOUR // 2) > 0.5


def test_cash_is_typed_in_as_heaps_that_were_never_bought(year: Year) -> None:
    for one in year.actors("fraud-discount"):
        own = year.of(one)
        goods = year.goods[year.debits["basket"][own]]
        usual = np.percentile(year.goods[year.debits["basket"][year.debits["actor"] < 0]], 99.5, axis=0)
        assert np.mean((goods > usual).any(axis=1)) > 0.7
        assert np.median(year.totals[own]) > 1.5 * np.median(year.totals[year.debits["actor"] < 0])
        others = (year.debits["actor"] < 0) & (year.debits["terminal"] == one.place + 1)
        assert np.mean(year.totals[own] > 450_000) > 0.15 > np.mean(year.totals[others] > 450_000)
        assert one.place in year.short


def test_cigarettes_are_more_milk_and_fish_than_was_bought(year: Year) -> None:
    for one in year.actors("fraud-cigarettes"):
        assert set(year.short[one.place]) & {"SUSU", "IKAN_KALENG"}
        own = year.of(one)
        assert (year.goods[year.debits["basket"][own]] > 0).any(axis=0).sum() <= 2


def test_only_who_did_not_buy_is_short_of_invoices(year: Year) -> None:
    unbought = {"fraud-discount", "fraud-cigarettes", "fraud-fee"}
    known = {one.place for one in year.plan.actors if one.scheme in unbought}
    assert set(year.short) <= known


def test_the_parcel_is_one_and_dear(year: Year) -> None:
    city = {
        (row["code"], row["valid_from"].month): row["price_rp"]
        for row in year.plan.tables["prices"].to_pylist()
        if row["kode_kecamatan"] is None
    }
    for one in year.actors("fraud-parcel"):
        own = year.debits[year.of(one)]
        assert len(np.unique(own["basket"])) <= 4 * 4  # of each season four sizes
        month = month_in_year(own["at"] // DAY) + 1
        for basket, when in zip(own["basket"].tolist(), month.tolist(), strict=True):
            items = year.plan.baskets[basket].items
            reference = sum(city[item.staple, when] * item.quantity for item in items)
            assert year.plan.baskets[basket].total > 1.08 * reference


def test_on_the_day_of_the_load_all_is_taken_before_the_goods_come(year: Year) -> None:
    for one in year.actors("fraud-load-day"):
        own = year.debits[year.of(one)]
        days = own["at"] // DAY
        month = month_in_year(days)
        assert (days - MONTH_STARTS[month] < 2).all()
        came = [
            (np.datetime64(row["bought_on"]).astype("datetime64[D]").astype(int), int(row["invoice"][-2:]))
            for row in year.plan.tables["invoices"].to_pylist()
            if row["id_ewarong"] == year.plan.who(one)
        ]
        first = {(half - 1) // 2: day for day, half in came if half % 2}
        assert all(day < first[at] for day, at in zip(days.tolist(), month.tolist(), strict=True))
        assert np.mean(year.totals[year.of(one)] >= 275_000) > 0.8


def test_cards_in_the_drawer_are_used_before_they_are_handed_over(year: Year) -> None:
    for one in year.actors("fraud-drawer"):
        own = year.debits[year.of(one)]
        delivered = year.plan.population.cards.delivered_on[own["card"]]
        assert ((delivered == NEVER) | (own["at"] // DAY < delivered)).all()
        cards, count = np.unique(own["card"], return_counts=True)
        assert len(cards) >= 6
        assert count.mean() > 4


def test_one_companion_is_behind_many_overrides(year: Year) -> None:
    lifts = year.plan.events[year.plan.events["step"] == Step.OVERRIDE]
    count = np.bincount(lifts["companion"], minlength=len(year.plan.companions))
    for one in year.actors("fraud-lent-consent"):
        assert count[one.place] > 1.5 * np.sort(count)[-2]


def test_a_fee_is_round_and_follows_a_sale(year: Year) -> None:
    for one in year.actors("fraud-fee"):
        own = year.of(one)
        assert len(np.unique(year.totals[own])) == 1
        assert year.totals[own][0] % 5_000 == 0
        debits, follows = year.debits, []
        for card, at in zip(debits["card"][own].tolist(), debits["at"][own].tolist(), strict=True):
            theirs = debits["at"][(debits["card"] == card) & (debits["terminal"] == one.place + 1)]
            follows.append(np.any((theirs < at) & (at - theirs < DAY)))
        assert np.mean(follows) > 0.95  # a sale that the card could not pay is not made


def test_slices_are_alike_and_of_one_day(year: Year) -> None:
    for one in year.actors("fraud-slices"):
        own = year.of(one)
        assert len(np.unique(year.totals[own])) == 1
        days, count = np.unique(year.debits["at"][own] // DAY, return_counts=True)
        assert len(days) >= 7
        assert np.median(count) >= 3


def test_a_broker_comes_from_one_other_kecamatan(year: Year) -> None:
    for one in year.actors("fraud-broker"):
        families = year.plan.population.families
        own = year.debits[year.of(one)]
        where = set(families.kecamatan[year.plan.population.cards.family[own["card"]]].tolist())
        assert len(where) == 1
        assert where != {year.plan.places.shops[one.place].kecamatan}


@pytest.mark.parametrize(("scheme", "often"), [("fraud-lost-for-sale", True), ("lookalike-house-on-stilts", False)])
def test_who_sells_cards_loses_four_in_distinct_months(scheme: str, often: bool, year: Year) -> None:
    cards = year.plan.population.cards
    for one in year.actors(scheme):
        own = np.flatnonzero((cards.family == one.place) & (cards.replaces != NEVER))
        months = month_in_year(cards.blocked_on[cards.replaces[own]])
        assert len(set(months.tolist())) == len(own)
        assert (len(own) >= 4) == often


def test_petty_wrongs_are_few(year: Year) -> None:
    petty = [one for one in year.plan.actors if one.scheme.startswith(PETTY)]
    assert len(petty) == 12
    for one in petty:
        made = (year.plan.events["actor"] == one.number) & (year.plan.events["step"] != Step.UPDATE)
        assert 1 <= made.sum() <= 7
