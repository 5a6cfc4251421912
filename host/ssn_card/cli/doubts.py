# SPDX-License-Identifier: Apache-2.0
"""A word on what Ctrl-C leaves open: a transaction that was sent, whose answer nobody waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.terminal import DebitInDoubt, TerminalJournal


class InterruptedInDoubt(DebitInDoubt):
    """Ctrl-C, between sending a transaction and its answer."""

    code = "interrupted-in-doubt"
    remedy = Text(
        "It may have been done or not: do not do it again. Present the same card and run: ssn card recover --journal"
        " {journal}",
        "Mungkin sudah terjadi, mungkin belum: jangan diulang. Tempelkan kartu yang sama dan jalankan: ssn card recover"
        " --journal {journal}",
    )
    journal: Path


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
