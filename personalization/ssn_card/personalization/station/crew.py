# SPDX-License-Identifier: Apache-2.0
"""Several readers at once, each with a worker of its own; one alone works in the caller's thread, as it always did.

A reader that ends (out of cards, too many bad ones, lost) leaves its line to the others; only the last one ends the
run for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock, Thread

from ssn_card.personalization.journal.records import Entry
from ssn_card.transport.errors import TransportError

from .bench import Bench
from .lines import Line, Lines

_LOOK_SECONDS = 0.2  #: for Ctrl-C, which reaches the main thread only while it runs


class ReaderLeaves(Exception):  # no error: how a worker ends
    """This reader does no more; its line goes to another."""


class Crew:
    """The benches of a run that still work."""

    def __init__(self, benches: Sequence[Bench]) -> None:
        self._all = tuple(benches)
        self._benches = list(benches)  #: that still work
        self._lock = Lock()
        self._failure: BaseException | None = None

    def recovered(self, entry: Entry) -> bool:
        """Whether a reader of this run has found the number's card finished."""
        return any(entry.id in bench.recovered for bench in self._all)

    def leave(self, bench: Bench) -> None:
        """End this reader's work. Raises :class:`ReaderLeaves` if another is left; the last one stays."""
        with self._lock:
            if len(self._benches) > 1 and bench in self._benches:
                self._benches.remove(bench)
                raise ReaderLeaves

    def work(self, lines: Lines, treat: Callable[[Bench, Line], None]) -> None:
        """All lines through ``treat``. Raises the first thing that a worker raised, after the others have ended."""
        benches = list(self._benches)
        if len(benches) == 1:
            self._work(benches[0], lines, treat)
            return
        threads = [
            Thread(target=self._guarded, args=(bench, lines, treat), name=f"reader-{number}", daemon=True)
            for number, bench in enumerate(benches, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK_SECONDS)
        if self._failure is not None:
            raise self._failure

    def _guarded(self, bench: Bench, lines: Lines, treat: Callable[[Bench, Line], None]) -> None:
        try:
            self._work(bench, lines, treat)
        except BaseException as error:
            with self._lock:
                self._failure = self._failure or error

    def _work(self, bench: Bench, lines: Lines, treat: Callable[[Bench, Line], None]) -> None:
        while self._failure is None and (line := lines.take()) is not None:
            try:
                self._treat(bench, line, treat)
            except ReaderLeaves:
                lines.give_back(line)
                return
            except BaseException:
                lines.give_back(line)
                raise
            lines.done(line)

    def _treat(self, bench: Bench, line: Line, treat: Callable[[Bench, Line], None]) -> None:
        try:
            treat(bench, line)
        except TransportError:
            self.leave(bench)  # the reader is gone, and the others are not
            raise
