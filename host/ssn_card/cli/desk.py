# SPDX-License-Identifier: Apache-2.0
"""A terminal at work, as the options name it: its keys, its journal and the card in its reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import Text
from ssn_card.terminal import SoftwareTerminalKeys, Terminal, TerminalJournal
from ssn_card.terminal.journal import Event, EventKind
from ssn_card.transport import CardConnection

from .doubts import doubt_told
from .options import DeskOptions, connection
from .output import warn

#: What a journal notes for people to hear of.
EVENTS = {
    EventKind.CLOCK_CONFIRMED: Text(
        "the clock was behind the journal, and was confirmed", "jam tertinggal dari jurnal, dan dikonfirmasi"
    ),
    EventKind.FALSE_CARD: Text(
        "a false card has been here under this serial: report it to the bank",
        "pernah ada kartu palsu bernomor seri ini: laporkan ke bank",
    ),
}


@contextmanager
def at_work(
    journal: Path, number: int | None, desk: DeskOptions, card: str, trace: Path | None
) -> Iterator[tuple[Terminal, CardConnection, KeyProvider]]:
    """The terminal, the card and the keys; what Ctrl-C leaves in doubt and what was noticed on the way is told."""
    with (
        desk.provider() as provider,
        TerminalJournal(journal, number) as book,
        events_told(book),
        connection(card, trace) as line,
        doubt_told(book, journal),
    ):
        keys = SoftwareTerminalKeys(provider)
        yield Terminal(keys, book, minimum_version=desk.min_debit_version), line, provider


@contextmanager
def events_told(book: TerminalJournal) -> Iterator[None]:
    """Warns of what the journal has noted meanwhile for a person to hear of."""
    before = book.events()
    try:
        yield
    finally:
        for event in book.events(before[-1].number if before else 0):
            warn(_told(event))


def _told(event: Event) -> Text:
    card = "" if event.serial is None else f" ({event.serial.hex()})"
    return Text(*(f"{text[0].upper()}{text[1:]}{card}." for text in EVENTS[event.kind]))
