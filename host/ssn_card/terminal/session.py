# SPDX-License-Identifier: Apache-2.0
"""One selection of the card: builds commands, checks every answer's MAC, keeps track of the challenge.

A query on a card that is out of place (:mod:`~ssn_card.terminal.disturbed`) is begun again from SELECT; what to do
about a movement is the terminal's to decide.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from ssn_card.keys import KeyProvider
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH, SecretKey
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Layout
from ssn_card.protocol.layouts import (
    MOVEMENT,
    NO_RECEIPT_ANSWER,
    QUERY,
    RECEIPT,
    RECEIPT_ANSWER,
    RECEIPT_CONSTANTS,
    RECOVERY,
    RESULT,
    SELECT_ANSWER,
    STATUS_ANSWER,
)
from ssn_card.protocol.messages import answer_message, command_message
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import (
    APDU_BUFFER,
    APPLET_AID,
    LOG_ENTRIES,
    PROTOCOL_VERSION,
    RECEIPT_LAYOUT_VERSION,
    ReceiptType,
    StateClass,
)
from ssn_card.receipts import Receipt
from ssn_card.transport import CardConnection

from .disturbed import TRIES, out_of_place
from .errors import AnswerNotGenuine, CardDisturbed, NotOurCard

_LE = b"\x00"  #: an answer is expected, as long as the card makes it
RECEIPT_TYPES = {
    commands.DEBIT.ins: ReceiptType.DEBIT,
    commands.CANCEL.ins: ReceiptType.CANCEL,
    commands.OVERRIDE.ins: ReceiptType.OVERRIDE,
}


@dataclass(frozen=True)
class CardInfo:
    """What the card tells anyone at SELECT. The challenge is in the session, not here."""

    serial: bytes
    state_class: StateClass
    debit_key_version: int
    receipt_key_version: int
    update_key_version: int
    override_key_version: int


@dataclass(frozen=True)
class NoReceipt:
    """The card's authenticated statement that its log has no such movement.

    ``oldest_timestamp``: of the oldest movement (no update) in the log, ``None`` if it has none.
    """

    oldest_seq: int
    newest_seq: int
    oldest_timestamp: dt.datetime | None


class CardSession:
    """Talks to a selected card. Not thread-safe; good until the connection or the card goes."""

    _challenge: bytes  #: good for one command; empty once it was used

    def __init__(self, connection: CardConnection, provider: KeyProvider, terminal_id: int = 0) -> None:
        """Selects the card. Raises :class:`NotOurCard`, transport errors, ``KeyMissing``."""
        self._connection = connection
        self._provider = provider
        self._terminal_id = terminal_id
        self.info = self.select()

    def select(self) -> CardInfo:
        """SELECT: a fresh challenge. Raises :class:`NotOurCard`."""
        answer = self._connection.transmit(commands.SELECT.header() + bytes((len(APPLET_AID),)) + APPLET_AID + _LE)
        data, sw = answer[:-2], int.from_bytes(answer[-2:], "big")
        if sw != status.OK or len(data) != SELECT_ANSWER.size:
            raise NotOurCard(
                Text(f"This is no SSN card (SW {sw:04X}).", f"Ini bukan kartu SSN (SW {sw:04X})."), where="SELECT"
            )
        values = SELECT_ANSWER.decode(data)
        if values.pop("protocol_version") != PROTOCOL_VERSION:
            raise NotOurCard(
                Text("The card speaks another protocol version.", "Kartu memakai versi protokol lain."),
                remedy=Text("Update the terminal software.", "Perbarui perangkat lunak terminal."),
                where="SELECT",
            )
        self._challenge = values.pop("challenge")
        values["state_class"] = StateClass(values["state_class"] != 0)
        self.info = CardInfo(**values)
        return self.info

    def _key(self) -> SecretKey:
        if self.info.state_class is StateClass.BLANK:
            raise NotOurCard(
                Text("The card is blank.", "Kartu masih kosong."),
                remedy=Text("Personalize it first (ssn perso run).", "Personalisasi dahulu (ssn perso run)."),
            )
        return self._provider.diversify(KeyLabel.DEBIT, self.info.debit_key_version, self.info.serial)

    def require_key(self) -> None:
        """Make sure that this terminal can talk to the card at all. Raises :class:`NotOurCard`, ``KeyMissing``."""
        self._key()

    def status(self) -> dict[str, Any]:
        """GET STATUS: the fields of layout ``status_answer``."""
        answer = self._query(commands.GET_STATUS, QUERY, {"terminal_id": self._terminal_id})
        return STATUS_ANSWER.decode(answer)

    def read_log(self, index: int) -> Receipt | None:
        """Receipt ``index`` (0 newest, up to 29), or ``None`` if the log has none."""
        if not 0 <= index < LOG_ENTRIES:
            return None
        try:
            return Receipt(self._query(commands.READ_LOG, QUERY, {"terminal_id": self._terminal_id}, index))
        except status.RecordNotFound:
            return None

    def recover(self, terminal_id: int, terminal_txn: int) -> Receipt | NoReceipt:
        """RECOVER: the receipt of that movement, or the card's word that its log has none."""
        movement = {"terminal_id": terminal_id, "terminal_txn": terminal_txn, "reserved": bytes(12)}
        answer = self._query(commands.RECOVER, RECOVERY, movement)
        if len(answer) == RECEIPT.size:
            return Receipt(answer)
        values = NO_RECEIPT_ANSWER.decode(answer)
        return NoReceipt(values["oldest_seq"], values["newest_seq"], values["oldest_timestamp"])

    def move(self, command: Command, body: bytes, mac: bytes | None = None) -> Receipt:
        """DEBIT, CANCEL or OVERRIDE: one attempt, the whole receipt put together.

        Args:
            body: 28 bytes (layout ``movement``).
            mac: the command's MAC where another key than DEBIT makes it (OVERRIDE).

        Raises:
            CardStatusError: the card's refusal, which nobody has authenticated.
            AnswerNotGenuine: the answer's MAC is wrong; the movement may have happened.
        """
        key = self._key()
        data, command_mac = self._send(command, body, None, mac)
        result, receipt_mac = data[: RESULT.size], data[RESULT.size : RECEIPT_ANSWER.size]
        self._verify(key, command, body + result + receipt_mac, command_mac, data[RECEIPT_ANSWER.size :])
        constants = RECEIPT_CONSTANTS.encode(
            {
                "type": RECEIPT_TYPES[command.ins],
                "layout_version": RECEIPT_LAYOUT_VERSION,
                "key_version": self.info.receipt_key_version,
                "serial": self.info.serial,
                "reserved": bytes(5),
            }
        )
        return Receipt(body + result + constants + receipt_mac)

    def deliver(self, update_command: bytes) -> Receipt:
        """UPDATE: sends a whole command APDU made by the bank; returns the update's receipt."""
        key = self._key()
        self._challenge = b""
        data = self._transmit(commands.UPDATE, update_command + _LE)
        self._verify(key, commands.UPDATE, data[: RECEIPT.size], update_command[-MAC_LENGTH:], data[RECEIPT.size :])
        return Receipt(data[: RECEIPT.size])

    def verify_pin(self, pin: str) -> None:
        """VERIFY: good until the next SELECT. Raises ``WrongPin``, ``PinBlocked``, ``NoPin``, ``InputError``."""
        self._in_clear(commands.VERIFY, pin_block(pin))

    def change_pin(self, old: str, new: str) -> None:
        """CHANGE REFERENCE DATA. Raises as :meth:`verify_pin`."""
        self._in_clear(commands.CHANGE_REFERENCE_DATA, pin_block(old) + pin_block(new))

    def _in_clear(self, command: Command, body: bytes) -> None:
        self._transmit(command, command.header() + bytes((len(body),)) + body)

    def mac_input(self, command: Command, body: bytes) -> bytes:
        """What a holder of another key (a companion's device) signs for this session's challenge."""
        return command_message(command.header_and_body(body), self._need_challenge())

    def _query(self, command: Command, layout: Layout, values: dict[str, Any], p1: int | None = None) -> bytes:
        """A command that changes nothing, whose answer's MAC is the next challenge; returns the answer without MAC.

        Raises:
            CardDisturbed: selection or challenge was gone each time.
            WrongMac: the last time too; the keys are wrong, most likely.
        """
        for left in reversed(range(TRIES)):
            key = self._key()
            body = layout.encode({"terminal_nonce": secrets.token_bytes(8)} | values)
            try:
                data, command_mac = self._send(command, body, p1, None)
                break
            except status.CardStatusError as refusal:
                if not out_of_place(command, refusal):
                    raise
                if not left:
                    raise refusal if isinstance(refusal, status.WrongMac) else CardDisturbed(refusal) from None
        answer, mac = data[:-MAC_LENGTH], data[-MAC_LENGTH:]
        self._verify(key, command, answer, command_mac, mac)
        self._challenge = mac
        return answer

    def _send(self, command: Command, body: bytes, p1: int | None, mac: bytes | None) -> tuple[bytes, bytes]:
        message = command.header_and_body(body, p1)
        if mac is None:
            mac = self._key().mac8(command_message(message, self._need_challenge()))
        self._challenge = b""
        return self._transmit(command, message + mac + _LE), mac

    def _need_challenge(self) -> bytes:
        if not self._challenge:
            serial = self.info.serial
            if self.select().serial != serial:
                raise NotOurCard(
                    Text("Another card lies in the reader now.", "Kini ada kartu lain di pembaca."),
                    remedy=Text("Present the first card again.", "Tempelkan lagi kartu yang pertama."),
                    where="SELECT",
                )
        return self._challenge

    def _transmit(self, command: Command, apdu: bytes) -> bytes:
        answer = self._connection.transmit(apdu)
        status.raise_for(int.from_bytes(answer[-2:], "big"), command.name)
        return answer[:-2]

    @staticmethod
    def _verify(key: SecretKey, command: Command, answer: bytes, command_mac: bytes, mac: bytes) -> None:
        """A wrong length is no right MAC either: other than 8 bytes are left for it, or more than any card sends."""
        if len(answer) > APDU_BUFFER or not key.verify_mac8(answer_message(command.ins, answer, command_mac), mac):
            raise AnswerNotGenuine(command.name)


def movement(amount: int, categories: int, timestamp: Any, terminal_id: int, terminal_txn: int, digest: bytes) -> bytes:
    """The 28-byte body of a DEBIT. Raises ``InputError`` naming a field that does not fit."""
    return MOVEMENT.encode(
        {
            "amount": amount,
            "categories": categories,
            "timestamp": timestamp,
            "terminal_id": terminal_id,
            "terminal_txn": terminal_txn,
            "basket_digest": digest,
        }
    )
