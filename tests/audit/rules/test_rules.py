# SPDX-License-Identifier: Apache-2.0
"""Each rule sees what it is for, and not what only looks like it; and an honest city has nothing to fear."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.audit.rules.plants import (
    CASES,
    GUILTY,
    HALF,
    HONEST,
    Case,
    Plant,
    at_night,
    barge_day,
    bundle,
    came_back,
    dear_eggs,
    dear_rice,
    egg_days,
    far_from_home,
    ferry,
    full_baskets,
    heaps,
    large_baskets,
    late_once_each,
    notes_at_night,
    popular,
    replaced,
    rice_of_a_field,
    round_of_shops,
    round_of_the_ill,
    rounds_all,
    sacks,
    saved_up,
    second_till,
    still_being_printed,
    strangers,
    strangers_who_share,
    swiped_first,
    the_only_shop,
    together,
    two_trips,
)
from tests.audit.rules.world import LOAD, PACKAGE, City

from ssn_card.audit.rules import Flag, RulesOutcome, Subject, Suspicion, apply_rules, find_rules, load_parameters
from ssn_card.audit.rules.rule import Weight

WEAK = {rule.code for rule in find_rules() if rule.weight is Weight.WEAK}


def judged(city: City) -> RulesOutcome:
    with city.books() as books:
        return apply_rules(books)


def flags(outcome: RulesOutcome, rule: str) -> dict[str, Flag]:
    assert [one for one in outcome.unjudged if one.rule == rule and "basket" not in one.why.en] == []
    return {flag.who: flag for one in outcome.suspicions for flag in one.flags if flag.rule == rule}


def clearly_told(city: City, who: str, rule: str) -> tuple[Suspicion, Flag]:
    """The suspicion of him, and what the rule tells of him."""
    (suspicion,) = (one for one in judged(city).suspicions if one.who == who)
    told = next(flag for flag in suspicion.flags if flag.rule == rule)
    assert told.score > 0.3
    return suspicion, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.fraud.__name__}-{case.lookalike.__name__}")
def test_a_rule_sees_what_it_is_for_and_not_what_looks_like_it(case: Case) -> None:
    city = City().live()
    honest = case.lookalike(city)
    guilty = case.fraud(city)
    with city.books() as books:
        rule = next(one for one in find_rules() if one.code == case.rule)
        outcome = apply_rules(books, rules=[rule])
        found = flags(outcome, case.rule)
        assert guilty in found
        assert honest not in found
        flag = found[guilty]
        assert 0 < flag.score <= 1
        assert flag.peers.least <= flag.peers.median <= flag.peers.most
        assert flag.measure >= flag.peers.median
        assert "{" not in flag.reason.en + flag.reason.id
        if flag.subject is not Subject.FAMILY:
            assert flag.receipt_count >= len(flag.receipts) > 0
            known = set(
                books.connection.sql(
                    "SELECT serial, seq FROM receipts UNION SELECT serial, seq FROM overrides"
                ).fetchall()
            )
            assert set(flag.receipts) <= known | {(serial, seq) for _, serial, seq in city.problems}


def test_there_are_cases_for_all_rules() -> None:
    assert {case.rule for case in CASES} == {rule.code for rule in find_rules()}


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_city_has_nobody_to_visit(seed: int) -> None:
    outcome = judged(City(seed).live())
    assert [one for one in outcome.suspicions if one.visit] == []
    assert outcome.unjudged == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fraud.__name__)
def test_the_guilty_are_visited_and_the_look_alikes_are_not(case: Case) -> None:
    """Of a weak rule only what others say too: what it sees, a shop with sets or a weekly boat brings as well."""
    city = City(2, months=12 if case.rule == "A7" else 6).live()
    honest, guilty = case.lookalike(city), case.fraud(city)
    visits = {one.who for one in judged(city).suspicions if one.visit}
    assert guilty in visits or case.rule in WEAK
    assert honest not in visits


def test_a_single_card_is_visited_where_it_is_emptied_far_away_and_not_where_it_buys_there() -> None:
    """Somebody who holds it empties it; a pupil at school far from home buys as others do."""
    city = City(2, months=12).live()
    pupil = far_from_home(city, city.families[HONEST][0], None)
    pawned = far_from_home(city, city.families[HONEST][1], LOAD)
    suspicions = {one.who: one for one in judged(city).suspicions if one.subject is Subject.CARD}
    assert "A7" in [flag.rule for flag in suspicions[pawned].flags]
    assert suspicions[pawned].visit
    assert pupil not in suspicions or not suspicions[pupil].visit


def test_a_single_card_is_told_of_that_is_emptied_round_three_shops_for_one_kind_of_goods() -> None:
    city = City(2, months=12).live()
    shopper = round_of_shops(city, city.families[HONEST][0], same=False)
    runner = round_of_shops(city, city.families[HONEST][1], same=True)
    suspicions = {one.who: one for one in judged(city).suspicions if one.subject is Subject.CARD}
    told = {
        who: [flag.rule for flag in suspicions[who].flags] if who in suspicions else [] for who in (shopper, runner)
    }
    assert "A1" in told[runner]
    assert "A1" not in told[shopper]


def test_who_debits_the_same_sum_again_is_visited_and_whose_customers_come_back_is_not() -> None:
    city = City(2).live()
    forgetful, twice = came_back(city, HONEST, same=False), came_back(city, GUILTY, same=True)
    suspicions = {one.who: one for one in judged(city).suspicions if one.subject is Subject.SHOP}
    flags = {who: next(flag for flag in suspicions[who].flags if flag.rule == "A1") for who in (forgetful, twice)}
    assert "ask first" in flags[forgetful].reason.en
    assert not suspicions[forgetful].visit
    assert "for the same sum" in flags[twice].reason.en
    assert "jumlah sama" in flags[twice].reason.id
    assert "ask first" not in flags[twice].reason.en
    assert suspicions[twice].visit


@pytest.mark.parametrize("raised", [False, True])
def test_what_an_override_allows_comes_in_two_debits_and_is_no_repeat(raised: bool) -> None:
    city = City(2).live()
    shop = came_back(city, HONEST, same=False)
    if raised:
        cards = [(card, str(city.cards[card]["companion_id"])) for card in city.families[shop][:8]]
        city.overrides = [(card, shop, her, city.when(month, 9)) for card, her in cards for month in city.months]
    told = [flag.rule for one in judged(city).suspicions if one.who == shop for flag in one.flags]
    assert ("A1" in told) != raised


@pytest.mark.parametrize(("other", "everybody"), [(6, True), (3, True), (0, True), (6, False)])
def test_a_shop_with_two_tills_debits_nobody_again(other: int, everybody: bool) -> None:
    """Unless it debits for the same goods, be it in every other month, or only some of its customers."""
    city = City(2).live()
    shop = second_till(city, GUILTY, other, everybody)
    suspicions = {one.who: one for one in judged(city).suspicions}
    told = [flag for flag in suspicions[shop].flags if flag.rule == "A1"] if shop in suspicions else []
    assert bool(told) != (other == 6 and everybody)
    assert all(flag.receipt_count >= (126 if everybody else 42) for flag in told)
    assert (shop in suspicions and suspicions[shop].visit) == bool(told)


def test_a_bundle_is_harmless_at_the_price_of_its_goods_and_is_visited_where_it_is_dearer() -> None:
    """By five percent, which A10 does not call dear."""
    city = City(2).live()
    fair, forced = bundle(city, HONEST), bundle(city, GUILTY, 1.05)
    suspicions = {one.who: one for one in judged(city).suspicions}
    assert [flag.rule for flag in suspicions[fair].flags] == ["A9"]
    assert not suspicions[fair].visit
    (told,) = (flag for flag in suspicions[forced].flags if flag.rule == "A9")
    assert "cost 5% more" in told.reason.en
    assert "5% lebih mahal" in told.reason.id
    assert suspicions[forced].visit


@pytest.mark.parametrize(("reason", "visit"), [("damaged", False), ("lost", True), (None, True)])
def test_cards_that_broke_were_handed_in_and_cards_that_are_lost_may_be_anywhere(
    reason: str | None, visit: bool
) -> None:
    city = City(2).live()
    family = replaced(city, HONEST, [dt.date(2026, month, 3) for month in range(1, 6)], reason)
    (suspicion,) = (one for one in judged(city).suspicions if one.who == family)
    assert suspicion.visit == visit
    assert ("ask first" in suspicion.flags[0].reason.en) != visit


@pytest.mark.parametrize(("lost", "visit"), [(2, True), (1, False)])
def test_who_loses_cards_breaks_one_now_and_then(lost: int, visit: bool) -> None:
    city = City(2).live()
    days = [dt.date(2026, month, 3) for month in range(1, 5)]
    family = replaced(city, HONEST, days, *["lost"] * lost, *["damaged"] * (4 - lost))
    (suspicion,) = (one for one in judged(city).suspicions if one.who == family)
    assert suspicion.visit == visit


@pytest.mark.parametrize(("amount", "visit"), [(HALF, True), (HALF - 40_000, False)])
def test_who_takes_all_that_is_on_cards_from_afar_is_visited_and_who_leaves_something_is_not(
    amount: int, visit: bool
) -> None:
    """Of the same people on the same days, in sums that are not large."""
    city = City(2).live()
    shop = strangers_who_share(city, HONEST, amount)
    (suspicion,) = (one for one in judged(city).suspicions if one.who == shop)
    (told,) = (flag for flag in suspicion.flags if flag.rule == "A16")
    assert told.score > 0.3
    assert ("took all that was on the card" in told.reason.en) == visit
    assert suspicion.visit == visit


def test_overrides_of_one_month_are_a_flood_unless_a_month_is_taken_on_the_day() -> None:
    city = City(2).live()
    need, sold = saved_up(city, HONEST, LOAD), saved_up(city, GUILTY, 2 * LOAD)
    visits = [one.who for one in judged(city).suspicions if one.subject is Subject.COMPANION and one.visit]
    assert visits == [sold]
    assert need not in visits


def test_a_heap_of_chickens_is_for_no_kitchen_and_rice_or_a_full_basket_is() -> None:
    """Below what a month allows, to few families of the shop; in a small city few are hardly anybody."""
    city = City(2).live()
    canteen, kitchen = heaps(city, GUILTY, {"AYAM": 6, "MINYAK": 1}), heaps(city, HONEST, {"BERAS": 15})
    cookshop = heaps(city, "EW-014", {"AYAM": 6, "MINYAK": 2, "TELUR": 10})
    full = heaps(city, "EW-012", {"AYAM": 5, "MINYAK": 1, "GULA": 2})
    defaults = load_parameters(find_rules())
    rule = defaults.rules["A8"].model_copy(update={"plausible": 0.95})
    with city.books() as books:
        told = flags(apply_rules(books, replace(defaults, rules={**defaults.rules, "A8": rule})), "A8")
    assert "a heap of one kind" in told[canteen].reason.en
    assert "timbunan satu jenis" in told[canteen].reason.id
    assert "a heap of one kind" in told[cookshop].reason.en
    assert kitchen not in told
    assert full not in told


def test_a_companion_who_keeps_her_cards_is_visited_and_not_the_shop_nor_one_whose_list_is_late() -> None:
    city = City(2).live()
    late, keeps = still_being_printed(city, HONEST, 40), still_being_printed(city, GUILTY, None)
    suspicions = {one.who: one for one in judged(city).suspicions}
    assert [flag.rule for flag in suspicions[keeps].flags] == ["A13"]
    assert suspicions[keeps].visit
    assert late not in suspicions
    assert GUILTY not in suspicions


@pytest.mark.parametrize("own", ["TELUR", "BERAS"])
def test_goods_of_ones_own_are_asked_for_first_and_goods_of_a_supplier_are_not(own: str) -> None:
    city = City(2).live()
    city.homemade = {HONEST: own, GUILTY: "MINYAK"}
    suspicions = {one.who: one for one in judged(city).suspicions}
    assert suspicions[GUILTY].visit
    assert not suspicions[HONEST].visit
    assert ["ask first" in flag.reason.en for flag in suspicions[HONEST].flags] == [True]


@pytest.mark.parametrize(("share", "visit"), [(0.93, True), (0.96, False)])
def test_a_little_that_lacks_of_every_good_tells_more_than_of_one_and_a_shelf_explains_some(
    share: float, visit: bool
) -> None:
    """By less than any good by itself is told of."""
    city = City(2).live()
    city.share[GUILTY] = share
    suspicions = {one.who: one for one in judged(city).suspicions}
    assert (GUILTY in suspicions and suspicions[GUILTY].visit) == visit
    if visit:
        (flag,) = (one for one in suspicions[GUILTY].flags if one.rule == "A14")
        assert "Of most kinds of goods" in flag.reason.en
        assert "kebanyakan jenis barang" in flag.reason.id


@pytest.mark.parametrize(("eggs", "told"), [(15, False), (135, True)])
def test_hens_of_ones_own_lay_for_ordinary_baskets_and_not_for_heaps(eggs: int, told: bool) -> None:
    city = City(2).live()
    city.homemade = {HONEST: "TELUR"}
    egg_days(city, eggs)
    suspicions = {one.who: one for one in judged(city).suspicions}
    (flag,) = (one for one in suspicions[HONEST].flags if one.rule == "A14")
    assert ("ask first" in flag.reason.en) != told
    assert suspicions[HONEST].visit == told


def test_who_takes_as_much_as_all_others_of_the_day_is_asked_first() -> None:
    city = City(2).live()
    shop = barge_day(city)
    (suspicion,) = (one for one in judged(city).suspicions if one.who == shop)
    (told,) = (flag for flag in suspicion.flags if flag.rule == "A4")
    assert told.score > 0.3
    assert "ask first" in told.reason.en
    assert not suspicion.visit


@pytest.mark.parametrize(("fair", "told"), [(0, False), (12, True)])
def test_goods_that_are_dearer_for_everybody_may_be_so_by_freight_and_for_some_not(fair: int, told: bool) -> None:
    city = City(2).live()
    shop = dear_rice(city, fair)
    rules = [flag.rule for one in judged(city).suspicions if one.who == shop for flag in one.flags]
    assert ("A10" in rules) == told


@pytest.mark.parametrize(("months", "told"), [(2, False), (5, True)])
def test_goods_that_are_dear_for_a_while_may_lack_and_at_every_feast_they_do_not(months: int, told: bool) -> None:
    city = City(2, months=8).live()
    shop = dear_eggs(city, GUILTY, months)
    reasons = [flag.reason.en for one in judged(city).suspicions if one.who == shop for flag in one.flags]
    assert any("some goods were dearer" in reason for reason in reasons) == told


@pytest.mark.parametrize(("weeks", "told"), [(6, False), (14, True)])
def test_a_quarters_invoices_may_be_lost_and_not_those_of_half_a_year(weeks: int, told: bool) -> None:
    city = City(2).live()
    begin = dt.date(2026, 2, 16)
    city.lost = {HONEST: (begin, begin + dt.timedelta(weeks=weeks))}
    rules = [flag.rule for one in judged(city).suspicions if one.who == HONEST for flag in one.flags]
    assert ("A14" in rules) == told


def test_goods_that_are_billed_a_week_later_send_nobody_and_packages_swiped_before_them_do() -> None:
    city = City(2).live()
    honest, guilty = swiped_first(city, HONEST, None), swiped_first(city, GUILTY, PACKAGE)
    found = flags(judged(city), "A6")
    assert honest not in found
    assert found[guilty].score > 0.3


@pytest.mark.parametrize(("quantity", "told"), [(3, False), (13, True)])
def test_goods_that_come_much_later_were_swiped_first_in_large_sums_and_not_in_small_ones(
    quantity: int, told: bool
) -> None:
    """Of a little rice each, whoever comes takes home what the shop has grown."""
    city = City(2).live()
    assert (rice_of_a_field(city, HONEST, quantity) in flags(judged(city), "A6")) == told


@pytest.mark.parametrize(("everybody", "told"), [(True, True), (False, False)])
def test_what_all_shops_buy_beyond_their_sales_is_no_stock_and_a_surplus_is(everybody: bool, told: bool) -> None:
    """Were it, half a year of buying double would hide that goods come after they are sold."""
    city = City(2).live()
    city.share = {shop: 2.0 for shop in city.shops if everybody or shop == GUILTY}
    guilty = swiped_first(city, GUILTY, PACKAGE, first=4)
    assert (guilty in flags(judged(city), "A6")) == told


@pytest.mark.parametrize(("quantity", "every", "told"), [(20, 2, False), (16, 1, True)])
def test_rice_that_lasts_is_bought_by_the_sack_and_what_nobody_eats_is_not(
    quantity: int, every: int, told: bool
) -> None:
    city = City(2).live()
    assert (sacks(city, quantity, every) in flags(judged(city), "A8")) == told


def test_much_of_many_goods_is_no_cash() -> None:
    city = City(2).live()
    assert full_baskets(city) not in flags(judged(city), "A8")


def test_what_happens_to_each_once_sends_nobody_and_a_habit_of_a_few_does() -> None:
    """As many sales at night, first of other cards each month, then of the same ones."""
    city = City(2).live()
    once = late_once_each(city)
    guilty = at_night(city)
    suspicions = {one.who: one for one in judged(city).suspicions if one.subject is Subject.SHOP}
    assert [flag.rule for flag in suspicions[once].flags] == ["A17"]
    assert [flag.rule for flag in suspicions[guilty].flags] == ["A17"]
    assert not suspicions[once].visit
    assert suspicions[guilty].visit


@pytest.mark.parametrize(
    ("habit", "rule"),
    [
        (ferry, "A4"),
        (lambda city: strangers(city, HONEST, None), "A16"),
        (lambda city: at_night(city, HONEST, None), "A17"),
    ],
    ids=["ferry", "strangers", "at_night"],
)
def test_a_habit_without_money_behind_it_is_told_of_and_asks_for_no_visit(habit: Plant, rule: str) -> None:
    """The very habits of the guilty, by people who buy what people buy: whatever they do, it has a harmless reason."""
    city = City(2).live()
    honest = habit(city)
    (suspicion,) = (one for one in judged(city).suspicions if one.who == honest)
    told = next(flag for flag in suspicion.flags if flag.rule == rule)
    assert told.score > 0.3
    assert "ask first" in told.reason.en
    assert "tanyakan dulu" in told.reason.id
    assert not suspicion.visit


@pytest.mark.parametrize("rounds", [False, True])
def test_round_sums_at_night_are_cash_unless_the_shop_rounds_whatever_it_sells(rounds: bool) -> None:
    city = City(2).live()
    shop = notes_at_night(city, GUILTY)
    if rounds:
        rounds_all(city, shop)
    suspicion, told = clearly_told(city, shop, "A17")
    assert ("are round sums, as cash is" in told.reason.en) != rounds
    assert ("berjumlah bulat, seperti uang tunai" in told.reason.id) != rounds
    assert suspicion.visit != rounds


@pytest.mark.parametrize("usual", [False, True])
def test_who_takes_the_same_for_each_card_is_visited_unless_everybody_buys_that(usual: bool) -> None:
    """Neither large nor all that is on the card."""
    city, goods = City(2).live(), {"BERAS": 4, "TELUR": 15, "GULA": 1}
    if usual:
        popular(city, goods)
    shop = together(city, GUILTY, goods)
    suspicion, told = clearly_told(city, shop, "A4")
    assert ("for the very same goods as another" in told.reason.en) != usual
    assert ("barang yang sama persis" in told.reason.id) != usual
    assert suspicion.visit != usual


@pytest.mark.parametrize("same", [True, False])
def test_large_sums_for_the_same_goods_on_one_day_are_somebodys_and_others_are_large_families(same: bool) -> None:
    city = City(2).live()
    shop = large_baskets(city, GUILTY, same)
    suspicion, told = clearly_told(city, shop, "A3")
    assert ("ask first" in told.reason.en) != same
    assert ("for the very same goods as another" in told.reason.en) == same
    assert suspicion.visit == same


@pytest.mark.parametrize("seed", range(3))
def test_cards_that_come_late_on_the_same_evening_count_as_one(seed: int) -> None:
    city = City(seed).live()
    honest = round_of_the_ill(city)
    assert [one.who for one in judged(city).suspicions if one.visit and one.who == honest] == []


@pytest.mark.parametrize("seed", range(2))
def test_who_buys_in_two_trips_is_not_told_of_and_who_is_debited_thrice_is_visited(seed: int) -> None:
    city = City(seed, months=12).live()
    honest, guilty = two_trips(city, 2, HONEST), two_trips(city, 3, "EW-011")
    told = {one.who: one for one in judged(city).suspicions if one.subject is Subject.CARD}
    assert honest not in told
    assert told[guilty].visit


@pytest.mark.parametrize("seed", range(2))
def test_a_village_with_one_shop_that_nobody_leaves_is_not_visited(seed: int) -> None:
    """Not even where it is the only such village of the city."""
    city = City(seed, months=12).live()
    honest = the_only_shop(city, away=0.0, villages=())
    assert [one.who for one in judged(city).suspicions if one.visit and one.who == honest] == []
