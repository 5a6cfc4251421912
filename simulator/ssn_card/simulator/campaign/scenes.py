# SPDX-License-Identifier: Apache-2.0
"""The states and commands of the campaign. A scene brings a card into a state and names the command to be torn.

``command`` is made right before it is sent, with the card selected and its challenge live; the bench then tears that
very APDU again and again, from a checkpoint that holds the card's RAM.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ssn_card.entitlement import SignedUpdate
from ssn_card.personalization.card import inspect
from ssn_card.protocol.commands import CANCEL, DEBIT, OVERRIDE, Command
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import LOG_ENTRIES, KeySelection, KeyVersionNumber, LifeState, UpdateFlag

from .bench import PIN, TERMINAL, Bench


class Kind(Enum):
    """What must hold after a tear."""

    MONEY = "money"  #: as before or as after, RECOVER tells which, and it can be done again
    STATE = "state"  #: as before or as after, and it can be done again
    PERSONALIZATION = "personalization"  #: blank and repeatable, or complete


class Prepared(NamedTuple):
    """A command ready to be torn. ``again``: what its sender does after power-up; ``movement``: 28 bytes, of money."""

    apdu: bytes
    again: Callable[[Bench], object]
    movement: bytes | None = None


@dataclass(frozen=True)
class Scene:
    """One command in one state."""

    command: str
    state: str
    kind: Kind
    prepare: Callable[[Bench], Prepared]

    @property
    def name(self) -> str:
        """``COMMAND: state``."""
        return f"{self.command}: {self.state}"


def _loaded(bench: Bench) -> None:
    bench.personalize()
    bench.deliver(bench.update(900_000))


def _small_load(bench: Bench) -> None:
    bench.personalize()
    bench.deliver(bench.update(600_000))


def _debit(bench: Bench, amount: int = 10_000) -> bytes:
    receipt = bench.move(DEBIT, bench.body(amount))
    return bytes(receipt.mac)


def _full_log(bench: Bench) -> None:
    """One movement short of the log's last slot, so that the next ones wrap."""
    _loaded(bench)
    for _ in range(LOG_ENTRIES - 1):
        _debit(bench, 1_000)


def _prepared(bench: Bench, command: Command, body: bytes) -> Prepared:
    """The APDU of a movement for a fresh challenge."""
    session = bench.select()
    mac = bench.mac(session, command, body)
    if mac is None:
        key = bench.provider.diversify(KeyLabel.DEBIT, session.info.debit_key_version, session.info.serial)
        mac = key.mac8(session.mac_input(command, body))
    txn = bench.txn
    return Prepared(
        command.header_and_body(body) + mac + b"\x00", lambda later: later.select().recover(TERMINAL, txn), body
    )


def _repeatable(bench: Bench, apdu: bytes) -> Prepared:
    """A command that its sender may send again as it is."""
    bench.select()

    def again(later: Bench) -> None:
        later.select()
        later.connection.transmit(apdu)

    return Prepared(apdu, again)


def _moves(command: Command, *steps: Callable[[Bench], object], amount: int = 10_000) -> Callable[[Bench], Prepared]:
    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        return _prepared(bench, command, bench.body(amount))

    return prepare


def _cancels(*steps: Callable[[Bench], object]) -> Callable[[Bench], Prepared]:
    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        return _prepared(bench, CANCEL, bench.body(10_000, _debit(bench)))

    return prepare


def _updates(make: Callable[[Bench], SignedUpdate], *steps: Callable[[Bench], object]) -> Callable[[Bench], Prepared]:
    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        return _repeatable(bench, make(bench).command() + b"\x00")

    return prepare


def _next_month(bench: Bench) -> None:
    bench.moment = dt.datetime(2025, 11, 1, 9, 0)


def _override(bench: Bench) -> None:
    bench.move(OVERRIDE, bench.body(50_000))


def _rotated(bench: Bench) -> None:
    bench.deliver(bench.update(keys=KeySelection.DEBIT | KeySelection.RECEIPT))


def _clear(apdu: bytes) -> Callable[[Bench], Prepared]:
    def prepare(bench: Bench) -> Prepared:
        _loaded(bench)
        return _repeatable(bench, apdu)

    return prepare


def _store(block: int) -> Callable[[Bench], Prepared]:
    """The wrapped STORE DATA command ``block`` of a personalization, not sent."""

    def prepare(bench: Bench) -> Prepared:
        caught: list[bytes] = []

        class Caught(Exception):
            """The command is in hand."""

        def transmit(apdu: bytes) -> bytes:
            if apdu[1] == 0xE2 and apdu[3] == block:
                caught.append(apdu)
                raise Caught
            return bench.connection.transmit(apdu)

        session = bench.channel(KeyVersionNumber.TRANSPORT, transmit)
        serial = session.diversification[:8]
        try:
            for command in bench.blocks(session, serial):
                session.send(command)
        except Caught:
            pass
        return Prepared(caught[0], _personalize_if_blank)

    return prepare


