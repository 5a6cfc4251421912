# SPDX-License-Identifier: Apache-2.0
"""SCP03 of the applet against the independent reference of tests/channel: all levels, and everything that must fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import HOST_CHALLENGE, Scp03Host, key_set
from tests.channel import scp03_reference as ref
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire

from ssn_card.channel import KeySet, ResponseMacError, Scp03Session, SecurityLevel, keys_from
from ssn_card.keys import development_keyring

LEVELS = (0x03, 0x13, 0x33)
GET_DATA = (0xCA, 0x01, 0x02)
CONTENT = BENEFICIARY + IDENTITY
CLOSED = 0x6982


@pytest.fixture
def host(talk: Talk) -> Scp03Host:
    talk.select()
    return Scp03Host(talk.raw, talk.card.serial)


def test_initialize_update_answer(host: Scp03Host) -> None:
    """Table 7-2: serial and 0000, key version, 03, i = 60, challenge; the cryptogram is checked by the host."""
    for kvn, used in ((0x00, 0x30), (0x30, 0x30), (0x31, 0x31)):
        answer = host.initialize(kvn)
        assert answer[:13] == host._serial + b"\x00\x00" + bytes((used, 0x03, 0x60))


def test_card_challenges_are_random(host: Scp03Host) -> None:
    assert len({host.initialize(0x30)[13:21] for _ in range(20)}) == 20


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kvn", [0x30, 0x31])
def test_levels(host: Scp03Host, kvn: int, level: int) -> None:
    host.open(kvn, level)
    answer, sw = host.send(*GET_DATA)
    if level == 0x33:
        assert (answer, sw) == (CONTENT, wire.OK)
        # An empty command is not encrypted, and the counter moves on all the same (section 6.2.6).
        assert len(host.last) == 14
        assert host.send(*GET_DATA, b"") == (CONTENT, wire.OK)
        assert host.counter == 2
    else:
        assert (answer, sw) == (b"", 0x6982)


@pytest.mark.parametrize(
    "level", [0x00, 0x01, 0x02, 0x10, 0x11, 0x12, 0x21, 0x22, 0x23, 0x30, 0x31, 0x32, 0x43, 0x83, 0xFF]
)
def test_other_levels_are_refused(sim_talk: Talk, level: int) -> None:
    sim_talk.select()
    host = Scp03Host(sim_talk.raw, sim_talk.card.serial)
    host.initialize(0x30)
    assert host.authenticate(level) == 0x6A86
    assert host.authenticate(0x33) == 0x6985


@pytest.mark.parametrize("kvn", [0x01, 0x2F, 0x32, 0x3F, 0x7F, 0xFF])
def test_unknown_key_versions(sim_talk: Talk, kvn: int) -> None:
    sim_talk.select()
    assert sim_talk.raw(bytes((0x80, 0x50, kvn, 0, 8)) + HOST_CHALLENGE) == (b"", 0x6A88)


@pytest.mark.parametrize("bit", [0, 7, 31, 63])
def test_wrong_cryptogram(host: Scp03Host, bit: int) -> None:
    host.initialize(0x30)
    good = int.from_bytes(ref.derive(host.s_mac, 0x01, 8, host.context), "big")
    assert host.authenticate(0x33, cryptogram=(good ^ 1 << bit).to_bytes(8, "big")) == 0x6300
    assert host.authenticate(0x33) == 0x6985  # no second guess
    assert host.send(*GET_DATA)[1] == CLOSED


def test_card_cryptogram_is_no_host_cryptogram(host: Scp03Host) -> None:
    """Nobody can answer the card with its own proof."""
    answer = host.initialize(0x30)
    assert host.authenticate(0x33, cryptogram=answer[21:]) == 0x6300


def test_wrong_mac_of_authentication(host: Scp03Host) -> None:
    host.initialize(0x30)
    assert host.authenticate(0x33, mac=bytes(8)) == 0x6988
    assert host.send(*GET_DATA)[1] == CLOSED


def test_wrong_key_mac(host: Scp03Host) -> None:
    host.initialize(0x30, _with_zeros(host, 1))
    assert host.authenticate(0x03) == 0x6300
    assert host.send(0xE2, 0x88, 0x00, b"\x01")[1] == CLOSED


def test_wrong_key_enc(host: Scp03Host, talk: Talk) -> None:
    """It takes no part until something is encrypted. What the card then reads ends like a padding once in 255 times."""
    host.initialize(0x30, _with_zeros(host, 0))
    assert host.authenticate(0x03) == wire.OK
    command = host.wrap(0xE2, 0x88, 0x00, b"\x01")
    s_enc = ref.derive(key_set(0x30, host._serial)[0], 0x04, 16, host.context)
    read = ref.cbc_decrypt(s_enc, ref.command_icv(s_enc, host.counter), command[5:21])
    padded = read.rstrip(b"\0").endswith(b"\x80")
    assert talk.raw(command) == (b"", 0x6A80 if padded else 0x6988)


def _with_zeros(host: Scp03Host, which: int) -> tuple[bytes, bytes, bytes]:
    """The card's static keys, one of them wrong."""
    keys = list(key_set(0x30, host._serial))
    keys[which] = bytes(16)
    return keys[0], keys[1], keys[2]


