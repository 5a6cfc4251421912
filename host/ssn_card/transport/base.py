# SPDX-License-Identifier: Apache-2.0
"""A connection to one card, whatever lies between."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import Text

from .errors import CardWasReset, ConnectionClosed, ConnectionLost, MalformedCommand, ShortAnswer

_MIN_COMMAND, _MAX_COMMAND = 4, 4 + 3 + 65_535 + 2  #: bytes; ISO 7816-3 section 12.1.3
_HEADER = 4  #: CLA INS P1 P2
_SW_MORE_DATA, _SW_WRONG_LE = 0x61, 0x6C
_CHANNEL = 0x03  #: logical channel bits of an interindustry CLA
_GET_RESPONSE = 0xC0
_TAKE_UPS = 3  #: more resets than that in a row are somebody who does nothing else
_MAX_ANSWER = 65_536 + 2  #: bytes; more is a card that never ends

_ENDLESS = Text("the card announces data without end", "kartu mengumumkan data tanpa akhir")


class Tracer(Protocol):
    """Sees every exchange on the wire, GET RESPONSE included, in order. Must not raise."""

    def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
        """``command`` was answered by ``answer`` (data and status word) after ``seconds``."""


@runtime_checkable
class SessionTracer(Tracer, Protocol):
    """A tracer that also wants to know where the card's sessions begin."""

    def started(self, atr: bytes) -> None:
        """The card was powered up or reset and answered ``atr``."""


class CardConnection(Closing, ABC):
    """One card, held until :meth:`close`.

    Calls from several threads are taken one after the other. After an error in the middle of an exchange the
    connection refuses to go on (:class:`ConnectionClosed`), so that a late answer is never taken for another
    command's; :meth:`reset` may bring it back.

    A subclass implements :meth:`_exchange`, :meth:`_reset` and :meth:`_close`, and calls :meth:`_opened` once; where
    others can reach its card, :meth:`_hold` and :meth:`_let_go` too.
    """

    def __init__(self, url: str, tracer: Tracer | None = None) -> None:
        self._url = url
        self._tracer = tracer
        self._atr = b""
        self._lock = threading.RLock()
        self._holders = 0  # exclusive() within exclusive()
        self._usable = False
        self._closed = False

    @property
    def url(self) -> str:
        """The URL that was opened."""
        return self._url

    @property
    def atr(self) -> bytes:
        """The card's answer to the last reset."""
        return self._atr

    def transmit(self, apdu: bytes, /) -> bytes:
        """The card's whole answer to one command: data and status word, at least 2 bytes.

        Data announced by 61xx is fetched with GET RESPONSE, and a command without data refused by 6Cxx is sent once
        more with the length that the card names (ISO 7816-4 section 5.6, T=0 readers). A command that carries data
        is never repeated.

        Raises:
            MalformedCommand, ConnectionClosed, CardInUse, PcscNotAnswering: nothing was sent.
            ExchangeBroken: and its subclasses, see there.
        """
        if not _MIN_COMMAND <= len(apdu) <= _MAX_COMMAND:
            raise MalformedCommand(len(apdu))
        with self._lock, self._held():
            answer = self._traced(bytes(apdu))
            if answer[-2] == _SW_WRONG_LE and len(apdu) <= _HEADER + 1:
                answer = self._traced(bytes(apdu[:_HEADER]) + answer[-1:])
            if answer[-2] == _SW_MORE_DATA:
                answer = self._rest(apdu[0] & _CHANNEL, answer)
            return answer

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep everybody else off the card, as for the length of a sale: other programs, and threads that share this
        connection. Begin with SELECT: a card that another program reset in the meantime is taken up again.

        May be nested; the outermost one counts.

        Raises:
            CardInUse: another program does not let go of the card in time.
            ConnectionClosed, ExchangeBroken, PcscNotAnswering.
        """
        with self._lock, self._held(anew=True):
            yield

    def reset(self) -> bytes:
        """Reset the card and return its ATR. Raises :class:`ConnectionClosed`, :class:`ExchangeBroken`."""
        with self._lock:
            if self._closed:
                raise ConnectionClosed(self._url)
            self._usable = False
            self._opened(self._reset())
            return self._atr

    def close(self) -> None:
        """Let the card go, powered off or reset, so that no session stays open on it. Never raises; twice is fine."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._usable = False
                self._close()

    def _opened(self, atr: bytes) -> None:
        """To be called by a subclass when the card has been powered up."""
        self._atr = atr
        self._usable = True
        if isinstance(self._tracer, SessionTracer):
            self._tracer.started(atr)

    @abstractmethod
    def _exchange(self, command: bytes) -> bytes:
        """Send one command, return its answer as the card gave it. Any exception makes the connection unusable."""

    @abstractmethod
    def _reset(self) -> bytes:
        """Reset the card, return the ATR."""

    @abstractmethod
    def _close(self) -> None:
        """Release everything; must not raise."""

    @contextmanager
    def _held(self, *, anew: bool = False) -> Iterator[None]:
        """With other programs kept off; ``anew``: after a reset by one of them too."""
        if not self._holders:
            self._hold_anew(_TAKE_UPS if anew else 0)
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self._let_go()

    def _hold_anew(self, take_ups: int) -> None:
        """Hold the card, taking it up again after at most so many resets. Raises as :meth:`_hold`."""
        while True:
            try:
                return self._hold()
            except CardWasReset:
                if not take_ups:
                    raise
                take_ups -= 1
                self._opened(self._take_up())

    def _hold(self) -> None:
        """Keep other programs off the card until :meth:`_let_go`. Raises :class:`CardWasReset` and others."""

    def _take_up(self) -> bytes:
        """Go on with a card that another program reset; its ATR."""
        return self._reset()

    def _let_go(self) -> None:
        """Let other programs at the card again; must not raise."""

    def _traced(self, command: bytes) -> bytes:
        if not self._usable:
            raise ConnectionClosed(self._url)
        self._usable = False
        start = time.perf_counter()
        answer = self._exchange(command)
        seconds = time.perf_counter() - start
        if self._tracer is not None:
            self._tracer.exchange(command, answer, seconds)
        if len(answer) < 2:
            raise ShortAnswer(self._url, len(answer))
        self._usable = True
        return answer

    def _rest(self, cla: int, answer: bytes) -> bytes:
        """Follow 61xx until another status word comes; the data of all answers, then that status word."""
        data = bytearray(answer[:-2])
        while answer[-2] == _SW_MORE_DATA:
            more = self._traced(bytes((cla, _GET_RESPONSE, 0, 0, answer[-1])))
            if more[-2] == _SW_WRONG_LE:
                more = self._traced(bytes((cla, _GET_RESPONSE, 0, 0, more[-1])))
            if (len(more) == 2 and more[-2] == _SW_MORE_DATA) or len(data) + len(more) > _MAX_ANSWER:
                self._usable = False
                raise ConnectionLost(self._url, _ENDLESS, in_flight=True)
            data += more[:-2]
            answer = more
        return bytes(data) + answer[-2:]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._url}{'' if self._usable else ': closed'}>"
