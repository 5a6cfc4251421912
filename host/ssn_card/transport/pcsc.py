# SPDX-License-Identifier: Apache-2.0
"""``pcsc:READER``: the card in a PC/SC reader. READER as :func:`ssn_card.transport.readers.find_reader` takes it.

Options: ``timeout`` seconds for one answer of the card (30), ``wait`` seconds for a card that another program holds
(5), ``exclusive=1`` to keep every other program off the card while the connection is open. Without it another program's
commands may come between ours, outside :meth:`PcscConnection.exclusive`; the card's own protocol notices, and the
exchange fails safely. Within one command nobody comes between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .base import CardConnection, Tracer
from .errors import CardRemoved, CardWasReset, ConnectionClosed, ConnectionLost, no_answer_in
from .pcsc_codes import CODES
from .pcsc_errors import RESET_CARD, exchange_error, unsigned
from .pcsc_service import PcscContext, kept_waiting
from .readers import find_reader
from .url import CardUrl
from .worker import TimeLimit

_T = TypeVar("_T")
_HEADER = 4  #: CLA INS P1 P2


def open_pcsc(url: CardUrl, tracer: Tracer | None = None) -> PcscConnection:
    """Factory of the scheme.

    Raises what :class:`PcscContext` raises, :class:`ReaderNotFound`, :class:`NoCard`, :class:`CardMute`,
    :class:`CardNotSupported`, :class:`CardInUse`, :class:`PcscFailure`.
    """
    url.check_options({"exclusive", "timeout", "wait"})
    return PcscConnection(
        url.text,
        url.target,
        exclusive=url.flag("exclusive"),
        timeout=url.seconds("timeout", 30.0),
        wait=url.seconds("wait", 5.0),
        tracer=tracer,
    )


class PcscConnection(CardConnection):
    """One card handle of the PC/SC service."""

    def __init__(
        self,
        url: str,
        reader: str,
        *,
        exclusive: bool,
        timeout: float,
        wait: float,
        tracer: Tracer | None = None,
    ) -> None:
        super().__init__(url, tracer)
        self._timeout, self._wait = timeout, wait
        self._context = PcscContext()
        self._api = self._context.api
        self._exclusive = exclusive
        try:
            self.reader = find_reader(self._context, reader)  #: full name of the reader
            self._use_protocol(self._context.connect(self.reader, exclusive=exclusive, seconds=wait))
            self._opened(self._first_atr())
        except BaseException:
            self._context.close()
            raise

    def _exchange(self, command: bytes) -> bytes:
        if self._t0:
            command = t0_command(command)
        result, answer = self._ask(self._api.SCardTransmit, self._pci, list(command), in_flight=True)
        if result != self._api.SCARD_S_SUCCESS:
            raise exchange_error(unsigned(result), self.reader, in_flight=True)
        if not answer:
            # How some drivers, the virtual reader's among them, tell of a card pulled out in mid-command.
            raise CardRemoved(self.reader, in_flight=True)
        return bytes(answer)

    def _reset(self) -> bytes:
        return self._reconnect(self._api.SCARD_RESET_CARD)

    def _take_up(self) -> bytes:
        # The other program reset the card for itself, and may be in the middle of something.
        return self._reconnect(self._api.SCARD_LEAVE_CARD)

    def _close(self) -> None:
        self._context.close()

    def _hold(self) -> None:
        """A transaction. So a command never waits inside the service for another program's, where it could not be told
        from one that the card works on, nor be taken back."""
        if not self._usable:
            raise ConnectionClosed(self.url)
        try:
            result = self._context.call_card(self._api.SCardBeginTransaction, seconds=self._wait)
        except BaseException as error:
            self._let_go()  # as soon as it has begun
            if isinstance(error, TimeLimit):
                raise kept_waiting(self.reader) from None
            raise
        if result != self._api.SCARD_S_SUCCESS:
            self._usable = False
            raise exchange_error(unsigned(result), self.reader, in_flight=False)

    def _let_go(self) -> None:
        # Answers with a number, also when there is no transaction any more.
        self._context.post_card(self._api.SCardEndTransaction, self._api.SCARD_LEAVE_CARD)

    def _reconnect(self, disposition: int) -> bytes:
        share = self._api.SCARD_SHARE_EXCLUSIVE if self._exclusive else self._api.SCARD_SHARE_SHARED
        protocols = self._api.SCARD_PROTOCOL_T0 | self._api.SCARD_PROTOCOL_T1
        result, protocol = self._ask(self._api.SCardReconnect, share, protocols, disposition, in_flight=False)
        if result != self._api.SCARD_S_SUCCESS:
            raise exchange_error(unsigned(result), self.reader, in_flight=False)
        self._use_protocol(protocol)
        return self._read_atr()

    def _ask(self, function: Callable[..., _T], *arguments: Any, in_flight: bool) -> _T:
        """A call that the card may keep waiting. Raises :class:`ConnectionLost` when it does so too long."""
        try:
            return self._context.call_card(function, *arguments, seconds=self._timeout)
        except TimeLimit:
            raise ConnectionLost(self.reader, no_answer_in(self._timeout), in_flight=in_flight) from None

    def _use_protocol(self, protocol: int) -> None:
        self._t0 = protocol == self._api.SCARD_PROTOCOL_T0
        self._pci = self._api.SCARD_PCI_T0 if self._t0 else self._api.SCARD_PCI_T1

    def _first_atr(self) -> bytes:
        try:
            return self._read_atr()
        except CardWasReset:  # by a program that let go of it just now
            return self._take_up()

    def _read_atr(self) -> bytes:
        result, _reader, _state, _protocol, atr = self._ask(self._api.SCardStatus, in_flight=False)
        if unsigned(result) == RESET_CARD:
            raise CardWasReset(self.reader, CODES[RESET_CARD])
        self._context.check(result, self.reader)
        return bytes(atr)


def t0_command(command: bytes) -> bytes:
    """A short command as T=0 carries it (ISO 7816-3 section 12.2): with P3, and without Le behind data.

    The card then announces its answer by 61xx.
    """
    if len(command) == _HEADER:
        return command + b"\x00"
    end = _HEADER + 1 + command[_HEADER]
    return command[:end] if command[_HEADER] and len(command) == end + 1 else command
