# SPDX-License-Identifier: Apache-2.0
"""Power lost in the middle of a DEBIT, with pcscd and its reader between terminal and card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.terminal.conftest import EGGS, RICE, Holder, Shop, audit_is_clean, status
from tests.terminal.line import Line

from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.terminal import DebitInDoubt, EarlierDebitFound
from ssn_card.transport import CardConnection, CardRemoved

pytestmark = pytest.mark.pcsc

DEBIT = 0x40
#: A debit is one write, which commits it.
TEARS: dict[str, tuple[Callable[[Simulator, SimulatedCard], None], bool]] = {
    "before the commit": (lambda lab, card: lab.arm_tear(card, 1), False),
    "after the commit": (lambda lab, card: lab.lose_answer(card), True),
}


class Tearing(Line):
    """Arms the tear right before the DEBIT is sent."""

    def __init__(self, card: CardConnection, arm: Callable[[], None]) -> None:
        super().__init__(card)
        self._arm = arm

    def _exchange(self, command: bytes) -> bytes:
        if command[1] == DEBIT:
            self._arm()
        return super()._exchange(command)


def torn_debit(holder: Holder, simulator: Simulator, shop: Shop, tear: str) -> None:
    """A sale of rice that loses the card in mid-command; the reader says that it is gone; it is put back."""
    arm, _ = TEARS[tear]
    with (
        Tearing(holder.card.connect(), lambda: arm(simulator, holder.simulated)) as line,
        pytest.raises(DebitInDoubt) as caught,
    ):
        shop.terminal.debit(line, RICE, reference="POS-1")
    assert isinstance(caught.value.__cause__, CardRemoved)
    assert caught.value.__cause__.in_flight
    assert len(shop.journal.in_doubt(holder.card.serial)) == 1
    holder.put_back()


@pytest.mark.parametrize("tear", TEARS)
def test_the_sale_again_is_debited_once(holder: Holder, simulator: Simulator, shop: Shop, tear: str) -> None:
    torn_debit(holder, simulator, shop, tear)
    shop.restart()  # the terminal has lost its power too
    with holder.card.connect() as card:
        sale = shop.terminal.debit(card, RICE, reference="POS-1")
        assert sale.recovered is TEARS[tear][1]
        assert shop.terminal.debit(card, RICE, reference="POS-1").receipt == sale.receipt
    assert_balance(holder, shop, 900_000 - RICE.total)


@pytest.mark.parametrize("tear", TEARS)
def test_the_card_tells_what_became_of_it(holder: Holder, simulator: Simulator, shop: Shop, tear: str) -> None:
    torn_debit(holder, simulator, shop, tear)
    with holder.card.connect() as card:
        if TEARS[tear][1]:
            with pytest.raises(EarlierDebitFound) as earlier:
                shop.terminal.debit(card, EGGS)
            assert earlier.value.receipt.amount == RICE.total
        else:
            assert shop.terminal.recover(card).happened == ()
        shop.terminal.debit(card, EGGS)
    assert_balance(holder, shop, 900_000 - EGGS.total - (RICE.total if TEARS[tear][1] else 0))


def assert_balance(holder: Holder, shop: Shop, balance: int) -> None:
    """Nothing is in doubt, the card has ``balance`` rupiah, and its log is whole."""
    assert shop.journal.in_doubt() == []
    assert status(holder.card, shop).balance == balance
    assert audit_is_clean(holder.card, shop)
