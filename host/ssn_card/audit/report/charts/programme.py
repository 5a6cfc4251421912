# SPDX-License-Identifier: Apache-2.0
"""Charts of the whole programme: months, kecamatan, hours, money without a place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from ssn_card.paper.foreign import label, letters
from ssn_card.pictures import INK, LIGHT

from ..data import HourSold, Kecamatan, MonthSpent, ShopTold, Unplaced
from ..document import Chart
from ..speech import Speech
from ..words import charts as words
from ..words.common import UNKNOWN_PLACE
from .sheet import MILLION, SMALL, THOUSAND, bars, finished, hour_panel, month_axis, numbers, panels, plain, sheet

_LABELLED = 24  #: bars that have room for their figure


def draw_months(months: Sequence[MonthSpent], speech: Speech) -> Chart:
    """What was spent, by month; the highest bar is dark."""
    spent = _by_month(months)
    highest = max(spent, key=lambda month: (spent[month], month))
    with sheet(2.4) as figure:
        panel = figure.subplots()
        bars(panel, [value / MILLION for value in spent.values()], dark=[one == highest for one in spent])
        if len(spent) <= _LABELLED:
            for place, value in enumerate(spent.values()):
                label = speech.number(round(value / MILLION))
                panel.text(place, value / MILLION, label, ha="center", va="bottom", fontsize=SMALL - 1)
        month_axis(panel, list(spent), speech, most=_LABELLED)
        numbers(panel, speech)
        plain(panel)
        panel.set_title(speech.say(words.MONTHS_AXIS), fontsize=SMALL, loc="left")
        svg = finished(figure)
    title = speech.say(words.MONTHS, month=speech.month(highest), spent=speech.about(spent[highest]))
    values = ", ".join(f"{speech.month(month)} {speech.about(value)}" for month, value in spent.items())
    return Chart(svg, title, speech.say(words.MONTHS_TOLD, values=values))


def draw_kecamatan(months: Sequence[MonthSpent], places: Sequence[Kecamatan], speech: Speech) -> Chart | None:
    """A panel for each kecamatan: rupiah a family, by month; ``None`` where no family is anywhere."""
    placed = [one for one in places if one.families]
    if not placed:
        return None
    axis = list(_by_month(months))
    spent: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for one in months:
        spent[one.kode_kecamatan][one.month] += one.spent
    families = sum(one.families for one in placed)
    city = [sum(spent[one.kode_kecamatan][month] for one in placed) / families / THOUSAND for month in axis]
    columns = min(5, len(placed))
    with sheet(0.5 + 1.25 * -(-len(placed) // columns)) as figure:
        for panel, place in zip(panels(figure, len(placed), columns), placed, strict=True):
            bars(panel, [spent[place.kode_kecamatan][month] / place.families / THOUSAND for month in axis])
            panel.step(range(len(axis)), city, where="mid", color=INK, linewidth=1.2)
            panel.set_title(label(place.name), fontsize=SMALL - 0.6, loc="left", fontweight="bold")
            month_axis(panel, axis, speech, most=4)
            numbers(panel, speech)
            plain(panel)
        figure.supxlabel(speech.say(words.KECAMATAN_AXIS), fontsize=SMALL)
        svg = finished(figure)
    title, told = _kecamatan_told(spent, placed, speech)
    return Chart(svg, title, told)


def _kecamatan_told(spent: Mapping[str, Counter[date]], places: Sequence[Kecamatan], speech: Speech) -> tuple[str, str]:
    each = sorted(((spent[one.kode_kecamatan].total() // one.families, one.name) for one in places), reverse=True)
    told = ", ".join(f"{name} {speech.about(value)}" for value, name in each)
    (most_rp, most), (least_rp, least) = each[0], each[-1]
    if len(each) == 1:
        return speech.say(words.KECAMATAN_ONE, most=most, most_rp=speech.about(most_rp)), told
    filled = {"most": most, "most_rp": speech.about(most_rp), "least": least, "least_rp": speech.about(least_rp)}
    return speech.say(words.KECAMATAN, **filled), told


def draw_hours(hours: Sequence[HourSold], shops: Sequence[ShopTold], speech: Speech) -> Chart | None:
    """A panel for each of these shops; ``None`` without one."""
    if not shops:
        return None
    sold: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for one in hours:
        sold[one.id_ewarong][one.hour] = one.sales
    columns = min(4, len(shops))
    with sheet(0.5 + 1.2 * -(-len(shops) // columns)) as figure:
        for panel, shop in zip(panels(figure, len(shops), columns), shops, strict=True):
            hour_panel(panel, sold[shop.id_ewarong], sold[""], shop)
            numbers(panel, speech)
            panel.set_title(letters(shop.id_ewarong), fontsize=SMALL, loc="left", fontweight="bold")
        figure.supxlabel(speech.say(words.HOURS_AXIS), fontsize=SMALL)
        svg = finished(figure)
    told = ", ".join(f"{one.id_ewarong} {speech.share(one.outside, one.sales)}" for one in shops)
    latest = max(shops, key=lambda one: (one.outside / max(one.sales, 1), one.id_ewarong))
    if not latest.outside:
        return Chart(svg, speech.say(words.HOURS_NONE), told)
    share = speech.share(latest.outside, latest.sales)
    return Chart(svg, speech.say(words.HOURS, shop=latest.id_ewarong, share=share), told)


def draw_unplaced(unplaced: Sequence[Unplaced], names: Mapping[str, str], speech: Speech) -> Chart | None:
    """A bar from the least to the most, by kecamatan; ``None`` where there is nothing to compare."""
    ranked = sorted((one for one in unplaced if one.most), key=lambda one: (one.most, one.kode_kecamatan))
    if len(ranked) < 2:
        return None
    labels = [names.get(one.kode_kecamatan, "") or speech.say(UNKNOWN_PLACE) for one in ranked]
    with sheet(0.6 + 0.24 * len(ranked)) as figure:
        panel = figure.subplots()
        for row, one in enumerate(ranked):
            least, most = one.least / MILLION, one.most / MILLION
            panel.barh(row, most - least, 0.6, left=least, color=LIGHT, edgecolor=INK, hatch="////", linewidth=0.7)
            panel.plot([least, most], [row, row], "|", color=INK, markersize=9, markeredgewidth=2)
        panel.set_yticks(range(len(ranked)), [label(name, 30) for name in labels])
        numbers(panel, speech, "x")
        plain(panel, "x")
        panel.axvline(0, color=INK, linewidth=0.8)
        panel.use_sticky_edges = False
        panel.margins(x=0.05)
        panel.set_xlabel(speech.say(words.UNPLACED_AXIS), fontsize=SMALL)
        svg = finished(figure)
    sums = (sum(one.least for one in ranked), sum(one.most for one in ranked))
    title = speech.say(words.UNPLACED, least=speech.about(sums[0]), most=speech.about(sums[1]), kecamatan=labels[-1])
    told = ", ".join(
        f"{name} {speech.about(one.least)}–{speech.about(one.most)}"
        for name, one in zip(reversed(labels), reversed(ranked), strict=True)
    )
    return Chart(svg, title, told)


def _by_month(months: Sequence[MonthSpent]) -> dict[date, int]:
    """Every month from the first to the last, those without a sale too."""
    spent = Counter[date]()
    for one in months:
        spent[one.month] += one.spent
    month, last = min(spent), max(spent)
    every = []
    while month <= last:
        every.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return {one: spent[one] for one in every}
