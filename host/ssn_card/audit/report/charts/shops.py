# SPDX-License-Identifier: Apache-2.0
"""The chart of all shops: how much speaks against each, and how much money goes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ssn_card.pictures import DARK, INK, MIDDLE, PAPER

from ...paper.foreign import letters
from ..data import ShopTold
from ..document import Chart
from ..speech import Speech
from ..words import charts as words
from .sheet import MILLION, SMALL, WIDTH, finished, plain, sheet

_HEIGHT = 2.5  #: inches
_NAMED = 12  #: shops that have room for their name
_LABEL = (46.0, 10.0)  #: points that a shop's number takes
_POINTS = 72.0  #: to the inch
_Place = tuple[float, float]


def draw_shops(
    shops: Sequence[ShopTold], weights: Mapping[str, float], enough: float | None, speech: Speech
) -> Chart | None:
    """A mark for each shop, to the right by its money, up by the weight of what speaks against it.

    Those to be visited are large and black, with their number; ``enough``: the weight from which a visit is asked for.
    """
    sold = sorted((one for one in shops if one.sales), key=lambda one: (one.spent, one.id_ewarong))
    if not sold:
        return None
    visits = sorted((one for one in sold if one.visit), key=lambda one: (-weights.get(one.id_ewarong, 0), one.spent))
    with sheet(_HEIGHT) as figure:
        panel = figure.subplots()

        def marks(chosen: Sequence[ShopTold]) -> tuple[list[float], list[float]]:
            return [one.spent / MILLION for one in chosen], [weights.get(one.id_ewarong, 0.0) for one in chosen]

        others = [one for one in sold if not one.visit]
        panel.plot(
            *marks(others), "o", markersize=5, markerfacecolor=PAPER, markeredgecolor=MIDDLE, clip_on=False,
            label=speech.say(words.OTHERS),
        )  # fmt: skip
        panel.plot(*marks(visits), "D", markersize=7, color=INK, clip_on=False, label=speech.say(words.TO_VISIT))
        if enough is not None:
            label = speech.say(words.ENOUGH)
            panel.axhline(enough, color=DARK, linewidth=0.9, linestyle=(0, (4, 3)), label=label)
        right = 1.12 * sold[-1].spent / MILLION
        panel.set_xlim(0, right)
        panel.set_ylim(0, 1.05)
        for one, moved in _apart(visits[:_NAMED], weights, right):
            mark = one.spent / MILLION, weights.get(one.id_ewarong, 0.0)
            panel.annotate(
                letters(one.id_ewarong), mark, moved, textcoords="offset points", va="center", fontsize=SMALL,
                fontweight="bold", arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": DARK, "shrinkB": 4},
            )  # fmt: skip
        panel.set_yticks([0, 0.5, 1], [speech.measure(0), speech.decimal(0.5), speech.measure(1)])
        plain(panel)
        panel.set_xlabel(speech.say(words.SHOPS_AXIS), fontsize=SMALL)
        panel.set_ylabel(speech.say(words.SHOPS_WEIGHT), fontsize=SMALL)
        figure.legend(frameon=False, loc="outside upper left", ncols=3, fontsize=SMALL)
        svg = finished(figure)
    title = speech.say(words.SHOPS_NONE)
    if visits:
        title = speech.say(words.SHOPS, visits=speech.number(len(visits)), shops=speech.number(len(sold)))
    told = ", ".join(f"{one.id_ewarong} {speech.decimal(weights.get(one.id_ewarong, 0), 2)}" for one in visits)
    return Chart(svg, title, told or title)


def _apart(visits: Sequence[ShopTold], weights: Mapping[str, float], right: float) -> list[tuple[ShopTold, _Place]]:
    """Where each number stands beside its mark, in points, so that those of neighbours do not lie on each other."""
    wide, high = WIDTH * _POINTS * 0.9, _HEIGHT * _POINTS * 0.65
    placed: list[_Place] = []
    apart = []
    for one in visits:
        x, y = one.spent / MILLION / right * wide, weights.get(one.id_ewarong, 0.0) * high
        label = (x + 9, y)
        while any(abs(label[0] - other[0]) < _LABEL[0] and abs(label[1] - other[1]) < _LABEL[1] for other in placed):
            label = (label[0], label[1] - _LABEL[1])
        placed.append(label)
        apart.append((one, (label[0] - x, label[1] - y)))
    return apart
