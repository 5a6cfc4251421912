# SPDX-License-Identifier: Apache-2.0
"""The lines of an extract, given out to several readers, each to one.

No two of them are one person's or one family's: the intake has refused the second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from threading import Condition

from ssn_card.personalization.intake.rows import Beneficiary, RowRejected

Line = Beneficiary | RowRejected


class LineQueue:
    """LineQueue in their order; any thread may ask."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._left = deque(lines)
        self._out = 0  #: taken, and neither done nor given back
        self._changed = Condition()

    def take(self) -> Line | None:
        """The next line; waits for one that another reader may give back. ``None``: all are done."""
        with self._changed:
            while not self._left:
                if not self._out:
                    return None
                self._changed.wait()
            self._out += 1
            return self._left.popleft()

    def done(self) -> None:
        """A line has what it gets."""
        with self._changed:
            self._out -= 1
            self._changed.notify_all()

    def give_back(self, line: Line) -> None:
        """Another reader gets the line, before all others."""
        with self._changed:
            self._left.appendleft(line)
            self.done()
