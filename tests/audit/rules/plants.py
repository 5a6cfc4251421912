# SPDX-License-Identifier: Apache-2.0
"""What a rule must see, and what looks like it and is honest: one of each for every rule."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import NamedTuple

from tests.audit.rules.world import LOAD, PACKAGE, PRICES, City, Goods, basket

#: Does something in the city and returns whom the rule should name (a look-alike: whom it must not).
Plant = Callable[[City], str]
GUILTY, HONEST = "EW-005", "EW-010"
DAY = dt.timedelta(days=1)
HALF = LOAD // 2 - 3_500  #: of a load, and no round sum


class Case(NamedTuple):
    """One rule's."""

    rule: str
    fraud: Plant
    lookalike: Plant


def splits_sums(city: City) -> str:
    for card in city.families[GUILTY]:
        for month in city.months:
            at = city.when(month, 9)
            city.sell(card, GUILTY, at, {"BERAS": 4}, pin=False)
            city.sell(card, GUILTY, at + dt.timedelta(minutes=7), {"BERAS": 4}, pin=False)
    return GUILTY


def forgot_the_eggs(city: City) -> str:
    """Some families come back the same day, once in the half year."""
    for card in city.families[HONEST][:8]:
        at = city.when(2, 9)
        city.sell(card, HONEST, at, {"BERAS": 4, "GULA": 1, "SUSU": 2})
        city.sell(card, HONEST, at + dt.timedelta(hours=2), {"TELUR": 10})
    return HONEST


def two_trips(city: City, trips: int, shop: str) -> str:
    """One family of the shop that carries home what it buys in so many trips, an hour apart, each month."""
    card = city.families[shop][0]
    for month in city.months:
        at = city.when(month, 9)
        for trip in range(trips):
            city.sell(card, shop, at + dt.timedelta(hours=trip), {"BERAS": 3})
    return card


def came_back(city: City, shop: str, same: bool) -> str:
    """Eight families within the hour, each month: for what they had just bought, or for something else."""
    for card in city.families[shop][:8]:
        for month in city.months:
            at, goods = city.when(month, 9), city.goods()
            city.sell(card, shop, at, goods)
            city.sell(card, shop, at + dt.timedelta(minutes=20), goods if same else city.goods())
    return shop


def second_till(city: City, shop: str, other: int, everybody: bool) -> str:
    """The families of a shop, or a third, buy again without a PIN minutes later: so many months what is fresh, and then
    the same again."""
    for card in city.families[shop][:: 1 if everybody else 3]:
        for month in city.months:
            at = city.when(month, 9)
            city.sell(card, shop, at, {"BERAS": 4, "GULA": 1})
            later = at + dt.timedelta(minutes=5)
            city.sell(card, shop, later, {"AYAM": 1} if month <= other else {"BERAS": 2}, pin=False)
    return shop


def round_sums(city: City) -> str:
    for card in city.families[GUILTY][:12]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 9), None, amount=200_000)
    return GUILTY


def round_packages(city: City) -> str:
    """Packages of Rp300,000 to the rupiah, to everybody."""
    for card in city.families[HONEST]:
        for month in city.months:
            city.sell(card, HONEST, city.when(month, 9), PACKAGE, amount=LOAD)
    return HONEST


def large_sums(city: City) -> str:
    for card in city.families[GUILTY][:15]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 9), {"BERAS": 20, "AYAM": 3, "SUSU": 4, "GULA": 2, "MINYAK": 2})
    return GUILTY


def feast_day(city: City) -> str:
    """Once, before the feast, half of the families buy for two months."""
    for card in city.families[HONEST][:10]:
        city.sell(card, HONEST, city.when(3, 18), {"BERAS": 20, "AYAM": 3, "SUSU": 4, "GULA": 2, "MINYAK": 2})
    return HONEST


def stack_of_cards(city: City) -> str:
    """Cards of several companions' families, one after the other, each month."""
    return together(city, GUILTY, PACKAGE)


def ferry(city: City) -> str:
    """The same people at the same hour, for that is when the boat comes; they buy what people buy."""
    return together(city, HONEST, None)


