# SPDX-License-Identifier: Apache-2.0
"""The newest update of each card, out of files and folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.entitlement.test_update import SERIAL, changed

from ssn_card.entitlement import SignedUpdate, issue, write_updates
from ssn_card.entitlement.carried import UpdatesConflict, read_carried
from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError

OTHER = bytes(8)


def signed(update_seq: int, serial: bytes = SERIAL, limit: int = 1) -> SignedUpdate:
    return issue(changed(update_seq=update_seq, monthly_limit=limit), serial, development_keyring())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "updates"
    folder.mkdir()
    write_updates(folder / "a.jsonl", [signed(2), signed(1, OTHER)])
    write_updates(folder / "b.jsonl", [signed(1), signed(3), signed(1, OTHER)])
    return folder


def test_the_newest_of_each_card_counts(folder: Path) -> None:
    carried = read_carried([folder])
    assert {serial: one.update for serial, one in carried.items()} == {SERIAL: signed(3), OTHER: signed(1, OTHER)}
    assert carried[SERIAL].file == folder / "b.jsonl"
    assert read_carried([folder / "b.jsonl", folder / "a.jsonl"]).keys() == carried.keys()
    assert read_carried([folder / "a.jsonl"])[SERIAL].update == signed(2)
    # A file ahead of the folder hides nothing of it.
    assert read_carried([folder / "a.jsonl", folder])[SERIAL].update == signed(3)


def test_other_files_of_a_folder_are_not_read(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    (folder / ".c.jsonl.1234").write_text("half")
    (folder / ".hidden.jsonl").write_text("half")
    assert len(read_carried([folder])) == 2


def test_two_different_ones_of_one_number(folder: Path) -> None:
    write_updates(folder / "c.jsonl", [signed(3, limit=2)])
    write_updates(folder / "e.jsonl", [signed(3, limit=3)])
    with pytest.raises(UpdatesConflict) as caught:
        read_carried([folder])
    assert caught.value.where == str(folder / "c.jsonl")
    for text in caught.value.text:
        assert f"{SERIAL.hex()} " in text
        assert " 3 (" in text
        assert str(folder / "b.jsonl") in text
    # Not where a newer one has replaced both.
    write_updates(folder / "d.jsonl", [signed(4)])
    assert read_carried([folder])[SERIAL].update == signed(4)


def test_what_is_none_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "c.jsonl").write_text('{"schema": "ssn-card/receipt/1"}\n')
    with pytest.raises(InputError) as caught:
        read_carried([folder])
    assert caught.value.where == f"{folder / 'c.jsonl'}:1 schema"
    empty = tmp_path / "empty"
    empty.mkdir()
    for place in (empty, tmp_path / "none"):
        with pytest.raises(InputError) as caught:
            read_carried([place])
        assert caught.value.where == str(place)
        assert caught.value.remedy.id
        assert place is not empty or all(".jsonl" in text for text in caught.value.text)
