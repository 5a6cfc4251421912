# SPDX-License-Identifier: Apache-2.0
"""What every connection does with a card's answers, by a card that says what it is told to (ISO 7816-4 section 5.6)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest

from ssn_card.transport import (
    CardConnection,
    CardWasReset,
    ConnectionClosed,
    ConnectionLost,
    MalformedCommand,
    SessionTracer,
    ShortAnswer,
    Tracer,
)

URL = "told:"
OK = "9000"


class Told(CardConnection):
    """Answers one after the other, whatever it is asked."""

    def __init__(self, *answers: str, tracer: Tracer | None = None) -> None:
        super().__init__(URL, tracer)
        self.answers = [bytes.fromhex(answer) for answer in answers]
        self.sent: list[str] = []
        self.calls: list[str] = []
        self.failures: list[Exception] = []
        self._opened(b"\x3b\x00")

    def _exchange(self, command: bytes) -> bytes:
        self.sent.append(command.hex())
        if self.failures:
            raise self.failures.pop()
        return self.answers.pop(0)

    def _reset(self) -> bytes:
        self.calls.append("reset")
        return b"\x3b\x01"

    def _take_up(self) -> bytes:
        self.calls.append("take up")
        return b"\x3b\x02"

    def _hold(self) -> None:
        self.calls.append("hold")
        if self.failures:
            raise self.failures.pop()

    def _let_go(self) -> None:
        self.calls.append("let go")

    def _close(self) -> None:
        self.calls.append("close")


def ask(card: Told, command: str) -> str:
    return card.transmit(bytes.fromhex(command)).hex()


# ---------------------------------------------------------------- data in pieces


def test_data_in_pieces_is_put_together_from_all_of_them() -> None:
    card = Told("01026102", "03046101", "056100", "06" + OK)
    assert ask(card, "80ca010200") == "010203040506" + OK
    assert card.sent == ["80ca010200", "00c0000002", "00c0000001", "00c0000000"]


def test_the_length_of_the_rest_stands_at_the_answers_end() -> None:
    card = Told("6103", "aabb6c01", "cc" + OK)
    assert ask(card, "80ca010200") == "cc" + OK
    assert card.sent[1:] == ["00c0000003", "00c0000001"]


def test_the_last_status_word_is_the_answers() -> None:
    assert ask(Told("6102", "aabb6282"), "80ca010200") == "aabb6282"
    assert ask(Told("6102", "6985"), "80ca010200") == "6985"


@pytest.mark.parametrize(
    ("cla", "asked"), [("00", "00"), ("80", "00"), ("84", "00"), ("01", "01"), ("82", "02"), ("97", "03")]
)
def test_the_rest_is_fetched_on_the_same_logical_channel(cla: str, asked: str) -> None:
    card = Told("6103", "6c01", "bb6101", "cc" + OK)
    assert ask(card, f"{cla}ca0102") == "bbcc" + OK
    assert card.sent == [f"{cla}ca0102", f"{asked}c0000003", f"{asked}c0000001", f"{asked}c0000001"]


@pytest.mark.parametrize("command", ["80ca0102", "80ca010200", "80ca010210"])
def test_a_wrong_length_is_mended_by_the_cards_own(command: str) -> None:
    card = Told("6c05", "0102030405" + OK)
    assert ask(card, command) == "0102030405" + OK
    assert card.sent == [command, "80ca010205"]


def test_the_right_length_stands_at_the_answers_end() -> None:
    card = Told("aabb6c05", OK)
    ask(card, "80ca010200")
    assert card.sent[1] == "80ca010205"


def test_a_wrong_length_is_mended_once() -> None:
    card = Told("6c05", "6c06")
    assert ask(card, "80ca010200") == "6c06"
    assert len(card.sent) == 2


@pytest.mark.parametrize("command", ["80d0000001aa", "80d0000001aa00", "80d000000000010000"])
def test_a_command_with_data_is_never_sent_twice(command: str) -> None:
    card = Told("6c05")
    assert ask(card, command) == "6c05"
    assert card.sent == [command]


def test_a_mended_length_may_announce_more() -> None:
    card = Told("6c05", "6102", "aabb" + OK)
    assert ask(card, "80ca010200") == "aabb" + OK


def test_data_without_end_is_given_up() -> None:
    card = Told("6102", "6102")
    with pytest.raises(ConnectionLost) as caught:
        ask(card, "80ca010200")
    assert caught.value.in_flight
    assert "without end" in caught.value.describe("en")
    assert "tanpa akhir" in caught.value.describe("id")
    assert URL in caught.value.describe("en")
    with pytest.raises(ConnectionClosed):
        ask(card, "80ca010200")


def test_65536_bytes_of_data_are_the_most() -> None:
    piece = "00" * 256 + "6100"
    for end in ("00" * 256 + OK, "00" * 255 + OK):
        assert len(Told(*[piece] * 255, end).transmit(bytes(4))) == 255 * 256 + len(end) // 2
    with pytest.raises(ConnectionLost):
        Told(*[piece] * 255, "00" * 257 + OK).transmit(bytes(4))


# ---------------------------------------------------------------- what is no command, no answer


@pytest.mark.parametrize("length", [0, 3, 65_545])
def test_no_command(length: int) -> None:
    card = Told()
    with pytest.raises(MalformedCommand, match=re.escape(f"not {length}")):
        card.transmit(bytes(length))
    assert card.sent == []


@pytest.mark.parametrize("length", [4, 65_544])
def test_the_shortest_and_the_longest_command(length: int) -> None:
    assert Told(OK).transmit(bytes(length)).hex() == OK


@pytest.mark.parametrize("answer", ["", "90"])
def test_no_answer(answer: str) -> None:
    card = Told(answer)
    with pytest.raises(ShortAnswer) as caught:
        ask(card, "80ca010200")
    assert f"{URL}: an answer of {len(answer) // 2} bytes" in caught.value.describe("en")
    assert caught.value.in_flight
    with pytest.raises(ConnectionClosed):
        ask(card, "80ca010200")


# ---------------------------------------------------------------- life of a connection


def test_what_it_looks_like() -> None:
    card = Told()
    assert repr(card) == "<Told told:>"
    card.close()
    assert repr(card) == "<Told told:: closed>"


def test_url_and_answer_to_reset() -> None:
    card = Told()
    assert card.url == URL
    assert card.atr == b"\x3b\x00"
    assert card.reset() == card.atr == b"\x3b\x01"


def test_a_reset_brings_it_back_and_a_failed_one_does_not() -> None:
    card = Told("90", OK)
    with pytest.raises(ShortAnswer):
        ask(card, "80ca010200")
    assert card.reset() == b"\x3b\x01"
    assert ask(card, "80ca010200") == OK


def test_a_reset_that_fails_leaves_it_unusable() -> None:
    class Stubborn(Told):
        def _reset(self) -> bytes:
            raise ConnectionLost(URL, "gone", in_flight=False)

    card = Stubborn(OK)
    with pytest.raises(ConnectionLost):
        card.reset()
    with pytest.raises(ConnectionClosed):
        ask(card, "80ca010200")
    assert card.sent == []


def test_closing_twice_closes_once_and_for_ever() -> None:
    card = Told(OK)
    with card as same:
        assert same is card
    card.close()
    assert card.calls == ["close"]
    with pytest.raises(ConnectionClosed, match=URL):
        ask(card, "80ca010200")
    with pytest.raises(ConnectionClosed, match=URL):
        card.reset()
    assert card.calls[1:] == ["hold", "let go"]


# ---------------------------------------------------------------- nobody else


def test_each_command_is_held_and_a_whole_sale_once() -> None:
    card = Told(OK, OK, OK)
    ask(card, "80ca010200")
    assert card.calls == ["hold", "let go"]
    card.calls.clear()
    with card.exclusive():
        ask(card, "80ca010200")
        with card.exclusive():
            ask(card, "80ca010200")
        assert card.calls == ["hold"]
    assert card.calls == ["hold", "let go"]


def test_it_is_let_go_whatever_happens_meanwhile() -> None:
    card = Told("")
    with pytest.raises(ShortAnswer), card.exclusive():
        ask(card, "80ca010200")
    assert card.calls == ["hold", "let go"]
    with pytest.raises(KeyboardInterrupt), card.exclusive():
        raise KeyboardInterrupt
    assert card.calls == ["hold", "let go"] * 2


def test_what_could_not_be_held_is_not_let_go() -> None:
    card = Told(OK)
    card.failures = [ConnectionLost(URL, "gone", in_flight=False)]
    with pytest.raises(ConnectionLost), card.exclusive():
        raise AssertionError("not held")
    assert card.calls == ["hold"]


def test_a_card_that_was_reset_is_taken_up_at_the_beginning_only() -> None:
    card = Told(OK)
    card.failures = [CardWasReset(URL)]
    with card.exclusive():
        assert card.calls == ["hold", "take up", "hold"]
        assert card.atr == b"\x3b\x02"
        assert ask(card, "80ca010200") == OK
    card.failures = [CardWasReset(URL)]
    with pytest.raises(CardWasReset):
        ask(card, "80ca010200")


def test_a_card_that_is_reset_all_the_time_is_given_up() -> None:
    card = Told(OK)
    card.failures = [CardWasReset(URL)] * 4
    with pytest.raises(CardWasReset), card.exclusive():
        raise AssertionError("not held")
    assert card.calls == ["hold", "take up"] * 3 + ["hold"]
    card.failures = [CardWasReset(URL)] * 3
    with card.exclusive():
        assert ask(card, "80ca010200") == OK


def test_only_one_thread_at_a_time() -> None:
    card = Told(OK, OK)
    order: list[str] = []

    def work() -> None:
        ask(card, "80ca010200")
        order.append("theirs")

    with card.exclusive():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(0.2)
        order.append("mine")
    thread.join(5)
    assert order == ["mine", "theirs"]


# ---------------------------------------------------------------- who looks on


class Exchanges:
    """A tracer of exchanges only."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, bytes, float]] = []

    def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
        self.seen.append((command, answer, seconds))