def together(city: City, shop: str, goods: Goods | None) -> str:
    """Half of a shop's families, one after the other, each month: to buy this, or whatever it may be."""
    cards = city.families[shop][::2]
    city.forget(shop, cards)
    for month in city.months:
        at = dt.datetime(2026, month, 2, 9)
        for card in cards:
            at += dt.timedelta(seconds=city.random.randrange(30, 60))
            city.sell(card, shop, at, goods or city.goods())
    return shop


def popular(city: City, goods: Goods) -> None:
    """What most purchases of all families hold, whoever they are."""
    text = basket(goods)
    total = sum(line[2] for line in json.loads(text))
    city.sales = [
        one._replace(basket=text, amount=total) if number % 8 else one for number, one in enumerate(city.sales)
    ]


def market_day_and_group(city: City) -> str:
    """A queue of whoever comes on market days; and a companion with her seven families each month."""
    for month in city.months:
        for day in (7, 14, 21, 28):
            at = dt.datetime(2026, month, day, 9)
            for card in city.random.sample(city.families[HONEST], 6):
                at += dt.timedelta(seconds=city.random.randrange(60, 150))
                city.sell(card, HONEST, at, city.goods())
        at = dt.datetime(2026, month, 4, 10)
        for card in city.families[HONEST][:7]:
            at += dt.timedelta(seconds=90)
            city.sell(card, HONEST, at, city.goods())
    return HONEST


def neighbour_for_the_old(city: City) -> str:
    """One person with four cards of different companions' families, each month."""
    market_day_and_group(city)
    for month in city.months:
        at = dt.datetime(2026, month, 5, 11)
        for card in city.families[HONEST][2::6]:
            at += dt.timedelta(seconds=80)
            city.sell(card, HONEST, at, city.goods())
    return HONEST


def emptied_on_the_first(city: City) -> str:
    city.forget(GUILTY)
    for card in city.families[GUILTY]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 1), PACKAGE, amount=LOAD)
    return GUILTY


def packages_all_month(city: City) -> str:
    """One package empties the card, on whatever day the family comes."""
    city.forget(HONEST)
    for card in city.families[HONEST]:
        for month in city.months:
            there = HONEST if city.random.random() < 0.8 else city.random.choice(city.shops)
            city.sell(card, there, city.when(month, city.random.randrange(1, 28)), PACKAGE, amount=LOAD)
    return HONEST


def buys_later(city: City) -> str:
    city.late[GUILTY] = 35
    return GUILTY


def buys_the_same_week(city: City) -> str:
    """Lives on what was left for a day or two, until the lorry comes."""
    city.late[HONEST] = 2
    return HONEST


def swiped_first(city: City, shop: str, goods: Goods | None, first: int = 1) -> str:
    """From this month on all families of the shop come in its first days, to buy this or whatever it may be; and what
    it sells in a week it buys in the next."""
    months = [month for month in city.months if month >= first]
    city.late[shop], city.late_since[shop] = 8, dt.date(2026, first, 1)
    city.sales = [one for one in city.sales if one.card not in city.families[shop] or one.at.month not in months]
    for month in months:
        for number, card in enumerate(city.families[shop]):
            city.sell(card, shop, city.when(month, 1 + number % 4), goods or city.goods())
    return shop


