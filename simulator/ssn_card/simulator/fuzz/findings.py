# SPDX-License-Identifier: Apache-2.0
"""A finding: a rule broken, and the shortest sequence that still breaks it, as a file that runs again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..errors import BadFinding
from .fault import Fault
from .states import STATES
from .steps import Kind, Sequence, Step

SCHEMA = "ssn-card/sim-fuzz-finding/1"

#: Whether a sequence still shows the fault that it was kept for.
Shows = Callable[[Sequence], bool]


@dataclass(frozen=True)
class Finding:
    """``sent``: the commands as they went to the card; the last broke the rule, or the honest terminal after it."""

    fault: Fault
    sequence: Sequence
    sent: tuple[bytes, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For ``--json`` and for a file."""
        return {
            "schema": SCHEMA,
            **dataclasses.asdict(self.fault),
            "state": self.sequence.state,
            "steps": [step.as_dict() for step in self.sequence.steps],
            "sent": [apdu.hex() for apdu in self.sent],
        }

    def write(self, folder: Path, number: int) -> Path:
        """Put it into a file of that folder."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number:03}-{self.fault.rule.replace(' ', '-')}.json"
        path.write_text(json.dumps(self.as_dict(), indent=1) + "\n")
        return path


def read(path: Path) -> Finding:
    """A finding from its file. Raises :class:`BadFinding`."""
    try:
        values = json.loads(path.read_text())
        if values["schema"] != SCHEMA:
            raise BadFinding(path, Text("another format", "format lain"))
        sequence = Sequence(values["state"], tuple(Step.from_dict(one) for one in values["steps"]))
        fault = Fault(values["rule"], values["where"], values["detail"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFinding(path, _why(error)) from error
    if sequence.state not in {state.name for state in STATES}:
        raise BadFinding(path, Text("an unknown state", "keadaan tidak dikenal"))
    return Finding(fault, sequence)


def _why(error: Exception) -> Text:
    if isinstance(error, OSError):
        return system_reason(error)
    return Text("no finding of this version", "bukan temuan dari versi ini")


def shrunk(sequence: Sequence, shows: Shows) -> Sequence:
    """The sequence without what it does not need: whole runs of steps first, then single ones, then what is odd in
    them, until nothing more can go."""
    while True:
        smaller = next((one for one in _smaller(sequence) if shows(one)), None)
        if smaller is None:
            return sequence
        sequence = smaller


def _smaller(sequence: Sequence) -> Iterator[Sequence]:
    steps = sequence.steps
    size = len(steps)
    while size:
        for at in range(0, len(steps), size):
            yield Sequence(sequence.state, steps[:at] + steps[at + size :])
        size //= 2
    for at, step in enumerate(steps):
        for simpler in _simpler(step):
            yield Sequence(sequence.state, (*steps[:at], simpler, *steps[at + 1 :]))


def _simpler(step: Step) -> Iterator[Step]:
    """A step with one oddity less."""
    default = Step()
    for name in ("flips", "in_clear", "key", "cla", "ins", "p1", "p2", "inside", "rest"):
        plain: Any = getattr(default, name)
        if getattr(step, name) != plain:
            yield dataclasses.replace(step, **{name: plain})
    for field in step.fields:
        yield dataclasses.replace(step, fields={name: text for name, text in step.fields.items() if name != field})
    for name in ("body", "apdu", "groups"):
        values = getattr(step, name)
        for at in range(len(values)):
            fewer: Any = values[:at] + values[at + 1 :]
            yield dataclasses.replace(step, **{name: fewer})
    if step.kind is Kind.RAW and len(step.raw) > 2 * 5:
        yield dataclasses.replace(step, raw=step.raw[: len(step.raw) // 4 * 2])
    if step.kind in (Kind.TEAR, Kind.REPLAY) and step.number > 1:
        yield dataclasses.replace(step, number=step.number - 1)
