# SPDX-License-Identifier: Apache-2.0
"""The first part: whom to visit, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...rules.outcome import Subject
from ..charts.shops import draw_shops
from ..data import ReportData, Suspect
from ..document import Block, CellKind, Grid, Paragraph, Section
from ..speech import Speech
from ..words import common
from ..words import visits as words
from .naming import called, whom

_LISTED = 60  #: visits that the table has room for
_WEAKER = 15


def visits(data: ReportData, speech: Speech) -> Iterator[Block]:
    """Findings before anything else."""
    yield Section(1, speech.say(words.TITLE), "visits")
    if data.checked.wrong_keys:
        yield Paragraph(speech.say(words.WRONG_KEYS), strong=True)
    found = data.visits
    yield Paragraph(" ".join(_summary(data, speech)))
    if data.checked.figures.get("found"):
        count = speech.number(data.checked.figures["found"])
        yield Paragraph(speech.say(words.FOUND, found=count))
    weights = {one.who: one.score for one in data.suspects if one.subject is Subject.SHOP}
    chart = draw_shops(data.shops, weights, data.visiting.get("enough"), speech)
    if chart is not None:
        yield chart
    if found:
        yield _table(words.TABLE.in_language(speech.language), found[:_LISTED], speech)
        if len(found) > _LISTED:
            yield Paragraph(speech.say(words.LIKEWISE, count=speech.number(len(found) - _LISTED)))
        yield Paragraph(speech.say(words.NO_VERDICT), strong=True)
    weaker = [one for one in data.suspects if not one.visit]
    if weaker:
        yield _table(speech.say(words.WEAKER), weaker[:_WEAKER], speech)
        if len(weaker) > _WEAKER:
            yield Paragraph(speech.say(words.WEAKER_REST, count=speech.number(len(weaker) - _WEAKER)))


def _summary(data: ReportData, speech: Speech) -> Iterator[str]:
    if not data.visits:
        yield speech.say(words.NOBODY)
        return
    yield speech.say(words.VISITS, whom=whom(data.visits, data.totals.shops, speech))
    took = sum(shop.spent for shop in data.shops if shop.visit)
    if took:
        share = speech.share(took, data.totals.spent)
        yield speech.say(words.TOOK, spent=speech.about(took), all=speech.about(data.totals.spent), share=share)


def _table(caption: str, suspects: Sequence[Suspect], speech: Speech) -> Grid:
    heads = (common.NUMBER, common.WHO, common.WHERE, common.WHY, common.RULES, words.SCORE)
    return Grid(
        caption,
        tuple(map(speech.say, heads)),
        (CellKind.NUMBER, CellKind.WORDS, CellKind.WORDS, CellKind.WORDS, CellKind.WORDS, CellKind.NUMBER),
        tuple(_row(one, speech) for one in suspects),
    )


def _row(one: Suspect, speech: Speech) -> tuple[str, ...]:
    """The reason of the gravest flag; the others stand with the proof."""
    gravest = max(one.flags, key=lambda flag: flag.score, default=None)
    why = "" if gravest is None else speech.say(gravest.reason)
    if one.name and one.subject in (Subject.CARD, Subject.FAMILY):
        why = f"{speech.say(words.NAME, name=one.name)} {why}"
    rules = ", ".join(flag.rule for flag in one.flags)
    return str(one.rank), called(one, speech), one.place, why, rules, speech.decimal(one.score, 2)
