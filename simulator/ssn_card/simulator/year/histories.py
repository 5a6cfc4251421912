# SPDX-License-Identifier: Apache-2.0
"""Histories of honest cards, drawn from a seed: a load, monthly updates, debits, and what else happens in a year.

Cards go month by month in step: an update to most of them, then a few movements. Amounts come from baskets, so that
every debit has one. A batch depends on the seed and its own number alone, and none needs another: a hundred million
receipts take no more memory than one batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import KeyProvider
from ssn_card.protocol.values import NEVER, KeySelection, LifeState

from .assortment import Assortment
from .deck import CANCEL, DEBIT, OVERRIDE, Deck, Entitlements, Moves
from .fields import BCD, DAYS, SIZE, Flags, Ints, Octets, month_number

CARDS = 4096  #: of a batch: its arrays stay in the processor's cache
_START = month_number(2025, 10)
_COMPANION = np.frombuffer(b"PD-00001" + bytes(8), np.uint64)
_WHOLE = np.dtype((np.void, SIZE))  #: a receipt, moved at once
_LOAD = 300_000  #: rupiah a month
_UPDATE_DAY = 1


@dataclass(frozen=True)
class Habits:
    """How often what happens; shares of the cards or of their steps."""

    months: int = 12
    movements: int = 3  #: that a family may make in a month
    updated: float = 0.85  #: of the cards in a month
    idle: float = 0.3  #: of the steps in which nothing is bought
    cancelled: float = 0.05
    raised: float = 0.03
    with_pin: float = 0.6
    gives_pin: float = 0.3  #: where it is not due
    clock_ahead: float = 0.0005
    expired: float = 0.1  #: of the updates
    blocked: float = 0.02
    terminated: float = 0.002
    key_moved: float = 0.02
    pin_chosen: float = 0.03
    terminals: int = 120
    elsewhere: float = 0.2  #: bought at another terminal than usual
    baskets: int = 1 << 14  #: to choose from


class HistoryBatch(NamedTuple):
    """Receipts of whole cards, sorted by serial and number.

    ``raw``: uint8 (n, 88); ``step``: uint16 (n,), in which they were made, the same for all cards; ``terminal``: int32
    (n,), which hands them in; ``basket``: int32 (n,), number in :attr:`Histories.assortment`, or -1.
    """

    raw: Octets
    step: NDArray[np.uint16]
    terminal: NDArray[np.int32]
    basket: NDArray[np.int32]

    def first(self, count: int) -> HistoryBatch:
        """The first of them."""
        return HistoryBatch(self.raw[:count], self.step[:count], self.terminal[:count], self.basket[:count])

    def taken(self, which: NDArray[np.intp]) -> HistoryBatch:
        """Some of them, in that order."""
        return HistoryBatch(self.raw.take(which, 0), self.step[which], self.terminal[which], self.basket[which])


class Histories:
    """A world of cards; ``seed`` and ``habits`` say all of it."""

    def __init__(self, seed: int, provider: KeyProvider, habits: Habits | None = None) -> None:
        self.seed, self.habits = seed, habits or Habits()
        self._provider = provider
        self.assortment = Assortment(self.habits.baskets, np.random.default_rng((seed, 0)))

    def batches(self, receipts: int) -> Iterator[HistoryBatch]:
        """Batches until there are that many receipts; of the last no more than that."""
        number = 0
        while receipts > 0:
            batch = self.batch(number)
            yield batch.first(receipts)
            receipts -= len(batch.raw)
            number += 1

    def batch(self, number: int, cards: int = CARDS) -> HistoryBatch:
        """The cards of one batch, from their first receipt to their last."""
        return _Making(self, number, cards, self._provider).made()


class _Making:
    """Makes one batch."""

    def __init__(self, histories: Histories, number: int, cards: int, provider: KeyProvider) -> None:
        self._habits, self._assortment, self._cards = histories.habits, histories.assortment, cards
        self._random = np.random.Generator(np.random.SFC64((histories.seed, 1 + number)))
        self._first = number * CARDS
        serials = np.empty((cards, 2), ">u4")
        serials[:, 0] = 0x5353_0000 + histories.seed % (1 << 16)
        serials[:, 1] = self._first + np.arange(cards)
        self._deck = Deck(serials.view(np.uint8).reshape(cards, 8), provider, self._chance(self._habits.with_pin))
        self._home = 1 + self._below(self._habits.terminals)
        self._born = self._below(min(3, self._habits.months))
        self._loads = np.zeros((self._habits.months + 1, cards), np.int64)  #: loaded in all before each month
        self._debit_date = np.zeros(cards, np.int64)
        steps = self._habits.months * (1 + self._habits.movements)
        self._raw = np.empty((cards, steps), _WHOLE)
        self._kept = np.zeros((cards, steps), np.bool_)
        self._terminal, self._basket = np.empty((cards, steps), np.int32), np.full((cards, steps), -1, np.int32)
        self._step = 0

    def made(self) -> HistoryBatch:
        for month in range(self._habits.months):
            self._update(month)
            for part in range(self._habits.movements):
                self._move(month, part)
        kept = self._kept
        step = np.broadcast_to(np.arange(kept.shape[1], dtype=np.uint16), kept.shape)
        raw = self._raw[kept].view(np.uint8).reshape(-1, SIZE)
        return HistoryBatch(raw, step[kept], self._terminal[kept], self._basket[kept])

    # ------------------------------------------------------------ what is drawn

    def _below(self, most: int | Ints) -> Ints:
        """For each card a number from 0 to below ``most``, which is no more than 2^31."""
        drawn = self._random.integers(0, 1 << 32, self._cards, np.uint32).astype(np.int64)
        drawn *= most
        drawn >>= 32
        return drawn

    def _chance(self, share: float) -> Flags:
        return self._random.random(self._cards, np.float32) < share

    def _among(self, *values: int) -> Ints:
        return np.array(values)[self._below(len(values))]

    # ------------------------------------------------------------ updates

    def _update(self, month: int) -> None:
        deck = self._deck
        who = (self._born == month) | ((self._born < month) & self._chance(self._habits.updated))
        done = deck.update(who, self._terms(month))
        self._loads[month + 1] = deck.terms.loaded_total
        self._keep(done, self._home, None)
        deck.choose_pin(self._chance(0.5))

    def _terms(self, month: int) -> Entitlements:
        """Entitlements for this month: most as they were with another load, some otherwise."""
        old, today, habits = self._deck.terms, _START + month, self._habits
        first = old.update_seq == 0

        def changed(share: float, name: str, values: Ints) -> Ints:
            return np.where(first | self._chance(share), values, getattr(old, name))

        overdue = self._loads[max(0, month - 3)]
        expired = np.where(self._chance(habits.expired), np.maximum(old.expired_total, overdue), old.expired_total)
        late = self._deck.month > today
        ends = (_START + self._habits.months) * DAYS + 28
        soon = (today + 2) * DAYS + 28
        moved = np.where(self._chance(habits.key_moved), 1 << self._below(len(KeySelection)), 0)
        blocked = np.where(self._chance(habits.blocked), LifeState.BLOCKED, LifeState.ACTIVE)
        over = (old.state == LifeState.TERMINATED) | (~first & self._chance(habits.terminated))
        return Entitlements(
            update_seq=old.update_seq + 1 + (self._below(8) == 0),  # those between were never delivered
            loaded_total=old.loaded_total + np.where(self._chance(0.9) | first, _LOAD, self._among(0, 2 * _LOAD)),
            expired_total=expired,
            monthly_limit=changed(0.05, "monthly_limit", self._among(_LOAD, 2 * _LOAD, 3 * _LOAD)),
            override_max=changed(0.02, "override_max", self._among(0, _LOAD, _LOAD)),
            debit_max=changed(0.02, "debit_max", self._among(_LOAD // 2, _LOAD, 2 * _LOAD)),
            pin_above=changed(0.05, "pin_above", self._among(0, 100_000, 200_000, NEVER)),
            allowed_categories=changed(0.02, "allowed_categories", self._among(0x7F, 0x7F, 0x7F, 0x3F)),
            valid_until=np.where(self._chance(0.3), soon, ends),
            key_selection=old.key_selection | moved,
            state=np.where(over, LifeState.TERMINATED, np.where(first, LifeState.ACTIVE, blocked)),
            policy_id=np.full(self._cards, 2025),
            issued_on=np.full(self._cards, today * DAYS + _UPDATE_DAY),
            pin_count=old.pin_count + (self._chance(habits.pin_chosen) & ~first),
            mend_count=old.mend_count + late,
            mended_to=np.where(late, today, old.mended_to),
        )

    # ------------------------------------------------------------ movements

    def _move(self, month: int, part: int) -> None:
        deck, habits = self._deck, self._habits
        width = 27 // habits.movements
        clock = np.where(self._chance(habits.clock_ahead), 1 + self._below(2), 0) + _START + month
        date = clock * DAYS + 2 + part * width + self._below(width)
        hour = 8 + self._below(8)
        chance = self._random.random(self._cards, np.float32)
        cancel = deck.last_is_debit & (chance < habits.cancelled)
        override = ~cancel & (chance > 1 - habits.raised)
        fitting = self._assortment.up_to(deck.room(clock))
        basket = self._below(fitting)
        amount = self._assortment.totals[basket]
        debit = (fitting > 0) & ~cancel & ~override & (chance < 1 - habits.raised - habits.idle)
        date = np.where(cancel, self._debit_date, date)
        time = np.empty((self._cards, 3), np.uint8)
        time[:, 0], time[:, 1], time[:, 2] = BCD[np.where(cancel, hour + 8, hour)], BCD[self._below(60)], 0
        mark = self._assortment.digests.take(basket, 0)
        mark[override] = _COMPANION
        terminal = np.where(self._chance(habits.elsewhere), 1 + self._below(habits.terminals), self._home)
        moves = Moves(
            kind=debit * DEBIT + cancel * CANCEL + override * OVERRIDE,
            amount=np.where(override, 100_000, amount),
            word=np.where(override, 1, self._assortment.categories[basket]),
            date=date,
            time=time,
            terminal=terminal,
            txn=(self._first * self._raw.shape[1] + self._step * self._cards + np.arange(self._cards)) % (1 << 32),
            mark=mark,
            given=self._chance(habits.gives_pin) | (amount > deck.free),
        )
        done = deck.move(moves)
        bought = done & debit
        self._debit_date = np.where(bought, date, self._debit_date)
        self._keep(done, np.where(cancel, deck.last_terminal, terminal), np.where(bought, basket, -1))

    def _keep(self, done: Flags, terminal: Ints, basket: Ints | None) -> None:
        self._raw[:, self._step] = self._deck.row.view(_WHOLE)[:, 0]
        self._kept[:, self._step] = done
        self._terminal[:, self._step] = terminal
        if basket is not None:
            self._basket[:, self._step] = basket
        self._step += 1