def rice_of_a_field(city: City, shop: str, quantity: int) -> str:
    """All families buy so much rice, and nothing else, in the first half of each month; at its end it is billed. Of all
    other goods the shop has plenty."""
    city.lost[shop] = (dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    city.bought.append((shop, dt.date(2025, 12, 20), {code: 5000 for code in PRICES if code != "BERAS"}))
    for month in city.months:
        for number, card in enumerate(city.families[shop]):
            city.sell(card, shop, city.when(month, 5 + number % 9), {"BERAS": quantity})
        sold = [one.basket for one in city.sales if one.shop == shop and one.at.month == month and one.basket]
        rice = sum(number for text in sold for code, number, _ in json.loads(text) if code == "BERAS")
        city.bought.append((shop, dt.date(2026, month, 28), {"BERAS": round(1.15 * rice)}))
    return shop


def keeps_cards(city: City) -> str:
    held = city.families[GUILTY][:14]
    city.forget(GUILTY, held)
    for card in held:
        for month in city.months:
            for day in (3, 17):
                city.sell(card, GUILTY, city.when(month, day), city.goods())
    return GUILTY


def the_only_shop(city: City, away: float = 0.05, villages: tuple[str, ...] = ("EW-001", "EW-007", "EW-013")) -> str:
    """Of kelurahan with a single shop, where hardly anybody goes elsewhere: here and in some other villages."""
    for shop in (HONEST, *villages):
        city.kelurahan[shop] = f"Desa {shop}"
        for card in city.families[shop]:
            city.cards[card]["kelurahan"] = city.kelurahan[shop]
            city.forget(shop, [card])
            for month in city.months:
                for day in (3, 17):
                    there = city.random.choice(city.shops) if city.random.random() < away else shop
                    city.sell(card, there, city.when(month, day), city.goods())
    return HONEST


def cash(city: City) -> str:
    for card in city.families[GUILTY][:12]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 9), {"BERAS": 18})
    return GUILTY


def sacks(city: City, quantity: int, every: int) -> str:
    """Some families buy so much rice every so many months, and no other; what else they eat a while later."""
    for number, card in enumerate(city.families[HONEST][:7]):
        city.forget(HONEST, [card])
        for month in city.months:
            if month % every == 0:
                city.sell(card, HONEST, city.when(month, 2 + number), {"BERAS": quantity})
            city.sell(card, HONEST, city.when(month, 20), {"TELUR": 20 if every > 1 else 10})
    return HONEST


def full_baskets(city: City) -> str:
    """Many large families buy for the month, of some goods more than hardly anybody else takes."""
    for number, card in enumerate(city.families[HONEST][:14]):
        for month in city.months:
            goods = {"BERAS": 5, "IKAN_KALENG": 8, "MINYAK": 4, "SUSU": 3, "GULA": 2}
            city.sell(card, HONEST, city.when(month, 2 + number), goods)
    return HONEST


def heaps(city: City, shop: str, goods: Goods) -> str:
    """A few families once a month: for two kinds of goods, that leave half of the load on the card."""
    for number, card in enumerate(city.families[shop][:7]):
        for month in city.months[::2]:
            city.sell(card, shop, city.when(month, 2 + number), goods)
    return shop


def sacks_of_rice(city: City) -> str:
    """A few large families buy rice for the month, and much else."""
    for card in city.families[HONEST][:3]:
        for month in city.months:
            city.sell(card, HONEST, city.when(month, 9), {"BERAS": 15, "TELUR": 20, "MINYAK": 2, "GULA": 1})
    return HONEST


def bundle(city: City, shop: str = GUILTY, mark_up: float = 1.0) -> str:
    """The same bag for all families of a shop, at the price of its goods, or dearer."""
    city.forget(shop)
    for card in city.families[shop]:
        for month in city.months:
            city.sell(card, shop, city.when(month, 9), {"BERAS": 5, "SUSU": 6, "IKAN_KALENG": 6}, mark_up=mark_up)
    return shop


def favourite_package(city: City) -> str:
    """The programme's package, which all shops sell, to twice as many as elsewhere."""
    for card in city.families[HONEST][:9]:
        for month in city.months:
            city.sell(card, HONEST, city.when(month, 9), PACKAGE)
    return HONEST


def mark_up(city: City) -> str:
    city.forget(GUILTY)
    for card in city.families[GUILTY]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 9), city.goods(), mark_up=1.12)
    return GUILTY


def a_little_dearer(city: City) -> str:
    city.forget(HONEST)
    for card in city.families[HONEST]:
        for month in city.months:
            there = HONEST if city.random.random() < 0.8 else city.random.choice(city.shops)
            city.sell(card, there, city.when(month, 9), city.goods(), mark_up=1.02)
    return HONEST


