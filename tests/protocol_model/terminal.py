# SPDX-License-Identifier: Apache-2.0
"""An honest terminal: what it asks of its keys, its session with a card, its journal, and how it settles doubts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from .repairs import Repairs
from .terms import (
    ALREADY_DONE,
    CANCEL,
    DEBIT,
    NOT_FOUND,
    OK,
    OVERRIDE,
    PIN_REQUIRED,
    UPDATE,
    Answer,
    Body,
    Command,
    Entitlement,
    Key,
    KeyRing,
    Mac,
    Quote,
    Receipt,
    digest,
    fresh,
    ring,
)


class Line(Protocol):
    """What a terminal knows of the way to the card: commands go in, answers come out, or nothing does."""

    def transmit(self, command: Command) -> Answer | None: ...

    def reset(self) -> bool:
        """Whether the reader says that the card has lost its selection."""


class State(Enum):
    VOID = "not charged"
    IN_DOUBT = "in doubt"
    DONE = "charged"
    GONE = "only the bank can tell"


@dataclass
class Entry:
    """An intent, on the disk before the card hears of it."""

    txn: int
    serial: int
    kind: str
    body: Body
    basket: int
    number: int  #: of the receipt that it makes
    key_version: int  #: of RECEIPT, as quoted
    state: State = State.VOID
    receipt: Receipt | None = None
    commands: tuple[Mac, ...] = ()  #: for the witness: what was sent
    proven_then: int = 0  #: for the witness: what the card had proved to have


class TerminalKeys:
    """All that a terminal asks of a SAM: it gives no card key and makes no card's answer.

    Each message is built here from its fields, so nobody gets a MAC of another kind out of it.
    """

    def __init__(self, repairs: Repairs, keys: KeyRing) -> None:
        self._repairs, self._keys = repairs, keys

    @staticmethod
    def _key(quote: Quote, serial: int) -> Key:
        return (DEBIT, quote.debit, serial)

    def number(self, quote: Quote, serial: int) -> int:
        return quote.masked ^ self._keys.pad(self._key(quote, serial), "mask")

    def command(self, serial: int, ins: str, body: object, quote: Quote, challenge: object) -> Mac:
        quoted = quote if self._repairs.select_bound else None
        return self._keys.mac(self._key(quote, serial), ("command", ins, body, quoted, challenge))

    def genuine(self, serial: int, quote: Quote, ins: str, data: object, command: Mac | None, mac: Mac | None) -> bool:
        return mac is self._keys.mac(self._key(quote, serial), ("answer", ins, data, command))

    def pin_block(self, serial: int, quote: Quote, pin: int, nonce: int, challenge: object) -> int:
        return pin ^ self._keys.pad(self._key(quote, serial), ("pin", nonce, challenge))


class Session:
    """One selection of a card."""

    def __init__(self, terminal: Terminal, line: Line) -> None:
        self._terminal, self._line, self._keys = terminal, line, terminal.keys
        self.opened = self._select()

    def _select(self) -> bool:
        answer = self._line.transmit(Command("SELECT"))
        if answer is None or answer.sw != OK:
            return False
        serial, quote, self._challenge = answer.data
        assert isinstance(serial, int)
        assert isinstance(quote, Quote)
        self.serial, self.quote = serial, quote
        if quote.state_class != 1 or not {quote.debit, quote.receipt, quote.update, quote.override} <= {1, 2}:
            return False
        self.number = self._keys.number(quote, serial)
        return True

    def select_again(self) -> bool:
        """In silence, as a library does that finds its selection gone."""
        return self._select()

    def query(self, ins: str, *fields: object) -> tuple[object, ...] | None:
        """The authenticated answer; its MAC is the next challenge."""
        nonce = fresh() if self._terminal.repairs.terminal_nonce else 0
        body = (nonce, *fields)
        if ins in ("VERIFY", "CHOOSE"):
            pin = fields[0]
            assert isinstance(pin, int)
            masked = self._keys.pin_block(self.serial, self.quote, pin, nonce, self._challenge)
            body = (nonce, self._terminal.number, masked)
        command = self._command(ins, body)
        answer = self._line.transmit(command)
        if answer is None:
            return None
        if answer.sw == NOT_FOUND and not self._terminal.repairs.negatives_have_macs:
            return ("not made", 0) if self._select() else None
        if answer.sw != OK or not self._genuine(ins, answer.data, command, answer.mac):
            return None
        self._challenge = answer.mac
        return answer.data

    def move(self, entry: Entry, mac: Mac | None = None) -> int:
        """One attempt; the status word, which proves nothing, or 9000 with the receipt in the entry."""
        command = self._command(entry.kind, entry.body, mac)
        assert command.mac is not None
        entry.commands += (command.mac,)
        answer = self._line.transmit(command)
        if answer is None or answer.sw != OK:
            return answer.sw if answer else 0
        if not self._genuine(entry.kind, (entry.body, answer.data), command, answer.mac) or len(answer.data) != 9:
            return 0
        entry.receipt = Receipt._make((entry.kind, entry.body, *answer.data[:-1], self.serial, self.quote.receipt,
                                       answer.data[-1]))  # fmt: skip
        return OK

    def deliver(self, update: Entitlement, mac: Mac) -> Receipt | None:
        answer = self._line.transmit(Command(UPDATE, update, mac))
        if answer is None or answer.sw != OK or len(answer.data) != 1:
            return None
        receipt = answer.data[0]
        genuine = self._keys.genuine(self.serial, self.quote, UPDATE, answer.data, mac, answer.mac)
        return receipt if genuine and isinstance(receipt, Receipt) else None

    def mac_input(self) -> tuple[Quote | None, object]:
        """What a companion's device signs beside the body."""
        return (self.quote if self._terminal.repairs.select_bound else None), self._challenge

    def clear(self, ins: str, pin: int) -> bool:
        """Today's VERIFY."""
        answer = self._line.transmit(Command(ins, pin))
        return answer is not None and answer.sw == OK

    def _command(self, ins: str, body: object, mac: Mac | None = None) -> Command:
        if mac is None:
            mac = self._keys.command(self.serial, ins, body, self.quote, self._challenge)
        return Command(ins, body, mac, self.quote)

    def _genuine(self, ins: str, data: object, command: Command, mac: Mac | None) -> bool:
        return self._keys.genuine(self.serial, self.quote, ins, data, command.mac, mac)


