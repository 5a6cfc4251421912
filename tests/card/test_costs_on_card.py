# SPDX-License-Identifier: Apache-2.0
"""What a sale must never cost on the card: a cipher's init, as dear as a MAC, or more than one persistent write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import Talk
from tests.model import wire

from ssn_card.simulator import CommandCounters, Simulator

Cost = Callable[[Talk], CommandCounters]

ALL_KEYS = 0x0F


@pytest.fixture
def cost(simulator: Simulator) -> Cost:
    """What the card's last command did."""

    def last(talk: Talk) -> CommandCounters:
        card = next(one for one in simulator.cards() if one.url == talk.card.url)
        return simulator.counters(card)

    return last


def test_the_first_session_of_a_card_finds_its_ciphers_ready(sim_talk: Talk, cost: Cost) -> None:
    """Personalization, at the bank, has paid for them."""
    sim_talk.select()
    assert (cost(sim_talk).inits, cost(sim_talk).writes) == (0, 0)


def test_a_debit_is_one_write_and_three_aes_calls(sim_talk: Talk, cost: Cost) -> None:
    sim_talk.load(wire.entitlement(1, 900_000))
    for txn in (1, 2):
        sim_talk.select()
        assert cost(sim_talk).writes == 0
        sim_talk.debit(10_000, txn)
        done = cost(sim_talk)
        assert (done.writes, done.inits, done.cipher_finals, done.cipher_updates) == (1, 0, 3, 0)


def test_the_update_that_rotates_keys_takes_them_into_the_ciphers(sim_talk: Talk, cost: Cost) -> None:
    sim_talk.load(wire.entitlement(1, 900_000))
    ordinary = cost(sim_talk).inits
    sim_talk.load(wire.entitlement(2, 900_000, keys=ALL_KEYS))
    assert cost(sim_talk).inits == ordinary + 2
    sim_talk.keys = sim_talk.card.keys(2)
    sim_talk.select()
    assert cost(sim_talk).inits == 0
    sim_talk.debit(10_000, 1)
