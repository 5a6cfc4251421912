# SPDX-License-Identifier: Apache-2.0
"""Where receipts are read from: files, folders of them, pipes. Each is opened once and read once."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ssn_card.protocol.system import system_reason

from .errors import NoReceipts, ReceiptsUnreadable
from .jsonl import Line, parse_line

STDIN = Path("-")  #: the name of standard input, as everywhere
SUFFIX = ".jsonl"  #: of the files in a folder that are read, in capitals too
LONGEST = 1 << 20  #: bytes of a line; no basket needs a tenth of it

#: Called with the bytes just read.
Advance = Callable[[int], None]
#: Whether a folder is one thing to read, and not a folder of files.
IsOne = Callable[[Path], bool]


def _never(folder: Path) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. ``size`` in bytes, ``None`` of a pipe, which does not tell it."""

    path: Path
    size: int | None = None

    @property
    def name(self) -> str:
        """For findings."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Sources:
    """All that is to be read. ``passed_over``: files in folders whose names end in none of ``suffixes``."""

    files: tuple[Source, ...]
    passed_over: tuple[Path, ...] = ()
    suffixes: tuple[str, ...] = (SUFFIX,)

    @property
    def size(self) -> int | None:
        """Bytes in all, ``None`` if one of them does not tell."""
        sizes = [source.size for source in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def find_sources(paths: Iterable[Path], suffixes: Sequence[str] = (SUFFIX,), is_one: IsOne = _never) -> Sources:
    """What these paths name: a file as it is, of a folder every file ``*.jsonl`` in it and below, sorted.

    A file that is named twice is read once.

    Args:
        paths: files, folders, ``-``.
        suffixes: of the files that are taken from folders, in small letters.
        is_one: for folders that are a source by themselves, whose size is not told.

    Raises:
        ReceiptsUnreadable: a path does not exist, or a folder cannot be read.
        NoReceipts: a folder holds no such file.
    """
    seen: set[tuple[int, int]] = set()
    files: list[Source] = []
    passed_over: dict[Path, None] = {}
    for path in paths:
        found, others = _expanded(path, suffixes, is_one)
        passed_over |= dict.fromkeys(others)
        for one in found:
            status = _status(one)
            if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) in seen:
                    continue
                seen.add((status.st_dev, status.st_ino))
            files.append(Source(one, status.st_size if stat.S_ISREG(status.st_mode) else None))
    return Sources(tuple(files), tuple(passed_over), tuple(suffixes))


def read_lines(path: Path, advance: Advance | None = None) -> Iterator[Line]:
    """Every line of a file or pipe, readable or not; blank lines are skipped.

    Raises:
        ReceiptsUnreadable: it cannot be opened or read.
    """
    name = str(path)
    with _opened(path) as file:
        for number, text in _texts(file, advance):
            if text is None:
                yield Line(number, None, fault="length", file=name)
            elif text.strip():
                yield parse_line(number, text, name)


def _texts(file: IO[bytes], advance: Advance | None) -> Iterator[tuple[int, bytes | None]]:
    """Physical lines, counted from 1; ``None`` for one that is too long, of which no more is held than that."""
    number = 0
    while text := file.readline(LONGEST):
        number += 1
        read, fits = len(text), _ends(text)
        whole = fits
        while not whole:
            rest = file.readline(LONGEST)
            read += len(rest)
            whole = _ends(rest)
        if advance is not None:
            advance(read)
        yield number, text if fits else None


def _ends(text: bytes) -> bool:
    """Whether a line, or the whole file, ends with what was read."""
    return len(text) < LONGEST or text.endswith(b"\n")


def _expanded(path: Path, suffixes: Sequence[str], is_one: IsOne) -> tuple[list[Path], list[Path]]:
    """Files of receipts, and others, in the folder; or the path itself."""
    if path == STDIN or not stat.S_ISDIR(_status(path).st_mode) or is_one(path):
        return [path], []

    def refuse(error: OSError) -> None:
        raise ReceiptsUnreadable(str(error.filename), system_reason(error))

    found: list[Path] = []
    others: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=refuse):
        ones = [name for name in folders if is_one(Path(folder, name))]
        folders[:] = set(folders) - set(ones)
        found += (Path(folder, name) for name in ones)
        for one in (Path(folder, name) for name in names):
            taken = one.suffix.lower() in suffixes and not one.name.startswith(".")
            (found if taken else others).append(one)
    if not found:
        raise NoReceipts(", ".join(f"{path}/*{suffix}" for suffix in suffixes))
    return sorted(found), sorted(others)


def _status(path: Path) -> os.stat_result:
    try:
        return os.fstat(sys.stdin.fileno()) if path == STDIN else path.stat()
    except OSError as error:
        raise ReceiptsUnreadable(str(path), system_reason(error)) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        if path == STDIN:
            yield sys.stdin.buffer
        else:
            with path.open("rb") as file:
                yield file
    except OSError as error:
        raise ReceiptsUnreadable(str(path), system_reason(error)) from None
