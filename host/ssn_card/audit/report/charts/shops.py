# SPDX-License-Identifier: Apache-2.0
"""The chart of all shops: how much speaks against each, and how much money goes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ssn_card.paper.foreign import letters
from ssn_card.pictures import DARK, INK, MIDDLE, PAPER

from ..data import ShopTold
from ..document import Chart
from ..speech import Speech
from ..words import charts as words
from .sheet import MILLION, SMALL, WIDTH, finished, numbers, plain, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 2.5  #: inches
_NAMED = 20  #: shops to be visited that have room for their numbers; of more none is named
_FEW = 60  #: shops to be visited that have room for large marks
_GRAIN = 0.005  #: of an axis: of marks nearer than that one is drawn
_LABEL = (46.0, 10.0)  #: points that a shop's number takes
_POINTS = 72.0  #: to the inch
_Place = tuple[float, float]
_Box = tuple[float, float, float, float]
_MARK = 6.0  #: points from the middle of a mark to its edge
#: From a mark to where its number begins, the nearest first: to the right, to the left, then lower.
_MOVES: Sequence[_Place] = [(side, -11.0 * row) for row in range(12) for side in (9.0, -9.0 - _LABEL[0])]


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
        right = 1.12 * sold[-1].spent / MILLION
        _draw(panel, [one for one in sold if not one.visit], visits, weights, right, speech)
        if enough is not None:
            label = speech.say(words.ENOUGH)
            panel.axhline(enough, color=DARK, linewidth=0.9, linestyle=(0, (4, 3)), label=label)
        panel.set_xlim(0, right)
        panel.set_ylim(0, 1.05)
        panel.set_yticks([0, 0.5, 1], [speech.measure(0), speech.decimal(0.5), speech.measure(1)])
        numbers(panel, speech, "x")
        plain(panel)
        panel.tick_params(axis="x", pad=7)
        panel.set_xlabel(speech.say(words.SHOPS_AXIS), fontsize=SMALL)
        panel.set_ylabel(speech.say(words.SHOPS_WEIGHT), fontsize=SMALL)
        figure.legend(frameon=False, loc="outside upper left", ncols=3, fontsize=SMALL)
        svg = finished(figure)
    title = speech.say(words.SHOPS_NONE)
    if visits:
        title = speech.say(words.SHOPS, visits=speech.number(len(visits)), shops=speech.number(len(sold)))
    told = ", ".join(f"{one.id_ewarong} {speech.decimal(weights.get(one.id_ewarong, 0), 2)}" for one in visits)
    return Chart(svg, title, told or title)


def _draw(
    panel: Axes,
    others: Sequence[ShopTold],
    visits: Sequence[ShopTold],
    weights: Mapping[str, float],
    right: float,
    speech: Speech,
) -> None:
    """The marks, and the numbers of the few."""
    panel.plot(
        *_marks(others, weights, right), "o", markersize=5, markerfacecolor=PAPER, markeredgecolor=MIDDLE,
        clip_on=False, label=speech.say(words.OTHERS),
    )  # fmt: skip
    panel.plot(
        *_marks(visits, weights, right), "D", markersize=7 if len(visits) <= _FEW else 3, color=INK, clip_on=False,
        label=speech.say(words.TO_VISIT),
    )  # fmt: skip
    for one, moved in _apart(visits if len(visits) <= _NAMED else [], weights, right):
        panel.annotate(
            letters(one.id_ewarong), (one.spent / MILLION, weights.get(one.id_ewarong, 0.0)), moved,
            textcoords="offset points", va="center", fontsize=SMALL, fontweight="bold",
            arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": DARK, "shrinkB": 4},
        )  # fmt: skip


def _marks(shops: Sequence[ShopTold], weights: Mapping[str, float], right: float) -> tuple[list[float], list[float]]:
    """Where marks stand, to the right and up: thousands of shops lie on each other, and one of them is seen."""
    grain = right * _GRAIN
    places = ((one.spent / MILLION, weights.get(one.id_ewarong, 0.0)) for one in shops)
    seen = {(round(x / grain), round(y / _GRAIN)): (x, y) for x, y in places}
    return [x for x, _ in seen.values()], [y for _, y in seen.values()]


def _apart(visits: Sequence[ShopTold], weights: Mapping[str, float], right: float) -> list[tuple[ShopTold, _Place]]:
    """Where each number stands from its mark, in points: as near as it can without lying on a mark or a number."""
    wide, high = WIDTH * _POINTS * 0.9, _HEIGHT * _POINTS * 0.65
    marks = [(one.spent / MILLION / right * wide, weights.get(one.id_ewarong, 0.0) * high) for one in visits]
    taken = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in marks]
    apart = []
    for one, (x, y) in zip(visits, marks, strict=True):
        boxes = ((moved, _box(x + moved[0], y + moved[1])) for moved in _MOVES)
        free = ((moved, box) for moved, box in boxes if box[1] > 0 and not any(_meet(box, other) for other in taken))
        moved, box = next(free, (_MOVES[0], _box(x, y)))
        taken.append(box)
        apart.append((one, moved))
    return apart


def _box(x: float, y: float) -> _Box:
    """Of a number that begins there."""
    return x, y - _LABEL[1] / 2, x + _LABEL[0], y + _LABEL[1] / 2


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
