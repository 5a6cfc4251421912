# SPDX-License-Identifier: Apache-2.0
"""Raw recordings: what was recorded can be replayed, and nothing else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from tests.simulator.probe import ATR, COUNT, NOT_SELECTED, OK, SELECT, echo

from ssn_card.simulator import SimulatedCard
from ssn_card.transport import (
    BadRecording,
    CardConnection,
    ConnectionClosed,
    RawRecorder,
    ReplayConnection,
    ReplayMismatch,
    open_connection,
)

HEADER = {"format": "ssn-card-apdus", "version": 1}


def conversation(card: CardConnection) -> list[bytes]:
    answers = [card.atr, card.transmit(SELECT), card.transmit(echo(b"hello")), card.reset(), card.transmit(COUNT)]
    assert answers == [ATR, OK, b"hello" + OK, ATR, NOT_SELECTED]
    return answers


def written(path: Path, *lines: object) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="ascii")
    return f"replay:{path}"


@pytest.fixture
def recording(tmp_path: Path, probe: SimulatedCard) -> Path:
    path = tmp_path / "recording.jsonl"
    with RawRecorder(path) as recorder, open_connection(probe.url, recorder) as card:
        conversation(card)
    return path


def test_a_recording_replays(recording: Path) -> None:
    card = open_connection(f"replay:{recording}")
    assert isinstance(card, ReplayConnection)
    conversation(card)
    assert card.remaining == 0


def test_a_recording_is_for_its_owner_and_replaces_nothing(recording: Path) -> None:
    assert stat.S_IMODE(recording.stat().st_mode) == 0o600
    with pytest.raises(BadRecording):
        RawRecorder(recording)


def test_a_replay_can_be_recorded_again(recording: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    with RawRecorder(again) as recorder, open_connection(f"replay:{recording}", recorder) as card:
        conversation(card)
    with open_connection(f"replay:{again}") as card:
        conversation(card)


def test_another_command_is_named_by_line_and_byte(recording: Path) -> None:
    with open_connection(f"replay:{recording}") as card:
        card.transmit(SELECT)
        with pytest.raises(ReplayMismatch, match="from byte 6") as caught:
            card.transmit(echo(b"hallo"))
        assert caught.value.where == f"{recording}:4"
        assert "hallo" not in str(caught.value)
        with pytest.raises(ConnectionClosed):
            card.transmit(COUNT)


def test_resets_have_their_place(recording: Path) -> None:
    with open_connection(f"replay:{recording}") as card:
        with pytest.raises(ReplayMismatch) as caught:
            card.reset()
        assert caught.value.where == f"{recording}:3"
    with open_connection(f"replay:{recording}") as card:
        card.transmit(SELECT)
        card.transmit(echo(b"hello"))
        with pytest.raises(ReplayMismatch):
            card.transmit(COUNT)


def test_more_than_was_recorded(recording: Path) -> None:
    with open_connection(f"replay:{recording}") as card:
        conversation(card)
        with pytest.raises(ReplayMismatch, match="ends here") as caught:
            card.transmit(COUNT)
        assert caught.value.where == f"{recording}:6"


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([], None),
        (["no object"], ":1"),
        ([{"format": "another", "version": 1}], ":1"),
        ([{**HEADER, "version": 2}], ":1"),
        ([HEADER, {}], ":2"),
        ([HEADER, {"atr": "3b"}, {"command": "zz", "answer": "9000"}], ":3"),
        ([HEADER, {"atr": 5}], ":2"),
        ([HEADER, {"command": "00a40400"}], ":2"),
    ],
)
def test_files_that_are_no_recordings(tmp_path: Path, lines: list[object], where: str | None) -> None:
    path = tmp_path / "bad.jsonl"
    with pytest.raises((BadRecording, ReplayMismatch)) as caught:
        open_connection(written(path, *lines))
    if where is not None:
        assert caught.value.where == f"{path}{where}"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadRecording):
        open_connection(f"replay:{tmp_path / 'none'}")
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(BadRecording):
        open_connection(f"replay:{binary}")
