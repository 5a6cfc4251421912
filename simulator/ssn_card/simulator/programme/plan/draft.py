# SPDX-License-Identifier: Apache-2.0
"""The year as people mean it, before money: who goes where and when, and what for. Then it is settled.

A *visit* is one step at a terminal: a debit, a cancellation, an override, or reading the card. It says what is wanted,
not what can be paid: :mod:`.settle` later gives each card its updates, finds a basket that its balance and limit allow,
and leaves out what cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.values import ReceiptType

from .calendar import DAY, MONTH_STARTS, NEVER, Ints
from .events import Fault, Step
from .goods import Wares
from .population import Population

Rows = NDArray[np.intp]


class Want(IntEnum):
    """What a debit is for. ``A`` to ``BB``: a package (:class:`.goods.Package`), or what comes nearest to it."""

    A = 0
    B = 1
    AA = 2
    AB = 3
    BB = 4
    FREE = 5  #: ``share`` of what the card may spend now, by the visit's menu
    BASKET = 6  #: exactly the visit's basket, if the card may


#: ``card``: place in the cards; ``real``: seconds since 1970, local, when it truly happens; ``terminal``: number, that
#: of shop (place) ``i`` is ``i + 1``, 0 the desk; ``step``: of :class:`.events.Step`; ``want``, ``share``, ``basket``,
#: ``menu``: what a debit is for, ``menu`` -1 for the shop's own; ``amount``: rupiah of an override; ``companion``: who
#: overrides; ``given``: the PIN is given though it is not due; ``fault``: of :class:`.events.Fault`; ``stocked``: the
#: shop has bought such goods before; ``loads``: the terminal delivers an update that waits; ``label``, ``actor``:
#: places in :attr:`Draft.labels` and :attr:`Draft.actors`.
VISIT: Final = np.dtype(
    [
        ("card", np.int32),
        ("real", np.int64),
        ("terminal", np.uint32),
        ("step", np.uint8),
        ("want", np.uint8),
        ("share", np.float32),
        ("basket", np.int32),
        ("menu", np.int32),
        ("amount", np.uint32),
        ("companion", np.int32),
        ("given", np.bool_),
        ("fault", np.uint8),
        ("stocked", np.bool_),
        ("loads", np.bool_),
        ("label", np.int16),
        ("actor", np.int32),
    ]
)


_ROOM: Final = 100_000  #: visits that schemes may add beside as many as there are


class Label(NamedTuple):
    """True class of an event, and the rules that should see it: "A4;A7", or nothing."""

    kind: str
    rules: str


@dataclass(frozen=True)
class Actor:
    """Somebody behind events, who is not just anybody. ``number``: place in :attr:`Draft.actors`.

    ``subject``: shop, companion, family or card; ``place``: its place among the draft's; ``rules``: that see it, or for
    an ``honest`` one, that may take it for fraud.
    """

    number: int
    subject: str
    place: int
    scheme: str
    rules: tuple[str, ...]
    honest: bool


class Outage(NamedTuple):
    """A shop without network: uploads and updates come afterwards. Days, both in it."""

    terminal: int
    first: int
    last: int


class WrongClock(NamedTuple):
    """A terminal's clock is ``off`` seconds ahead (or behind) from one day to another, both in it."""

    terminal: int
    first: int
    last: int
    off: int


