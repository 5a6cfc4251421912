# SPDX-License-Identifier: Apache-2.0
"""The declared session against the applet: every command in every state, done, with a wrong MAC, in a wrong form."""

from __future__ import annotations

import copy
import itertools

import pytest
from tests.card.live_card import Talk, nonce
from tests.card.scp03_host import Scp03Host
from tests.conftest import IDENTITY
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command
from ssn_card.protocol.life import MOVEMENTS, QUERIES, CommandOutcome, Session, session_after

NO_MAC = (commands.SELECT, commands.INITIALIZE_UPDATE)
SECURED = (commands.EXTERNAL_AUTHENTICATE, commands.STORE_DATA, commands.GET_DATA)
TERMINAL = (*QUERIES, *MOVEMENTS, commands.UPDATE)

CASES = [
    *((command, CommandOutcome.DONE) for command in (*NO_MAC, *SECURED, *TERMINAL)),
    *((command, CommandOutcome.WRONG_MAC) for command in (*SECURED, *TERMINAL)),
    *((command, CommandOutcome.WRONG_FORM) for command in TERMINAL),
]

ISSUER, ALL = 0x30, 0x33
PIN = wire.pin_block("482917")
CORRECTION = bytes.fromhex("0102") + bytes((len(IDENTITY),)) + IDENTITY


class Visitor:
    """Brings an active card into a session state, sends one command, and finds out which state it is in then."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.host = Scp03Host(talk.raw, talk.card.serial)
        self.numbers = itertools.count(1)
        talk.load(entitlement(next(self.numbers), 900_000))
        self.newest = talk.debit(1000, txn=next(self.numbers))
        self.host.open(ISSUER, ALL)  # keys of a session that has ended, for the states without one
        talk.challenge = None

    def enter(self, state: Session, first: Command | None = None) -> None:
        self.talk.select()
        if first is commands.CHANGE_REFERENCE_DATA:  # it wants the PIN given in the same session
            assert self.talk.verify(PIN) == wire.OK
        if state is Session.NONE:
            assert self._status(bytes(16)) != wire.OK
        if state in (Session.INITIATED, Session.SECURE):
            self.host.initialize(ISSUER)
        if state is Session.SECURE:
            assert self.host.authenticate(ALL) == wire.OK

    def send(self, command: Command, outcome: CommandOutcome) -> None:
        host = copy.copy(self.host)
        if command is commands.SELECT:
            self.talk.select()
        elif command is commands.INITIALIZE_UPDATE:
            host.initialize(ISSUER)
            self.host = host
        elif command is commands.EXTERNAL_AUTHENTICATE:
            if host.authenticate(ALL, mac=bytes(8) if outcome is CommandOutcome.WRONG_MAC else None) == wire.OK:
                self.host = host
        elif command in SECURED:
            self._secured(host, command, outcome)
        else:
            self._terminal(command, outcome)

    def _secured(self, host: Scp03Host, command: Command, outcome: CommandOutcome) -> None:
        apdu = host.wrap(command.ins, 0x01, 0x02, b"")
        if command is commands.STORE_DATA:
            host = copy.copy(self.host)
            apdu = host.wrap(command.ins, 0x88, 0x00, CORRECTION)
        if outcome is CommandOutcome.WRONG_MAC:
            apdu = apdu[:-9] + bytes(8) + apdu[-1:]
        if self.talk.raw(apdu)[1] == wire.OK:
            self.host = host

    def _terminal(self, command: Command, outcome: CommandOutcome) -> None:
        key = bytes(16) if outcome is CommandOutcome.WRONG_MAC else None
        before = self.talk.challenge or bytes(8)
        self.talk.challenge = before
        if command is commands.UPDATE:
            apdu = self.talk.update_command(entitlement(next(self.numbers), 900_000), key)
        else:
            apdu = self.talk.signed(command.ins, self._body(command, before), key=key)
        if outcome is CommandOutcome.WRONG_FORM:
            apdu = apdu[:3] + b"\x01" + apdu[4:]
        data, sw = self.talk.raw(apdu)
        # Whatever the command is: were its answer's MAC a challenge, this would find it out.
        self.talk.challenge = data[-8:] if sw == wire.OK else before

    def _body(self, command: Command, challenge: bytes) -> bytes:
        if command in (commands.VERIFY, commands.CHANGE_REFERENCE_DATA):
            return wire.pin_query(self.talk.keys.debit, challenge, PIN, nonce())
        if command in QUERIES:
            return wire.receipt_query(1) if command is commands.READ_RECEIPT else wire.query()
        return movement(1000, txn=next(self.numbers), rest=self.newest[MAC:] if command is commands.CANCEL else b"")

    def _status(self, key: bytes | None = None) -> int:
        return self.talk.raw(self.talk.signed(wire.STATUS, wire.query(), key=key))[1]

    def state(self) -> Session:
        """Each question is refused, and changes nothing, in all states but its own."""
        self.talk.challenge = self.talk.challenge or bytes(8)
        if self._status() == wire.OK:
            return Session.LIVE
        if copy.copy(self.host).authenticate(ALL) == wire.OK:
            return Session.INITIATED
        if self.talk.raw(self.host.wrap(commands.GET_DATA.ins, 0x01, 0x02, b""))[1] == wire.OK:
            return Session.SECURE
        return Session.NONE


def _name(value: object) -> str:
    return value.name if isinstance(value, Command | Session | CommandOutcome) else str(value)


@pytest.mark.parametrize("before", Session, ids=_name)
def test_a_state_is_told_from_the_others(pin_talk: Talk, before: Session) -> None:
    visitor = Visitor(pin_talk)
    visitor.enter(before)
    assert visitor.state() is before


@pytest.mark.parametrize("before", Session, ids=_name)
@pytest.mark.parametrize(("command", "outcome"), CASES, ids=_name)
def test_every_command_leads_where_it_is_declared_to(
    pin_talk: Talk, before: Session, command: Command, outcome: CommandOutcome
) -> None:
    visitor = Visitor(pin_talk)
    visitor.enter(before, command)
    visitor.send(command, outcome)
    assert visitor.state() is session_after(before, command, outcome)
