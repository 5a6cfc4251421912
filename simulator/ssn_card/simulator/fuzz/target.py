# SPDX-License-Identifier: Apache-2.0
"""One card under fire: put back into its state before each sequence, watched at each command."""

from __future__ import annotations

import random
import zlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.transport import ConnectionLost

from ..campaign.bench import Bench
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import Edge, Freedom, Measured, Medium, Rest, SimulatedCard, Simulator
from . import honest, times
from .compose import compose
from .fault import Fault
from .rules import CIPHERS_PLACE, Exchange, Rules
from .states import FuzzState
from .steps import Kind, Step
from .witness import Proof, Witness

_START, _FLIPS, _TORN = "start", "flips", "torn"  #: checkpoints
_SEED = b"hostile host"  #: of the card's random numbers: a sequence does the same each time


@dataclass
class FuzzOutcome:
    """What came of a sequence. ``apdus``: hostile commands; ``reached``: edges and pairs that the card had never
    passed, and each status word by state and command."""

    faults: list[Fault] = field(default_factory=list)
    apdus: int = 0
    sent: list[bytes] = field(default_factory=list)
    reached: set[Hashable] = field(default_factory=set)


class _Watched(LaboratoryConnection):
    """Lets a witness see what honest programs say to the card."""

    def __init__(self, simulator: Simulator, card: SimulatedCard, witness: Witness) -> None:
        self.witness = witness
        super().__init__(simulator, card)

    def _exchange(self, command: bytes) -> bytes:
        proof = self.witness.examine(command)
        answer = super()._exchange(command)
        self.witness.learn(command, answer, proof)
        return answer


