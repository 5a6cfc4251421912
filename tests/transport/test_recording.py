# SPDX-License-Identifier: Apache-2.0
"""The file of a recording, line by line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ssn_card.transport import BadRecording, RawRecorder, ReplayMismatch, open_connection
from ssn_card.transport.recording import Event, read_recording
from ssn_card.transport.replay import ReplayConnection

HEAD = '{"format": "ssn-card-apdus", "version": 1}\n'
ATR_LINE = '{"atr": "3b00"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording.jsonl"


def test_what_is_written(path: Path) -> None:
    with RawRecorder(path) as recorder:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text() == HEAD  # each line is on the disk before the next
        recorder.started(b"\x3b\x00")
        assert path.read_text() == HEAD + ATR_LINE
        recorder.exchange(b"\x00\xa4\x04\x00", b"\x90\x00", 0.123_456_789)
    exchange = '{"command": "00a40400", "answer": "9000", "seconds": 0.123457}\n'
    assert path.read_text() == HEAD + ATR_LINE + exchange
    with pytest.raises(ValueError, match="closed"):
        recorder.started(b"")


def test_what_is_read(path: Path) -> None:
    path.write_text(
        HEAD + ATR_LINE + '{"command": "00", "answer": "9000"}\n{"command": "", "answer": "", "seconds": 2}'
    )
    assert list(read_recording(path)) == [
        Event(2, atr=b"\x3b\x00"),
        Event(3, command=b"\x00", answer=b"\x90\x00", seconds=0.0),
        Event(4, seconds=2.0),
    ]
    assert [repr(event) for event in read_recording(path)] == [
        "<Event line 2: power-up>",
        "<Event line 3: exchange>",
        "<Event line 4: exchange>",
    ]


def test_a_file_that_cannot_be_written(path: Path) -> None:
    path.touch()
    with pytest.raises(BadRecording) as caught:
        RawRecorder(path)
    assert caught.value.where == str(path)
    assert "exists" in caught.value.describe("en")
    assert "dapat ditulis" in caught.value.describe("id")
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("content", "where", "figure"),
    [
        (b"", None, None),
        (b"[]\n", 1, "is not a JSON object"),
        (b'{"format"\n', 1, "is not a JSON object"),
        pytest.param(b"[" * 100_000, 1, "is not a JSON object", id="nested too deeply"),
        (b'{"format": "ssn-card-apdus"}\n', 1, "is not ssn-card-apdus version 1"),
        (b'{"version": 1}\n', 1, "is not ssn-card-apdus version 1"),
        (b'{"format": "ssn-card-apdus", "version": 1}\n{"answer": "9000"}\n', 2, "is no exchange"),
        (b'{"format": "ssn-card-apdus", "version": 1}\n{"command": "0", "answer": "9000"}\n', 2, "is no exchange"),
        (
            b'{"format": "ssn-card-apdus", "version": 1}\n{"command": "00", "answer": "9000", "seconds": "x"}\n',
            2,
            "is no exchange",
        ),
        (b'{"format": "\xc3\xa4"}\n', None, ": not ASCII text."),
    ],
)
def test_what_is_no_recording(path: Path, content: bytes, where: int | None, figure: str | None) -> None:
    path.write_bytes(content)
    if figure is None:
        assert list(read_recording(path)) == []
        return
    with pytest.raises(BadRecording) as caught:
        list(read_recording(path))
    assert caught.value.where == (str(path) if where is None else f"{path}:{where}")
    assert figure in caught.value.describe("en")
    assert caught.value.text.en.startswith("The recording" if where is None else "The line")
    assert caught.value.text.id.startswith("Rekaman" if where is None else "Baris ini")
    if "version" in figure:
        assert "ssn-card-apdus versi 1" in caught.value.describe("id")


def test_no_file(path: Path) -> None:
    with pytest.raises(BadRecording) as caught:
        list(read_recording(path))
    assert caught.value.where == str(path)
    assert ": No such file or directory." in caught.value.text.en
    assert ": berkas atau folder tidak ada." in caught.value.text.id


def replay(path: Path, *lines: dict[str, object]) -> ReplayConnection:
    path.write_text(HEAD + "".join(json.dumps(line) + "\n" for line in lines))
    connection = open_connection(f"replay:{path}")
    assert isinstance(connection, ReplayConnection)
    return connection


UP: dict[str, object] = {"atr": "3b00"}


def exchange(command: str, answer: str = "9000") -> dict[str, object]:
    return {"command": command, "answer": answer}


def test_a_replay_counts_down(path: Path) -> None:
    card = replay(path, UP, exchange("00a40400"), {"atr": "3b01"})
    assert (card.remaining, card.atr, card.url) == (2, b"\x3b\x00", f"replay:{path}")
    assert card.transmit(bytes.fromhex("00a40400")) == b"\x90\x00"
    assert card.reset() == b"\x3b\x01"
    assert card.remaining == 0
    card.close()
    assert card._events == []  # a recording holds a real person's data


def test_a_replay_tells_its_tracer(path: Path, tmp_path: Path) -> None:
    replay(path, UP, exchange("00a40400"))
    with RawRecorder(tmp_path / "again") as recorder, open_connection(f"replay:{path}", recorder) as card:
        card.transmit(bytes.fromhex("00a40400"))
    assert (tmp_path / "again").read_text().startswith(HEAD + '{"atr": "3b00"}\n{"command": "00a40400"')


@pytest.mark.parametrize(("sent", "byte"), [("01a40400", 0), ("00a40401", 3), ("00a4040000", 4)])
def test_the_first_byte_that_differs(path: Path, sent: str, byte: int) -> None:
    card = replay(path, UP, exchange("00a40400"))
    with pytest.raises(ReplayMismatch) as caught:
        card.transmit(bytes.fromhex(sent))
    assert f"from byte {byte} on" in caught.value.describe("en")
    assert f"mulai byte ke-{byte}" in caught.value.describe("id")
    for text in caught.value.text:
        assert f"{len(sent) // 2} byte" in text
        assert "(4 byte" in text
    assert caught.value.where == f"{path}:3"


def test_what_comes_at_the_wrong_time(path: Path) -> None:
    card = replay(path, UP, UP)
    with pytest.raises(ReplayMismatch, match="A reset was recorded, a command was sent") as caught:
        card.transmit(bytes(4))
    assert caught.value.where == f"{path}:3"
    card = replay(path, UP, exchange("00a40400"))
    with pytest.raises(ReplayMismatch, match="A command was recorded, a reset was made") as caught:
        card.reset()
    assert caught.value.where == f"{path}:3"
    with pytest.raises(ReplayMismatch, match="a command came after it") as caught:
        replay(path, UP).transmit(bytes(4))
    assert caught.value.where == f"{path}:2"
    assert "perintah lagi" in caught.value.describe("id")
    with pytest.raises(ReplayMismatch, match="a power-up or reset came after it") as caught:
        replay(path)
    assert caught.value.where == f"{path}:1"
    assert "reset lagi" in caught.value.describe("id")
