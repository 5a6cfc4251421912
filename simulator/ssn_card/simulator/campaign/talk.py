# SPDX-License-Identifier: Apache-2.0
"""One selection of a card, by somebody who holds every key and may do what no honest terminal would.

Made from layouts and messages alone, so that a card is judged by the protocol and not by the host library.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from ssn_card.keys import KeyProvider
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH, SecretKey
from ssn_card.protocol.errors import CryptographyError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import (
    NO_RECEIPT_ANSWER,
    PIN_QUERY,
    QUERY,
    RECEIPT,
    RECEIPT_BY_TYPE,
    RECEIPT_CONSTANTS,
    RECEIPT_QUERY,
    RECEIPT_TAIL,
    RESULT,
    SELECT_ANSWER,
    STATUS_ANSWER,
)
from ssn_card.protocol.messages import answer_message, command_message, number_mask_message, pin_mask_message
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.selection import QUOTE, SELECT_APPLET
from ssn_card.protocol.values import RECEIPT_LAYOUT_VERSION, ReceiptType
from ssn_card.transport import CardConnection

TERMINAL = 7
LE = b"\x00"  #: an answer is expected, as long as the card makes it
_TYPES = {command.ins: type_ for type_, command in commands.BY_RECEIPT_TYPE.items()}
#: Of terminals: none comes twice.
_nonces = itertools.count(1)


@dataclass(frozen=True)
class CardReceipt:
    """The 88 bytes of a receipt, read or put together from a movement's answer."""

    raw: bytes

    @property
    def values(self) -> dict[str, Any]:
        """Its fields by name, as its type has them."""
        return RECEIPT_BY_TYPE[self.type].decode(self.raw)

    @property
    def type(self) -> ReceiptType:
        """What it records."""
        return ReceiptType(self.raw[RECEIPT.offset("type")])

    @property
    def command(self) -> Command:
        """What made it."""
        return commands.BY_RECEIPT_TYPE[self.type]

    @property
    def body(self) -> bytes:
        """The 36 bytes of the movement."""
        return self.raw[RECEIPT.offset("amount") : RECEIPT.offset("balance_after")]

    @property
    def seq(self) -> int:
        """Its number."""
        return int(self.values["seq"])

    @property
    def balance_after(self) -> int:
        """Rupiah."""
        return int(self.values["balance_after"])

    @property
    def previous_mac(self) -> bytes:
        """MAC of the receipt before it."""
        return bytes(self.values["previous_mac"])

    @property
    def mac(self) -> bytes:
        """Its own."""
        return self.raw[RECEIPT.offset("mac") :]

    def genuine(self, provider: KeyProvider) -> bool:
        """Whether its MAC is right."""
        values = self.values
        key = provider.diversify(KeyLabel.RECEIPT, values["key_version"], values["serial"])
        return key.verify_mac8(self.raw[: -len(self.mac)], self.mac)


@dataclass(frozen=True)
class NoReceipt:
    """The card's word that it does not have that receipt: not made yet where above ``newest``, else gone."""

    newest: int


