# SPDX-License-Identifier: Apache-2.0
"""Several readers at once, each with a worker of its own; one alone works in the caller's thread, as it always did.

A reader that ends (out of cards, too many bad ones, lost) leaves its line to the others; only the last one ends the
run for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from threading import Lock, Thread

from ssn_card.personalization.journal.records import Entry
from ssn_card.protocol.errors import SsnCardError
from ssn_card.transport.errors import TransportError

from .bench import Bench
from .feeder import NoCardYet
from .lines import Line, LineQueue
from .watch import RunEvent, Watch, What

_PAUSE_SECONDS = 0.05
_LOOK_SECONDS = 0.2  #: for Ctrl-C, which reaches the main thread only while it runs


class ReaderLeaves(Exception):  # no error: how a worker ends
    """This reader does no more; its line goes to another."""


class Crew:
    """The benches of a run that still work."""

    def __init__(
        self,
        benches: Sequence[Bench],
        joining: Callable[[], Sequence[Bench]] | None = None,
        watch: Watch | None = None,
    ) -> None:
        """``joining``: asked now and then for readers that have been plugged in since."""
        self._all = list(benches)
        self._benches = list(benches)  #: that still work
        self._joining = joining
        self._watch = watch or Watch()
        self._lock = Lock()
        self._failure: BaseException | None = None

    def recovered(self, entry: Entry) -> bool:
        """Whether a reader of this run has found the number's card finished."""
        return any(entry.id in bench.recovered for bench in self._all)

    def others(self, benches: Collection[Bench]) -> bool:
        """Whether readers beside these still work."""
        with self._lock:
            return any(bench not in benches for bench in self._benches)

    def leave(self, bench: Bench, why: SsnCardError) -> None:
        """End this reader's work. Raises :class:`ReaderLeaves` if another is left; the last one stays."""
        with self._lock:
            if len(self._benches) <= 1 or bench not in self._benches:
                return
            self._benches.remove(bench)
        self._watch.tell(RunEvent(What.LEFT, bench.reader, error=why))
        raise ReaderLeaves

    def work(self, lines: LineQueue, treat: Callable[[Bench, Line], None]) -> None:
        """All lines through ``treat``. Raises the first thing that a worker raised, after the others have ended."""
        if len(self._benches) == 1 and self._joining is None:
            self._work(self._benches[0], lines, treat)
            return
        threads = [self._started(bench, lines, treat) for bench in list(self._benches)]
        while any(thread.is_alive() for thread in threads):
            time.sleep(_LOOK_SECONDS)
            threads += [self._started(bench, lines, treat) for bench in self._join()]
        if self._failure is not None:
            raise self._failure

    def _started(self, bench: Bench, lines: LineQueue, treat: Callable[[Bench, Line], None]) -> Thread:
        thread = Thread(target=self._guarded, args=(bench, lines, treat), name=f"reader-{len(self._all)}", daemon=True)
        thread.start()
        return thread

    def _join(self) -> Sequence[Bench]:
        if self._joining is None:
            return ()
        new = self._joining()
        with self._lock:
            self._all += new
            self._benches += new
        return new

    def _guarded(self, bench: Bench, lines: LineQueue, treat: Callable[[Bench, Line], None]) -> None:
        try:
            self._work(bench, lines, treat)
        except BaseException as error:
            with self._lock:
                self._failure = self._failure or error

    def _work(self, bench: Bench, lines: LineQueue, treat: Callable[[Bench, Line], None]) -> None:
        while self._failure is None and (line := lines.take()) is not None:
            try:
                self._treat(bench, line, treat)
            except NoCardYet:
                lines.give_back(line)
                time.sleep(_PAUSE_SECONDS)  # whoever has a card goes first
                continue
            except ReaderLeaves:
                lines.give_back(line)
                return
            except BaseException:
                lines.give_back(line)
                raise
            lines.done()

    def _treat(self, bench: Bench, line: Line, treat: Callable[[Bench, Line], None]) -> None:
        try:
            treat(bench, line)
        except TransportError as error:
            self.leave(bench, error)  # the reader is gone, and the others are not
            raise
