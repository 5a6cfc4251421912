# SPDX-License-Identifier: Apache-2.0
"""What a printer must do. A package brings one by an entry point::

    [project.entry-points."ssn_card.printers"]
    mine = "my_package.printing:open_mine"

which names a :data:`PrinterFactory`; ``--printer mine:FRONT-DESK?speed=slow`` then calls ``open_mine("FRONT-DESK",
{"speed": "slow"})``.

Two steps, so that nothing is printed twice in silence: a printer first takes a document and holds it; the store notes
the ticket; only then is it released. Whatever dies in between, either nothing is printed, or the ticket is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ssn_card.protocol.errors import Text


class TicketState(StrEnum):
    """What a printer says of a document."""

    HELD = "held"  #: taken, not released
    PRINTING = "printing"  #: released, not out yet
    DONE = "done"
    FAILED = "failed"  #: or cancelled at the printer
    UNKNOWN = "unknown"  #: the printer has no such ticket, or has forgotten it

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


_TEXTS = {
    TicketState.HELD: Text("held", "ditahan"),
    TicketState.PRINTING: Text("printing", "sedang dicetak"),
    TicketState.DONE: Text("done", "sudah keluar"),
    TicketState.FAILED: Text("failed or cancelled", "gagal atau dibatalkan"),
    TicketState.UNKNOWN: Text("not known", "tidak dikenal"),
}


class Printer(Protocol):
    """One printer. Every method may raise ``PrinterFailed``."""

    def send(self, document: bytes, title: str, /) -> str:
        """Take a PDF and hold it; the ticket, by which it is asked for later. ``title`` holds no personal data."""

    def release(self, ticket: str, /) -> None:
        """Print what is held; again, or once it is printed, does nothing."""

    def state(self, ticket: str, /) -> TicketState:
        """What became of it."""

    def cancel(self, ticket: str, /) -> None:
        """Do not print it, if it is not printed yet; what is not known, or done, stays as it is."""


@dataclass(frozen=True, slots=True)
class PrinterName:
    """``kind:place?option=value&option=value``."""

    kind: str
    place: str
    options: Mapping[str, str]


#: Opens a printer by the place and the options of its name. Raises ``PrinterFailed``, ``PrinterUnknown``.
PrinterFactory = Callable[[str, Mapping[str, str]], Printer]
