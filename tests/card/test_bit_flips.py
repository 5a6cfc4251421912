# SPDX-License-Identifier: Apache-2.0
"""One changed bit anywhere in an authenticated command is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.card.live_card import LiveCard, Talk
from tests.conftest import personalized
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

HEADER = 5  #: CLA INS P1 P2 Lc
PIN, OTHER = wire.pin_block("482917"), wire.pin_block("1234")
sampled = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def active(new_blank: Callable[[], LiveCard]) -> Talk:
    """A card with a PIN and one debit, for the whole module: nothing here may change it."""
    talk = Talk(personalized(new_blank(), pin="482917"))
    talk.load(entitlement(1, 900_000))
    talk.debit(1000, txn=1)
    return talk


def flipped(command: bytes, bit: int) -> bytes:
    """``bit`` counts from the first bit of the command."""
    return bytes(byte ^ (0x80 >> bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(command))


def refused(talk: Talk, command: bytes) -> int:
    """The status word of a command that must not be done."""
    data, sw = talk.raw(command)
    assert data == b""
    assert sw != wire.OK
    talk.challenge = None
    return sw


def command_of(talk: Talk, ins: int) -> bytes:
    """A good command that the active card would do (or answer)."""
    talk.select()
    last_mac = talk.read(talk.newest)[MAC:]  # type: ignore[index]
    if ins == wire.UPDATE:
        return talk.update_command(entitlement(2, 1_000_000))
    if ins == wire.VERIFY:
        return talk.pin_command(ins, PIN)
    if ins == wire.CHANGE:
        assert talk.verify(PIN) == wire.OK
        return talk.pin_command(ins, OTHER)
    bodies = {
        wire.CANCEL: movement(1000, txn=2, rest=last_mac),
        wire.DEBIT: movement(1000, txn=2),
        wire.OVERRIDE: movement(1000, txn=2),
        wire.READ_RECEIPT: wire.receipt_query(1),
        wire.STATUS: wire.query(),
    }
    return talk.signed(ins, bodies[ins])


@pytest.mark.parametrize("ins", [wire.DEBIT, wire.VERIFY, wire.CHANGE])
def test_every_bit(active: Talk, ins: int) -> None:
    """Of the command that takes money, and of those that take a PIN: none of them costs a try."""
    before = active.status()
    size = len(command_of(active, ins)) - 1  # without Le
    for bit in range(8 * size):
        sw = refused(active, flipped(command_of(active, ins), bit))
        if bit >= 8 * HEADER:
            assert sw == 0x6988, f"bit {bit}: {sw:04X}"
    assert active.status() == before


@pytest.mark.parametrize("ins", [wire.CANCEL, wire.OVERRIDE, wire.READ_RECEIPT, wire.STATUS, wire.UPDATE])
@sampled
@given(data=st.data())
def test_sampled_bits_of_the_others(active: Talk, ins: int, data: st.DataObject) -> None:
    before = active.status()
    command = command_of(active, ins)
    bit = data.draw(st.integers(8 * HEADER, 8 * (len(command) - 1) - 1))
    assert refused(active, flipped(command, bit)) == 0x6988
    assert active.status() == before


@pytest.mark.parametrize("ins", [*wire.MOVEMENTS, *wire.QUERIES])
def test_every_bit_of_what_select_said(active: Talk, ins: int) -> None:
    """Altered on its way to the terminal, which signs what it was told: the card refuses whatever comes of it."""
    before = active.status()
    key = active.keys.override if ins == wire.OVERRIDE else active.keys.debit
    for bit in range(8 * 18):
        command = command_of(active, ins)
        head = command[:-9]
        said = flipped(active.quote + active.live(), bit)
        mac = wire.command_mac(key, head, said[:10], said[10:])
        assert refused(active, head + mac + b"\x00") == 0x6988, f"bit {bit}"
    assert active.status() == before


@pytest.mark.parametrize("made_for", [wire.DEBIT, wire.CANCEL])
@pytest.mark.parametrize("sent_as", [wire.DEBIT, wire.CANCEL, wire.OVERRIDE])
def test_a_mac_is_good_for_one_movement(active: Talk, made_for: int, sent_as: int) -> None:
    _sent_as(active, made_for, sent_as)


@pytest.mark.parametrize("made_for", wire.QUERIES)
@pytest.mark.parametrize("sent_as", wire.QUERIES)
def test_a_mac_is_good_for_one_query(active: Talk, made_for: int, sent_as: int) -> None:
    _sent_as(active, made_for, sent_as)


def _sent_as(talk: Talk, made_for: int, sent_as: int) -> None:
    if made_for == sent_as:
        return
    command = bytearray(command_of(talk, made_for))
    command[1] = sent_as
    assert refused(talk, bytes(command)) == 0x6988


@pytest.mark.parametrize("name", ["receipt", "update", "override"])
@pytest.mark.parametrize("ins", [wire.DEBIT, wire.VERIFY])
def test_another_key_of_the_same_card(active: Talk, name: str, ins: int) -> None:
    head = command_of(active, ins)[:-9]
    mac = wire.command_mac(getattr(active.keys, name), head, active.quote, active.live())
    assert refused(active, head + mac + b"\x00") == 0x6988


@pytest.mark.parametrize("name", ["debit", "receipt", "override"])
def test_an_update_under_another_key(active: Talk, name: str) -> None:
    active.select()
    command = active.update_command(entitlement(2, 1_000_000), key=getattr(active.keys, name))
    assert refused(active, command) == 0x6988


def test_keys_of_another_card_and_version(active: Talk, new_card: Callable[[], LiveCard]) -> None:
    for keys in (new_card().keys(), active.card.keys(2)):
        active.select()
        assert refused(active, active.signed(wire.DEBIT, movement(1000, txn=2), key=keys.debit)) == 0x6988
        active.select()
        assert refused(active, active.update_command(entitlement(2, 1_000_000), key=keys.update)) == 0x6988


def test_update_for_another_card(active: Talk, new_card: Callable[[], LiveCard]) -> None:
    other = Talk(new_card())
    other.select()
    assert refused(other, active.update_command(entitlement(2, 1_000_000))) == 0x6988
    other.close()
