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
from typing import Any, NamedTuple

from ssn_card.personalization.card.personalize import inspect
from ssn_card.protocol import commands
from ssn_card.protocol.commands import CANCEL, DEBIT, OVERRIDE, Command
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.status import CardStatusError, WrongPin
from ssn_card.protocol.values import LOG_ENTRIES, PIN_TRIES, KeySelection, KeyVersionNumber, LifeState

from .bench import OTHER_PIN, PIN, Bench, Movement

WRONG_PIN = "000000"
#: Rupiah that may be spent without the PIN, where a scene has a PIN asked for.
PIN_ABOVE = 50_000


class Kind(Enum):
    """What must hold after a tear."""

    MONEY = "money"  #: as before or as after, READ RECEIPT by its number tells which, and it can be done again
    STATE = "state"  #: as before or as after, and it can be done again
    PERSONALIZATION = "personalization"  #: blank and repeatable, or complete


class Prepared(NamedTuple):
    """A command ready to be torn.

    Args:
        again: what its sender does after power-up.
        movement: what was sent, of money.
        pins: what the card's PIN is before, and after, where that differs; ``None``: it has none.
        taken: tries of the PIN that are taken and given back on the way: a tear may leave so many less than before.
    """

    apdu: bytes
    again: Callable[[Bench], object]
    movement: Movement | None = None
    pins: tuple[str | None, ...] = (PIN,)
    taken: int = 0


Step = Callable[[Bench], object]
Preparation = Callable[[Bench], Prepared]


@dataclass(frozen=True)
class Scene:
    """One command in one state."""

    command: str
    state: str
    kind: Kind
    prepare: Preparation

    @property
    def name(self) -> str:
        """``COMMAND: state``."""
        return f"{self.command}: {self.state}"


# ------------------------------------------------------------ states


def _delivers(load: int = 0, **changes: Any) -> Step:
    return lambda bench: bench.deliver(bench.update(load, **changes))


def _loaded(bench: Bench, pin: str | None = PIN) -> None:
    bench.personalize(pin)
    bench.deliver(bench.update(900_000))


def _without_pin(bench: Bench) -> None:
    _loaded(bench, None)


def _small_load(bench: Bench) -> None:
    bench.personalize()
    bench.deliver(bench.update(600_000))


def _debit(bench: Bench, amount: int = 10_000) -> bytes:
    return bench.move(DEBIT, bench.body(amount)).mac


def _full_log(bench: Bench) -> None:
    """One movement short of the log's last slot, so that the next ones wrap."""
    _loaded(bench)
    for _ in range(LOG_ENTRIES - 1):
        _debit(bench, 1_000)


def _next_month(bench: Bench) -> None:
    bench.moment = dt.datetime(2025, 11, 1, 9, 0)


def _override(bench: Bench) -> None:
    bench.move(OVERRIDE, bench.body(50_000))


def guesses(count: int) -> Step:
    """So many wrong PINs."""

    def guess(bench: Bench) -> None:
        for _ in range(count):
            with contextlib.suppress(CardStatusError):
                bench.select().verify(WRONG_PIN)

    return guess


_pin_asked = _delivers(pin_above=PIN_ABOVE)
_choice = _delivers(pin_count=1)
_rotated = _delivers(key_selection=KeySelection.DEBIT | KeySelection.RECEIPT)


# ------------------------------------------------------------ movements


def _moves(
    command: Command, *steps: Step, amount: int = 10_000, given: bool = False, pins: tuple[str | None, ...] = (PIN,)
) -> Preparation:
    """``given``: the PIN is, in the session of the movement."""

    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        return _prepared(bench, command, bench.body(amount), given, pins)

    return prepare


def _cancels(*steps: Step) -> Preparation:
    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        return _prepared(bench, CANCEL, bench.body(10_000, _debit(bench)))

    return prepare


