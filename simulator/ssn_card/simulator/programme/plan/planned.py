# SPDX-License-Identifier: Apache-2.0
"""The plan of a year: everything that the simulated cards and terminals then do, and what it truly was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.entitlement import Entitlement
from ssn_card.receipts import Basket

from .calendar import NEVER
from .draft import Actor, Draft, Label, Outage, WrongClock
from .faults import befall, transmit
from .fraud import SCHEMES
from .goods import SUPPLIERS, Wares, drawn_prices
from .honest import honest_visits
from .lookalikes import HONEST_SCHEMES
from .places import FAMILIES, REMOTE, Places
from .policy import policies_toml
from .population import Population, family_name, population, serials
from .scheme import Scheme, enact
from .settle import SettledYear, settle
from .side import side_tables


@dataclass(frozen=True)
class Plan:
    """``events``: of :data:`.events.EVENT`, sorted by card and turn; their ``basket``, ``update``, ``companion``,
    ``label`` and ``actor`` are places in the lists here.

    ``serials``: uint8 (cards, 8); ``pins``: cards that are made with a PIN; ``companions``: 8 bytes each, as override
    receipts have them; ``actors``: (subject, who, scheme, rules, honest) by :meth:`who`; ``outages``: shops whose
    uploads come late; ``clocks``: terminals whose events' ``at`` is wrong; ``tables``: side files by the names of
    :data:`ssn_card.audit.books.tables.TABLES`, all but ``statuses``, which come of READ events; ``policies``: text of
    policies.toml.
    """

    seed: int
    population: Population
    serials: NDArray[np.uint8]
    pins: NDArray[np.bool_]
    companions: tuple[bytes, ...]
    updates: tuple[Entitlement, ...]
    baskets: tuple[Basket, ...]
    events: NDArray[np.void]
    labels: tuple[Label, ...]
    actors: tuple[Actor, ...]
    outages: tuple[Outage, ...]
    clocks: tuple[WrongClock, ...]
    tables: Mapping[str, pa.Table]
    policies: str

    @property
    def places(self) -> Places:
        """Kecamatan and shops; shop ``i`` has terminal ``i + 1``, and 0 is the social office's desk."""
        return self.population.places

    def who(self, actor: Actor) -> str:
        """The actor as files name it: EW-007, a companion's 16 digits, a serial, or a family."""
        return named(self.population, actor)


def named(people: Population, actor: Actor) -> str:
    """An actor as files name it."""
    if actor.subject == "shop":
        return people.places.shops[actor.place].id
    if actor.subject == "companion":
        return people.companion_ids[actor.place].hex()
    if actor.subject == "family":
        return family_name(actor.place)
    return serials(np.array([actor.place])).tobytes().hex()


def plan(seed: int, families: int = FAMILIES, schemes: Sequence[Scheme] = (*SCHEMES, *HONEST_SCHEMES)) -> Plan:
    """The year of so many families; ``seed``, ``families`` and ``schemes`` say all of it."""
    streams = np.random.default_rng((seed, families)).spawn(6)
    people = population(families, streams[0])
    goods = Wares(drawn_prices(streams[1]), _suppliers(people.places, streams[1]), streams[1])
    draft = Draft(people, goods, honest_visits(people, streams[2]))
    befall(draft, streams[4])
    enact(draft, schemes, streams[5])
    transmit(draft, streams[4])
    return _planned(seed, draft, settle(draft, streams[3]), streams[3])


def _suppliers(city: Places, random: np.random.Generator) -> NDArray[np.int64]:
    """Each shop's; those of remote kecamatan have suppliers of their own."""
    number = random.integers(0, SUPPLIERS // 4, len(city.shops))
    return number * 4 + np.where(np.isin(city.shop_kecamatan, REMOTE), 3, random.integers(0, 3, len(city.shops)))


def _planned(seed: int, draft: Draft, settled: SettledYear, random: np.random.Generator) -> Plan:
    events, people = settled.events, draft.population
    used, basket = np.unique(events["basket"], return_inverse=True)
    skipped = int(used[0] == NEVER)
    baskets = tuple(draft.goods.basket(int(number)) for number in used[skipped:])
    events["basket"] = basket - skipped
    updates = tuple(term.entitlement() for term in settled.terms.all)
    return Plan(
        seed=seed,
        population=people,
        serials=people.cards.serials,
        pins=people.cards.pin,
        companions=people.companion_ids,
        updates=updates,
        baskets=baskets,
        events=events,
        labels=tuple(draft.labels),
        actors=tuple(draft.actors),
        outages=tuple(draft.outages),
        clocks=tuple(draft.clocks),
        tables=side_tables(draft, settled, updates, baskets, random),
        policies=policies_toml(len(people.places.shops)),
    )
