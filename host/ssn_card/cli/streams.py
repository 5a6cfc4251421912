# SPDX-License-Identifier: Apache-2.0
"""Standard output and error where they cannot be written to: closed, full, nobody reads, or they know ASCII only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from ssn_card.protocol.system import system_reason

from .errors import OutputClosed, OutputLost


def show_any_text() -> None:
    """Let the process's streams show what they have no letter for as ``\\xe9``, instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def is_unicode(stream: TextIO) -> bool:
    """Whether the stream can show all letters."""
    return (stream.encoding or "utf-8").lower().startswith("utf")


def check_open(stream: TextIO) -> None:
    """Raises :class:`OutputClosed` where standard output was closed; see ``start``, which put another in its place."""
    with contextlib.suppress(OSError, ValueError):  # a stream in memory
        if fcntl.fcntl(stream.fileno(), fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OutputClosed


class Watched:
    """Standard output that remembers what it failed with: after a failure Python forgets what was to be written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """As the stream itself."""
        with self._watching():
            return self._stream.write(text)

    def flush(self) -> None:
        """As the stream itself."""
        with self._watching():
            self._stream.flush()

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.failure = error
            raise

    def deliver(self) -> None:
        """See that all was written. Raises :class:`OutputLost`, and ``BrokenPipeError`` where nobody reads any more.

        What could not be written is dropped, or Python would try again at its end and print a traceback.
        """
        with contextlib.suppress(OSError):
            self.flush()
        if self.failure is None:
            return
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            self._stream.flush()
        if isinstance(self.failure, BrokenPipeError):
            raise self.failure
        raise OutputLost(system_reason(self.failure))


@contextlib.contextmanager
def watched_output() -> Iterator[Watched]:
    """Today's standard output, watched while the block runs."""
    before = sys.stdout
    watched = Watched(before)
    sys.stdout = watched
    try:
        yield watched
    finally:
        sys.stdout = before
