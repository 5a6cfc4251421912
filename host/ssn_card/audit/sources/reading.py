# SPDX-License-Identifier: Apache-2.0
"""One source after the other, each read as what it is: by its first bytes, whatever its name."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ssn_card.protocol.system import system_reason
from ssn_card.receipts.errors import ReceiptsUnreadable
from ssn_card.receipts.sources import STDIN, Advance, Source, Sources
from ssn_card.receipts.sources import find_sources as _find

from ..errors import FileTorn, NoReceiptColumn, NotSeekable
from .batch import Batch
from .csv import header_of, read_csv
from .jsonl import read_jsonl
from .lines import CHUNK
from .packed import is_store
from .parquet import MAGIC, TORN, read_parquet

_CSV, _PARQUET = ".csv", ".parquet"
SUFFIXES = (".jsonl", _CSV, _PARQUET)  #: of the files in a folder that are read, in capitals too


def find_sources(paths: Iterable[Path]) -> Sources:
    """What these paths name: files of any kind, standard input (``-``), stores, and all of these in folders.

    Raises:
        ReceiptsUnreadable: a path does not exist, or a folder cannot be read.
        NoReceipts: a folder holds no such file.
    """
    return _find(paths, SUFFIXES, is_store)


def read(source: Source, number: int, advance: Advance | None = None) -> Iterator[Batch]:
    """All that a file or pipe holds, at most :data:`ssn_card.audit.rows.BATCH` rows at once.

    Args:
        source: no store.
        number: of the source among all.
        advance: told of bytes that were read.

    Raises:
        ReceiptsUnreadable: it cannot be opened or read, or its kinds: it is no table of receipts, torn, a pipe.
    """
    with opened(source.path) as file:
        yield from read_open(source, number, file, advance)


def read_open(source: Source, number: int, file: IO[bytes], advance: Advance | None = None) -> Iterator[Batch]:
    """:func:`read` of what is open, and at its start. Raises ``OSError`` too."""
    head = file.read(CHUNK)
    if _is_parquet(source, head):
        if not file.seekable():
            raise NotSeekable(source.name)
        yield from read_parquet(source.name, number, file, source.size or 0, advance)
    elif _is_csv(source, head):
        yield from read_csv(source.name, number, head, file, advance)
    else:
        yield from read_jsonl(source.name, number, head, file, advance)


def _is_parquet(source: Source, head: bytes) -> bool:
    if head.startswith(MAGIC):
        return True
    if source.path.suffix.lower() == _PARQUET:
        raise FileTorn(source.name, TORN)
    return False


def _is_csv(source: Source, head: bytes) -> bool:
    if header_of(head.partition(b"\n")[0]) is not None:
        return True
    if head and source.path.suffix.lower() == _CSV:
        raise NoReceiptColumn(source.name)
    return False


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file, or standard input. Raises :class:`ReceiptsUnreadable` also of what is read in the block."""
    try:
        if path == STDIN:
            yield sys.stdin.buffer
        else:
            with path.open("rb") as file:
                yield file
    except OSError as error:
        raise ReceiptsUnreadable(str(path), system_reason(error)) from None
