# SPDX-License-Identifier: Apache-2.0
"""A card made by who stole a DEBIT master: it obeys every command in words, and nothing ever happens on it."""

from __future__ import annotations

from tests.card.live_card import LiveCard
from tests.model import wire

from ssn_card.transport import CardConnection


class FalseCard(CardConnection):
    """Quotes the serial of a card, a number and a version of DEBIT as it likes, under the key of that version."""

    def __init__(self, card: LiveCard, number: int, version: int = 1) -> None:
        super().__init__("false:")
        self._serial, self._number, self._key = card.serial, number, card.keys(version).debit
        self._quote = bytes((1, 1, version, 1, 1, 1))
        self.sent: list[bytes] = []
        self._opened(b"\x3b\x00")

    def _exchange(self, command: bytes) -> bytes:
        self.sent.append(command)
        ins, body, mac = command[1], command[5:-9], command[-9:-1]
        if ins == 0xA4:
            mask = wire.unmasked_number(self._key, bytes(4))
            return self._serial + self._quote + (mask ^ self._number).to_bytes(4, "big") + bytes(8) + b"\x90\x00"
        answer = self._answer(ins, body)
        logical = body + answer if ins in wire.MOVEMENTS else answer
        return answer + wire.answer_mac(self._key, ins, logical, mac) + b"\x90\x00"

    def _answer(self, ins: int, body: bytes) -> bytes:
        if ins in wire.MOVEMENTS:
            self._number += 1
            return bytes(24) + bytes.fromhex("251000") + bytes(8)
        if ins == wire.STATUS:
            return bytes(wire.STATUS_SIZE)
        if ins == wire.UPDATE:
            constants = bytes((wire.T_UPDATE, 1, 1)) + self._serial
            return (self._number + 1).to_bytes(4, "big") + bytes(60) + constants + bytes(13)
        return (wire.number(body, 12) - 1).to_bytes(4, "big") if ins == wire.READ_RECEIPT else b""

    def _reset(self) -> bytes:
        return self._atr

    def _close(self) -> None:
        pass
