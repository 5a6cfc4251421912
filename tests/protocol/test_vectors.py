# SPDX-License-Identifier: Apache-2.0
"""The published vectors computed again, by messages and a CMAC that share no code with the generator."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from tests.model import wire
from tests.protocol.reference_aes_cmac import aes_block, cmac, mac8
from tests.protocol.vector_files import FILES, TRANSCRIPTS, commands_of, raw

from ssn_card.protocol import commands, layouts
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layout import Layout
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.pin import pin_block
from ssn_card.receipts import Basket

BY_NAME = {command.name: command for command in commands.COMMANDS}
COMMANDS, ANSWERS = FILES["commands"]["cases"], FILES["answers"]["cases"]
JOURNEY = {exchange["command"]: exchange for exchange in commands_of(TRANSCRIPTS["journey"])}


def readable(layout: Layout, data: bytes) -> dict[str, Any]:
    """Fields as the vectors write them."""
    return {name: _plain(value) for name, value in layout.decode(data).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_reference_cmac_is_that_of_nist() -> None:
    """SP 800-38B appendix D.1, examples 1 and 3."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    assert cmac(key, b"").hex() == "bb1d6929e95937287fa37d129b756746"
    text = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411")
    assert cmac(key, text).hex() == "dfa66747de9ae63030ca32611497c827"


@pytest.mark.parametrize("case", FILES["derivation"]["cases"], ids=lambda c: f"{c['label']} v{c['version']}")
def test_derivation(case: dict[str, Any]) -> None:
    label, serial = case["label"].encode("ascii"), raw(case, "serial")
    assert raw(case, "input") == b"\0\0\0\1" + label + b"\0" + serial + b"\0\0\0\x80"
    assert raw(case, "key") == cmac(raw(case, "master"), raw(case, "input"))
    assert raw(case, "kcv") == aes_block(raw(case, "key"), b"\1" * 16)[:3]


@pytest.mark.parametrize("case", FILES["select"]["cases"], ids=lambda c: str(c["newest_seq"]))
def test_select(case: dict[str, Any]) -> None:
    answer = raw(case, "answer")
    assert readable(layouts.SELECT_ANSWER, answer) == case["fields"]
    assert raw(case, "message") == b"\5" + bytes(15)
    assert raw(case, "mask") == cmac(raw(case, "key"), raw(case, "message"))[:4]
    assert wire.unmasked_number(raw(case, "key"), answer[14:18]) == case["newest_seq"]


@pytest.mark.parametrize("case", COMMANDS, ids=lambda c: c["command"])
def test_commands(case: dict[str, Any]) -> None:
    command, sent = BY_NAME[case["command"]], raw(case, "header_and_body")
    body = sent[5:]
    assert sent == wire.header_and_body(command.ins, body)
    assert command.body is not None
    assert readable(command.body, body) == case["fields"]
    if command.ins == wire.UPDATE:
        message = wire.blocks(sent + raw(case, "serial")) + b"\3" + bytes(15)
        mac = wire.update_mac(raw(case, "key"), sent, raw(case, "serial"))
    else:
        message = wire.blocks(sent + raw(case, "quote") + raw(case, "challenge")) + b"\1" + bytes(15)
        mac = wire.command_mac(raw(case, "key"), sent, raw(case, "quote"), raw(case, "challenge"))
    assert raw(case, "message") == message
    assert raw(case, "mac") == mac == mac8(raw(case, "key"), message)
    assert raw(case, "apdu") == sent + mac + b"\0"
    assert case["apdu"] in JOURNEY, "what the applet is played"


@pytest.mark.parametrize("case", ANSWERS, ids=lambda c: c["command"])
def test_answers(case: dict[str, Any]) -> None:
    logical, ins = raw(case, "logical_answer"), int(case["ins"], 16)
    last = bytes((2, ins, 0x90, 0, len(logical))).ljust(16, b"\0")
    assert raw(case, "message") == wire.blocks(logical + raw(case, "command_mac")) + last
    mac = wire.answer_mac(raw(case, "key"), ins, logical, raw(case, "command_mac"))
    assert raw(case, "mac") == mac == mac8(raw(case, "key"), raw(case, "message"))
    request = next(one for one in COMMANDS if one["mac"] == case["command_mac"])
    said = wire.MOVEMENT_SIZE if ins in wire.MOVEMENTS else 0
    assert logical[:said] == raw(request, "header_and_body")[5 : 5 + said]
    assert raw(case, "data") == logical[said:] + mac
    assert JOURNEY[request["apdu"]]["answer"] == case["data"]
    assert JOURNEY[request["apdu"]]["answer_fields"] == case["fields"]


@pytest.mark.parametrize("case", FILES["answers"]["not_genuine"], ids=lambda c: c["why"])
def test_answers_that_are_not_genuine(case: dict[str, Any]) -> None:
    """A terminal that follows the document refuses each: for its length, or for its MAC."""
    genuine = next(one for one in ANSWERS if one["command_mac"] == case["command_mac"])
    data, key = raw(case, "data"), raw(genuine, "key")
    assert data != raw(genuine, "data")
    if len(data) == layouts.MOVEMENT_ANSWER.size + 8:
        logical = raw(case, "body") + data[:-8]
        assert data[-8:] != wire.answer_mac(key, wire.DEBIT, logical, raw(case, "command_mac"))


