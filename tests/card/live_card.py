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
    """Commands to a card in its reader; keeps what SELECT said and the live challenge, and checks every answer's MAC.

    ``newest``: number of the newest receipt, as SELECT said it. ``keys``: those that SELECT named last.
    """

    def __init__(self, card: LiveCard) -> None:
        self.card = card
        self._versions = {version: card.keys(version) for version in (1, 2)}
        self.keys = self._versions[1]
        self.connection = card.connect()
        self.challenge: bytes | None = None
        self.quote = bytes(10)
        self.receipt_version = 1
        self.newest = 0

    def raw(self, apdu: bytes) -> tuple[bytes, int]:
        """One command as it is: data and status word."""
        answer = self.connection.transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def select(self) -> bytes:
        """SELECT; its 26 bytes."""
        data, sw = self.raw(wire.SELECT)
        assert (sw, len(data)) == (wire.OK, wire.SELECT_SIZE), f"SELECT: {sw:04X}"
        assert data[:8] == self.card.serial
        self.quote, self.challenge = data[8:18], data[18:]
        if data[9]:
            self._take_versions(*data[10:14])
            self.newest = wire.unmasked_number(self.keys.debit, data[14:18])
        return data

    def _take_versions(self, debit: int, receipt: int, update: int, override: int) -> None:
        of = self._versions
        self.keys = CardKeys(of[debit].debit, of[receipt].receipt, of[update].update, of[override].override)
        self.receipt_version = receipt

    def signed(self, ins: int, body: bytes, p1: int = 0, key: bytes | None = None) -> bytes:
        """A whole command for the live challenge (SELECTs where there is none)."""
        challenge = self.live()
        if key is None:
            key = self.keys.override if ins == wire.OVERRIDE else self.keys.debit
        head = wire.header_and_body(ins, body, p1)
        return head + wire.command_mac(key, head, self.quote, challenge) + b"\x00"

    def live(self) -> bytes:
        """The live challenge, of a SELECT where there is none."""
        if self.challenge is None:
            self.select()
        assert self.challenge is not None
        return self.challenge

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
        if ins in wire.QUERIES:
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
        kind = {wire.DEBIT: wire.T_DEBIT, wire.CANCEL: wire.T_CANCEL, wire.OVERRIDE: wire.T_OVERRIDE}[apdu[1]]
        constants = bytes((kind, 1, self.receipt_version)) + self.card.serial
        body_and_result, tail, mac = logical[:60], logical[60:63], logical[63:]
        return (self.newest + 1).to_bytes(4, "big") + body_and_result + constants + tail + bytes(2) + mac, sw

    def debit(self, amount: int, txn: int, when: str = "251003100000", terminal: int = 7) -> bytes:
        """A debit that must succeed; its receipt."""
        receipt, sw = self.move(wire.DEBIT, wire.movement(amount, txn=txn, when=when, terminal=terminal))
        assert sw == wire.OK, f"DEBIT: {sw:04X}"
        return receipt

    def update_command(self, body: bytes, key: bytes | None = None) -> bytes:
        """A whole UPDATE command."""
        head = wire.header_and_body(wire.UPDATE, body)
        return head + wire.update_mac(key or self.keys.update, head, self.card.serial) + b"\x00"

    def update(self, body: bytes, key: bytes | None = None) -> tuple[bytes, int]:
        """UPDATE; the receipt and the status word. The applet must be selected."""
        return self.send(self.update_command(body, key))

    def load(self, body: bytes) -> bytes:
        """SELECT and an UPDATE that must succeed; its receipt."""
        self.select()
        receipt, sw = self.update(body)
        assert sw == wire.OK, f"UPDATE: {sw:04X}"
        return receipt

    def status(self) -> bytes:
        """GET STATUS, 85 bytes."""
        logical, sw = self.send(self.signed(wire.STATUS, wire.query(nonce())))
        assert (sw, len(logical)) == (wire.OK, wire.STATUS_SIZE), f"GET STATUS: {sw:04X}"
        return logical

    def told(self) -> dict[str, int]:
        """GET STATUS, read."""
        return wire.status(self.status())

    def read(self, seq: int) -> bytes | int:
        """READ RECEIPT: the receipt of this number, or the newest number where the card does not have it."""
        logical, sw = self.send(self.signed(wire.READ_RECEIPT, wire.receipt_query(seq, nonce())))
        assert sw == wire.OK, f"READ RECEIPT: {sw:04X}"
        assert len(logical) in (4, wire.RECEIPT_SIZE)
        return logical if len(logical) == wire.RECEIPT_SIZE else wire.number(logical, 0)

    def pin_command(self, ins: int, block: bytes) -> bytes:
        """A whole VERIFY or CHANGE REFERENCE DATA, its block masked for the live challenge."""
        challenge = self.live()  # which may SELECT, and so say which key it is
        return self.signed(ins, wire.pin_query(self.keys.debit, challenge, block, nonce()))

    def verify(self, block: bytes) -> int:
        """VERIFY in the session that is open, or in a new one; the status word."""
        return self.send(self.pin_command(wire.VERIFY, block))[1]

    def change(self, block: bytes) -> int:
        """CHANGE REFERENCE DATA in the session that is open, or in a new one; the status word."""
        return self.send(self.pin_command(wire.CHANGE, block))[1]

    def reset(self) -> None:
        """Warm reset: what was in RAM is gone."""
        self.connection.reset()
        self.challenge = None

    def close(self) -> None:
        self.connection.close()


def nonce() -> bytes:
    """Eight bytes that no query has had before."""
    return next(_nonces).to_bytes(8, "big")
