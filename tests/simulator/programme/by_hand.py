# SPDX-License-Identifier: Apache-2.0
"""A small year by hand: a few shops, cards that do everything that cards do, and everything that goes wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from ssn_card.entitlement import Entitlement
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Basket
from ssn_card.simulator.programme.plan.draft import Label, Outage
from ssn_card.simulator.programme.plan.events import EVENT, Fault, Step
from ssn_card.simulator.programme.play.script import ActorRow, YearScript

BASKETS = (
    Basket.of(("BERAS", 1, 120_000), ("TELUR", 1, 58_000)),
    Basket.of(("MINYAK", 2, 40_000)),
    Basket.of(("BERAS", 2, 294_000)),
    Basket.of(("GULA", 1, 17_000)),
)
COMPANIONS = (b"PD-00001", b"PD-00002")
LOAD = 300_000
HOUR, DAY = 3600, 86_400
FIRST = Entitlement(
    update_seq=1, loaded_total=0, monthly_limit=2 * LOAD, override_max=LOAD, debit_max=2 * LOAD,
    allowed_categories=0x7F,
    valid_until=dt.date(2026, 12, 31), state=LifeState.ACTIVE, policy_id=2026, issued_at=dt.datetime(2025, 12, 1),
)  # fmt: skip
SHOPS = 5
AHEAD = 40 * DAY  #: the clock of the last shop, in its second month


def moment(month: int, day: int, hour: int = 9) -> int:
    """Seconds since 1970 of an hour in 2026."""
    return int(dt.datetime(2026, month, day, hour, tzinfo=dt.UTC).timestamp())


@dataclass
class Draft:
    """Collects what happens."""

    events: list[dict[str, int]] = field(default_factory=list)
    updates: list[Entitlement] = field(default_factory=list)
    newest: dict[int, Entitlement] = field(default_factory=dict)  #: of each card
    true_at: list[int] = field(default_factory=list)

    def add(self, card: int, at: int, step: Step, terminal: int, **more: int) -> None:
        """One event; its turn follows from its place."""
        turn = sum(event["card"] == card for event in self.events)
        ahead = AHEAD if terminal == SHOPS and moment(2, 1) <= at < moment(3, 1) else 0
        blank = {"basket": -1, "companion": -1, "update": -1, "label": 0, "actor": -1}
        told = {"card": card, "turn": turn, "at": at + ahead, "step": step, "terminal": terminal}
        self.true_at.append(at)
        self.events.append(blank | told | more)

    def update(self, card: int, at: int, terminal: int, **changes: Any) -> None:
        """The next entitlement, delivered."""
        before = self.newest.get(card, FIRST)
        told = {"update_seq": before.update_seq + 1, "loaded_total": before.loaded_total + LOAD}
        issued_at = dt.datetime.fromtimestamp(at, dt.UTC).replace(tzinfo=None)
        self.newest[card] = replace(before, **told | {"issued_at": issued_at} | changes)
        self.updates.append(self.newest[card])
        self.add(card, at + HOUR, Step.UPDATE, terminal, update=len(self.updates) - 1)


def _life(draft: Draft, card: int, random: np.random.Generator) -> None:
    """Three months of one card, with what its number asks for."""
    home = 1 + card % SHOPS
    for month in (1, 2, 3):
        draft.update(card, moment(month, 1, 7), home, **_changes(card, month))
        if month == 2 and card % 7 in (3, 4):  # the latter may not
            draft.add(card, moment(month, 1, 10), Step.CHOOSE_PIN, home)
        for day in sorted(random.choice(np.arange(2, 27), size=3, replace=False).tolist()):
            at = moment(month, day, 8 + int(random.integers(0, 8)))
            shop = home if random.random() < 0.8 else 1 + int(random.integers(0, SHOPS))
            _visit(draft, card, at, shop, random)
        draft.add(card, moment(month, 27), Step.READ, home)


def _changes(card: int, month: int) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if card % 4 == 1:
        changes["pin_above"] = 50_000
    if month == 2 and card % 7 == 3:
        changes["pin_count"] = 1
    if month == 3 and card % 5 == 2:
        changes["expired_total"] = LOAD
    if month == 3 and card % 11 == 5:
        changes |= {"state": LifeState.BLOCKED}
    if month == 3 and card % SHOPS == SHOPS - 1:  # the clock that was ahead took the card's month with it
        changes |= {"mend_count": 1, "mended_to": dt.date(2026, 3, 1)}
    return changes


def _visit(draft: Draft, card: int, at: int, shop: int, random: np.random.Generator) -> None:
    basket, chance = int(random.integers(0, len(BASKETS))), random.random()
    sale = {"basket": basket, "given": int(card % 4 == 1 or card % 3 == 0)}
    if chance < 0.1:
        draft.add(card, at, Step.DEBIT, shop, fault=Fault.TORN, **sale)
    if chance > 0.9:
        draft.add(card, at, Step.OVERRIDE, shop, amount=100_000, companion=card % 2, label=1, actor=0)
    fault = Fault(int(random.choice((0, 0, 0, 0, 0, 0, 2, 3, 4))))
    draft.add(card, at + 60, Step.DEBIT, shop, fault=fault, **sale)
    if 0.2 < chance < 0.35:
        draft.add(card, at + 120, Step.CANCEL, shop if chance < 0.3 else 1 + shop % SHOPS)


def by_hand(cards: int, seed: int = 5) -> YearScript:
    """The script of so many cards."""
    random = np.random.default_rng(seed)
    draft = Draft()
    for card in range(cards):
        _life(draft, card, random)
    serials = np.zeros((cards, 2), ">u4")
    serials[:, 0], serials[:, 1] = 0x53534E20, np.arange(cards)
    events = np.zeros(len(draft.events), EVENT)
    for place, event in enumerate(draft.events):
        for name, value in event.items():
            events[place][name] = value
    return YearScript(
        serials=serials.view(np.uint8).reshape(cards, 8),
        pins=np.arange(cards) % 3 == 0,
        companions=COMPANIONS,
        updates=tuple(draft.updates),
        baskets=BASKETS,
        events=events,
        true_at=np.array(draft.true_at),
        labels=(Label("honest", ""), Label("fraud-override", "A11")),
        actors=(ActorRow("companion-1", "companion", COMPANIONS[0].hex(), "override", ("A11",), honest=False),),
        outages=(Outage(2, moment(2, 5) // DAY, moment(2, 15) // DAY),),
        tables={"companions": _companions()},
        policies="",
    )


def _companions() -> pa.Table:
    ids = [one.hex() for one in COMPANIONS]
    return pa.table({"companion_id": ids, "pendamping": ["PD-001", "PD-002"], "kode_kecamatan": ["64.72.01"] * 2})
