# SPDX-License-Identifier: Apache-2.0
"""A small city made by hand, as books: honest families first, then whatever a test plants at one shop.

Nothing of it comes from the simulated year, so that the rules are held to more than what they were tuned on.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from ssn_card.audit.books import Books

PRICES = {
    "BERAS": 16200, "TELUR": 1850, "AYAM": 35000, "IKAN_KALENG": 12000, "MINYAK": 17000, "GULA": 17500, "SUSU": 13500,
}  # fmt: skip
PACKAGE = {"BERAS": 10, "TELUR": 30, "MINYAK": 2, "GULA": 1, "IKAN_KALENG": 1, "SUSU": 1}
LOAD = 300_000
Goods = dict[str, int]


def basket(goods: Goods, mark_up: float = 1.0) -> str:
    """Its text."""
    return json.dumps([[code, number, round(number * PRICES[code] * mark_up)] for code, number in goods.items()])


class Sale(NamedTuple):
    """A sale that is planned. ``amount``: what is not given is the basket's; ``pin``: it was given."""

    card: str
    at: dt.datetime
    shop: str
    basket: str | None
    amount: int
    pin: bool


class City:
    """Shops of 16, each with families of its own; two shops in each kelurahan.

    ``families``: cards by shop; ``months``: of 2026; ``late``: days after the week of sale that a shop buys its goods,
    ``late_since``: if not from the beginning; ``share``: how much of them it buys, ``homemade``: of which goods less;
    ``lost``: from when until before when its invoices are lost.
    """

    def __init__(self, seed: int = 1, shops: int = 16, families: int = 21, months: int = 6) -> None:
        self.random = Random(seed)
        self.months = range(1, months + 1)
        self.shops = [f"EW-{number:03d}" for number in range(1, shops + 1)]
        self.families = {
            shop: [f"{place * 1000 + number:016x}" for number in range(families)]
            for place, shop in enumerate(self.shops, start=1)
        }
        self.sales: list[Sale] = []
        self.cards: dict[str, dict[str, Any]] = {}
        self.overrides: list[tuple[str, str, str, dt.datetime]] = []
        self.late: dict[str, int] = {}
        self.late_since: dict[str, dt.date] = {}
        self.share: dict[str, float] = {}
        self.homemade: dict[str, str] = {}
        self.lost: dict[str, tuple[dt.date, dt.date]] = {}
        self.bought: list[tuple[str, dt.date, Goods]] = []
        self.problems: list[tuple[str, str, int]] = []
        self.tables = {"cards", "updates", "shops", "prices", "invoices"}
        self.kelurahan = {shop: f"Kelurahan {place // 2}" for place, shop in enumerate(self.shops)}
        for shop, cards in self.families.items():
            for number, card in enumerate(cards):
                self.cards[card] = {
                    "serial": card, "family": f"F{card}", "kode_kecamatan": "64.72.01",
                    "kelurahan": self.kelurahan[shop], "companion_id": f"c{shop[3:]}{number // 7}", "replaces": None,
                    "issued_on": dt.date(2025, 12, 1), "delivered_on": dt.date(2025, 12, 20),
                }  # fmt: skip

    def live(self) -> City:
        """Honest months: one or two purchases, four of five at the own shop, and goods bought before they are sold."""
        for month in self.months:
            for shop, cards in self.families.items():
                for card in cards:
                    self.month_of(card, shop, month)
        return self

    def month_of(self, card: str, shop: str, month: int) -> None:
        """A family's month."""
        draw = self.random
        for _ in range(draw.choice((1, 1, 2))):
            there = shop if draw.random() < 0.8 else draw.choice(self.shops)
            self.sell(card, there, self.when(month, draw.randrange(1, 28)), self.goods())

    def when(self, month: int, day: int) -> dt.datetime:
        """Some time of a day, within hours."""
        return dt.datetime(2026, month, day, 8) + dt.timedelta(seconds=self.random.randrange(9 * 3600))

    def goods(self) -> Goods:
        """A basket of one, in several kinds."""
        draw = self.random
        if draw.random() < 0.2:
            return PACKAGE
        return {code: draw.randrange(1, 4) for code in draw.sample(sorted(PRICES), draw.randrange(3, 6))}

    def sell(
        self,
        card: str,
        shop: str,
        at: dt.datetime,
        goods: Goods | None,
        mark_up: float = 1.0,
        amount: int | None = None,
        pin: bool = True,
    ) -> None:
        """One sale."""
        text = None if goods is None else basket(goods, mark_up)
        total = sum(line[2] for line in json.loads(text)) if text else 0
        self.sales.append(Sale(card, at, shop, text, amount or total, pin))

    def forget(self, shop: str, cards: Sequence[str] | None = None) -> None:
        """What these cards (default: the shop's) did is another story."""
        gone = set(self.families[shop] if cards is None else cards)
        self.sales = [sale for sale in self.sales if sale.card not in gone]

    def _stock_up(self) -> None:
        """Invoices of each week's sales, a week before, and a tenth more, but for shops that are ``late`` or short."""
        weekly: defaultdict[tuple[str, dt.date], Goods] = defaultdict(lambda: defaultdict(int))
        for sale in self.sales:
            monday = sale.at.date() - dt.timedelta(days=sale.at.weekday())
            for code, number, _ in json.loads(sale.basket or "[]"):
                weekly[sale.shop, monday][code] += number
        for (shop, monday), goods in weekly.items():
            late = self.late.get(shop, -7) if monday >= self.late_since.get(shop, monday) else -7
            part, day = self.share.get(shop, 1.1), monday + dt.timedelta(days=late)
            begin, end = self.lost.get(shop, (day, day))
            parts = {code: part * (0.6 if code == self.homemade.get(shop) else 1) for code in goods}
            if not begin <= day < end:
                self.bought.append((shop, day, {code: round(number * parts[code]) for code, number in goods.items()}))

    @contextmanager
    def books(self) -> Iterator[Books]:
        """All of it as books."""
        self._stock_up()
        with duckdb.connect() as connection:
            for name, rows in self._tables().items():
                connection.register("given", pa.Table.from_pylist(rows, _SCHEMAS[name]))
                connection.execute(f"CREATE TABLE {name} AS FROM given")
                connection.unregister("given")
            connection.execute(_VIEWS)
            yield Books(connection, frozenset(self.tables), ())

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        texts = {
            text: number for number, text in enumerate(sorted({one.basket for one in self.sales if one.basket}), 1)
        }
        receipts, loads = self._receipts(texts)
        return {
            "receipts": receipts,
            "loads": loads,
            "cards": list(self.cards.values()),
            "updates": [{"serial": card, "update_seq": month} for card in self.cards for month in self.months],
            "shops": [
                {
                    "id_ewarong": shop,
                    "kode_kecamatan": "64.72.01",
                    "kelurahan": self.kelurahan[shop],
                    "buka": dt.time(8),
                    "tutup": dt.time(17),
                }
                for shop in self.shops
            ],
            "prices": [
                {
                    "code": code,
                    "kode_kecamatan": None,
                    "valid_from": dt.date(2026, 1, 1),
                    "valid_until": dt.date(2026, 12, 31),
                    "price_rp": price,
                }
                for code, price in PRICES.items()
            ],
            "invoices": [
                {"id_ewarong": shop, "bought_on": day, "code": code, "quantity": float(number)}
                for shop, day, goods in self.bought
                for code, number in goods.items()
            ],
            "overrides": [
                {
                    "serial": card,
                    "seq": 900 + number,
                    "at": at,
                    "day": at.date(),
                    "id_ewarong": shop,
                    "amount": 300_000,
                    "companion_id": companion,
                }
                for number, (card, shop, companion, at) in enumerate(self.overrides)
            ],
            "baskets": [{"basket_id": number, "basket": text} for text, number in texts.items()],
            "basket_lines": [
                {"basket_id": number, "code": code, "quantity": quantity, "amount": amount}
                for text, number in texts.items()
                for code, quantity, amount in json.loads(text)
            ],
            "problems": [{"problem": kind, "serial": card, "seq": seq, "line": 1} for kind, card, seq in self.problems],
        }

    def _receipts(self, texts: dict[str, int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Each card's in its order: before the first sale of a month, the month's load."""
        receipts, loads = [], []
        seqs: defaultdict[str, int] = defaultdict(int)
        balances: defaultdict[str, int] = defaultdict(int)
        loaded: set[tuple[str, int]] = set()
        for sale in sorted(self.sales, key=lambda one: (one.card, one.at)):
            card = sale.card
            if (card, sale.at.month) not in loaded:
                loaded.add((card, sale.at.month))
                seqs[card] += 1
                balances[card] += LOAD
                loads.append(
                    {"serial": card, "seq": seqs[card], "update_seq": sale.at.month,
                     "issued_on": dt.date(2026, sale.at.month, 1)}
                )  # fmt: skip
            seqs[card] += 1
            balances[card] = max(0, balances[card] - sale.amount)
            receipts.append(
                {"serial": card, "seq": seqs[card], "type": 1, "at": sale.at, "day": sale.at.date(),
                 "month": sale.at.date().replace(day=1), "id_ewarong": sale.shop, "amount": sale.amount,
                 "balance_after": balances[card], "basket_id": texts.get(sale.basket or ""), "pin_state": int(sale.pin)}
            )  # fmt: skip
        return receipts, loads


def _schema(**kinds: pa.DataType) -> pa.Schema:
    return pa.schema(list(kinds.items()))


_T, _N, _D, _M = pa.string(), pa.int64(), pa.date32(), pa.timestamp("ms")
_SCHEMAS = {
    "receipts": _schema(
        serial=_T, seq=_N, type=_N, at=_M, day=_D, month=_D, id_ewarong=_T, amount=_N, balance_after=_N,
        basket_id=pa.int32(), pin_state=pa.uint8(),
    ),
    "loads": _schema(serial=_T, seq=_N, update_seq=_N, issued_on=_D),
    "cards": _schema(
        serial=_T, family=_T, kode_kecamatan=_T, kelurahan=_T, companion_id=_T, replaces=_T, reason=_T,
        issued_on=_D, delivered_on=_D, blocked_on=_D,
    ),
    "updates": _schema(serial=_T, update_seq=_N),
    "shops": _schema(id_ewarong=_T, kode_kecamatan=_T, kelurahan=_T, buka=pa.time32("s"), tutup=pa.time32("s")),
    "prices": _schema(code=_T, kode_kecamatan=_T, valid_from=_D, valid_until=_D, price_rp=_N),
    "invoices": _schema(id_ewarong=_T, bought_on=_D, code=_T, quantity=pa.float64()),
    "overrides": _schema(serial=_T, seq=_N, at=_M, day=_D, id_ewarong=_T, amount=_N, companion_id=_T),
    "baskets": _schema(basket_id=pa.int32(), basket=_T),
    "basket_lines": _schema(basket_id=pa.int32(), code=_T, quantity=_N, amount=_N),
    "problems": _schema(problem=_T, serial=_T, seq=_N, line=_N),
}  # fmt: skip
_VIEWS = """
CREATE TABLE sales AS
    SELECT r.* EXCLUDE (type), c.family, c.companion_id, c.kode_kecamatan, c.kelurahan
    FROM receipts r LEFT JOIN cards c USING (serial);
"""
