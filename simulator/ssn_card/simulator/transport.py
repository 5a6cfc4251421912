# SPDX-License-Identifier: Apache-2.0
"""``sim:`` a new blank card in a simulator that lives as long as the connection; ``sim:SERIAL`` (16 hexadecimal
digits) that card of the simulator that ``ssn sim start`` runs.

Options: ``serial`` of the new card (``sim:?serial=0102030405060708``), ``timeout`` and ``wait`` as for ``vpcd:``.
"""

from __future__ import annotations

from ssn_card.keys import SERIAL_LENGTH
from ssn_card.protocol.errors import Text
from ssn_card.transport import BadUrl, CardUrl, Tracer, VpcdConnection

from .factory import blank_card, card_named, new_serial
from .simulator import SimulatedCard, Simulator


def open_sim(url: CardUrl, tracer: Tracer | None = None) -> SimConnection:
    """Factory of the scheme.

    Raises :class:`BadUrl`, :class:`NoSuchCard`, and what :meth:`Simulator.start` or :meth:`Simulator.attach` raise.
    """
    url.check_options({"timeout", "wait"} if url.target else {"timeout", "wait", "serial"})
    if url.target:
        return _attached(url, serial_in(url, url.target), tracer)
    serial = serial_in(url, url.options["serial"]) if "serial" in url.options else new_serial()
    return _private(url, serial, tracer)


def _attached(url: CardUrl, serial: bytes, tracer: Tracer | None) -> SimConnection:
    simulator = Simulator.attach()
    try:
        return SimConnection(url, simulator, card_named(simulator, serial.hex()), tracer)
    except BaseException:
        simulator.stop()
        raise


def _private(url: CardUrl, serial: bytes, tracer: Tracer | None) -> SimConnection:
    simulator = Simulator().start()
    try:
        return SimConnection(url, simulator, blank_card(simulator, serial), tracer)
    except BaseException:
        simulator.stop()
        raise


class SimConnection(VpcdConnection):
    """A connection that also holds its simulator: stopped when private, let go of when attached."""

    def __init__(self, url: CardUrl, simulator: Simulator, card: SimulatedCard, tracer: Tracer | None = None) -> None:
        self.card = card
        self._simulator = simulator
        super().__init__(
            url.text,
            "127.0.0.1",
            card.port,
            timeout=url.seconds("timeout", 30.0),
            wait=url.seconds("wait", 5.0),
            tracer=tracer,
        )

    def _close(self) -> None:
        super()._close()
        self._simulator.stop()


def serial_in(url: CardUrl, digits: str) -> bytes:
    """The serial, 8 bytes, that ``digits`` of this URL write. Raises :class:`BadUrl`."""
    try:
        serial = bytes.fromhex(digits)
    except ValueError:
        serial = b""
    if len(serial) != SERIAL_LENGTH:
        raise BadUrl(url.text, Text("a serial is 16 hexadecimal digits", "nomor seri adalah 16 digit heksadesimal"))
    return serial
