# SPDX-License-Identifier: Apache-2.0
"""Nothing in PC/SC blocks for as long as it likes, and Ctrl-C acts at once: on the real service."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.simulator.probe import ATR, COUNT, OK, SELECT, dawdle
from tests.transport.service import Service

from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.simulator.pcscd import virtual_reader
from ssn_card.transport import (
    CardConnection,
    CardInUse,
    ConnectionClosed,
    ConnectionLost,
    NoCard,
    PcscNotAnswering,
    list_readers,
    open_connection,
    pcsc_service,
    wait_for_card,
)
from ssn_card.transport.pcsc_service import PcscContext

READER = virtual_reader()
URL = f"pcsc:{READER}"
_BUSY_MACHINE = 2.0  #: seconds that a machine with other things to do may add

pytestmark = pytest.mark.pcsc


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds + _BUSY_MACHINE


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Ctrl-C; it must act within a quarter of a second."""
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    timer = threading.Timer(seconds, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        yield
    timer.join()
    assert time.monotonic() - pressed[0] < 0.25 + _BUSY_MACHINE / 4


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_service, "SERVICE_SECONDS", 1.0)
    monkeypatch.setattr(pcsc_service, "_CLOSE_SECONDS", 1.0)


@pytest.fixture
def held(inserted: SimulatedCard) -> Iterator[CardConnection]:
    """Another program has the card in a transaction, and has counted to 1."""
    with open_connection(URL) as other, other.exclusive():
        other.transmit(SELECT)
        other.transmit(COUNT)
        yield other


def test_a_card_in_another_programs_transaction_cannot_be_opened(held: CardConnection) -> None:
    with within(0.3), pytest.raises(CardInUse):
        open_connection(f"{URL}?wait=0.3")


def test_a_command_that_another_program_keeps_waiting_was_never_sent(inserted: SimulatedCard) -> None:
    with open_connection(f"{URL}?wait=0.3") as mine, open_connection(URL) as other:
        with other.exclusive():
            other.transmit(SELECT)
            with within(0.3), pytest.raises(CardInUse):
                mine.transmit(COUNT)
            with within(0.3), pytest.raises(CardInUse), mine.exclusive():
                mine.transmit(COUNT)
        time.sleep(0.5)  # for what was given up, if it were to come late
        assert mine.transmit(COUNT) == b"\x00\x01" + OK
        assert other.transmit(COUNT) == b"\x00\x02" + OK  # and nobody holds the card now


def test_who_tries_again_and_again_does_not_fill_the_service(held: CardConnection) -> None:
    with within(2.0):
        for _ in range(20):
            with pytest.raises(CardInUse):
                open_connection(f"{URL}?wait=0.05")
    assert len(list_readers()) >= 1


def test_a_slow_card_leaves_its_command_in_doubt(inserted: SimulatedCard) -> None:
    with open_connection(f"{URL}?timeout=0.5") as card:
        card.transmit(SELECT)
        with within(0.5), pytest.raises(ConnectionLost, match=r"within 0\.5 s") as caught:
            card.transmit(dawdle(15))
        assert caught.value.in_flight
        assert "tidak ada jawaban dalam 0.5 detik" in caught.value.describe("id")
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)
        time.sleep(1.5)
        assert card.reset() == ATR
        card.transmit(SELECT)
        assert card.transmit(COUNT) == b"\x00\x02" + OK  # its own answer, not the late one


def test_closing_does_not_wait_for_a_slow_card(inserted: SimulatedCard) -> None:
    card = open_connection(f"{URL}?timeout=0.2")
    card.transmit(SELECT)
    with pytest.raises(ConnectionLost):
        card.transmit(dawdle(30))
    start = time.monotonic()
    card.close()
    assert time.monotonic() - start < 1.0


def test_closing_waits_two_seconds_for_another_program(inserted: SimulatedCard) -> None:
    mine = open_connection(URL)
    with open_connection(URL) as other, other.exclusive():
        with within(2.0):
            mine.close()
        other.transmit(SELECT)
        assert other.transmit(COUNT) == b"\x00\x01" + OK  # the reset waits


@pytest.mark.usefixtures("impatient")
def test_a_frozen_service(own_service: Callable[..., Service]) -> None:
    with own_service() as service:
        with service.frozen():
            with within(1.0), pytest.raises(PcscNotAnswering) as caught:
                list_readers()
            assert "restart" in caught.value.describe("en")
            assert "ulang" in caught.value.describe("id")
            with within(1.0), pytest.raises(PcscNotAnswering):
                wait_for_card(timeout=0.1)
            with within(1.0), pytest.raises(PcscNotAnswering):
                open_connection(URL)
        for _ in range(50):  # what was given up comes back
            time.sleep(0.1)
            if list_readers():
                break
        assert READER in list_readers()


@pytest.mark.usefixtures("impatient")
def test_a_frozen_service_costs_only_so_many_threads(own_service: Callable[..., Service]) -> None:
    with own_service() as service:
        before = threading.active_count()
        with service.frozen():
            for _ in range(20):
                with pytest.raises(PcscNotAnswering):
                    list_readers()
            assert threading.active_count() - before <= 10
        deadline = time.monotonic() + 10
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert threading.active_count() <= before


@pytest.mark.usefixtures("impatient")
def test_a_service_that_freezes_under_a_connection(
    own_service: Callable[..., Service], probe: SimulatedCard, probe_simulator: Simulator
) -> None:
    with own_service() as service:
        probe_simulator.insert(probe)
        wait_for_card(READER)
        with open_connection(f"{URL}?timeout=2&wait=2") as card:
            card.transmit(SELECT)
            with service.frozen(), within(4.0), pytest.raises(PcscNotAnswering):
                card.transmit(COUNT)
            time.sleep(0.5)
            with card.exclusive():
                card.transmit(SELECT)
                with service.frozen(), within(2.0), pytest.raises(ConnectionLost) as caught:
                    card.transmit(COUNT)
            assert caught.value.in_flight
        probe_simulator.eject(probe)


def test_ctrl_c_while_waiting_for_a_card(inserted: SimulatedCard) -> None:
    with interrupted_after(0.5):
        wait_for_card(virtual_reader(1), timeout=8)
    with interrupted_after(0.5):
        wait_for_card("no such reader", timeout=8)


def test_ctrl_c_during_a_command(inserted: SimulatedCard) -> None:
    with open_connection(URL) as card:
        card.transmit(SELECT)
        with interrupted_after(0.3):
            card.transmit(dawdle(30))
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)


def test_ctrl_c_while_another_program_holds_the_card(held: CardConnection) -> None:
    with interrupted_after(0.3):
        open_connection(f"{URL}?wait=8")


@pytest.mark.usefixtures("impatient")
def test_ctrl_c_with_a_frozen_service(own_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc_service, "SERVICE_SECONDS", 8.0)
    with own_service() as service, service.frozen(), interrupted_after(0.3):
        list_readers()


def test_forgotten_connections_are_given_back(inserted: SimulatedCard, tmp_path: Path) -> None:
    for _ in range(230):  # the service takes 200
        open_connection(URL).transmit(SELECT)
    assert READER in list_readers()


def test_waiting_is_no_busy_loop(inserted: SimulatedCard, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def states(context: PcscContext, names: list[str], known: dict[str, int], milliseconds: int) -> dict[str, int]:
        asked.append(milliseconds)
        return real(context, names, known, milliseconds)

    real = PcscContext.states
    monkeypatch.setattr(PcscContext, "states", states)
    with pytest.raises(NoCard):
        wait_for_card(virtual_reader(1), timeout=0.5)
    assert asked[0] == 200
    assert len(asked) <= 5
