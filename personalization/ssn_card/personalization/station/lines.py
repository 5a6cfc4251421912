# SPDX-License-Identifier: Apache-2.0
"""The lines of an extract, given out to several readers: each to one, and no two of one family at a time.

What the journal knows of a family changes while its card is made; whoever asked meanwhile would give it a second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Condition

from ssn_card.personalization.intake.rows import Beneficiary, RowRejected

Line = Beneficiary | RowRejected


class Lines:
    """Lines in their order, as far as families allow; any thread may ask."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._fresh: Iterator[Line] = iter(lines)
        self._held: list[Line] = []  #: of families at work, or given back
        self._busy: set[str] = set()
        self._out = 0  #: taken, and neither done nor given back
        self._changed = Condition()

    def take(self) -> Line | None:
        """The next line; waits for one that another reader may give back. ``None``: all are done."""
        with self._changed:
            while True:
                line = self._next()
                if line is not None:
                    self._busy |= _marks(line)
                    self._out += 1
                    return line
                if not self._out and not self._held:
                    return None
                self._changed.wait()

    def done(self, line: Line) -> None:
        """The line has what it gets."""
        self._return(line)

    def give_back(self, line: Line) -> None:
        """Another reader gets the line, before all others."""
        with self._changed:
            self._held.insert(0, line)
            self._return(line)

    def _return(self, line: Line) -> None:
        with self._changed:
            self._busy -= _marks(line)
            self._out -= 1
            self._changed.notify_all()

    def _next(self) -> Line | None:
        for place, line in enumerate(self._held):
            if self._busy.isdisjoint(_marks(line)):
                return self._held.pop(place)
        for line in self._fresh:
            if self._busy.isdisjoint(_marks(line)):
                return line
            self._held.append(line)
        return None


def _marks(line: Line) -> set[str]:
    """By what two lines may be the same person's or family's."""
    return set() if isinstance(line, RowRejected) else {f"nik {line.nik.digits}", f"kk {line.kk.digits}"}
