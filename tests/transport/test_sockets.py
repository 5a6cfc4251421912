# SPDX-License-Identifier: Apache-2.0
"""TCP connections: their options, the addresses of a name one after the other, and nothing left open."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ssn_card.transport.sockets import connect_tcp

STREAM = (socket.AF_INET, socket.SOCK_STREAM, 6, "")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Every socket that is made."""
    real, sockets = socket.socket, list[socket.socket]()

    def make(*arguments: Any) -> socket.socket:
        sockets.append(real(*arguments))
        return sockets[-1]

    monkeypatch.setattr(socket, "socket", make)
    return sockets


def test_the_options_of_a_connection() -> None:
    with socket.create_server(("127.0.0.2", 0)) as server:
        link = connect_tcp("127.0.0.2", server.getsockname()[1], 7.5)
        with link:
            assert link.gettimeout() == 7.5
            assert link.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0
            assert link.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
            assert link.getpeername() == server.getsockname()


def test_the_addresses_of_a_name_are_tried_in_turn(made: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.2", 0)) as gone:
        dead, alive = gone.getsockname(), server.getsockname()
        gone.close()
        made.clear()
        asked: list[object] = []

        def addresses(*arguments: object, **options: object) -> list[object]:
            asked.append((arguments, options))
            return [(*STREAM, dead), (*STREAM, alive), (*STREAM, dead)]

        monkeypatch.setattr(socket, "getaddrinfo", addresses)
        with connect_tcp("card.example", 9, 5.0) as link:
            assert link.getpeername() == alive
        assert asked == [(("card.example", 9), {"type": socket.SOCK_STREAM})]
        assert len(made) == 2
        assert made[0].fileno() == -1


def test_what_the_last_address_said_is_told(made: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(OSError, match=r"^no address$"):
        connect_tcp("card.example", 9, 5.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        dead = server.getsockname()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*STREAM, dead)])
    with pytest.raises(ConnectionRefusedError):
        connect_tcp("card.example", 9, 5.0)
    assert [one.fileno() for one in made] == [-1] * len(made)


class Interrupted(socket.socket):
    """Somebody presses Ctrl-C while it connects."""

    def connect(self, address: object, /) -> None:
        raise KeyboardInterrupt


def test_ctrl_c_leaves_no_socket_open(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []

    def make(*arguments: Any) -> socket.socket:
        made.append(Interrupted(*arguments))
        return made[-1]

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*STREAM, ("127.0.0.1", 9))])
    monkeypatch.setattr(socket, "socket", make)
    with pytest.raises(KeyboardInterrupt):
        connect_tcp("card.example", 9, 5.0)
    assert [one.fileno() for one in made] == [-1]