def _personalize_if_blank(bench: Bench) -> None:
    if inspect(bench.connection).blank:
        bench.personalize()


def _correction(bench: Bench) -> Prepared:
    _loaded(bench)
    caught: list[bytes] = []

    def transmit(apdu: bytes) -> bytes:
        if apdu[1] == 0xE2:
            caught.append(apdu)
            raise InterruptedError
        return bench.connection.transmit(apdu)

    with contextlib.suppress(InterruptedError):
        bench.correct(transmit)
    return Prepared(caught[0], Bench.correct)


BLOCKS = 4  #: STORE DATA commands of a personalization

SCENES: tuple[Scene, ...] = (
    Scene("DEBIT", "first of the card", Kind.MONEY, _moves(DEBIT, _loaded)),
    Scene("DEBIT", "second of the month", Kind.MONEY, _moves(DEBIT, _loaded, _debit)),
    Scene("DEBIT", "first of another month", Kind.MONEY, _moves(DEBIT, _loaded, _debit, _next_month)),
    Scene("DEBIT", "under a raised limit", Kind.MONEY, _moves(DEBIT, _loaded, _override)),
    Scene("DEBIT", "all that is left", Kind.MONEY, _moves(DEBIT, _small_load, amount=600_000)),
    Scene("DEBIT", "after the second update", Kind.MONEY, _moves(DEBIT, _loaded, lambda b: b.deliver(b.update(1_000)))),
    Scene("DEBIT", "into the log's last slot", Kind.MONEY, _moves(DEBIT, _full_log)),
    Scene("DEBIT", "into the log's first slot again", Kind.MONEY, _moves(DEBIT, _full_log, _debit)),
    Scene("DEBIT", "under rotated keys", Kind.MONEY, _moves(DEBIT, _loaded, _rotated)),
    Scene("CANCEL", "of the newest debit", Kind.MONEY, _cancels(_loaded)),
    Scene("CANCEL", "over the log's end", Kind.MONEY, _cancels(_full_log)),
    Scene("OVERRIDE", "first of the month", Kind.MONEY, _moves(OVERRIDE, _loaded)),
    Scene("OVERRIDE", "second of the month", Kind.MONEY, _moves(OVERRIDE, _loaded, _override)),
    Scene("UPDATE", "activation", Kind.STATE, _updates(lambda b: b.update(900_000), lambda b: b.personalize())),
    Scene("UPDATE", "load", Kind.STATE, _updates(lambda b: b.update(300_000), _loaded, _debit)),
    Scene("UPDATE", "third, into the first place", Kind.STATE,
          _updates(lambda b: b.update(1), _loaded, lambda b: b.deliver(b.update(2)))),
    Scene("UPDATE", "block", Kind.STATE, _updates(lambda b: b.update(state=LifeState.BLOCKED), _loaded)),
    Scene("UPDATE", "forfeit and terminate", Kind.STATE,
          _updates(lambda b: b.update(state=LifeState.TERMINATED, flags=UpdateFlag.FORFEIT), _loaded, _debit)),
    Scene("UPDATE", "key rotation", Kind.STATE,
          _updates(lambda b: b.update(keys=KeySelection.DEBIT | KeySelection.RECEIPT), _loaded, _debit)),
    Scene("UPDATE", "PIN unblocking", Kind.STATE, _updates(lambda b: b.update(flags=UpdateFlag.UNBLOCK_PIN), _loaded)),
    Scene("UPDATE", "over the log's end", Kind.STATE, _updates(lambda b: b.update(1_000), _full_log, _debit)),
    Scene("VERIFY", "right PIN", Kind.STATE, _clear(bytes.fromhex("0020008008") + pin_block(PIN))),
    Scene("VERIFY", "wrong PIN", Kind.STATE, _clear(bytes.fromhex("0020008008") + pin_block("0000"))),
    Scene("CHANGE REFERENCE DATA", "right PIN", Kind.STATE,
          _clear(bytes.fromhex("0024008010") + pin_block(PIN) + pin_block("1234"))),
    Scene("STORE DATA", "identity correction", Kind.STATE, _correction),
    *(
        Scene("STORE DATA", f"block {block + 1} of {BLOCKS}", Kind.PERSONALIZATION, _store(block))
        for block in range(BLOCKS)
    ),
)  # fmt: skip
