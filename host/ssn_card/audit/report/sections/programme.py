# SPDX-License-Identifier: Apache-2.0
"""The third part: the programme, its money by kecamatan and shop."""

from __future__ import annotations

from collections.abc import Iterator

from ..charts.programme import draw_kecamatan, draw_months
from ..data import PolicyMoney, ReportData, ShopTold
from ..document import Block, Column, Grid, Paragraph, Section
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
    heads = (
        words.POLICY, common.KECAMATAN, common.FAMILIES, words.BUDGET, words.DISBURSED, common.SPENT, words.EXPIRED,
        words.UNUSED, words.UNPLACED,
    )  # fmt: skip
    rows = [_money_row(one, names.get(one.kode_kecamatan, one.kode_kecamatan), speech) for one in data.money]
    for policy in sorted({one.policy_id for one in data.money}):
        rows.append(_money_row(_sum(policy, data.money), speech.say(words.ALL), speech))
    kinds = (Column.CODE, Column.WORDS, *[Column.NUMBER] * 7)
    return Grid(speech.say(words.MONEY), tuple(map(speech.say, heads)), kinds, tuple(rows))


def _money_row(one: PolicyMoney, place: str, speech: Speech) -> tuple[str, ...]:
    unplaced = speech.money(one.unplaced_least)
    if one.unplaced_most != one.unplaced_least:
        unplaced = f"{unplaced}–{speech.money(one.unplaced_most)}"
    budget = "–" if one.budget is None else speech.money(one.budget)
    figures = (one.disbursed, one.spent, one.expired, one.unused)
    return (
        str(one.policy_id),
        place or speech.say(common.UNKNOWN_PLACE),
        speech.number(one.families),
        budget,
        *map(speech.money, figures),
        unplaced,
    )


def _sum(policy: int, money: tuple[PolicyMoney, ...]) -> PolicyMoney:
    own = [one for one in money if one.policy_id == policy]
    known = [one.budget for one in own if one.budget is not None]
    return PolicyMoney(
        policy,
        "",
        sum(one.families for one in own),
        sum(known) if len(known) == len(own) else None,
        sum(one.disbursed for one in own),
        sum(one.spent for one in own),
        sum(one.expired for one in own),
        sum(one.unused for one in own),
        sum(one.unplaced_least for one in own),
        sum(one.unplaced_most for one in own),
    )


def _shops(data: ReportData, speech: Speech) -> Iterator[Block]:
    largest = sorted(data.shops, key=lambda shop: (-shop.spent, shop.id_ewarong))[:_SHOPS]
    shown = sorted(largest, key=lambda shop: shop.id_ewarong)
    heads = (
        common.SHOP, common.WHERE, words.HOURS, common.SALES, common.CARDS, words.OUTSIDE, words.OWED, words.TO_VISIT,
    )  # fmt: skip
    kinds = (Column.WORDS, Column.WORDS, Column.CODE, *[Column.NUMBER] * 4, Column.WORDS)
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
        "◆" if shop.visit else "",
    )
