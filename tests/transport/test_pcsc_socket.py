# SPDX-License-Identifier: Apache-2.0
"""Why the PC/SC service takes nobody in, read from its socket."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssn_card.transport import PcscForbidden, PcscFull, PcscNotRunning
from ssn_card.transport.pcsc_socket import service_program, service_socket, why_refused


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "pcscd.comm"
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(where))
    return where


@contextmanager
def door(path: Path, greet: Callable[[socket.socket], object]) -> Iterator[None]:
    """A service that does so with each visitor."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(300)

        def run() -> None:
            with contextlib.suppress(OSError):
                while True:
                    greet(listener.accept()[0])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_where_the_socket_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert service_socket() == str(path)
    for nothing in (monkeypatch.delenv, lambda name: monkeypatch.setenv(name, "")):
        nothing("PCSCLITE_CSOCK_NAME")
        assert service_socket() == "/run/pcscd/pcscd.comm"


def test_where_the_program_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ssn_card.transport.pcsc_socket._PROGRAM_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert service_program() is None
    program = tmp_path / "pcscd"
    program.touch(0o755)
    assert service_program() == str(program)
    monkeypatch.setattr("ssn_card.transport.pcsc_socket._PROGRAM_PATH", str(tmp_path / "none"))
    assert service_program() is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert service_program() == str(program)


@pytest.mark.parametrize("installed", [True, False])
def test_nobody_there(path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    monkeypatch.setattr("ssn_card.transport.pcsc_socket.service_program", lambda: "pcscd" if installed else None)
    error = why_refused()
    assert isinstance(error, PcscNotRunning)
    assert ("apt install" in error.describe("en")) is not installed
    assert ("Pasang" in error.describe("id")) is not installed
    assert "tart it: systemctl start pcscd.socket" in error.describe("en")
    assert "alankan: systemctl start pcscd.socket" in error.describe("id")


def test_a_socket_that_nobody_listens_to(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert isinstance(why_refused(), PcscNotRunning)


def test_a_service_that_waits_for_us_to_speak(path: Path) -> None:
    kept: list[socket.socket] = []
    with door(path, kept.append):
        assert why_refused() is None


def test_a_service_that_speaks_first_is_none_that_we_know_anything_of(path: Path) -> None:
    with door(path, lambda visitor: visitor.sendall(b"hello")):
        assert why_refused() is None


def test_turned_away(path: Path) -> None:
    with door(path, lambda visitor: visitor.close()):
        error = why_refused()
    assert isinstance(error, PcscForbidden)
    assert f"({path})" in error.describe("en")
    assert f"({path})" in error.describe("id")


def test_turned_away_by_a_reset(path: Path) -> None:
    def reset(visitor: socket.socket) -> None:
        visitor.recv(0)
        visitor.close()

    with door(path, reset):
        assert isinstance(why_refused(), PcscForbidden)


@pytest.mark.parametrize(("visitors", "kind"), [(188, PcscForbidden), (190, PcscFull)])
def test_turned_away_by_a_service_that_has_many(path: Path, visitors: int, kind: type[Exception]) -> None:
    kept: list[socket.socket] = []

    def greet(visitor: socket.socket) -> None:
        if len(kept) < visitors:
            kept.append(visitor)
        else:
            visitor.close()

    with contextlib.ExitStack() as others, door(path, greet):
        for _ in range(visitors):
            others.enter_context(socket.socket(socket.AF_UNIX)).connect(str(path))
        while len(kept) < visitors:
            pass
        error = why_refused()
    assert type(error) is kind
    if isinstance(error, PcscFull):
        assert error.details == {"connections": visitors}
        assert f"{visitors} connections" in error.describe("en")
        assert f"{visitors} koneksi" in error.describe("id")


def test_turned_away_on_a_machine_that_shows_no_list(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: Path) -> bytes:
        raise FileNotFoundError

    with door(path, lambda visitor: visitor.close()):
        monkeypatch.setattr(Path, "read_bytes", unreadable)
        assert why_refused() is None
        monkeypatch.setattr(Path, "read_bytes", lambda _: b"nothing of it\n")
        assert why_refused() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_no_rights(path: Path) -> None:
    with door(path, lambda visitor: visitor.close()):
        path.chmod(0o600)
        os.seteuid(65_534)
        try:
            error = why_refused()
        finally:
            os.seteuid(0)
    assert isinstance(error, PcscForbidden)
    assert f"({path})" in error.describe("en")
