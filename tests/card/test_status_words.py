# SPDX-License-Identifier: Apache-2.0
"""Every status word of the protocol's table is given by a real command, here or in the test named, or says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import Scp03Host, transport_keys
from tests.conftest import card_at
from tests.model import wire
from tests.model.wire import entitlement, movement

from ssn_card.protocol.status import STATUS_WORDS
from ssn_card.simulator import Medium, Simulator

PIN, WRONG = wire.pin_block("482917"), wire.pin_block("482918")

#: Not given here.
UNREACHABLE = {
    0x6A82: "a card without the applet says so: its card manager, or 6999 where it has none (as the simulator)",
    0x6F00: "a failure inside the card; the applet has none to show while it works",
}


def debit(talk: Talk, amount: int = 1000, **fields: int | str) -> int:
    return talk.move(wire.DEBIT, movement(amount, **fields))[1]  # type: ignore[arg-type]


def state(number: int) -> Callable[[Talk], int]:
    def scenario(talk: Talk) -> int:
        talk.load(entitlement(2, 900_000, state=number))
        return debit(talk)

    return scenario


def second(seq: int = 2, loaded: int = 900_000) -> Callable[[Talk], int]:
    """An update after the first, changed."""

    def scenario(talk: Talk) -> int:
        talk.select()
        return talk.update(entitlement(seq, loaded))[1]

    return scenario


def after(update: bytes, amount: int) -> Callable[[Talk], int]:
    """A debit under another entitlement."""

    def scenario(talk: Talk) -> int:
        talk.load(update)
        return debit(talk, amount)

    return scenario


def raw(apdu: str) -> Callable[[Talk], int]:
    return lambda talk: talk.raw(bytes.fromhex(apdu))[1]


def later_month(talk: Talk) -> int:
    debit(talk, when="251101000000")
    return debit(talk, txn=2, when="251031235959")


def wrong_mac(talk: Talk) -> int:
    apdu = bytearray(talk.signed(wire.DEBIT, movement(1000)))
    apdu[-2] ^= 1
    return talk.raw(bytes(apdu))[1]


def cancel_unknown(talk: Talk) -> int:
    debit(talk)
    return talk.move(wire.CANCEL, movement(1000, txn=2, rest=bytes(8)))[1]


def with_a_pin(block: bytes, tries: int, contacts: bool = True) -> Callable[[Talk, Simulator], int]:
    """VERIFY with a block while so many tries are left."""

    def scenario(talk: Talk, simulator: Simulator) -> int:
        talk.load(entitlement(2, 900_000, pin_count=1))
        assert talk.change(PIN) == wire.OK
        for _ in range(3 - tries):
            assert talk.verify(WRONG) != wire.OK
        simulator.set_medium(card_at(simulator, talk.card.url), Medium.CONTACT if contacts else Medium.TYPE_A)
        return talk.verify(block)

    return scenario


def pin_due(talk: Talk, simulator: Simulator) -> int:
    talk.load(entitlement(2, 900_000, pin_above=999, pin_count=1))
    assert talk.change(PIN) == wire.OK
    return debit(talk)


def wrong_cryptogram(talk: Talk) -> int:
    host = Scp03Host(talk.raw, talk.card.serial)
    host.initialize(0x30)
    return host.authenticate(0x33, cryptogram=bytes(8))


def foreign_group(talk: Talk) -> int:
    host = Scp03Host(talk.raw, talk.card.serial)
    host.open(0x3F, 0x33)
    return host.send(0xE2, 0x08, 0x00, bytes.fromhex("01020100"))[1]


def nothing_stored(talk: Talk) -> int:
    host = Scp03Host(talk.raw, talk.card.serial)
    host.open(0x3F, 0x33)
    return host.send(0xE2, 0x88, 0x00, b"")[1]


#: On an active card with Rp900,000 and a live challenge.
SCENARIOS: dict[int, Callable[[Talk], int]] = {
    0x6300: wrong_cryptogram,
    0x6700: raw("8040000001FF00"),
    0x6982: raw("84CA010200"),
    0x6984: lambda talk: talk.verify(PIN),
    0x6985: raw("8482330010" + "00" * 16),
    0x6988: wrong_mac,
    0x6A86: raw("804001002C" + "00" * 44 + "00"),
    0x6A88: raw("80503F0008" + "00" * 8 + "00"),
    0x6D00: raw("80FF000000"),
    0x6E00: raw("90400000" + "2C" + "00" * 44 + "00"),
    0x9401: after(entitlement(2, 900_000, limit=2_000_000, debit_max=2_000_000), 900_001),
    0x9402: after(entitlement(2, 900_000, debit_max=2_000_000), 600_001),
    0x9403: lambda talk: debit(talk, 600_001),
    0x9404: lambda talk: debit(talk, categories=0x80),
    0x9405: lambda talk: debit(talk, when="260101000000"),
    0x9406: later_month,
    0x9407: lambda talk: debit(talk, when="250230000000"),
    0x9408: lambda talk: debit(talk, 0),
    0x940A: state(1),
    0x940B: state(3),
    0x940C: state(4),
    0x940D: second(seq=0),
    0x940E: second(seq=1, loaded=900_001),
    0x940F: second(loaded=899_999),
    0x9410: cancel_unknown,
    0x9411: lambda talk: talk.move(wire.OVERRIDE, movement(300_001))[1],
}
#: On such a card which has a PIN.
PIN_SCENARIOS: dict[int, Callable[[Talk, Simulator], int]] = {
    0x63C0: lambda talk, simulator: with_a_pin(WRONG, 3)(talk, simulator) & 0xFFF0,
    0x6983: with_a_pin(PIN, 0),
    0x9412: pin_due,
    0x9414: with_a_pin(PIN, 1, contacts=False),
}
#: On a blank card.
BLANK_SCENARIOS: dict[int, Callable[[Talk], int]] = {0x6A80: foreign_group, 0x9413: nothing_stored}


@pytest.mark.parametrize("sw", SCENARIOS, ids=lambda sw: f"{sw:04X}")
def test_active_card_gives(talk: Talk, sw: int) -> None:
    talk.load(entitlement(1, 900_000))
    talk.select()
    assert f"{SCENARIOS[sw](talk):04X}" == f"{sw:04X}"
    talk.challenge = None
    assert talk.told()["balance"] in (900_000, 899_000), "a refusal changed the balance"


@pytest.mark.parametrize("sw", PIN_SCENARIOS, ids=lambda sw: f"{sw:04X}")
def test_card_with_a_pin_gives(sim_talk: Talk, simulator: Simulator, sw: int) -> None:
    sim_talk.load(entitlement(1, 900_000))
    assert f"{PIN_SCENARIOS[sw](sim_talk, simulator):04X}" == f"{sw:04X}"
    assert sim_talk.told()["balance"] == 900_000


@pytest.mark.parametrize("sw", BLANK_SCENARIOS, ids=lambda sw: f"{sw:04X}")
def test_blank_card_gives(blank: LiveCard, sw: int) -> None:
    talk = Talk(blank)
    talk.select()
    assert f"{BLANK_SCENARIOS[sw](talk):04X}" == f"{sw:04X}"
    assert talk.select()[9] == 0
    assert transport_keys(blank.serial)
    talk.close()


def test_table_is_covered() -> None:
    """A status word added to the table needs a command that gives it, or a reason."""
    assert {*SCENARIOS, *PIN_SCENARIOS, *BLANK_SCENARIOS, *UNREACHABLE} == set(STATUS_WORDS)