class Sessions(Exchanges):
    """And of sessions."""

    def __init__(self) -> None:
        super().__init__()
        self.started_with: list[bytes] = []

    def started(self, atr: bytes) -> None:
        self.started_with.append(atr)


@pytest.mark.parametrize("tracer", [Exchanges, Sessions])
def test_a_tracer_sees_each_exchange_and_each_session(tracer: Callable[[], Exchanges]) -> None:
    wire = tracer()
    card = Told("6102", "aabb" + OK, "90", tracer=wire)
    ask(card, "80ca010200")
    with pytest.raises(ShortAnswer):
        ask(card, "80ca010200")
    card.reset()
    assert [(command.hex(), answer.hex()) for command, answer, _ in wire.seen] == [
        ("80ca010200", "6102"),
        ("00c0000002", "aabb" + OK),
        ("80ca010200", "90"),
    ]
    assert all(0 < seconds < 1 for _, _, seconds in wire.seen)
    if isinstance(wire, SessionTracer):
        assert isinstance(wire, Sessions)
        assert wire.started_with == [b"\x3b\x00", b"\x3b\x01"]


class NeverOpened(Told):
    """Its maker failed before the card was powered up."""

    def _opened(self, atr: bytes) -> None:
        pass


def test_what_was_never_opened_takes_no_command() -> None:
    card = NeverOpened(OK)
    with pytest.raises(ConnectionClosed):
        ask(card, "80ca010200")
    assert card.sent == []