class Talk:
    """Talks to a selected card; every answer's MAC is checked."""

    def __init__(self, connection: CardConnection, provider: KeyProvider) -> None:
        """SELECT. Raises ``CardStatusError``, ``InputError`` for an answer of another form, and transport errors."""
        self._connection, self._provider = connection, provider
        answer = self._transmit(commands.SELECT, SELECT_APPLET)
        self.info = SELECT_ANSWER.decode(answer)
        self.serial: bytes = self.info["serial"]
        self.quote, self.challenge = answer[QUOTE], bytes(self.info["challenge"])

    def key(self, label: KeyLabel) -> SecretKey:
        """A key in force, as SELECT told."""
        return self._provider.diversify(label, self.info[f"{label.name.lower()}_key_version"], self.serial)

    @property
    def newest(self) -> int:
        """Number of the newest receipt, unmasked."""
        mask = self.key(KeyLabel.DEBIT).cmac(number_mask_message())[:4]
        return int.from_bytes(self.info["masked_seq"]) ^ int.from_bytes(mask)

    # ------------------------------------------------------------ commands to send, byte for byte

    def command(self, command: Command, body: bytes) -> bytes:
        """The whole command of a terminal or companion, for the live challenge."""
        message = command.header_and_body(body)
        label = KeyLabel.OVERRIDE if command is commands.OVERRIDE else KeyLabel.DEBIT
        return message + self.key(label).mac8(command_message(message, self.quote, self.challenge)) + LE

    def pin_command(self, command: Command, block: bytes) -> bytes:
        """VERIFY or CHANGE REFERENCE DATA with a PIN block."""
        nonce = _nonce()
        mask = self.key(KeyLabel.DEBIT).cmac(pin_mask_message(nonce, self.challenge))
        masked = bytes(one ^ other for one, other in zip(block, mask, strict=False))
        values = {"terminal_nonce": nonce, "terminal_id": TERMINAL, "masked_pin_block": masked}
        return self.command(command, PIN_QUERY.encode(values))

    # ------------------------------------------------------------ exchanges

    def status(self) -> dict[str, Any]:
        """GET STATUS: layout ``status_answer``."""
        body = QUERY.encode({"terminal_nonce": _nonce(), "terminal_id": TERMINAL, "reserved": bytes(8)})
        return STATUS_ANSWER.decode(self._query(commands.GET_STATUS, self.command(commands.GET_STATUS, body)))

    def receipt(self, number: int) -> CardReceipt | NoReceipt:
        """READ RECEIPT, by number."""
        body = RECEIPT_QUERY.encode(
            {"terminal_nonce": _nonce(), "terminal_id": TERMINAL, "seq": number, "reserved": bytes(4)}
        )
        answer = self._query(commands.READ_RECEIPT, self.command(commands.READ_RECEIPT, body))
        if len(answer) == NO_RECEIPT_ANSWER.size:
            return NoReceipt(NO_RECEIPT_ANSWER.decode(answer)["newest_seq"])
        return CardReceipt(answer)

    def verify(self, pin: str) -> None:
        """VERIFY. Raises the card's refusal."""
        self._query(commands.VERIFY, self.pin_command(commands.VERIFY, pin_block(pin)))

    def change(self, pin: str) -> None:
        """CHANGE REFERENCE DATA. Raises the card's refusal."""
        command = commands.CHANGE_REFERENCE_DATA
        self._query(command, self.pin_command(command, pin_block(pin)))

    def move(self, command: Command, body: bytes) -> CardReceipt:
        """DEBIT, CANCEL or OVERRIDE: the receipt, put together."""
        apdu = self.command(command, body)
        answer = self._authentic(command, apdu, self._transmit(command, apdu), sent=body)
        result, stated, mac = answer[: RESULT.size], answer[RESULT.size : -MAC_LENGTH], answer[-MAC_LENGTH:]
        constants = RECEIPT_CONSTANTS.encode(
            {
                "type": _TYPES[command.ins],
                "layout_version": RECEIPT_LAYOUT_VERSION,
                "key_version": self.info["receipt_key_version"],
                "serial": self.serial,
            }
        )
        reserved = bytes(RECEIPT_TAIL.size - len(stated))
        return CardReceipt((self.newest + 1).to_bytes(4) + body + result + constants + stated + reserved + mac)

    def deliver(self, apdu: bytes) -> CardReceipt:
        """UPDATE: a whole command that the bank has made."""
        answer = self._transmit(commands.UPDATE, apdu)
        return CardReceipt(self._authentic(commands.UPDATE, apdu, answer))

    def _query(self, command: Command, apdu: bytes) -> bytes:
        answer = self._transmit(command, apdu)
        data = self._authentic(command, apdu, answer)
        self.challenge = answer[-MAC_LENGTH:]
        return data

    def _authentic(self, command: Command, apdu: bytes, answer: bytes, sent: bytes = b"") -> bytes:
        """The answer without its MAC; ``sent``: what it is about though it does not travel again."""
        data, mac = answer[:-MAC_LENGTH], answer[-MAC_LENGTH:]
        command_mac = apdu[-MAC_LENGTH - len(LE) : -len(LE)]
        if not self.key(KeyLabel.DEBIT).verify_mac8(answer_message(command.ins, sent + data, command_mac), mac):
            raise CryptographyError(Text("The answer's MAC is wrong.", "MAC jawaban salah."), where=command.name)
        return data

    def _transmit(self, command: Command, apdu: bytes) -> bytes:
        answer = self._connection.transmit(apdu)
        status.raise_for(int.from_bytes(answer[-2:]), command.name)
        return answer[:-2]


def _nonce() -> bytes:
    return next(_nonces).to_bytes(8)
