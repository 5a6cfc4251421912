# SPDX-License-Identifier: Apache-2.0
"""Another program on the same card in the same reader, all the time: every sale is made, and made once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from tests.terminal.conftest import Holder, Shop, audit_is_clean, status

from ssn_card.receipts import Basket
from ssn_card.transport import TransportError

pytestmark = pytest.mark.pcsc

SALES = 20
PAUSE = 0.005  #: seconds; the PC/SC service queues nobody, and one that never pauses keeps all others out
SUGAR = Basket.of(("GULA", 1, 17_500))
SELECT = bytes.fromhex("00A4040009F053534E434152440100")
QUERY = bytes.fromhex("804600001C") + bytes(28) + b"\x00"  # its MAC is nobody's; it uses the challenge up


class Other:
    """Another program, which selects our applet and spoils its challenges over a handle of its own."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        self._stop, self._has_been = threading.Event(), threading.Event()

    def comes_in(self) -> None:
        """Wait until it has had the card once more: who gets it next is the PC/SC service's choice."""
        self._has_been.clear()
        assert self._has_been.wait(30)

    def run(self) -> None:
        with self._holder.card.connect() as card:
            while not self._stop.is_set():
                try:
                    card.transmit(SELECT)
                    card.transmit(QUERY)
                    self._has_been.set()
                    time.sleep(PAUSE)
                except TransportError:  # another handle has reset the card
                    with suppress(TransportError):
                        card.reset()

    def stop(self) -> None:
        self._stop.set()


@contextmanager
def another_program(holder: Holder) -> Iterator[Other]:
    """It is at the card all the time."""
    other = Other(holder)
    thread = threading.Thread(target=other.run)
    thread.start()
    try:
        yield other
    finally:
        other.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_every_sale_is_made_once(holder: Holder, shop: Shop) -> None:
    with another_program(holder) as other, holder.card.connect() as card:
        for number in range(SALES):
            other.comes_in()
            assert not shop.terminal.debit(card, SUGAR, reference=f"POS-{number}").recovered
        other.comes_in()  # it was there to the end
    assert shop.journal.in_doubt() == []
    assert status(holder.card, shop).balance == 900_000 - SALES * SUGAR.total
    assert audit_is_clean(holder.card, shop)
