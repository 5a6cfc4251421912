# SPDX-License-Identifier: Apache-2.0
"""How much of the host one debit takes: who follows it from the vendor's call to the stored receipt reads that much.

Before the house was put in order it took 184 calls of 86 functions; the basket was written three times and read once,
the card's key derived five times, the journal committed three times.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.calls import Calls, traced
from tests.terminal.conftest import EGGS, PIN, RICE, Shop, activated

from ssn_card.terminal import Basket, DebitMaximumExceeded

#: Over a card's socket. Lower a number when it falls; raise it only for what a debit cannot do without.
CALLS, FUNCTIONS, FILES, SWITCHES = 103, 81, 18, 29


@pytest.fixture
def at_socket(new_card: Callable[[], LiveCard]) -> LiveCard:
    """An active card without a reader, whose own calls are not a debit's."""
    return activated(new_card())


@pytest.fixture
def sale(at_socket: LiveCard, shop: Shop) -> Calls:
    """A debit, not the terminal's first: what is loaded once is loaded."""
    with at_socket.connect() as card:
        shop.terminal.debit(card, RICE)
        basket = Basket(EGGS.items)  # one that nobody has written yet
        return traced(lambda: shop.terminal.debit(card, basket))


def test_a_debit_keeps_its_budget(sale: Calls) -> None:
    assert len(sale.codes) <= CALLS
    assert len(sale.functions) <= FUNCTIONS
    assert len(sale.files) <= FILES, sorted(sale.files)
    assert sale.switches <= SWITCHES


def test_what_a_debit_does_it_does_once(sale: Calls) -> None:
    once = ("select", "KeyProvider.diversify", "Basket._canonical", "TerminalJournal.intend", "TerminalJournal.done")
    assert {name: sale.of(name) for name in once} == dict.fromkeys(once, 1)
    assert sale.of("Basket.from_json") == 0
    assert sale.of("OwnedFile.writing") == 2  # the intent before the card hears of it, and the receipt
    assert sale.of("TerminalJournal.entry") == 0


def test_a_refusal_is_confirmed_without_looking_for_its_own_intent(at_socket: LiveCard, shop: Shop) -> None:
    def refused() -> None:
        with at_socket.connect() as card, pytest.raises(DebitMaximumExceeded):
            shop.terminal.debit(card, Basket.of(("GULA", 1, 700_000)))

    calls = traced(refused)
    assert calls.of("TerminalJournal.entry") == 0
    assert calls.of("KeyProvider.diversify") == 1  # the card quotes the same in both selections
    assert calls.of("OwnedFile.writing") == 2


def test_a_pin_costs_no_selection(pin_card: LiveCard, shop: Shop) -> None:
    with pin_card.connect() as card:
        calls = traced(lambda: shop.terminal.debit(card, EGGS, pin=PIN))
    assert (calls.of("select"), calls.of("KeyProvider.diversify")) == (1, 1)


def test_the_count_counts(sale: Calls) -> None:
    """Of the tracer itself: order, generators and packages."""
    assert [code.co_qualname for code in sale.codes[:2]] == ["Terminal.debit", "Reader._serve"]
    assert sale.of("CardConnection.exclusive") == 1
    assert {"terminal/session.py", "receipts/basket.py", "transport/base.py"} <= sale.files
    assert (traced(list).codes, traced(list).switches) == ([], 0)
