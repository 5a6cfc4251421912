# SPDX-License-Identifier: Apache-2.0
"""The third author's schemes: each actor does what its signal says, and so much that it is evident once shown."""

from __future__ import annotations

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.apart.third import SCHEMES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, NEVER, month_in_year
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.goods import CODES

SEEDS = (21, 22)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=SCHEMES))


def test_wrong_sales_are_a_real_part_of_a_shops_business_for_most_of_the_year(year: Year) -> None:
    shops = [one for one in year.plan.actors if one.subject == "shop" and one.scheme.startswith("fraud-")]
    assert len(shops) == 9
    for one in shops:
        own, at = year.of(one), year.debits["terminal"] == one.place + 1
        assert set(year.debits["terminal"][own].tolist()) == {one.place + 1}
        assert 0.06 < (own & at).sum() / at.sum() < 0.55, one
        assert len(np.unique(month_in_year(year.debits["at"][own] // DAY))) >= 8, one


def test_forty_and_more_are_honest_in_at_least_twelve_ways(year: Year) -> None:
    honest = [one.scheme for one in year.plan.actors if one.honest]
    assert len(honest) >= 40
    assert len(set(honest)) >= 12


@pytest.mark.parametrize("scheme", ["fraud-moneylender", "fraud-neighbourhood-head"])
def test_held_cards_go_one_behind_another_and_live_at_the_shop(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=3)
        assert len(stacks) >= 8
        assert np.median(np.concatenate([np.diff(moments) for moments in stacks])) < 4 * MINUTE
        debits, own = year.debits, year.of(one)
        month = month_in_year(debits["at"] // DAY)
        held = set(zip(debits["card"][own].tolist(), month[own].tolist(), strict=True))
        theirs = np.array([pair in held for pair in zip(debits["card"].tolist(), month.tolist(), strict=True)])
        assert np.mean(debits["terminal"][theirs] == one.place + 1) > 0.97  # but for a clock that is wrong
        assert len(np.unique(debits["card"][own])) >= 7


def test_cash_is_typed_in_as_heaps_that_were_never_bought(year: Year) -> None:
    for one in year.actors("fraud-notes-for-goods"):
        own = year.of(one)
        assert ((year.goods[year.debits["basket"][own]] > 0).sum(axis=1) <= 2).all()
        assert np.median(year.totals[own]) >= 240_000
        assert year.short[one.place]


def test_one_set_is_sold_to_all_and_is_dear(year: Year) -> None:
    for one in year.actors("fraud-tied-set"):
        own = year.of(one)
        _, count = np.unique(year.debits["basket"][own], return_counts=True)
        assert len(count) <= 9  # three sizes, filled three times
        assert np.mean(year.totals[own] == 300_000) > 0.5
        assert np.median(year.dearness(own)) > 1.08


def test_cards_are_emptied_before_the_goods_come(year: Year) -> None:
    for one in year.actors("fraud-before-the-truck"):
        own = year.debits[year.of(one)]
        days = own["at"] // DAY
        rows = [row for row in year.plan.tables["invoices"].to_pylist() if row["id_ewarong"] == year.plan.who(one)]
        came = {
            int(row["invoice"][-2:]) // 2: np.datetime64(row["bought_on"]).astype("datetime64[D]").astype(int)
            for row in rows
            if int(row["invoice"][-2:]) % 2
        }
        assert all(day < came[at] for day, at in zip(days.tolist(), month_in_year(days).tolist(), strict=True))
        assert (days - MONTH_STARTS[month_in_year(days)] < 6).all()
        assert np.median(year.totals[year.of(one)]) > 230_000


def test_cards_in_the_cupboard_are_used_before_they_are_handed_over(year: Year) -> None:
    for one in year.actors("fraud-clerks-cupboard"):
        own = year.debits[year.of(one)]
        delivered = year.plan.population.cards.delivered_on[own["card"]]
        assert ((delivered == NEVER) | (own["at"] // DAY < delivered)).all()
        _, count = np.unique(own["card"], return_counts=True)
        assert len(count) >= 6
        assert count.mean() > 4


def test_an_instalment_is_round_and_follows_the_shopping(year: Year) -> None:
    for one in year.actors("fraud-instalments"):
        own = year.of(one)
        assert (year.totals[own] % 5_000 == 0).all()
        debits, follows = year.debits, []
        for card, at in zip(debits["card"][own].tolist(), debits["at"][own].tolist(), strict=True):
            theirs = debits["at"][(debits["card"] == card) & (debits["terminal"] == one.place + 1)]
            follows.append(np.any((theirs < at) & (at - theirs < DAY)))
        assert np.mean(follows) > 0.95


def test_gas_is_more_oil_than_was_bought(year: Year) -> None:
    for one in year.actors("fraud-gas-as-oil"):
        sold = year.goods[year.debits["basket"][year.of(one)]].sum(axis=0)
        assert {CODES[staple] for staple in np.flatnonzero(sold)} == {"MINYAK"}
        assert "MINYAK" in year.short[one.place]


def test_only_who_did_not_buy_is_short_of_invoices(year: Year) -> None:
    unbought = {"fraud-notes-for-goods", "fraud-gas-as-oil", "fraud-instalments"}
    assert set(year.short) <= {one.place for one in year.plan.actors if one.scheme in unbought}


def test_a_caterer_loads_much_from_one_other_kecamatan_before_opening(year: Year) -> None:
    cards = year.plan.population.cards
    for one in year.actors("fraud-caterer"):
        own, shop = year.of(one), year.plan.places.shops[one.place]
        where = set(year.plan.population.families.kecamatan[cards.family[year.debits["card"][own]]].tolist())
        assert len(where) == 1
        assert where != {shop.kecamatan}
        assert np.mean(year.debits["at"][own] % DAY < shop.opens) > 0.9
        assert np.median(year.totals[own]) > 1.5 * np.median(year.totals[year.debits["actor"] < 0])


def test_one_companion_is_behind_many_overrides(year: Year) -> None:
    lifts = year.plan.events[year.plan.events["step"] == Step.OVERRIDE]
    count = np.bincount(lifts["companion"], minlength=len(year.plan.companions))
    for one in year.actors("fraud-signs-for-all"):
        assert count[one.place] > 1.5 * np.sort(count)[-2]


@pytest.mark.parametrize(("scheme", "often"), [("fraud-card-sold-again", True), ("lookalike-bad-luck", False)])
def test_who_sells_cards_loses_four_in_distinct_months(scheme: str, often: bool, year: Year) -> None:
    cards = year.plan.population.cards
    for one in year.actors(scheme):
        own = np.flatnonzero((cards.family == one.place) & (cards.replaces != NEVER))
        months = month_in_year(cards.blocked_on[cards.replaces[own]])
        assert len(set(months.tolist())) == len(own)
        assert (len(own) >= 4) == often


# ------------------------------------------------------------ who only looks like it


@pytest.mark.parametrize("scheme", ["lookalike-landing", "lookalike-big-house", "lookalike-orders-ahead"])
def test_honest_cards_too_go_one_behind_another(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=3)
        assert len(stacks) >= 4, one
        assert np.median(np.concatenate([np.diff(moments) for moments in stacks])) < 5 * MINUTE


def test_honest_prices_are_round_or_above_for_what_is_better(year: Year) -> None:
    for one in year.actors("lookalike-small-packs"):
        assert (year.totals[year.of(one)] % 2_500 == 0).all()
    for one in year.actors("lookalike-fragrant-rice"):
        has = year.goods[year.debits["basket"]][:, CODES.index("BERAS")] > 0
        assert np.median(year.dearness(year.of(one) & has)) < 1.1


def test_honest_hours_are_odd_where_there_is_leave(year: Year) -> None:
    for one in year.actors("lookalike-night-market"):
        hour = year.debits["at"][year.of(one)] % DAY
        assert np.mean(hour >= year.plan.places.shut[one.place]) > 0.9
        assert np.mean(hour < 22 * HOUR + 30 * MINUTE) > 0.9  # the others by a clock that is wrong


def test_a_shop_of_spring_sells_nothing_before(year: Year) -> None:
    for one in year.actors("lookalike-opened-in-spring"):
        at = np.sort(year.debits["at"][year.debits["terminal"] == one.place + 1])
        assert np.mean(at // DAY < MONTH_STARTS[2]) < 0.02
        assert len(at) > 50
