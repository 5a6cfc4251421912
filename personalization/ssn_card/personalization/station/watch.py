# SPDX-License-Identifier: Apache-2.0
"""What happens in a run, told to whoever watches it, as it happens: for a screen, or for the bank's own monitor.

The journal and the results file are the truth; this is a view, without any person's data. An event is told after the
journal has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

from ssn_card.protocol.errors import SsnCardError

from .feeder import Fate


class What(StrEnum):
    """Kind of a :class:`RunEvent`."""

    JOINED = "joined"  #: a reader
    LEFT = "left"  #: a reader that does no more in this run
    BEGAN = "began"  #: a card is being made
    DONE = "done"  #: a card, read back
    REJECTED = "rejected"  #: a card is put aside
    IN_DOUBT = "in_doubt"  #: a card may hold a beneficiary's number
    RETURNED = "returned"  #: a card that needs nothing: finished before, or blank and not used
    STOPPED = "stopped"  #: the run has ended


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that has happened."""

    what: What
    reader: str | None = None  #: name or number; ``None`` for the run itself
    serial: bytes | None = None
    line: int | None = None  #: of the extract
    fate: Fate | None = None  #: where the card goes
    seconds: float | None = None
    error: SsnCardError | None = None  #: why
    stop: str | None = None  #: why the run ended; ``None`` where every line has its card

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: what is known of it."""
        told = {
            "event": self.what.value,
            "reader": self.reader,
            "serial": None if self.serial is None else self.serial.hex(),
            "line": self.line,
            "fate": None if self.fate is None else self.fate.name.lower(),
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "error": None if self.error is None else self.error.as_dict(),
            "stopped": self.stop,
        }
        return {name: value for name, value in told.items() if value is not None}


Observer = Callable[[RunEvent], None]  #: called by one thread at a time, and should return soon


class Watch:
    """Takes the events of all readers' threads to one observer, one after the other."""

    def __init__(self, observer: Observer | None = None) -> None:
        """``observer``: none, and nothing is told."""
        self._observer = observer
        self._lock = Lock()

    def tell(self, event: RunEvent) -> None:
        """Raises what the observer raises."""
        if self._observer is not None:
            with self._lock:
                self._observer(event)
