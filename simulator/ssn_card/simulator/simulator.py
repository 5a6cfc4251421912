# SPDX-License-Identifier: Apache-2.0
"""Starts a simulator process and steers it, or steers one that another process started."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from .control import ControlClient
from .counters import CommandCounters, MemoryPart, parse_counters
from .errors import SimulatorDied, SimulatorRefused, SimulatorStopped, StaleState
from .java import command_line
from .process import SimulatorProcess
from .saved import pack, unpack
from .state import SimulatorState, read_state, state_path

VPCD_HOST = "127.0.0.1"
VPCD_PORT = 35_963  #: of the first slot of pcscd's virtual reader; the next slot has the next port
SLOTS = 2


@dataclass(frozen=True)
class SimulatedCard:
    """A card in a simulator: ``id`` in that simulator, its TCP ``port`` on this machine, its ``name`` or ``""``."""

    id: int
    port: int
    name: str = ""

    @property
    def url(self) -> str:
        """What :func:`ssn_card.transport.open_connection` takes."""
        return f"vpcd:127.0.0.1:{self.port}"


@dataclass(frozen=True)
class AppletClass:
    """Another applet than the programme's own: Java class on the simulator's class path, AID of 5 to 16 bytes."""

    java_class: str
    aid: bytes


class Rest(StrEnum):
    """What a torn write that is not atomic leaves from the place of the tear on; before it, all is new."""

    OLD = "old"  #: the old bytes
    GARBAGE = "garbage"  #: in the byte being written, neither old nor new; then the old bytes
    ERASED = "erased"  #: neither old nor new in all of them, as on a card that erases a page first


class Allocations(StrEnum):
    """What an applet gets that allocates after its installation; always recorded as a violation."""

    REFUSE = "refuse"  #: the command ends with 6F00, whatever the applet catches
    NO_RESOURCE = "no-resource"  #: SystemException.NO_RESOURCE, as from a full heap
    ALLOW = "allow"  #: the memory; such a card cannot be saved


class Freedom(StrEnum):
    """What the Java Card specifications leave open, read at its worst; told in docs/card.md, "On any card"."""

    SIGNED_COMPARE = "signed-compare"  #: Util.arrayCompare orders bytes as signed
    HELD_BLOCKS = "held-blocks"  #: Cipher.update holds its last block back
    FORGOTTEN_CIPHERS = "forgotten-ciphers"  #: no cipher stays initialised over a reset
    TORN_INIT = "torn-init"  #: Cipher.init writes in steps; torn, it works with another key
    SPOILT_NEIGHBOURS = "spoilt-neighbours"  #: a torn NonAtomic write spoils its whole array
    TORN_PIN = "torn-pin"  #: OwnerPIN.update is torn between value, length and tries
    LATE_TRY = "late-try"  #: a wrong PIN's try is counted after the comparison
    TORN_KEY = "torn-key"  #: setKey is torn inside
    DATA_FROM_NOTHING = "data-from-nothing"  #: setIncomingAndReceive takes Le for Lc
    STRICT_SENDING = "strict-sending"  #: nothing is sent before all was received, nor without Le
    LATE_DATA = "late-data"  #: data come when received, in pieces
    SHORT_BUFFER = "short-buffer"  #: an APDU buffer of 133 bytes
    TIGHT_COMMIT = "tight-commit"  #: a commit buffer for one log record
    INSTALL_ANYWHERE = "install-anywhere"  #: install parameters among remnants
    T0 = "t0"  #: contacts speak T=0


#: All but T=0, which excludes another: over T=1 a card may know whether an answer is awaited.
HARSH = frozenset(Freedom) - {Freedom.T0}


class Medium(StrEnum):
    """How the reader reaches a card (Java Card 2.2.2 API, APDU.getProtocol)."""

    CONTACT = "contact"
    USB = "usb"  #: of contacts too
    TYPE_A = "type-a"  #: contactless, ISO 14443 type A
    TYPE_B = "type-b"  #: contactless, ISO 14443 type B
    TYPE_F = "type-f"  #: contactless, FeliCa
    HCI = "hci"  #: a phone's secure element behind its contactless front end
    UNKNOWN = "unknown"  #: what no version of the specification names


@dataclass(frozen=True)
class Measured:
    """One command. ``answer``: None when it was torn; ``digest``: of all that is persistent, the same where nothing
    has changed; ``fresh``: numbers of edges, and of pairs of them (above all edges), that the card never passed before.
    """

    answer: bytes | None
    counters: CommandCounters
    digest: int
    fresh: tuple[int, ...]


@dataclass(frozen=True)
class Edge:
    """A way through the applet's code: a method's entry, or (``branch``) one way on of a condition or switch."""

    number: int
    name: str
    branch: bool
    passed: bool


class Simulator:
    """Many simulated cards in one Java process. Use as a context manager; safe to share between threads.

    A card is held by one connection or reader at a time; a further connection waits until it is free. A card's state
    lasts until it is removed or the simulator stops.
    """

    def __init__(
        self,
        *,
        jar: Path | None = None,
        classpath: Sequence[Path] = (),
        java_options: Sequence[str] = (),
        freedoms: Collection[Freedom] = (),
    ) -> None:
        """``jar``: instead of the one that is found; ``classpath``: further applets; ``java_options``: for the JVM;
        ``freedoms``: what its cards take where :meth:`create_card` is told nothing."""
        self._jar, self._classpath = jar, tuple(classpath)
        self.freedoms = frozenset(freedoms)
        self._java_options = (*java_options, f"-Dssn.card.freedoms={','.join(freedoms)}")
        self._process: SimulatorProcess | None = None
        self._control: ControlClient | None = None
        self._starting = Lock()

    @classmethod
    def attach(cls, path: Path | None = None) -> Simulator:
        """A simulator that another process started, by its state file. :meth:`stop` only lets go of it.

        Raises:
            NoRunningSimulator, StaleState: none runs.
            BadState: the file must not be used.
        """
        state = read_state(path)
        simulator = cls()
        try:
            simulator._control = ControlClient(state.control_port, state.token)
        except (OSError, SimulatorDied, SimulatorRefused):
            # Nobody listens there, or somebody who does not know the token.
            raise StaleState(path or state_path()) from None
        return simulator

    def start(self) -> Self:
        """Start the process unless it runs; about a quarter of a second.

        Raises :class:`JavaMissing`, :class:`SimulatorJarMissing`, :class:`SimulatorDied`.
        """
        with self._starting:
            if self._control is None:
                self._launch()
        return self

    def state(self) -> SimulatorState:
        """What :func:`write_state` needs. Raises :class:`SimulatorStopped`, also for an attached simulator."""
        if self._process is None:
            raise SimulatorStopped
        return SimulatorState(self._process.control_port, self._process.pid, self._process.token)

    def another(self) -> Simulator:
        """The same simulator over a control connection of its own, for a thread that is not to wait for others.

        :meth:`stop` only lets go of it. Raises :class:`SimulatorStopped`, also of an attached one.
        """
        state = self.state()
        simulator = Simulator()
        simulator._control = ControlClient(state.control_port, state.token)
        return simulator

    def create_card(
        self,
        install: bytes,
        *,
        name: str = "",
        applet: AppletClass | None = None,
        real: bool = True,
        classes: Path | None = None,
        coverage: bool = False,
        freedoms: Collection[Freedom] | None = None,
        announced: int | None = None,
    ) -> SimulatedCard:
        """A new card with its applet installed, in no reader.

        ``install``: what the applet's install() gets as application data; ``announced``: the length in bytes that they
        are said to have, if not the true one; ``name``: unique, at most 64 characters; ``freedoms``: what a real card
        takes, instead of what the simulator was started with;
        ``real``: with the memory of a real card (transactions, tears, counters), not jCardSim's. Only a card that is
        not real runs the applet's classes as they are. ``classes``: a folder with class files of the applet that go
        before the simulator's own, for a real card (a mutant, or classes that JaCoCo has instrumented offline).
        ``coverage``: its classes report which way they go, for :meth:`measure` and :meth:`coverage`; a real card.
        Raises :class:`NameTaken`, :class:`NotJavaCard`, :class:`SimulatorRefused` (the applet refused),
        :class:`SimulatorDied`.
        """
        other: dict[str, object] = {} if applet is None else {"class": applet.java_class, "aid": applet.aid.hex()}
        if freedoms is not None:
            other["freedoms"] = ",".join(freedoms)
        if announced is not None:
            other["announced"] = announced
        if classes is not None:
            other["classes"] = str(classes.resolve())
        return _card(self._request("create", install=install.hex(), name=name, real=real, coverage=coverage, **other))

    def cards(self) -> list[SimulatedCard]:
        """All cards, oldest first."""
        return [_card(card) for card in self._request("list")["cards"]]

    def insert(self, card: SimulatedCard, slot: int = 0, *, host: str = VPCD_HOST, port: int | None = None) -> None:
        """Put the card into ``slot`` (0 or 1) of pcscd's virtual reader, or into the vpcd slot at ``port``.

        Returns when pcscd has noticed it. Raises :class:`CardBusy`, :class:`VirtualReaderMissing`, :class:`SlotTaken`,
        :class:`NoSuchCard`.
        """
        self._request("insert", card=card.id, host=host, port=VPCD_PORT + slot if port is None else port)

    def eject(self, card: SimulatedCard) -> None:
        """Take the card out of pcscd's reader; nothing happens if it is in none. Raises :class:`NoSuchCard`."""
        self._request("eject", card=card.id)

    def remove(self, card: SimulatedCard) -> None:
        """Destroy the card; a connection to it breaks. Raises :class:`NoSuchCard`."""
        self._request("remove", card=card.id)

    def power_cycle(self, card: SimulatedCard) -> None:
        """Cut the card's power and restore it, unknown to its reader. Raises :class:`NoSuchCard`."""
        self._request("power-cycle", card=card.id)

    # ------------------------------------------------------------ what only a real card has
    # All raise NoSuchCard, and NotARealCard for a card made with real=False.

    def arm_tear(self, card: SimulatedCard, write: int, inside: int | None = None, rest: Rest = Rest.OLD) -> None:
        """Cut the power before the ``write``-th event from now (1 is the next), be it commands later.

        ``inside``: bytes of that event that are done first, if it is divisible; ``rest``: what is left behind them.
        The reader gets no answer and sees the card gone.
        """
        self._request("arm-tear", card=card.id, write=write, inside=inside or 0, rest=rest.value)

    def lose_answer(self, card: SimulatedCard) -> None:
        """Cut the power when the next command has been done, before it is answered."""
        self._request("arm-lost-answer", card=card.id)

    def disarm(self, card: SimulatedCard) -> None:
        """Forget an armed tear."""
        self._request("disarm", card=card.id)

    def counters(self, card: SimulatedCard, *, events: bool = False) -> CommandCounters:
        """What the card's last command did; ``events``: with each write."""
        return parse_counters(self._request("counters", card=card.id, events=events))

    def paced_ms(self, card: SimulatedCard) -> float:
        """What the last command of a reader took at the simulator's pace, in ms; 0 without one."""
        return float(self._request("paced", card=card.id)["milliseconds"])

    def memory(self, card: SimulatedCard) -> tuple[MemoryPart, ...]:
        """What the applet keeps, object by object."""
        parts = self._request("memory", card=card.id)["parts"]
        return tuple(MemoryPart(one["place"], one["kind"], one["bytes"], one["cleared"]) for one in parts)

    def set_commit_capacity(self, card: SimulatedCard, capacity: int) -> None:
        """Give the card a commit buffer of so many bytes (512 at first). An entry takes its data and 6 bytes."""
        self._request("commit-capacity", card=card.id, bytes=capacity)

    def set_allocations(self, card: SimulatedCard, policy: Allocations) -> None:
        """What the applet gets when it allocates from now on."""
        self._request("allocations", card=card.id, policy=policy.value)

    def set_medium(self, card: SimulatedCard, medium: Medium) -> None:
        """Have the reader reach the card so from now on (contacts at first)."""
        self._request("medium", card=card.id, medium=medium.value)

    def set_pieces(self, card: SimulatedCard, size: int) -> None:
        """Have a command's data reach the applet in pieces of ``size`` bytes, as from a card with short T=1 blocks."""
        self._request("pieces", card=card.id, bytes=size)

    def seed_random(self, card: SimulatedCard, seed: bytes) -> None:
        """Make the card's random numbers follow from ``seed``; empty: unpredictable again."""
        self._request("seed", card=card.id, seed=seed.hex())

    def save(self, card: SimulatedCard) -> bytes:
        """All persistent state of the card, its keys in clear, and what was installed. Raises :class:`CannotSave`."""
        return pack(self._request("save", card=card.id)["saved"], card.name)

    def restore(self, data: bytes, *, name: str | None = None) -> SimulatedCard:
        """A new card in the state of a saved one, without power, named as that one was or ``name``.

        Raises :class:`BadSavedCard`, :class:`CannotSave` (another version of the applet), :class:`NameTaken`.
        """
        saved, old_name = unpack(data)
        return _card(self._request("restore", saved=saved, name=old_name if name is None else name))

    def checkpoint(self, card: SimulatedCard, name: str = "") -> None:
        """Remember all that the card is, with its RAM, its selected applet and its seeded random numbers."""
        self._request("checkpoint", card=card.id, name=name)

    def rewind(self, card: SimulatedCard, name: str = "") -> None:
        """Make the card what it was at the checkpoint of that name, as often as wanted.

        Raises :class:`CannotSave` without one.
        """
        self._request("rewind", card=card.id, name=name)

    def power(self, card: SimulatedCard, on: bool) -> None:
        """Power the card up or down. Raises :class:`CardBusy` while a reader holds it."""
        self._request("power", card=card.id, on=on)

    def transmit(self, card: SimulatedCard, apdu: bytes) -> bytes | None:
        """One command to a card that no reader holds: its answer, or None when it was torn.

        Raises :class:`CardBusy`, :class:`CardUnpowered`.
        """
        answer = self._request("transmit", card=card.id, apdu=apdu.hex())
        return None if answer.get("torn") else bytes.fromhex(answer["answer"])

    def measure(self, card: SimulatedCard, apdu: bytes) -> Measured:
        """As :meth:`transmit`, with all that can be told of the command, in one request."""
        answer = self._request("transmit", card=card.id, apdu=apdu.hex(), measured=True)
        return Measured(
            None if answer.get("torn") else bytes.fromhex(answer["answer"]),
            parse_counters(answer["counters"]),
            int(answer["digest"]),
            tuple(answer["edges"]),
        )

    def coverage(self, card: SimulatedCard) -> tuple[Edge, ...]:
        """Every edge of the applet that the card's classes report; none unless made with ``coverage``."""
        return tuple(Edge(**one) for one in self._request("coverage", card=card.id)["edges"])

    def wait(self) -> None:
        """Block until the process that we started ends. Raises :class:`SimulatorStopped`."""
        if self._process is None:
            raise SimulatorStopped
        self._process.wait()

    def shutdown(self) -> None:
        """End the simulator process, also one of another process; returns when it is gone."""
        if self._control is None:
            raise SimulatorStopped
        self._control.shutdown()
        self.stop()

    def stop(self) -> None:
        """End the process that we started, or let go of an attached one. Never raises; twice is fine."""
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            control.close()
        if process is not None:
            process.stop()

    def _launch(self) -> None:
        process = SimulatorProcess(command_line(self._jar, self._classpath, self._java_options))
        try:
            self._control = ControlClient(process.control_port, process.token)
        except OSError:
            process.stop()
            raise process.died() from None
        except BaseException:
            process.stop()
            raise
        self._process = process

    def _request(self, operation: str, **fields: object) -> dict[str, Any]:
        control, process = self._control, self._process
        if control is None:
            raise SimulatorStopped
        try:
            return control.request(operation, **fields)
        except SimulatorDied as error:
            raise (process.died() if process is not None else error) from error

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Simulator{'' if self._control is not None else ' stopped'}>"


def _card(fields: dict[str, Any]) -> SimulatedCard:
    return SimulatedCard(int(fields["card"]), int(fields["port"]), str(fields["name"]))
