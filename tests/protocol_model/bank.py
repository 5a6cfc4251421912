# SPDX-License-Identifier: Apache-2.0
"""The bank: issues updates from its own books, and settles what a card's log has forgotten."""

from __future__ import annotations

from .repairs import Repairs
from .terminal import Entry, State
from .terms import (
    CANCEL,
    DEBIT,
    GIVEN,
    MONTH,
    NO_PIN,
    NOT_DUE,
    OVERRIDE,
    RECEIPT,
    UPDATE,
    Entitlement,
    Mac,
    Receipt,
    ring,
)

LOAD = 200
LAST_MONTH = 999  #: no expiry
PIN_ABOVE = 50

Signed = tuple[Entitlement, Mac]


class Books:
    """One card, as the bank knows it: from what it issued, never from the card."""

    def __init__(self, serial: int, repairs: Repairs, month: int, life: int = 1) -> None:
        """``life``: months for which money may be spent behind that of its load."""
        self.serial, self._repairs, self._life = serial, repairs, life
        self._keys = ring(UPDATE, RECEIPT)
        self._loads: list[tuple[int, int]] = []  #: amount, last month in which it may be spent
        self._mended = 0  #: mendings of which a receipt has come
        self._next = Entitlement(0, 0, 0, 400, 100, 150, PIN_ABOVE, 3, 0, frozenset(), True, 0, 0, 0)
        self.issued: list[Signed] = []
        self.load(month)

    @property
    def newest(self) -> Entitlement:
        return self._next

    def issue(self, month: int, **changes: object) -> Signed:
        """The next update: all that held before, but for the changes. What has expired by now expires with it."""
        old = self._next
        expired = sum(amount for amount, last in self._loads if last < month)
        ends = [last for _, last in self._loads if last >= month] or [month]
        until = min(ends) if self._repairs.valid_until_before_expiry else LAST_MONTH
        step = {"seq": old.seq + 1, "expired": expired, "valid_until": until, "unblock": False}
        # Today's protocol: a step. All that the card has goes where something expires, and is loaded anew.
        step["forfeit"] = expired > old.expired and not self._repairs.expired_total
        new = old._replace(**(step | changes))  # type: ignore[arg-type]
        self._next = new
        # Moved on with the update before: the update that moves the key on is still under the key that it found.
        key = (UPDATE, 2 if UPDATE in old.keys else 1, self.serial)
        signed = (new, self._keys.mac(key, ("update", new)))
        self.issued.append(signed)
        return signed

    def load(self, month: int, amount: int = LOAD, **changes: object) -> Signed:
        """Money for this month and the next ones."""
        self._loads.append((amount, month + self._life))
        return self.issue(month, loaded=self._next.loaded + amount, **changes)

    def pin(self, month: int) -> Signed:
        if not self._repairs.pin_count:
            return self.issue(month, unblock=True)
        return self.issue(month, pin_count=self._next.pin_count + 1)

    def mend(self, month: int, **changes: object) -> Signed:
        """The card's month lies ahead of this one, as its holder complains.

        A mending of which no receipt has come yet is on its way, or lost: the next update carries it on, as it is.
        """
        old = self._next
        if self._repairs.mending_awaits_receipt and old.mend_count > self._mended:
            return self.issue(month, **changes)
        return self.issue(month, mend_count=old.mend_count + 1, mended_to=month, **changes)

    def saw(self, receipt: Receipt) -> None:
        """A receipt has come: it says under which update it was made."""
        under = receipt.body.seq if isinstance(receipt.body, Entitlement) else receipt.update_seq
        for update, _ in self.issued:
            if update.seq == under:
                self._mended = max(self._mended, update.mend_count)

    def settle(self, entry: Entry, known: dict[int, Receipt]) -> State:
        """What became of a movement that the card has forgotten; ``known``: receipts by number. Open stays open."""
        if entry.number in known:
            receipt = known[entry.number]
            return State.DONE if (receipt.kind, receipt.body) == (entry.kind, entry.body) else State.VOID
        before, after = known.get(entry.number - 1), known.get(entry.number + 1)
        if not self._repairs.gone_needs_proof:
            return State.VOID
        if before is None or after is None:
            return State.GONE
        restored = self.restore(entry, before, after)
        if restored is None:
            return State.VOID
        entry.receipt = restored
        known[entry.number] = restored
        return State.DONE

    def restore(self, entry: Entry, before: Receipt, after: Receipt) -> Receipt | None:
        """The lost receipt, if it was this movement's: the one after it names its MAC."""
        month, body = entry.body.moment // MONTH, entry.body
        change = {DEBIT: -body.amount, CANCEL: body.amount, OVERRIDE: 0}[entry.kind]
        spent = before.month_spent - change
        if entry.kind == DEBIT and month != before.month:
            spent = body.amount
        shown = (before.update_seq, before.granted, month if entry.kind == DEBIT else before.month)
        pins = (NOT_DUE, GIVEN, NO_PIN) if self._repairs.pin_states_tried else (NOT_DUE,)
        version = 2 if before.kind == UPDATE and RECEIPT in self._stated(before).keys else before.key_version
        for pin in pins:
            tail = (*shown, pin) if self._repairs.receipt_names_entitlement else (0, 0, 0, "")
            head = (entry.kind, body, entry.number, before.balance + change, spent, before.mac)
            signed = (*head, *tail, self.serial, version)
            mac = self._keys.mac((RECEIPT, version, self.serial), signed)
            if mac is after.previous:
                return Receipt._make((*signed, mac))
        return None

    @staticmethod
    def _stated(receipt: Receipt) -> Entitlement:
        assert isinstance(receipt.body, Entitlement)
        return receipt.body
