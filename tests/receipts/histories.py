# SPDX-License-Identifier: Apache-2.0
"""Histories of one honest card, drawn from a seed and played on the reference card of tests/model.

Shops and families do whatever they like; what the card takes is in the history, what it refuses is not. Beside each
receipt stands what the card itself knew then: the truth that an auditor must come to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.model import wire
from tests.model.reference_card import ReferenceCard
from tests.receipts.made import new_card

PIN = wire.pin_block("2468")
MONTHS = ("2510", "2511", "2512", "2601", "2602")


@dataclass(frozen=True)
class Truth:
    """Of the card just behind a receipt: the limit of its month, and the balance below which a PIN is due."""

    limit: int
    floor: int
    spent: int


@dataclass
class Player:
    """Plays one history."""

    random: Random
    card: ReferenceCard = field(init=False)
    receipts: list[bytes] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
    _terms: dict[str, Any] = field(default_factory=dict)
    _month: int = 0
    _txn: int = 0
    _seq: int = 0

    def __post_init__(self) -> None:
        self.card = new_card(pin=self.random.choice((None, "2468")))
        self._terms = {
            "loaded": 0, "expired": 0, "limit": 600_000, "override_max": 300_000, "debit_max": 500_000,
            "pin_above": self.random.choice((wire.NEVER, 200_000, 0)), "categories": 0x7F, "until": "260228", "keys": 0,
            "state": 2, "pin_count": 0, "mend_count": 0, "mended_to": "0000",
        }  # fmt: skip

    def play(self, steps: int) -> Player:
        self._updated(loaded=900_000)
        moves = (self._debit, self._cancel, self._override, self._update, self._choose, self._time)
        for _ in range(steps):
            self.random.choices(moves, weights=(12, 4, 3, 4, 1, 2))[0]()
        return self

    def _kept(self, raw: bytes | None) -> None:
        if raw is not None:
            self.receipts.append(raw)
            card = self.card
            self.truths.append(Truth(card.month_limit(card.month), card.floor, card.spent - card.refunded))

    def _moment(self) -> str:
        """By a clock that is right, or a month off."""
        month = max(0, min(len(MONTHS) - 1, self._month + self.random.choices((0, 1, -1), weights=(10, 1, 1))[0]))
        return f"{MONTHS[month]}{self.random.randint(1, 28):02d}{self.random.randint(0, 23):02d}1530"

    def _movement(self, amount: int, categories: int, rest: bytes) -> bytes:
        self._txn += 1
        terminal = self.random.choice((7, 8))
        return wire.movement(
            amount, when=self._moment(), categories=categories, terminal=terminal, txn=self._txn, rest=rest
        )

    def _debit(self) -> None:
        self.card.select()
        if self.random.random() < 0.4:
            self.card.pin.verify(PIN)
        most = self.random.choice((20_000, 150_000, 500_000, 700_000))
        categories = self.random.choice((1, 2, 3, 0x40))
        body = self._movement(self.random.randint(1, most), categories, self.random.randbytes(16))
        self._kept(self.card.debit(body).receipt)

    def _cancel(self) -> None:
        if not self.receipts or self.card.last_type != wire.T_DEBIT:
            return
        self.card.select()
        last = self.receipts[-1]
        body = last[4:10] + last[10:12] + bytes.fromhex("28235959") + last[16:20]
        self._txn += 1
        self._kept(self.card.cancel(body + self._txn.to_bytes(4, "big") + last[80:] + bytes(8)).receipt)

    def _override(self) -> None:
        self.card.select()
        body = self._movement(self.random.choice((50_000, 150_000, 300_000)), 2, b"PD-00001")
        self._kept(self.card.override(body).receipt)

    def _update(self) -> None:
        terms = self._terms
        changes: list[dict[str, Any]] = [
            {"loaded": terms["loaded"] + self.random.choice((100_000, 900_000))},
            {"expired": self.random.randint(terms["expired"], terms["loaded"])},
            {"limit": self.random.choice((300_000, 600_000, 900_000))},
            {"override_max": self.random.choice((0, 100_000, 300_000))},
            {"debit_max": self.random.choice((100_000, 500_000))},
            {"pin_above": self.random.choice((0, 100_000, 300_000, wire.NEVER))},
            {"categories": self.random.choice((0x7F, 0x43))},
            {"state": self.random.choice((2, 2, 3))},
            {"keys": terms["keys"] | self.random.choice((1, 8))},
            {"pin_count": terms["pin_count"] + 1},
            {"mend_count": terms["mend_count"] + 1, "mended_to": MONTHS[self._month]},
            {"until": self.random.choice(("251130", "260228"))},
        ]
        self._updated(**{name: value for one in self.random.sample(changes, 2) for name, value in one.items()})

    def _updated(self, **changes: Any) -> None:
        self._terms |= changes
        terms = dict(self._terms)
        self._seq += self.random.choice((1, 1, 3))  # those between were lost, or never delivered
        body = wire.entitlement(self._seq, terms.pop("loaded"), **terms)
        version = 2 if self.card.entitlement.keys & 1 else 1
        self._kept(self.card.update(body, self._seq.to_bytes(8, "big"), version).receipt)

    def _choose(self) -> None:
        self.card.select()
        self.card.pin.change(PIN)

    def _time(self) -> None:
        self._month = min(self._month + 1, len(MONTHS) - 2)


def played(seed: int, steps: int = 40) -> Player:
    """One history."""
    return Player(Random(seed)).play(steps)
