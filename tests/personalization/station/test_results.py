# SPDX-License-Identifier: Apache-2.0
"""The results file: a line for each event, each once, on the disk before the journal forgets it; no other file hurt."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.personalization.station.results import ResultsError, ResultsFile
from ssn_card.protocol.crypto import SecretKey

SECRET = SecretKey(bytes(range(16)), "secret")
KEYS = RowKeys(b"r" * 16, b"f" * 16)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.create(tmp_path / "journal.db", SECRET) as journal:
        yield journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def deliver(path: Path, journal: Journal) -> None:
    with ResultsFile(path, journal) as results:
        results.deliver()


def test_what_a_line_tells(journal: Journal, path: Path) -> None:
    batch = journal.batch("ab" * 32, 2025, "x.csv")
    entry = journal.done(journal.sent(journal.plan(batch, 7, KEYS), b"s" * 8, bytes(16)), 1.25)
    journal.reject(None, "kartu rusak – patah")
    deliver(path, journal)
    done, failed = lines(path)
    assert {name: value for name, value in done.items() if name != "at"} == {
        "schema": "ssn-card/personalized/1",
        "journal": journal.name,
        "event": 1,
        "batch": "ab" * 32,
        "policy_id": 2025,
        "line": 7,
        "row_key": KEYS.row.hex(),
        "beneficiary_id": entry.beneficiary_id.hex(),
        "serial": (b"s" * 8).hex(),
        "state": "done",
        "reason": None,
        "seconds": 1.25,
    }
    assert (failed["state"], failed["reason"], failed["serial"]) == ("failed", "kartu rusak – patah", None)
    assert "–" in path.read_text(encoding="utf-8")  # readable, not escaped
    assert path.stat().st_mode & 0o777 == 0o600


def test_each_event_once_and_others_files_lines_are_no_events_of_ours(journal: Journal, path: Path) -> None:
    journal.reject(None, "one")
    with ResultsFile(path, journal) as results:
        results.deliver()
        results.deliver()
        journal.reject(None, "two")
        results.deliver()
        results.totals({"cards": 2})
    assert [line.get("reason") for line in lines(path)] == ["one", "two", None]
    totals = lines(path)[-1]
    assert totals == {"schema": "ssn-card/batch/1", "journal": journal.name, "cards": 2}
    # Another station appends to the same file: its event 1 is another one.
    with Journal.create(path.with_name("other.db"), SECRET) as other:
        other.reject(None, "other's one")
        deliver(path, other)
    assert lines(path)[-1]["reason"] == "other's one"


def test_a_line_that_is_there_is_not_written_again(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station died after the line and before the journal knew."""
    journal.reject(None, "one")
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "reported", lambda *_: None)
        deliver(path, journal)
    deliver(path, journal)
    assert len(lines(path)) == 1
    assert journal.unreported() == ()


@pytest.mark.parametrize("refused", ["write", "fsync"])
def test_a_full_disk_loses_no_line(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    journal.reject(None, "one")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with ResultsFile(path, journal) as results:
        with monkeypatch.context() as patch:
            patch.setattr(os, refused, full)
            with pytest.raises(ResultsError, match="No space left") as caught:
                results.deliver()
        assert caught.value.where == str(path)
        assert len(journal.unreported()) == 1
    deliver(path, journal)
    assert [line["reason"] for line in lines(path)] == ["one"]


def test_a_disk_that_takes_a_line_piece_by_piece(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.reject(None, "one")
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))
    deliver(path, journal)
    assert [line["reason"] for line in lines(path)] == ["one"]


@pytest.mark.parametrize("cut", [1, 5, 30, 60])
def test_half_a_line_is_cut_off(journal: Journal, path: Path, cut: int) -> None:
    journal.reject(None, "one")
    deliver(path, journal)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:cut])
    journal.reject(None, "two")
    deliver(path, journal)
    assert [line["reason"] for line in lines(path)] == ["one", "two"]


@pytest.mark.parametrize(
    "content",
    [
        b"name,amount\n",
        b"name,amount",
        b"[]\n",
        b'"ssn-card/batch/1"\n',
        b'{"schema": "other/1"}\n',
        b'{"schema": "other/1"}',
        b'{"schema": "ssn-card/batch/1"}\nnotes\n',
        b"\xff\n",
    ],
)
def test_another_kind_of_file_is_left_as_it_is(journal: Journal, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    before = descriptors()
    with pytest.raises(ResultsError, match="something else") as caught:
        ResultsFile(path, journal)
    assert caught.value.where == str(path)
    assert path.read_bytes() == content
    assert descriptors() == before


def test_a_file_that_cannot_be_opened(journal: Journal, path: Path) -> None:
    with pytest.raises(ResultsError, match="No such file") as caught:
        ResultsFile(path / "x", journal)
    assert caught.value.where == str(path / "x")
    before = descriptors()
    with ResultsFile(path, journal):
        pass
    assert descriptors() == before


def test_a_file_that_cannot_be_read_to_its_end(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    before = descriptors()
    monkeypatch.setattr(os, "ftruncate", refused)
    with pytest.raises(ResultsError, match="Input/output error"):
        ResultsFile(path, journal)
    assert descriptors() == before
