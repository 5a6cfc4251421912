# SPDX-License-Identifier: Apache-2.0
"""A word on what Ctrl-C leaves open: a transaction that was sent, whose answer nobody waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.terminal import DebitInDoubt, TerminalJournal

_ASK = Text(
    "It may have been done or not: do not do it again. Present the same card and run: ssn card recover"
    " --journal {path}",
    "Mungkin sudah terjadi, mungkin belum: jangan diulang. Tempelkan kartu yang sama dan jalankan: ssn card recover"
    " --journal {path}",
)


@contextmanager
def doubt_told(book: TerminalJournal, path: Path) -> Iterator[None]:
    """Raises ``DebitInDoubt`` where Ctrl-C leaves a transaction in doubt that was not so before."""
    before = {entry.terminal_txn for entry in book.in_doubt()}
    try:
        yield
    except KeyboardInterrupt as stop:
        for entry in book.in_doubt():
            if entry.terminal_txn not in before:
                doubt = DebitInDoubt(entry.serial, entry.terminal_txn)
                doubt.remedy = _ASK.filled(path=path)
                raise doubt from stop
        raise
