# SPDX-License-Identifier: Apache-2.0
"""Updates in files: read as written, refused with line and field, replaced whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.entitlement.test_update import PLAIN, SERIAL, changed

from ssn_card.entitlement import SignedUpdate, issue, read_updates, write_updates
from ssn_card.entitlement.errors import UpdateFileTaken
from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError

UPDATES = [issue(PLAIN, SERIAL, development_keyring()), SignedUpdate(bytes(8), changed(update_seq=4), 2, bytes(8))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "updates.jsonl"
    write_updates(path, UPDATES)
    return path


def test_updates_are_read_as_they_were_written(path: Path) -> None:
    assert list(read_updates(path)) == UPDATES
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_line_has_what_the_format_says(path: Path) -> None:
    first = json.loads(path.read_text("ascii").splitlines()[0])
    assert first == {
        "schema": "ssn-card/update/1",
        "serial": SERIAL.hex(),
        "key_version": 1,
        "body": PLAIN.encode().hex(),
        "mac": UPDATES[0].mac.hex(),
    }


def test_blank_lines_are_no_updates_but_count(path: Path) -> None:
    lines = path.read_text("ascii").splitlines()
    path.write_text("\n".join([lines[0], "  ", lines[1], "", "{"]))
    found = read_updates(path)
    assert [next(found), next(found)] == UPDATES
    with pytest.raises(InputError) as caught:
        next(found)
    assert caught.value.where == f"{path}:5 json"


FAULTS: list[tuple[str, Any]] = [
    ("schema", "ssn-card/update/2"),
    ("schema", None),
    ("serial", "00" * 7),
    ("serial", "00" * 9),
    ("serial", "zz" * 8),
    ("serial", 5),
    ("serial", None),
    ("key_version", "one"),
    ("key_version", None),
    ("body", PLAIN.encode().hex()[:-2]),
    ("body", "x"),
    ("body", None),
    ("mac", "00" * 7),
    ("mac", "00" * 9),
    ("mac", None),
]


@pytest.mark.parametrize(("field", "value"), FAULTS)
def test_a_fault_is_named_by_line_and_field(path: Path, field: str, value: object) -> None:
    """``None`` leaves the member out."""
    lines = path.read_text("ascii").splitlines()
    data = json.loads(lines[1])
    data.pop(field)
    if value is not None:
        data[field] = value
    path.write_text(f"{lines[0]}\n{json.dumps(data)}\n")
    with pytest.raises(InputError) as caught:
        list(read_updates(path))
    assert caught.value.where == f"{path}:2 {field}"
    assert caught.value.remedy.en
    assert caught.value.remedy.id


@pytest.mark.parametrize("text", ["[]", "5", "null"])
def test_other_json_is_no_update(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        list(read_updates(path))
    assert caught.value.where == f"{path}:1 schema"


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    with pytest.raises(InputError) as caught:
        list(read_updates(missing))
    assert caught.value.where == str(missing)
    assert caught.value.remedy.en
    assert "No such file" in caught.value.text.en
    assert "tidak ada" in caught.value.text.id
    with pytest.raises(InputError) as caught:
        write_updates(tmp_path / "no-folder" / "updates.jsonl", UPDATES)
    assert caught.value.where == str(tmp_path / "no-folder" / "updates.jsonl")
    assert "No such file" in caught.value.text.en
    strange = tmp_path / "strange.jsonl"
    strange.write_text("é", "utf-8")
    with pytest.raises(InputError) as caught:
        list(read_updates(strange))
    assert caught.value.where == str(strange)
    for text in caught.value.text:
        assert "ASCII" in text


def test_what_is_no_file_is_not_taken_for_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_updates(tmp_path, UPDATES)
    assert caught.value.where == str(tmp_path)
    assert "directory" in caught.value.text.en
    pipe = tmp_path / "updates.jsonl"
    os.mkfifo(pipe)
    with pytest.raises(InputError) as caught:
        write_updates(pipe, UPDATES)
    assert caught.value.where == str(pipe)
    assert "Invalid argument" in caught.value.text.en


def test_nothing_is_overwritten_and_the_same_is_left_as_it_is(path: Path) -> None:
    """Whoever carries the file must find what the bank has put there."""
    before = path.stat()
    write_updates(path, UPDATES)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    with pytest.raises(UpdateFileTaken) as caught:
        write_updates(path, UPDATES[1:])
    assert (caught.value.where, bool(caught.value.remedy.id)) == (str(path), True)
    assert list(read_updates(path)) == UPDATES
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError) as caught:
        write_updates(tmp_path / "updates.jsonl", UPDATES)
    assert "No space left" in caught.value.text.en
    assert list(tmp_path.iterdir()) == []


def test_a_memory_stick_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "updates.jsonl"
    write_updates(path, UPDATES)
    with pytest.raises(UpdateFileTaken):
        write_updates(path, UPDATES[1:])
    assert list(read_updates(path)) == UPDATES
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "updates.jsonl"
    fsync = os.fsync

    def meanwhile(descriptor: int) -> None:
        path.write_text("another's")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(UpdateFileTaken) as caught:
        write_updates(path, UPDATES)
    assert caught.value.where == str(path)
    assert path.read_text() == "another's"


def test_an_empty_file_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "updates.jsonl"
    path.write_text("\n \n")
    with pytest.raises(InputError) as caught:
        list(read_updates(path))
    assert caught.value.where == str(path)
    assert "bank" in caught.value.remedy.en
    with pytest.raises(InputError) as caught:
        write_updates(tmp_path / "none.jsonl", [])
    assert caught.value.where == str(tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()
