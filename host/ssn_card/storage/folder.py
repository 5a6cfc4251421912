# SPDX-License-Identifier: Apache-2.0
"""A folder of files that belong together: all of them, or none."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.protocol.system import system_error

from .whole import sync_folder


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write into that takes its name when the block ends well; else nothing of it is left.

    Raises:
        FileExistsError: something has the name that is no empty folder; asked again at the end.
        OSError: it cannot be made or written.
    """
    require_free(path)
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    draft.mkdir()
    try:
        yield draft
        _sync(draft)
        draft.rename(path)  # over an empty folder, never over another
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_folder(path.parent)


def require_free(path: Path) -> None:
    """Raises ``FileExistsError`` unless a folder may have this name: to be asked before long work."""
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise system_error(errno.EEXIST)


def _sync(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _sync(entry)
        else:
            with entry.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folder(folder)
