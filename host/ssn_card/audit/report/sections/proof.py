# SPDX-License-Identifier: Apache-2.0
"""The second part: of each one to be visited the reasons, a chart and the receipts."""

from __future__ import annotations

from collections.abc import Iterator

from ...rules.outcome import Subject
from ..charts.programme import draw_hours
from ..charts.subject import draw_suspect
from ..data import FlagTold, ReportData, Suspect
from ..document import Block, CellKind, Chart, Grid, Paragraph, Points, Section
from ..speech import Speech
from ..suspects import IN_FULL
from ..words import common
from ..words import visits as words
from .naming import called, rule_titles, serial, short

_RECEIPTS = 12  #: that a table shows of one suspect


def proof(data: ReportData, speech: Speech) -> Iterator[Block]:
    """The gravest in full."""
    yield Section(1, speech.say(words.PROOF_TITLE), "proof")
    told = data.visits[:IN_FULL]
    if not told:
        yield Paragraph(speech.say(words.PROOF_NONE))
        return
    if len(data.visits) > len(told):
        yield Paragraph(speech.say(words.PROOF_FIRST, count=len(told)), leads=True)
    hours = _hours(data, told, speech)
    if hours is not None:
        yield hours
    for one in told:
        yield from _suspect(data, one, speech)


def _hours(data: ReportData, told: tuple[Suspect, ...], speech: Speech) -> Chart | None:
    chosen = {one.who for one in told if one.subject is Subject.SHOP}
    return draw_hours(data.hours, [shop for shop in data.shops if shop.id_ewarong in chosen], speech)


def _suspect(data: ReportData, one: Suspect, speech: Speech) -> Iterator[Block]:
    titles = rule_titles(data, speech)
    yield Section(2, f"{one.rank}. {called(one, speech)}")
    told = [f"{one.place}."] if one.place else []
    if one.name and one.subject in (Subject.CARD, Subject.FAMILY):
        told.append(speech.say(words.NAME, name=one.name))
    if len(one.cards) > 1:
        told.append(speech.say(words.ITS_CARDS, cards=", ".join(map(serial, one.cards))))
    if told:
        yield Paragraph(" ".join(told), leads=True)
    yield Points(tuple(_reason(flag, titles.get(flag.rule, ""), speech) for flag in one.flags))
    months = sorted({month.month for month in data.months})
    shop = next((shop for shop in data.shops if one.subject is Subject.SHOP and shop.id_ewarong == one.who), None)
    yield draw_suspect(one, short(one), titles, months, data.hours, shop, speech)
    if one.receipts:
        yield _receipts(one, speech)


def _reason(flag: FlagTold, title: str, speech: Speech) -> str:
    reason = speech.say(flag.reason)
    count, rupiah = speech.number(flag.receipt_count), speech.money(flag.rupiah)
    whole = speech.say(words.IN_ALL, count=count, rupiah=rupiah)
    return f"{speech.say(words.REASON, rule=flag.rule, title=title, reason=reason)} {whole}"


def _receipts(one: Suspect, speech: Speech) -> Grid:
    """The most telling ones, evenly from the first to the last: of many in a row each says the same."""
    held = one.receipts
    if len(held) > _RECEIPTS:
        held = tuple(held[place * (len(held) - 1) // (_RECEIPTS - 1)] for place in range(_RECEIPTS))
    heads = [common.WHEN, words.SERIAL_AND_NUMBER, words.KIND, common.AMOUNT, words.LEFT, words.GOODS, common.RULES]
    code, word, number = CellKind.CODE, CellKind.WORDS, CellKind.NUMBER
    kinds = (code, code, word, number, number, word, word)
    rows = [
        (
            f"{row.at:%Y-%m-%d %H:%M}",
            f"{serial(row.serial)} / {row.seq}",
            speech.say(common.RECEIPT_TYPES[row.type]),
            speech.money(row.amount),
            speech.money(row.balance_after),
            row.goods,
            ", ".join(row.rules),
        )
        for row in held
    ]
    return Grid(speech.say(words.RECEIPTS), tuple(map(speech.say, heads)), kinds, tuple(rows))
