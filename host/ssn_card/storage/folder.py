# SPDX-License-Identifier: Apache-2.0
"""A folder of files that belong together: all of them, or none."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from ssn_card.protocol.system import system_error

from .whole import sync_folder

_AT_ONCE = 8  #: files that are made durable together


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write into that takes its name when the block ends well; else nothing of it is left.

    Raises:
        FileExistsError: something has the name that is no empty folder; asked again at the end.
        OSError: it cannot be made or written.
    """
    require_free(path)
    path = path.resolve()
    _remove_left_behind(path.parent, rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}")
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    with _held_folder(draft, 0o777):
        try:
            yield draft
            _sync(draft)
            require_free(path)
            draft.rename(path)  # over an empty folder, never over another
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    sync_folder(path.parent)


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """An empty folder among the temporary ones of the system, for nobody else to read, that goes with the block; if the
    process is killed, with the next folder of this name.

    Raises:
        OSError: it cannot be made.
    """
    place = Path(tempfile.gettempdir())
    _remove_left_behind(place, rf"{re.escape(name)}-[0-9a-f]{{16}}")
    folder = place / f"{name}-{os.urandom(8).hex()}"
    with _held_folder(folder, 0o700):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind(place: Path, names: str) -> None:
    """Folders of ours whose process was killed: the system has let go of their locks. ``names``: what they look like"""
    beside: list[Path] = []
    with suppress(PermissionError):  # who may not look into a folder may still write into it
        beside = [entry for entry in place.iterdir() if re.fullmatch(names, entry.name)]
    for entry in beside:
        with suppress(OSError), _lock(entry):
            shutil.rmtree(entry)


@contextmanager
def _held_folder(path: Path, mode: int) -> Iterator[None]:
    """Made, and locked. It has its name only when it is locked: whoever finds it free removes it."""
    unnamed = path.with_name(f"{path.name}.new")
    unnamed.mkdir(mode)
    with _lock(unnamed):
        unnamed.rename(path)
        yield


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Raises ``OSError`` if another process holds it, it is another user's, or no folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise system_error(errno.EPERM)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def require_free(path: Path) -> None:
    """Raises ``FileExistsError`` unless a folder may have this name: to be asked before long work."""
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise system_error(errno.EEXIST)


def _sync(folder: Path) -> None:
    """All files at once: the disk then takes many in one go, in a tenth of the time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for inner, _, names in os.walk(folder):
            for _ in pool.map(_sync_file, (Path(inner, name) for name in names)):
                pass
            sync_folder(Path(inner))


def _sync_file(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
