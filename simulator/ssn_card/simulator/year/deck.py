# SPDX-License-Identifier: Apache-2.0
"""The card's rules for many cards at once (docs/protocol.md, purse and updates): each step is one command to all.

A card that would refuse does nothing and makes no receipt. Proved equal to the applet, byte for byte, on a sample
(tests/audit/test_year.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import KeyProvider
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import (
    RECEIPT_LAYOUT_VERSION,
    KeySelection,
    LifeState,
    PinState,
    ReceiptType,
)

from .fields import DAYS, MONTH_BYTES, NO_MONTH, SIZE, TYPES, Flags, Ints, Octets, all_of, write_date
from .macs import card_macs

DEBIT, CANCEL, OVERRIDE, UPDATE = (int(kind) for kind in ReceiptType)
_TIMESTAMP = RECEIPT.offset("timestamp")
_VALID_UNTIL, _ISSUED_ON = (RECEIPT_BY_TYPE[UPDATE].offset(name) for name in ("valid_until", "issued_on"))


class Entitlements(NamedTuple):
    """Entitlements, one a card: fields of the layout ``entitlement``. Dates: see :data:`.fields.DAYS`."""

    update_seq: Ints
    loaded_total: Ints
    expired_total: Ints
    monthly_limit: Ints
    override_max: Ints
    debit_max: Ints
    pin_above: Ints
    allowed_categories: Ints
    valid_until: Ints
    key_selection: Ints
    state: Ints
    policy_id: Ints
    issued_on: Ints
    pin_count: Ints
    mend_count: Ints
    mended_to: Ints

    @classmethod
    def blank(cls, cards: int) -> Entitlements:
        """Before the first update."""
        none = cls(*(np.zeros(cards, np.int64) for _ in cls._fields))
        return none._replace(state=np.full(cards, int(LifeState.ISSUED)))


class Moves(NamedTuple):
    """What a terminal sends to each card; a cancellation has amount, categories and terminal of the card's last debit.

    ``kind``: of :class:`ReceiptType`, 0 for nothing; ``date``: see :data:`.fields.DAYS`; ``time``: uint8 (n, 3), BCD
    hhmmss; ``word``: categories, or the reason of an overriding; ``mark``: (n, 2) of eight bytes each, basket digest or
    companion; ``given``: the holder has given the PIN.
    """

    kind: Ints
    amount: Ints
    word: Ints
    date: Ints
    time: Octets
    terminal: Ints
    txn: Ints
    mark: NDArray[np.uint64]
    given: Flags


class Deck:
    """Cards, all personalized at once.

    After each step :attr:`row` (uint8 (n, 88)) holds the receipts of the cards that have done it.
    """

    def __init__(self, serials: Octets, provider: KeyProvider, pins: Flags) -> None:
        """``serials``: (n, 8); ``pins``: which cards have a PIN from the start."""
        count = len(serials)
        self._serials, self._provider = serials, provider
        self._macs = card_macs(self._keys(np.arange(count), 1))
        self.terms = Entitlements.blank(count)
        self.pin, self.pin_open = pins.copy(), np.zeros(count, np.bool_)
        self.seq, self.granted, self.spent, self.free = (np.zeros(count, np.int64) for _ in range(4))
        self.month, self.month_spent, self.raised_month, self.raised = (np.zeros(count, np.int64) for _ in range(4))
        self.last_is_debit = np.zeros(count, np.bool_)
        self._last_amount, self._last_word, self.last_terminal = (np.zeros(count, np.int64) for _ in range(3))
        self._last_mac = np.zeros(count, np.uint64)
        self.row = np.zeros((count, SIZE), np.uint8)
        self._moved, self._updated = (self.row.view(TYPES[kind])[:, 0] for kind in (DEBIT, UPDATE))
        self._moved["layout_version"] = RECEIPT_LAYOUT_VERSION
        self._moved["serial"] = np.ascontiguousarray(serials).view(np.uint64)[:, 0]
        self._key_version = np.ones(count, np.uint8)

    @property
    def balance(self) -> Ints:
        """Rupiah."""
        return self.granted - self.spent

    def room(self, month: Ints) -> Ints:
        """The most that a debit in a month may take, the PIN given."""
        left = self.terms.monthly_limit + self._raised_in(month) - self._spent_in(month)
        most: Ints = np.minimum(np.minimum(left, self.balance), self.terms.debit_max)
        return most

    def choose_pin(self, who: Flags) -> None:
        """Holders choose a PIN where they may."""
        chosen = who & self.pin_open
        self.pin |= chosen
        self.pin_open &= ~chosen

    def update(self, who: Flags, new: Entitlements) -> Flags:
        """UPDATE to the cards ``who``; returns those that have taken it."""
        old = self.terms
        done = who & _follows(old, new)
        self._write_update(new)
        self.terms = Entitlements(*map(np.where, [done] * len(new), new, old))
        granted = new.loaded_total - np.maximum(old.loaded_total - self.granted, new.expired_total - self.spent)
        self.granted = np.where(done, granted, self.granted)
        self.free += np.where(done, new.pin_above - old.pin_above, 0)
        self.pin_open |= done & (new.pin_count > old.pin_count)
        mended = done & (new.mend_count > old.mend_count)
        self.month = np.where(mended, np.minimum(self.month, new.mended_to), self.month)
        self._updated["pin_count"], self._updated["mend_count"] = new.pin_count, new.mend_count
        self._finish(done, UPDATE)
        self.last_is_debit &= ~done
        moved_on = done & (new.key_selection & ~old.key_selection & KeySelection.RECEIPT != 0)
        if moved_on.any():
            moved = np.flatnonzero(moved_on)
            self._macs.replace(moved, self._keys(moved, 2))
            self._key_version[moved] = 2
        return done

    def move(self, moves: Moves) -> Flags:
        """DEBIT, CANCEL or OVERRIDE; returns the cards that have done it."""
        month = moves.date // DAYS
        cancel = moves.kind == CANCEL
        amount = np.where(cancel, self._last_amount, moves.amount)
        word = np.where(cancel, self._last_word, moves.word)
        terminal = np.where(cancel, self.last_terminal, moves.terminal)
        spent, raised = self._spent_in(month), self._raised_in(month)
        may = self._may_move(moves, month)
        debit = may & self._may_debit(moves, amount, spent, raised)
        cancel &= may & self.last_is_debit & (month == self.month)
        override = may & (moves.kind == OVERRIDE) & (raised + amount <= self.terms.override_max)
        done: Flags = debit | cancel | override
        self._write_move(moves, amount, word, terminal, cancel)
        signed: Ints = amount * debit - amount * cancel
        self.spent += signed
        self.month_spent = np.where(debit, spent, self.month_spent) + signed
        self.month = np.where(debit, month, self.month)
        self.raised = np.where(override, raised + amount, self.raised)
        self.raised_month = np.where(override, month, self.raised_month)
        self._spend_freely(signed, debit & self.pin & moves.given, cancel)
        self.pin_open &= ~done
        pin_state = np.where(self.pin, np.where(moves.given, PinState.GIVEN, PinState.NOT_DUE), PinState.NONE)
        self._moved["pin_state"] = pin_state
        self._moved["reserved"] = 0
        self._finish(done, np.where(override, OVERRIDE, np.where(cancel, CANCEL, DEBIT)))
        self.last_is_debit = np.where(done, debit, self.last_is_debit)
        self._last_amount = np.where(debit, amount, self._last_amount)
        self._last_word = np.where(debit, word, self._last_word)
        self.last_terminal = np.where(debit, terminal, self.last_terminal)
        return done

    def _may_move(self, moves: Moves, month: Ints) -> Flags:
        """What holds for every movement."""
        terms = self.terms
        return all_of(terms.state == LifeState.ACTIVE, moves.date <= terms.valid_until, month >= self.month)

    def _may_debit(self, moves: Moves, amount: Ints, spent: Ints, raised: Ints) -> Flags:
        terms = self.terms
        return all_of(
            moves.kind == DEBIT,
            amount > 0,
            amount <= terms.debit_max,
            moves.word & ~terms.allowed_categories == 0,
            spent + amount <= terms.monthly_limit + raised,
            amount <= self.balance,
            ~self.pin | moves.given | (amount <= self.free),
        )

    def _spend_freely(self, signed: Ints, given: Flags, cancel: Flags) -> None:
        """What may still be spent without the PIN, after a movement."""
        free = self.free - signed
        most = self.terms.pin_above
        self.free = np.where(given | (cancel & (free > most)), most, free)

    def _spent_in(self, month: Ints) -> Ints:
        return np.where(month == self.month, self.month_spent, 0)

    def _raised_in(self, month: Ints) -> Ints:
        return np.where(month == self.raised_month, self.raised, 0)

    def _write_move(self, moves: Moves, amount: Ints, word: Ints, terminal: Ints, cancel: Flags) -> None:
        row = self._moved
        row["amount"], row["categories"] = amount, word
        write_date(self.row, _TIMESTAMP, moves.date)
        self.row[:, _TIMESTAMP + 3 : _TIMESTAMP + 6] = moves.time
        row["terminal_id"], row["terminal_txn"] = terminal, moves.txn
        mark = row["basket_digest"].view(np.uint64)
        mark[:, 0] = np.where(cancel, self._last_mac, moves.mark[:, 0])
        mark[:, 1] = np.where(cancel, 0, moves.mark[:, 1])

    def _write_update(self, new: Entitlements) -> None:
        for name in Entitlements._fields[1:12]:
            if name != "valid_until":
                self._updated[name] = getattr(new, name)
        write_date(self.row, _VALID_UNTIL, new.valid_until)
        write_date(self.row, _ISSUED_ON, new.issued_on)
        self._updated["reserved"] = 0

    def _finish(self, done: Flags, kind: int | Ints) -> None:
        """What every receipt says of its card, and the MAC."""
        self.seq += done
        row = self._moved
        row["seq"], row["balance_after"], row["month_spent_after"] = self.seq, self.balance, self.month_spent
        row["previous_mac"], row["update_seq"], row["granted_total"] = (
            self._last_mac, self.terms.update_seq, self.granted
        )  # fmt: skip
        row["type"], row["key_version"], row["month"] = kind, self._key_version, MONTH_BYTES[self.month]
        row["mac"] = macs = self._macs.of(self.row)
        self._last_mac = np.where(done, macs, self._last_mac)

    def _keys(self, who: Ints, version: int) -> Octets:
        """RECEIPT keys of some cards, (n, 16). Raises ``KeyMissing``."""
        serials = self._serials[who]
        block = self._provider.diversify_many(KeyLabel.RECEIPT, version, serials.tobytes())
        if any(block.missing):
            self._provider.diversify(KeyLabel.RECEIPT, version, serials[block.missing.index(1)].tobytes())
        return np.frombuffer(block.value(), np.uint8).reshape(-1, 16)


def _follows(old: Entitlements, new: Entitlements) -> Flags:
    """Whether an entitlement may follow another."""
    return all_of(
        new.update_seq > old.update_seq,
        new.loaded_total >= old.loaded_total,
        new.expired_total >= old.expired_total,
        new.expired_total <= new.loaded_total,
        new.pin_count >= old.pin_count,
        new.mend_count >= old.mend_count,
        (new.mend_count == old.mend_count) | (new.mended_to != NO_MONTH),
        old.key_selection & ~new.key_selection == 0,
        (old.state != LifeState.TERMINATED) | (new.state == LifeState.TERMINATED),
    )
