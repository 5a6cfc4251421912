# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C between cards, not within one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self


class Interrupts:
    """While entered, Ctrl-C sets :attr:`pressed` and interrupts only :meth:`waiting`; pressed twice, anything.

    The second is safe too: the journal is made for a station that dies anywhere. Outside the main thread Python
    handles no signals, and nothing is changed.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._waiting = False
        self._previous: object = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if callable(self._previous) or isinstance(self._previous, int):
            signal.signal(signal.SIGINT, self._previous)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A block that Ctrl-C may leave: waiting for a person or a machine, with no card half made."""
        if self.pressed:
            raise KeyboardInterrupt
        if threading.current_thread() is not threading.main_thread():
            yield  # nothing interrupts it: what waits looks at `pressed` itself
            return
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False

    def _note(self, number: int, frame: FrameType | None) -> None:
        again, self.pressed = self.pressed, True
        if again or self._waiting:
            raise KeyboardInterrupt
