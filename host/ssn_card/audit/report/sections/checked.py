# SPDX-License-Identifier: Apache-2.0
"""The fourth part: what was checked, what was not, and what no card can see."""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.receipts import Problem
from ssn_card.receipts.findings import NOTES

from ..charts.programme import draw_unplaced
from ..data import ReportData
from ..document import Block, CellKind, Grid, Paragraph, Points, Section
from ..speech import Speech
from ..words import checked as words
from ..words import common
from .naming import rule_titles


def checked(data: ReportData, speech: Speech) -> Iterator[Block]:
    """In this order: what was, what was not, money without a place, what cannot be."""
    yield Section(1, speech.say(words.TITLE), "checked")
    yield from _was(data, speech)
    yield Section(2, speech.say(words.ACCOUNTS))
    yield Points(tuple(_accounts(data, speech)))
    yield Section(2, speech.say(words.NOT_CHECKED))
    yield Points(tuple(_was_not(data, speech)) or (speech.say(words.NOTHING_LEFT),))
    yield from _unplaced(data, speech)
    yield Section(2, speech.say(words.UNSEEN))
    yield Points(tuple(map(speech.say, words.UNSEEN_POINTS)))
    yield Paragraph(speech.say(words.UNSEEN_ASK))


def _was(data: ReportData, speech: Speech) -> Iterator[Block]:
    yield Section(2, speech.say(words.CHECKED))
    figures = {name: speech.number(value) for name, value in data.checked.figures.items()}
    applied = sum(not rule.not_judged for rule in data.rules)
    rules = speech.say(words.APPLIED, applied=applied, rules=len(data.rules))
    yield Paragraph(f"{speech.say(words.EACH, **figures)} {rules}")
    if not data.checked.kinds:
        yield Paragraph(speech.say(words.NONE_FOUND))
        return
    rows = []
    for name, count in data.checked.kinds.items():
        problem = Problem[name.upper()]
        text = speech.say(problem.value)
        if problem in NOTES:
            text = f"{text} ({speech.say(words.NOTED)})"
        rows.append((text, speech.number(count)))
    heads = (speech.say(words.KIND), speech.say(common.COUNT))
    yield Grid(speech.say(words.KINDS), heads, (CellKind.WORDS, CellKind.NUMBER), tuple(rows))


def _accounts(data: ReportData, speech: Speech) -> Iterator[str]:
    """What adds up, then what does not."""
    found, names = data.accounts, {one.kode_kecamatan: one.name for one in data.kecamatan}
    cards, whole = speech.number(found.cards), speech.number(found.whole)
    yield speech.say(words.ADDS_UP, identities=speech.number(found.identities), cards=cards, whole=whole)
    if found.contradicting:
        count = speech.number(found.contradicting)
        yield speech.say(words.CONTRADICTING, cards=count, rupiah=speech.money(found.contradicted))
    if found.cancels_withheld:
        count = speech.number(found.cancels_withheld)
        yield speech.say(words.WITHHELD, count=count, rupiah=speech.money(found.withheld))
    if found.claims:
        yield speech.say(words.CLAIMS, count=speech.number(found.claims))
    for one in found.overdrawn:
        place = names.get(one.kode_kecamatan, "") or speech.say(common.UNKNOWN_PLACE)
        policy = "–" if one.policy_id is None else one.policy_id
        yield speech.say(words.OVERDRAWN, policy=policy, kecamatan=place, rupiah=speech.money(one.rupiah))


def _was_not(data: ReportData, speech: Speech) -> Iterator[str]:
    titles = rule_titles(data, speech)
    for rule in data.rules:
        for why in rule.not_judged:
            yield speech.say(words.UNJUDGED, rule=rule.code, title=titles[rule.code], why=speech.say(why))
    for file in data.side_files:
        if not file.given:
            yield speech.say(words.NO_FILE, name=f"{file.name}.csv", text=speech.say(file.text))
    yield from map(speech.say, data.remarks)
    state, figures = data.checked, data.checked.figures
    if not state.ends:
        yield speech.say(words.NO_ENDS)
    elif state.ends < data.totals.cards:
        yield speech.say(words.SOME_ENDS, ends=speech.number(state.ends), cards=speech.number(data.totals.cards))
    if figures.get("not_handed_in"):
        yield speech.say(words.NOT_WHOLE, receipts=speech.number(figures["not_handed_in"]))
    if figures.get("without_basket"):
        yield speech.say(words.NO_BASKETS, count=speech.number(figures["without_basket"]))


def _unplaced(data: ReportData, speech: Speech) -> Iterator[Block]:
    yield Section(2, speech.say(words.UNPLACED))
    if not data.unplaced:
        yield Paragraph(speech.say(words.UNPLACED_NONE))
        return
    names = {one.kode_kecamatan: one.name for one in data.kecamatan}
    least, most = sum(one.least for one in data.unplaced), sum(one.most for one in data.unplaced)
    cards = speech.number(sum(one.cards for one in data.unplaced))
    text = words.UNPLACED_EXACT if least == most else words.UNPLACED_TOLD
    yield Paragraph(speech.say(text, cards=cards, least=speech.money(least), most=speech.money(most)))
    chart = draw_unplaced(data.unplaced, names, speech)
    if chart is not None:
        yield chart
    heads = (common.KECAMATAN, common.CARDS, words.PLACES, words.LEAST, words.MOST)
    rows = tuple(
        (
            names.get(one.kode_kecamatan, "") or speech.say(common.UNKNOWN_PLACE),
            speech.number(one.cards),
            speech.number(one.places),
            speech.money(one.least),
            speech.money(one.most),
        )
        for one in data.unplaced
    )
    kinds = (CellKind.WORDS, *[CellKind.NUMBER] * 4)
    yield Grid(speech.say(words.UNPLACED), tuple(map(speech.say, heads)), kinds, rows)
