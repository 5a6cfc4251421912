# SPDX-License-Identifier: Apache-2.0
"""The card: sessions, MACs, the order of its writes. The rules of money are the purse's.

``receipts`` are all that it ever made; it answers for the last ``LOG`` of them. Names with ``witness`` belong to the
invariants, the card does not know them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .purse import Purse
from .repairs import Repairs
from .terms import (
    ALREADY_DONE,
    CANCEL,
    CONFLICT,
    CONTACTS_ONLY,
    DEBIT,
    GIVEN,
    LOG,
    NO_CHALLENGE,
    NO_PIN,
    NO_PIN_SET,
    NOT_DUE,
    NOT_FOUND,
    OK,
    OVERRIDE,
    PIN_BLOCKED,
    RECEIPT,
    STALE,
    UPDATE,
    WRONG_MAC,
    WRONG_PIN,
    ZERO,
    Answer,
    Body,
    Command,
    Entitlement,
    Hole,
    Key,
    Mac,
    Quote,
    Receipt,
    fresh,
    ring,
)

TRIES = 3


@dataclass
class Witness:
    """What really happened on a card."""

    executed: dict[Mac, Receipt] = field(default_factory=dict)  #: by the command's MAC
    without_pin: int = 0  #: spent since the last PIN
    wrong_pins: int = 0  #: since the PIN was last given, chosen, or its tries were granted
    granted_pins: int = TRIES  #: guesses that were granted since then
    purses: list[Purse] = field(default_factory=list)  #: behind each receipt


class Card:
    def __init__(self, serial: int, repairs: Repairs, pin: int | None) -> None:
        self.serial, self.repairs, self.pin = serial, repairs, pin
        self.tries = TRIES
        self.purse = Purse(repairs)
        self.receipts: list[Receipt] = []
        self.witness = Witness()
        self._keys = ring(DEBIT, RECEIPT, UPDATE, OVERRIDE, serial=serial)
        self._update: tuple[Mac, Receipt] | None = None  #: the one in force
        self._challenge: object = None
        self._quote: Quote | None = None
        self._pin_given = False

    @property
    def newest(self) -> int:
        return len(self.receipts)

    def key(self, label: str) -> Key:
        return (label, 2 if label in self.purse.entitlement.keys else 1, self.serial)

    def transmit(self, command: Command, tear: int = 0, contactless: bool = False) -> Answer | None:
        """``tear``: power goes before the first write (1) or before the second, or the answer (2)."""
        answer = self._obey(command, tear, contactless)
        if tear:
            self._end()
            return None
        return answer

    def _obey(self, command: Command, tear: int, contactless: bool) -> Answer:
        ins = command.ins
        if ins == "SELECT":
            return self._select()
        if ins == UPDATE:
            return self._take_update(command, tear)
        if ins == "CLEAR VERIFY" and not self.repairs.verify_in_session:
            return Answer(self._try_pin(command.body, tear, contactless))
        if ins == "CLEAR CHOOSE" and not self.repairs.choice_in_session:
            return Answer(self._choose(command.body))
        sw, challenge = self._authentic(command)
        if ins == "VERIFY":
            return self._verify(command, sw, challenge, tear, contactless)
        if sw != OK:
            return Answer(sw)
        if ins in (DEBIT, CANCEL, OVERRIDE):
            return self._move(command, tear)
        return self._query(command, challenge)

    def _end(self) -> None:
        self._challenge = self._quote = None
        self._pin_given = False

    def _select(self) -> Answer:
        self._end()
        mask = self._keys.pad(self.key(DEBIT), "mask")
        debit, receipt, update, override = (self.key(label)[1] for label in (DEBIT, RECEIPT, UPDATE, OVERRIDE))
        self._quote = Quote(1, debit, receipt, update, override, self.newest ^ mask)
        self._challenge = fresh()
        return Answer(OK, (self.serial, self._quote, self._challenge))

    def _authentic(self, command: Command) -> tuple[int, object]:
        challenge, self._challenge = self._challenge, None
        if challenge is None:
            return NO_CHALLENGE, None
        quote = self._quote if self.repairs.select_bound else None
        label = OVERRIDE if command.ins == OVERRIDE else DEBIT
        expected = self._keys.mac(self.key(label), ("command", command.ins, command.body, quote, challenge))
        return (OK if command.mac is expected else WRONG_MAC), challenge

    def _answer(self, command: Command, data: tuple[object, ...], sent: tuple[object, ...] | None = None) -> Answer:
        mac = self._keys.mac(self.key(DEBIT), ("answer", command.ins, data, command.mac))
        return Answer(OK, data if sent is None else sent, mac)

    def _move(self, command: Command, tear: int) -> Answer:
        body = command.body
        assert isinstance(body, Body)
        newest = self.receipts[-1]
        if isinstance(newest.body, Body) and (newest.body.terminal, newest.body.txn) == (body.terminal, body.txn):
            return Answer(ALREADY_DONE)
        purse, pin_given = self.purse.copy(), self._pin_given
        if command.ins == DEBIT:
            sw = purse.debit(body, pin_given, self.pin is not None)
        else:
            sw = purse.cancel(body, newest) if command.ins == CANCEL else purse.override(body)
        if sw != OK or tear == 1:
            return Answer(sw)
        pin = NO_PIN if self.pin is None else GIVEN if pin_given else NOT_DUE
        receipt = self._commit(purse, command.ins, body, self.key(RECEIPT), pin)
        self._witness(command, receipt)
        self._challenge, self._pin_given = None, False
        result = (receipt.seq, receipt.balance, receipt.month_spent, receipt.previous, receipt.update_seq,
                  receipt.granted, receipt.month, receipt.pin, receipt.mac)  # fmt: skip
        return self._answer(command, (body, result), result)

    def _commit(self, purse: Purse, kind: str, body: Body | Entitlement, key: Key, pin: str) -> Receipt:
        """The one write."""
        previous = self.receipts[-1].mac if self.receipts else ZERO
        head = (kind, body, self.newest + 1, purse.balance, purse.month_spent, previous)
        tail = (purse.entitlement.seq, purse.granted, purse.month, pin)
        if not self.repairs.receipt_names_entitlement:
            tail = (0, 0, 0, "")
        signed = (*head, *tail, self.serial, key[1])
        receipt = Receipt(*head, *tail, self.serial, key[1], self._keys.mac(key, signed))
        self.purse = purse
        self.receipts.append(receipt)
        self.witness.purses.append(purse)
        return receipt

    def _witness(self, command: Command, receipt: Receipt) -> None:
        if command.quoted != self._quote:
            raise Hole(7, "a card that was quoted falsely did what it was told")
        assert command.mac is not None
        assert isinstance(receipt.body, Body)
        self.witness.executed[command.mac] = receipt
        if receipt.kind != DEBIT and receipt.kind != CANCEL:
            return
        if receipt.kind == DEBIT and (self._pin_given or self.pin is None):
            self.witness.without_pin = 0
        elif receipt.kind == CANCEL:
            self.witness.without_pin = max(self.witness.without_pin - receipt.body.amount, 0)
        else:
            self.witness.without_pin += receipt.body.amount
            if self.witness.without_pin > self.purse.entitlement.pin_above:
                raise Hole(4, f"{self.witness.without_pin} spent without PIN")

    def _query(self, command: Command, challenge: object) -> Answer:
        if command.ins == "NUMBER":
            data = self._by_number(command.body)
            if data[0] != "found" and not self.repairs.negatives_have_macs:
                return Answer(NOT_FOUND)
        elif command.ins == "RECOVER":
            data = self._recover(command.body)
        elif command.ins == "CHOOSE":
            sw = self._choose(self._unmask_pin(command.body, challenge))
            if sw != OK:
                return Answer(sw)
            data = ("chosen",)
        else:
            data = ("status", self.newest, self.purse.balance)
        answer = self._answer(command, data)
        self._challenge = answer.mac
        return answer

    def _by_number(self, body: object) -> tuple[object, ...]:
        assert isinstance(body, tuple)
        number = body[2]
        if number > self.newest:
            return ("not made", self.newest)
        if number <= self.newest - LOG:
            return ("gone", self.newest)
        return ("found", self.receipts[number - 1])

    def _recover(self, body: object) -> tuple[object, ...]:
        """Today's search, by terminal and transaction number."""
        assert isinstance(body, tuple)
        log = self.receipts[-LOG:]
        for one in reversed(log):
            if isinstance(one.body, Body) and (one.body.terminal, one.body.txn) == body[1:]:
                return ("found", one)
        moment = next((one.body.moment for one in log if isinstance(one.body, Body)), 0)
        return ("none", log[0].seq, moment)

    def _verify(self, command: Command, sw: int, challenge: object, tear: int, contactless: bool) -> Answer:
        if sw == NO_CHALLENGE or (sw != OK and self.repairs.mac_before_try):
            return Answer(sw)
        pin = self._unmask_pin(command.body, challenge)
        if sw != OK and pin != self.pin and self.tries and self.pin is not None:
            raise Hole(4, "the line alone takes a try")
        sw = self._try_pin(pin, tear, contactless)
        if sw != OK:
            return Answer(sw)
        answer = self._answer(command, ("right",))
        self._challenge = answer.mac
        return answer

    def _unmask_pin(self, body: object, challenge: object) -> int:
        assert isinstance(body, tuple)
        nonce, _, block = body
        return int(block) ^ self._keys.pad(self.key(DEBIT), ("pin", nonce, challenge))

    def _try_pin(self, pin: object, tear: int, contactless: bool) -> int:
        if self.pin is None:
            return NO_PIN_SET
        if not self.tries:
            return PIN_BLOCKED
        if contactless and self.tries == 1 and self.repairs.last_try_contacts:
            return CONTACTS_ONLY
        if tear == 1:
            return WRONG_PIN
        self.tries -= 1
        if tear:
            return WRONG_PIN
        self._pin_given = pin == self.pin
        if self._pin_given:
            self.tries = TRIES
            self.witness.wrong_pins, self.witness.granted_pins = 0, TRIES
            return OK
        self.witness.wrong_pins += 1
        if self.witness.wrong_pins > self.witness.granted_pins:
            raise Hole(4, f"{self.witness.wrong_pins} guesses at the PIN")
        if contactless and not self.tries:
            raise Hole(5, "a reader at the holder's pocket has blocked the PIN")
        return WRONG_PIN

    def _choose(self, pin: object) -> int:
        if not self.purse.choice:
            return NO_CHALLENGE
        assert isinstance(pin, int)
        self.pin, self.tries = pin, TRIES
        self.purse = self.purse.copy()
        self.purse.choice = False
        self.witness.wrong_pins, self.witness.granted_pins = 0, TRIES
        return OK

    def _take_update(self, command: Command, tear: int) -> Answer:
        self._end()
        new, old = command.body, self.purse.entitlement
        assert isinstance(new, Entitlement)
        if self._update is not None and command.mac is self._update[0]:
            return self._answer(command, (self._update[1],))
        if not self._authorised(new, command.mac):
            return Answer(WRONG_MAC)
        if new.seq <= old.seq:
            return Answer(STALE if new.seq < old.seq else CONFLICT)
        purse, receipt_key, answer_key = self.purse.copy(), self.key(RECEIPT), self.key(DEBIT)
        sw = purse.update(new)
        if sw != OK or tear == 1:
            return Answer(sw)
        tries = new.pin_count > old.pin_count if self.repairs.pin_count else new.unblock
        if not self.repairs.count_before_tries and tries:
            self.tries = TRIES
            if tear:
                return Answer(OK)
        stated = new if self.repairs.update_receipt_states_all else new._replace(
            limit=0, override_max=0, debit_max=0, pin_above=0, expired=0, valid_until=0)  # fmt: skip
        receipt = self._commit(purse, UPDATE, stated, receipt_key, NOT_DUE)
        assert command.mac is not None
        self._update = (command.mac, receipt)
        self.witness.granted_pins += TRIES if tries else 0
        if tries and not tear:
            self.tries = TRIES
        mac = self._keys.mac(answer_key, ("answer", UPDATE, (receipt,), command.mac))
        return Answer(OK, (receipt,), mac)

    def _authorised(self, new: Entitlement, mac: Mac | None) -> bool:
        key = self.key(UPDATE)
        keys = [key]
        if self.repairs.next_update_key and key[1] == 1 and UPDATE in new.keys:
            keys.append((UPDATE, 2, self.serial))
        return any(mac is self._keys.mac(one, ("update", new)) for one in keys)
