# SPDX-License-Identifier: Apache-2.0
"""Files for people and other programs, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ssn_card.protocol.system import system_error

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  #: of file systems such as a memory stick's FAT


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666, new: bool = False) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete and on the disk; else what had the name stays as it was.

    A link is followed. What is there and is no regular file, such as a pipe or ``/dev/stdout``, is written to and never
    replaced.

    Args:
        path: its name.
        mode: of a new file, less the umask.
        new: nothing may have the name, not even a link.

    Raises:
        FileExistsError: something has the name, and ``new``.
        OSError: it cannot be written.
    """
    if not new:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        path = path.resolve()
    draft, descriptor = new_draft(path, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if new:
            name_new(draft, path)
        else:
            draft.replace(path)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)  # there only if something failed
    sync_folder(path.parent)


def new_draft(path: Path, mode: int) -> tuple[Path, int]:
    """An empty file beside a path, to be written before it takes that name; and its descriptor, open for writing.

    Raises:
        OSError: ``FileExistsError`` too: what others have put in its place is not written to.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    return draft, os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)


def name_new(draft: Path, path: Path) -> None:
    """Give a complete file its name, where nothing has it: a link never replaces another file, as a rename does.

    Raises:
        FileExistsError: something has the name.
        OSError
    """
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise system_error(errno.EEXIST) from None
        draft.rename(path)


def sync_folder(folder: Path) -> None:
    """Make new names in it durable; some file systems cannot, and there the file is complete anyway."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
