# SPDX-License-Identifier: Apache-2.0
"""Another program on the same card in the same reader, all the time: every sale is made, and made once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.terminal.conftest import Holder, Shop, audit_is_clean, status

from ssn_card.receipts import Basket
from ssn_card.transport import TransportError

pytestmark = pytest.mark.pcsc

SALES = 20
SUGAR = Basket.of(("GULA", 1, 17_500))
SELECT = bytes.fromhex("00A4040009F053534E434152440100")
QUERY = bytes.fromhex("804600001C") + bytes(28) + b"\x00"  # its MAC is nobody's; it uses the challenge up


@contextmanager
def another_program(holder: Holder) -> Iterator[list[int]]:
    """Selects our applet and spoils its challenges over a handle of its own; counts the exchanges."""
    stop, begun = threading.Event(), threading.Event()
    exchanges: list[int] = []

    def run() -> None:
        with holder.card.connect() as card:
            while not stop.is_set():
                try:
                    exchanges.append(len(card.transmit(SELECT)) + len(card.transmit(QUERY)))
                    begun.set()
                except TransportError:  # another handle has reset the card
                    card.reset()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert begun.wait(30)
        yield exchanges
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_every_sale_is_made_once(holder: Holder, shop: Shop) -> None:
    with another_program(holder) as exchanges, holder.card.connect() as card:
        before = len(exchanges)
        for number in range(SALES):
            assert not shop.terminal.debit(card, SUGAR, reference=f"POS-{number}").recovered
        assert len(exchanges) > before  # in the middle of it, not only before
    assert shop.journal.in_doubt() == []
    assert status(holder.card, shop).balance == 900_000 - SALES * SUGAR.total
    assert audit_is_clean(holder.card, shop)
