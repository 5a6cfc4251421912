# SPDX-License-Identifier: Apache-2.0
"""What a shopper waits for: SELECT and DEBIT together, and the goal for it on two cards; what takes longest."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .project import Projection

TOGETHER = "SELECT + DEBIT"
PARTS = ("SELECT", "DEBIT")
LONGEST = "UPDATE"  #: the command that readers and phones must wait for longest

#: Upper bracket in milliseconds, by a part of the card's name.
_GOALS_MS = {"J3R180": 35.0, "J3H145": 80.0}


def goal_ms(card: str, command: str) -> float | None:
    """The goal of a command on a card, if it has one."""
    if command != TOGETHER:
        return None
    return next((goal for name, goal in _GOALS_MS.items() if name in card), None)


def has_goal(card: str) -> bool:
    """Whether there is a goal for this card."""
    return goal_ms(card, TOGETHER) is not None


def met(projection: Projection) -> bool | None:
    """Whether the upper bracket keeps within the goal; ``None``: no goal, or a term is unknown."""
    goal = goal_ms(projection.card, projection.command)
    if goal is None or projection.unknown:
        return None
    return projection.high_ms <= goal


def with_together(projections: Sequence[Projection]) -> list[Projection]:
    """One card's projections, and SELECT and DEBIT together before them."""
    parts = [one for one in projections if one.command in PARTS]
    return [
        dataclasses.replace(
            parts[0],
            command=TOGETHER,
            low_ms=round(sum(one.low_ms for one in parts), 1),
            high_ms=round(sum(one.high_ms for one in parts), 1),
            unknown=tuple(dict.fromkeys(term for one in parts for term in one.unknown)),
        ),
        *projections,
    ]