class Terminal:
    def __init__(self, number: int, repairs: Repairs) -> None:
        self.number, self.repairs = number, repairs
        self.keys = TerminalKeys(repairs, ring(DEBIT))
        self._companion = ring(OVERRIDE)
        self.minimum = 1  #: oldest version of DEBIT in use
        self.staples = 3  #: categories of what is sold as a staple today
        self.journal: list[Entry] = []
        self.updates: list[Receipt] = []
        self.proven: dict[int, int] = {}  #: newest receipt that each card has proved to have
        self.queries = 0  #: that the last sale waited for

    def sell(
        self, line: Line, amount: int, basket: int, moment: int, pins: tuple[int, ...] = (), first: bool = False
    ) -> State:
        """Sell; ``pins``: what the holder types, one after another, when the card asks or before (``first``)."""
        pin: int | None = None
        self.queries = 0
        if pins and first:
            pin, pins = pins[0], pins[1:]
        for _ in range(2 + len(pins)):
            session = self._open(line)
            if session is None or not self._settle(session):
                return State.VOID
            if pin is not None and not self._verify(session, pin):
                pins, pin = pins[1:], pins[0] if pins else None
                continue
            body = (amount, basket & self.staples, moment)
            entry = self._intend(session, DEBIT, body, basket, digest(basket, self.repairs.long_digest))
            if line.reset() and (self.repairs.intent_per_select or not session.select_again()):
                continue  # nothing was sent; a new SELECT is a new intent
            sw = self._move(line, session, entry)
            if entry.state is not State.VOID:
                return entry.state
            if sw == PIN_REQUIRED and pins and pin is None:
                pin, pins = pins[0], pins[1:]
            elif sw != ALREADY_DONE or not self.repairs.new_number_after_9409:
                break
        return State.VOID

    def cancel(self, line: Line, moment: int) -> None:
        session = self._open(line)
        if session is None or not self._settle(session):
            return
        done = [one for one in self.journal if one.serial == session.serial and one.state is State.DONE]
        if done and done[-1].kind == DEBIT and done[-1].receipt is not None:
            body, receipt = done[-1].body, done[-1].receipt
            entry = self._intend(session, CANCEL, (body.amount, body.categories, moment), 0, receipt.mac)
            self._move(line, session, entry)

    def override(self, line: Line, amount: int, moment: int) -> None:
        session = self._open(line)
        if session is None or not self._settle(session):
            return
        entry = self._intend(session, OVERRIDE, (amount, 1, moment), 0, "companion")
        quoted, challenge = session.mac_input()
        key = (OVERRIDE, session.quote.override, session.serial)
        mac = self._companion.mac(key, ("command", OVERRIDE, entry.body, quoted, challenge))
        self._move(line, session, entry, mac)

    def recover(self, line: Line) -> None:
        """Settle what is in doubt on this card, and sell nothing."""
        session = self._open(line)
        if session is not None:
            self._settle(session)

    def choose(self, line: Line, pin: int) -> bool:
        """The holder chooses a PIN."""
        if not self.repairs.choice_in_session:
            session = self._open(line)
            return session is not None and session.clear("CLEAR CHOOSE", pin)
        session = self._open(line)
        return session is not None and session.query("CHOOSE", pin) == ("chosen",)

    def verify(self, line: Line, pin: int) -> bool:
        session = self._open(line)
        return session is not None and self._verify(session, pin)

    def deliver(self, line: Line, update: Entitlement, mac: Mac) -> Receipt | None:
        """Carry an update, to a card of retired keys too: the bank alone believes such an answer."""
        session = Session(self, line)
        receipt = session.deliver(update, mac) if session.opened else None
        if receipt is not None:
            self.updates.append(receipt)
        return receipt

    def _open(self, line: Line) -> Session | None:
        session = Session(self, line)
        if not session.opened or (self.repairs.minimum_versions and session.quote.debit < self.minimum):
            return None
        if self.repairs.number_below_proven and session.number < self.proven.get(session.serial, 0):
            if session.query("STATUS") is None or not self.repairs.lower_number_asked:
                return None  # the line lies: the card refuses what was quoted falsely
            self.proven[session.serial] = session.number  # who said more before was a false card
        return session

    def _verify(self, session: Session, pin: int) -> bool:
        if not self.repairs.verify_in_session:
            return session.clear("CLEAR VERIFY", pin)
        return session.query("VERIFY", pin) == ("right",)

    def _intend(
        self, session: Session, kind: str, head: tuple[int, int, int], basket: int, mark: object
    ) -> Entry:  # fmt: skip
        txn = len(self.journal) + 1
        body = Body(*head, self.number, txn, mark)
        entry = Entry(txn, session.serial, kind, body, basket, session.number + 1, session.quote.receipt)
        entry.proven_then = self.proven.get(session.serial, 0)
        self.journal.append(entry)
        return entry

    def _move(self, line: Line, session: Session, entry: Entry, mac: Mac | None = None) -> int:
        """Send it; whatever comes back but a genuine receipt, the card is asked."""
        entry.state = State.IN_DOUBT
        sw = session.move(entry, mac)
        if sw == OK:
            entry.state = State.DONE
            self.proven[entry.serial] = entry.number
            return sw
        again = self._open(line)
        if again is not None and again.serial == entry.serial:
            self._resolve(again, entry)
        return sw

    def _settle(self, session: Session) -> bool:
        """Before anything new; whether it may begin."""
        for entry in self.journal:
            if entry.serial == session.serial and entry.state is State.IN_DOUBT:
                self.queries += 1
                self._resolve(session, entry)
                if entry.state is State.IN_DOUBT:
                    return False
            if not self.repairs.gone_stops_nothing and entry.state is State.GONE and entry.serial == session.serial:
                return False
        return True

    def _resolve(self, session: Session, entry: Entry) -> None:
        if not self.repairs.by_number:
            return self._resolve_by_search(session, entry)
        answer = session.query("NUMBER", self.number, entry.number)
        if answer is None:
            return None
        if answer[0] == "found":
            self._prove(session, entry.number)
            receipt = answer[1]
            assert isinstance(receipt, Receipt)
            self._conclude(entry, receipt if self._ours(entry, receipt) else None)
        else:
            newest = answer[1]
            assert isinstance(newest, int)
            self._prove(session, newest)
            if answer[0] == "gone":
                entry.state = State.GONE
            else:
                self._conclude(entry, None)
        return None

    def _resolve_by_search(self, session: Session, entry: Entry) -> None:
        """Today's RECOVER, which rests on clocks."""
        answer = session.query("RECOVER", self.number, entry.txn)
        if answer is None:
            return
        if answer[0] == "found":
            receipt = answer[1]
            assert isinstance(receipt, Receipt)
            self._conclude(entry, receipt if self._ours(entry, receipt) else None)
            return
        _, oldest, moment = answer
        assert isinstance(oldest, int)
        assert isinstance(moment, int)
        if oldest <= 1 or 0 < moment < entry.body.moment:
            self._conclude(entry, None)
        else:
            entry.state = State.GONE

    def _prove(self, session: Session, number: int) -> None:
        self.proven[session.serial] = max(number, self.proven.get(session.serial, 0))

    @staticmethod
    def _conclude(entry: Entry, receipt: Receipt | None) -> None:
        entry.receipt = receipt
        entry.state = State.VOID if receipt is None else State.DONE

    def _ours(self, entry: Entry, receipt: Receipt) -> bool:
        body, other = entry.body, receipt.body
        if not self.repairs.body_journalled and entry.kind == DEBIT:
            body = body._replace(categories=entry.basket & self.staples)
        if self.repairs.type_compared and receipt.kind != entry.kind:
            return False
        if not self.repairs.body_compared:
            return isinstance(other, Body) and (other.terminal, other.txn) == (body.terminal, body.txn)
        return receipt.serial == entry.serial and other == body
