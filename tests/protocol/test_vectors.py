# SPDX-License-Identifier: Apache-2.0
"""The published vectors, read from their files and computed again with another CMAC."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.protocol.reference_aes_cmac import aes_block, cmac, mac8

from ssn_card.protocol import commands, layouts, status
from ssn_card.protocol.labels import KeyLabel

FOLDER = Path(__file__).resolve().parents[2] / "protocol/vectors"
BY_NAME = {command.name: command for command in commands.COMMANDS}
ADDED = layouts.RESULT.size + 8  #: what the card adds to a movement


def load(name: str) -> dict[str, Any]:
    """One vector file."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def raw(case: dict[str, Any], name: str) -> bytes:
    """A byte string of a case."""
    return bytes.fromhex(case[name])


def padded(data: bytes) -> bytes:
    """Zero bytes up to whole blocks."""
    return data + bytes(-len(data) % 16)


def constant(*start: int) -> bytes:
    """A constant last block."""
    return bytes(start) + bytes(16 - len(start))


DERIVATION, COMMANDS, ANSWERS = (load(name)["cases"] for name in ("derivation", "commands", "answers"))
UPDATES, RECEIPTS = load("updates"), load("receipts")


def test_reference_cmac_is_that_of_nist() -> None:
    """SP 800-38B appendix D.1, examples 1 and 3."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    assert cmac(key, b"").hex() == "bb1d6929e95937287fa37d129b756746"
    text = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411")
    assert cmac(key, text).hex() == "dfa66747de9ae63030ca32611497c827"


@pytest.mark.parametrize("case", DERIVATION, ids=lambda c: f"{c['label']} v{c['version']} {c['serial']}")
def test_derivation(case: dict[str, Any]) -> None:
    message = b"\0\0\0\1" + case["label"].encode() + b"\0" + raw(case, "serial") + b"\0\0\0\x80"
    assert raw(case, "input") == message
    assert raw(case, "key") == cmac(raw(case, "master"), message)
    assert raw(case, "kcv") == aes_block(raw(case, "key"), b"\1" * 16)[:3]


def test_derivation_covers_every_label_version_and_serial() -> None:
    keys = {(case["label"], case["version"], case["serial"]): case["key"] for case in DERIVATION}
    assert {label for label, _, _ in keys} == {str(label) for label in KeyLabel}
    assert len(keys) == len(DERIVATION) == len(set(keys.values())) == 4 * len(KeyLabel)


@pytest.mark.parametrize("case", COMMANDS, ids=lambda c: c["command"])
def test_commands(case: dict[str, Any]) -> None:
    sent = raw(case, "header_and_body")
    command = BY_NAME[case["command"]]
    assert sent[:2] == bytes((command.cla, command.ins))
    assert sent[4] == len(sent) - 5 + 8
    message = padded(sent + raw(case, "challenge")) + constant(1)
    assert raw(case, "message") == message
    assert raw(case, "mac") == mac8(raw(case, "key"), message)
    assert raw(case, "apdu") == sent + raw(case, "mac") + b"\0"
    assert case["key_label"] == ("OVERRIDE" if command is commands.OVERRIDE else "DEBIT")


def test_every_command_under_the_challenge_has_a_vector() -> None:
    wanted = {c.name for c in commands.COMMANDS if c.security.name in ("DEBIT_MAC", "OVERRIDE_MAC")}
    assert {case["command"] for case in COMMANDS} == wanted
    assert {case["command"] for case in ANSWERS} == wanted


@pytest.mark.parametrize("case", ANSWERS, ids=lambda c: c["command"])
def test_answers(case: dict[str, Any]) -> None:
    logical = raw(case, "logical_answer")
    message = padded(logical + raw(case, "command_mac")) + constant(2, int(case["ins"], 16), 0x90, 0, len(logical))
    assert raw(case, "message") == message
    assert raw(case, "mac") == mac8(raw(case, "key"), message)
    moved = case["command"] in ("DEBIT", "CANCEL", "OVERRIDE")
    travels = logical[layouts.MOVEMENT.size :] if moved else logical
    assert raw(case, "data") == travels + raw(case, "mac")
    if moved:
        assert len(travels) == ADDED


def test_updates_one_after_another() -> None:
    """The vectors' own order holds the rules: number, total, MAC of what was taken."""
    key, answer_key = raw(UPDATES, "key"), raw(UPDATES, "answer_key")
    number, loaded, mac, last_answer = 0, 0, b"", ""
    for step in UPDATES["steps"]:
        apdu = raw(step, "apdu")
        sent, sent_mac = apdu[:-9], apdu[-9:-1]
        message = padded(sent + raw(UPDATES, "serial")) + constant(3)
        assert raw(step, "message") == message
        right = mac8(key, message)
        assert raw(step, "mac") == right
        values = sent[5:]
        seq, total = int.from_bytes(values[:4], "big"), int.from_bytes(values[4:8], "big")
        sw = int(step["sw"], 16)
        if sent_mac != right:
            assert sw == status.WrongMac.sw, step["name"]
        elif seq < number:
            assert sw == status.StaleUpdate.sw, step["name"]
        elif seq == number:
            assert sw == (status.OK if right == mac else status.ConflictingUpdate.sw), step["name"]
            assert (step.get("answer") == last_answer) == (right == mac)
        elif total < loaded or total >> 31:
            assert sw == status.InvalidUpdate.sw, step["name"]
        elif sw == status.OK:
            number, loaded, mac, last_answer = seq, total, right, step["answer"]
            receipt = raw(step, "receipt")
            assert receipt[64:] == mac8(raw(UPDATES, "receipt_key"), receipt[:64])
            assert receipt[20:28] == right
            covered = padded(receipt + right) + constant(2, sent[1], 0x90, 0, len(receipt))
            assert raw(step, "answer") == receipt + mac8(answer_key, covered)
        else:
            assert sw in (status.InvalidUpdate.sw, status.ImpossibleTimestamp.sw), step["name"]
    refused = {int(step["sw"], 16) for step in UPDATES["steps"]} - {status.OK}
    assert refused <= {cls.sw for cls in commands.UPDATE.statuses}


