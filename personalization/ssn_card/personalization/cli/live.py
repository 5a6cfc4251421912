# SPDX-License-Identifier: Apache-2.0
"""What ``ssn perso run`` shows while it works: a board on a terminal, lines in a log, or events as JSON."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from threading import Lock

from rich.console import RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text as Styled

from ssn_card.cli.output import emit_json, say, stderr
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.interrupts import Interrupts
from ssn_card.personalization.station.watch import Observer, RunEvent, What
from ssn_card.protocol.errors import Text

ERRORS_SHOWN = 3
_WINDOW_SECONDS = 120.0  #: of the rate
_LOG_SECONDS = 30.0  #: between two lines of a log that only say how far the run is
_BAD = (What.REJECTED, What.IN_DOUBT, What.LEFT)

_WAITS = Text("put a card in", "masukkan kartu")
_READY = Text("waits for a card", "menunggu kartu")
_WORKS = Text("works on {serial}", "mengerjakan {serial}")
_LEFT = Text("does no more: {why}", "berhenti: {why}")
_TOTALS = Text(
    "{rate} cards/min, {eta} left, {spoiled} spoiled, {doubt} in doubt",
    "{rate} kartu/menit, sisa {eta}, {spoiled} rusak, {doubt} belum pasti",
)
_READER = Text("reader {name}", "pembaca {name}")
_SO_FAR = Text("{done} cards made: {totals}", "{done} kartu jadi: {totals}")


class RunTally:
    """What a run has come to, from its events; any thread may read it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._recent: deque[float] = deque()
        self._doubts: set[bytes] = set()
        self._lock = Lock()
        self._readers: dict[str, str] = {}
        self._errors: deque[str] = deque(maxlen=ERRORS_SHOWN)
        self.done = self.spoiled = 0

    def expect(self, in_doubt: Collection[bytes]) -> None:
        """Serials of cards in doubt from earlier runs."""
        with self._lock:
            self._doubts.update(in_doubt)

    def note(self, event: RunEvent) -> None:
        """Count an event."""
        with self._lock:
            if event.what is What.DONE:
                self.done += 1
                self._recent.append(self._clock())
                self._doubts.discard(event.serial or b"")
            elif event.what is What.REJECTED:
                self.spoiled += 1
            elif event.what is What.IN_DOUBT:
                self._doubts.add(event.serial or b"")
            if event.error is not None and event.what in _BAD:
                self._errors.append(sentence(event))
            if event.reader is not None:
                self._readers[event.reader] = _state(event)

    def says(self, reader: str, state: str) -> None:
        """What a reader's operator should do."""
        with self._lock:
            self._readers[reader] = state

    def totals(self, left: float | None) -> str:
        """Rate, time left for ``left`` cards, spoiled, in doubt."""
        with self._lock:
            rate = self._rate()
            eta = "?" if left is None or not rate else str(dt.timedelta(seconds=round(left / rate * 60)))
            shown = f"{rate:.1f}"
            return say(_TOTALS.filled(rate=shown, eta=eta, spoiled=self.spoiled, doubt=len(self._doubts)))

    def readers(self) -> list[tuple[str, str]]:
        """Each reader's name and state."""
        with self._lock:
            return list(self._readers.items())

    def errors(self) -> list[str]:
        """The last ones, the newest last."""
        with self._lock:
            return list(self._errors)

    def _rate(self) -> float:
        """Cards a minute, of late."""
        now = self._clock()
        while self._recent and self._recent[0] < now - _WINDOW_SECONDS:
            self._recent.popleft()
        since = min(now - self._began, _WINDOW_SECONDS)
        return len(self._recent) / since * 60 if since else 0.0


class RunBoard(Progress):
    """The bar, and below it what the readers do and what went wrong; lines on stderr where that is no terminal."""

    def __init__(self, as_json: bool = False) -> None:
        """``as_json``: the events go to stdout, nothing but what operators must do to stderr."""
        self.tally = RunTally()
        self._as_json = as_json
        self._logged = time.monotonic()
        console = stderr()
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            disable=as_json or not console.is_terminal,
            transient=True,
        )

    def get_renderables(self) -> Iterable[RenderableType]:
        """All that is shown now."""
        yield self.make_tasks_table(self.tasks)
        yield Styled(self.tally.totals(self._left()))
        readers = Table.grid(padding=(0, 2))
        for name, state in self.tally.readers():
            readers.add_row(Styled(say(_READER.filled(name=name)), style="bold"), Styled(state))
        yield readers
        for error in self.tally.errors():
            yield Styled(error, style="red")

    def tell(self, reader: str, fate: Fate | None) -> None:
        """What a reader's operator should do with its card; ``None``: put one in."""
        state = say(_WAITS if fate is None else fate.value)
        self.tally.says(reader, state)
        if self.disable and fate is not None:
            self._line(f"{reader}: {state}")

    def note(self, event: RunEvent) -> None:
        """An event of the run."""
        self.tally.note(event)
        if self._as_json or not self.disable:
            return
        if event.what in _BAD:
            self._line(sentence(event))
        elif event.what is What.DONE and time.monotonic() - self._logged >= _LOG_SECONDS:
            self._logged = time.monotonic()
            self._line(say(_SO_FAR.filled(done=self.tally.done, totals=self.tally.totals(self._left()))))

    def _left(self) -> float | None:
        return self.tasks[0].remaining if self.tasks else None

    @staticmethod
    def _line(text: str) -> None:
        stderr().print(text, markup=False, soft_wrap=True)


def json_events(board: RunBoard, interrupts: Interrupts) -> Observer:
    """One JSON object a line on stdout as it happens. Who reads no more ends the run as Ctrl-C does: no card is torn
    for it."""

    def tell(event: RunEvent) -> None:
        board.note(event)
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        try:
            emit_json({"schema": "ssn-card/perso-event/1", "at": at, **event.as_dict()})
            sys.stdout.flush()
        except OSError:
            interrupts.pressed = True

    return tell


def sentence(event: RunEvent) -> str:
    """One line for people: reader, card, what became of it and why."""
    reader = say(_READER.filled(name=event.reader or ""))
    serial = "" if event.serial is None else f" {event.serial.hex().upper()}:"
    return f"{reader}:{serial} {_state(event)}" + (
        "" if event.error is None or event.what is What.LEFT else f" – {say(event.error.text)}"
    )


def _state(event: RunEvent) -> str:
    """What a reader does since an event."""
    if event.what is What.BEGAN:
        return say(_WORKS.filled(serial=(event.serial or b"").hex().upper()))
    if event.what is What.LEFT:
        return say(_LEFT.filled(why="" if event.error is None else say(event.error.text)))
    return say(_READY if event.fate is None else event.fate.value)
