# SPDX-License-Identifier: Apache-2.0
"""One selection of the card: builds commands, checks every answer's MAC, keeps track of the challenge.

A query on a card that is out of place (:mod:`~ssn_card.terminal.disturbed`) is begun again from SELECT. A movement is
not: it is made for one selection, whose number its receipt will follow, and the terminal decides what becomes of it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ssn_card.keys.provider import MIN_VERSION
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import (
    MOVEMENT,
    MOVEMENT_ANSWER,
    NO_RECEIPT_ANSWER,
    QUERY,
    RECEIPT,
    STATUS_ANSWER,
)
from ssn_card.protocol.life import MOVEMENTS
from ssn_card.protocol.selection import SELECT_APPLET, CardInfo, selected
from ssn_card.protocol.values import LOG_ENTRIES, ReceiptType, StateClass
from ssn_card.receipts import Receipt
from ssn_card.transport import CardConnection

from .disturbed import TRIES, out_of_place
from .errors import AnswerNotGenuine, CardDisturbed, KeysRetired, NotOurCard
from .keys import CompanionKeys, TerminalKeys
from .purse import CardStatus

_LE = b"\x00"  #: an answer is expected, as long as the card makes it
_NONCE = QUERY.fields[0].size
MAX_SEQ = 0xFFFF_FFFF
NO_TERMINAL = 0  #: asks in nobody's name
#: Lengths of the logical answer of each command, without its MAC.
_SIZES = {
    commands.GET_STATUS.ins: (STATUS_ANSWER.size,),
    commands.READ_RECEIPT.ins: (RECEIPT.size, NO_RECEIPT_ANSWER.size),
    commands.VERIFY.ins: (0,),
    commands.CHANGE_REFERENCE_DATA.ins: (0,),
    commands.UPDATE.ins: (RECEIPT.size,),
    **{command.ins: (MOVEMENT.size + MOVEMENT_ANSWER.size,) for command in MOVEMENTS},
}


@dataclass(frozen=True)
class NoReceipt:
    """The card's word that it has no receipt of the number asked for.

    ``newest_seq``: number of its newest, 0 if none. Above it the number is not made yet, else it is gone from the log.
    """

    newest_seq: int


def receipt_answer(answer: bytes) -> Receipt | NoReceipt:
    """The answer to READ RECEIPT, without its MAC, which was checked."""
    if len(answer) == NO_RECEIPT_ANSWER.size:
        return NoReceipt(**NO_RECEIPT_ANSWER.decode(answer))
    return Receipt(answer)


@dataclass(frozen=True)
class PreparedMovement:
    """A movement made ready for one selection of the card, and for no other: its MAC covers what that SELECT said.

    Args:
        kind: what it is.
        card: what was quoted.
        number: of the receipt that it makes.
        body: 36 bytes.
        mac: 8 bytes.
    """

    kind: ReceiptType
    card: CardInfo
    number: int
    body: bytes
    mac: bytes


def select(connection: CardConnection) -> tuple[CardInfo, bytes]:
    """SELECT the applet: what the card says, and a fresh challenge of 8 bytes. Needs no keys.

    Raises:
        NotOurCard: no SSN card, or one of another protocol version.
        TransportError
    """
    answer = connection.transmit(SELECT_APPLET)
    data, sw = answer[:-2], int.from_bytes(answer[-2:], "big")
    try:
        status.raise_for(sw)
        info, challenge = selected(data)
    except (status.CardStatusError, InputError):
        raise NotOurCard(
            Text(f"This is no SSN card (SW {sw:04X}).", f"Ini bukan kartu SSN (SW {sw:04X})."), where="SELECT"
        ) from None
    if not info.is_ours:
        raise NotOurCard(
            Text("The card speaks another protocol version.", "Kartu memakai versi protokol lain."),
            remedy=Text("Update the terminal software.", "Perbarui perangkat lunak terminal."),
            where="SELECT",
        )
    return info, challenge


class CardSession:
    """Talks to a selected card. Not thread-safe; good until the connection or the card goes."""

    info: CardInfo
    _challenge: bytes  #: good for one command; empty once it was used
    _number: int | None  #: of the newest receipt, as quoted, once it was asked for

    def __init__(
        self,
        connection: CardConnection,
        keys: TerminalKeys,
        terminal_id: int = NO_TERMINAL,
        *,
        minimum_version: int = MIN_VERSION,
    ) -> None:
        """Selects the card.

        Args:
            terminal_id: in whose name the card is asked.
            minimum_version: of DEBIT; a card that quotes less gets updates, and nothing else.

        Raises:
            NotOurCard, TransportError
        """
        self._connection = connection
        self._keys = keys
        self._terminal_id = terminal_id
        self._minimum_version = minimum_version
        self.select()

    def select(self) -> CardInfo:
        """SELECT: a fresh challenge. Raises :class:`NotOurCard`."""
        self.info, self._challenge = select(self._connection)
        self._number = None
        return self.info

    @property
    def believed(self) -> bool:
        """Whether the card's keys are not too old for its answers to be believed."""
        return self.info.debit_key_version >= self._minimum_version

    def number(self) -> int:
        """Number of the newest receipt, as quoted for the command that comes next.

        Raises :class:`NotOurCard`, :class:`KeysRetired`, ``KeyMissing``.
        """
        self._live_challenge()
        if self._number is None:
            self._require_believed()
            self._number = self._keys.number(self.info)
        return self._number

    def status(self) -> CardStatus:
        """GET STATUS: the card's state. Raises as :meth:`read_receipt`."""
        return CardStatus.decoded(self.info.serial, self._query(commands.GET_STATUS, reserved=bytes(8)))

    def log(self) -> list[Receipt]:
        """The receipts in the card's log, newest first. Raises as :meth:`read_receipt`."""
        newest = self.number()
        receipts: list[Receipt] = []
        # An empty log is asked about too: only the card's answer proves it.
        for seq in range(newest, max(newest - LOG_ENTRIES, 0), -1) or (newest,):
            receipt = self.read_receipt(seq)
            if isinstance(receipt, NoReceipt):
                break
            receipts.append(receipt)
        return receipts

    def read_receipt(self, seq: int) -> Receipt | NoReceipt:
        """READ RECEIPT: the receipt of that number, or the card's word that it has none.

        Raises:
            CardDisturbed, WrongMac, AnswerNotGenuine, NotOurCard, KeysRetired, KeyMissing, TransportError
        """
        answer = self._query(commands.READ_RECEIPT, seq=seq, reserved=bytes(4))
        found = receipt_answer(answer)
        if isinstance(found, Receipt) and (found.serial, found.seq) != (self.info.serial, seq):
            raise AnswerNotGenuine(commands.READ_RECEIPT.name)
        return found

    def verify_pin(self, pin: str) -> None:
        """VERIFY: good for this selection's movement, and for one :meth:`set_pin`.

        Raises ``WrongPin``, ``PinBlocked``, ``NoPin``, ``LastTryContacts``, ``InputError``, and as
        :meth:`read_receipt`; nothing of a refusal is authenticated.
        """
        self._pin(commands.VERIFY, pin)

    def set_pin(self, pin: str) -> None:
        """CHANGE REFERENCE DATA: another PIN, where the old one was given or the choice is open; raises likewise."""
        self._pin(commands.CHANGE_REFERENCE_DATA, pin)

    def prepare(self, kind: ReceiptType, body: bytes, companion: CompanionKeys | None = None) -> PreparedMovement:
        """Make a movement ready; the card hears nothing of it.

        Args:
            body: 36 bytes (:meth:`.movements.Movement.encode`).
            companion: makes the MAC of an OVERRIDE.

        Raises:
            NotOurCard, KeysRetired, KeysRefuse, KeyMissing, TransportError
        """
        number = self.number()
        if number == MAX_SEQ:
            raise NotOurCard(Text("The card quotes a number that no card reaches.", "Nomor kuitansi kartu mustahil."))
        mac = (
            self._keys.command_mac(self.info, commands.BY_RECEIPT_TYPE[kind].ins, body, self._challenge)
            if companion is None
            else companion.override_mac(self.info, body, self._challenge)
        )
        return PreparedMovement(kind, self.info, number + 1, body, mac)

    def move(self, movement: PreparedMovement) -> Receipt:
        """DEBIT, CANCEL or OVERRIDE: one attempt, the whole receipt put together.

        Raises:
            CardStatusError: the card's refusal, which nobody has authenticated.
            AnswerNotGenuine: the answer's MAC is wrong; the movement may have happened.
            TransportError
        """
        command, card = commands.BY_RECEIPT_TYPE[movement.kind], movement.card
        answer, mac = self._send(command, movement.body, movement.mac)
        self._verify(card, command, movement.body + answer, movement.mac, mac)
        return Receipt.built(
            movement.number,
            movement.body,
            answer,
            kind=movement.kind,
            key_version=card.receipt_key_version,
            serial=card.serial,
        )

    def deliver(self, update_command: bytes) -> Receipt:
        """UPDATE: sends a whole command APDU made by the bank; returns the update's receipt.

        To a card of retired keys too, whose answer then proves nothing (:attr:`believed`).

        Raises:
            CardStatusError: the card's refusal.
            AnswerNotGenuine, NotOurCard, KeyMissing, TransportError
        """
        self._require_personalized()
        self._keys.number(self.info)  # whether its answer can be checked at all
        self._challenge = b""
        data = self._transmit(commands.UPDATE, update_command + _LE)
        answer, mac = data[: RECEIPT.size], data[RECEIPT.size :]
        self._verify(self.info, commands.UPDATE, answer, update_command[-MAC_LENGTH:], mac)
        receipt = Receipt(answer)
        if (receipt.type, receipt.serial) != (ReceiptType.UPDATE, self.info.serial):
            raise AnswerNotGenuine(commands.UPDATE.name)
        return receipt

    def _pin(self, command: Command, pin: str) -> None:
        challenge = self._live_challenge()
        self._require_believed()
        self._ask(command, self._keys.pin_query(self.info, self._terminal_id, pin, challenge))

    def _query(self, command: Command, **values: object) -> bytes:
        """A command that changes nothing; returns the answer without MAC.

        Raises:
            CardDisturbed: selection or challenge was gone each time.
            WrongMac: the last time too; the keys are wrong, most likely.
        """
        values["terminal_id"] = self._terminal_id
        left = TRIES
        while True:
            body = command.encode({"terminal_nonce": secrets.token_bytes(_NONCE)} | values)
            try:
                return self._ask(command, body)
            except status.CardStatusError as refusal:
                left -= 1
                if not out_of_place(command, refusal):
                    raise
                if not left:
                    raise refusal if isinstance(refusal, status.WrongMac) else CardDisturbed(refusal) from None

    def _ask(self, command: Command, body: bytes) -> bytes:
        """One exchange of a query, whose answer's MAC is the next challenge; returns the answer without MAC."""
        challenge = self._live_challenge()
        self._require_believed()
        command_mac = self._keys.command_mac(self.info, command.ins, body, challenge)
        answer, mac = self._send(command, body, command_mac)
        self._verify(self.info, command, answer, command_mac, mac)
        self._challenge = mac
        return answer

    def _send(self, command: Command, body: bytes, mac: bytes) -> tuple[bytes, bytes]:
        """Answer and its MAC."""
        self._challenge = b""
        data = self._transmit(command, command.header_and_body(body) + mac + _LE)
        return data[:-MAC_LENGTH], data[-MAC_LENGTH:]

    def _live_challenge(self) -> bytes:
        if not self._challenge:
            serial = self.info.serial
            if self.select().serial != serial:
                raise NotOurCard(
                    Text("Another card lies in the reader now.", "Kini ada kartu lain di pembaca."),
                    remedy=Text("Present the first card again.", "Tempelkan lagi kartu yang pertama."),
                    where="SELECT",
                )
        return self._challenge

    def _require_personalized(self) -> None:
        if self.info.state_class is StateClass.BLANK:
            raise NotOurCard(
                Text("The card is blank.", "Kartu masih kosong."),
                remedy=Text("Personalize it first (ssn perso run).", "Personalisasi dahulu (ssn perso run)."),
            )

    def _require_believed(self) -> None:
        self._require_personalized()
        if not self.believed:
            raise KeysRetired(self.info.debit_key_version, self._minimum_version)

    def _transmit(self, command: Command, apdu: bytes) -> bytes:
        answer = self._connection.transmit(apdu)
        status.raise_for(int.from_bytes(answer[-2:], "big"), command.name)
        return answer[:-2]

    def _verify(self, card: CardInfo, command: Command, answer: bytes, command_mac: bytes, mac: bytes) -> None:
        """An answer of a length that no card sends is not genuine either, whatever its MAC."""
        if len(answer) not in _SIZES[command.ins] or not self._keys.is_genuine(
            card, command.ins, answer, command_mac, mac
        ):
            raise AnswerNotGenuine(command.name)
