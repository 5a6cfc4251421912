# SPDX-License-Identifier: Apache-2.0
"""Every transcript played to the applet: the same bytes come back, and the card is where it is said to be."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from tests.model import wire
from tests.protocol.replay import Stage
from tests.protocol.vector_files import FILES, TRANSCRIPTS, commands_of, raw

from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT, STATUS_ANSWER
from ssn_card.simulator import Simulator

SERIAL = bytes.fromhex(FILES["journey"]["serial"])
named = pytest.mark.parametrize("name", TRANSCRIPTS)


@pytest.fixture(scope="module")
def stage(simulator: Simulator) -> Iterator[Stage]:
    """One card for all transcripts."""
    made = Stage(simulator, FILES["journey"]["install_data"], TRANSCRIPTS)
    yield made
    made.close()


@named
def test_the_applet_answers_byte_for_byte(stage: Stage, name: str) -> None:
    assert stage.play(name) == []


def test_a_difference_in_any_answer_is_told(simulator: Simulator) -> None:
    altered = copy.deepcopy(TRANSCRIPTS)
    exchanges = altered["journey"]["exchanges"]
    for exchange in exchanges[:4]:
        exchange["answer"] = exchange["answer"][:-1] + ("0" if exchange["answer"][-1] != "0" else "1")
    other = Stage(simulator, FILES["journey"]["install_data"], altered)
    assert [step for step, _, _ in other.play("journey")] == [one["step"] for one in exchanges[:4]]
    other.close()


@named
def test_the_card_is_as_stated(stage: Stage, name: str) -> None:
    """What a transcript says of the card at its beginning the card says too, asked by messages of another hand."""
    stated = TRANSCRIPTS[name]["card"]
    asked = stage.asked_at_the_beginning(name)
    answer = asked(wire.SELECT)
    quote, challenge = answer[8:18], answer[18:26]
    if stated is None:
        assert quote == b"\x01" + bytes(9)
        return
    key = wire.derive(development_master(KeyLabel.DEBIT, quote[2]).value(), b"DEBIT", SERIAL)
    assert wire.unmasked_number(key, quote[6:]) == stated["status"]["seq"] == len(stated["receipts"])

    def query(ins: int, body: bytes) -> bytes:
        nonlocal challenge
        head = wire.header_and_body(ins, body)
        data = asked(head + wire.command_mac(key, head, quote, challenge) + b"\x00")
        challenge = data[-8:]
        return data[:-8]

    status = query(wire.STATUS, bytes(8) + (7).to_bytes(4, "big") + bytes(8))
    assert {one: _plain(value) for one, value in STATUS_ANSWER.decode(status).items()} == stated["status"]
    for number, receipt in enumerate(stated["receipts"][-30:], start=max(1, len(stated["receipts"]) - 29)):
        body = bytes(8) + (7).to_bytes(4, "big") + number.to_bytes(4, "big") + bytes(4)
        assert query(wire.READ_RECEIPT, body).hex() == receipt
    if stated["pin"] is not None and stated["status"]["pin_tries"] > 1:
        body = b"NONCE\0\0\1" + (7).to_bytes(4, "big")
        block = wire.masked_pin(key, body[:8], challenge, wire.pin_block(stated["pin"]))
        assert query(wire.VERIFY, body + block) == b""


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else value


@named
def test_challenges_follow_from_the_name(name: str) -> None:
    """As the document says: whoever plays a card can draw them."""
    drawn = 0
    for exchange in commands_of(TRANSCRIPTS[name]):
        ins, answer = exchange["command"][2:4], raw(exchange, "answer")
        if exchange["sw"] != "9000" or ins not in ("a4", "50"):
            continue
        challenge = answer[18:26] if ins == "a4" else answer[13:21]
        assert challenge == hashlib.sha256(name.encode("ascii") + drawn.to_bytes(8, "big")).digest()[:8]
        drawn += 1
    assert drawn


@named
def test_every_receipt_that_was_made_is_genuine(name: str) -> None:
    """Receipts that updates and READ RECEIPT answer with, under the key version that they state."""
    for exchange in commands_of(TRANSCRIPTS[name]):
        receipt = raw(exchange, "answer")[: RECEIPT.size]
        if exchange["command"][2:4] in ("44", "4c") and len(receipt) == RECEIPT.size:
            version = receipt[RECEIPT.offset("key_version")]
            key = wire.derive(development_master(KeyLabel.RECEIPT, version).value(), b"RECEIPT", SERIAL)
            assert receipt[-8:] == wire.receipt_mac(key, receipt[:-8])