class Draft:
    """What is planned so far.

    ``population``, ``goods``: who and what there is; ``labels``, ``actors``; ``outages``, ``clocks``: of terminals;
    ``late_stock``: shop (place) to the days by which its goods come later than others'.
    """

    def __init__(self, population: Population, goods: Wares, visits: NDArray[np.void]) -> None:
        """``visits``: the honest year, of :data:`VISIT`."""
        self.population, self.goods = population, goods
        self.labels: list[Label] = [Label("honest", "")]
        self.actors: list[Actor] = []
        self.outages: list[Outage] = []
        self.clocks: list[WrongClock] = []
        self.late_stock: dict[int, int] = {}
        self._count = len(visits)
        self._store = np.zeros(2 * len(visits) + _ROOM, VISIT)
        self._store[: len(visits)] = visits
        self._by_terminal = RowIndex(visits["terminal"])
        self._by_card = RowIndex(visits["card"])
        self._moved: dict[int, Rows] = {}

    @property
    def visits(self) -> NDArray[np.void]:
        """All of them, to be changed in place; take them anew after :meth:`add`."""
        return self._store[: self._count]

    # ------------------------------------------------------------ finding visits

    def of_shop(self, shop: int, *, step: Step = Step.DEBIT) -> Rows:
        """Rows of the honest year at a shop (place), in no order, that are nobody's yet."""
        return self._live(self._by_terminal.rows(shop + 1), "terminal", shop + 1, step)

    def of_card(self, card: int, *, step: Step | None = None) -> Rows:
        """Rows of the honest year of a card, in no order, that are nobody's yet."""
        rows = self._moved[card] if card in self._moved else self._by_card.rows(card)
        return self._live(rows, "card", card, step)

    def _live(self, rows: Rows, name: str, value: int, step: Step | None) -> Rows:
        visits = self.visits
        still = (visits[name][rows] == value) & (visits["actor"][rows] < 0)
        live: Rows = rows[still if step is None else still & (visits["step"][rows] == step)]
        return live

    def in_month(self, rows: Rows, month: int) -> Rows:
        """Those of a month, 0 to 11."""
        days = self.visits["real"][rows] // DAY
        within: Rows = rows[(days >= MONTH_STARTS[month]) & (days < MONTH_STARTS[month + 1])]
        return within

    def families_at(self, shop: int) -> Ints:
        """Families whose usual shop it is."""
        at: Ints = np.flatnonzero(self.population.families.home == shop)
        return at

    def free_shops(self, *, least: int = 0) -> Ints:
        """Shops that are nobody's yet, with at least so many families of their own."""
        taken = [actor.place for actor in self.actors if actor.subject == "shop"]
        homes = np.bincount(self.population.families.home, minlength=len(self.population.places.shops))
        homes[taken] = -1
        return np.flatnonzero(homes >= least)

    # ------------------------------------------------------------ changing visits

    def label(self, kind: str, rules: Sequence[str] = ()) -> int:
        """Place of a label, which is made if need be. ``kind``: honest, fault-…, lookalike-…, petty-… or fraud-…"""
        wanted = Label(kind, ";".join(rules))
        if wanted not in self.labels:
            self.labels.append(wanted)
        return self.labels.index(wanted)

    def claim(self, rows: Rows, label: int, actor: Actor) -> None:
        """These are an actor's doing."""
        self.visits["label"][rows], self.visits["actor"][rows] = label, actor.number

    def drop(self, rows: Rows) -> None:
        """These never happen. Rows keep their places until the draft is settled."""
        self.visits["card"][rows] = NEVER

    def add(self, card: Any, real: Any, shop: Any, **more: Any) -> Rows:
        """Put in a visit for each card at ``real`` seconds at a shop (place, -1 the desk); returns their rows.

        ``more``: other fields of :data:`VISIT`, one value or one for each; by default a debit for package A.
        """
        new = blank(np.broadcast_shapes(*(np.shape(one) for one in (card, real, shop, *more.values())))[0])
        new["card"], new["real"], new["terminal"] = card, real, np.asarray(shop) + 1
        for name, value in more.items():
            new[name] = value
        rows = np.arange(self._count, self._count + len(new))
        if self._count + len(new) > len(self._store):
            self._store = np.concatenate((self._store, np.zeros(len(self._store) + len(new), VISIT)))
        self._count += len(new)
        self._store[rows] = new
        return rows

    def hour(self, shop: Any, chance: Any) -> Any:
        """Seconds of the day at which people come to a shop (place); ``chance``: 0 to 1 of its open hours."""
        places = self.population.places
        opens, closes = places.opens[shop], places.closes[shop]
        return opens + (np.asarray(chance) * (closes - opens - 1)).astype(np.int64)

    def replace_cards(
        self, cards: Ints, reason: str, *, lost: Ints, blocked: Ints, made: Ints, delivered: Ints, label: int = 0
    ) -> Ints:
        """Other cards for the families of these, who meanwhile buy nothing; days, ``delivered`` may be ``NEVER``.

        Returns the new cards' places.
        """
        new = self.population.cards.replaced(cards, reason, lost=lost, blocked=blocked, made=made, delivered=delivered)
        for old, card, out, back in zip(cards.tolist(), new.tolist(), lost.tolist(), delivered.tolist(), strict=True):
            rows = self.of_card(old)
            day = self.visits["real"][rows] // DAY
            later = rows[(day >= back) & (back != NEVER)]
            self.drop(rows[(day >= out) & ((day < back) | (back == NEVER))])
            self.visits["card"][later] = card
            self._moved[card] = later
            self.visits["label"][later[:1]] = label
        return new


class TerminalIndex:
    """Visits by terminal and days, as they are now."""

    def __init__(self, visits: NDArray[np.void]) -> None:
        self._index, self._days = RowIndex(visits["terminal"]), visits["real"] // DAY

    def rows(self, terminal: int, first: int, last: int) -> Rows:
        """Rows at a terminal from one day to another, both in it."""
        rows = self._index.rows(terminal)
        days = self._days[rows]
        return rows[(days >= first) & (days <= last)]


class RowIndex:
    """Rows by a value, as they are now."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._order = np.argsort(values, kind="stable")
        self._sorted = values[self._order]

    def rows(self, value: int) -> Rows:
        """Rows of that value, in their order."""
        first, last = np.searchsorted(self._sorted, np.array([value, value + 1], self._sorted.dtype))
        return self._order[first:last]


def blank(count: int) -> NDArray[np.void]:
    """Debits of nobody in particular."""
    visits = np.zeros(count, VISIT)
    visits["step"], visits["basket"], visits["menu"], visits["companion"], visits["actor"] = (
        ReceiptType.DEBIT,
        -1,
        -1,
        -1,
        -1,
    )
    visits["stocked"] = visits["loads"] = True
    visits["fault"] = Fault.NONE
    return visits
