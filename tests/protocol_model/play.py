# SPDX-License-Identifier: Apache-2.0
"""Histories: drawn from a seed, played, and shortened where they show a hole.

A history is a list of events, each with a seed of its own, so that one can be left out without changing the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .repairs import Repairs
from .terms import Hole
from .world import Tally, World

Event = tuple[str, int]
EVERY = frozenset(range(1, 8))

#: How often each event comes in a history that is mostly about one thing, in the order of ``world.DOUBTS`` and so on.
THEMES: tuple[dict[str, int], ...] = (
    # doubts
    {"sell": 8, "cancel": 3, "override": 1, "recover": 2, "rogue": 2, "flood": 2, "staple": 2},
    # updates
    {"sell": 6, "cancel": 1, "issue": 5, "deliver": 4, "month": 3, "staple": 1, "override": 1},
    # clocks
    {"sell": 7, "issue": 1, "deliver": 7, "month": 4, "mend": 5, "override": 1},
    # the PIN
    {"sell": 5, "cancel": 2, "pin": 3, "choose": 3, "guess": 5, "deliver": 4, "tear": 2, "thief": 6, "rogue": 1},
    # keys and serials
    {"sell": 4, "rotate": 3, "deliver": 3, "issue": 1, "retire": 3, "recover": 2, "reinstall": 1, "false": 1},
)
_DRAWS = tuple((tuple(theme), tuple(sum(list(theme.values())[: i + 1]) for i in range(len(theme)))) for theme in THEMES)


@dataclass
class History:
    """``setup``: seed of the card and its first entitlement; ``end``: of how it is looked at in the end."""

    setup: int
    theme: int
    events: list[Event]
    end: int


def draw(seed: int) -> History:
    rng = Random(seed)
    theme = rng.randrange(len(THEMES))
    names, weights = _DRAWS[theme]
    chosen = rng.choices(names, cum_weights=weights, k=rng.randint(3, 14))
    return History(rng.getrandbits(32), theme, [(name, rng.getrandbits(32)) for name in chosen], rng.getrandbits(32))


def hole(history: History, repairs: Repairs, tally: Tally | None = None) -> Hole | None:
    """What a history shows, or ``None``."""
    try:
        World(history.setup, history.theme, repairs, tally or Tally()).play(history.events, history.end)
    except Hole as found:
        return found
    return None


def shortened(history: History, repairs: Repairs, invariant: int) -> History:
    """The same hole with fewer events: each is left out that can be."""
    events = list(history.events)
    index = len(events) - 1
    while index >= 0:
        fewer = History(history.setup, history.theme, events[:index] + events[index + 1 :], history.end)
        found = hole(fewer, repairs)
        if found is not None and found.invariant == invariant:
            events = fewer.events
        index -= 1
    return History(history.setup, history.theme, events, history.end)


def search(
    repairs: Repairs, seeds: range, invariants: frozenset[int] = EVERY, tally: Tally | None = None
) -> tuple[int, Hole, History] | None:
    """The first hole of these invariants: its seed, what it is, and the shortest history found for it."""
    for seed in seeds:
        history = draw(seed)
        found = hole(history, repairs, tally)
        if found is not None and found.invariant in invariants:
            return seed, found, shortened(history, repairs, found.invariant)
    return None
