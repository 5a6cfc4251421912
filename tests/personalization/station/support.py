# SPDX-License-Identifier: Apache-2.0
"""Blank cards for the station's tests: the real applet in a simulator, and lines that break at a chosen place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from ssn_card.keys import development_keyring
from ssn_card.personalization.station.feeder import Fate, UrlFeeder
from ssn_card.protocol.labels import KeyLabel
from ssn_card.simulator import Simulator
from ssn_card.transport import CardConnection, ConnectionLost, VpcdConnection


class Rack:
    """Simulated cards in a process of their own."""

    def __init__(self) -> None:
        self._simulator = Simulator().start()
        self._serials = iter(range(0x5353_0000_0000_0001, 0x5353_0000_0001_0000))

    def blank(self, serial: bytes | None = None, transport_version: int = 1) -> str:
        """URL of a new blank card with the development transport keys of that version."""
        serial = serial or next(self._serials).to_bytes(8, "big")
        labels = (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK)
        keys = (development_keyring().diversify(label, transport_version, serial).value() for label in labels)
        return self._simulator.create_card(serial + b"".join(keys)).url

    def blanks(self, count: int) -> list[str]:
        """URLs of new blank cards."""
        return [self.blank() for _ in range(count)]

    def close(self) -> None:
        self._simulator.stop()


class Noting(UrlFeeder):
    """A feeder of URLs that notes the fates of its cards."""

    def __init__(self, urls: list[str]) -> None:
        super().__init__(urls)
        self.fates: list[Fate] = []

    def release(self, fate: Fate, /) -> None:
        self.fates.append(fate)


#: Given the number of the command (from 1) on this connection: ``"before"`` or ``"after"`` it the card is removed.
Cut = Callable[[int], str | None]


class CuttableConnection(VpcdConnection):
    """A real connection that ends before a command reaches the card, or after it did and before its answer comes."""

    def __init__(self, url: str, cut: Cut) -> None:
        _, host, port = url.split(":")
        super().__init__(url, host, int(port), timeout=30.0, wait=5.0)
        self._cut = cut
        self._number = 0

    def _exchange(self, command: bytes) -> bytes:
        self._number += 1
        when = self._cut(self._number)
        if when == "before":
            self._broken(in_flight=False)
        answer = super()._exchange(command)
        if when == "after":
            self._broken(in_flight=True)
        return answer

    def _broken(self, *, in_flight: bool) -> None:
        self._socket.close()
        raise ConnectionLost(self.url, "the card was taken out", in_flight=in_flight)


class CuttingFeeder(Noting):
    """Cuts the line of the first card; ``back``: whether that card can be reached again."""

    def __init__(self, urls: list[str], cut: Cut, *, back: bool) -> None:
        super().__init__(urls)
        self._cut: Cut | None = cut
        self._back = back

    def next(self) -> AbstractContextManager[CardConnection]:
        coming = super().next()
        cut, self._cut = self._cut, None
        return coming if cut is None else CuttableConnection(self._last, cut)

    def again(self) -> AbstractContextManager[CardConnection]:
        if not self._back:
            raise ConnectionLost(self._last, "the card is gone", in_flight=False)
        return super().again()


def cut_at(number: int, when: str) -> Cut:
    """Cut once, at that command."""
    return lambda at: when if at == number else None


PRIVATE = ("6472017105639001", "Rahmah")  #: NIK and name of the first good row, to search for


def noting(url: str) -> tuple[Noting]:
    """As an entry point of feeders would."""
    return (Noting([url]),)
