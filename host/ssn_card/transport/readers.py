# SPDX-License-Identifier: Apache-2.0
"""PC/SC readers: which there are, which one a name means, and waiting for a card."""

from __future__ import annotations

import time

from ssn_card.protocol.closing import Closing

from .errors import CardMute, NoCard, PcscLost, PcscNotRunning, ReaderNotFound, TransportError
from .pcsc_service import PcscContext

_LOOK_AGAIN_SECONDS = 0.2  #: at the readers, for new ones; a change of the one meant is seen at once


def list_readers() -> list[str]:
    """Names of the connected readers. Raises what :class:`PcscContext` and its ``readers`` raise."""
    with PcscContext() as context:
        return context.readers()


def find_reader(context: PcscContext, wanted: str) -> str:
    """The reader meant by an exact name, a number in the list, or a part of one name only (in any case).

    Empty means the only reader, or of several the only one with a card in it. Raises :class:`ReaderNotFound`.
    """
    readers = context.readers()
    if wanted in readers:
        return wanted
    if wanted.isascii() and wanted.isdigit() and int(wanted) < len(readers):
        return readers[int(wanted)]
    fitting = [reader for reader in readers if wanted.lower() in reader.lower()]
    if len(fitting) > 1 and not wanted:
        states = context.states(fitting, {}, 0)
        fitting = [reader for reader in fitting if states[reader] & context.api.SCARD_STATE_PRESENT]
    if len(fitting) != 1:
        raise ReaderNotFound(wanted, readers)
    return fitting[0]


def wait_for_card(reader: str = "", timeout: float = 10.0) -> str:
    """Name of the reader meant by ``reader`` (see :func:`find_reader`), once a card that answers is in it.

    Readers and the service itself may come and go meanwhile. Ctrl-C ends the waiting at once.

    Raises:
        ReaderNotFound, NoCard, CardMute, PcscLost: not within ``timeout`` seconds; what was missing in the end.
        What :class:`PcscContext` raises: the service cannot be had at all; a frozen one costs a few seconds more.
    """
    deadline = time.monotonic() + timeout
    with _Watch(reader) as watch:
        while True:
            left = deadline - time.monotonic()
            missing = watch.look(max(left, 0.0))
            if missing is None:
                return watch.found
            if left <= 0:
                raise missing


def wait_for_removal(reader: str, timeout: float = 10.0) -> bool:
    """Whether the reader is empty within ``timeout`` seconds. ``reader``: its exact name.

    Raises :class:`ReaderNotFound` and what :class:`PcscContext` and its ``states`` raise.
    """
    deadline = time.monotonic() + timeout
    with PcscContext() as context:
        known: dict[str, int] = {}
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            known = context.states([reader], known, int(left * 1000))
            if not known[reader] & context.api.SCARD_STATE_PRESENT:
                if reader not in context.readers():
                    raise ReaderNotFound(reader, context.readers())
                return True
            if not left:
                return False


class _Watch(Closing):
    """Looks out for a card; a context manager."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._context: PcscContext | None = PcscContext()
        self._known: dict[str, int] = {}
        self.found: str  #: once :meth:`look` has found it

    def look(self, seconds: float) -> TransportError | None:
        """``None`` once a card is there, else what is missing, after a change or a while of at most ``seconds``."""
        pause = min(_LOOK_AGAIN_SECONDS, seconds)
        try:
            return self._look(pause)
        except ReaderNotFound as error:
            missing: TransportError = error
        except (PcscLost, PcscNotRunning) as error:  # it was there before: give it time to come back
            missing = error
            self.close()
        self._known = {}
        time.sleep(pause)
        return missing

    def _look(self, seconds: float) -> TransportError | None:
        if self._context is None:
            self._context = PcscContext()
        context, api = self._context, self._context.api
        name = find_reader(context, self._wanted)
        self._known = context.states([name], self._known, int(seconds * 1000))
        state = self._known[name]
        if not state & api.SCARD_STATE_PRESENT:
            return NoCard(name)
        if state & api.SCARD_STATE_MUTE:
            return CardMute(name)
        self.found = name
        return None

    def close(self) -> None:
        """Let go of the service."""
        context, self._context = self._context, None
        if context is not None:
            context.close()
