# SPDX-License-Identifier: Apache-2.0
"""The PC/SC service through pyscard's plain functions, every call with a time limit.

The plain functions are used, not pyscard's classes: those talk to the service from destructors and threads of their
own, which fails noisily when a reader is unplugged. pyscard is imported when first needed: it is an optional extra.

Each context has a thread for its calls (:mod:`.worker`). It also gives context and card back, whoever forgets to: the
service has 200 contexts for all programs of the machine.
"""

from __future__ import annotations

import contextlib
import importlib
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from types import ModuleType
from typing import Any, TypeVar

from ssn_card.protocol.closing import Closing

from .errors import (
    CardInUse,
    CardMute,
    NoCard,
    PcscNotAnswering,
    PyscardMissing,
    ReaderNameUnreadable,
    ReaderNotFound,
    TransportError,
)
from .pcsc_errors import NO_READERS, TIMEOUT, UNKNOWN_READER, entry_error, opening_error, unsigned
from .worker import TimeLimit, Worker

_T = TypeVar("_T")
SERVICE_SECONDS = 5.0  #: for what a healthy service does in milliseconds; our machine may be busy
_CLOSE_SECONDS = 2.0  #: for the reset on the way out, which another program's transaction may put off
_MOST_GIVEN_UP = 8  #: calls that still wait for one thing; more would only fill the service up
_SERVICE = "PC/SC"

#: Calls that were given up, and what they wait for: the service or a reader.
_given_up: dict[Future[Any], str] = {}


def scard() -> ModuleType:
    """The module of the plain functions. Raises :class:`PyscardMissing`."""
    try:
        return importlib.import_module("smartcard.scard")
    except ImportError as error:
        raise PyscardMissing from error


class _Lent:
    """What the service has lent us.

    Its methods run in the worker's thread, so that nothing is lost when the caller gives up: what comes late is given
    back all the same.
    """

    def __init__(self, api: ModuleType) -> None:
        self._api = api
        self.protocols = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
        self.reset_card = False  #: in the end; not by who forgot it, since he may already have opened it anew
        self.context: Any = None
        self.card: Any = None

    def enter(self) -> int:
        result, context = self._api.SCardEstablishContext(self._api.SCARD_SCOPE_USER)
        if result == self._api.SCARD_S_SUCCESS:
            self.context = context
        return int(result)

    def connect(self, reader: str, share: int) -> tuple[int, int]:
        result, card, protocol = self._api.SCardConnect(self.context, reader, share, self.protocols)
        if result == self._api.SCARD_S_SUCCESS:
            self.card = card
        return result, protocol

    def try_connecting(self, reader: str) -> int:
        """What a connection would meet; leaves the card as it was."""
        result, card, _ = self._api.SCardConnect(self.context, reader, self._api.SCARD_SHARE_SHARED, self.protocols)
        if result == self._api.SCARD_S_SUCCESS:
            self._api.SCardDisconnect(card, self._api.SCARD_LEAVE_CARD)
        return int(result)

    def give_back(self) -> None:
        # All these answer with a number, also when card, reader or service are gone.
        if self.card is not None:
            if self.reset_card:
                # SCardDisconnect would reset it too, but outside of a transaction: in the middle of somebody else's.
                self._api.SCardBeginTransaction(self.card)
                self._api.SCardEndTransaction(self.card, self._api.SCARD_RESET_CARD)
            self._api.SCardDisconnect(self.card, self._api.SCARD_LEAVE_CARD)
        if self.context is not None:
            self._api.SCardReleaseContext(self.context)