def large_baskets(city: City, shop: str, same: bool) -> str:
    """Eight families on one day of each month, all for the same, or each for as much more as it is larger."""
    for month in city.months:
        for number, card in enumerate(city.families[shop][:8]):
            more = 3 if same else number
            city.sell(card, shop, city.when(month, 9), {"BERAS": 20, "AYAM": 3, "SUSU": 2 + more, "GULA": 1 + more})
    return shop


def overrides_for_all(city: City) -> str:
    companion = str(city.cards[city.families[GUILTY][0]]["companion_id"])
    for card in city.families[GUILTY][:7]:
        for month in city.months:
            city.overrides.append((card, GUILTY, companion, city.when(month, 9)))
    return companion


def overrides_in_need(city: City) -> str:
    companion = str(city.cards[city.families[HONEST][0]]["companion_id"])
    for card in city.families[HONEST][:3]:
        city.overrides.append((card, HONEST, companion, city.when(3, 9)))
    return companion


def overrides_after_a_fire(city: City) -> str:
    """All families of a companion twice in one month, and hardly ever again."""
    companion = str(city.cards[city.families[HONEST][0]]["companion_id"])
    for card in city.families[HONEST][:7]:
        city.overrides += [(card, HONEST, companion, city.when(3, day)) for day in (9, 20)]
    city.overrides.append((city.families[HONEST][0], HONEST, companion, city.when(5, 9)))
    return companion


def saved_up(city: City, shop: str, at_once: int) -> str:
    """All families of a companion with an override on a day of one month; this is what each takes on that day."""
    for card in city.families[shop][:7]:
        for day in (9, 20):
            at = city.when(3, day)
            city.sell(card, shop, at, PACKAGE, amount=at_once)
            city.overrides.append((card, shop, str(city.cards[card]["companion_id"]), at))
    return str(city.cards[city.families[shop][0]]["companion_id"])


def replaced(city: City, shop: str, days: list[dt.date], *reasons: str | None) -> str:
    """For these reasons by turns, or for none."""
    card = city.families[shop][0]
    for number, (day, reason) in enumerate(zip(days, itertools.cycle(reasons or (None,)))):
        serial = f"{0xABC000 + number + int(shop[3:]) * 100:016x}"
        city.cards[serial] = city.cards[card] | {"serial": serial, "replaces": card, "issued_on": day, "reason": reason}
    return f"F{card}"


def five_replacements(city: City) -> str:
    return replaced(city, GUILTY, [dt.date(2026, month, 3) for month in range(1, 6)])


def a_bad_batch(city: City) -> str:
    """Several cards in one month, as where a batch of chips fails."""
    return replaced(city, HONEST, [dt.date(2026, 2, day) for day in (2, 9, 16, 23)])


def uses_undelivered(city: City) -> str:
    """Cards of all companions there, a few of each."""
    for card in city.families[GUILTY][::4]:
        city.cards[card]["delivered_on"] = None
    return GUILTY


def still_being_printed(city: City, shop: str, late: int | None) -> str:
    """A companion's seven cards that nobody has been handed, or whose list follows so many days after their use."""
    for card in city.families[shop][:7]:
        first = min(one.at for one in city.sales if one.card == card)
        city.cards[card]["delivered_on"] = None if late is None else (first + late * DAY).date()
    return str(city.cards[city.families[shop][0]]["companion_id"])


def noted_a_day_late(city: City) -> str:
    for card in city.families[HONEST][:5]:
        first = min((one.at for one in city.sales if one.card == card), default=dt.datetime(2026, 1, 1))
        city.cards[card]["delivered_on"] = (first + 2 * DAY).date()
    return HONEST


def list_came_late(city: City) -> str:
    """The hand-overs of a whole group are written down at the end of January; they had bought since the first."""
    for card in city.families[HONEST][:14]:
        city.cards[card]["delivered_on"] = dt.date(2026, 1, 31)
        city.sell(card, HONEST, city.when(1, 8), city.goods())
    return HONEST


def claims_too_much(city: City) -> str:
    city.share[GUILTY] = 0.6
    return GUILTY


