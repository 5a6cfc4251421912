# SPDX-License-Identifier: Apache-2.0
"""The card of the examples: published keys, fixed challenges, and a purse that writes receipts as a card does.

The document and the test vectors both take their examples from here. The masters are those of
``ssn_card.keys.development``: the first 16 bytes of SHA-256 over a phrase, a space and a name such as "DEBIT v1".
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from .. import commands, layouts, messages
from ..commands import Command
from ..crypto import BLOCK, SecretKey
from ..labels import KeyLabel
from ..layout import month_of
from ..values import NEVER, RECEIPT_LAYOUT_VERSION, LifeState, ReceiptType, UpdateFlag

PHRASE = "SSN Card DEVELOPMENT keys, published, never for a real card:"

SERIAL = bytes.fromhex("5353000000000001")
OTHER_SERIAL = bytes.fromhex("53530000FEDCBA98")
VERSION = 1  #: of every key of the example card
BENEFICIARY = bytes.fromhex("0000000000004711")
CHALLENGE = bytes.fromhex("A0A1A2A3A4A5A6A7")
NONCE = bytes.fromhex("B0B1B2B3B4B5B6B7")
TERMINAL_ID = 0x00012345
COMPANION = bytes.fromhex("0000000000000815")
Values = dict[str, Any]


def master(label: KeyLabel, version: int) -> SecretKey:
    """The published test master of a label and version."""
    text = f"{PHRASE} {label} v{version}".encode("ascii")
    return SecretKey(hashlib.sha256(text).digest()[:BLOCK], f"DEVELOPMENT {label} v{version}")


def card_key(label: KeyLabel, version: int = VERSION, serial: bytes = SERIAL) -> SecretKey:
    """The key of one card under the published test master."""
    return master(label, version).derive(label.value, serial, f"DEVELOPMENT {label} v{version}")


def plain(values: Values) -> Values:
    """Field values for JSON: bytes as hexadecimal, dates and times as ISO 8601 without a zone."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date) else value


def basket(text: str) -> bytes:
    """First 8 bytes of SHA-256 over a basket in words, for the examples only."""
    return hashlib.sha256(text.encode("ascii")).digest()[:8]


def entitlement(update_seq: int, loaded_total: int, issued_at: dt.datetime, **changes: Any) -> Values:
    """An entitlement of the examples; ``changes`` replaces further fields."""
    values: Values = {
        "update_seq": update_seq,
        "loaded_total": loaded_total,
        "monthly_limit": 200_000,
        "override_max": 50_000,
        "debit_max": 150_000,
        "pin_above": NEVER,
        "allowed_categories": 0x003F,
        "valid_until": dt.date(2027, 12, 31),
        "key_selection": 0,
        "state": int(LifeState.ACTIVE),
        "flags": int(UpdateFlag.NONE),
        "policy_id": 3,
        "issued_at": issued_at,
        "reference": bytes.fromhex("00000000000000C1"),
    }
    return values | changes


def movement(
    amount: int, moment: dt.datetime, txn: int, digest: bytes = basket("beras 5 kg"), **changes: Any
) -> Values:
    """What a terminal states of a debit of the examples."""
    values: Values = {
        "amount": amount,
        "categories": 0x0003,
        "timestamp": moment,
        "terminal_id": TERMINAL_ID,
        "terminal_txn": txn,
        "basket_digest": digest,
    }
    return values | changes


@dataclass(frozen=True)
class Signed:
    """One authenticated command: ``key`` is the label of its key, ``message`` what the MAC covers."""

    command: Command
    values: Values
    key: KeyLabel
    challenge: bytes
    header_and_body: bytes
    message: bytes
    mac: bytes

    @property
    def body(self) -> bytes:
        """The data field without its MAC."""
        return self.header_and_body[5:]

    @property
    def apdu(self) -> bytes:
        """The whole command, with Le 00."""
        return self.header_and_body + self.mac + b"\x00"


def signed(command: Command, values: Values, challenge: bytes = CHALLENGE, p1: int | None = None) -> Signed:
    """A command with its MAC, as a terminal, a companion or (UPDATE; challenge ignored) the bank makes it."""
    if command.body is None:
        raise TypeError(f"{command.name} has no fixed body")
    return signed_body(command, command.body.encode(values), values, challenge, p1)


def signed_body(
    command: Command, body: bytes, values: Values, challenge: bytes = CHALLENGE, p1: int | None = None
) -> Signed:
    """The same for a body given as bytes, which may hold what no layout encodes."""
    sent = command.header_and_body(body, p1)
    if command is commands.UPDATE:
        label, message = KeyLabel.UPDATE, messages.update_message(sent, SERIAL)
    else:
        label = KeyLabel.OVERRIDE if command is commands.OVERRIDE else KeyLabel.DEBIT
        message = messages.command_message(sent, challenge)
    return Signed(command, values, label, challenge, sent, message, card_key(label).mac8(message))


@dataclass(frozen=True)
class Answered:
    """The card's answer to a command: ``logical`` is what its MAC covers, ``data`` what travels, with the MAC."""

    request: Signed
    logical: bytes
    message: bytes
    mac: bytes
    data: bytes


