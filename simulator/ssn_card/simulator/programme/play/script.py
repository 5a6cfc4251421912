# SPDX-License-Identifier: Apache-2.0
"""What players need of a plan, and nothing of how it came about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.entitlement import Entitlement
from ssn_card.receipts import Basket
from ssn_card.simulator.year.fields import Ints

from ..plan import Plan
from ..plan.calendar import DAY
from ..plan.draft import Label, Outage, WrongClock
from .by_terminal import AtTerminals

_SECONDS = 40  #: bits, above all moments


@dataclass(frozen=True)
class ActorRow:
    """Who is behind events: a row of truth/actors.csv, in which ``rules`` are joined by semicolons."""

    actor: str
    subject: str
    who: str
    scheme: str
    rules: tuple[str, ...]
    honest: bool


@dataclass(frozen=True)
class YearScript:
    """A year to be played.

    ``serials``: uint8 (cards, 8); ``pins``: cards that are made with a PIN; ``events``: of ``plan.events.EVENT``, by
    card and turn; ``true_at``: when each truly happens, seconds since 1970, local, which decides the order in which
    terminals serve them; what events name by a number are places in the lists here; ``outages``: shops whose receipts
    come late; ``tables``: the side files but ``statuses``; ``policies``: text of policies.toml.
    """

    serials: NDArray[np.uint8]
    pins: NDArray[np.bool_]
    companions: tuple[bytes, ...]
    updates: tuple[Entitlement, ...]
    baskets: tuple[Basket, ...]
    events: NDArray[np.void]
    true_at: Ints
    labels: tuple[Label, ...]
    actors: tuple[ActorRow, ...]
    outages: tuple[Outage, ...]
    tables: Mapping[str, pa.Table]
    policies: str

    def fingerprint(self) -> str:
        """SHA-256, in digits, of all that cards and terminals are told."""
        told = hashlib.sha256(repr((self.companions, self.updates)).encode("utf-8"))
        for column in (self.serials, self.pins, self.events, self.true_at):
            told.update(np.ascontiguousarray(column).tobytes())
        for basket in self.baskets:
            told.update(basket.digest())
        return told.hexdigest()


def script_of(plan: Plan) -> YearScript:
    """The script of a plan."""
    actors = (
        ActorRow(f"{one.scheme}-{number + 1}", one.subject, plan.who(one), one.scheme, one.rules, one.honest)
        for number, one in enumerate(plan.actors)
    )
    return YearScript(
        serials=plan.serials,
        pins=plan.pins,
        companions=plan.companions,
        updates=plan.updates,
        baskets=plan.baskets,
        events=plan.events,
        true_at=true_moments(plan.events, plan.clocks),
        labels=plan.labels,
        actors=tuple(actors),
        outages=plan.outages,
        tables=plan.tables,
        policies=plan.policies,
    )


def true_moments(events: NDArray[np.void], clocks: Iterable[WrongClock]) -> Ints:
    """When events truly happen; theirs is the time of their terminals' clocks. Of a card never before the last."""
    shown: Ints = events["at"].astype(np.int64)
    true = shown.copy()
    at = AtTerminals(events)
    for clock in clocks:
        places = at.of(clock.terminal)
        moments = shown[places] - clock.off
        wrong = (moments // DAY >= clock.first) & (moments // DAY <= clock.last)
        true[places[wrong]] = moments[wrong]
    of_card = events["card"].astype(np.int64) << _SECONDS
    ordered: Ints = np.maximum.accumulate(of_card + true) - of_card
    return ordered
