# SPDX-License-Identifier: Apache-2.0
"""The books, opened for one audit: a DuckDB connection with all that is known, and what could not be taken in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from ssn_card.protocol.errors import Text
from ssn_card.storage.folder import scratch_folder

from ..store import open_store
from .errors import BooksNoRoom
from .judged import Judged
from .programme import take_programme
from .reading import read_side_files
from .relations import take_receipts
from .tables import TABLES

_IN_MEMORY: Final = 5_000_000  #: receipts
_MEMORY: Final = 5 << 30  #: bytes that DuckDB takes at most before it sets down in the folder of temporary files
_SHARE: Final = 0.6  #: of the machine's memory, where that is less


@dataclass(frozen=True)
class Books:
    """Everything as tables to be asked.

    Args:
        connection: holds ``receipts``, ``sales``, ``cancels``, ``overrides``, ``loads``, ``items``, ``baskets``,
            ``basket_lines``, ``problems``, ``staples``, ``regions``, ``policies``, and the side files that are there.
        tables: names of the side files that are there.
        remarks: what is there and does not fit together, in words; it stops nothing.
    """

    connection: duckdb.DuckDBPyConnection
    tables: frozenset[str]
    remarks: tuple[Text, ...]

    @property
    def absent(self) -> tuple[str, ...]:
        """Names of the side files that are not there."""
        return tuple(name for name in TABLES if name not in self.tables)


@contextmanager
def open_books(store: Path, data: Path, judged: Judged, *, personal: bool = False) -> Iterator[Books]:
    """The books of a verified store and a folder of side files; closed at the end of the block.

    ``personal``: files with names of people are read too; who asks for them must say why.

    Raises:
        SideFileUnusable: or one of its kinds; ``ProgrammeDataError`` of staples, regions and policies.
        StoreDamaged, NotAStore: of the store.
        BooksDiffer: the store does not hold what was judged.
        BooksNoRoom: no memory or no temporary space, here or while they are asked.
    """
    packed = open_store(store)
    with (
        _room(),
        scratch_folder("ssn-audit-books") as room,
        _opened(room, packed.rows) as connection,
    ):
        take_programme(connection, data)
        tables = read_side_files(connection, data, personal=personal)
        take_receipts(connection, packed, judged)
        yield Books(connection, tables, tuple(_remarks(connection)))


def _opened(room: Path, receipts: int) -> duckdb.DuckDBPyConnection:
    """Tables of many receipts lie in a file, pressed; those of few in memory, which is a third quicker."""
    place = ":memory:" if receipts <= _IN_MEMORY else str(room / "books")
    memory = min(_MEMORY, _SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    limit = f"{int(memory) >> 20}MiB"
    connection = duckdb.connect(place, config={"temp_directory": str(room), "memory_limit": limit})
    connection.execute("SET enable_progress_bar = false")  # else it writes to standard output, into --json
    return connection


def _remarks(connection: duckdb.DuckDBPyConnection) -> Iterator[Text]:
    shops = connection.execute(
        "SELECT id_ewarong, count(*) FROM receipts ANTI JOIN shops USING (id_ewarong) WHERE type <> 4 "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for shop, count in shops:
        yield Text(
            f"{count} receipts are of shop {shop}, which shops.csv does not name.",
            f"{count} kuitansi berasal dari toko {shop}, yang tidak ada di shops.csv.",
        )
    ((cards, count),) = connection.execute(
        "SELECT count(DISTINCT serial), count(*) FROM receipts ANTI JOIN cards USING (serial)"
    ).fetchall()
    if cards:
        yield Text(
            f"{count} receipts are of {cards} cards that cards.csv does not name.",
            f"{count} kuitansi berasal dari {cards} kartu yang tidak ada di cards.csv.",
        )


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        first = str(error).splitlines()[0]
        raise BooksNoRoom(Text(first, first)) from None
