# SPDX-License-Identifier: Apache-2.0
"""A PIN goes to the card only once its doubts are settled: nobody's PIN is used up for a sale that cannot be made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.conftest import BENEFICIARY, IDENTITY
from tests.terminal.conftest import EGGS, RICE, Shop, activated
from tests.terminal.line import INS, Line

from ssn_card.keys import development_keyring
from ssn_card.personalization.card import personalize
from ssn_card.protocol import commands
from ssn_card.terminal import DebitInDoubt, EarlierDebitFound
from ssn_card.transport import ConnectionLost

PIN = "246810"
VERIFY, DEBIT, RECOVER = commands.VERIFY.ins, commands.DEBIT.ins, commands.RECOVER.ins


@pytest.fixture
def with_pin(new_blank: Callable[[], LiveCard]) -> LiveCard:
    card = new_blank()
    with card.connect() as connection:
        personalize(connection, development_keyring(), BENEFICIARY, IDENTITY, pin=PIN)
    return activated(card)


def sent(line: Line) -> list[int]:
    return [command[INS] for command in line.sent if command[INS] in (VERIFY, DEBIT, RECOVER)]


def test_a_debit_that_had_happened_is_told_before_any_pin(with_pin: LiveCard, shop: Shop) -> None:
    with Line(with_pin.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(with_pin.connect()) as line, pytest.raises(EarlierDebitFound):
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [RECOVER]


def test_a_doubt_that_cannot_be_settled_costs_no_pin(with_pin: LiveCard, shop: Shop) -> None:
    with Line(with_pin.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(with_pin.connect(), lose_before=RECOVER) as line, pytest.raises(ConnectionLost):
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [RECOVER]


def test_where_nothing_had_happened_the_pin_follows(with_pin: LiveCard, shop: Shop) -> None:
    with Line(with_pin.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(with_pin.connect()) as line:
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [RECOVER, VERIFY, DEBIT]
