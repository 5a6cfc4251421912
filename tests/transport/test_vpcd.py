# SPDX-License-Identifier: Apache-2.0
"""The vpcd transport against a peer that misbehaves, and the card that somebody else holds."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.simulator.probe import ATR, COUNT, OK, SELECT

from ssn_card.simulator import SimulatedCard
from ssn_card.transport import (
    BadUrl,
    CardInUse,
    CardNotReachable,
    ConnectionClosed,
    ConnectionLost,
    RawRecorder,
    ShortAnswer,
    VpcdConnection,
    open_connection,
    vpcd,
)


def message(payload: bytes) -> bytes:
    return len(payload).to_bytes(2, "big") + payload


@contextmanager
def peer(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """URL of a card that answers the ATR and then does as ``behave`` says with the first command."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with contextlib.suppress(OSError):
            link, _ = listener.accept()
            with link:
                link.recv(64)
                link.sendall(message(ATR))
                link.recv(64)
                behave(link)
                link.recv(64)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"vpcd:127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        thread.join()


def test_an_answer_in_pieces_is_one_answer() -> None:
    def dribble(link: socket.socket) -> None:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message(b"abc" + OK):
            link.sendall(bytes((byte,)))
            time.sleep(0.02)

    with peer(dribble) as url, open_connection(url) as card:
        assert card.transmit(COUNT) == b"abc" + OK


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_without_status_word(answer: bytes) -> None:
    with peer(lambda link: link.sendall(message(answer))) as url, open_connection(url) as card:
        with pytest.raises(ShortAnswer) as caught:
            card.transmit(COUNT)
        assert caught.value.in_flight
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)


def test_two_answers_to_one_command_break_the_connection() -> None:
    with peer(lambda link: link.sendall(message(OK) + message(OK))) as url, open_connection(url) as card:
        with pytest.raises(ConnectionLost, match="more than one answer"):
            card.transmit(COUNT)
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)


def test_a_late_answer_is_never_taken_for_the_next_commands() -> None:
    proceed = threading.Event()

    def late(link: socket.socket) -> None:
        proceed.wait(5)
        link.sendall(message(b"late" + OK))

    with peer(late) as url, open_connection(f"{url}?timeout=0.1") as card:
        with pytest.raises(ConnectionLost, match=r"within 0\.1 s") as caught:
            card.transmit(COUNT)
        assert caught.value.in_flight
        proceed.set()
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)
        with pytest.raises(ConnectionLost):
            card.reset()


@pytest.mark.parametrize("cut", [1, 3])
def test_a_peer_that_vanishes_inside_an_answer(cut: int) -> None:
    def vanish(link: socket.socket) -> None:
        link.sendall(message(b"abcd" + OK)[:cut])
        link.close()

    with peer(vanish) as url, open_connection(url) as card, pytest.raises(ConnectionLost) as caught:
        card.transmit(COUNT)
    assert caught.value.in_flight


def test_the_time_limit_is_for_the_whole_answer() -> None:
    def trickle(link: socket.socket) -> None:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message(bytes(200) + OK):
            link.sendall(bytes((byte,)))
            time.sleep(0.05)

    with peer(trickle) as url, open_connection(f"{url}?timeout=0.4") as card:
        start = time.monotonic()
        with pytest.raises(ConnectionLost, match=r"within 0\.4 s") as caught:
            card.transmit(COUNT)
        assert time.monotonic() - start < 2
        assert caught.value.in_flight
        assert caught.value.text.en.startswith(f"{url}?timeout=0.4: ")


def test_a_peer_that_closes_the_line_says_so_in_both_languages() -> None:
    with peer(lambda link: link.close()) as url, open_connection(url) as card, pytest.raises(ConnectionLost) as caught:
        card.transmit(COUNT)
    assert f"{url}: connection lost: the card's side closed the connection." in caught.value.describe("en")
    assert "menutup koneksi" in caught.value.describe("id")


def test_a_line_that_breaks_in_a_reset_breaks_no_command() -> None:
    with peer(lambda link: link.close()) as url, open_connection(url) as card:
        with pytest.raises(ConnectionLost) as caught:
            card.reset()
        assert caught.value.in_flight is False
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)


def test_the_systems_reason_is_told_in_its_words() -> None:
    def reset(link: socket.socket) -> None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()

    with peer(reset) as url, open_connection(url) as card, pytest.raises(ConnectionLost) as caught:
        card.transmit(COUNT)
    assert caught.value.reason == ("Connection reset by peer", "sambungan diputus pihak lain")


