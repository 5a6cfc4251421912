# SPDX-License-Identifier: Apache-2.0
"""The first author's schemes: everybody does as told, cards can pay it, and each scheme leaves its own mark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ssn_card.simulator.programme.apart.first import SCHEMES
from ssn_card.simulator.programme.plan import Plan, plan
from ssn_card.simulator.programme.plan.calendar import DAY, NEVER, month_in_year
from ssn_card.simulator.programme.plan.draft import Actor
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.plan.goods import CODES

SEED = 7


@pytest.fixture(scope="module")
def year() -> Plan:
    return plan(SEED, schemes=SCHEMES)


@pytest.fixture(scope="module")
def debits(year: Plan) -> np.ndarray:
    events = year.events
    made: np.ndarray = events[(events["step"] == Step.DEBIT) & (events["fault"] != Fault.TORN)]
    return made


@pytest.fixture(scope="module")
def kinds(year: Plan, debits: np.ndarray) -> np.ndarray:
    named: np.ndarray = np.array([label.kind for label in year.labels])[debits["label"]]
    return named


@pytest.fixture(scope="module")
def amounts(year: Plan, debits: np.ndarray) -> np.ndarray:
    rupiah: np.ndarray = np.array([basket.total for basket in year.baskets])[debits["basket"]]
    return rupiah


@pytest.fixture
def actor(year: Plan) -> Callable[[str], Actor]:
    return lambda scheme: next(one for one in year.actors if one.scheme == scheme)


# ------------------------------------------------------------ the marks


def test_second_swipes_follow_another_debit_of_the_card_on_the_day(debits: np.ndarray, kinds: np.ndarray) -> None:
    order = np.lexsort((debits["at"], debits["card"]))
    card, at, kind = debits["card"][order], debits["at"][order], kinds[order]
    again = np.flatnonzero(kind == "fraud-second-swipe")
    assert (card[again] == card[again - 1]).mean() > 0.9
    assert np.mean(at[again] - at[again - 1] < DAY) > 0.9
    assert not debits["given"][order][again].all()


def test_made_up_sums_are_round_and_a_clerks_lines_are_whole(
    year: Plan, debits: np.ndarray, kinds: np.ndarray, amounts: np.ndarray
) -> None:
    assert (amounts[kinds == "fraud-made-up-sales"] % 5_000 == 0).all()
    for basket in set(debits["basket"][kinds == "lookalike-whole-thousands"].tolist()):
        assert all(item.rupiah % 500 == 0 for item in year.baskets[basket].items)


def test_collected_credit_is_larger_than_other_debits(kinds: np.ndarray, amounts: np.ndarray) -> None:
    assert np.median(amounts[kinds == "fraud-credit-collected"]) > 1.5 * np.median(amounts[kinds == "honest"])


def test_collected_cards_go_one_behind_the_other_at_one_shop(year: Plan, debits: np.ndarray) -> None:
    for one in (one for one in year.actors if one.scheme == "fraud-collected-cards"):
        own = debits[debits["actor"] == one.number]
        assert set(own["terminal"].tolist()) == {one.place + 1}
        gaps = np.diff(np.sort(own["at"]))
        assert np.mean(gaps < 430) > 0.4
        cards = np.isin(debits["card"], own["card"])
        assert np.mean(debits["terminal"][cards] == one.place + 1) > 0.75


def test_who_pays_before_the_goods_pays_all_and_before_the_invoice(
    year: Plan, debits: np.ndarray, actor: Callable[[str], Actor]
) -> None:
    one = actor("fraud-paid-before-goods")
    own = debits[debits["actor"] == one.number]
    months = own["at"].astype("datetime64[s]").astype("datetime64[M]")
    came = [
        row["bought_on"]
        for row in year.tables["invoices"].to_pylist()
        if row["id_ewarong"] == year.who(one) and row["invoice"].endswith(tuple(f"{2 * m + 1:02d}" for m in range(12)))
    ]
    first = {np.datetime64(day, "M"): np.datetime64(day, "D") for day in sorted(came, reverse=True)}
    days = own["at"].astype("datetime64[s]").astype("datetime64[D]")
    assert all(day <= first[month] for day, month in zip(days, months, strict=True))


def test_heaps_are_much_of_little(year: Plan, debits: np.ndarray, kinds: np.ndarray) -> None:
    for basket in set(debits["basket"][kinds == "fraud-cash-for-cards"].tolist()):
        items = year.baskets[basket].items
        assert len(items) <= 4
        assert max(item.rupiah for item in items) > 0.5 * year.baskets[basket].total


def test_one_bag_is_few_baskets_above_the_reference(year: Plan, debits: np.ndarray, kinds: np.ndarray) -> None:
    own = debits[kinds == "fraud-one-bag"]
    assert len(set(own["basket"].tolist())) <= 36
    city = {
        (row["code"], row["valid_from"].month): row["price_rp"]
        for row in year.tables["prices"].to_pylist()
        if row["kode_kecamatan"] is None
    }
    for basket, at in zip(own["basket"].tolist(), own["at"].tolist(), strict=True):
        month = int(np.datetime64(at, "s").astype("datetime64[M]").astype(int)) % 12 + 1
        items = year.baskets[basket].items
        reference = sum(city[item.staple, month] * item.quantity for item in items)
        assert year.baskets[basket].total > 1.06 * reference


def test_one_companion_lifts_more_limits_than_any_other(year: Plan, actor: Callable[[str], Actor]) -> None:
    lifts = year.events[year.events["step"] == Step.OVERRIDE]
    count = np.bincount(lifts["companion"], minlength=len(year.companions))
    assert count.argmax() == actor("fraud-sold-favours").place


def test_cards_that_come_back_as_others(year: Plan) -> None:
    cards = year.population.cards
    for one in (one for one in year.actors if one.scheme in ("fraud-lost-again", "lookalike-careless")):
        own = np.flatnonzero((cards.family == one.place) & (cards.replaces != NEVER))
        reported = cards.blocked_on[cards.replaces[own]]
        assert len(set(month_in_year(reported).tolist())) == len(own)
        assert (len(own) >= 4) == (one.scheme == "fraud-lost-again")


def test_what_is_kept_back_is_spent_before_it_is_handed_over(year: Plan, debits: np.ndarray, kinds: np.ndarray) -> None:
    own = debits[kinds == "fraud-kept-back"]
    delivered = year.population.cards.delivered_on[own["card"]]
    assert ((delivered == NEVER) | (own["at"] // DAY < delivered)).all()


def test_other_goods_and_made_up_sales_were_never_bought(
    year: Plan, debits: np.ndarray, actor: Callable[[str], Actor]
) -> None:
    """Of some staple less is bought than sold; of every other shop's the reverse holds."""
    places = {code: place for place, code in enumerate(CODES)}
    shops = len(year.places.shops)
    sold, bought = np.zeros((shops, len(CODES))), np.zeros((shops, len(CODES)))
    for terminal, basket in zip(debits["terminal"].tolist(), debits["basket"].tolist(), strict=True):
        for item in year.baskets[basket].items:
            sold[terminal - 1, places[item.staple]] += item.quantity
    for row in year.tables["invoices"].to_pylist():
        bought[int(row["id_ewarong"][3:]) - 1, places[row["code"]]] += row["quantity"]
    short = set(np.flatnonzero((sold > bought).any(axis=1)).tolist())
    assert short == {actor("fraud-other-goods").place, actor("fraud-made-up-sales").place}


def test_only_some_do_it_outside_of_hours(year: Plan, debits: np.ndarray, kinds: np.ndarray) -> None:
    shops = year.places.shops
    opens, closes = (np.array([getattr(shop, name) for shop in shops]) for name in ("opens", "closes"))
    hour, shop = debits["at"] % DAY, debits["terminal"].astype(np.int64) - 1
    outside = (hour < opens[shop]) | (hour > closes[shop])
    right = ~np.isin(debits["terminal"], [clock.terminal for clock in year.clocks])
    assert outside[(kinds == "fraud-after-hours") & right].all()
    assert outside[kinds == "lookalike-ramadan"].mean() > 0.2
    others = ~np.isin(kinds, ["fraud-after-hours", "lookalike-ramadan"])
    assert outside[others & right].mean() < 0.02  # a few honest customers come at closing time


def test_far_cards_come_from_one_other_kecamatan(year: Plan, debits: np.ndarray, actor: Callable[[str], Actor]) -> None:
    one = actor("fraud-bought-far-away")
    own = debits[debits["actor"] == one.number]
    where = set(year.population.families.kecamatan[year.population.cards.family[own["card"]]].tolist())
    assert len(where) == 1
    assert where != {year.places.shops[one.place].kecamatan}
