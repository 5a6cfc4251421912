# SPDX-License-Identifier: Apache-2.0
"""Where ``ssn perso run`` takes its cards from: one reader with a person, all readers at once, a robot, or others."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Annotated

import typer

from ssn_card.cli.output import say, stderr
from ssn_card.personalization.station.feeder import READER, CardFeeder, Fate, UrlFeeder, open_feeders
from ssn_card.personalization.station.interrupts import Interrupts
from ssn_card.personalization.station.readers import Park, Robot, WatchedReader
from ssn_card.protocol.errors import InputError, Text
from ssn_card.transport import list_readers
from ssn_card.transport.errors import ReaderNotFound

from .live import RunBoard

Cards = Annotated[
    list[str] | None,
    typer.Option(
        "--cards",
        metavar="URL",
        help="Where cards come from: sim:?readers=4, pcsc:READER, pcsc:* for all readers; repeatable / "
        "asal kartu: sim:?readers=4, pcsc:PEMBACA, pcsc:* untuk semua pembaca; dapat diulang.",
    ),
]
RobotCommand = Annotated[
    str,
    typer.Option(
        "--robot",
        metavar="COMMAND",
        help="Called with the reader and good, stock, bad or locked, to move its card / "
        "dipanggil dengan pembaca dan good, stock, bad atau locked, untuk memindahkan kartunya.",
    ),
]

_ALL = f"{READER}:*"
_NEXT = Text("Put the next card in, then Enter; q ends", "Masukkan kartu berikutnya, lalu Enter; q berhenti")
_LAST = Text("last card: {fate}", "kartu tadi: {fate}")
_NO_READER = Text(
    "A robot serves readers: name pcsc:READER or pcsc:*.", "Robot melayani pembaca: sebut pcsc:PEMBACA atau pcsc:*."
)


@dataclass(frozen=True)
class CardSource:
    """What a run is fed from."""

    feeders: Sequence[CardFeeder]
    newcomers: Callable[[], Sequence[CardFeeder]] | None = None
    interrupts: Interrupts = field(default_factory=Interrupts)


@contextmanager
def source(urls: Sequence[str], robot: str, board: RunBoard) -> Iterator[CardSource]:
    """What these options mean; closed in the end.

    Raises ``InputError``, ``ReaderNotFound`` where no reader is there, and what opening one raises.
    """
    with ExitStack() as held:
        found = _source(urls, robot, board)
        for feeder in found.feeders:
            held.callback(feeder.close)
        yield found


def _source(urls: Sequence[str], robot: str, board: RunBoard) -> CardSource:
    names = [url.partition(":")[2] for url in urls if url.startswith(f"{READER}:")]
    if names and len(names) == len(urls) and (robot or _ALL in urls or len(urls) > 1):
        return _parked([] if _ALL in urls else names, robot, board)
    if robot:
        raise InputError(_NO_READER, where="--robot")
    if not urls:
        return CardSource((UrlFeeder(()),))
    return CardSource(open_feeders(urls, lambda last: _ask(board, last)))


def _parked(names: Sequence[str], robot: str, board: RunBoard) -> CardSource:
    interrupts = Interrupts()
    mover = Robot(shlex.split(robot)) if robot else None
    park = Park(lambda name: WatchedReader(name, board.tell, lambda: interrupts.pressed, mover), names)
    feeders = park.newcomers()
    if not feeders:
        raise ReaderNotFound(", ".join(names), list_readers())
    return CardSource(feeders, park.newcomers, interrupts)


def _ask(board: RunBoard, last: Fate | None) -> bool:
    """Ask the operator on stderr, under the progress bar; the end of stdin ends the session too."""
    console = stderr()
    board.stop()
    if last is not None:
        console.print(say(_LAST.filled(fate=say(last.value))), markup=False)
    try:
        return console.input(f"{say(_NEXT)}: ", markup=False).strip().lower() != "q"
    except EOFError:
        return False
    finally:
        board.start()
