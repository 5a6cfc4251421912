# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C in the middle of a sale on the command line: a word of the doubt, and how to settle it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard

from ssn_card.protocol import commands
from ssn_card.terminal import TerminalJournal

INS = 1


def _message(link: socket.socket) -> bytes:
    length = int.from_bytes(link.recv(2, socket.MSG_WAITALL), "big")
    return link.recv(length, socket.MSG_WAITALL) if length else b""


@contextmanager
def stalling(card: LiveCard) -> Iterator[tuple[str, threading.Event]]:
    """URL of the card behind a line that a DEBIT never comes back from; the event tells when it was sent."""
    _, host, port = card.url.split(":")
    listener = socket.create_server(("127.0.0.1", 0))
    sent = threading.Event()

    def run() -> None:
        with contextlib.suppress(OSError):
            near, _ = listener.accept()
            with near, socket.create_connection((host, int(port))) as far:
                while message := _message(near):
                    if len(message) > INS and message[INS] == commands.DEBIT.ins:
                        sent.set()
                        continue
                    far.sendall(len(message).to_bytes(2, "big") + message)
                    if len(message) > 1 or message == b"\x04":
                        answer = _message(far)
                        near.sendall(len(answer).to_bytes(2, "big") + answer)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"vpcd:127.0.0.1:{listener.getsockname()[1]}", sent
    finally:
        listener.close()
        thread.join(5)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_sale_interrupted_after_its_debit_was_sent(
    new_card: Callable[[], LiveCard], tmp_path: Path, as_json: bool
) -> None:
    card, journal = new_card(), tmp_path / "journal.db"
    arguments = ["terminal", "sell", "--development", "--journal", str(journal), "--terminal", "7"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and so its children
    with stalling(card) as (url, sent):
        environment = {**os.environ, "SSN_LANG": "en", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        program = subprocess.Popen(
            [sys.executable, "-m", "ssn_card.cli", *arguments, "--item", "BERAS=1", "--card", url]
            + (["--json"] if as_json else []),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert sent.wait(60), program.communicate(timeout=5)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=20)
    with TerminalJournal(journal, 7) as book:
        (doubt,) = book.in_doubt()
    assert program.returncode == 130
    assert f"Transaction {doubt.terminal_txn} on card {card.serial.hex()} is in doubt" in err
    assert f"ssn card recover --journal {journal}" in err
    assert "Interrupted." in err
    if as_json:
        error = json.loads(out)["error"]
        assert error["code"] == "in-doubt"
        assert error["details"] == {"serial": card.serial.hex(), "terminal_txn": doubt.terminal_txn}
    card.discard()