def test_a_tracer_and_the_usual_limits(tmp_path: Path) -> None:
    with (
        RawRecorder(tmp_path / "wire") as recorder,
        peer(lambda link: link.sendall(message(OK))) as url,
        open_connection(url, recorder) as card,
    ):
        assert isinstance(card, VpcdConnection)
        assert card._timeout == 30.0
        card.transmit(COUNT)
    assert f'"command": "{COUNT.hex()}"' in (tmp_path / "wire").read_text()


@pytest.mark.parametrize(("wait", "limit"), [("", 5.0), ("?wait=0.5", 0.5), ("?wait=50", 5.0)])
def test_the_limit_of_connecting(monkeypatch: pytest.MonkeyPatch, wait: str, limit: float) -> None:
    asked: list[object] = []

    def refuse(*arguments: object) -> socket.socket:
        asked.append(arguments)
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(vpcd, "connect_tcp", refuse)
    with pytest.raises(CardNotReachable) as caught:
        open_connection(f"vpcd:[::1]:9{wait}")
    assert asked == [("::1", 9, limit)]
    assert f"vpcd:[::1]:9{wait}" in caught.value.describe("en")


@pytest.mark.parametrize(("place", "host", "port"), [("[::1]:1", "::1", 1), ("Xhost:65535", "Xhost", 65_535)])
def test_what_is_made_of_a_url(monkeypatch: pytest.MonkeyPatch, place: str, host: str, port: int) -> None:
    made: list[object] = []
    monkeypatch.setattr(vpcd, "VpcdConnection", lambda *arguments, **options: made.append((arguments, options)))
    open_connection(f"vpcd:{place}")
    assert made == [((f"vpcd:{place}", host, port), {"timeout": 30.0, "wait": 5.0, "tracer": None})]


class Spied:
    """A socket whose options are looked at."""

    def __init__(self, real: socket.socket) -> None:
        self.real = real
        self.options: list[tuple[int, ...]] = []

    def setsockopt(self, *option: int) -> None:
        self.options.append(option)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def test_answers_are_acknowledged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with peer(lambda link: link.sendall(message(OK))) as url, open_connection(url) as card:
        assert isinstance(card, VpcdConnection)
        spied = Spied(card._socket)
        monkeypatch.setattr(card, "_socket", spied)
        card.transmit(COUNT)
    assert spied.options[0] == (socket.IPPROTO_TCP, socket.TCP_QUICKACK, True)


def test_data_without_end_is_given_up() -> None:
    def forever(link: socket.socket) -> None:
        while True:
            link.sendall(message(b"\x61\x10"))
            if not link.recv(64):
                return

    with peer(forever) as url, open_connection(url) as card, pytest.raises(ConnectionLost, match="without end"):
        card.transmit(COUNT)


def test_a_peer_that_is_no_card() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: listener.accept()[0].close())
    thread.start()
    url = f"vpcd:127.0.0.1:{listener.getsockname()[1]}"
    with listener, pytest.raises(CardNotReachable) as caught:
        open_connection(url)
    assert url in caught.value.describe("en")
    thread.join()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(CardNotReachable) as caught:
        open_connection(f"vpcd:127.0.0.1:{port}")
    assert "refused" in caught.value.describe("en")
    assert "ditolak" in caught.value.describe("id")


def test_a_second_connection_waits_and_then_says_who_is_in_the_way(probe: SimulatedCard) -> None:
    with open_connection(probe.url) as first:
        with pytest.raises(CardInUse) as caught:
            open_connection(f"{probe.url}?wait=0.2")
        assert caught.value.text.en.startswith(f"{probe.url}?wait=0.2: ")
        assert first.transmit(SELECT) == OK
        threading.Timer(0.2, first.close).start()
        with open_connection(f"{probe.url}?wait=5") as second:
            assert second.transmit(COUNT) == b"\x69\x86"


@pytest.mark.parametrize(
    "url",
    [
        "vpcd:",
        "vpcd:localhost",
        "vpcd::1234",
        "vpcd:localhost:0",
        "vpcd:localhost:65536",
        "vpcd:localhost:x",
        "vpcd:localhost:1234?timeout=0",
        "vpcd:localhost:1234?timeout=x",
        "vpcd:localhost:1234?wait=nan",
        "vpcd:localhost:1234?wiat=1",
    ],
)
def test_bad_urls(url: str) -> None:
    with pytest.raises(BadUrl) as caught:
        open_connection(url)
    assert repr(url) in caught.value.describe("id")