def _alone(receipt: bytes) -> str | None:
    """The first wrong field of a receipt by itself, in the order of docs/protocol.md; written anew for this test."""
    if len(receipt) != 72:
        return "size"
    if receipt[48] not in (1, 2, 3, 4):
        return "type"
    if receipt[49] != 1:
        return "layout_version"
    if any(receipt[59:64]):
        return "reserved"
    if receipt[51:59] != raw(RECEIPTS, "serial"):
        return "serial"
    if receipt[50] != RECEIPTS["key_version"]:
        return "key_version"
    if receipt[64:] != mac8(raw(RECEIPTS, "key"), receipt[:64]):
        return "mac"
    stamp = receipt[6:12].hex()
    if not stamp.isdigit() or stamp[6:8] > "23" or stamp[2:4] > "12" or stamp[4:6] > "31":
        return "timestamp"
    amount = int.from_bytes(receipt[:4], "big")
    return "amount" if amount >> 31 or (amount == 0 and receipt[48] != 4) else None


class Chain:
    """Checks receipts one after another, in the order of docs/protocol.md; written anew for this test."""

    def __init__(self) -> None:
        self.last = bytes(72)
        self.loaded = 0
        self.month = b""

    def add(self, receipt: bytes) -> str | None:
        """The first wrong field, or None; the receipt becomes the predecessor."""
        last, self.last = self.last, receipt
        amount, balance, spent = (int.from_bytes(receipt[a : a + 4], "big") for a in (0, 32, 36))
        if int.from_bytes(receipt[28:32], "big") != int.from_bytes(last[28:32], "big") + 1:
            return "seq"
        if receipt[40:48] != last[64:]:
            return "previous_mac"
        kind = receipt[48]
        if kind == 2 and (last[48] != 1 or receipt[20:28] != last[64:]):
            return "cancelled_mac"
        if kind == 2 and (receipt[:8], receipt[12:16]) != (last[:8], last[12:16]):
            return "amount"
        old_balance, old_spent = (int.from_bytes(last[a : a + 4], "big") for a in (32, 36))
        wanted, wanted_spent = old_balance, old_spent
        if kind == 1:
            wanted -= amount
            wanted_spent = amount + (old_spent if receipt[6:8] == self.month else 0)
            self.month = receipt[6:8]
        elif kind == 2:
            wanted, wanted_spent = old_balance + amount, old_spent - amount
        elif kind == 4:
            wanted = 0 if receipt[17] & 1 else old_balance + amount - self.loaded
            self.loaded = amount
        if balance != wanted:
            return "balance_after"
        return None if spent == wanted_spent else "month_spent_after"


def test_the_valid_chain_holds_every_type_and_verifies() -> None:
    chain = Chain()
    for entry in RECEIPTS["chain"]:
        receipt = raw(entry, "receipt")
        assert _alone(receipt) is None
        assert chain.add(receipt) is None
    assert {entry["type"] for entry in RECEIPTS["chain"]} == {"DEBIT", "CANCEL", "OVERRIDE", "UPDATE"}


@pytest.mark.parametrize("case", RECEIPTS["invalid"], ids=lambda c: f"{c['first_wrong']}: {c['why']}")
def test_invalid_receipts_fail_where_they_should(case: dict[str, Any]) -> None:
    receipt = raw(case, "receipt")
    wrong = _alone(receipt)
    if case["previous"]:
        assert wrong is None
        chain = Chain()
        chain.month = bytes.fromhex("2601")
        chain.last = raw(case, "previous")
        assert _alone(chain.last) is None
        wrong = chain.add(receipt)
    assert wrong == case["first_wrong"]


@pytest.mark.parametrize("session", load("scp03")["sessions"], ids=lambda s: f"{s['key_set']} {s['level']}")
def test_scp03(session: dict[str, Any]) -> None:
    """Amendment D v1.1.1 sections 4.1.5, 6.2.2 and 6.2.4: keys, cryptograms and C-MACs (the host checks the rest)."""
    context = raw(session, "host_challenge") + raw(session, "card_challenge")

    def derive(key: bytes, what: int, bits: int) -> bytes:
        return cmac(key, bytes(11) + bytes((what, 0, 0, bits, 1)) + context)[: bits // 8]

    assert raw(session, "s_enc") == derive(raw(session, "key_enc"), 4, 128)
    s_mac = derive(raw(session, "key_mac"), 6, 128)
    assert raw(session, "s_mac") == s_mac
    assert raw(session, "s_rmac") == derive(raw(session, "key_mac"), 7, 128)
    assert raw(session, "card_cryptogram") == derive(s_mac, 0, 64)
    assert raw(session, "host_cryptogram") == derive(s_mac, 1, 64)
    chaining = bytes(16)
    level = int(session["level"], 16)
    sent = [raw(session, "external_authenticate")]
    sent += [raw(e, "command")[: -1 if level & 0x10 else None] for e in session["exchanges"]]
    for apdu in sent:
        chaining = cmac(s_mac, chaining + apdu[:-8])
        assert apdu[-8:] == chaining[:8]
    for entry in session["exchanges"]:
        answer = raw(entry, "answer")
        if level & 0x10 and entry is session["exchanges"][-1]:
            assert answer[-8:] == mac8(raw(session, "s_rmac"), chaining + answer[:-8] + b"\x90\0")
