# SPDX-License-Identifier: Apache-2.0
"""A PIN goes to the card only once its doubts are settled: nobody's PIN is used up for a sale that cannot be made."""

from __future__ import annotations

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import EGGS, PIN, RICE, Shop
from tests.terminal.line import INS, Line

from ssn_card.protocol import commands
from ssn_card.terminal import DebitInDoubt, EarlierDebitFound
from ssn_card.transport import ConnectionLost

VERIFY, DEBIT, READ = commands.VERIFY.ins, commands.DEBIT.ins, commands.READ_RECEIPT.ins


def sent(line: Line) -> list[int]:
    return [command[INS] for command in line.sent if command[INS] in (VERIFY, DEBIT, READ)]


def test_a_debit_that_had_happened_is_told_before_any_pin(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(pin_card.connect()) as line, pytest.raises(EarlierDebitFound):
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [READ]


def test_a_doubt_that_cannot_be_settled_costs_no_pin(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(pin_card.connect(), lose_before=READ) as line, pytest.raises(ConnectionLost):
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [READ]


def test_where_nothing_had_happened_the_pin_follows(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, pin=PIN)
    with Line(pin_card.connect()) as line:
        shop.terminal.debit(line, EGGS, pin=PIN)
    assert sent(line) == [READ, VERIFY, DEBIT]
