# SPDX-License-Identifier: Apache-2.0
"""Sessions of a terminal with the card of the examples, written down command by command.

A script says what it sends and what the card refuses; what the card answers with 9000 is made here. Random numbers
follow from the transcript's name, so that the simulated card, given the same seed, answers with the same bytes.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Any

from .. import commands, layouts, messages, status
from ..commands import Command
from ..crypto import SecretKey
from ..labels import KeyLabel
from ..layout import Layout
from ..layouts import RECEIPT_BY_TYPE
from ..pin import pin_block
from ..selection import SELECT_APPLET
from ..status import CardStatusError, WrongPin
from ..values import PIN_TRIES, PROTOCOL_VERSION, KeyVersionNumber, ReceiptType
from . import sample
from .sample import Values, drawn, plain, readable
from .sample_card import SampleCard
from .secure import Protected, Session, initialize_update
from .signing import Answered, Signed, answered, label_of, signed

Refusal = type[CardStatusError] | CardStatusError | None

BLANK_QUOTE = bytes((PROTOCOL_VERSION,)) + bytes(9)
CONTACTS, CONTACTLESS = "contacts", "contactless"
_QUERIES = (commands.GET_STATUS, commands.READ_RECEIPT, commands.VERIFY, commands.CHANGE_REFERENCE_DATA)
#: Refused before any MAC is looked at: the challenge stays.
_FORM = (
    status.WrongLength,
    status.WrongParameters,
    status.ClassNotSupported,
    status.InstructionNotSupported,
    status.AppletNotFound,
)


@dataclass(frozen=True)
class Exchange:
    """One command and what the card answers; without a command: what happens to the card (``event``)."""

    step: str
    command: bytes = b""
    answer: bytes = b""
    sw: int = status.OK
    request: Signed | None = None
    answered: Answered | None = None
    event: str = ""
    said: Values | None = None  #: the answer's fields, where it is not an authenticated one
    secure: Protected | None = None  #: what secure messaging hides

    def as_json(self) -> dict[str, Any]:
        """For the vectors."""
        if self.event:
            return {"step": self.step, "event": self.event}
        entry: dict[str, Any] = {
            "step": self.step,
            "command": self.command.hex(),
            "answer": self.answer.hex(),
            "sw": f"{self.sw:04x}",
        }
        if self.secure is not None:
            entry |= {"plain_command": self.secure.plain_command.hex(), "plain_answer": self.secure.plain_answer.hex()}
        if self.request is not None and self.request.values:
            entry["fields"] = plain(self.request.values)
        if self.answered is not None:
            entry["answer_fields"] = answer_fields(self.answered)
        elif self.said is not None:
            entry["answer_fields"] = plain(self.said)
        return entry


def answer_fields(answer: Answered) -> Values:
    """What an authenticated answer says, by the layout that fits it; nothing where it is empty."""
    layout = layout_of(answer)
    return {} if layout is None else readable(layout, answer.data[:-8])


def layout_of(answer: Answered) -> Layout | None:
    """The layout of what travels, without its MAC."""
    data = answer.data[:-8]
    if len(data) == layouts.RECEIPT.size:
        return RECEIPT_BY_TYPE[data[layouts.RECEIPT.offset("type")]]
    known = (layouts.MOVEMENT_ANSWER, layouts.NO_RECEIPT_ANSWER, layouts.STATUS_ANSWER)
    return next((layout for layout in known if layout.size == len(data)), None)


class Script:
    """One transcript: ``given`` is the one that leads to the card's state at its beginning; without one it is blank.

    Every script begins with the card just powered up and nothing selected.
    """

    def __init__(self, name: str, about: str, given: Script | None = None, *, medium: str = CONTACTS) -> None:
        self.name, self.about, self.given, self.medium = name, about, given, medium
        self.card: SampleCard = copy.deepcopy(given.card) if given else SampleCard()
        self.personalized: bool = given.personalized if given else False
        self.before = copy.deepcopy(self.card) if self.personalized else None
        self.exchanges: list[Exchange] = []
        self.challenge: bytes | None = None
        self.quote = b""
        self.pin_given = False
        self.channels: list[Session] = []
        self._draws = self._nonces = 0
        self._txn: int = given._txn if given else 1000  # a terminal's numbers never repeat

    # ------------------------------------------------------------------ what is random

    def draw(self) -> bytes:
        """What the card draws next."""
        self._draws += 1
        return drawn(self.name, self._draws - 1)

    def nonce(self) -> bytes:
        """A terminal's Rt."""
        self._nonces += 1
        return drawn(f"Rt of {self.name}", self._nonces - 1)

    def txn(self) -> int:
        """The terminal's next transaction number."""
        self._txn += 1
        return self._txn

    # ------------------------------------------------------------------ exchanges

    def select(self, step: str = "SELECT") -> Script:
        """SELECT: what it says, and a fresh challenge."""
        self.challenge, self.pin_given = self.draw(), False
        self.quote = self.card.quote if self.personalized else BLANK_QUOTE
        answer = sample.SERIAL + self.quote + self.challenge
        said = layouts.SELECT_ANSWER.decode(answer)
        self.exchanges.append(Exchange(step, SELECT_APPLET, answer, said=said))
        return self

    def raw(self, step: str, command: bytes, refused: Refusal = None, answer: bytes = b"") -> None:
        """A command as it is, with a status word or an answer."""
        self.exchanges.append(Exchange(step, command, answer, _sw(refused)))
        if refused is not None and not isinstance(refused, _FORM) and refused not in _FORM:
            self.challenge = None

    def event(self, step: str, event: str = "reset") -> None:
        """Something that is no command: ``reset`` ends the session."""
        self.exchanges.append(Exchange(step, event=event))
        self.challenge, self.pin_given = None, False

    def sign(
        self, command: Command, values: Values, *, key: SecretKey | None = None, body: bytes | None = None
    ) -> Signed:
        """The command for the session as it is; ``body``: bytes that the layout would not encode."""
        layout = command.body
        assert layout is not None  # noqa: S101  (the table's, no protocol check)
        encoded = layout.encode(values) if body is None else body
        own = key or self.card.key(label_of(command))
        return signed(command, encoded, values, own, self.quote, self.challenge or bytes(8))

    def send(self, step: str, request: Signed, refused: Refusal = None, apdu: bytes | None = None) -> Answered | None:
        """A command with its MAC; ``apdu``: what is sent in its place, altered on the way."""
        sent = request.apdu if apdu is None else apdu
        if refused is not None:
            self.exchanges.append(Exchange(step, sent, b"", _sw(refused), request))
            if not isinstance(refused, _FORM) and refused not in _FORM:
                self.challenge = None
            return None
        answer = self._taken(request)
        self.exchanges.append(Exchange(step, sent, answer.data, request=request, answered=answer))
        self.challenge = answer.mac if request.command in _QUERIES else None
        return answer

    def ask(self, step: str, command: Command, values: Values, refused: Refusal = None) -> Answered | None:
        """The same of a command that is as it should be."""
        return self.send(step, self.sign(command, values), refused)

    def _taken(self, request: Signed) -> Answered:
        if request.command is commands.UPDATE and request.values["update_seq"] == self.card.entitlement["update_seq"]:
            return self.card.again(request)
        if request.command not in _QUERIES:
            return self.card.answer(request, pin_given=self.pin_given)
        logical = b""
        if request.command is commands.GET_STATUS:
            logical = self.card.status()
        elif request.command is commands.READ_RECEIPT:
            logical = self.card.receipt_by_number(request.values["seq"])
        return answered(request, self.card.key(KeyLabel.DEBIT), logical)

    # ------------------------------------------------------------------ the commands

    def update(
        self, step: str, values: Values, refused: Refusal = None, key: SecretKey | None = None
    ) -> Answered | None:
        """UPDATE."""
        return self.send(step, self.sign(commands.UPDATE, values, key=key), refused)

    def debit(self, step: str, values: Values, refused: Refusal = None) -> Answered | None:
        """DEBIT."""
        return self.ask(step, commands.DEBIT, values, refused)

    def query(self, **changes: Any) -> Values:
        """The fields of a query."""
        return {"terminal_nonce": self.nonce(), "terminal_id": sample.TERMINAL_ID} | changes

    def status(self, step: str = "GET STATUS", refused: Refusal = None) -> Answered | None:
        """GET STATUS."""
        return self.ask(step, commands.GET_STATUS, self.query(reserved=bytes(8)), refused)

    def read(self, step: str, seq: int, refused: Refusal = None) -> Answered | None:
        """READ RECEIPT by number."""
        return self.ask(step, commands.READ_RECEIPT, self.query(seq=seq, reserved=bytes(4)), refused)

    def masked(self, block: bytes) -> Values:
        """The fields of a PIN query: the block under the mask of this session's challenge."""
        nonce = self.nonce()
        message = messages.pin_mask_message(nonce, self.challenge or bytes(8))
        mask = self.card.key(KeyLabel.DEBIT).cmac(message)[:8]
        masked = bytes(a ^ b for a, b in zip(block, mask, strict=True))
        return {"terminal_nonce": nonce, "terminal_id": sample.TERMINAL_ID, "masked_pin_block": masked}

    def verify(self, step: str, pin: str, refused: Refusal = None, block: bytes | None = None) -> Answered | None:
        """VERIFY of the digits, or of a block that is none."""
        values = self.masked(pin_block(pin) if block is None else block)
        answer = self.ask(step, commands.VERIFY, values, refused)
        if answer is not None:
            self.card.tries, self.pin_given = PIN_TRIES, True
        elif isinstance(refused, WrongPin):
            self.card.tries = refused.tries
        elif refused is status.PinBlocked:
            self.card.tries = 0
        return answer

    def change(self, step: str, pin: str, refused: Refusal = None, block: bytes | None = None) -> Answered | None:
        """CHANGE REFERENCE DATA to the digits, or to a block that is none."""
        values = self.masked(pin_block(pin) if block is None else block)
        answer = self.ask(step, commands.CHANGE_REFERENCE_DATA, values, refused)
        if answer is not None:
            self.card.set_pin(pin)
        return answer

    # ------------------------------------------------------------------ secure messaging

    def initialize(self, step: str, kvn: KeyVersionNumber, level: int, said: int | None = None) -> Session:
        """INITIALIZE UPDATE; ``said``: the key version number sent, where it is another."""
        session = Session(kvn, level, self.draw())
        self.channels.append(session)
        sent = session.initialize if said is None else initialize_update(said)
        self.exchanges.append(Exchange(step, sent, session.initialize_answer))
        self.challenge = None
        return session

    def open(self, kvn: KeyVersionNumber, level: int) -> Session:
        """INITIALIZE UPDATE and EXTERNAL AUTHENTICATE."""
        session = self.initialize("INITIALIZE UPDATE", kvn, level)
        self.raw("EXTERNAL AUTHENTICATE", session.authenticate)
        return session

    def protected(self, step: str, sent: Protected, refused: Refusal = None) -> None:
        """A command under secure messaging."""
        answer = b"" if refused else sent.answer
        hidden = sent if refused is None else replace(sent, plain_answer=b"")
        self.exchanges.append(Exchange(step, sent.command, answer, _sw(refused), secure=hidden))

    # ------------------------------------------------------------------ what became of it

    def as_json(self) -> dict[str, Any]:
        """For the vectors."""
        entry: dict[str, Any] = {
            "name": self.name,
            "about": self.about,
            "given": self.given.name if self.given else None,
            "medium": self.medium,
            "card": given_state(self.before) if self.before else None,
        }
        if self.channels:
            entry["secure_channels"] = [session.as_json() for session in self.channels]
        return entry | {"exchanges": [exchange.as_json() for exchange in self.exchanges]}


def given_state(card: SampleCard) -> dict[str, Any]:
    """The card at a transcript's beginning: its PIN, its receipts, and what GET STATUS would say."""
    return {
        "pin": card.pin,
        "status": readable(layouts.STATUS_ANSWER, card.status()),
        "receipts": [receipt.hex() for receipt in card.chain],
    }


def kind_of(receipt: bytes) -> ReceiptType:
    """The type of a receipt."""
    return ReceiptType(receipt[layouts.RECEIPT.offset("type")])


def _sw(refused: Refusal) -> int:
    return status.OK if refused is None else refused.sw
