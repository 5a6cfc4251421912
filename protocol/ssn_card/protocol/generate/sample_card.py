# SPDX-License-Identifier: Apache-2.0
"""The card of the examples: what commands that are taken do to it, and the receipts that it writes.

The rules are not its business: a script says what the card refuses, and the tests play every script on the applet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .. import commands, layouts, messages
from ..crypto import SecretKey
from ..labels import KeyLabel
from ..layout import month_of
from ..values import (
    LOG_ENTRIES,
    PIN_TRIES,
    PROTOCOL_VERSION,
    RECEIPT_LAYOUT_VERSION,
    WITHOUT_PIN,
    KeySelection,
    LifeState,
    PinState,
    ReceiptType,
    StateClass,
)
from . import sample
from .sample import NO_MONTH, Values
from .signing import Answered, Signed, answered

_NO_ENTITLEMENT: Values = {
    f.name: (0 if f.unit or f.size in (1, 4) or f.name in ("allowed_categories", "policy_id") else None)
    for f in layouts.STATUS_ANSWER.fields
    if f.name in {field.name for field in layouts.ENTITLEMENT.fields}
} | {"state": int(LifeState.ISSUED), "mended_to": NO_MONTH, "update_seq": 0}

_BITS = {
    KeyLabel.UPDATE: KeySelection.UPDATE,
    KeyLabel.OVERRIDE: KeySelection.OVERRIDE,
    KeyLabel.DEBIT: KeySelection.DEBIT,
    KeyLabel.RECEIPT: KeySelection.RECEIPT,
}


def seal(receipt: bytes, key: SecretKey | None = None) -> bytes:
    """The receipt with its last 8 bytes replaced by the right MAC."""
    covered = receipt[: -layouts.RECEIPT.fields[-1].size]
    return covered + (key or sample.card_key(KeyLabel.RECEIPT)).mac8(covered)


@dataclass
class SampleCard:
    """A personalized card. Amounts in rupiah; ``pin``: its digits, if it has one."""

    pin: str | None = None
    tries: int = PIN_TRIES
    choice: bool = False
    balance: int = 0
    month: bytes = NO_MONTH
    month_spent: int = 0
    extra_month: bytes = NO_MONTH
    month_extra: int = 0
    granted: int = 0
    pin_floor: int = 0
    entitlement: Values = field(default_factory=lambda: dict(_NO_ENTITLEMENT))
    update_receipt: bytes = b""
    chain: list[bytes] = field(default_factory=list)

    def version(self, label: KeyLabel) -> int:
        """Version of the key in force."""
        return sample.VERSION + bool(self.entitlement["key_selection"] & _BITS[label])

    def key(self, label: KeyLabel) -> SecretKey:
        """The key in force."""
        return sample.card_key(label, self.version(label))

    @property
    def mask(self) -> bytes:
        """What the number in the SELECT answer is masked with."""
        return self.key(KeyLabel.DEBIT).cmac(messages.number_mask_message())[:4]

    @property
    def quote(self) -> bytes:
        """What SELECT says between serial and challenge."""
        versions = (KeyLabel.DEBIT, KeyLabel.RECEIPT, KeyLabel.UPDATE, KeyLabel.OVERRIDE)
        masked = len(self.chain) ^ int.from_bytes(self.mask, "big")
        said = (PROTOCOL_VERSION, StateClass.PERSONALIZED, *map(self.version, versions))
        return bytes(said) + masked.to_bytes(4, "big")

    @property
    def last_mac(self) -> bytes:
        """MAC of the newest receipt, zero if there is none."""
        return self.chain[-1][-8:] if self.chain else bytes(8)

    def answer(self, request: Signed, *, pin_given: bool = False) -> Answered:
        """Carry out a movement or an update; ``pin_given``: in this session."""
        if request.command is commands.UPDATE:
            return self._update(request)
        values = request.values
        state = self._pin_state(pin_given)
        self.choice = False
        change = {commands.DEBIT: -1, commands.CANCEL: 1}.get(request.command, 0) * values["amount"]
        self.balance += change
        if request.command is commands.DEBIT:
            month = month_of(values["timestamp"])
            self.month_spent = values["amount"] + (self.month_spent if month == self.month else 0)
            self.month = month
            if state is PinState.GIVEN:
                self.pin_floor = self.balance - self.entitlement["pin_above"]
        elif request.command is commands.CANCEL:
            self.month_spent -= values["amount"]
            self.pin_floor = max(self.pin_floor, self.balance - self.entitlement["pin_above"])
        else:
            month = month_of(values["timestamp"])
            self.month_extra = values["amount"] + (self.month_extra if month == self.extra_month else 0)
            self.extra_month = month
        tail = layouts.RECEIPT_TAIL.encode({"month": self.month, "pin_state": int(state), "reserved": bytes(2)})
        receipt = self._append(request.body, ReceiptType[request.command.name], tail)
        travels = self._result(receipt) + self.month + bytes((state,)) + receipt[-8:]
        return answered(request, self.key(KeyLabel.DEBIT), request.body + travels, travels)

    def again(self, request: Signed) -> Answered:
        """The update that is on the card, delivered once more."""
        return answered(request, self.key(KeyLabel.DEBIT), self.update_receipt)

    def status(self) -> bytes:
        """The answer to GET STATUS, without its MAC."""
        values: Values = {
            "seq": len(self.chain),
            "balance": self.balance,
            "month_spent": self.month_spent,
            "last_mac": self.last_mac,
            "granted_total": self.granted,
            "month": self.month,
            "extra_month": self.extra_month,
            "month_extra": self.month_extra,
            "pin_floor": self.pin_floor,
            "pin_choice": int(self.choice),
            "pin_tries": WITHOUT_PIN if self.pin is None else self.tries,
        }
        names = [one.name for one in layouts.STATUS_ANSWER.fields]
        return layouts.STATUS_ANSWER.encode(
            values | {name: self.entitlement[name] for name in names if name not in values}
        )

    def receipt_by_number(self, number: int) -> bytes:
        """The answer to READ RECEIPT, without its MAC."""
        newest = len(self.chain)
        if max(0, newest - LOG_ENTRIES) < number <= newest:
            return self.chain[number - 1]
        return layouts.NO_RECEIPT_ANSWER.encode({"newest_seq": newest})

    def set_pin(self, digits: str) -> None:
        """The holder has chosen a PIN."""
        self.pin, self.tries, self.choice = digits, PIN_TRIES, False

    def _pin_state(self, given: bool) -> PinState:
        if self.pin is None:
            return PinState.NONE
        return PinState.GIVEN if given else PinState.NOT_DUE

    def _update(self, request: Signed) -> Answered:
        old, new = self.entitlement, request.values
        debit = self.key(KeyLabel.DEBIT)
        balance = min(
            self.balance + new["loaded_total"] - old["loaded_total"], new["loaded_total"] - new["expired_total"]
        )
        change = balance - self.balance
        self.balance, self.granted = balance, self.granted + change
        self.pin_floor += change + old["pin_above"] - new["pin_above"]
        if new["pin_count"] > old["pin_count"]:
            self.choice = True
        if new["mend_count"] > old["mend_count"]:
            self.month = min(self.month, new["mended_to"])
        stated = {one.name: new[one.name] for one in layouts.UPDATE_RECEIPT.fields[:-1]}
        body = layouts.UPDATE_RECEIPT.encode(stated | {"issued_on": new["issued_at"].date()})
        counts = {name: new[name] for name in ("pin_count", "mend_count")}
        tail = layouts.UPDATE_TAIL.encode(counts | {"month": self.month, "reserved": bytes(1)})
        self.update_receipt = self._append(body, ReceiptType.UPDATE, tail, new["update_seq"])
        self.entitlement = new
        return answered(request, debit, self.update_receipt)

    @staticmethod
    def _result(receipt: bytes) -> bytes:
        start = layouts.RECEIPT.offset("balance_after")
        return receipt[start : start + layouts.RESULT.size]

    def _append(self, body: bytes, kind: ReceiptType, tail: bytes, update_seq: int | None = None) -> bytes:
        result: dict[str, Any] = {
            "balance_after": self.balance,
            "month_spent_after": self.month_spent,
            "previous_mac": self.last_mac,
            "update_seq": self.entitlement["update_seq"] if update_seq is None else update_seq,
            "granted_total": self.granted,
        }
        constants = layouts.RECEIPT_CONSTANTS.encode(
            {
                "type": int(kind),
                "layout_version": RECEIPT_LAYOUT_VERSION,
                "key_version": self.version(KeyLabel.RECEIPT),
                "serial": sample.SERIAL,
            }
        )
        number = (len(self.chain) + 1).to_bytes(4, "big")
        unsealed = number + body + layouts.RESULT.encode(result) + constants + tail + bytes(8)
        receipt = seal(unsealed, self.key(KeyLabel.RECEIPT))
        self.chain.append(receipt)
        return receipt