def egg_days(city: City, eggs: int) -> None:
    """Of the shop's families as many as take 540 eggs a month, each so many."""
    for month in city.months:
        for number, card in enumerate(city.families[HONEST][: 540 // eggs // 2]):
            for day in (6, 22):
                city.sell(card, HONEST, city.when(month, day + number % 4), {"TELUR": eggs, "GULA": 1})


def runs_the_shelf_down(city: City) -> str:
    """Sells what was on the shelf when the year began, of ten days, besides what it buys."""
    city.share[HONEST] = 1.05
    return HONEST


def cigarettes_as_milk(city: City) -> str:
    for card in city.families[GUILTY][:8]:
        for month in city.months:
            city.sell(card, GUILTY, city.when(month, 9), {"SUSU": 2, "BERAS": 3, "GULA": 1}, mark_up=2.4)
    return GUILTY


def a_dear_week(city: City) -> str:
    for card in city.families[HONEST]:
        city.sell(card, HONEST, city.when(2, 9), city.goods(), mark_up=1.3)
    return HONEST


def strangers(city: City, shop: str = GUILTY, goods: Goods | None = PACKAGE) -> str:
    """Two families of most others' come from afar on one day of each month: to buy this, or whatever it may be."""
    for other in city.shops[10:]:
        for card in city.families[other][:4]:
            city.cards[card]["kode_kecamatan"] = "64.72.02"
            for month in city.months:
                city.sell(card, shop, city.when(month, 9), goods or city.goods())
    return shop


def strangers_who_share(city: City, shop: str, amount: int) -> str:
    """Families from afar spend half of a load at home, and this much of the rest at one shop, each month."""
    for other in city.shops[10:]:
        for card in city.families[other][:4]:
            city.cards[card]["kode_kecamatan"] = "64.72.02"
            city.forget(other, [card])
            for month in city.months:
                city.sell(card, other, city.when(month, 3), city.goods(), amount=LOAD - HALF)
                city.sell(card, shop, city.when(month, 9), city.goods(), amount=amount)
                city.sell(card, other, city.when(month, 20), city.goods(), amount=HALF - amount)
    return shop


def a_few_movers(city: City) -> str:
    for card in city.families[HONEST][:2]:
        city.cards[card]["kode_kecamatan"] = "64.72.02"
    return HONEST


def barge_day(city: City) -> str:
    """The same people at the same hour, for a whole package each, on the day on which all others come for one, too."""
    shop = together(city, HONEST, PACKAGE)
    others = city.families[shop][1::2]
    city.forget(shop, others)
    for month in city.months:
        for card in others:
            city.sell(card, shop, city.when(month, 2), PACKAGE)
    return shop


def dear_rice(city: City, fair: int = 0) -> str:
    """Rice is dearer by what its freight costs, and all else is not; ``fair``: of the families, those who pay less."""
    city.forget(HONEST)
    for month in city.months:
        for number, card in enumerate(city.families[HONEST]):
            mark_up = 1 if number < fair else 1.078
            city.sell(card, HONEST, city.when(month, 5), {"BERAS": 4}, mark_up=mark_up)
            city.sell(card, HONEST, city.when(month, 15), {"TELUR": 30, "SUSU": 3, "GULA": 2})
    return HONEST


def dear_eggs(city: City, shop: str, months: int) -> str:
    """Eggs a fifth dearer in so many months, for the few who buy many of them."""
    for number, card in enumerate(city.families[shop][:3]):
        for month in city.months:
            mark_up = 1.2 if month <= months else 1
            city.sell(card, shop, city.when(month, 4 + number), {"TELUR": 60}, mark_up=mark_up)
    return shop


def far_from_home(city: City, card: str, amount: int | None) -> str:
    """A card that is used once a month at a shop of another kelurahan: for this sum, or whatever is bought."""
    city.forget(GUILTY, [card])
    for month in city.months:
        city.sell(card, GUILTY, city.when(month, 4), PACKAGE if amount else city.goods(), amount=amount)
    return card


def round_of_shops(city: City, card: str, same: bool) -> str:
    """A card at three shops on one day of each month, until it is empty: for oil at each, or for what each has."""
    city.forget(GUILTY, [card])
    for month in city.months:
        at = city.when(month, 4).replace(hour=9)
        for number, code in enumerate(("MINYAK", "MINYAK", "MINYAK") if same else ("BERAS", "TELUR", "MINYAK")):
            trip = at + dt.timedelta(hours=number)
            city.sell(card, city.shops[number + 3], trip, {code: 3}, amount=LOAD // 3)
    return card


def at_night(city: City, shop: str = GUILTY, goods: Goods | None = PACKAGE) -> str:
    """A few families of the shop after closing, each month: to buy this, or whatever it may be."""
    for day, card in enumerate(city.families[shop][:10], start=9):
        for month in city.months:
            city.sell(card, shop, dt.datetime(2026, month, day, 21, city.random.randrange(60)), goods or city.goods())
    return shop


def notes_at_night(city: City, shop: str) -> str:
    """A few families after closing, each month, for goods worth Rp140,000 to the rupiah."""
    for day, card in enumerate(city.families[shop][:10], start=9):
        for month in city.months:
            at = dt.datetime(2026, month, day, 21, city.random.randrange(60))
            city.sell(card, shop, at, city.goods(), amount=140_000)
    return shop


def rounds_all(city: City, shop: str) -> None:
    """The shop rounds whatever it sells, for want of coins."""
    city.sales = [
        one._replace(amount=max(10_000, round(one.amount, -4))) if one.shop == shop else one for one in city.sales
    ]


def round_of_the_ill(city: City) -> str:
    """Once a month, after closing, to the same few families, one after the other."""
    for card in city.families[HONEST][:6]:
        for month in city.months:
            city.sell(card, HONEST, dt.datetime(2026, month, 9, 20, city.random.randrange(60)), city.goods())
    return HONEST


def late_once_each(city: City) -> str:
    """Every family of the shop once or twice, in whatever month."""
    shop = "EW-014"
    for number in range(30):
        card = city.families[shop][number % 21]
        city.sell(card, shop, dt.datetime(2026, number % 6 + 1, 9 + number % 7, 21, number), city.goods())
    return shop


def still_in_the_queue(city: City) -> str:
    for day, card in enumerate(city.families[HONEST], start=1):
        for month in city.months:
            city.sell(card, HONEST, dt.datetime(2026, month, day, 17, city.random.randrange(12)), city.goods())
    return HONEST


def alters_receipts(city: City) -> str:
    held = [one for one in city.sales if one.shop == GUILTY]
    city.problems += [("wrong_arithmetic", one.card, 2) for one in held[:6]]
    return GUILTY


def sends_twice(city: City) -> str:
    """Copies and a gap, as of a bad line; some of every shop's."""
    for shop in (HONEST, "EW-002", "EW-003"):
        city.problems += [("duplicate", card, 2) for card in city.families[shop][:2]]
        city.problems += [("not_handed_in", card, 3) for card in city.families[shop][:5]]
    return HONEST


CASES = (
    Case("A1", splits_sums, forgot_the_eggs),
    Case("A2", round_sums, round_packages),
    Case("A3", large_sums, feast_day),
    Case("A4", stack_of_cards, market_day_and_group),
    Case("A4", stack_of_cards, neighbour_for_the_old),
    Case("A5", emptied_on_the_first, packages_all_month),
    Case("A6", buys_later, buys_the_same_week),
    Case("A7", keeps_cards, the_only_shop),
    Case("A8", cash, sacks_of_rice),
    Case("A9", bundle, favourite_package),
    Case("A10", mark_up, a_little_dearer),
    Case("A11", overrides_for_all, overrides_in_need),
    Case("A11", overrides_for_all, overrides_after_a_fire),
    Case("A12", five_replacements, a_bad_batch),
    Case("A13", uses_undelivered, noted_a_day_late),
    Case("A13", uses_undelivered, list_came_late),
    Case("A14", claims_too_much, runs_the_shelf_down),
    Case("A15", cigarettes_as_milk, a_dear_week),
    Case("A16", strangers, a_few_movers),
    Case("A17", at_night, still_in_the_queue),
    Case("A18", alters_receipts, sends_twice),
)
