# SPDX-License-Identifier: Apache-2.0
"""``file:FOLDER``: each document is a PDF file that only its owner can read; for a printing house, or to look at.

What is held lies in the folder as ``.held-NAME.pdf``, and gets its name when it is released.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_error, system_reason
from ssn_card.storage.whole import name_new, sync_folder, whole_file

from ..errors import PrinterFailed, PrinterUnknown
from .printer import TicketState

_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700


class FolderPrinter:
    """Writes PDF files into a folder. A ticket is a file's name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, document: bytes, title: str, /) -> str:
        """A title names a file: sent twice before it is released, the second document takes the first one's place."""
        ticket = f"{title}.pdf"
        with self._told():
            self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
            if (self._folder / ticket).exists():
                raise system_error(errno.EEXIST)
            with whole_file(self._held(ticket), mode=_PRIVATE) as stream:
                stream.write(document)
        return ticket

    def release(self, ticket: str, /) -> None:
        with self._told():
            if (self._folder / ticket).exists():
                self._held(ticket).unlink(missing_ok=True)
                return
            name_new(self._held(ticket), self._folder / ticket)
            self._held(ticket).unlink(missing_ok=True)
            sync_folder(self._folder)

    def state(self, ticket: str, /) -> TicketState:
        if (self._folder / ticket).exists():
            return TicketState.DONE
        return TicketState.HELD if self._held(ticket).exists() else TicketState.UNKNOWN

    def cancel(self, ticket: str, /) -> None:
        with contextlib.suppress(OSError):
            self._held(ticket).unlink(missing_ok=True)

    def _held(self, ticket: str) -> Path:
        return self._folder / f".held-{ticket}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PrinterFailed(f"file:{self._folder}", system_reason(error)) from None


def open_folder(place: str, options: Mapping[str, str]) -> FolderPrinter:
    """``file:FOLDER``, which has no options. Raises ``PrinterUnknown``."""
    if options:
        raise PrinterUnknown(
            f"file:{place}", Text("a folder has no options", "folder tidak mempunyai opsi"), "file:FOLDER"
        )
    return FolderPrinter(Path(place))
