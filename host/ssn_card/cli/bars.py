# SPDX-License-Identifier: Apache-2.0
"""How far long work over receipts is: a bar for each step, with its rate and the time that is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ssn_card.protocol.errors import Text

from .output import progress, say

if TYPE_CHECKING:
    from rich.progress import TaskID

_MB = 1_000_000  #: bytes
_IN_BYTES = frozenset({"READ", "MEASURE"})


class Measuring(Enum):
    """A step of this command line's own; the value is its text in English and Indonesian."""

    MEASURE = Text("Taking the hashes of the inputs", "Menghitung hash masukan")


class Told(Protocol):
    """Called with the step, how far it is and how far it goes, if that is known: bytes of files, else receipts."""

    def __call__(self, step: Enum, done: int, of: int | None, /) -> None:
        """Show it."""


@contextmanager
def bars(json: bool) -> Iterator[Told]:
    """A bar on stderr for each step, in megabytes where files are read; it pulses where a pipe does not tell its
    length. Nothing where stderr is no terminal, or the output is JSON."""
    with progress(json, rate=True) as bar:
        tasks: dict[Enum, TaskID] = {}

        def told(step: Enum, done: int, of: int | None) -> None:
            unit = _MB if step.name in _IN_BYTES else 1
            total = None if of is None else of / unit
            if step not in tasks:
                tasks[step] = bar.add_task(say(step.value), total=total, unit="MB" if unit == _MB else "")
            bar.update(tasks[step], completed=done / unit, total=total)

        yield told
