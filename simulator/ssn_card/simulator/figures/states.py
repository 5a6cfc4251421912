# SPDX-License-Identifier: Apache-2.0
"""The card's two state machines as pictures, from their declaration in :mod:`ssn_card.protocol.life`.

What is declared decides which states and arrows there are and what stands beside them; here is only where they are put.
An arrow that is declared and has no place here is a ``KeyError``, not a missing arrow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssn_card.pictures import DARK, INK, LIGHT, MIDDLE, PAPER, canvas, render
from ssn_card.protocol.life import (
    CARD_STATES,
    LIFE,
    MOVEMENT_REFUSED,
    SESSION,
    CardState,
    CommandOutcome,
    LifeStep,
    Session,
    SessionStep,
)
from ssn_card.protocol.values import LifeState, StateClass

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import FancyBboxPatch

_Point = tuple[float, float]


@dataclass(frozen=True)
class _Arrow:
    """From and to in the picture's units; ``bend``: of the curve; ``label``: where the text's ``side`` is."""

    start: _Point
    end: _Point
    bend: float
    label: _Point = (0, 0)
    side: str = "center"


_HALF_WIDTH, _HALF_HEIGHT = 1.05, 0.42

_LIFE_PLACES: dict[CardState, _Point] = {
    StateClass.BLANK: (1.2, 3.4),
    LifeState.ISSUED: (5.2, 3.4),
    LifeState.ACTIVE: (8.9, 3.4),
    LifeState.BLOCKED: (12.6, 3.4),
    LifeState.TERMINATED: (8.9, 0.8),
}
_LIFE_ARROWS: dict[tuple[CardState, CardState], _Arrow] = {
    (StateClass.BLANK, LifeState.ISSUED): _Arrow((2.25, 3.4), (4.15, 3.4), 0, (3.2, 3.95)),
    (LifeState.ISSUED, LifeState.ACTIVE): _Arrow((6.25, 3.5), (7.85, 3.5), 0, (7.05, 3.85)),
    (LifeState.ACTIVE, LifeState.BLOCKED): _Arrow((9.95, 3.5), (11.55, 3.5), 0, (10.75, 3.85)),
    (LifeState.BLOCKED, LifeState.ACTIVE): _Arrow((11.55, 3.28), (9.95, 3.28), 0, (10.75, 2.92)),
    (LifeState.ISSUED, LifeState.TERMINATED): _Arrow((5.6, 2.98), (7.85, 0.95), 0, (6.45, 1.75), "right"),
    (LifeState.ACTIVE, LifeState.TERMINATED): _Arrow((8.9, 2.98), (8.9, 1.22), 0, (9.1, 2.15), "left"),
    (LifeState.BLOCKED, LifeState.TERMINATED): _Arrow((12.2, 2.98), (9.95, 0.95), 0, (11.35, 1.75), "left"),
    (LifeState.ACTIVE, LifeState.ISSUED): _Arrow((7.85, 3.28), (6.25, 3.28), 0),
    (LifeState.ISSUED, LifeState.BLOCKED): _Arrow((5.6, 3.82), (12.2, 3.82), -0.2),
    (LifeState.BLOCKED, LifeState.ISSUED): _Arrow((12.6, 3.82), (5.2, 3.82), 0.26),
}

_SESSION_PLACES = {
    Session.NONE: (1.8, 1.15),
    Session.LIVE: (1.8, 3.6),
    Session.INITIATED: (9.0, 3.6),
    Session.SECURE: (9.0, 1.15),
}
#: Middle of the text on what does not leave the state.
_STAYS = {Session.NONE: (1.8, 0.4), Session.LIVE: (1.8, 4.35), Session.SECURE: (9.0, 0.5)}
_SESSION_ARROWS = {
    (None, Session.LIVE): _Arrow((5.4, 3.6), (2.85, 3.6), 0, (4.0, 3.8)),
    (None, Session.INITIATED): _Arrow((5.4, 3.6), (7.95, 3.6), 0, (6.75, 3.8)),
    (Session.LIVE, Session.NONE): _Arrow((1.8, 3.18), (1.8, 1.57), 0, (1.98, 2.4), "left"),
    (Session.INITIATED, Session.SECURE): _Arrow((9.0, 3.18), (9.0, 1.57), 0, (9.18, 2.4), "left"),
    (Session.INITIATED, Session.NONE): _Arrow((7.95, 3.3), (2.85, 1.35), 0, (6.3, 2.2), "left"),
    (Session.SECURE, Session.NONE): _Arrow((7.95, 1.05), (2.85, 1.05), 0, (5.4, 0.75)),
}


def draw_life() -> bytes:
    """The life of a card, as SVG."""
    with canvas(10.4, 4.1) as figure:
        axes = _sheet(figure.subplots(), 13.8, 5.4)
        for state in CARD_STATES:
            refused = MOVEMENT_REFUSED.get(state)
            told = "money moves" if refused is None else f"movements: {refused.sw:04X}"
            _box(axes, _LIFE_PLACES[state], state.name, told, final=state is LifeState.TERMINATED)
        for step in LIFE:
            if step.before == step.after:
                continue
            _arrow(axes, _LIFE_ARROWS[step.before, step.after], _life_label(step), usual=bool(step.name))
        stays = [step.before.name for step in LIFE if step.before == step.after]
        notes = (
            "UPDATE: under the bank's UPDATE key, by any terminal",
            f"UPDATE with the same state (a load, new limits):\n{', '.join(stays)}",
            "dashed: UPDATE too, outside the programme's order",
        )
        axes.text(0.15, 1.6, "\n".join(notes), fontsize=8.5, color=DARK, va="top", linespacing=1.5)
        return render(figure, "Life of a card")


def _life_label(step: LifeStep) -> str:
    if not step.name:
        return ""
    keys = step.key.name.removesuffix("_ENC")
    command = step.command.name.replace("_", " ")
    return f"{step.name}\n{command}" if step.before is not StateClass.BLANK else f"{step.name}\n{command}\n{keys} keys"


def draw_session() -> bytes:
    """The session of one selection, as SVG."""
    with canvas(10.4, 3.9) as figure:
        axes = _sheet(figure.subplots(), 11.4, 4.8)
        for state in Session:
            _box(axes, _SESSION_PLACES[state], str(state), "", final=False)
        axes.plot([5.4], [3.6], marker="o", markersize=8, color=INK)
        axes.text(5.4, 3.95, "from every state", ha="center", fontsize=9, color=DARK)
        for (before, after), steps in _session_edges().items():
            label = _session_label(steps)
            if before == after:
                axes.text(*_STAYS[after], f"stays: {label}", ha="center", va="center", fontsize=8.5, linespacing=1.25)
            else:
                _arrow(axes, _SESSION_ARROWS[before, after], label, usual=True)
        return render(figure, "Session of one selection")


def _session_edges() -> dict[tuple[Session | None, Session], list[SessionStep]]:
    """The steps between each two states; from ``None``: from every state."""
    edges: dict[tuple[Session | None, Session], list[SessionStep]] = {}
    for step in SESSION:
        everywhere = set(step.before) == set(Session)
        for before in (None,) if everywhere else step.before:
            edges.setdefault((before, step.after), []).append(step)
    return edges


def _session_label(steps: Iterable[SessionStep]) -> str:
    lines = []
    for step in steps:
        names = [command.name.replace("_", " ") for command in step.commands]
        lines.append(", ".join(names) if step.outcome is CommandOutcome.DONE else str(step.outcome))
    return "\n".join(dict.fromkeys(lines))


def _sheet(axes: Axes, width: float, height: float) -> Axes:
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    return axes


def _box(axes: Axes, centre: _Point, name: str, below: str, *, final: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    def frame(grow: float, face: str, width: float) -> FancyBboxPatch:
        return FancyBboxPatch(
            (centre[0] - _HALF_WIDTH - grow, centre[1] - _HALF_HEIGHT - grow),
            2 * (_HALF_WIDTH + grow), 2 * (_HALF_HEIGHT + grow),
            boxstyle="round,pad=0,rounding_size=0.15", facecolor=face, edgecolor=INK, linewidth=width,
        )  # fmt: skip

    if final:
        axes.add_patch(frame(0.08, PAPER, 1.0))
    axes.add_patch(frame(0, LIGHT, 1.4))
    axes.text(
        centre[0], centre[1] + (0.14 if below else 0), name, ha="center", va="center", fontsize=10.5, fontweight="bold"
    )
    axes.text(centre[0], centre[1] - 0.18, below, ha="center", va="center", fontsize=8.5)


def _arrow(axes: Axes, arrow: _Arrow, label: str, *, usual: bool) -> None:
    from matplotlib.patches import FancyArrowPatch

    axes.add_patch(
        FancyArrowPatch(
            arrow.start, arrow.end, connectionstyle=f"arc3,rad={arrow.bend}", arrowstyle="-|>", mutation_scale=13,
            shrinkA=1, shrinkB=1, color=INK if usual else MIDDLE, linestyle="-" if usual else (0, (4, 3)),
            linewidth=1.4 if usual else 1.0,
        )
    )  # fmt: skip
    if label:
        axes.text(*arrow.label, label, ha=arrow.side, va="center", fontsize=8.5, linespacing=1.25)
