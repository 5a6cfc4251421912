# SPDX-License-Identifier: Apache-2.0
"""Reading and writing key files: never half a file, never over another, never for others to read."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ssn_card.protocol.errors import SsnCardWarning, Text, default_language
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from .errors import KeyFileNotWritten, KeyringExists, KeyringNotFound

_OTHERS = 0o077
_EXPOSED = Text(
    "{path} can be read by other users of this machine; set its mode to 0600.",
    "{path} dapat dibaca pengguna lain di mesin ini; ubah izinnya menjadi 0600.",
)


class ExposedKeyFileWarning(SsnCardWarning):
    """A key file that other users of the machine may read; its password is all that protects it."""


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a key file; warns with :class:`ExposedKeyFileWarning`. Raises :class:`KeyringNotFound`."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise KeyringNotFound(str(path)) from error
    with stream:
        if os.name == "posix" and os.fstat(stream.fileno()).st_mode & _OTHERS:
            text = _EXPOSED.filled(path=path).in_language(default_language())
            warnings.warn(text, ExposedKeyFileWarning, stacklevel=4)
        yield stream


@contextmanager
def writing(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Write a whole key file with mode 0600, or leave everything as it was.

    The content goes to a temporary file beside it, is synced, and takes the name in one step. With ``replace`` false
    the name is claimed first, so that of two writers one fails; after a power loss in between an empty file remains.

    Raises :class:`KeyringExists`, :class:`KeyFileNotWritten`, and what the body raises.
    """
    path = path.resolve()
    if not replace:
        _claim(path)
    try:
        try:
            with whole_file(path, mode=0o600) as stream:
                yield stream
        except OSError as error:
            raise KeyFileNotWritten(system_reason(error), str(path)) from error
    except BaseException:
        if not replace:
            path.unlink(missing_ok=True)
        raise


def _claim(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise KeyringExists(str(path)) from error
    except OSError as error:
        raise KeyFileNotWritten(system_reason(error), str(path)) from error
