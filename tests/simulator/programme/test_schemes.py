# SPDX-License-Identifier: Apache-2.0
"""Each scheme leaves the mark that it is named for in events and side files; others can be written and enacted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ssn_card.receipts import Basket
from ssn_card.simulator.programme.plan import Plan, plan
from ssn_card.simulator.programme.plan.draft import Actor, Draft, Want
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.plan.fraud import SCHEMES
from ssn_card.simulator.programme.plan.lookalikes import HONEST_SCHEMES
from ssn_card.simulator.programme.plan.scheme import Scheme, busy_shops

SEEDS = (7, 8)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Plan:
    return plan(request.param)


def of_actors(year: Plan, scheme: str) -> list[Actor]:
    return [actor for actor in year.actors if actor.scheme == scheme]


def debits_of(year: Plan, **where: int) -> np.ndarray:
    events = year.events
    which = (events["step"] == Step.DEBIT) & (events["fault"] != Fault.TORN)
    for name, value in where.items():
        which &= np.isin(events[name], value)
    made: np.ndarray = events[which]
    return made


def by_shop(year: Plan, measure: Callable[[np.ndarray], float]) -> np.ndarray:
    return np.array([measure(debits_of(year, terminal=shop + 1)) for shop in range(len(year.places.shops))])


def totals(year: Plan, debits: np.ndarray) -> np.ndarray:
    sums: np.ndarray = np.array([basket.total for basket in year.baskets])[debits["basket"]]
    return sums


def stands_out(year: Plan, scheme: str, measure: np.ndarray, times: float = 2) -> None:
    """Every actor's shop is above all shops but those of other actors, and well above their middle."""
    others = {actor.place for actor in year.actors if actor.subject == "shop"}
    plain = np.delete(measure, sorted(others))
    for actor in of_actors(year, scheme):
        assert measure[actor.place] > max(plain.max(), times * np.median(plain)), actor


def quick(debits: np.ndarray) -> float:
    moments = np.sort(debits["at"])
    return float((np.diff(moments) < 110).mean())


def test_held_cards_come_one_after_another(year: Plan) -> None:
    stands_out(year, "fraud-card-holder", by_shop(year, quick), times=5)


def test_market_day_looks_a_little_like_it(year: Plan) -> None:
    stands_out(year, "lookalike-market-day", by_shop(year, quick))


def test_pre_swiped_cards_are_emptied_in_the_first_days(year: Plan) -> None:
    def early(debits: np.ndarray) -> float:
        days = debits["at"].astype("datetime64[s]").astype("datetime64[D]")
        return float(((days - days.astype("datetime64[M]")).astype(int) < 3).mean())

    stands_out(year, "fraud-pre-swipe", by_shop(year, early), times=1.7)


def test_cash_is_paid_out_in_round_sums(year: Plan) -> None:
    def round_sums(debits: np.ndarray) -> float:
        sums = totals(year, debits)
        return float(((sums % 50_000 == 0) & (sums != 300_000)).mean())

    stands_out(year, "fraud-cash-out", by_shop(year, round_sums), times=5)


def test_a_forced_bundle_is_the_same_and_dearer(year: Plan) -> None:
    city = {
        (row["code"], row["valid_from"].month): row["price_rp"]
        for row in year.tables["prices"].to_pylist()
        if row["kode_kecamatan"] is None
    }

    def dear(debits: np.ndarray) -> float:
        months = debits["at"].astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12 + 1
        shares = []
        for basket, month in zip(debits["basket"].tolist(), months.tolist(), strict=True):
            items = year.baskets[basket].items
            shares.append(year.baskets[basket].total / sum(one.quantity * city[one.staple, month] for one in items))
        return float(np.quantile(shares, 0.8)) - 0.9

    stands_out(year, "fraud-bundle", by_shop(year, dear), times=1.5)
    stands_out(year, "fraud-bundle", by_shop(year, lambda some: np.bincount(some["basket"]).max() / len(some)), times=3)


def test_cards_that_were_not_handed_over_are_used(year: Plan) -> None:
    delivered = {row["serial"]: row["delivered_on"] for row in year.tables["cards"].to_pylist()}
    for actor in of_actors(year, "fraud-undelivered"):
        used = debits_of(year, actor=actor.number)
        assert len(used) > 20
        for card, at in zip(used["card"].tolist(), used["at"].tolist(), strict=True):
            day = delivered[year.serials[card].tobytes().hex()]
            assert day is None or np.datetime64(at, "s") < np.datetime64(day)


def test_a_companion_overrides_again_and_again(year: Plan) -> None:
    counts = np.bincount(year.events["companion"][year.events["step"] == Step.OVERRIDE], minlength=len(year.companions))
    for actor in of_actors(year, "fraud-overrides"):
        assert counts[actor.place] > 3 * np.delete(counts, actor.place).max()


def test_cards_are_replaced_in_four_months_and_more(year: Plan) -> None:
    cards = year.population.cards
    for actor in of_actors(year, "fraud-replacements"):
        lost = cards.blocked_on[(cards.family == actor.place) & (cards.blocked_on >= 0)]
        assert len(np.unique(lost.astype("datetime64[D]").astype("datetime64[M]"))) >= 4


def test_a_pawned_card_lives_far_from_home(year: Plan) -> None:
    for actor in of_actors(year, "fraud-pawned"):
        (terminal,) = np.unique(debits_of(year, actor=actor.number)["terminal"]).tolist()
        assert year.places.shops[terminal - 1].kecamatan != year.population.families.kecamatan[actor.place]


def test_a_split_debit_follows_within_the_hour(year: Plan) -> None:
    for actor in of_actors(year, "fraud-split"):
        gaps = np.diff(debits_of(year, actor=actor.number)["at"])
        assert (gaps < 3_600).mean() > 0.3


def test_exact_packages_are_most_that_their_shop_sells(year: Plan) -> None:
    def exact(debits: np.ndarray) -> float:
        return float(np.isin(totals(year, debits), [294_000, 300_000]).mean())

    packed = of_actors(year, "lookalike-exact-packages")
    shares = by_shop(year, exact)
    assert all(shares[actor.place] > 0.7 for actor in packed)


def test_actors_go_by_the_seed() -> None:
    one, other = ({(actor.scheme, actor.place) for actor in plan(seed).actors} for seed in SEEDS)
    assert len(one & other) < len(one) / 3


def test_a_scheme_by_somebody_else_is_enacted() -> None:
    def apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
        rows = draft.in_month(draft.of_shop(actor.place), 4)
        sugar = draft.goods.add_menu([priced_sugar(kilos) for kilos in range(1, 20)])
        for name, value in (("want", Want.FREE), ("share", 0.5), ("menu", sugar)):
            draft.visits[name][rows] = value
        draft.claim(rows, draft.label("fraud-sugar", actor.rules), actor)

    def priced_sugar(kilos: int) -> Basket:
        return Basket.of(("GULA", kilos, kilos * 30_000))

    sugar = Scheme("fraud-sugar", "shop", ("A10",), 2, busy_shops, apply)
    year = plan(4, schemes=(sugar, *HONEST_SCHEMES))
    actors = of_actors(year, "fraud-sugar")
    assert len(actors) == 2
    for actor in actors:
        made = debits_of(year, actor=actor.number)
        assert len(made)
        assert {item.staple for basket in made["basket"] for item in year.baskets[basket].items} == {"GULA"}
    assert not any(of_actors(year, scheme.name) for scheme in SCHEMES)
