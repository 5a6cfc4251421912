# SPDX-License-Identifier: Apache-2.0
"""What a card must be able to afford: no cipher's init in a sale, one persistent write, the APDU buffer of any card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.data_groups import groups, store
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import Scp03Host
from tests.conftest import IDENTITY, card_at, freedoms_taken, personalized
from tests.model import wire

from ssn_card.simulator import CommandCounters, Freedom, Simulator

Cost = Callable[[Talk], CommandCounters]

ALL_KEYS = 0x0F
MAX_NAME = 40


@pytest.fixture
def cost(simulator: Simulator) -> Cost:
    """What the card's last command did."""

    def last(talk: Talk) -> CommandCounters:
        return simulator.counters(card_at(simulator, talk.card.url))

    return last


def test_the_first_session_of_a_card_finds_its_ciphers_ready(new_blank: Callable[[], LiveCard], cost: Cost) -> None:
    """Personalization, at the bank, has paid for them."""
    talk = Talk(new_blank())
    talk.select()
    host = Scp03Host(talk.raw, talk.card.serial)
    host.open(0x3F, 0x33)
    assert store(host, groups(talk.card.serial)) == wire.OK
    talk.select()
    assert (cost(talk).inits, cost(talk).writes) == (0, 0)
    talk.close()
    talk.card.discard()


def test_a_debit_is_one_write_and_three_aes_calls(sim_talk: Talk, cost: Cost) -> None:
    sim_talk.load(wire.entitlement(1, 900_000))
    for txn in (1, 2):
        sim_talk.select()
        assert cost(sim_talk).writes == 0
        sim_talk.debit(10_000, txn)
        done = cost(sim_talk)
        assert (done.writes, done.inits, done.cipher_finals, done.cipher_updates) == (1, 0, 3, 0)


@pytest.mark.skipif(Freedom.FORGOTTEN_CIPHERS in freedoms_taken(), reason="such a card pays at every first command")
def test_the_update_that_rotates_keys_takes_them_into_the_ciphers(sim_talk: Talk, cost: Cost) -> None:
    sim_talk.load(wire.entitlement(1, 900_000))
    ordinary = cost(sim_talk).inits
    sim_talk.load(wire.entitlement(2, 900_000, keys=ALL_KEYS))
    assert cost(sim_talk).inits == ordinary + 2
    sim_talk.keys = sim_talk.card.keys(2)
    sim_talk.select()
    assert cost(sim_talk).inits == 0
    sim_talk.debit(10_000, 1)


def test_the_longest_identity_fits_the_apdu_buffer(new_blank: Callable[[], LiveCard], cost: Cost) -> None:
    """Java Card 2.2.2 guarantees 133 bytes (JCRE section 9.3: 128 and the header)."""
    live = personalized(new_blank(), IDENTITY[:21] + bytes((MAX_NAME,)) + b"N" * MAX_NAME)
    talk = Talk(live)
    talk.select()
    host = Scp03Host(talk.raw, live.serial)
    host.open(0x30, 0x33)
    assert len(host.send(0xCA, 0x01, 0x02)[0]) == 8 + 22 + MAX_NAME
    assert cost(talk).apdu_buffer_bytes <= 133
    talk.close()
    live.discard()


@pytest.mark.parametrize("ins", [*wire.MOVEMENTS, *wire.QUERIES, wire.UPDATE])
def test_every_command_fits_the_apdu_buffer(pin_talk: Talk, cost: Cost, ins: int) -> None:
    pin_talk.load(wire.entitlement(1, 900_000))
    assert cost(pin_talk).apdu_buffer_bytes <= 133
    mac = pin_talk.debit(1000, txn=1)[wire.MAC :]
    if ins in (wire.VERIFY, wire.CHANGE):
        block = wire.pin_block("482917")
        assert pin_talk.verify(block) == wire.OK
        assert pin_talk.send(pin_talk.pin_command(ins, block))[1] == wire.OK
    elif ins in wire.QUERIES:
        body = wire.receipt_query(2) if ins == wire.READ_RECEIPT else wire.query()
        assert pin_talk.send(pin_talk.signed(ins, body))[1] == wire.OK
    elif ins in wire.MOVEMENTS:
        body = wire.movement(1000, txn=2, rest=mac if ins == wire.CANCEL else b"")
        assert pin_talk.move(ins, body)[1] == wire.OK
    assert cost(pin_talk).apdu_buffer_bytes <= 133