def _prepared(
    bench: Bench, command: Command, body: bytes, given: bool = False, pins: tuple[str | None, ...] = (PIN,)
) -> Prepared:
    """The APDU of a movement for a fresh challenge."""
    session = bench.select()
    if given:
        session.verify(PIN)
    number = session.newest + 1
    return Prepared(
        session.command(command, body),
        lambda later: later.select().receipt(number),
        Movement(number, command, body),
        pins,
    )


# ------------------------------------------------------------ updates


def _updates(*steps: Step, pins: tuple[str | None, ...] = (PIN,), **update: Any) -> Preparation:
    def prepare(bench: Bench) -> Prepared:
        for step in steps:
            step(bench)
        apdu = bench.update(**update)
        bench.select()

        def again(later: Bench) -> None:
            later.select()
            later.connection.transmit(apdu)

        return Prepared(apdu, again, pins=pins)

    return prepare


# ------------------------------------------------------------ PIN


def _verifies(pin: str, wrong_before: int = 0) -> Preparation:
    def prepare(bench: Bench) -> Prepared:
        _loaded(bench)
        guesses(wrong_before)(bench)
        apdu = bench.select().pin_command(commands.VERIFY, pin_block(pin))

        def again(later: Bench) -> None:
            with contextlib.suppress(CardStatusError):
                later.select().verify(pin)

        # A try is taken before the PIN is looked at.
        return Prepared(apdu, again, taken=int(pin == PIN))

    return prepare


def _changes(bench: Bench) -> Prepared:
    """By who gives the PIN."""
    _loaded(bench)
    session = bench.select()
    session.verify(PIN)
    apdu = session.pin_command(commands.CHANGE_REFERENCE_DATA, pin_block(OTHER_PIN))

    def again(later: Bench) -> None:
        """The holder tries the new PIN first."""
        session = later.select()
        try:
            session.verify(OTHER_PIN)
        except WrongPin:
            session = later.select()
            session.verify(PIN)
            session.change(OTHER_PIN)

    return Prepared(apdu, again, pins=(PIN, OTHER_PIN), taken=2)  # by the new PIN, then by the old


def _chooses(pin: str | None, *steps: Step) -> Preparation:
    """By who was given the choice of a PIN."""

    def prepare(bench: Bench) -> Prepared:
        _loaded(bench, pin)
        for step in (*steps, _choice):
            step(bench)
        apdu = bench.select().pin_command(commands.CHANGE_REFERENCE_DATA, pin_block(OTHER_PIN))

        def again(later: Bench) -> None:
            session = later.select()
            if session.status()["pin_choice"]:
                session.change(OTHER_PIN)

        return Prepared(apdu, again, pins=(pin, OTHER_PIN))

    return prepare


# ------------------------------------------------------------ STORE DATA


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

_ALL_KEYS = KeySelection.UPDATE | KeySelection.OVERRIDE | KeySelection.DEBIT | KeySelection.RECEIPT

