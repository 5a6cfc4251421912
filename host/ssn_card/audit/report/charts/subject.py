# SPDX-License-Identifier: Apache-2.0
"""The chart of one suspect: each rule's measure among its peers, months, and of a shop the hours of sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ssn_card.paper.foreign import letters
from ssn_card.pictures import DARK, INK, LIGHT, PAPER

from ..data import FlagTold, HourSold, ShopTold, Suspect
from ..document import Chart
from ..speech import Speech
from ..words import charts as words
from .sheet import MILLION, SMALL, THOUSAND, bars, finished, hour_panel, month_axis, numbers, plain, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 0.42  #: inches of a rule
_ROOM = 0.08  #: of a row's width, left free on both sides


def draw_suspect(
    one: Suspect,
    who: str,
    titles: Mapping[str, str],
    months: Sequence[date],
    hours: Sequence[HourSold],
    shop: ShopTold | None,
    speech: Speech,
) -> Chart:
    """``who``: as the report calls it; ``titles``: of rules; ``months``: of the whole time; ``shop``: if it is one."""
    below = [name for name, there in (("months", one.months), ("hours", shop)) if there]
    height = 0.55 + _ROW * len(one.flags)
    with sheet(height + (1.5 if below else 0)) as figure:
        parts = figure.subfigures(2, 1, squeeze=False, height_ratios=(height, 1.5)).flat if below else [figure]
        panel = parts[0].subplots()
        for row, flag in enumerate(one.flags):
            _row(panel, row, flag, titles.get(flag.rule, ""), speech)
        panel.set_xlim(-_ROOM, 1 + _ROOM)
        panel.set_ylim(len(one.flags) - 0.35, -0.75)
        panel.axis("off")
        panel.set_title(speech.say(words.SUBJECT_PEERS, who=letters(who)), fontsize=SMALL, loc="left")
        if below:
            drawn = parts[1].subplots(1, len(below), squeeze=False)[0]
            for name, part in zip(below, drawn, strict=True):
                if name == "months":
                    _months(part, one, months, speech)
                elif shop is not None:
                    _hours(part, hours, shop, speech)
        svg = finished(figure)
    told = "; ".join(_told(flag, titles.get(flag.rule, ""), speech) for flag in one.flags)
    return Chart(svg, speech.say(words.SUBJECT, who=who), told)


def _told(flag: FlagTold, title: str, speech: Speech) -> str:
    peers = flag.peers
    figures = (flag.measure, peers.least, peers.lower, peers.median, peers.upper, peers.most)
    measure, *others = map(speech.measure, figures)
    return speech.say(words.SUBJECT_TOLD, rule=flag.rule, title=title, measure=measure, peers=", ".join(others))


def _row(panel: Axes, row: int, flag: FlagTold, title: str, speech: Speech) -> None:
    """Box of the peers from least to most, each row on a scale of its own; the suspect's mark may lie beyond it."""
    peers = flag.peers
    low, high = min(peers.least, flag.measure), max(peers.most, flag.measure)
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return (value - low) / span

    panel.plot([at(peers.least), at(peers.most)], [row, row], color=DARK, linewidth=1)
    width = at(peers.upper) - at(peers.lower)
    panel.barh(row, width, 0.3, left=at(peers.lower), color=LIGHT, edgecolor=DARK, linewidth=0.7)
    panel.plot([at(peers.median)] * 2, [row - 0.15, row + 0.15], color=INK, linewidth=1.8, solid_capstyle="butt")
    panel.plot(at(flag.measure), row, "D", markersize=7, color=INK, markeredgecolor=PAPER)
    here = at(flag.measure)
    side = "right" if here > 0.5 else "left"
    label = speech.measure(flag.measure)
    panel.text(here, row + 0.38, label, ha=side, va="center", fontsize=SMALL, fontweight="bold")
    panel.text(-_ROOM, row - 0.36, f"{flag.rule}  {letters(title)}", ha="left", va="center", fontsize=SMALL)


def _months(panel: Axes, one: Suspect, months: Sequence[date], speech: Speech) -> None:
    unit, title = MILLION, words.SUBJECT_MONTHS
    if max(month.rupiah for month in one.months) < 2 * MILLION:  # a family's
        unit, title = THOUSAND, words.SUBJECT_MONTHS_SMALL
    by_month = {month.month: month.rupiah / unit for month in one.months}
    bars(panel, [by_month.get(month, 0) for month in months], dark=[True] * len(months))
    month_axis(panel, months, speech, most=6)
    numbers(panel, speech)
    plain(panel)
    panel.set_title(speech.say(title), fontsize=SMALL, loc="left")


def _hours(panel: Axes, hours: Sequence[HourSold], shop: ShopTold, speech: Speech) -> None:
    def of(who: str) -> dict[int, int]:
        return {one.hour: one.sales for one in hours if one.id_ewarong == who}

    hour_panel(panel, of(shop.id_ewarong), of(""), shop)
    numbers(panel, speech)
    panel.set_title(speech.say(words.SUBJECT_HOURS), fontsize=SMALL, loc="left")
