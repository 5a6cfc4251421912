# SPDX-License-Identifier: Apache-2.0
"""A word on what Ctrl-C leaves open: a transaction that was sent, whose answer nobody waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.terminal import TerminalJournal

from .errors import InterruptedInDoubt


@contextmanager
def doubt_told(book: TerminalJournal, path: Path) -> Iterator[None]:
    """Raises :class:`InterruptedInDoubt` where Ctrl-C leaves a transaction in doubt that was not so before."""
    before = {entry.terminal_txn for entry in book.in_doubt()}
    try:
        yield
    except KeyboardInterrupt as stop:
        for entry in book.in_doubt():
            if entry.terminal_txn not in before:
                raise InterruptedInDoubt(entry.serial, entry.terminal_txn, path) from stop
        raise
