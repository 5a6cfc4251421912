# SPDX-License-Identifier: Apache-2.0
"""The statements of all shops, by one process or several: setting them is the work of the processor."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, groupby, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Final

import duckdb

from ..work import processors, through
from .statement import Ground, ShopDay, ShopStatement, as_csv, as_pdf

#: Called with how many statements are written.
Written = Callable[[int], None]

_ALONE: Final = 24  #: so many are set before other processes would have begun
_CHUNK: Final = 12  #: statements, handed to a process at once
_SHOPS = "SELECT id_ewarong, nama, kecamatan, owed, withheld, disputed FROM shop_accounts ORDER BY id_ewarong"
_DAYS = """
SELECT id_ewarong, day, debits, debited, cancels, cancelled, owed FROM shop_days ORDER BY id_ewarong, day
"""
_ROWS = 10_000
_NONE: tuple[str, Iterator[tuple[Any, ...]]] = ("", iter(()))


def statements_of(connection: duckdb.DuckDBPyConnection) -> Iterator[ShopStatement]:
    """All shops that are listed or have sold anything, in order; ``connection``: behind a reconciliation."""
    shops = connection.execute(_SHOPS).fetchall()
    days = groupby(_rows(connection.cursor().execute(_DAYS)), lambda row: row[0])
    shop, rows = next(days, _NONE)
    for identifier, name, kecamatan, owed, withheld, disputed in shops:
        found: tuple[ShopDay, ...] = ()
        if identifier == shop:
            found = tuple(ShopDay(*row[1:]) for row in rows)
            shop, rows = next(days, _NONE)
        yield ShopStatement(identifier, name, kecamatan, owed, withheld, disputed, found)


def write_statements(folder: Path, ground: Ground, statements: Iterable[ShopStatement], written: Written) -> int:
    """A PDF and a CSV of each shop, by its name, into a folder that is there. Returns how many shops.

    Raises:
        PaperNotSet: a defect of ours.
        OSError: a file cannot be written.
    """
    rest = iter(statements)
    done = _Writer(folder, ground).write(islice(rest, _ALONE))
    written(done)
    for first in rest:  # none, and no process is begun
        for count in _by_several(folder, ground, chain([first], rest)):
            done += count
            written(done)
    return done


def _by_several(folder: Path, ground: Ground, statements: Iterator[ShopStatement]) -> Iterator[int]:
    """How many are written, as they are. The processes begin anew: a fork of one that has threads, as DuckDB's, may
    hang."""
    count = processors()
    with ProcessPoolExecutor(count, get_context("spawn"), _begin, (folder, ground)) as pool:
        yield from through(pool, _write, _chunks(statements), 3 * count)


def _chunks(statements: Iterator[ShopStatement]) -> Iterator[list[ShopStatement]]:
    while some := list(islice(statements, _CHUNK)):
        yield some


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


class _Writer:
    """Sets statements, with a press that is made once."""

    def __init__(self, folder: Path, ground: Ground) -> None:
        self._folder, self._ground, self._press = folder, ground, ground.press()

    def write(self, statements: Iterable[ShopStatement]) -> int:
        """How many."""
        return sum(map(self._one, statements))

    def _one(self, statement: ShopStatement) -> int:
        (self._folder / f"{statement.shop}.pdf").write_bytes(as_pdf(self._press, self._ground, statement))
        (self._folder / f"{statement.shop}.csv").write_bytes(as_csv(statement))
        return 1


_writer: _Writer | None = None  #: of a process that is one of several


def _begin(folder: Path, ground: Ground) -> None:
    global _writer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C the first process knows, and ends this one
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    _writer = _Writer(folder, ground)


def _end_with_the_first() -> None:
    """A process of a pool whose first process is killed would wait for work for ever."""
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _write(statements: list[ShopStatement]) -> int:
    if _writer is None:
        raise RuntimeError
    return _writer.write(statements)
