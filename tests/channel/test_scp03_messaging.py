# SPDX-License-Identifier: Apache-2.0
"""Protected commands and answers, byte for byte, against the reference and both ends run together."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channel import scp03_reference as ref
from tests.channel.scp03_card_model import C_DEC, R_MAC, CardModel
from tests.channel.scp03_session import ENC, FULL, HOST_CHALLENGE, LEVELS, MAC, open_session

from ssn_card.channel import BadCommand, CommandTooLong, SecurityLevel

HEADER = bytes.fromhex("80E28000")
SECURED = bytes.fromhex("84E28000")


def apdu(data: bytes, le: int | None = None, header: bytes = HEADER) -> bytes:
    return header + (bytes([len(data)]) + data if data else b"") + (b"" if le is None else bytes([le]))


def replying(reply: tuple[bytes, int], header: bytes, data: bytes) -> tuple[bytes, int]:
    return reply


def session_key(card: CardModel, static: bytes, constant: int) -> bytes:
    return ref.derive(static, constant, 16, HOST_CHALLENGE + card.card_challenge)


def test_opening_and_commands_byte_for_byte(card: CardModel) -> None:
    """Sections 6.2.3, 6.2.4 and 6.2.6, with empty and full commands mixed: the counter moves with each of them."""
    session = open_session(card.transmit)
    s_enc, s_mac = session_key(card, ENC, 0x04), session_key(card, MAC, 0x06)
    proof = ref.derive(s_mac, 0x01, 8, HOST_CHALLENGE + card.card_challenge)
    chaining = ref.cmac(s_mac, bytes(16) + bytes.fromhex("8482030010") + proof)
    expected = [
        bytes.fromhex("8050300008") + HOST_CHALLENGE + b"\x00",
        bytes.fromhex("8482030010") + proof + chaining[:8],
    ]
    for counter, data in enumerate([b"", b"\x01" * 15, b"", b"", b"\x02" * 16, b"\x03" * 111], start=1):
        session.send(apdu(data))
        body = ref.cbc_encrypt(s_enc, ref.aes(s_enc, counter.to_bytes(16, "big")), ref.pad(data)) if data else b""
        message = SECURED + bytes([len(body) + 8]) + body
        chaining = ref.cmac(s_mac, chaining + message)
        expected.append(message + chaining[:8])
    assert card.received == expected


# Computed outside this project's code with the OpenSSL command line (`openssl mac ... CMAC`, `openssl enc`) from the
# text of the specification; keys and challenges as in scp03_session.py and scp03_card_model.py, security level 33.
FIXED_COMMANDS = [
    "8050300008A0A1A2A3A4A5A6A700",
    "848233001078FDA92D5CE8DF70A455FA140FCC9F74",
    "84E280000802AC273052714E0400",  # no data: nothing encrypted, but counted
    "84E2800018DE4AF33369024A55FB5087AC33E5383CCE144624D85FBBE600",  # "SSN CARD"
]
FIXED_CARD_CRYPTOGRAM = "B0084FB969BEC3A8"
FIXED_ANSWER = "6F39D42ED71D6FCFD1F439B62F4DADD4B90FBB52BC5DF81B9000"  # "SSN CARD" again


def test_fixed_session(card: CardModel) -> None:
    """The same as fixed bytes, for the applet's tests and for other hosts."""
    answers: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        answers.append(card.transmit(command))
        return answers[-1]

    session = open_session(transmit, FULL)
    session.send(apdu(b""))
    assert session.send(apdu(b"SSN CARD")) == (b"SSN CARD", 0x9000)
    assert [received.hex().upper() for received in card.received] == FIXED_COMMANDS
    assert answers[0][21:29].hex().upper() == FIXED_CARD_CRYPTOGRAM
    assert answers[-1].hex().upper() == FIXED_ANSWER


