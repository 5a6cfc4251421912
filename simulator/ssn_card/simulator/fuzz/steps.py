# SPDX-License-Identifier: Apache-2.0
"""What a hostile host does, step by step: the form that is generated, mutated, shrunk and written to a file.

Values that only exist while the card runs (its challenge, MACs, its balance) are named, not stated, so that a step
stays meaningful in another place of another sequence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a step is."""

    SEND = "send"  #: a command of the table, with what ``Step`` says changed
    RAW = "raw"  #: bytes as they are
    REPLAY = "replay"  #: an earlier command of this sequence again, byte for byte
    RESET = "reset"  #: power off and on
    TEAR = "tear"  #: power goes at a persistent write of a later command
    LOSE_ANSWER = "lose-answer"  #: power goes after the next command, before its answer


class Edit(StrEnum):
    """A change to bytes."""

    XOR = "xor"  #: of the byte at ``at`` with the first of ``data``
    SET = "set"  #: ``data`` over the bytes from ``at`` on
    CUT = "cut"  #: nothing stays from ``at`` on
    ADD = "add"  #: ``data`` at the end


@dataclass(frozen=True)
class Change:
    """One edit; ``at`` counts from the first byte, or from the end where negative; ``data``: hexadecimal."""

    edit: Edit
    at: int = 0
    data: str = ""

    def apply(self, to: bytes) -> bytes:
        """The bytes changed; one that lies outside changes nothing."""
        data = bytes.fromhex(self.data)
        at = self.at if self.at >= 0 else len(to) + self.at
        if self.edit is Edit.ADD:
            return to + data
        if not 0 <= at < len(to):
            return to
        if self.edit is Edit.CUT:
            return to[:at]
        if self.edit is Edit.XOR:
            return to[:at] + bytes((to[at] ^ data[0],)) + to[at + 1 :]
        return (to[:at] + data + to[at + len(data) :])[: len(to)]


def changed(to: bytes, changes: tuple[Change, ...]) -> bytes:
    """All edits, in order."""
    for change in changes:
        to = change.apply(to)
    return to


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        command: name in the command table, of ``SEND``.
        cla, ins, p1, p2: instead of the table's; the command is signed with them.
        fields: values of the body's fields, by name: hexadecimal, or ``$name`` of what the witness knows, ``$name+1``.
        groups: data groups of a STORE DATA, by name.
        in_clear: a secured command's data as it is, neither padded nor encrypted, under a right C-MAC.
        key: who signs instead of the right key: a label, ``LABEL+`` for its next version.
        body: edits before the command is signed, so that its MAC is right over hostile contents.
        apdu: edits of the finished command.
        le: what stands behind the data, hexadecimal.
        flips: also send it with a bit of its MAC wrong, in every byte, and compare what the refusals cost.
        raw: bytes of ``RAW``, hexadecimal.
        number: how many commands back, of ``REPLAY``; which write, of ``TEAR``.
        inside, rest: of ``TEAR``, as :meth:`ssn_card.simulator.Simulator.arm_tear` has them.
    """

    kind: Kind = Kind.SEND
    command: str = ""
    cla: int | None = None
    ins: int | None = None
    p1: int | None = None
    p2: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    in_clear: bool = False
    key: str = ""
    body: tuple[Change, ...] = ()
    apdu: tuple[Change, ...] = ()
    le: str = ""
    flips: bool = False
    raw: str = ""
    number: int = 1
    inside: int = 0
    rest: str = "old"

    def as_dict(self) -> dict[str, Any]:
        """For a file: what differs from the defaults."""
        default = Step()
        values = dataclasses.asdict(self)
        return {
            name: value
            for name, value in values.items()
            if name == "kind" or getattr(self, name) != getattr(default, name)
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse. Raises ``TypeError``, ``ValueError``."""
        given = dict(values)
        given["kind"] = Kind(given["kind"])
        for name in ("body", "apdu"):
            if name in given:
                given[name] = tuple(Change(**one | {"edit": Edit(one["edit"])}) for one in given[name])
        if "groups" in given:
            given["groups"] = tuple(given["groups"])
        return cls(**given)


@dataclass(frozen=True)
class Sequence:
    """Steps on a card in one of the states."""

    state: str
    steps: tuple[Step, ...]
