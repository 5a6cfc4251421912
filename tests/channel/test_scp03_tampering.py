# SPDX-License-Identifier: Apache-2.0
"""Nothing that was changed on the way is taken, and the first wrong thing ends the session for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channel import scp03_reference as ref
from tests.channel.scp03_card_model import CardModel
from tests.channel.scp03_session import DEK, ENC, FULL, LEVELS, MAC, open_session

from ssn_card.channel import ResponseMacError, Scp03Session, SecureChannelDead, SecurityLevel
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text

ANSWERED = tuple(level for level in LEVELS if level & SecurityLevel.R_MAC)
COMMAND = bytes.fromhex("80E2800003AABBCC")


class Line:
    """A line between host and card on which a test changes commands or answers, once the channel is open."""

    def __init__(self, card: CardModel) -> None:
        self.card = card
        self.on_command: Callable[[bytes], bytes] = lambda command: command
        self.on_answer: Callable[[bytes], bytes] = lambda answer: answer

    def transmit(self, command: bytes) -> bytes:
        return self.on_answer(self.card.transmit(self.on_command(command)))


def opened(level: SecurityLevel) -> tuple[Scp03Session, Line]:
    line = Line(CardModel(ENC, MAC))
    return open_session(line.transmit, level), line


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ (1 << bit)).to_bytes(len(data), "big")


def assert_dead(session: Scp03Session) -> None:
    assert not session.alive
    assert repr(session).endswith(", dead>")
    assert session._dek is None  # gone, not only out of reach
    for use in (
        lambda: session.send(COMMAND),
        lambda: session.wrap_key(SecretKey(bytes(16))),
        lambda: session.wrap_key_with_kcv(SecretKey(bytes(16))),
        lambda: session.max_data,
    ):
        with pytest.raises(SecureChannelDead):
            use()


@given(level=st.sampled_from(LEVELS), data=st.binary(max_size=40), choice=st.data())
def test_a_changed_bit_in_a_command_is_never_executed(level: SecurityLevel, data: bytes, choice: st.DataObject) -> None:
    session, line = opened(level)
    apdu = COMMAND[:4] + (bytes([len(data)]) + data if data else b"")

    def flip(command: bytes) -> bytes:
        protected = 8 * (5 + command[4])  # all but Le, which section 6.2.4 leaves out
        bit = choice.draw(st.integers(8 * len(command) - protected, 8 * len(command) - 1))
        return flipped(command, bit)

    line.on_command = flip
    assert session.send(apdu)[1] != 0x9000
    assert line.card.executed == []
    line.on_command = lambda command: command
    assert session.send(apdu)[1] != 0x9000  # the card has aborted its side


@given(level=st.sampled_from(ANSWERED), data=st.binary(max_size=40), choice=st.data())
def test_a_changed_bit_in_an_answer_is_refused(level: SecurityLevel, data: bytes, choice: st.DataObject) -> None:
    session, line = opened(level)
    line.card.application = lambda header, _: (data, 0x9000)
    line.on_answer = lambda answer: flipped(answer, choice.draw(st.integers(0, 8 * len(answer) - 1)))
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


@pytest.mark.parametrize("level", ANSWERED)
@pytest.mark.parametrize("cut", ["bare", "one", "seven", "none", "half", "nothing"])
def test_a_stripped_or_cut_answer_is_refused(level: SecurityLevel, cut: str) -> None:
    session, line = opened(level)
    cuts: dict[str, Callable[[bytes], bytes]] = {
        "bare": lambda answer: b"\x90\x00",
        "one": lambda answer: answer[1:],
        "seven": lambda answer: answer[-9:],
        "none": lambda answer: b"",
        "half": lambda answer: answer[:1],
        "nothing": lambda answer: answer[:-10] + b"\x90\x00",
    }
    line.on_answer = cuts[cut]
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


@pytest.mark.parametrize("sw", ["6283", "63C2"])
def test_a_warning_needs_its_r_mac_too(sw: str) -> None:
    session, line = opened(FULL)
    line.on_answer = lambda answer: bytes.fromhex(sw)
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


def test_an_error_status_comes_bare_and_leaves_the_session_alive() -> None:
    session, line = opened(FULL)
    line.card.application = lambda header, data: (b"", 0x6985)
    assert session.send(COMMAND) == (b"", 0x6985)
    line.card.application = lambda header, data: (data, 0x9000)
    assert session.send(COMMAND) == (b"\xaa\xbb\xcc", 0x9000)


def test_an_error_status_with_data_is_refused() -> None:
    session, line = opened(FULL)
    line.on_answer = lambda answer: answer[:-2] + b"\x69\x85"
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


def test_a_replayed_answer_is_refused() -> None:
    session, line = opened(FULL)
    answers: list[bytes] = []

    def record(answer: bytes) -> bytes:
        answers.append(answer)
        return answer

    line.on_answer = record
    session.send(COMMAND)
    line.on_answer = lambda answer: answers[0]
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


@pytest.mark.parametrize("order", [[0, 0], [1], [1, 0]])
def test_a_replayed_dropped_or_swapped_command_is_not_executed(order: list[int]) -> None:
    """A recording of one session is played to a card in the same session state (same keys, same challenges)."""
    recording, recorded = opened(FULL)
    for _ in range(2):
        recording.send(COMMAND)
    _, _, *wrapped = recorded.card.received
    _, line = opened(FULL)
    answers = [line.card.transmit(wrapped[index]) for index in order]
    assert answers[-1] == b"\x69\x82"
    assert len(line.card.executed) == (1 if order[0] == 0 else 0)


@pytest.mark.parametrize(
    ("plain", "length"),
    [(bytes(16), 16), (b"\x01" * 16, 16), (b"\x01" * 15 + b"\x81", 16), (b"\x80" + bytes(31), 32), (b"", 15), (b"", 8)],
)
def test_wrong_padding_under_a_right_r_mac_is_refused(plain: bytes, length: int) -> None:
    """Only a broken card can do this; it ends the session all the same."""
    session, line = opened(FULL)

    def answer(_: bytes) -> bytes:
        card = line.card
        body = (
            ref.cbc_encrypt(card.s_enc, ref.response_icv(card.s_enc, card.counter), plain) if plain else bytes(length)
        )
        return body + ref.cmac(card.s_rmac, card.chaining + body + b"\x90\x00")[:8] + b"\x90\x00"

    line.on_answer = answer
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


@pytest.mark.parametrize("level", [0x01, 0x03])
def test_without_r_mac_only_the_missing_status_word_is_noticed(level: int) -> None:
    session, line = opened(SecurityLevel(level))
    line.on_answer = lambda answer: b"\x90"
    with pytest.raises(ResponseMacError):
        session.send(COMMAND)
    assert_dead(session)


@pytest.mark.parametrize("error", [OSError("gone"), KeyboardInterrupt(), InputError(Text("card gone", "kartu hilang"))])
def test_a_failure_of_the_line_ends_the_session(error: BaseException) -> None:
    session, line = opened(FULL)

    def fail(_: bytes) -> bytes:
        raise error

    line.on_answer = fail
    with pytest.raises(type(error)):
        session.send(COMMAND)
    assert_dead(session)
    if isinstance(error, InputError):
        with pytest.raises(SecureChannelDead, match="card gone"):
            session.send(COMMAND)


def test_closing_ends_the_session(card: CardModel) -> None:
    with open_session(card.transmit) as session:
        pass
    assert_dead(session)
    session.close()


def test_wrapped_key_and_check_value(card: CardModel) -> None:
    session = open_session(card.transmit)
    key = bytes.fromhex("000102030405060708090A0B0C0D0E0F")
    wrapped = session.wrap_key_with_kcv(SecretKey(key))
    assert wrapped[:16] == session.wrap_key(SecretKey(key)) == ref.aes(DEK, key)
    assert wrapped[16:] == ref.aes(key, b"\x01" * 16)[:3]


def test_no_error_or_repr_shows_a_secret() -> None:
    session, line = opened(FULL)
    line.on_answer = lambda answer: answer[:-2] + b"\x69\x85"
    with pytest.raises(ResponseMacError) as caught:
        session.send(COMMAND)
    card = line.card
    shown = repr(session) + repr(caught.value) + str(caught.value) + str(caught.value.as_dict())
    for secret in (ENC, MAC, DEK, card.s_enc, card.s_mac, card.s_rmac, b"\xaa\xbb\xcc"):
        assert secret.hex() not in shown.lower()
        assert repr(secret)[2:-1] not in shown
