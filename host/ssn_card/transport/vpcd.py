# SPDX-License-Identifier: Apache-2.0
"""``vpcd:HOST:PORT``: a card on a TCP port, by the protocol of vsmartcard's virtual reader, without any daemon.

A message is a 2-byte big-endian length and that many bytes. One byte is control: 0 power off, 1 power on, 2 reset
(no answer), 4 get the ATR (answered by it); more bytes are a command APDU, answered by data and status word.

Options: ``timeout`` seconds for one answer (30), ``wait`` seconds for a card that another connection holds (5).
"""

from __future__ import annotations

import contextlib
import socket
import time

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .base import CardConnection, Tracer
from .errors import BadUrl, CardInUse, CardNotReachable, ConnectionLost, no_answer_in
from .sockets import connect_tcp
from .url import CardUrl

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00\x01\x00", b"\x00\x01\x01", b"\x00\x01\x02", b"\x00\x01\x04"
_LENGTH = 2
_CHUNK = 65_537  #: bytes: the longest message with its length
_CONNECT_SECONDS = 5.0
_SHORTEST = 0.001  #: seconds; none would mean not to wait at all
_TOO_MUCH = Text("the card sent more than one answer", "kartu mengirim lebih dari satu jawaban")
_CLOSED = Text("the card's side closed the connection", "sisi kartu menutup koneksi")
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)  #: Linux only


def open_vpcd(url: CardUrl, tracer: Tracer | None = None) -> VpcdConnection:
    """Factory of the scheme. Raises :class:`BadUrl`, :class:`CardNotReachable`, :class:`CardInUse`."""
    url.check_options({"timeout", "wait"})
    host, colon, port = url.target.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) <= 0xFFFF):
        raise BadUrl(url.text, Text("write vpcd:HOST:PORT", "tulis vpcd:HOST:PORT"))
    return VpcdConnection(
        url.text,
        host.strip("[]"),
        int(port),
        timeout=url.seconds("timeout", 30.0),
        wait=url.seconds("wait", 5.0),
        tracer=tracer,
    )


class VpcdConnection(CardConnection):
    """The reader's side of one TCP connection to a card."""

    def __init__(
        self, url: str, host: str, port: int, *, timeout: float, wait: float, tracer: Tracer | None = None
    ) -> None:
        super().__init__(url, tracer)
        try:
            self._socket = connect_tcp(host, port, min(wait, _CONNECT_SECONDS))
        except OSError as error:
            raise CardNotReachable(url, _reason(error)) from error
        try:
            # The simulator accepts at once and answers when the reader before us has let the card go.
            self._timeout = wait
            try:
                self._opened(self._power(POWER_ON))
            except ConnectionLost as error:
                if isinstance(error.__cause__, TimeoutError):
                    raise CardInUse(url) from error
                raise CardNotReachable(url, error.reason) from error
            self._timeout = timeout
        except BaseException:
            self._socket.close()
            raise

    def _exchange(self, command: bytes) -> bytes:
        return self._ask(len(command).to_bytes(_LENGTH, "big") + command, in_flight=True)

    def _reset(self) -> bytes:
        return self._power(RESET)

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(POWER_OFF)
        self._socket.close()

    def _power(self, control: bytes) -> bytes:
        return self._ask(control + GET_ATR, in_flight=False)

    def _ask(self, message: bytes, *, in_flight: bool) -> bytes:
        """One message out, one back. Any failure closes the socket: the stream would be out of step."""
        deadline = time.monotonic() + self._timeout
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(message)
            return self._receive(deadline)
        except BaseException as error:
            self._socket.close()
            if isinstance(error, TimeoutError):
                raise ConnectionLost(self.url, no_answer_in(self._timeout), in_flight=in_flight) from error
            if isinstance(error, OSError):
                raise ConnectionLost(self.url, _reason(error), in_flight=in_flight) from error
            raise

    def _receive(self, deadline: float) -> bytes:
        """The one message that the card owes us. Raises ``OSError`` when it does not come whole, alone and in time."""
        data = self._some(deadline)
        while len(data) < _LENGTH:
            data += self._some(deadline)
        end = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
        while len(data) < end:
            data += self._some(deadline)
        if len(data) > end:
            raise _Broken(_TOO_MUCH)
        return data[_LENGTH:]

    def _some(self, deadline: float) -> bytes:
        # The time limit is for the whole answer: a card may send it byte by byte.
        self._socket.settimeout(max(deadline - time.monotonic(), _SHORTEST))
        # The kernel leaves quick-ACK mode by itself. A peer that sends the length by itself, with Nagle's algorithm
        # on, would wait 40 ms for each late ACK.
        if _QUICKACK is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, True)
        data = self._socket.recv(_CHUNK)
        if not data:
            raise _Broken(_CLOSED)
        return data


class _Broken(ConnectionError):
    """A line that the system does not find broken."""

    def __init__(self, text: Text) -> None:
        self.text = text


def _reason(error: OSError) -> Text:
    return error.text if isinstance(error, _Broken) else system_reason(error)
