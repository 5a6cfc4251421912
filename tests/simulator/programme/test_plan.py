# SPDX-License-Identifier: Apache-2.0
"""The plan of a year: the same from the same seed, feasible for every card, in the shares that programme.md tells."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.simulator.programme.purse import played

from ssn_card.audit.books.tables import TABLES
from ssn_card.programme import load_policies, load_staples
from ssn_card.simulator.programme.plan import Plan, plan
from ssn_card.simulator.programme.plan.events import Fault, Step
from ssn_card.simulator.programme.plan.side import write_side_files

FAMILIES = 1688


@pytest.fixture(scope="module")
def year() -> Plan:
    return plan(7)


@pytest.fixture(scope="module")
def debits(year: Plan) -> np.ndarray:
    events = year.events
    made: np.ndarray = events[(events["step"] == Step.DEBIT) & (events["fault"] != Fault.TORN)]
    return made


def test_the_same_seed_gives_the_same_plan_and_another_another(year: Plan) -> None:
    again, other = plan(7), plan(8)
    assert again.events.tobytes() == year.events.tobytes()
    assert again.baskets == year.baskets
    assert again.updates == year.updates
    assert again.tables == year.tables
    assert again.actors == year.actors
    assert again.labels == year.labels
    assert other.events.tobytes() != year.events.tobytes()


def test_events_are_whole_and_sorted(year: Plan) -> None:
    events = year.events
    first = np.r_[True, np.diff(events["card"]) != 0]
    assert (np.diff(events["card"]) >= 0).all()
    assert (events["turn"][first] == 0).all()
    assert (np.diff(events["turn"])[~first[1:]] == 1).all()
    for name, lists in (("basket", year.baskets), ("update", year.updates), ("companion", year.companions)):
        assert events[name].min() == -1
        assert events[name].max() < len(lists)
    assert events["terminal"].max() <= len(year.places.shops)
    assert ((events["basket"] >= 0) == np.isin(events["step"], [Step.DEBIT, Step.CANCEL])).all()
    assert ((events["update"] >= 0) == (events["step"] == Step.UPDATE)).all()
    assert ((events["companion"] >= 0) == (events["step"] == Step.OVERRIDE)).all()


def test_every_card_may_do_all_that_is_planned(year: Plan) -> None:
    played(year)


def test_side_files_have_the_declared_columns_and_keys(year: Plan, tmp_path: Path) -> None:
    write_side_files(year.tables, year.policies, tmp_path)
    assert set(year.tables) == set(TABLES) - {"statuses"}
    for name in year.tables:
        table = TABLES[name]
        with (tmp_path / table.file).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert list(rows[0]) == [column.name for column in table.columns]
        keys = [tuple(row[column] for column in table.key) for row in rows]
        assert len(set(keys)) == len(keys), name
        for column in table.columns:
            assert column.nullable or all(row[column.name] for row in rows), (name, column.name)
    policy = load_policies(tmp_path / "policies.toml").by_id(2026)
    assert policy.entitlement_total == 3_600_000
    assert policy.monthly_limit == 600_000
    assert len(policy.tranches) == 12


def test_people_buy_as_the_programme_tells(year: Plan, debits: np.ndarray) -> None:
    amount = np.array([basket.total for basket in year.baskets])[debits["basket"]]
    days = debits["at"].astype("datetime64[s]").astype("datetime64[D]")
    of_month = (days - days.astype("datetime64[M]")).astype(int) + 1
    assert 0.65 < amount[of_month <= 14].sum() / amount.sum() < 0.78
    families = year.population.families
    home = families.home[year.population.cards.family[debits["card"]]]
    assert 0.80 < (home + 1 == debits["terminal"]).mean() < 0.90
    month = debits["card"].astype(np.int64) * 12 + days.astype("datetime64[M]").astype(int) % 12
    often = np.bincount(np.bincount(month))[1:]
    assert np.allclose((often / often.sum())[:2], [0.6, 0.3], atol=0.07)
    hours = debits["at"] % 86_400 / 3_600
    assert ((hours >= 8) & (hours < 17)).mean() > 0.98
    overrides = (year.events["step"] == Step.OVERRIDE).sum() / len(debits)
    assert 0.02 < overrides < 0.05


def test_prices_drift_and_there_are_few_baskets(year: Plan, debits: np.ndarray) -> None:
    assert len(year.baskets) < len(debits)
    prices = year.tables["prices"].to_pylist()
    rice = [row["price_rp"] for row in prices if row["code"] == "BERAS" and row["kode_kecamatan"] is None]
    assert len(rice) == 12
    assert len(set(rice)) > 6
    steps = np.abs(np.diff(rice) / np.array(rice[:-1]))
    assert steps.max() <= 0.06


def test_every_actor_has_events_of_its_own(year: Plan) -> None:
    events = year.events
    assert len(year.actors) > 25
    for actor in year.actors:
        own = events[events["actor"] == actor.number]
        assert len(own), actor
        kinds = {year.labels[label].kind for label in np.unique(own["label"]).tolist()}
        assert actor.scheme in kinds, actor
        assert year.who(actor)
    assert events["actor"].max() < len(year.actors)
    nobody = events[events["actor"] < 0]
    kinds = {year.labels[label].kind for label in np.unique(nobody["label"]).tolist()}
    assert all(kind == "honest" or kind.startswith("fault-") for kind in kinds)


def test_six_shops_and_a_companion_cheat(year: Plan, debits: np.ndarray) -> None:
    cheats = [actor for actor in year.actors if not actor.honest]
    assert sum(actor.subject == "shop" for actor in cheats) == 6
    assert sum(actor.subject == "companion" for actor in cheats) == 1
    shops = [actor.place for actor in year.actors if actor.subject == "shop"]
    assert len(set(shops)) == len(shops)
    fraud = [label for label, (kind, _) in enumerate(year.labels) if kind.startswith("fraud-")]
    assert 0.025 < np.isin(debits["label"], fraud).mean() < 0.06


def test_faults_come_as_often_as_the_programme_tells(year: Plan, debits: np.ndarray) -> None:
    """Within four standard deviations of a binomial."""
    events, cards = year.events, year.population.cards

    def near(count: int, of: int, share: float) -> bool:
        return bool(abs(count - of * share) <= 4 * (of * share * (1 - share)) ** 0.5 + 1)

    assert near(int((events["fault"] == Fault.TORN).sum()), len(debits), 0.003)
    assert near(int((events["fault"] == Fault.DOUBLE_UPLOAD).sum()), len(debits), 0.005)
    first = cards.replaces[:FAMILIES] < 0
    assert first.all()
    assert near(cards.reason.count("damaged"), FAMILIES, 0.015)
    assert near(int((cards.locked_on >= 0).sum()), FAMILIES, 0.03)
    assert near(int((cards.deactivated_on >= 0).sum()), FAMILIES, 0.05)
    assert near(int((cards.reactivated_on >= 0).sum()), int((cards.deactivated_on >= 0).sum()), 0.38)
    january = 20_454 + 1
    late = (cards.delivered_on[:FAMILIES] < 0) | (cards.delivered_on[:FAMILIES] > january)
    assert near(int(late.sum()), FAMILIES, 0.105)
    assert len(year.outages) == 15
    assert len(year.clocks) == 2


def test_nothing_happens_to_a_card_before_it_is_handed_over_or_after_it_is_gone_but_by_fraud(year: Plan) -> None:
    cards, events = year.population.cards, year.events
    right = [kind != "fraud-undelivered" for kind, _ in year.labels]
    events = events[np.array(right)[events["label"]]]
    clocks = [clock.terminal for clock in year.clocks]
    events = events[~np.isin(events["terminal"], clocks)]
    day = events["at"] // 86_400
    delivered, gone = cards.delivered_on[events["card"]], cards.worked_until[events["card"]]
    assert ((delivered >= 0) & (day > delivered - 1)).all()
    assert ((gone < 0) | (day < gone)).all()


@pytest.mark.parametrize("families", [20, 130])
def test_a_small_city_has_actors_too(families: int) -> None:
    small = plan(3, families)
    assert len(small.serials) >= families
    assert any(not actor.honest for actor in small.actors)


def _cover(year: Plan, debits: np.ndarray) -> dict[str, float]:
    """By shop the worst share of its sales so far, of any goods on any day, that it had bought by then."""
    codes = [staple.code for staple in load_staples()]
    amounts = np.zeros((len(year.baskets), len(codes)))
    for number, basket in enumerate(year.baskets):
        for item in basket.items:
            amounts[number, codes.index(item.staple)] += item.quantity
    first = 20_454 - 31
    shape = (len(year.places.shops), 500, len(codes))
    sold, bought = np.zeros(shape), np.zeros(shape)
    np.add.at(sold, (debits["terminal"].astype(int) - 1, debits["at"] // 86_400 - first), amounts[debits["basket"]])
    ids = [shop.id for shop in year.places.shops]
    for row in year.tables["invoices"].to_pylist():
        day = (row["bought_on"] - dt.date(1970, 1, 1)).days - first
        bought[ids.index(row["id_ewarong"]), day, codes.index(row["code"])] += row["quantity"]
    have, gone = bought.cumsum(axis=1), sold.cumsum(axis=1)
    share = np.where(gone > 10, have / np.maximum(gone, 1), np.inf).min(axis=(1, 2))
    return dict(zip(ids, share.tolist(), strict=True))


def test_invoices_of_honest_shops_cover_what_they_sell(year: Plan, debits: np.ndarray) -> None:
    """But for a clock that is wrong; those of shops without goods do not."""
    cover = _cover(year, debits)
    guilty = {year.who(actor): actor.scheme for actor in year.actors if actor.subject == "shop" and not actor.honest}
    wrong = {f"EW-{clock.terminal:03d}" for clock in year.clocks}
    assert all(share >= 1 for shop, share in cover.items() if shop not in guilty and shop not in wrong)
    by_scheme = {scheme: cover[shop] for shop, scheme in guilty.items()}
    assert by_scheme["fraud-cash-out"] < 0.7
    assert by_scheme["fraud-pre-swipe"] < 0.7


def test_the_money_of_the_year_is_conserved(year: Plan, debits: np.ndarray) -> None:
    """What a family was given never exceeds its twelve loads, whatever cards it had, nor does it spend more."""
    totals = np.array([basket.total for basket in year.baskets])
    cancels = year.events[year.events["step"] == Step.CANCEL]
    family = year.population.cards.family
    spent = np.bincount(family[debits["card"]], totals[debits["basket"]], len(year.population.families))
    spent -= np.bincount(family[cancels["card"]], totals[cancels["basket"]], len(spent))
    assert (spent >= 0).all()
    assert (spent <= 3_600_000).all()
    assert 0.85 < spent.sum() / (3_600_000 * len(spent)) < 0.99


def test_a_replaced_card_is_closed_and_the_next_begins_with_what_was_left(year: Plan) -> None:
    cards = year.population.cards
    totals = np.array([basket.total for basket in year.baskets])
    updates: dict[str, list[dict[str, Any]]] = {}
    for row in year.tables["updates"].to_pylist():
        updates.setdefault(row["serial"], []).append(row)
    digits = [serial.tobytes().hex() for serial in year.serials]
    spent = np.zeros(len(cards), np.int64)
    signs = {Step.DEBIT: 1, Step.CANCEL: -1}
    for event in year.events[(year.events["basket"] >= 0) & (year.events["fault"] != Fault.TORN)]:
        spent[event["card"]] += signs[Step(event["step"])] * totals[event["basket"]]
    successors = np.flatnonzero(cards.replaces >= 0)
    assert len(successors) > 40
    for card in successors.tolist():
        before, first = cards.replaces[card], updates[digits[card]][0]
        closed = updates[digits[before]][-1]
        assert closed["state"] == "TERMINATED"
        assert closed["expired_total"] == closed["loaded_total"]
        due = 300_000 * first["issued_on"].month
        gone = spent[(cards.family == cards.family[card]) & (np.arange(len(cards)) <= before)].sum()
        assert first["loaded_total"] == due - gone
        assert first["update_seq"] == 1


@pytest.mark.slow
def test_a_great_city_is_planned_as_the_small_one() -> None:
    city = plan(2, 43_000)
    played(city)
    assert len(city.places.shops) == 1299
    assert len(city.companions) == pytest.approx(43_000 / 7, rel=0.01)
    assert sum(not actor.honest and actor.subject == "shop" for actor in city.actors) == pytest.approx(153, abs=4)
    assert 25 < len(city.events) / 43_000 < 33
    assert len(city.baskets) < 80_000