SCENES: tuple[Scene, ...] = (
    Scene("DEBIT", "first of the card", Kind.MONEY, _moves(DEBIT, _loaded)),
    Scene("DEBIT", "second of the month", Kind.MONEY, _moves(DEBIT, _loaded, _debit)),
    Scene("DEBIT", "first of another month", Kind.MONEY, _moves(DEBIT, _loaded, _debit, _next_month)),
    Scene("DEBIT", "under a raised limit", Kind.MONEY, _moves(DEBIT, _loaded, _override)),
    Scene("DEBIT", "all that is left", Kind.MONEY, _moves(DEBIT, _small_load, amount=600_000)),
    Scene("DEBIT", "after the second update", Kind.MONEY, _moves(DEBIT, _loaded, _delivers(1_000))),
    Scene("DEBIT", "into the log's last slot", Kind.MONEY, _moves(DEBIT, _full_log)),
    Scene("DEBIT", "into the log's first slot again", Kind.MONEY, _moves(DEBIT, _full_log, _debit)),
    Scene("DEBIT", "under rotated keys", Kind.MONEY, _moves(DEBIT, _loaded, _rotated)),
    Scene("DEBIT", "the last without PIN", Kind.MONEY, _moves(DEBIT, _loaded, _pin_asked, amount=PIN_ABOVE)),
    Scene("DEBIT", "with the PIN", Kind.MONEY, _moves(DEBIT, _loaded, _pin_asked, amount=PIN_ABOVE + 1, given=True)),
    Scene("DEBIT", "of a card without PIN", Kind.MONEY, _moves(DEBIT, _without_pin, _pin_asked, pins=(None,))),
    Scene("DEBIT", "closing the choice of a PIN", Kind.MONEY, _moves(DEBIT, _loaded, _choice)),
    Scene("CANCEL", "of the newest debit", Kind.MONEY, _cancels(_loaded)),
    Scene("CANCEL", "raising the PIN's floor", Kind.MONEY, _cancels(_loaded, _pin_asked)),
    Scene("CANCEL", "over the log's end", Kind.MONEY, _cancels(_full_log)),
    Scene("OVERRIDE", "first of the month", Kind.MONEY, _moves(OVERRIDE, _loaded)),
    Scene("OVERRIDE", "second of the month", Kind.MONEY, _moves(OVERRIDE, _loaded, _override)),
    Scene("UPDATE", "activation", Kind.STATE, _updates(lambda b: b.personalize(), load=900_000)),
    Scene("UPDATE", "load", Kind.STATE, _updates(_loaded, _debit, load=300_000)),
    Scene("UPDATE", "third, into the first place", Kind.STATE, _updates(_loaded, _delivers(2), load=1)),
    Scene("UPDATE", "block", Kind.STATE, _updates(_loaded, state=LifeState.BLOCKED)),
    Scene("UPDATE", "expire and terminate", Kind.STATE,
          _updates(_loaded, _debit, state=LifeState.TERMINATED, expired_total=900_000)),
    Scene("UPDATE", "expire in part", Kind.STATE, _updates(_loaded, _debit, load=100_000, expired_total=500_000)),
    Scene("UPDATE", "another PIN rule", Kind.STATE, _updates(_loaded, _pin_asked, _debit, pin_above=20_000)),
    Scene("UPDATE", "key rotation", Kind.STATE,
          _updates(_loaded, _debit, key_selection=KeySelection.DEBIT | KeySelection.RECEIPT)),
    Scene("UPDATE", "key rotation under the next key", Kind.STATE,
          _updates(_loaded, _debit, key_selection=_ALL_KEYS, key_version=2)),
    Scene("UPDATE", "choice of a PIN", Kind.STATE, _updates(_loaded, guesses(PIN_TRIES), pin_count=1)),
    Scene("UPDATE", "mending", Kind.STATE,
          _updates(_loaded, _next_month, _debit, mend_count=1, mended_to=bytes.fromhex("2510"))),
    Scene("UPDATE", "over the log's end", Kind.STATE, _updates(_full_log, _debit, load=1_000)),
    Scene("VERIFY", "right PIN", Kind.STATE, _verifies(PIN)),
    Scene("VERIFY", "right PIN after wrong ones", Kind.STATE, _verifies(PIN, PIN_TRIES - 1)),
    Scene("VERIFY", "wrong PIN", Kind.STATE, _verifies(WRONG_PIN)),
    Scene("VERIFY", "wrong PIN, the last try", Kind.STATE, _verifies(WRONG_PIN, PIN_TRIES - 1)),
    Scene("CHANGE REFERENCE DATA", "right PIN", Kind.STATE, _changes),
    Scene("CHANGE REFERENCE DATA", "choice", Kind.STATE, _chooses(PIN)),
    Scene("CHANGE REFERENCE DATA", "choice of a blocked PIN", Kind.STATE, _chooses(PIN, guesses(PIN_TRIES))),
    Scene("CHANGE REFERENCE DATA", "choice of a first PIN", Kind.STATE, _chooses(None)),
    Scene("STORE DATA", "identity correction", Kind.STATE, _correction),
    *(
        Scene("STORE DATA", f"block {block + 1} of {BLOCKS}", Kind.PERSONALIZATION, _store(block))
        for block in range(BLOCKS)
    ),
)  # fmt: skip
