# SPDX-License-Identifier: Apache-2.0
"""The redacting tracer."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import APPLET_AID
from ssn_card.tracing import RedactingTracer, TraceNotWritable

SELECT = bytes.fromhex("00A4040009") + APPLET_AID + b"\x00"


def test_lines_are_numbered_redacted_and_timed(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with RedactingTracer.to_file(path) as tracer:
        tracer.started(b"\x3b\x80")
        tracer.exchange(SELECT, bytes.fromhex("6A82"), 0.0123456)
        tracer.exchange(bytes.fromhex("84E2880004") + b"\xaa\xbb\xcc\xdd", bytes.fromhex("9000"), 0.001)
        tracer.exchange(b"\x11\x22\x33\x44SECRET", b"SECRET\x90\x00", 0.001)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["n"] for line in lines] == [1, 2, 3, 4]
    assert lines[0]["atr"] == "3b80"
    assert (lines[1]["name"], lines[1]["sw"], lines[1]["ms"]) == ("SELECT", "6A82", 12.346)
    assert lines[2]["command"].endswith("<4 bytes>")
    assert lines[3]["name"] == "UNKNOWN"
    assert "aabbccdd" not in path.read_text()
    assert b"SECRET".hex() not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_further_session_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    for _ in range(2):
        with RedactingTracer.to_file(path) as tracer:
            tracer.started(b"\x3b")
    assert len(path.read_text().splitlines()) == 2


def test_a_full_disk_ends_tracing_and_nothing_else() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    tracer = RedactingTracer(Full())
    tracer.exchange(SELECT, b"\x90\x00", 0.1)
    tracer.exchange(SELECT, b"", 0.1)
    assert tracer.failure == Text("No space left on device", "ruang disk habis")


def test_malformed_exchanges_are_traced_too() -> None:
    file = io.StringIO()
    tracer = RedactingTracer(file)
    for command, answer in ((b"", b""), (b"\x00", b"\x90"), (SELECT[:4], b"\x6d\x00")):
        tracer.exchange(command, answer, 0.0)
    assert tracer.failure is None
    assert len(file.getvalue().splitlines()) == 3


def test_closing_twice_and_writing_afterwards(tmp_path: Path) -> None:
    tracer = RedactingTracer.to_file(tmp_path / "t")
    tracer.close()
    tracer.close()
    tracer.started(b"")
    assert (tmp_path / "t").read_text() == ""


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(TraceNotWritable) as caught:
        RedactingTracer.to_file(tmp_path)
    assert caught.value.where == str(tmp_path)
