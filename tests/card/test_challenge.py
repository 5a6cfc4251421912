# SPDX-License-Identifier: Apache-2.0
"""The rules of the challenge (docs/protocol.md, terminal sessions): good for one command, never for a replay."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.model import wire
from tests.model.wire import MAC, entitlement, movement

FIRST = entitlement(1, 900_000)


def test_is_fresh_at_every_select(talk: Talk) -> None:
    seen = {talk.select()[18:] for _ in range(20)}
    assert len(seen) == 20


def test_is_good_for_one_movement(talk: Talk) -> None:
    talk.load(FIRST)
    talk.select()
    challenge = talk.challenge
    talk.debit(1000, txn=1)
    talk.challenge = challenge
    assert talk.move(wire.DEBIT, movement(1000, txn=2)) == (b"", 0x6985)
    assert talk.told()["balance"] == 899_000


@pytest.mark.parametrize("ins", [wire.DEBIT, wire.CANCEL, wire.OVERRIDE])
def test_replay_is_refused(talk: Talk, ins: int) -> None:
    talk.load(FIRST)
    mac = talk.debit(1000, txn=1)[MAC:]
    talk.select()
    command = talk.signed(ins, movement(1000, txn=2, rest=mac))
    assert talk.send(command)[1] == wire.OK
    before = talk.status()
    assert talk.raw(command) == (b"", 0x6988)  # against the challenge that the status left
    assert talk.raw(command) == (b"", 0x6985)  # against none
    talk.select()
    assert talk.raw(command) == (b"", 0x6988)
    talk.reset()
    assert talk.raw(command)[1] != wire.OK
    assert talk.status() == before


def test_replay_of_an_older_debit_behind_another_is_refused(talk: Talk) -> None:
    talk.load(FIRST)
    talk.select()
    command = talk.signed(wire.DEBIT, movement(1000, txn=1))
    talk.send(command)
    talk.debit(2000, txn=2)
    talk.select()
    assert talk.raw(command) == (b"", 0x6988)


@pytest.mark.parametrize("refused", ["mac", "rule", "PIN", "choice"])
def test_is_used_up_by_a_refusal(talk: Talk, refused: str) -> None:
    talk.load(FIRST)
    talk.select()
    challenge = talk.challenge
    if refused == "mac":
        assert talk.raw(talk.signed(wire.DEBIT, movement(1), key=bytes(16)))[1] == 0x6988
    elif refused == "rule":
        assert talk.move(wire.DEBIT, movement(0))[1] == 0x9408
    elif refused == "PIN":
        assert talk.verify(wire.pin_block("482917")) == 0x6984
    else:
        assert talk.change(wire.pin_block("482917")) == 0x6985
    talk.challenge = challenge
    assert talk.move(wire.DEBIT, movement(1000)) == (b"", 0x6985)


@pytest.mark.parametrize(
    "apdu",
    [
        "8040000001FF00",
        "804001002C" + "00" * 44,
        "804000012C" + "00" * 44,
        "802000801C" + "00" * 28,
        "80FF0000",
        "904000002C" + "00" * 44,
        "0020008008241234FFFFFFFFFF",
        "80503F0008" + "00" * 8,
        "84CA010200",
        "84E2000000",
    ],
)
def test_survives_what_is_refused_before_the_mac(sim_talk: Talk, apdu: str) -> None:
    sim_talk.load(FIRST)
    sim_talk.select()
    assert sim_talk.raw(bytes.fromhex(apdu))[1] != wire.OK
    sim_talk.debit(1000, txn=1)


def test_answer_of_a_query_is_the_next_challenge(talk: Talk) -> None:
    talk.load(FIRST)
    talk.select()
    talk.status()
    assert talk.read(2) == 1
    assert talk.read(1) != 1
    assert talk.challenge is not None
    talk.debit(1000, txn=1)  # with the challenge of the last answer
    assert talk.challenge is None


@pytest.mark.parametrize("ins", [wire.VERIFY, wire.CHANGE])
def test_answer_of_a_pin_command_is_the_next_challenge_too(pin_talk: Talk, ins: int) -> None:
    pin_talk.load(FIRST)
    block = wire.pin_block("482917")
    assert pin_talk.verify(block) == wire.OK
    assert pin_talk.send(pin_talk.pin_command(ins, block)) == (b"", wire.OK)
    assert pin_talk.challenge is not None
    assert wire.receipt(pin_talk.debit(1000, txn=1))["pin"] == wire.GIVEN


def test_a_query_replayed_behind_its_own_answer_is_refused(talk: Talk) -> None:
    """The answer's MAC is the next challenge: were it the old one, a whole session could be played again."""
    talk.load(FIRST)
    talk.select()
    first = talk.signed(wire.STATUS, wire.query())
    talk.send(first)
    second = talk.signed(wire.STATUS, wire.query())
    talk.send(second)
    assert talk.raw(first) == (b"", 0x6988)
    talk.select()
    for command in (first, second):
        assert talk.raw(command)[1] in (0x6988, 0x6985)


@pytest.mark.parametrize("repeated", [False, True])
def test_update_leaves_no_challenge(talk: Talk, repeated: bool) -> None:
    """The answer to the same update is always the same, so as a challenge it would let whole sessions be replayed."""
    talk.load(FIRST)
    talk.select()
    command = talk.update_command(FIRST if repeated else entitlement(2, 1_000_000))
    data, sw = talk.raw(command)
    assert sw == wire.OK
    for challenge in (data[-8:], talk.challenge):
        talk.challenge = challenge
        assert talk.move(wire.DEBIT, movement(1000)) == (b"", 0x6985)


def test_refused_update_leaves_no_challenge(talk: Talk) -> None:
    talk.load(FIRST)
    talk.select()
    challenge = talk.challenge
    assert talk.raw(talk.update_command(entitlement(2, 1_000_000), key=bytes(16)))[1] == 0x6988
    talk.challenge = challenge
    assert talk.move(wire.DEBIT, movement(1000)) == (b"", 0x6985)


def test_initialize_update_ends_the_session(talk: Talk) -> None:
    talk.load(FIRST)
    talk.select()
    challenge = talk.challenge
    assert talk.raw(bytes.fromhex("8050300008" + "00" * 8 + "00"))[1] == wire.OK
    talk.challenge = challenge
    assert talk.move(wire.DEBIT, movement(1000)) == (b"", 0x6985)


def test_update_needs_no_challenge_but_a_selected_applet(talk: Talk) -> None:
    talk.select()
    assert talk.update(FIRST)[1] == wire.OK
    assert talk.update(entitlement(2, 900_001))[1] == wire.OK
    talk.reset()
    assert talk.raw(talk.update_command(entitlement(3, 900_002)))[1] != wire.OK
    talk.select()
    assert talk.update(entitlement(3, 900_002))[1] == wire.OK
