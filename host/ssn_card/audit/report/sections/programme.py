# SPDX-License-Identifier: Apache-2.0
"""The third part: the programme, its money by kecamatan and shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from ssn_card.protocol.errors import numeral

from ..charts.programme import draw_kecamatan, draw_months
from ..data import PolicyMoney, ReportData, ShopTold
from ..document import Block, CellKind, Grid, Paragraph, Section
from ..speech import Speech
from ..words import common
from ..words import programme as words

_SHOPS = 60  #: that the table has room for


def programme(data: ReportData, speech: Speech) -> Iterator[Block]:
    """Charts before tables."""
    totals = data.totals
    yield Section(1, speech.say(words.TITLE), "programme")
    yield Paragraph(
        speech.say(
            words.TOTALS,
            cards=speech.number(totals.cards),
            sales=speech.number(totals.sales),
            spent=speech.money(totals.spent),
            shops=speech.number(totals.shops),
            cancels=speech.number(totals.cancels),
            cancelled=speech.money(totals.cancelled),
            overrides=speech.number(totals.overrides),
        )
    )
    if data.months:
        yield draw_months(data.months, speech)
        chart = draw_kecamatan(data.months, data.kecamatan, speech)
        if chart is not None:
            yield chart
    if data.money:
        yield _money(data, speech)
    yield from _shops(data, speech)


def _money(data: ReportData, speech: Speech) -> Grid:
    names = {one.kode_kecamatan: one.name for one in data.kecamatan}
    rows = [_money_row(one, names.get(one.kode_kecamatan, one.kode_kecamatan), speech) for one in data.money]
    for policy in dict.fromkeys(one.policy_id for one in data.money):
        own = [one for one in data.money if one.policy_id == policy]
        if len(own) > 1:
            rows.append(_money_row(_sum(own), speech.say(words.ALL), speech))
    heads = (
        words.POLICY, common.KECAMATAN, words.BUDGET, words.DISBURSED, words.SPENT, words.HIDDEN, words.EXPIRED,
        words.BALANCE, words.UNUSED,
    )  # fmt: skip
    kinds = (CellKind.CODE, CellKind.WORDS, *[CellKind.NUMBER] * 7)
    return Grid(speech.say(words.MONEY), tuple(map(speech.say, heads)), kinds, tuple(rows))


def _money_row(one: PolicyMoney, place: str, speech: Speech) -> tuple[str, ...]:
    """In rupiah without the sign: nine columns have room for no more."""
    figures = (
        one.budget, one.disbursed, one.spent - one.refunded, one.hidden, one.expired, one.balance + one.contradicted,
        one.unused,
    )  # fmt: skip
    amounts = ("–" if figure is None else numeral(figure).id for figure in figures)
    return _policy(one), place or speech.say(common.UNKNOWN_PLACE), *amounts


def _policy(one: PolicyMoney) -> str:
    return "–" if one.policy_id is None else str(one.policy_id)


def _sum(own: list[PolicyMoney]) -> PolicyMoney:
    """Of all kecamatan; none where any is not known."""
    figures: dict[str, Any] = {
        field.name: None if None in values else sum(values)
        for field in fields(PolicyMoney)[2:]
        for values in [[getattr(one, field.name) for one in own]]
    }
    return replace(own[0], kode_kecamatan="", **figures)


def _shops(data: ReportData, speech: Speech) -> Iterator[Block]:
    largest = sorted(data.shops, key=lambda shop: (-shop.spent, shop.id_ewarong))[:_SHOPS]
    shown = sorted(largest, key=lambda shop: (len(shop.id_ewarong), shop.id_ewarong))  # EW-999, EW-1000
    heads = (
        common.SHOP, common.WHERE, words.HOURS, common.SALES, common.CARDS, words.OUTSIDE, words.OWED, words.TO_VISIT,
    )  # fmt: skip
    kinds = (CellKind.WORDS, CellKind.WORDS, CellKind.CODE, *[CellKind.NUMBER] * 4, CellKind.WORDS)
    rows = tuple(_shop_row(shop, speech) for shop in shown)
    yield Grid(speech.say(words.SHOPS), tuple(map(speech.say, heads)), kinds, rows)
    if len(data.shops) > len(shown):
        count, every = speech.number(len(shown)), speech.number(len(data.shops))
        yield Paragraph(speech.say(words.SHOPS_REST, count=count, all=every))


def _shop_row(shop: ShopTold, speech: Speech) -> tuple[str, ...]:
    return (
        f"{shop.id_ewarong} {shop.name}".strip(),
        ", ".join(filter(None, (shop.kelurahan, shop.kecamatan))),
        f"{shop.opens}–{shop.closes}" if shop.opens else "–",
        speech.number(shop.sales),
        speech.number(shop.cards),
        speech.share(shop.outside, shop.sales),
        speech.money(shop.owed),
        speech.say(words.YES) if shop.visit else "",
    )
