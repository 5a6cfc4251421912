# SPDX-License-Identifier: Apache-2.0
"""``pcsc:READER``: the card in a PC/SC reader. READER as :func:`ssn_card.transport.readers.find_reader` takes it.

Option: ``exclusive=1`` keeps every other program off the card while the connection is open. Without it another
program's commands may come between ours, outside :meth:`PcscConnection.exclusive`; the card's own protocol notices, and
the exchange fails safely.
"""

from __future__ import annotations

from .base import CardConnection, Tracer
from .errors import CardRemoved, ConnectionClosed
from .pcsc_service import PcscContext
from .readers import find_reader
from .url import CardUrl

_HEADER = 4  #: CLA INS P1 P2


def open_pcsc(url: CardUrl, tracer: Tracer | None = None) -> PcscConnection:
    """Factory of the scheme.

    Raises :class:`PyscardMissing`, :class:`PcscNotRunning`, :class:`ReaderNotFound`, :class:`NoCard`,
    :class:`CardMute`, :class:`CardInUse`.
    """
    url.check_options({"exclusive"})
    return PcscConnection(url.text, url.target, exclusive=url.flag("exclusive"), tracer=tracer)


class PcscConnection(CardConnection):
    """One card handle of the PC/SC service."""

    def __init__(self, url: str, reader: str, *, exclusive: bool = False, tracer: Tracer | None = None) -> None:
        super().__init__(url, tracer)
        self._context = PcscContext()
        self._api = self._context.api
        self._exclusive = exclusive
        try:
            self.reader = find_reader(self._context, reader)  #: full name of the reader
            self._card, protocol = self._context.connect(self.reader, exclusive=exclusive)
            self._use_protocol(protocol)
            self._opened(self._read_atr())
        except BaseException:
            self._context.close()
            raise

    def _exchange(self, command: bytes) -> bytes:
        if self._t0:
            command = t0_command(command)
        result, answer = self._api.SCardTransmit(self._card, self._pci, list(command))
        if result != self._api.SCARD_S_SUCCESS:
            raise self._context.exchange_error(result, self.reader, in_flight=True)
        if not answer:
            # How some drivers, the virtual reader's among them, tell of a card pulled out in mid-command.
            raise CardRemoved(self.reader, in_flight=True)
        return bytes(answer)

    def _reset(self) -> bytes:
        return self._reconnect(self._api.SCARD_RESET_CARD)

    def _hold(self) -> None:
        if not self._usable:
            raise ConnectionClosed(self.url)
        result = self._api.SCardBeginTransaction(self._card)
        if result == self._api.SCARD_W_RESET_CARD:
            self._opened(self._reconnect(self._api.SCARD_LEAVE_CARD))
            result = self._api.SCardBeginTransaction(self._card)
        if result != self._api.SCARD_S_SUCCESS:
            self._usable = False
            raise self._context.exchange_error(result, self.reader, in_flight=False)

    def _let_go(self) -> None:
        # Answers with a number, also when there is no transaction any more.
        self._api.SCardEndTransaction(self._card, self._api.SCARD_LEAVE_CARD)

    def _reconnect(self, disposition: int) -> bytes:
        share = self._api.SCARD_SHARE_EXCLUSIVE if self._exclusive else self._api.SCARD_SHARE_SHARED
        protocols = self._api.SCARD_PROTOCOL_T0 | self._api.SCARD_PROTOCOL_T1
        result, protocol = self._api.SCardReconnect(self._card, share, protocols, disposition)
        if result != self._api.SCARD_S_SUCCESS:
            raise self._context.exchange_error(result, self.reader, in_flight=False)
        self._use_protocol(protocol)
        return self._read_atr()

    def _close(self) -> None:
        # Reset, so that a verified PIN or an open channel does not stay behind for the next program. Both calls
        # answer with a number, also when card, reader or service are gone.
        self._api.SCardDisconnect(self._card, self._api.SCARD_RESET_CARD)
        self._context.close()

    def _use_protocol(self, protocol: int) -> None:
        self._t0 = protocol == self._api.SCARD_PROTOCOL_T0
        self._pci = self._api.SCARD_PCI_T0 if self._t0 else self._api.SCARD_PCI_T1

    def _read_atr(self) -> bytes:
        result, _reader, _state, _protocol, atr = self._api.SCardStatus(self._card)
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