class PcscContext(Closing):
    """One context of the PC/SC service, with at most one card; a context manager."""

    def __init__(self) -> None:
        """Raises :class:`PyscardMissing`, :class:`PcscNotRunning`, :class:`PcscForbidden`, :class:`PcscFull`,
        :class:`PcscNotAnswering`."""
        self.api = scard()
        self._lent = _Lent(self.api)
        self._worker = Worker()
        # Neither knows this object, so it can be collected; its end then ends the thread.
        self._end = weakref.finalize(self, self._worker.finish, self._lent.give_back)
        try:
            result = self.call(self._lent.enter)
            if result != self.api.SCARD_S_SUCCESS:
                raise entry_error(unsigned(result))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give back card and context, whatever state the service is in. Does not wait for a call that was given up.

        The card is reset, so that a verified PIN or an open channel does not stay behind for the next program.
        """
        self._lent.reset_card = True
        given_back = self._end()
        if given_back is not None and not self._worker.stuck:
            with contextlib.suppress(TimeoutError):
                given_back.result(_CLOSE_SECONDS)

    def readers(self) -> list[str]:
        """Names of the readers, in the service's order. Raises :class:`ReaderNameUnreadable` and as :meth:`check`."""
        try:
            result, readers = self.call(lambda: self.api.SCardListReaders(self._lent.context, []))
        except (SystemError, UnicodeError) as error:  # how pyscard fails at a name that it cannot decode
            raise ReaderNameUnreadable from error
        if unsigned(result) == NO_READERS:
            return []
        self.check(result, _SERVICE)
        return list(readers)

    def states(self, readers: list[str], known: dict[str, int], milliseconds: int) -> dict[str, int]:
        """State bits of each reader, once one differs from ``known`` or the time is over; at once for one whose name is
        not ASCII."""
        found = {reader: self._state_by_connecting(reader) for reader in readers if not reader.isascii()}
        asked = [(reader, known.get(reader, self.api.SCARD_STATE_UNAWARE)) for reader in readers if reader not in found]
        if not asked:
            return found
        result, states = self.call(
            lambda: self.api.SCardGetStatusChange(self._lent.context, milliseconds, asked), milliseconds / 1000
        )
        if unsigned(result) != TIMEOUT:
            self.check(result, asked[0][0])
        return found | {reader: state & ~self.api.SCARD_STATE_CHANGED for reader, state, _ in states}

    def connect(self, reader: str, *, exclusive: bool, seconds: float) -> int:
        """Take the card in a reader; its protocol number. Raises :class:`CardInUse`, and as :meth:`check`."""
        share = self.api.SCARD_SHARE_EXCLUSIVE if exclusive else self.api.SCARD_SHARE_SHARED
        try:
            result, protocol = self.wait_for(lambda: self._lent.connect(reader, share), seconds, reader)
        except TimeLimit:
            raise kept_waiting(reader) from None
        self.check(result, reader)
        return int(protocol)

    def call_card(self, function: Callable[..., _T], *arguments: Any, seconds: float) -> _T:
        """A function of the API on the connected card. Raises :class:`TimeLimit`; it then goes on by itself."""
        return self._worker.wait(self.post_card(function, *arguments), seconds)

    def post_card(self, function: Callable[..., _T], *arguments: Any) -> Future[_T]:
        """The same, without waiting for it."""
        return self._worker.post(lambda: function(self._lent.card, *arguments))

    def call(self, job: Callable[[], _T], seconds: float = 0.0) -> _T:
        """What the service answers without any card, ``seconds`` of waiting included; :class:`PcscNotAnswering`."""
        try:
            return self.wait_for(job, seconds + SERVICE_SECONDS, _SERVICE)
        except TimeLimit:
            raise PcscNotAnswering from None

    def wait_for(self, job: Callable[[], _T], seconds: float, what: str) -> _T:
        """A job that waits for ``what``. Raises :class:`TimeLimit`, at once where too many wait for it already."""
        if _too_many_wait_for(what):
            raise TimeLimit
        promise = self._worker.post(job)
        try:
            return self._worker.wait(promise, seconds)
        except TimeLimit:
            _given_up[promise] = what
            raise

    def check(self, result: int, place: str) -> None:
        """Raise the error of a failed call that is no exchange."""
        number = unsigned(result)
        if number in (UNKNOWN_READER, NO_READERS):
            raise ReaderNotFound(place, self.readers())
        if number != self.api.SCARD_S_SUCCESS:
            raise opening_error(number, place)

    def _state_by_connecting(self, reader: str) -> int:
        """pyscard cannot ask for the state of a reader whose name is not ASCII, but it can connect to it.

        In a context of its own, which another program may keep waiting.
        """
        with PcscContext() as visitor:
            try:
                result = visitor.wait_for(lambda: visitor._lent.try_connecting(reader), SERVICE_SECONDS, reader)
                visitor.check(result, reader)
            except NoCard:
                return int(self.api.SCARD_STATE_EMPTY)
            except CardMute:
                return int(self.api.SCARD_STATE_PRESENT | self.api.SCARD_STATE_MUTE)
            except (CardInUse, TimeLimit):
                return int(self.api.SCARD_STATE_PRESENT | self.api.SCARD_STATE_INUSE)
        return int(self.api.SCARD_STATE_PRESENT)


def kept_waiting(reader: str) -> TransportError:
    """Why the service let us wait for the card in a reader, asked of it anew: it may itself be frozen."""
    try:
        with PcscContext() as visitor:
            state = visitor.states([reader], {}, 0)[reader]
            used = state & (visitor.api.SCARD_STATE_INUSE | visitor.api.SCARD_STATE_EXCLUSIVE)
    except TransportError as error:
        return error
    return CardInUse(reader) if used else CardMute(reader)


def _too_many_wait_for(what: str) -> bool:
    """Whether as many calls as we allow were given up, and still wait."""
    for promise in [one for one in tuple(_given_up) if one.done()]:
        _given_up.pop(promise, None)
    return tuple(_given_up.values()).count(what) >= _MOST_GIVEN_UP