def test_external_authenticate_needs_an_initialize_update(host: Scp03Host, talk: Talk) -> None:
    assert talk.raw(bytes.fromhex("8482330010") + bytes(16)) == (b"", 0x6985)
    host.open(0x30, 0x33)
    assert talk.raw(bytes.fromhex("8482330010") + bytes(16)) == (b"", 0x6985)


def test_the_counter_ends_the_session_before_it_repeats(new_blank: Callable[[], LiveCard]) -> None:
    """The counter is a short of the card's: the 32,768th command finds the session closed, for both ends."""
    live = new_blank()
    talk = Talk(live)
    talk.select()
    host = Scp03Host(talk.raw, live.serial)
    host.open(0x3F, 0x03)
    for number in range(32_767):
        assert host.send(0xE2, 0x08, number & 0xFF, b"")[1] == wire.OK
    assert host.send(0xE2, 0x08, 32_767 & 0xFF, b"") == (b"", 0x6985)
    assert host.send(0xE2, 0x08, 32_767 & 0xFF, b"") == (b"", CLOSED)
    talk.close()
    live.discard()


def test_replayed_command(host: Scp03Host, talk: Talk) -> None:
    host.open(0x30, 0x33)
    assert host.send(*GET_DATA)[1] == wire.OK
    assert talk.raw(host.last) == (b"", 0x6988)
    assert host.send(*GET_DATA)[1] == CLOSED  # dead for the rightful host too


def test_replayed_session(host: Scp03Host, talk: Talk) -> None:
    """All of a recorded session against a new card challenge."""
    host.initialize(0x30)
    command = bytes.fromhex("8482330010") + ref.derive(host.s_mac, 0x01, 8, host.context)
    command += ref.cmac(host.s_mac, ref.ZERO + command)[:8]
    assert talk.raw(command) == (b"", wire.OK)
    host.chaining, host.level = ref.cmac(host.s_mac, ref.ZERO + command[:-8]), 0x33
    assert host.send(*GET_DATA) == (CONTENT, wire.OK)
    recorded = host.last
    talk.raw(bytes.fromhex("8050300008") + HOST_CHALLENGE + b"\x00")
    assert talk.raw(command) == (b"", 0x6300)
    assert talk.raw(recorded) == (b"", CLOSED)


def test_every_bit_of_a_command(sim_talk: Talk) -> None:
    for bit in range(8, 8 * 13):  # INS to the last of the C-MAC
        sim_talk.select()
        host = Scp03Host(sim_talk.raw, sim_talk.card.serial)
        host.open(0x30, 0x33)
        command = host.wrap(*GET_DATA, b"")[:-1]
        at = bit // 8
        changed = command[:at] + bytes((command[at] ^ 0x80 >> bit % 8,)) + command[at + 1 :]
        data, sw = sim_talk.raw(changed)
        assert data == b""
        assert sw != wire.OK, f"bit {bit}"


def test_shortened_mac(host: Scp03Host, talk: Talk) -> None:
    host.open(0x30, 0x33)
    command = host.wrap(*GET_DATA, b"")
    for length in range(8):
        talk.select()
        host.open(0x30, 0x33)
        command = host.wrap(*GET_DATA, b"")
        lc = bytes((length,)) if length else b""
        assert talk.raw(command[:4] + lc + command[5 : 5 + length]) == (b"", 0x6988)


def test_plain_command_in_a_session(host: Scp03Host, talk: Talk) -> None:
    host.open(0x30, 0x33)
    assert talk.raw(bytes.fromhex("80CA010200")) == (b"", 0x6D00)
    assert host.send(*GET_DATA) == (CONTENT, wire.OK)


