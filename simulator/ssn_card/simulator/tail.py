# SPDX-License-Identifier: Apache-2.0
"""The last lines that a child process wrote, for its obituary."""

from __future__ import annotations

import threading
from collections import deque
from typing import IO

_LINES, _LINE_LENGTH = 20, 300


class Tail:
    """Reads a pipe to its end in a daemon thread, so that the child never blocks on it, and keeps the last lines."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._thread = threading.Thread(target=self._read, name="stderr-tail", daemon=True)
        self._thread.start()

    def lines(self, wait: float = 0.0) -> list[str]:
        """The last lines so far; of a process that has ended, all of them after at most ``wait`` seconds."""
        self._thread.join(wait)
        return list(self._lines)

    def _read(self) -> None:
        with self._pipe:
            for line in self._pipe:
                self._lines.append(line.decode(errors="replace").rstrip()[:_LINE_LENGTH])
