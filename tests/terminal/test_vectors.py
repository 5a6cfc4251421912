# SPDX-License-Identifier: Apache-2.0
"""The published conclusions of a terminal, drawn by ours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from tests.terminal.conftest import KEYS

from ssn_card.protocol.commands import BY_INS, READ_RECEIPT
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.values import ReceiptType
from ssn_card.terminal import CardInfo, NoReceipt
from ssn_card.terminal.journal import Entry
from ssn_card.terminal.journal import MovementState as State
from ssn_card.terminal.recovery import judged
from ssn_card.terminal.session import receipt_answer

VECTORS = json.loads((Path(__file__).parents[2] / "protocol/vectors/conclusions.json").read_text())
CONCLUSIONS = {State.DONE: "charged", State.VOID: "not charged", State.GONE: "gone"}


@pytest.mark.parametrize("vector", VECTORS["terminal"], ids=lambda vector: vector["why"])
def test_conclusions(vector: dict[str, Any]) -> None:
    attempt = vector["attempt"]
    serial, kind = bytes.fromhex(attempt["serial"]), ReceiptType(attempt["type"])
    body = bytes.fromhex(attempt["body"])
    entry = Entry(1, None, kind, serial, attempt["seq"], body, None, State.IN_DOUBT, dt.date(2026, 1, 7))
    command, answer = bytes.fromhex(vector["read_receipt"]), bytes.fromhex(vector["answer"])
    assert BY_INS[command[1]] is READ_RECEIPT
    card = CardInfo(serial, bytes((1, 1, 1, 1, 1, 1, 0, 0, 0, 0)))
    data, mac = answer[:-MAC_LENGTH], answer[-MAC_LENGTH:]
    if not KEYS.is_genuine(card, READ_RECEIPT.ins, data, command[-MAC_LENGTH - 1 : -1], mac):
        assert vector["conclusion"] == "not genuine"
        return
    assert CONCLUSIONS[judged(entry, receipt_answer(data))] == vector["conclusion"]


def test_every_conclusion_is_drawn() -> None:
    assert {one["conclusion"] for one in VECTORS["terminal"]} == {*CONCLUSIONS.values(), "not genuine"}


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        (0, State.VOID),
        (11, State.VOID),
        (12, State.GONE),
        (13, State.GONE),
        (0xFFFF_FFFF, State.GONE),
    ],
)
def test_a_number_up_to_the_newest_is_not_excluded(newest: int, state: State) -> None:
    """Even the newest, which no honest card says that it has forgotten: nothing is concluded from it."""
    entry = Entry(1, None, ReceiptType.DEBIT, bytes(8), 12, bytes(36), None, State.IN_DOUBT, dt.date(2026, 1, 7))
    assert judged(entry, NoReceipt(newest)) is state