@pytest.mark.parametrize("padding", ["00" * 16, "01" * 16, "80" + "00" * 14 + "01"])
def test_wrong_padding(host: Scp03Host, talk: Talk, padding: str) -> None:
    host.open(0x30, 0x33)
    host.counter += 1
    data = ref.cbc_encrypt(host.s_enc, ref.command_icv(host.s_enc, host.counter), bytes.fromhex(padding))
    command = bytes((0x84, 0xE2, 0x88, 0x00, 24)) + data
    command += ref.cmac(host.s_mac, host.chaining + command)[:8]
    assert talk.raw(command) == (b"", 0x6988)
    assert host.send(*GET_DATA)[1] == CLOSED


def test_data_that_is_no_whole_block(host: Scp03Host, talk: Talk) -> None:
    host.open(0x30, 0x33)
    command = bytes((0x84, 0xE2, 0x88, 0x00, 9, 0x80))
    command += ref.cmac(host.s_mac, host.chaining + command)[:8]
    assert talk.raw(command) == (b"", 0x6988)


@pytest.mark.parametrize("end", ["select", "reset", "update", "initialize"])
def test_sessions_end(host: Scp03Host, talk: Talk, end: str) -> None:
    host.open(0x30, 0x33)
    if end == "reset":
        talk.reset()
        talk.select()
    elif end == "select":
        talk.select()
    elif end == "update":
        talk.raw(talk.update_command(wire.entitlement(1, 1)))
    else:
        talk.raw(bytes.fromhex("8050310008") + HOST_CHALLENGE)
    assert host.send(*GET_DATA)[1] == CLOSED


def test_refused_commands_leave_the_session(host: Scp03Host) -> None:
    """A good MAC, and a command that the card does not do: no R-MAC, and the session goes on."""
    host.open(0x31, 0x33)
    assert host.send(0xCA, 0x01, 0x01) == (b"", 0x6A86)
    assert host.send(0xFE, 0x00, 0x00) == (b"", 0x6D00)
    assert host.send(0xE2, 0x88, 0x00, b"\x01\x02\x00") == (b"", 0x6985)
    assert host.send(*GET_DATA) == (CONTENT, wire.OK)


def test_blank_card_has_no_identity(blank: LiveCard) -> None:
    talk = Talk(blank)
    talk.select()
    host = Scp03Host(talk.raw, blank.serial)
    for kvn in (0x30, 0x31):
        assert talk.raw(bytes((0x80, 0x50, kvn, 0, 8)) + HOST_CHALLENGE) == (b"", 0x6A88)
    host.open(0x00, 0x33)
    assert host.send(*GET_DATA) == (b"", 0x6985)
    talk.close()


@pytest.mark.parametrize("level", LEVELS)
def test_our_own_host(card: LiveCard, level: int) -> None:
    keys = keys_from(development_keyring(), {0x30: (KeySet.ISSUER, 1)})
    with card.connect() as connection:
        connection.transmit(wire.SELECT)
        with Scp03Session.open(connection.transmit, keys, kvn=0x30, level=SecurityLevel(level)) as session:
            for _ in range(3):
                expected = (CONTENT, wire.OK) if level == 0x33 else (b"", 0x6982)
                assert session.send(bytes.fromhex("84CA010200")) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer[:-10] + answer[-2:],  # R-MAC taken off
        lambda answer: answer[-2:],  # everything taken off
        lambda answer: answer[:-3] + bytes((answer[-3] ^ 1,)) + answer[-2:],
        lambda answer: bytes((answer[0] ^ 1,)) + answer[1:],
    ],
)
def test_our_host_takes_no_answer_without_its_r_mac(card: LiveCard, change: Callable[[bytes], bytes]) -> None:
    keys = keys_from(development_keyring(), {0x30: (KeySet.ISSUER, 1)})
    with card.connect() as connection:
        connection.transmit(wire.SELECT)

        def line(apdu: bytes) -> bytes:
            answer = connection.transmit(apdu)
            return change(answer) if apdu[1] == 0xCA else answer

        session = Scp03Session.open(line, keys, kvn=0x30, level=SecurityLevel(0x33))
        with pytest.raises(ResponseMacError):
            session.send(bytes.fromhex("84CA010200"))
        assert not session.alive