@pytest.mark.parametrize("case", FILES["pin_blocks"]["cases"], ids=lambda c: c["pin"])
def test_pin_blocks(case: dict[str, Any]) -> None:
    nonce, challenge = raw(case, "terminal_nonce"), raw(case, "challenge")
    block = wire.pin_block(case["pin"])
    assert raw(case, "pin_block") == block == pin_block(case["pin"])
    assert raw(case, "message") == nonce + challenge + b"\4" + bytes(15)
    assert raw(case, "mask") == cmac(raw(case, "key"), raw(case, "message"))[:8]
    assert raw(case, "masked_pin_block") == wire.masked_pin(raw(case, "key"), nonce, challenge, block)


@pytest.mark.parametrize("digits", FILES["pin_blocks"]["no_pins"])
def test_what_is_no_pin(digits: str) -> None:
    with pytest.raises(InputError):
        pin_block(digits)


@pytest.mark.parametrize("case", FILES["baskets"]["cases"], ids=lambda c: c["name"])
def test_baskets(case: dict[str, Any]) -> None:
    """The host's canonical text is that of the vectors, and no careless one has its digest."""
    basket = Basket.from_list(case["basket"])
    assert basket.as_json() == case["canonical"]
    assert basket.digest().hex() == case["digest"] == hashlib.sha256(case["canonical"].encode()).hexdigest()[:32]
    assert Basket.from_json(case["canonical"]) == basket
    assert sum(rupiah for _, _, rupiah in case["basket"]) == case["total"]
    for text in case["not_canonical"]:
        assert hashlib.sha256(text.encode("utf-8")).hexdigest()[:32] != case["digest"]


def test_baskets_of_the_journey_are_digested_in_the_debits() -> None:
    digests = {case["digest"] for case in FILES["baskets"]["cases"]}
    debits = [one for one in commands_of(TRANSCRIPTS["journey"]) if one["command"][2:4] == "40"]
    assert debits[0]["fields"]["basket_digest"] in digests


def test_the_chain_is_that_of_the_journey_and_genuine() -> None:
    receipts, key = FILES["receipts"], raw(FILES["receipts"], "key")
    previous = bytes(8)
    for number, entry in enumerate(receipts["chain"], start=1):
        receipt = raw(entry, "receipt")
        assert receipt[80:] == wire.receipt_mac(key, receipt[:80])
        assert receipt[:4] == number.to_bytes(4, "big")
        at = RECEIPT.offset("previous_mac")
        assert receipt[at : at + 8] == previous
        assert readable(RECEIPT_BY_TYPE[receipt[wire.TYPE]], receipt) == entry["fields"]
        previous = receipt[80:]
    assert {entry["type"] for entry in receipts["chain"]} == {"DEBIT", "CANCEL", "OVERRIDE", "UPDATE"}
    read = [one["answer"][:176] for one in JOURNEY.values() if one["command"][2:4] in ("44", "4c")]
    assert {one for one in read if len(one) == 176} <= {entry["receipt"] for entry in receipts["chain"]}


CHANNELS = [(name, one) for name, transcript in TRANSCRIPTS.items() for one in transcript.get("secure_channels", ())]


@pytest.mark.parametrize(("name", "channel"), CHANNELS)
def test_keys_of_secure_channels(name: str, channel: dict[str, Any]) -> None:
    """Amendment D v1.1.1 sections 4.1.5 and 6.2.2."""
    context = raw(channel, "host_challenge") + raw(channel, "card_challenge")

    def derive(key: bytes, what: int, bits: int) -> bytes:
        return cmac(key, bytes(11) + bytes((what, 0, 0, bits, 1)) + context)[: bits // 8]

    s_mac = derive(raw(channel, "key_mac"), 6, 128)
    assert raw(channel, "s_enc") == derive(raw(channel, "key_enc"), 4, 128)
    assert raw(channel, "s_mac") == s_mac
    assert raw(channel, "s_rmac") == derive(raw(channel, "key_mac"), 7, 128)
    assert raw(channel, "card_cryptogram") == derive(s_mac, 0, 64)
    assert raw(channel, "host_cryptogram") == derive(s_mac, 1, 64)


@pytest.mark.parametrize("case", FILES["scp03"]["not_genuine"], ids=lambda c: c["why"])
def test_secure_answers_that_are_not_genuine(case: dict[str, Any]) -> None:
    """Against the R-MAC of the transcript's first GET DATA (section 6.2.5)."""
    transcript = TRANSCRIPTS["a field device reads the identity"]
    channel, sent = transcript["secure_channels"][0], commands_of(transcript)
    get_data = next(one for one in sent if "plain_command" in one)
    opened = next(one for one in sent if one["command"][2:4] == "82")
    chain = cmac(raw(channel, "s_mac"), bytes(16) + raw(opened, "command")[:-8])
    chain = cmac(raw(channel, "s_mac"), chain + raw(get_data, "command")[:-9])
    assert chain[:8] == raw(get_data, "command")[-9:-1]
    answer, key = raw(get_data, "answer"), raw(channel, "s_rmac")
    assert answer[-8:] == mac8(key, chain + answer[:-8] + b"\x90\0")
    false, sw = raw(case, "answer"), raw(case, "sw")
    assert false[-8:] != mac8(key, chain + false[:-8] + sw)
