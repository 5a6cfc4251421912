# SPDX-License-Identifier: Apache-2.0
"""The fifth author's schemes: each actor does what its signal says, and who is honest can be told from who is not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.apart.fifth import SCHEMES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, MINUTE, MONTH_STARTS, NEVER, month_in_year
from ssn_card.simulator.programme.plan.draft import Actor
from ssn_card.simulator.programme.plan.events import Step
from ssn_card.simulator.programme.plan.goods import CODES

SEEDS = (51, 52)
UNBOUGHT = {"fraud-notes-for-sugar", "fraud-smokes-as-milk"}


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=SCHEMES))


def gap(year: Year, one: Actor) -> float:
    """Usual seconds between a debit and the next of those that an actor makes in a row."""
    rows = year.sittings(one, least=3)
    assert len(rows) >= 6, one
    return float(np.median(np.concatenate([np.diff(moments) for moments in rows])))


def loyal(year: Year, one: Actor) -> float:
    """Of what the actor's cards buy in the year, the part that is bought at the actor's shop."""
    theirs = np.isin(year.debits["card"], year.debits["card"][year.of(one)])
    return float(np.mean(year.debits["terminal"][theirs] == one.place + 1))


def bought_on(year: Year, one: Actor) -> dict[int, int]:
    """The day on which goods for each half of a month come to a shop."""
    rows = [row for row in year.plan.tables["invoices"].to_pylist() if row["id_ewarong"] == year.plan.who(one)]
    return {int(row["invoice"][-2:]) - 1: int(np.datetime64(row["bought_on"], "D").astype(np.int64)) for row in rows}


def early(year: Year, one: Actor, debits: np.ndarray) -> np.ndarray:
    """Which of some debits are made before the goods of their half month have come."""
    came, day = bought_on(year, one), debits["at"] // DAY
    month = month_in_year(day)
    half = 2 * month + (day - MONTH_STARTS[month] >= 15)
    return np.array([when < came[at] for when, at in zip(day.tolist(), half.tolist(), strict=True)])


def test_wrong_sales_are_a_real_part_of_a_shops_business_for_most_of_the_year(year: Year) -> None:
    shops = [one for one in year.plan.actors if one.subject == "shop" and one.scheme.startswith("fraud-")]
    assert len(shops) == 8
    for one in shops:
        own, at = year.of(one), year.debits["terminal"] == one.place + 1
        assert set(year.debits["terminal"][own].tolist()) == {one.place + 1}
        assert 0.08 < own.sum() / at.sum() < 0.55, one
        assert len(np.unique(month_in_year(year.debits["at"][own] // DAY))) >= 8, one


def test_thirty_and_more_are_honest_in_twenty_ways(year: Year) -> None:
    honest = [one for one in year.plan.actors if one.scheme.startswith("lookalike-")]
    assert len({one.scheme for one in honest}) == 20
    assert 10 <= sum(one.subject == "shop" for one in honest) <= 14
    assert 28 <= len(honest) <= 36


def test_held_cards_go_in_a_row_and_live_at_the_shop(year: Year) -> None:
    for scheme in ("fraud-bon-book", "fraud-landing-agent"):
        for one in year.actors(scheme):
            assert gap(year, one) < 4 * MINUTE
            assert loyal(year, one) > 0.7
    (agent,) = year.actors("fraud-landing-agent")
    families = year.plan.population.families
    where = families.kelurahan[np.unique(year.debits["card"][year.of(agent)])]
    assert len(np.unique(where)) <= 2


@pytest.mark.parametrize("scheme", ["lookalike-pasar-at-the-door", "lookalike-shop-on-a-raft", "lookalike-mine-bus"])
def test_a_crowd_comes_in_a_row_and_buys_elsewhere_too(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        assert gap(year, one) < 6 * MINUTE
        assert loyal(year, one) < 0.98
        days = np.unique(year.debits["at"][year.of(one)] // DAY)
        if scheme != "lookalike-shop-on-a-raft":
            _, count = np.unique(days % 7, return_counts=True)
            assert count.max() > 0.8 * count.sum()  # but for a clock that is wrong


def test_a_nephew_empties_no_card(year: Year) -> None:
    for one in year.actors("lookalike-nephew-of-the-lane"):
        assert gap(year, one) < 5 * MINUTE
        (book,) = year.actors("fraud-bon-book")
        assert len(np.unique(year.totals[year.of(one)])) > 0.5 * year.of(one).sum()
        assert np.median(year.totals[year.of(one)]) < np.median(year.totals[year.of(book)])


def test_what_was_never_bought_is_short_in_the_invoices_and_nothing_else(year: Year) -> None:
    (hens,) = year.actors("lookalike-own-hens")
    assert year.short[hens.place] <= {"TELUR", "AYAM"}
    assert set(year.short) - {hens.place} == {one.place for one in year.plan.actors if one.scheme in UNBOUGHT}
    (notes,), (smokes,) = year.actors("fraud-notes-for-sugar"), year.actors("fraud-smokes-as-milk")
    assert np.median(year.totals[year.of(notes)]) > 480_000
    assert ((year.goods[year.debits["basket"][year.of(notes)]] > 0).sum(axis=1) == 2).all()
    sold = year.goods[year.debits["basket"][year.of(smokes)]].sum(axis=0)
    assert {CODES[staple] for staple in np.flatnonzero(sold)} == {"SUSU"} == year.short[smokes.place]


def test_dear_sets_and_kept_change_are_dearer_than_a_ferry(year: Year) -> None:
    dear = {
        scheme: np.median(year.dearness(year.of(one)))
        for scheme in ("fraud-take-the-set", "fraud-keeps-the-change", "lookalike-ferry-freight")
        for one in year.actors(scheme)
    }
    assert min(dear["fraud-take-the-set"], dear["fraud-keeps-the-change"]) > 1.06
    assert dear["lookalike-ferry-freight"] < 1.06 + 0.03  # rice is remote, too, where it comes by ferry
    for one in year.actors("lookalike-cheap-rice-day"):
        assert np.median(year.dearness(year.of(one))) < 0.98
    for scheme in ("lookalike-packed-at-night", "lookalike-no-small-change"):
        for one in year.actors(scheme):
            assert np.median(year.dearness(year.of(one))) < 1.05


def test_sums_are_round(year: Year) -> None:
    for scheme, step in (("fraud-keeps-the-change", 25_000), ("lookalike-no-small-change", 10_000)):
        for one in year.actors(scheme):
            assert (year.totals[year.of(one)] % step == 0).all()


def test_one_set_and_honest_packages_are_the_same_for_many(year: Year) -> None:
    (tied,) = year.actors("fraud-take-the-set")
    assert len(np.unique(year.goods[year.debits["basket"][year.of(tied)]], axis=0)) < 0.5 * year.of(tied).sum()
    for one in year.actors("lookalike-packed-at-night"):
        kinds, count = np.unique(year.goods[year.debits["basket"][year.of(one)]], axis=0, return_counts=True)
        assert np.sort(count)[-2:].sum() > 0.5 * count.sum(), kinds


def test_only_who_swipes_before_the_barge_sells_before_the_goods_come(year: Year) -> None:
    (swiper,), (barge,) = year.actors("fraud-wait-for-the-barge"), year.actors("lookalike-barge-has-come")
    assert early(year, swiper, year.debits[year.of(swiper)]).mean() > 0.95
    for one in (swiper, barge):
        others = (year.debits["terminal"] == one.place + 1) & ~year.of(swiper)
        assert early(year, one, year.debits[others]).mean() < 0.25  # of what is left of the month before


def test_cards_in_a_drawer_are_used_before_they_are_handed_over(year: Year) -> None:
    (one,) = year.actors("fraud-drawer-of-the-hall")
    own = year.debits[year.of(one)]
    delivered = year.plan.population.cards.delivered_on[own["card"]]
    assert ((delivered == NEVER) | (own["at"] // DAY < delivered)).all()
    assert len(np.unique(own["card"])) >= 4


def test_a_signature_is_sold_all_year_and_to_others_families(year: Year) -> None:
    lifts = year.plan.events[year.plan.events["step"] == Step.OVERRIDE]
    count = np.bincount(lifts["companion"], minlength=len(year.plan.companions))
    (one,) = year.actors("fraud-signature-for-sale")
    assert count[one.place] > 1.5 * np.sort(count)[-2]
    hers = year.plan.population.families.companion
    assert np.mean(hers[lifts["card"][lifts["companion"] == one.place]] != one.place) > 0.2
    for scheme in ("lookalike-hired-boat", "lookalike-fire-on-the-bank"):
        for other in year.actors(scheme):
            mine = lifts["card"][(lifts["companion"] == other.place) & (lifts["actor"] == other.number)]
            assert (hers[mine] == other.place).all()
            assert len(mine) >= 2


def test_an_oil_runner_goes_to_several_shops_in_a_day_and_a_walker_to_one(year: Year) -> None:
    for scheme, fraud in (("fraud-oil-runner", True), ("lookalike-on-foot", False)):
        for one in year.actors(scheme):
            own = year.debits[year.of(one)]
            days, count = np.unique(own["at"] // DAY, return_counts=True)
            assert len(days) >= 6
            assert np.mean(count >= (3 if fraud else 2)) > 0.7
            assert (len(np.unique(own["terminal"])) > 1) == fraud


@pytest.mark.parametrize(("scheme", "sold"), [("fraud-lost-and-sold", True), ("lookalike-wet-card", False)])
def test_who_sells_cards_loses_four_in_distinct_months(scheme: str, sold: bool, year: Year) -> None:
    cards = year.plan.population.cards
    for one in year.actors(scheme):
        own = np.flatnonzero((cards.family == one.place) & (cards.replaces != NEVER))
        months = month_in_year(cards.blocked_on[cards.replaces[own]])
        assert len(set(months.tolist())) == len(own)
        assert (len(own) >= 4) == sold


def test_far_cards_are_pawned_by_night_and_honest_by_day(year: Year) -> None:
    places = year.plan.places
    for scheme, pawned in (("fraud-pawned-at-the-landing", True), ("lookalike-pesantren", False)):
        for one in year.actors(scheme):
            own = year.debits[year.of(one)]
            shop, hour = int(own["terminal"][0]) - 1, own["at"] % DAY
            shut = (hour < places.shops[shop].opens) | (hour >= places.shops[shop].closes)
            assert places.shops[shop].kecamatan != year.plan.population.families.kecamatan[one.place]
            assert (np.mean(shut) > 0.8) == pawned