class Target:
    """A card in one state."""

    def __init__(
        self, simulator: Simulator, state: FuzzState, provider: KeyProvider, rules: Rules, classes: Path | None = None
    ) -> None:
        serial = b"FUZZ" + zlib.crc32(state.name.encode()).to_bytes(4)
        self.simulator, self.state, self.rules, self.provider = simulator, state, rules, provider
        self.card = blank_card(simulator, serial, classes=classes, coverage=True)
        simulator.seed_random(self.card, _SEED)
        self._connection = _Watched(simulator, self.card, Witness(provider, serial))
        bench = Bench(self._connection, provider)
        state.prepare(bench)
        bench.select()
        simulator.set_medium(self.card, state.medium)
        simulator.set_pieces(self.card, state.pieces)
        self._start = self._connection.witness
        self._start.contactless = state.medium not in (Medium.CONTACT, Medium.USB)
        self._digest = self._base = simulator.measure(self.card, bytes(4)).digest
        simulator.checkpoint(self.card, _START)

    def edges(self) -> tuple[Edge, ...]:
        """Coverage of the applet by this card."""
        return self.simulator.coverage(self.card)

    def remove(self) -> None:
        """Throw the card away."""
        self._connection.close()
        self.simulator.remove(self.card)

    def run(self, steps: tuple[Step, ...], *, thorough: bool = False) -> FuzzOutcome:
        """A sequence from the beginning; ``thorough``: the honest terminal then also reads the log and debits."""
        self.simulator.rewind(self.card, _START)
        self.simulator.disarm(self.card)
        self._connection.resume()
        self._connection.witness = self._start.copied()
        self._digest = self._base
        outcome = FuzzOutcome()
        armed = False
        for step in steps:
            if step.kind is Kind.RESET:
                self._power_up()
            elif step.kind is Kind.TEAR:
                self.simulator.arm_tear(self.card, step.number, step.inside, Rest(step.rest))
                armed = True
            elif step.kind is Kind.LOSE_ANSWER:
                self.simulator.lose_answer(self.card)
                armed = True
            else:
                apdu = self._bytes(step, outcome)
                if apdu is None:
                    continue
                if step.flips and not armed:
                    self._flip(apdu, outcome)
                armed = self._send(apdu, outcome) and armed
            if outcome.faults or self._connection.witness.doubt is not None:
                return outcome
        self._visit(outcome, thorough)
        return outcome

    def _bytes(self, step: Step, outcome: FuzzOutcome) -> bytes | None:
        if step.kind is Kind.RAW:
            apdu = bytes.fromhex(step.raw)
        elif step.kind is Kind.REPLAY:
            apdu = outcome.sent[-step.number] if step.number <= len(outcome.sent) else b""
        else:
            apdu = compose(step, self._connection.witness)
        without_le = len(apdu) == 4 or (len(apdu) > 5 and len(apdu) == 5 + apdu[4])
        if without_le and Freedom.STRICT_SENDING in self.simulator.freedoms:
            apdu += b"\x00"  # without Le such a card does what it is told and cannot say so
        # The line carries no message of one byte; the simulator takes none.
        return apdu if len(apdu) > 1 else None

    def _send(self, apdu: bytes, outcome: FuzzOutcome) -> bool:
        """One hostile command; whether it was answered."""
        witness = self._connection.witness
        proof = witness.examine(apdu)
        before = witness.copied()
        measured = self._measure(apdu, outcome)
        outcome.sent.append(apdu)
        changed = measured.digest != self._digest
        self._digest = measured.digest
        exchange = Exchange(apdu, measured.answer, measured.counters, changed, proof, before)
        if measured.counters.inits and any(event.place == CIPHERS_PLACE for event in measured.counters.write_events):
            witness.cold = False
        if measured.answer is None:
            witness.torn(apdu, proof)
            self._settle(outcome)
        else:
            witness.learn(apdu, measured.answer, proof)
        if exchange.command is not None:
            outcome.reached.add((self.state.name, exchange.name, exchange.sw))
        outcome.faults += self.rules.judge(exchange)
        return measured.answer is not None

    def _measure(self, apdu: bytes, outcome: FuzzOutcome) -> Measured:
        measured = self.simulator.measure(self.card, apdu)
        outcome.apdus += 1
        outcome.reached.update(measured.fresh)
        return measured

    def _flip(self, apdu: bytes, outcome: FuzzOutcome) -> None:
        """An authentic command with wrong bits in its MAC, each from the same moment; the card is put back."""
        witness = self._connection.witness
        if witness.examine(apdu) is Proof.NONE:
            return
        self.simulator.checkpoint(self.card, _FLIPS)
        random_ = random.Random(apdu)  # noqa: S311  the same command is flipped in the same way
        for proofs in times.compared(apdu):
            refusals = []
            for wrong in times.flipped(apdu, proofs, random_):
                measured = self._measure(wrong, outcome)
                proof = witness.examine(wrong)
                outcome.faults += self.rules.judge(
                    Exchange(wrong, measured.answer, measured.counters, measured.digest != self._digest, proof, witness)
                )
                refusals.append((int.from_bytes((measured.answer or b"")[-2:]), measured.counters))
                self.simulator.rewind(self.card, _FLIPS)
            outcome.faults += times.judge(proofs.name, refusals)

    def _settle(self, outcome: FuzzOutcome) -> None:
        """After a tear: power up, and let the honest terminal look whether the command was done; unseen by the card."""
        self._power_up()
        if self._connection.witness.doubt is None and self._connection.witness.tries is not None:
            return
        self.simulator.checkpoint(self.card, _TORN)
        unfinished = self._connection.witness.unfinished
        outcome.faults += self._found(honest.reading, Bench(self._connection, self.provider))
        self.simulator.rewind(self.card, _TORN)
        self._connection.resume()
        self._connection.witness.reset()
        self._connection.witness.unfinished = unfinished

    def _power_up(self) -> None:
        self._connection.reset()
        self._connection.witness.reset()
        self._connection.witness.cold = Freedom.FORGOTTEN_CIPHERS in self.simulator.freedoms

    def _visit(self, outcome: FuzzOutcome, thorough: bool) -> None:
        """The honest terminal; the digest is of no interest any more."""
        self.simulator.disarm(self.card)
        bench = Bench(self._connection, self.provider)
        outcome.faults += self._found(honest.reading, bench)
        if thorough and not outcome.faults:
            outcome.faults += self._found(honest.working, bench)

    def _found(self, look: honest.Look, bench: Bench) -> Iterator[Fault]:
        try:
            fault = look(bench, self._connection.witness)
        except ConnectionLost as error:
            fault = Fault(honest.RULE, "lost", str(error))
        if fault is not None:
            yield fault
