# SPDX-License-Identifier: Apache-2.0
"""The fourth author's schemes: each actor does what its signal says."""

from __future__ import annotations

import numpy as np
import pytest
from tests.simulator.programme.planned_year import Year

from ssn_card.simulator.programme.apart.fourth import SCHEMES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.calendar import DAY, MINUTE, MONTH_STARTS, month_in_year
from ssn_card.simulator.programme.plan.events import Step

SEEDS = (31, 32)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Year:
    return Year(plan(request.param, schemes=SCHEMES))


def test_wrong_sales_are_a_real_part_for_most_of_the_year(year: Year) -> None:
    shops = [one for one in year.plan.actors if one.subject == "shop" and one.scheme.startswith("fraud-")]
    assert len(shops) == 7
    for one in shops:
        own, at = year.of(one), year.debits["terminal"] == one.place + 1
        assert 0.08 < own.sum() / at.sum() < 0.55, one
        assert len(np.unique(month_in_year(year.debits["at"][own] // DAY))) >= 8, one


def test_twelve_shops_and_more_than_thirty_are_honest(year: Year) -> None:
    honest = [one for one in year.plan.actors if one.honest and one.scheme.startswith("lookalike-")]
    assert len(honest) >= 30
    assert len({one.scheme for one in honest}) >= 12
    assert 10 <= sum(one.subject == "shop" for one in honest) <= 14


@pytest.mark.parametrize("scheme", ["fraud-chair-keeps-cards", "fraud-evening-stack"])
def test_held_cards_go_one_behind_another(scheme: str, year: Year) -> None:
    for one in year.actors(scheme):
        stacks = year.sittings(one, least=3)
        assert len(stacks) >= 8
        assert np.median(np.concatenate([np.diff(moments) for moments in stacks])) < 3 * MINUTE


def test_sacks_were_never_bought_and_parcels_are_dear(year: Year) -> None:
    for scheme in ("fraud-sack-for-cash", "fraud-other-wares"):
        for one in year.actors(scheme):
            assert year.short[one.place]
    for one in year.actors("fraud-ready-parcel"):
        assert np.median(year.dearness(year.of(one))) > 1.08


def test_coupons_are_swiped_on_the_first_days(year: Year) -> None:
    for one in year.actors("fraud-coupon-first"):
        days = year.debits["at"][year.of(one)] // DAY
        assert np.mean(days - MONTH_STARTS[month_in_year(days)] < 2) > 0.9


def test_the_drawer_has_cards_that_nobody_was_given(year: Year) -> None:
    given = {row["serial"]: row["delivered_on"] for row in year.plan.tables["cards"].to_pylist()}
    dates = list(given.values())
    for one in year.actors("fraud-drawer-of-cards"):
        assert all(dates[card] is None for card in np.unique(year.debits["card"][year.of(one)]).tolist())


def test_floods_go_above_the_limit_and_signatures_do_not(year: Year) -> None:
    def most(scheme: str) -> list[int]:
        found = []
        for one in year.actors(scheme):
            own = year.of(one)
            assert (year.plan.events["step"][year.plan.events["actor"] == one.number] == Step.OVERRIDE).any()
            keys = year.debits["card"][own].astype(np.int64) * 12 + month_in_year(year.debits["at"][own] // DAY)
            found += np.bincount(np.unique(keys, return_inverse=True)[1], year.totals[own]).astype(int).tolist()
        return found

    assert np.mean(np.array(most("lookalike-flooded-street")) > 600_000) > 0.5
    assert np.mean(np.array(most("fraud-signatures")) > 600_000) < 0.1
