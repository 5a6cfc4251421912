# SPDX-License-Identifier: Apache-2.0
"""Where cards' receipts end: one layout, the one that is written and the one that the card's status has."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.receipts.made import SERIAL

from ssn_card.protocol.layouts import STATUS_ANSWER
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Tip, append_tip, read_tips
from ssn_card.receipts.errors import BadTips
from ssn_card.terminal import CardStatus

TIP = Tip(7, bytes(range(8)))
OTHER = bytes.fromhex("5353000000000043")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tips.jsonl"
    append_tip(path, SERIAL, TIP)
    append_tip(path, OTHER, Tip(0, bytes(8)))
    assert read_tips(path) == {SERIAL: TIP, OTHER: Tip(0, bytes(8))}
    assert json.loads(path.read_text().splitlines()[0]) == {
        "schema": "ssn-card/tip/1",
        "serial": SERIAL.hex(),
        "seq": 7,
        "last_mac": "0001020304050607",
    }


def test_the_newest_statement_of_a_card_counts(tmp_path: Path) -> None:
    for order in ((3, 9, 7), (9, 7, 3), (3, 7, 9), (9, 7, 9)):
        path = tmp_path / f"{order}.jsonl"
        for seq in order:
            append_tip(path, SERIAL, Tip(seq, bytes((seq,)) * 8))
        assert read_tips(path) == {SERIAL: Tip(9, b"\x09" * 8)}


@pytest.mark.parametrize("seqs", [(7, 7), (7, 9, 7), (9, 7, 7)])
def test_a_card_has_one_receipt_of_a_number(tmp_path: Path, seqs: tuple[int, ...]) -> None:
    """Two readings that differ in it are no file of tips, whatever was read between them."""
    path = tmp_path / "tips.jsonl"
    for at, seq in enumerate(seqs):
        append_tip(path, SERIAL, Tip(seq, bytes((at,)) * 8))
        append_tip(path, OTHER, TIP)
    with pytest.raises(BadTips, match="two ends for one card") as caught:
        read_tips(path)
    assert caught.value.where == f"{path}:{2 * len(seqs) - 1} last_mac"


def test_a_card_may_state_the_largest_number(tmp_path: Path) -> None:
    path = tmp_path / "tips.jsonl"
    append_tip(path, SERIAL, Tip((1 << 32) - 1, TIP.mac))
    assert read_tips(path) == {SERIAL: Tip((1 << 32) - 1, TIP.mac)}


def test_a_cards_status_is_a_tip(tmp_path: Path) -> None:
    """``ssn card status --json >> tips.jsonl`` is what people do."""
    raw = bytearray(STATUS_ANSWER.size)
    raw[3] = 7
    at = STATUS_ANSWER.offset("last_mac")
    raw[at : at + 8] = TIP.mac
    status = CardStatus(SERIAL, **STATUS_ANSWER.decode(bytes(raw)) | {"state": LifeState.ACTIVE})
    path = tmp_path / "tips.jsonl"
    path.write_text(json.dumps({"schema": "ssn-card/card-status/1"} | status.as_dict(dt.date(2025, 10, 1))) + "\n")
    assert read_tips(path) == {SERIAL: TIP} == {SERIAL: status.tip}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", ""),
        (b"\n \n", ""),
        (b"\xff\xfe", ""),
        (b"[]\n", ":1 json"),
        (b"\n{\n", ":2 json"),
        (b"[" * 100_000, ":1 json"),
        (b'{"serial": "zz53000000000042", "seq": 1, "last_mac": "0000000000000000"}', ":1 serial"),
        (b'{"serial": "5353000000000042", "seq": 4294967296, "last_mac": "0000000000000000"}', ":1 seq"),
        (b'{"serial": "5353000000000042", "seq": 1, "mac": "0000000000000000"}', ":1 last_mac"),
        (b'{"serial": "5353000000000042", "seq": 1, "last_mac": "00"}', ":1 last_mac"),
    ],
)
def test_what_is_no_file_of_tips_is_refused_with_its_place(tmp_path: Path, content: bytes, where: str) -> None:
    path = tmp_path / "tips.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadTips) as caught:
        read_tips(path)
    assert caught.value.where == f"{path}{where}"
    assert caught.value.remedy.en


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadTips, match="No such file"):
        read_tips(tmp_path / "none.jsonl")
    with pytest.raises(BadTips, match="directory") as caught:
        append_tip(tmp_path, SERIAL, TIP)
    assert caught.value.where == str(tmp_path)
    assert "permissions" in caught.value.remedy.en
