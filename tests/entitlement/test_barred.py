# SPDX-License-Identifier: Apache-2.0
"""The list of barred cards: whole or refused, and every card in it is refused an update."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssn_card.entitlement import BarredCard, CardBarred, read_barred, refuse_barred, write_barred
from ssn_card.protocol.errors import InputError

ONE = BarredCard(serial="0102030405060708", beneficiary_id="0000000000000001", state="in_doubt", turned_up=None)
TWO = BarredCard(
    serial="1112131415161a1f", beneficiary_id="0000000000000002", state="lost", turned_up="2025-11-03T00:00:00+00:00"
)
AT = "2025-11-04T00:00:00+00:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "barred.jsonl"
    write_barred(path, "00112233", AT, [ONE, TWO])
    return path


def serial(card: BarredCard) -> bytes:
    return bytes.fromhex(card.serial)


def test_there_and_back(path: Path) -> None:
    assert read_barred(path) == (ONE, TWO)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"schema": "ssn-card/barred-list/1", "journal": "00112233", "at": AT, "cards": 2},
        {
            "schema": "ssn-card/barred/1",
            "serial": ONE.serial,
            "beneficiary_id": ONE.beneficiary_id,
            "state": "in_doubt",
            "turned_up": None,
        },
        {
            "schema": "ssn-card/barred/1",
            "serial": TWO.serial,
            "beneficiary_id": TWO.beneficiary_id,
            "state": "lost",
            "turned_up": TWO.turned_up,
        },
    ]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("card", "state"), [(ONE, "in doubt"), (TWO, "declared lost")])
def test_a_barred_card_is_refused(path: Path, card: BarredCard, state: str) -> None:
    with pytest.raises(CardBarred, match=state) as caught:
        refuse_barred([bytes(8), serial(card)], read_barred(path))
    assert caught.value.where == card.serial.upper()
    for text in caught.value.text:
        assert card.serial.upper() in text
    assert caught.value.code == "card-barred"
    refuse_barred([bytes(8)], read_barred(path))
    refuse_barred([serial(card)], [])


def test_a_list_of_none(tmp_path: Path) -> None:
    none = tmp_path / "none.jsonl"
    write_barred(none, "44556677", AT, [])
    assert read_barred(none) == ()


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "barred.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_barred(path)
    assert caught.value.where == str(path)


DAMAGE: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "empty": (lambda lines: [], ":1"),
    "no head": (lambda lines: lines[1:], ":1"),
    "cut off": (lambda lines: lines[:-1], ""),
    "a line too many": (lambda lines: [*lines, lines[-1]], ""),
    "half a line": (lambda lines: [*lines[:-1], lines[-1][:-9]], ":3"),
    "no JSON": (lambda lines: [lines[0], "x", lines[2]], ":2"),
}


@pytest.mark.parametrize(("damage", "place"), DAMAGE.values(), ids=DAMAGE)
def test_a_list_that_is_not_whole_is_refused(path: Path, damage: Callable[[list[str]], list[str]], place: str) -> None:
    path.write_text("".join(line + "\n" for line in damage(path.read_text().splitlines())))
    with pytest.raises(InputError) as caught:
        read_barred(path)
    assert caught.value.where == f"{path}{place}"
    assert "ssn perso barred" in caught.value.remedy.en
    assert "ssn perso barred" in caught.value.remedy.id


@pytest.mark.parametrize(
    "change",
    [
        {"serial": "01020304050607"},
        {"serial": "010203040506070g"},
        {"serial": "01020304050607080"},
        {"beneficiary_id": "1"},
        {"state": "done"},
        {"schema": "ssn-card/barred/2"},
        {"more": 1},
        {"turned_up": 1},
    ],
)
def test_a_line_of_another_form_is_refused(path: Path, change: dict[str, Any]) -> None:
    lines = path.read_text().splitlines()
    lines[1] = json.dumps({**json.loads(lines[1]), **change})
    path.write_text("\n".join(lines))
    with pytest.raises(InputError) as caught:
        read_barred(path)
    assert caught.value.where == f"{path}:2"


def test_files_that_cannot_be_used(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_barred(tmp_path / "no.jsonl")
    with pytest.raises(InputError, match="No such file") as caught:
        write_barred(tmp_path / "no" / "list", "00", AT, [])
    assert caught.value.where == str(tmp_path / "no" / "list")
    path.write_bytes(path.read_bytes() + b"\xff")
    with pytest.raises(InputError, match="ASCII"):
        read_barred(path)


def test_a_card_with_a_form_of_its_own_is_not_written() -> None:
    with pytest.raises(ValueError, match="serial"):
        BarredCard(serial="x", beneficiary_id=ONE.beneficiary_id, state="lost", turned_up=None)


def test_a_list_that_lost_its_last_line_says_how_many_cards_are_there(path: Path) -> None:
    *kept, _ = path.read_text("ascii").splitlines()
    path.write_text("\n".join(kept) + "\n", "ascii")
    with pytest.raises(InputError) as caught:
        read_barred(path)
    there = len(kept) - 1
    assert f"{there} of {there + 1} cards" in caught.value.text.en
    assert f"{there} dari {there + 1} kartu" in caught.value.text.id