def test_answer_byte_for_byte(card: CardModel) -> None:
    """Section 6.2.7: the ICV is the command's counter block, first byte 80; the R-MAC covers ciphertext and SW."""
    answers: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        answers.append(card.transmit(command))
        return answers[-1]

    session = open_session(transmit, FULL)
    s_enc, s_rmac = session_key(card, ENC, 0x04), session_key(card, MAC, 0x07)
    for counter, data in enumerate([b"", b"\x05", b"\x06" * 16], start=1):
        assert session.send(apdu(data)) == (data, 0x9000)
        icv = ref.aes(s_enc, b"\x80" + counter.to_bytes(15, "big"))
        body = ref.cbc_encrypt(s_enc, icv, ref.pad(data)) if data else b""
        mac = ref.cmac(s_rmac, card.chaining + body + b"\x90\x00")[:8]
        assert answers[-1] == body + mac + b"\x90\x00"


@given(
    level=st.sampled_from(LEVELS),
    exchanges=st.lists(
        st.tuples(
            st.binary(max_size=111),
            st.binary(max_size=111),
            st.sampled_from([0x9000, 0x6283, 0x63C2, 0x6985, 0x6A80]),
            st.sampled_from([None, 0, 0x20]),
        ),
        max_size=8,
    ),
)
def test_both_ends_agree(level: SecurityLevel, exchanges: list[tuple[bytes, bytes, int, int | None]]) -> None:
    card = CardModel(ENC, MAC)
    session = open_session(card.transmit, level)
    for data, answer, sw, le in exchanges:
        good = sw == 0x9000 or sw >> 8 in (0x62, 0x63)
        reply = (answer if good else b"", sw)
        card.application = partial(replying, reply)
        assert session.send(apdu(data, le)) == reply
        assert card.executed[-1] == (SECURED, data)
        assert len(card.received[-1]) <= 133
    assert session.alive


@pytest.mark.parametrize(
    ("plain", "secured"), [("80", "84"), ("84", "84"), ("00", "04"), ("0C", "04"), ("90", "94"), ("10", "14")]
)
def test_class_byte(card: CardModel, plain: str, secured: str) -> None:
    open_session(card.transmit).send(bytes.fromhex(plain) + bytes.fromhex("E28000"))
    assert card.executed[-1][0][0] == int(secured, 16)


@pytest.mark.parametrize("level", LEVELS)
def test_le_is_kept_and_opened_wide_for_an_r_mac(card: CardModel, level: SecurityLevel) -> None:
    session = open_session(card.transmit, level)
    for le in (None, 0x00, 0x10):
        session.send(apdu(b"\x01", le))
        wrapped = card.received[-1]
        tail = wrapped[5 + wrapped[4] :]
        assert tail == (b"\x00" if level & R_MAC else b"" if le is None else bytes([le]))


@pytest.mark.parametrize("level", LEVELS)
def test_longest_command_fits_the_card_and_a_longer_one_costs_nothing(card: CardModel, level: SecurityLevel) -> None:
    session = open_session(card.transmit, level)
    assert session.max_data == (111 if level & C_DEC else 119)
    sent = len(card.received)
    with pytest.raises(CommandTooLong) as caught:
        session.send(apdu(bytes(session.max_data + 1), 0))
    assert (caught.value.length, caught.value.limit) == (session.max_data + 1, session.max_data)
    assert len(card.received) == sent
    card.application = lambda header, data: (b"", 0x9000)
    assert session.send(apdu(bytes(session.max_data), 0)) == (b"", 0x9000)
    assert len(card.received[-1]) <= 133


@pytest.mark.parametrize(
    "bad",
    ["", "80E280", "81E28000", "C0E28000", "80E2800002AA", "80E2800001AABBCC", "80E280000000", "80E28000000001AA"],
)
def test_bad_commands_leave_the_session_alive(card: CardModel, bad: str) -> None:
    session = open_session(card.transmit)
    with pytest.raises(BadCommand):
        session.send(bytes.fromhex(bad))
    assert session.send(apdu(b"\x01")) == (b"\x01", 0x9000)
