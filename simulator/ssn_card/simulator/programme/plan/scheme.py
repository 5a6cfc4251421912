# SPDX-License-Identifier: Apache-2.0
"""What some people do otherwise than everybody: a scheme, fraudulent or honest, and how the plan enacts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from .calendar import DAY, NEVER, Ints
from .draft import Actor, Draft

CITY_SHOPS: Final = 51
_UNDELIVERED: Final = "A13"
PETTY: Final = "petty-"  #: how names of schemes begin that nobody is expected to see


@dataclass(frozen=True)
class Scheme:
    """One kind of behaviour.

    Args:
        name: fraud-…, lookalike-…, or petty-… for a wrong so small that nobody is expected to see it; as files name it.
        subject: whom an auditor would name: shop, companion, family or card.
        rules: that should see it; of an honest one, that may take it for fraud.
        actors: how many there are in a city of 51 shops; a larger one has more in proportion, each city one at least.
        candidates: places (of shops, companions, families or cards) of those who might do it.
        apply: changes the draft for one actor, and claims what it did: each actor has at least one visit of its own.
        honest: nobody is wronged.
    """

    name: str
    subject: str
    rules: tuple[str, ...]
    actors: int
    candidates: Callable[[Draft], Ints]
    apply: Callable[[Draft, Actor, np.random.Generator], None]
    honest: bool = False


def enact(draft: Draft, schemes: Iterable[Scheme], random: np.random.Generator) -> None:
    """Every scheme with its actors, who are drawn anew for each, as far as there are any left."""
    for scheme in schemes:
        wanted = max(1, round(scheme.actors * len(draft.population.places.shops) / CITY_SHOPS))
        candidates = scheme.candidates(draft)
        chosen = (
            random.choice(candidates, min(wanted, len(candidates)), replace=False) if len(candidates) else candidates
        )
        for place in chosen.tolist():
            actor = Actor(len(draft.actors), scheme.subject, place, scheme.name, scheme.rules, scheme.honest)
            draft.actors.append(actor)
            scheme.apply(draft, actor, random)
    _keep_to_cards_in_hand(draft)


def _keep_to_cards_in_hand(draft: Draft) -> None:
    """Drop what schemes moved before a card's hand-over or behind its loss, but for those that are about such cards."""
    cards, visits = draft.population.cards, draft.visits
    about = np.array([_UNDELIVERED in actor.rules for actor in draft.actors] + [False])  # the last, for nobody
    card, day = visits["card"], visits["real"] // DAY
    delivered, gone = cards.delivered_on[card], cards.worked_until[card]
    out = (delivered == NEVER) | (day < delivered) | ((gone != NEVER) & (day >= gone))
    draft.drop(np.flatnonzero(out & ~about[visits["actor"]] & (card != NEVER)))


# ------------------------------------------------------------ whom schemes choose among


def busy_shops(draft: Draft) -> Ints:
    """Shops that are nobody's yet, with families enough of their own."""
    return draft.free_shops(least=12)


def free_families(draft: Draft) -> Ints:
    """Families with one card that works all year, who are not part of any scheme, and buy something."""
    cards = draft.population.cards
    count = len(draft.population.families)
    quiet = (cards.worked_until[:count] < 0) & (cards.deactivated_on[:count] < 0) & (cards.locked_on[:count] < 0)
    visits = draft.visits
    own = np.bincount(visits["card"][(visits["card"] >= 0) & (visits["actor"] < 0)], minlength=count)[:count]
    taken = np.zeros(count, np.bool_)
    of_actors = visits["card"][(visits["actor"] >= 0) & (visits["card"] >= 0)]
    taken[of_actors[of_actors < count]] = True
    taken[[actor.place for actor in draft.actors if actor.subject in ("family", "card")]] = True
    return np.flatnonzero(quiet & (own >= 6) & ~taken)


def free_companions(draft: Draft) -> Ints:
    """Companions that are nobody's yet."""
    taken = [actor.place for actor in draft.actors if actor.subject == "companion"]
    every: Ints = np.setdiff1d(np.arange(len(draft.population.companions)), taken)
    return every
