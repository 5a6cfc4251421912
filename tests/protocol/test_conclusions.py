# SPDX-License-Identifier: Apache-2.0
"""What a terminal concludes and a bank restores, written from the text of docs/protocol.md once more."""

from __future__ import annotations

from typing import Any

import pytest
from tests.model import wire
from tests.protocol.vector_files import FILES, TRANSCRIPTS, commands_of, raw

CONCLUSIONS = FILES["conclusions"]
SERIAL, DEBIT = (raw(CONCLUSIONS, name) for name in ("serial", "debit_key"))
_MADE = {exchange["command"]: exchange["answer"] for one in TRANSCRIPTS.values() for exchange in commands_of(one)}


def concluded(case: dict[str, Any]) -> str:
    """The table of the document."""
    command, answer, attempt = raw(case, "read_receipt"), raw(case, "answer"), case["attempt"]
    data, mac = answer[:-8], answer[-8:]
    if len(data) not in (4, 88) or mac != wire.answer_mac(DEBIT, wire.READ_RECEIPT, data, command[-9:-1]):
        return "not genuine"
    if len(data) == 4:
        return "not charged" if attempt["seq"] > int.from_bytes(data, "big") else "gone"
    same = (data[67:75].hex(), data[64], int.from_bytes(data[:4], "big"), data[4:40].hex())
    ours = (attempt["serial"], attempt["type"], attempt["seq"], attempt["body"])
    return "charged" if same == ours else "not charged"


def settled(case: dict[str, Any]) -> tuple[str, bytes]:
    """The bank's part: receipt n + 1 built from the attempt and receipt n, held against receipt n + 2."""
    before, after = raw(case, "before"), raw(case, "after")
    if not before or not after:
        return "open", b""
    kind, body = case["attempt"]["type"], raw(case["attempt"], "body")
    old = wire.receipt(before)
    amount, month = wire.number(body, 0), body[6:8] if kind == wire.T_DEBIT else before[75:77]
    moved = {wire.T_DEBIT: amount, wire.T_CANCEL: -amount, wire.T_OVERRIDE: 0}[kind]
    spent = moved if kind == wire.T_DEBIT and month != before[75:77] else old["month_spent"] + moved
    result = b"".join(number.to_bytes(4, "big") for number in (old["balance"] - moved, spent))
    result += before[80:] + old["update_seq"].to_bytes(4, "big") + old["granted"].to_bytes(4, "big")
    head = (old["seq"] + 1).to_bytes(4, "big") + body + result + bytes((kind, 1, after[66])) + SERIAL + month
    for state in (wire.NOT_GIVEN, wire.GIVEN, wire.NO_PIN):
        covered = head + bytes((state, 0, 0))
        mac = wire.receipt_mac(raw(CONCLUSIONS["receipt_keys"], str(after[66])), covered)
        if mac == after[48:56]:
            return "charged", covered + mac
    return "not charged", b""


@pytest.mark.parametrize("case", CONCLUSIONS["terminal"], ids=lambda c: c["why"])
def test_what_a_terminal_concludes(case: dict[str, Any]) -> None:
    assert concluded(case) == case["conclusion"]
    genuine = case["conclusion"] != "not genuine"
    assert (_MADE[case["read_receipt"]] == case["answer"]) is genuine, "what the applet answers"


def test_every_conclusion_is_there() -> None:
    assert {one["conclusion"] for one in CONCLUSIONS["terminal"]} == {"charged", "not charged", "gone", "not genuine"}
    assert {one["conclusion"] for one in CONCLUSIONS["bank"]} == {"charged", "not charged", "open"}
    restored = [raw(one, "receipt") for one in CONCLUSIONS["bank"] if one["receipt"]]
    assert {one[64] for one in restored} == {wire.T_DEBIT, wire.T_CANCEL, wire.T_OVERRIDE}
    assert {one[77] for one in restored} == {wire.NOT_GIVEN, wire.GIVEN, wire.NO_PIN}
    assert {one[66] for one in restored} == {1, 2}


@pytest.mark.parametrize("case", CONCLUSIONS["bank"], ids=lambda c: c["why"])
def test_what_the_bank_settles(case: dict[str, Any]) -> None:
    assert settled(case) == (case["conclusion"], raw(case, "receipt"))
