# SPDX-License-Identifier: Apache-2.0
"""What every transport promises, over the card's own port and over PC/SC."""

from __future__ import annotations

import threading
import time

import pytest
from tests.simulator.probe import (
    ATR,
    COUNT,
    NOT_SELECTED,
    OK,
    SELECT,
    dawdle,
    echo,
    fill,
    status,
    swap_transient,
)
from tests.transport.conftest import Place

from ssn_card.transport import (
    CardRemoved,
    ConnectionClosed,
    ConnectionLost,
    ExchangeBroken,
    MalformedCommand,
    TransportError,
    open_connection,
)


class Wire:
    """Remembers what passed."""

    def __init__(self) -> None:
        self.exchanges: list[tuple[bytes, bytes]] = []
        self.sessions: list[bytes] = []
        self.seconds: list[float] = []

    def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
        self.exchanges.append((command, answer))
        self.seconds.append(seconds)

    def started(self, atr: bytes) -> None:
        self.sessions.append(atr)


def test_data_passes_unchanged_at_every_length(place: Place) -> None:
    with place.open() as card:
        assert card.atr == ATR
        for length in (1, 2, 127, 128, 253, 254):  # with 255 and Le, jCardSim's APDU buffer is a byte short
            data = bytes(index * 7 % 256 for index in range(length))
            assert card.transmit(echo(data)) == data + OK
            assert card.transmit(fill(length + 1)) == bytes(range(length + 1)) + OK


def test_reset_clears_transient_memory_and_selection_only(place: Place) -> None:
    with place.open() as card:
        card.transmit(COUNT)
        card.transmit(swap_transient(0x77))
        assert card.transmit(swap_transient(0x77)) == b"\x77\x77" + OK
        assert card.reset() == ATR
        assert card.transmit(COUNT) == NOT_SELECTED
        card.transmit(SELECT)
        assert card.transmit(swap_transient(0x55)) == b"\x00\x00" + OK
        assert card.transmit(COUNT) == b"\x00\x02" + OK


def test_a_new_connection_finds_the_state_but_no_session(place: Place) -> None:
    for expected in (1, 2, 3):
        with open_connection(place.url) as card:
            assert card.transmit(COUNT) == NOT_SELECTED
            card.transmit(SELECT)
            assert card.transmit(COUNT) == bytes((0, expected)) + OK


def test_an_uncaught_exception_in_the_applet_is_6f00(place: Place) -> None:
    with place.open() as card:
        assert card.transmit(b"\x80\x40\x00\x00") == b"\x6f\x00"
        assert card.transmit(COUNT) == b"\x00\x01" + OK


def test_announced_data_is_fetched(place: Place) -> None:
    wire = Wire()
    with place.open(wire) as card:
        assert card.transmit(status(0x6110)) == bytes(range(16)) + OK
    assert [command for command, _ in wire.exchanges[1:]] == [status(0x6110), bytes.fromhex("00c0000010")]


def test_a_wrong_le_is_mended_once_and_never_for_a_command_with_data(place: Place) -> None:
    wire = Wire()
    with place.open(wire) as card:
        assert card.transmit(status(0x6C05)) == b"\x6c\x05"
        assert [command for command, _ in wire.exchanges[1:]] == [status(0x6C05), bytes.fromhex("80706c0505")]
        wire.exchanges.clear()
        assert card.transmit(status(0x6C05, b"pay")) == b"\x6c\x05"
        assert len(wire.exchanges) == 1


def test_the_tracer_sees_sessions_and_exchanges(place: Place) -> None:
    wire = Wire()
    with place.open(wire) as card:
        card.transmit(COUNT)
        card.reset()
    assert wire.sessions == [ATR, ATR]
    assert wire.exchanges == [(SELECT, OK), (COUNT, b"\x00\x01" + OK)]
    assert all(0 < seconds < 5 for seconds in wire.seconds)


@pytest.mark.parametrize("length", [0, 1, 3, 65_545])
def test_what_is_no_command_is_not_sent(place: Place, length: int) -> None:
    wire = Wire()
    with place.open(wire) as card:
        with pytest.raises(MalformedCommand):
            card.transmit(bytes(length))
        assert len(wire.exchanges) == 1
        assert card.transmit(COUNT) == b"\x00\x01" + OK


def test_exclusive_keeps_other_threads_off(place: Place) -> None:
    order: list[str] = []

    def work() -> None:
        card.transmit(COUNT)
        order.append("theirs")

    with place.open() as card:
        with card.exclusive():
            thread = threading.Thread(target=work)
            thread.start()
            thread.join(0.3)
            assert card.transmit(COUNT) == b"\x00\x01" + OK
            order.append("mine")
        thread.join(10)
    assert order == ["mine", "theirs"]


def test_exclusive_ends_after_a_broken_exchange(place: Place) -> None:
    with place.open() as card:
        place.take_away()
        with pytest.raises(TransportError), card.exclusive():
            card.transmit(COUNT)
        thread = threading.Thread(target=card.close)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()


def test_a_closed_connection_says_so(place: Place) -> None:
    card = place.open()
    card.close()
    card.close()
    with pytest.raises(ConnectionClosed):
        card.transmit(COUNT)
    with pytest.raises(ConnectionClosed):
        card.reset()


def test_a_card_taken_away_in_mid_command(place: Place) -> None:
    card = place.open()
    remover = threading.Timer(0.3, place.take_away)
    remover.start()
    with pytest.raises(ExchangeBroken) as caught:
        card.transmit(dawdle(15))
    remover.join()
    assert isinstance(caught.value, ConnectionLost if place.kind == "vpcd" else CardRemoved)
    assert caught.value.in_flight
    assert place.url.partition(":")[2] in caught.value.describe("en")
    assert "says nothing about whether" in caught.value.describe("en")
    with pytest.raises(ConnectionClosed):
        card.transmit(COUNT)
    with pytest.raises(TransportError):
        card.reset()
    card.close()


def test_ten_thousand_commands_without_an_error(place: Place) -> None:
    # A transport that waits for late TCP acknowledgements does 25 a second.
    count = 10_000
    with place.open() as card:
        start = time.perf_counter()
        for index in range(1, count + 1):
            assert card.transmit(COUNT) == index.to_bytes(2, "big") + OK
        rate = count / (time.perf_counter() - start)
    assert rate > 400, f"{rate:.0f} commands a second"


def test_threads_may_share_a_connection(place: Place) -> None:
    with place.open() as card:
        wrong: list[bytes] = []

        def work(number: int) -> None:
            data = bytes((number,)) * 40
            wrong.extend(answer for _ in range(100) if (answer := card.transmit(echo(data))) != data + OK)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
