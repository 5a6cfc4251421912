# SPDX-License-Identifier: Apache-2.0
"""Several PC/SC readers at once: a card is made as soon as it is put in, the next one after it was taken out.

Who takes it out is a person, told by ``tell``, or a robot: a program that is called with the reader's name and the bin
for the card (:class:`Robot`).
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum

from ssn_card.protocol.errors import ConfigurationError, Text
from ssn_card.transport import CardConnection, CardMute, NoCard, open_connection, wait_for_card
from ssn_card.transport.readers import list_readers, wait_for_removal

from .feeder import READER, Fate, NoCardYet, OutOfCards, opened

_LOOK_SECONDS = 0.5  #: how long a wait goes on before it is asked whether it should


class Bin(StrEnum):
    """Where a robot puts a card."""

    GOOD = "good"  #: a finished card
    STOCK = "stock"  #: still blank
    BAD = "bad"
    LOCKED = "locked"  #: may be personalized: under lock until it is seen again


BINS = {
    Fate.DONE: Bin.GOOD,
    Fate.KNOWN: Bin.GOOD,
    Fate.UNUSED: Bin.STOCK,
    Fate.REJECTED: Bin.BAD,
    Fate.SUSPECT: Bin.LOCKED,
}


class RobotFailed(ConfigurationError):
    """The program that moves the cards ended with an error, or could not be started."""

    code = "robot-failed"
    text = Text(
        "{program} did not move the card of {reader}: {why}.", "{program} gagal memindahkan kartu {reader}: {why}."
    )
    remedy = Text(
        "Take the card out by hand and put it into the bin '{bin}'; then run the same command again.",
        "Keluarkan kartu dengan tangan ke wadah '{bin}'; lalu jalankan perintah yang sama lagi.",
    )
    program: str
    reader: str
    bin: str
    why: str


class Robot:
    """``PROGRAM READER BIN`` takes the card out of a reader, puts it into a bin, and a new one in if there is one."""

    def __init__(self, program: Sequence[str], seconds: float = 120.0) -> None:
        """``program``: with its first arguments; ``seconds``: for one card."""
        self._program = tuple(program)
        self._seconds = seconds

    def move(self, reader: str, fate: Fate) -> None:
        """Move the card. Raises :class:`RobotFailed`."""
        where = BINS[fate]
        try:
            ended = subprocess.run(
                [*self._program, reader, where], stdin=subprocess.DEVNULL, timeout=self._seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RobotFailed(self._program[0], reader, where, str(error)) from error
        if ended.returncode:
            raise RobotFailed(self._program[0], reader, where, f"exit {ended.returncode}")


Tell = Callable[[str, Fate | None], None]  #: a reader's name, and where its card goes; ``None``: it waits for one


class WatchedReader:
    """One reader of several."""

    def __init__(self, name: str, tell: Tell, stopping: Callable[[], bool], robot: Robot | None = None) -> None:
        """``name``: exact; ``stopping``: whether a wait for a card should end."""
        self.name = name
        self._tell, self._stopping, self._robot = tell, stopping, robot
        self._used: bool | None = None  #: whether its card has had its turn, and may still be in; ``None``: no card yet

    def expect(self, serials: Collection[bytes], /) -> None:
        """Nothing: whoever puts the cards in chooses them."""

    def next(self) -> AbstractContextManager[CardConnection]:
        """Wait a while until the last card is out and another one in.

        Raises :class:`NoCardYet`, :class:`OutOfCards`, and ``ReaderNotFound`` for a reader that is gone.
        """
        if self._stopping():
            raise OutOfCards
        if self._used and not wait_for_removal(self.name, _LOOK_SECONDS):
            raise NoCardYet
        if self._used is not False:
            self._tell(self.name, None)
        self._used = False
        try:
            wait_for_card(self.name, _LOOK_SECONDS)
            return open_connection(self._url)
        except (NoCard, CardMute):
            raise NoCardYet from None

    def again(self) -> AbstractContextManager[CardConnection]:
        """What is in the reader now."""
        return opened(self._url)

    def release(self, fate: Fate, /) -> None:
        """The card's bin is told, and a robot puts it there. Raises :class:`RobotFailed`."""
        self._tell(self.name, fate)
        if self._robot is None:
            self._used = True
        else:
            self._robot.move(self.name, fate)  # a robot may have put in the next one by now

    def close(self) -> None:
        """Nothing is held between cards."""

    @property
    def _url(self) -> str:
        return f"{READER}:{self.name}"


class Park:
    """All readers of this machine, or some of them by name; one that is plugged in later joins."""

    def __init__(self, make: Callable[[str], WatchedReader], named: Collection[str] = ()) -> None:
        """``named``: only these; none: all that there are."""
        self._make = make
        self._named = frozenset(named)
        self._known: set[str] = set()

    def newcomers(self) -> Sequence[WatchedReader]:
        """Readers that have been plugged in since this was last asked, or again. Raises what ``list_readers`` does."""
        present = {name for name in list_readers() if not self._named or name in self._named}
        new = sorted(present - self._known)
        self._known = present
        return [self._make(name) for name in new]
