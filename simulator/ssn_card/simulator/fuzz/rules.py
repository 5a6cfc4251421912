# SPDX-License-Identifier: Apache-2.0
"""What must hold after every single command, whatever it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import COMMON_STATUSES, Command, Security
from ssn_card.protocol.life import MOVEMENTS
from ssn_card.protocol.values import APDU_BUFFER, PIN_TRIES

from ..counters import CommandCounters, WriteEvent
from . import told
from .fault import Fault
from .witness import Proof, Witness

COMMIT_BUFFER = 200  #: bytes that a command may need
#: Of the runtime, where no applet is selected: "applet selection failed", "command not allowed".
_RUNTIME_WORDS = (0x6999, 0x6986)
CIPHERS_PLACE = "terminal.initialised"  #: which keys the terminal's ciphers hold
_WRONG_PINS = tuple(status.WrongPin.sw + tries for tries in range(1, PIN_TRIES))
_SECURE_ERRORS = (
    status.WrongLength.sw, status.SecurityStatusNotSatisfied.sw, status.ConditionsNotSatisfied.sw, status.WrongMac.sw
)  # fmt: skip

#: The commands that may write, by what they must prove.
_WRITERS = {
    Proof.KEY: (*MOVEMENTS, commands.UPDATE, commands.STORE_DATA, commands.CHANGE_REFERENCE_DATA),
    Proof.PIN: (commands.VERIFY,),
    Proof.WRONG_PIN: (commands.VERIFY,),
}

# Exceptions, each as narrow as it can be told: to "no write without authentication", the last to honest visits.
TRY_TAKEN = "a wrong PIN takes one try"
CIPHERS = "the first session after a torn update or personalization initialises the ciphers"
FORGOTTEN = "a card that forgets its ciphers initialises them at the first command after power-up"


@dataclass(frozen=True)
class Exchange:
    """A command and all that is known of it. ``answer``: None when power was lost; ``witness``: as it was before."""

    apdu: bytes
    answer: bytes | None
    counters: CommandCounters
    changed: bool
    proof: Proof
    witness: Witness

    @property
    def sw(self) -> int:
        """Status word, 0 where there was none."""
        return int.from_bytes(self.answer[-2:]) if self.answer else 0

    @property
    def command(self) -> Command | None:
        """Of the table."""
        return self.witness.command_of(self.apdu)

    @property
    def name(self) -> str:
        """For people."""
        return self.command.name if self.command else f"{self.apdu[:2].hex().upper()}"


class Rules:
    """Judges exchanges; keeps what status words and exceptions came."""

    def __init__(self) -> None:
        self.ram: int | None = None
        self.persistent: int | None = None
        self.words: dict[int, int] = {}
        self.exceptions: dict[str, int] = dict.fromkeys((TRY_TAKEN, CIPHERS, FORGOTTEN), 0)

    def judge(self, exchange: Exchange) -> Iterator[Fault]:
        """All that is wrong with it."""
        if exchange.answer is not None:
            self.words[exchange.sw] = self.words.get(exchange.sw, 0) + 1
            yield from _status(exchange, exchange.answer)
            yield from _pin(exchange)
            if exchange.sw == status.OK:
                yield from told.judge(exchange.witness, exchange.apdu, exchange.answer[:-2], exchange.proof)
        yield from self._writes(exchange)
        yield from self._memory(exchange)

    def _writes(self, exchange: Exchange) -> Iterator[Fault]:
        writes = [event for event in exchange.counters.write_events if event.kind not in ("init", "commit")]
        if not writes and not exchange.changed:
            return
        exceptions, rest = _excepted(exchange, writes)
        for exception in exceptions:
            self.exceptions[exception] += 1
        if (rest or not exceptions) and not _may_write(exchange):
            what = ", ".join(sorted({event.place or event.kind for event in rest})) or "memory, past all counters"
            yield Fault("change without authentication", exchange.name, f"SW {exchange.sw:04X}: {what}")

    def _memory(self, exchange: Exchange) -> Iterator[Fault]:
        seen = exchange.counters
        ram, persistent = seen.ram_reset_bytes + seen.ram_deselect_bytes, seen.persistent_array_bytes
        self.ram = ram if self.ram is None else self.ram
        self.persistent = persistent if self.persistent is None else self.persistent
        if seen.allocations or ram != self.ram or persistent != self.persistent:
            yield Fault("allocation", exchange.name, f"{seen.allocations} allocations, {ram} RAM, {persistent}")
        # An honest key holder's command may be longer than the buffer that Java Card promises; a card refuses it.
        if seen.apdu_buffer_written_bytes > APDU_BUFFER and len(exchange.apdu) <= APDU_BUFFER:
            yield Fault("APDU buffer", exchange.name, f"{seen.apdu_buffer_written_bytes} bytes")
        if seen.commit_bytes > COMMIT_BUFFER:
            yield Fault("commit buffer", exchange.name, f"{seen.commit_bytes} bytes")
        for violation in seen.violations:
            if violation.rule != "allocation-after-install":
                yield Fault(violation.rule, exchange.name, violation.detail)


def allowed_words(exchange: Exchange) -> frozenset[int]:
    """Status words other than 9000 that the table declares for this very command; never 6F00."""
    command = exchange.command
    words = {one.sw for one in COMMON_STATUSES if one is not status.CardFailure}
    if not exchange.witness.selected:
        words.update(_RUNTIME_WORDS)
    if exchange.apdu[1:2] == bytes((commands.SELECT.ins,)):
        words.update(one.sw for one in commands.SELECT.statuses)
    if exchange.apdu[:1] == bytes((commands.STORE_DATA.cla,)):
        # Secure messaging is taken off before the instruction is looked at.
        words.update(_SECURE_ERRORS)
    if command is not None:
        words.update(one.sw for one in command.statuses)
        if status.WrongPin in command.statuses:
            words.update(_WRONG_PINS)
            words.discard(status.WrongPin.sw)
    return frozenset(words)


def _status(exchange: Exchange, answer: bytes) -> Iterator[Fault]:
    sw, name = exchange.sw, exchange.name
    if sw == status.CardFailure.sw:
        yield Fault("6F00", name, f"on {len(exchange.apdu)} bytes")
        return
    if sw != status.OK:
        if len(answer) > 2:
            yield Fault("refusal with data", name, f"SW {sw:04X}")
        if sw not in allowed_words(exchange):
            yield Fault("undeclared status word", f"{name} {sw:04X}", f"SW {sw:04X}")
        elif sw == status.WrongMac.sw and exchange.proof is not Proof.NONE:
            yield Fault("right MAC refused", name, f"SW {sw:04X}")
    elif exchange.proof in (Proof.NONE, Proof.WRONG_PIN) and _needs_proof(exchange):
        yield Fault("accepted without authentication", name, f"{len(answer) - 2} bytes of answer")


def _pin(exchange: Exchange) -> Iterator[Fault]:
    """A PIN is answered as its tries allow, and a wrong one takes exactly one; another is set by who may."""
    due = exchange.witness.due(exchange.apdu)
    if due not in (None, exchange.sw):
        yield Fault("PIN tries", exchange.name, f"SW {exchange.sw:04X}, not {due:04X}")


def _needs_proof(exchange: Exchange) -> bool:
    command = exchange.command
    if command is None:
        # No command of the table: nothing of ours may say that it was done.
        return exchange.apdu[1:2] != bytes((commands.SELECT.ins,))
    return command.security is not Security.NONE


def _may_write(exchange: Exchange) -> bool:
    """Whether this command proved that it may. A refusal changes nothing, but for data groups half received and tries.

    Torn commands have no status word: there the proof alone decides.
    """
    if exchange.command not in _WRITERS.get(exchange.proof, ()):
        return False
    return (
        exchange.answer is None
        or exchange.sw == status.OK
        or (exchange.command is commands.STORE_DATA and exchange.witness.blank)
        or (exchange.command is commands.STORE_DATA and exchange.sw != status.WrongMac.sw)
    )


def _excepted(exchange: Exchange, writes: Sequence[WriteEvent]) -> tuple[list[str], list[WriteEvent]]:
    """The stated exceptions that this command takes, and the writes that none of them covers."""
    ciphers = [event for event in writes if event.place == CIPHERS_PLACE and event.size == 1]
    rest = [event for event in writes if event not in ciphers]
    exceptions = []
    # Once when torn, else twice.
    if len(ciphers) in (1, 2) and (why := _ciphers_due(exchange)):
        exceptions.append(why)
    else:
        rest = list(writes)
    if rest and _try_taken(exchange, [event.kind for event in rest]):
        return [*exceptions, TRY_TAKEN], []
    return exceptions, rest


def _ciphers_due(exchange: Exchange) -> str:
    """Why this command may write which keys the ciphers hold, or ``""``."""
    if exchange.witness.cold:
        return FORGOTTEN
    first = exchange.proof is Proof.NONE and exchange.witness.unfinished
    return CIPHERS if first and exchange.apdu[1] in (commands.SELECT.ins, commands.UPDATE.ins) else ""


def _try_taken(exchange: Exchange, kinds: Sequence[str]) -> bool:
    """Whether a wrong PIN took its try, and nothing else was written."""
    # After a torn change the PIN is the old or the new one: then a right guess may be wrong.
    unsure = exchange.proof is Proof.PIN and len(exchange.witness.pins) > 1 and exchange.sw != status.OK
    if exchange.proof is not Proof.WRONG_PIN and not unsure:
        return False
    refused = exchange.answer is None or exchange.sw in (*_WRONG_PINS, status.PinBlocked.sw)
    # The applet's own count, then OwnerPIN's; torn between them, the first alone.
    return refused and (kinds == ["element", "pin-tries"] or (exchange.answer is None and kinds == ["element"]))
