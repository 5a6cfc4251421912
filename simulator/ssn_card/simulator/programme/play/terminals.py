# SPDX-License-Identifier: Apache-2.0
"""The terminals of a script: real ones, each with a journal of its own in a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.terminal import SoftwareTerminalKeys, Terminal, TerminalJournal

from .uploads import DESK

_DESK_NUMBER = 0xFFFF_FFFF  #: of the journal of the office's desk, which delivers and reads, and sells nothing
_EPOCH = dt.datetime(1970, 1, 1)


class OpenTerminals:
    """Terminals by their numbers, opened when they are first wanted. A context manager that closes the journals.

    Threads may share it, each with terminals of its own.
    """

    def __init__(self, folder: Path, provider: KeyProvider) -> None:
        self._folder, self._provider = folder, provider
        self._open: dict[int, tuple[Terminal, TerminalJournal]] = {}
        self._now: dict[int, dt.datetime] = {}

    def at(self, number: int, moment: int) -> Terminal:
        """A terminal whose clock shows ``moment``, seconds since 1970, local."""
        self._now[number] = _EPOCH + dt.timedelta(seconds=moment)
        if number not in self._open:
            journal = TerminalJournal(self._folder / f"{number}.sqlite", _DESK_NUMBER if number == DESK else number)
            keys = SoftwareTerminalKeys(self._provider)
            self._open[number] = Terminal(keys, journal, clock=lambda: self._now[number]), journal
        return self._open[number][0]

    def close(self) -> None:
        """Close all journals; they open again when they are wanted."""
        while self._open:
            self._open.popitem()[1][1].close()

    def __enter__(self) -> OpenTerminals:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
