# SPDX-License-Identifier: Apache-2.0
"""A card under test and raw conversation with it, over the independent messages of tests/model."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from tests.model import wire
from tests.model.wire import CardKeys

from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.transport import CardConnection

_nonces = itertools.count(1)


@dataclass(frozen=True)
class LiveCard:
    """A card with its applet installed. ``connect`` puts it into its reader anew, ``discard`` destroys it."""

    serial: bytes
    url: str
    connect: Callable[[], CardConnection]
    discard: Callable[[], None]

    def keys(self, version: int = 1) -> CardKeys:
        """Its keys in one version, derived apart from ``ssn_card``."""

        def key(label: KeyLabel) -> bytes:
            return wire.derive(development_master(label, version).value(), label.value, self.serial)

        return CardKeys(key(KeyLabel.DEBIT), key(KeyLabel.RECEIPT), key(KeyLabel.UPDATE), key(KeyLabel.OVERRIDE))


class Talk:
    """Commands to a card in its reader; keeps the live challenge and checks every answer's MAC."""

    def __init__(self, card: LiveCard) -> None:
        self.card = card
        self.keys = card.keys()
        self.connection = card.connect()
        self.challenge: bytes | None = None
        self.receipt_version = 1

    def raw(self, apdu: bytes) -> tuple[bytes, int]:
        """One command as it is: data and status word."""
        answer = self.connection.transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def select(self) -> bytes:
        """SELECT; its 22 bytes."""
        data, sw = self.raw(wire.SELECT)
        assert (sw, len(data)) == (wire.OK, 22), f"SELECT: {sw:04X}"
        self.challenge, self.receipt_version = data[14:], data[11]
        return data

    def signed(self, ins: int, body: bytes, p1: int = 0, key: bytes | None = None) -> bytes:
        """A whole command for the live challenge (SELECTs where there is none)."""
        if self.challenge is None:
            self.select()
        assert self.challenge is not None
        if key is None:
            key = self.keys.override if ins == wire.OVERRIDE else self.keys.debit
        head = wire.header_and_body(ins, body, p1)
        return head + wire.command_mac(key, head, self.challenge) + b"\x00"

    def send(self, apdu: bytes) -> tuple[bytes, int]:
        """A signed command: the logical answer, its MAC checked, and the status word."""
        ins, body, mac = apdu[1], apdu[5:-9], apdu[-9:-1]
        self.challenge = None
        data, sw = self.raw(apdu)
        if sw != wire.OK:
            assert data == b"", "a refusal carries data"
            return b"", sw
        logical = (body if ins in wire.MOVEMENTS else b"") + data[:-8]
        assert data[-8:] == wire.answer_mac(self.keys.debit, ins, logical, mac), "the answer's MAC is wrong"
        if ins in (wire.STATUS, wire.LOG, wire.RECOVER):
            self.challenge = data[-8:]
        return logical, sw

    def move(self, ins: int, body: bytes) -> tuple[bytes, int]:
        """DEBIT, CANCEL or OVERRIDE: the whole receipt and the status word."""
        return self.send_movement(self.signed(ins, body))

    def send_movement(self, apdu: bytes) -> tuple[bytes, int]:
        """A signed movement: the whole receipt and the status word."""
        logical, sw = self.send(apdu)
        if sw != wire.OK:
            return b"", sw
        kind = {wire.DEBIT: 1, wire.CANCEL: 2, wire.OVERRIDE: 3}[apdu[1]]
        constants = bytes((kind, 1, self.receipt_version)) + self.card.serial + bytes(5)
        return logical[:48] + constants + logical[48:], sw

    def debit(self, amount: int, txn: int, when: str = "251003100000", terminal: int = 7) -> bytes:
        """A debit that must succeed; its receipt."""
        receipt, sw = self.move(wire.DEBIT, wire.movement(amount, txn=txn, when=when, terminal=terminal))
        assert sw == wire.OK, f"DEBIT: {sw:04X}"
        return receipt

    def update_command(self, body: bytes, key: bytes | None = None) -> bytes:
        """A whole UPDATE command."""
        head = wire.header_and_body(wire.UPDATE, body)
        return head + wire.update_mac(key or self.keys.update, head, self.card.serial) + b"\x00"

    def update(self, body: bytes) -> tuple[bytes, int]:
        """UPDATE; the receipt and the status word. The applet must be selected."""
        return self.send(self.update_command(body))

    def load(self, body: bytes) -> bytes:
        """SELECT and an UPDATE that must succeed; its receipt."""
        self.select()
        receipt, sw = self.update(body)
        assert sw == wire.OK, f"UPDATE: {sw:04X}"
        return receipt

    def status(self) -> bytes:
        """GET STATUS, 76 bytes."""
        logical, sw = self.send(self.signed(wire.STATUS, wire.query(_nonce())))
        assert sw == wire.OK, f"GET STATUS: {sw:04X}"
        return logical

    def log(self, age: int) -> bytes | None:
        """READ LOG; ``None`` for 6A83."""
        logical, sw = self.send(self.signed(wire.LOG, wire.query(_nonce()), age))
        assert sw in (wire.OK, 0x6A83), f"READ LOG: {sw:04X}"
        return logical if sw == wire.OK else None

    def recover(self, terminal: int, txn: int) -> bytes:
        """RECOVER, 72 or 16 bytes."""
        logical, sw = self.send(self.signed(wire.RECOVER, wire.recovery(terminal, txn, _nonce())))
        assert sw == wire.OK, f"RECOVER: {sw:04X}"
        return logical

    def reset(self) -> None:
        """Warm reset: what was in RAM is gone."""
        self.connection.reset()
        self.challenge = None

    def close(self) -> None:
        self.connection.close()


def _nonce() -> bytes:
    return next(_nonces).to_bytes(8, "big")
