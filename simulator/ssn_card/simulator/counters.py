# SPDX-License-Identifier: Apache-2.0
"""What a command did to a real card: the figures of the simulator's instrumented applet.

Rules and terms: Java Card 2.2.2 Runtime Environment Specification, chapters 5 to 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Violation:
    """A thing that an applet should never do. ``rule``: such as ``non-atomic-in-transaction``."""

    rule: str
    detail: str


@dataclass(frozen=True)
class WriteEvent:
    """A place in a command where power can be lost.

    ``kind``: ``field``, ``element``, ``copy``, ``set-short``, ``copy-non-atomic``, ``fill-non-atomic``, ``output``,
    ``key``, ``pin-value``, ``pin-tries``, ``init`` or ``commit``; ``place``: how the applet reaches what is written,
    such as ``store.ledger.records[76..151]``; ``size`` in bytes; ``divisible``: whether a tear can leave a part of it
    (inside a transaction what is conditional is taken back all the same). ``before`` and ``after`` are empty for
    references, keys and PINs. ``torn``: power went here.
    """

    kind: str
    place: str
    size: int
    divisible: bool
    before: bytes
    after: bytes
    torn: bool


@dataclass(frozen=True)
class MemoryPart:
    """An ``array``, ``key`` or ``pin`` (its ``kind``) that the applet keeps, and the ``size`` of its contents in bytes.

    ``place`` as in :class:`WriteEvent`; ``cleared``: ``never`` (persistent), or on ``reset`` or ``deselect``.
    """

    place: str
    kind: str
    size: int
    cleared: str

    @property
    def persistent(self) -> bool:
        """Whether it outlives the power."""
        return self.cleared == "never"


@dataclass(frozen=True)
class CommandCounters:
    """Figures of one command.

    ``events`` are the tear points; ``writes`` those of them that change persistent data, with ``written_bytes``.
    ``commit_bytes``: most bytes of the commit buffer in use at once, old data and 4 bytes an entry. ``bytecodes``:
    instructions of the class files executed; ``converted_bytecodes``: the same as a converter leaves them.
    ``apdu_buffer_bytes``: how far the APDU buffer was written, by the command or the applet, and
    ``apdu_buffer_written_bytes``: by the applet.

    Of the card as a whole, in bytes: ``ram_reset_bytes`` and ``ram_deselect_bytes`` allocated by clear event,
    ``ram_reached_bytes`` of them ever written, ``persistent_array_bytes`` allocated at installation.
    """

    events: int
    writes: int
    written_bytes: int
    transactions: int
    commit_bytes: int
    aes_blocks: int
    cipher_finals: int
    cipher_updates: int
    inits: int
    set_keys: int
    signatures: int
    random_bytes: int
    pin_checks: int
    bytecodes: int
    converted_bytecodes: int
    allocations: int
    apdu_buffer_bytes: int
    apdu_buffer_written_bytes: int
    ram_reset_bytes: int
    ram_deselect_bytes: int
    ram_reached_bytes: int
    persistent_array_bytes: int
    api_calls: Mapping[str, int]
    violations: tuple[Violation, ...]
    write_events: tuple[WriteEvent, ...] = ()

    @property
    def api_call_count(self) -> int:
        """Calls of the Java Card API in all."""
        return sum(self.api_calls.values())


def parse_counters(answer: Mapping[str, Any]) -> CommandCounters:
    """The answer of the simulator's ``counters`` request. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
    figures = dict(answer)
    calls = {str(name): int(count) for name, count in figures.pop("api_calls").items()}
    violations = tuple(Violation(str(one["rule"]), str(one["detail"])) for one in figures.pop("violations"))
    events = tuple(_event(one) for one in figures.pop("write_events", ()))
    return CommandCounters(
        **{name: int(value) for name, value in figures.items()},
        api_calls=MappingProxyType(calls),
        violations=violations,
        write_events=events,
    )


def _event(fields: Mapping[str, Any]) -> WriteEvent:
    return WriteEvent(
        kind=str(fields["kind"]),
        place=str(fields["place"]),
        size=int(fields["bytes"]),
        divisible=bool(fields["divisible"]),
        before=bytes.fromhex(fields["before"]),
        after=bytes.fromhex(fields["after"]),
        torn=bool(fields["torn"]),
    )
