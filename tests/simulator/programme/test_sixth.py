# SPDX-License-Identifier: Apache-2.0
"""The sixth author's schemes: each actor does what its signal says, and so much that it is evident once shown."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.apart.sixth import SCHEMES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, NEVER, month_in_year
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.goods import CODES

SEEDS = (31, 32)
UNBOUGHT = ("fraud-sixty-for-hundred", "fraud-did-not-go-through", "fraud-power-tokens")
RICE, CHICKEN = CODES.index("BERAS"), CODES.index("AYAM")


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=SCHEMES))


def test_wrong_sales_are_a_real_part_of_a_shops_business_for_most_of_the_year(year: Year) -> None:
    shops = [one for one in year.plan.actors if one.subject == "shop" and one.scheme.startswith("fraud-")]
    assert len(shops) == 9
    for one in shops:
        own, at = year.of(one), year.debits["terminal"] == one.place + 1
        assert set(year.debits["terminal"][own].tolist()) == {one.place + 1}
        assert 0.08 < (own & at).sum() / at.sum() < 0.55, one
        assert len(np.unique(month_in_year(year.debits["at"][own] // DAY))) >= 8, one


def test_thirty_and_more_are_honest_and_most_shops_plain(year: Year) -> None:
    honest = [one for one in year.plan.actors if one.honest and one.scheme.startswith("lookalike-")]
    assert len(honest) >= 30
    assert len({one.scheme for one in honest}) >= 12
    assert 10 <= sum(one.subject == "shop" for one in honest) <= 14


@pytest.mark.parametrize(("scheme", "slowest"), [("fraud-debt-book", 3), ("fraud-saved-fingers", 2.5)])
def test_held_cards_go_one_behind_another_and_buy_nowhere_else_in_those_months(
    scheme: str, slowest: float, year: Year
) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=3)
        assert len(stacks) >= 8
        assert np.median(np.concatenate([np.diff(moments) for moments in stacks])) < slowest * MINUTE
        debits, own = year.debits, year.of(one)
        month = month_in_year(debits["at"] // DAY)
        held = set(zip(debits["card"][own].tolist(), month[own].tolist(), strict=True))
        theirs = np.array([pair in held for pair in zip(debits["card"].tolist(), month.tolist(), strict=True)])
        assert np.mean(debits["terminal"][theirs] == one.place + 1) > 0.97  # but for a clock that is wrong


def test_a_clerks_list_has_strangers_in_one_order(year: Year) -> None:
    homes = year.plan.population.families.home
    for one in year.actors("fraud-saved-fingers"):
        own = np.sort(year.debits[year.of(one)], order="at")
        assert (homes[own["card"]] != one.place).all()
        month = month_in_year(own["at"] // DAY)
        lists = [own["card"][month == one].tolist() for one in np.unique(month).tolist()]
        same = [
            [card for card in first if card in then] == [card for card in then if card in first]
            for first, then in pairwise(lists)
        ]
        assert np.mean(same) > 0.7  # but for a clock that is wrong, or a slip that is mended


def test_two_loads_become_one_typed_heap_that_was_never_bought(year: Year) -> None:
    for one in year.actors("fraud-sixty-for-hundred"):
        own = year.of(one)
        assert (year.totals[own] % 10_000 == 0).all()
        assert np.mean(year.totals[own] > 500_000) > 0.6
        assert ((year.goods[year.debits["basket"][own]] > 0).sum(axis=1) == 2).all()
        assert one.place in year.short


def test_parcels_are_one_set_in_three_sizes_and_dear(year: Year) -> None:
    for one in year.actors("fraud-dear-parcel"):
        own = year.of(one)
        amounts = Counter(map(tuple, year.goods[year.debits["basket"][own]].tolist()))
        assert sum(count for _, count in amounts.most_common(9)) > 0.4 * own.sum()
        assert np.median(year.dearness(own)) > 1.08


def test_cards_are_emptied_before_the_truck_and_others_wait_for_it(year: Year) -> None:
    for one in year.actors("fraud-first-hand"):
        rows = [row for row in year.plan.tables["invoices"].to_pylist() if row["id_ewarong"] == year.plan.who(one)]
        came = {
            int(row["invoice"][-2:]) // 2: (row["bought_on"] - np.datetime64("1970-01-01").astype(object)).days
            for row in rows
            if int(row["invoice"][-2:]) % 2
        }
        here = year.debits["terminal"] == one.place + 1
        for own, early in ((year.of(one), True), (here & ~year.of(one), False)):
            days = year.debits["at"][own] // DAY
            before = [day < came[at] for day, at in zip(days.tolist(), month_in_year(days).tolist(), strict=True)]
            assert (np.mean(before) > 0.97) if early else (np.mean(before) < 0.1)


def test_returned_cards_are_used_before_anybody_has_them(year: Year) -> None:
    for one in year.actors("fraud-returned-post"):
        own = year.debits[year.of(one)]
        delivered = year.plan.population.cards.delivered_on[own["card"]]
        assert ((delivered == NEVER) | (own["at"] // DAY < delivered)).all()
        assert len(np.unique(own["card"])) >= 8


def test_the_second_swipe_follows_within_half_an_hour_and_without_a_pin(year: Year) -> None:
    for one in year.actors("fraud-did-not-go-through"):
        own, debits = year.of(one), year.debits
        assert np.mean(debits["given"][own]) < 0.1
        assert (year.totals[own] < 150_000).all()
        assert one.place in year.short
        for card, at in zip(debits["card"][own].tolist(), debits["at"][own].tolist(), strict=True):
            theirs = debits["at"][(debits["card"] == card) & (debits["terminal"] == one.place + 1)]
            assert np.any((theirs < at) & (at - theirs < 30 * MINUTE))


def test_tokens_have_few_values_of_one_staple(year: Year) -> None:
    for one in year.actors("fraud-power-tokens"):
        own = year.of(one)
        assert len(set(year.totals[own].tolist())) <= 4
        assert len(set((year.goods[year.debits["basket"][own]] > 0).argmax(axis=1).tolist())) == 1


def test_only_who_did_not_buy_is_short_of_invoices(year: Year) -> None:
    assert set(year.short) <= {one.place for one in year.plan.actors if one.scheme in UNBOUGHT}


def test_a_gang_from_across_the_city_is_served_behind_the_shutters(year: Year) -> None:
    families = year.plan.population.families
    for one in year.actors("fraud-gate-by-night"):
        own, shop = year.debits[year.of(one)], year.plan.places.shops[one.place]
        where = set(families.kecamatan[own["card"]].tolist())
        assert len(where) == 1
        assert where != {shop.kecamatan}
        assert np.mean(own["at"] % DAY > shop.closes + HOUR) > 0.9
        assert (year.totals[year.of(one)] % 10_000 == 0).all()


def test_one_companion_is_behind_many_overrides(year: Year) -> None:
    lifts = year.plan.events[year.plan.events["step"] == Step.OVERRIDE]
    count = np.bincount(lifts["companion"], minlength=len(year.plan.companions))
    for one in year.actors("fraud-signature-on-sale"):
        assert count[one.place] > 1.5 * np.sort(count)[-2]
        assert len(np.unique(year.debits["terminal"][year.of(one)])) == 1


@pytest.mark.parametrize(
    ("scheme", "often"), [("fraud-lost-when-sold", True), ("lookalike-flood-takes-the-card", False)]
)
def test_who_sells_cards_loses_four_in_distinct_months(scheme: str, often: bool, year: Year) -> None:
    cards = year.plan.population.cards
    for one in year.actors(scheme):
        own = np.flatnonzero((cards.family == one.place) & (cards.replaces != NEVER))
        months = month_in_year(cards.blocked_on[cards.replaces[own]])
        assert len(set(months.tolist())) == len(own)
        assert (len(own) >= 4) == often


# ------------------------------------------------------------ who only looks like it


@pytest.mark.parametrize("scheme", ["lookalike-shop-boat", "lookalike-sunday-market", "lookalike-carries-for-the-old"])
def test_honest_cards_too_go_one_behind_another(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=3)
        assert len(stacks) >= 4, one
        assert np.median(np.concatenate([np.diff(moments) for moments in stacks])) < 5 * MINUTE


def test_the_afternoons_chicken_follows_the_mornings_shopping(year: Year) -> None:
    for one in year.actors("lookalike-chicken-at-three"):
        own = year.of(one)
        goods = year.goods[year.debits["basket"][own]]
        only = (goods[:, CHICKEN] > 0) & (goods.sum(axis=1) == goods[:, CHICKEN])
        assert only.mean() > 0.35
        assert np.mean(year.debits["at"][own][only] % DAY >= 15 * HOUR) > 0.8  # the others are mornings', or a clock's


def test_a_sack_is_dear_but_at_the_list_price(year: Year) -> None:
    for one in year.actors("lookalike-whole-sacks"):
        own = year.of(one)
        assert (year.goods[year.debits["basket"][own]][:, RICE] == 25).all()
        assert np.median(year.totals[own]) > 400_000
        assert 0.95 < np.median(year.dearness(own)) < 1.05


def test_honest_prices_are_round_or_above_for_a_reason(year: Year) -> None:
    for one in year.actors("lookalike-no-coins"):
        assert (year.totals[year.of(one)] % 5_000 == 0).all()
        assert np.median(year.dearness(year.of(one))) < 1.04
    for one in year.actors("lookalike-dear-road"):
        assert np.median(year.dearness(year.of(one))) < 1.12


def test_a_shift_comes_late_and_a_visitor_once(year: Year) -> None:
    for one in year.actors("lookalike-after-the-shift"):
        own = year.debits[year.of(one)]
        assert np.mean(own["at"] % DAY > year.plan.places.shut[one.place]) > 0.9
    for one in year.actors("lookalike-hospital-gate"):
        own = year.debits[year.of(one)]
        months = Counter(zip(own["card"].tolist(), month_in_year(own["at"] // DAY).tolist(), strict=True))
        assert len(months) == len(np.unique(own["card"]))


def test_a_card_rests_while_its_family_is_on_the_estate(year: Year) -> None:
    for one in year.actors("lookalike-back-from-the-estate"):
        first = year.debits["at"][year.of(one)].min()
        theirs = year.debits["at"][year.debits["card"] == one.place]
        quiet = (theirs // DAY >= MONTH_STARTS[month_in_year(first // DAY) - 4]) & (theirs < first)
        assert not quiet[theirs // DAY < MONTH_STARTS[month_in_year(first // DAY)]].any()