def answered(request: Signed, logical: bytes, travels: bytes | None = None) -> Answered:
    """The answer to ``request``; ``travels`` is the part of ``logical`` that is sent, all of it where not given."""
    message = messages.answer_message(request.command.ins, logical, request.mac)
    mac = card_key(KeyLabel.DEBIT).mac8(message)
    return Answered(request, logical, message, mac, (logical if travels is None else travels) + mac)


def seal(receipt: bytes) -> bytes:
    """The receipt with its last 8 bytes replaced by the right MAC."""
    covered = receipt[: -layouts.RECEIPT.fields[-1].size]
    return covered + card_key(KeyLabel.RECEIPT).mac8(covered)


@dataclass
class SampleCard:
    """Writes receipts with right arithmetic; the rules are not its business. A journey begins with an update."""

    balance: int = 0
    loaded: int = 0
    month: bytes = b"\x00\x00"
    month_spent: int = 0
    chain: list[bytes] = field(default_factory=list)

    @property
    def last_mac(self) -> bytes:
        """MAC of the newest receipt, zero if there is none."""
        return self.chain[-1][-8:] if self.chain else bytes(8)

    def answer(self, request: Signed) -> Answered:
        """Carry out a movement or an update."""
        values = request.values
        if request.command is commands.UPDATE:
            self.balance += values["loaded_total"] - self.loaded
            self.loaded = values["loaded_total"]
            if values["flags"] & UpdateFlag.FORFEIT:
                self.balance = 0
            first = layouts.UPDATE_RECEIPT.encode(
                {f.name: values[f.name] for f in layouts.UPDATE_RECEIPT.fields[:-1]} | {"update_mac": request.mac}
            )
            return answered(request, self._append(first, ReceiptType.UPDATE))
        if request.command is commands.DEBIT:
            month = month_of(values["timestamp"])
            self.month_spent = values["amount"] + (self.month_spent if month == self.month else 0)
            self.month = month
            self.balance -= values["amount"]
        elif request.command is commands.CANCEL:
            self.month_spent -= values["amount"]
            self.balance += values["amount"]
        receipt = self._append(request.body, ReceiptType[request.command.name])
        result = receipt[layouts.MOVEMENT.size :][: layouts.RESULT.size]
        travels = result + receipt[-8:]
        return answered(request, request.body + travels, travels)

    def _append(self, first: bytes, kind: ReceiptType) -> bytes:
        result = layouts.RESULT.encode(
            {
                "seq": len(self.chain) + 1,
                "balance_after": self.balance,
                "month_spent_after": self.month_spent,
                "previous_mac": self.last_mac,
            }
        )
        constants = layouts.RECEIPT_CONSTANTS.encode(
            {
                "type": int(kind),
                "layout_version": RECEIPT_LAYOUT_VERSION,
                "key_version": VERSION,
                "serial": SERIAL,
                "reserved": bytes(5),
            }
        )
        receipt = seal(first + result + constants + bytes(8))
        self.chain.append(receipt)
        return receipt


def journey() -> list[Answered]:
    """A card's first weeks: every type of receipt, two months, in the order in which they happen."""
    card = SampleCard()
    answers: list[Answered] = []

    def do(command: Command, values: Values) -> None:
        answers.append(card.answer(signed(command, values)))

    do(commands.UPDATE, entitlement(1, 200_000, dt.datetime(2026, 1, 5, 9, 0, 0)))
    do(commands.DEBIT, movement(72_500, dt.datetime(2026, 1, 7, 10, 15, 30), 1001))
    cancelled: Values = {"cancelled_mac": card.last_mac}
    again = movement(72_500, dt.datetime(2026, 1, 7, 10, 17, 2), 1002)
    del again["basket_digest"]
    do(commands.CANCEL, again | cancelled)
    do(commands.DEBIT, movement(120_000, dt.datetime(2026, 1, 12, 16, 40, 0), 1003, basket("beras 10 kg")))
    raised = movement(40_000, dt.datetime(2026, 1, 20, 8, 5, 0), 1004, categories=0x0007)
    del raised["basket_digest"]
    do(commands.OVERRIDE, raised | {"companion_id": COMPANION})
    do(commands.UPDATE, entitlement(2, 400_000, dt.datetime(2026, 2, 1, 7, 0, 0)))
    do(commands.DEBIT, movement(90_000, dt.datetime(2026, 2, 3, 11, 0, 0), 1005, basket("telur 2 kg")))
    end = dt.datetime(2026, 3, 1, 7, 0, 0)
    do(commands.UPDATE, entitlement(3, 400_000, end, state=int(LifeState.BLOCKED), flags=int(UpdateFlag.FORFEIT)))
    return answers


def receipt_of(answer: Answered) -> bytes:
    """The 72-byte receipt of an answered movement or update."""
    if answer.request.command is commands.UPDATE:
        return answer.logical
    kind = ReceiptType[answer.request.command.name]
    constants = bytes((kind, RECEIPT_LAYOUT_VERSION, VERSION)) + SERIAL + bytes(5)
    split = layouts.MOVEMENT.size + layouts.RESULT.size
    return answer.logical[:split] + constants + answer.logical[split:]
