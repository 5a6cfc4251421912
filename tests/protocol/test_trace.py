# SPDX-License-Identifier: Apache-2.0
"""A trace shows what the table allows and nothing else, whatever bytes come."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol import commands, layouts
from ssn_card.protocol.commands import BY_INS, COMMANDS, Security
from ssn_card.protocol.generate import sample, secure
from ssn_card.protocol.generate.playing import Exchange
from ssn_card.protocol.generate.scripts import channels, pins
from ssn_card.protocol.generate.scripts.journey import journey
from ssn_card.protocol.generate.scripts.personalizing import fresh
from ssn_card.protocol.generate.signing import Answered
from ssn_card.protocol.groups import KEY_SLOTS
from ssn_card.protocol.trace import TracedExchange, _shown, trace
from ssn_card.protocol.values import APPLET_AID

NIK = bytes.fromhex("9901010101010001")
NAME = b"CONTOH SAJA"
KEY = bytes.fromhex("8f1d2c3b4a5968778695a4b3c2d1e0f1")
SECRETS = st.sampled_from([NIK, NAME, KEY]) | st.binary(min_size=8, max_size=40)
NOISE = st.binary(max_size=40)


def answered(command: commands.Command, number: int = 0) -> Answered:
    """An answered command of the example card's journey."""
    found = [one.answered for one in journey().exchanges if one.request and one.request.command is command]
    answer = found[number]
    assert answer is not None
    return answer


DEBIT, UPDATE = answered(commands.DEBIT), answered(commands.UPDATE)
STATUS = answered(commands.GET_STATUS)
RECEIPT_FOUND, NOT_MADE = answered(commands.READ_RECEIPT), answered(commands.READ_RECEIPT, 1)


def shown(exchange: TracedExchange) -> str:
    """All text of a trace, without spaces, in lower case."""
    parts = dataclasses.asdict(exchange)
    fields = parts.pop("fields")
    texts = [*parts.values(), *fields.keys(), *fields.values(), repr(exchange)]
    return "\n".join(str(text) for text in texts).replace(" ", "").lower()


def assert_hidden(exchange: TracedExchange, secret: bytes) -> None:
    """Neither the secret in hexadecimal, nor a half of it, nor its characters."""
    text = shown(exchange)
    half = len(secret) // 2
    for part in (secret, secret[:half], secret[half:]):
        if len(set(part)) > 2:  # a run of one byte also occurs in honest headers and lengths
            assert part.hex() not in text
            digits = part.decode("latin-1").replace(" ", "").lower()
            assert digits not in text or not digits.isprintable() or len(digits) < 4


def _planted(draw: st.DrawFn) -> tuple[bytes, bytes]:
    secret = draw(SECRETS)
    return secret, draw(NOISE) + secret + draw(NOISE)


@st.composite
def planted(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A secret, and data that hold it."""
    return _planted(draw)


HIDING = [commands.STORE_DATA, commands.GET_DATA, commands.INITIALIZE_UPDATE, commands.EXTERNAL_AUTHENTICATE]


@pytest.mark.parametrize("command", HIDING, ids=lambda command: command.name)
@given(data=planted(), back=planted(), sw=st.binary(min_size=2, max_size=2))
def test_bodies_and_answers_of_private_commands_are_hidden(
    command: commands.Command, data: tuple[bytes, bytes], back: tuple[bytes, bytes], sw: bytes
) -> None:
    body = data[1][:255]
    exchange = trace(command.header(p1=1, p2=2) + bytes((len(body),)) + body, back[1] + sw)
    assert exchange.fields == {}
    assert exchange.name == command.name
    assert exchange.command.endswith(f"<{len(body)} bytes>")
    assert exchange.answer == f"<{len(back[1])} bytes>"
    assert_hidden(exchange, data[0])
    assert_hidden(exchange, back[0])


UNKNOWN_HEADERS = st.binary(min_size=4, max_size=4).filter(
    lambda header: header[1] not in BY_INS or BY_INS[header[1]].cla != header[0]
)


@given(UNKNOWN_HEADERS, planted(), planted())
def test_unknown_commands_are_hidden_whole(header: bytes, data: tuple[bytes, bytes], back: tuple[bytes, bytes]) -> None:
    """Also INSTALL and PUT KEY of GlobalPlatform, and our instructions under another class."""
    exchange = trace(header + bytes((len(data[1]),)) + data[1], back[1] + b"\x90\x00")
    assert exchange == TracedExchange("UNKNOWN", exchange.command, exchange.answer, "9000", "", {})
    assert exchange.command == f"<{5 + len(data[1])} bytes>"
    assert_hidden(exchange, data[0])
    assert_hidden(exchange, back[0])


def test_installation_with_transport_keys_is_hidden() -> None:
    keys = [sample.card_key(slot.label) for slot in KEY_SLOTS[:3]]
    install = bytes.fromhex("80E60C0050") + sample.SERIAL + b"".join(key.value() for key in keys)
    exchange = trace(install, b"\x90\x00")
    for key in keys:
        assert_hidden(exchange, key.value())


@given(planted(), planted())
def test_another_applets_selection_is_hidden(data: tuple[bytes, bytes], back: tuple[bytes, bytes]) -> None:
    body = data[1]
    exchange = trace(commands.SELECT.header() + bytes((len(body),)) + body + b"\x00", back[1] + b"\x90\x00")
    assert_hidden(exchange, data[0])
    assert_hidden(exchange, back[0])


def test_an_answer_to_another_applets_selection_is_hidden_at_our_length() -> None:
    secret = bytes(range(0x41, 0x41 + layouts.SELECT_ANSWER.size))
    exchange = trace(commands.SELECT.header() + bytes.fromhex("07A000000151000000"), secret + b"\x90\x00")
    assert exchange.answer == f"<{layouts.SELECT_ANSWER.size} bytes>"
    assert exchange.fields == {}


@given(planted())
def test_a_secret_behind_our_aid_is_hidden(data: tuple[bytes, bytes]) -> None:
    body = APPLET_AID + data[1]
    assert_hidden(trace(commands.SELECT.header() + bytes((len(body),)) + body, b"\x6a\x82"), data[0])


@given(planted(), st.sampled_from([command for command in COMMANDS if command.body]))
def test_known_commands_of_a_wrong_length_are_hidden(data: tuple[bytes, bytes], command: commands.Command) -> None:
    assert command.body is not None
    body = (data[1] * 4)[: command.body.size - 1]
    exchange = trace(command.header(p1=0) + bytes((len(body),)) + body, b"\x67\x00")
    assert exchange.fields == {}
    assert exchange.command.endswith(f"<{len(body)} bytes>")
    assert exchange.meaning.startswith("Wrong length")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_malformed_input_never_raises(command: bytes, answer: bytes) -> None:
    assert isinstance(trace(command, answer), TracedExchange)


@given(
    st.sampled_from(COMMANDS),
    st.binary(max_size=2),
    st.binary(max_size=130),
    st.binary(max_size=130),
    st.integers(0, 5),
)
def test_known_headers_with_malformed_data_never_raise(
    command: commands.Command, lengths: bytes, body: bytes, answer: bytes, cut: int
) -> None:
    apdu = command.header(p1=0, p2=0) + lengths + body
    assert isinstance(trace(apdu[: len(apdu) - cut], answer), TracedExchange)


@given(st.integers(0, 90), st.data())
def test_answers_of_the_right_length_with_wrong_contents_never_raise(size: int, data: st.DataObject) -> None:
    answer = data.draw(st.binary(min_size=size, max_size=size))
    for command in COMMANDS:
        trace(command.header(p1=0, p2=0), answer + b"\x90\x00")


def test_a_debit_is_shown_field_by_field() -> None:
    exchange = trace(DEBIT.request.apdu, DEBIT.data + b"\x90\x00")
    assert (exchange.name, exchange.sw, exchange.meaning) == ("DEBIT", "9000", "OK")
    assert exchange.fields["amount"] == "72500"
    assert exchange.fields["timestamp"] == "2026-01-07 10:15:30"
    assert exchange.fields["balance_after"] == "127500"
    assert exchange.fields["mac"] == journey().card.chain[1][-8:].hex()
    assert exchange.command.replace(" ", "") == DEBIT.request.apdu.hex()
    assert exchange.answer.replace(" ", "") == DEBIT.data.hex()


def test_an_update_receipt_has_the_names_of_an_update() -> None:
    exchange = trace(UPDATE.request.apdu, UPDATE.data + b"\x90\x00")
    assert exchange.fields["issued_on"] == "2026-01-05"
    assert exchange.fields["mend_count"] == "0"
    assert "basket_digest" not in exchange.fields


def test_both_answers_to_read_receipt_are_told_apart() -> None:
    assert trace(RECEIPT_FOUND.request.apdu, RECEIPT_FOUND.data + b"\x90\x00").fields["seq"] == "7"
    assert trace(NOT_MADE.request.apdu, NOT_MADE.data + b"\x90\x00").fields["newest_seq"] == "7"
    assert trace(STATUS.request.apdu, STATUS.data + b"\x90\x00").fields["balance"] == "190000"


def test_our_selection_is_shown() -> None:
    selected = journey().exchanges[0]
    exchange = trace(selected.command, selected.answer + b"\x90\x00")
    assert exchange.fields["serial"] == sample.SERIAL.hex()
    assert exchange.fields["challenge"] == selected.answer[18:].hex()
    assert APPLET_AID.hex() in exchange.command


def test_a_personalization_shows_lengths_only() -> None:
    blocks = [one.secure for one in fresh().exchanges if one.secure]
    for plain, command, answer in [(b.plain_command, b.command, b.answer) for b in blocks]:
        for sent in (plain, command):
            exchange = trace(sent, answer + b"\x90\x00")
            assert "<" in exchange.command
            assert_hidden(exchange, NIK)
            assert_hidden(exchange, NAME)
    channel = fresh().channels[0]
    opened = trace(channel.initialize, channel.initialize_answer + b"\x90\x00")
    assert_hidden(opened, channel.card_challenge)
    assert_hidden(opened, secure.HOST_CHALLENGE)
    assert all(command.security is not Security.SCP03 or command.body is None for command in COMMANDS)


def test_an_identity_that_is_read_is_a_length() -> None:
    read = next(one for one in channels.reading().exchanges if one.secure)
    assert read.secure is not None
    for answer in (read.answer, read.secure.plain_answer):
        exchange = trace(read.command, answer + b"\x90\x00")
        assert_hidden(exchange, NIK)
        assert_hidden(exchange, NAME)


PINS = [one for script in pins.scripts() for one in script.exchanges if one.command[1:2] in (b"\x20", b"\x24")]


@pytest.mark.parametrize("exchange", PINS, ids=lambda one: one.step)
def test_a_pin_is_hidden_under_its_mask_too(exchange: Exchange) -> None:
    """Whoever has the DEBIT key takes the mask off: the whole body is a length."""
    traced = trace(exchange.command, exchange.answer + exchange.sw.to_bytes(2, "big"))
    assert traced.fields == {}
    assert_hidden(traced, exchange.command[5:13])
    assert_hidden(traced, exchange.command[17:25])


def test_a_refusal_is_explained() -> None:
    request = DEBIT.request
    exchange = trace(request.apdu, bytes.fromhex("9401"))
    assert exchange.sw == "9401"
    assert "balance" in exchange.meaning
    assert exchange.answer == ""


def test_no_answer_at_all() -> None:
    exchange = trace(DEBIT.request.apdu, b"")
    assert exchange.sw == "0000"
    assert exchange.answer == ""


@pytest.mark.parametrize("answer", [b"", b"\x90", b"\x90\x00", b"abc\x6a\x82"])
def test_lengths_and_words_of_unknown_commands(answer: bytes) -> None:
    exchange = trace(b"\xb0\x12\x00\x00" + bytes(7), answer)
    assert (exchange.name, exchange.command, exchange.meaning) == ("UNKNOWN", "<11 bytes>", "")
    assert exchange.answer == (f"<{len(answer) - 2} bytes>" if len(answer) > 2 else "")
    assert exchange.sw == (answer[-2:].hex().upper() if len(answer) >= 2 else "0000")


def test_a_bare_header_is_known_and_less_is_not() -> None:
    """Case 1 of ISO 7816-4: four bytes are a command."""
    header = commands.GET_STATUS.header()
    assert trace(header, b"\x67\x00").name == "GET_STATUS"
    assert trace(header[:3], b"\x67\x00").name == "UNKNOWN"


@pytest.mark.parametrize(("behind", "hidden"), [(b"", False), (b"\x00", False), (b"\x00\x00", True)])
def test_only_le_may_follow_our_aid(behind: bytes, hidden: bool) -> None:
    select = commands.SELECT.header() + bytes((len(APPLET_AID),)) + APPLET_AID + behind
    assert ("<" in trace(select, b"\x6a\x82").command) is hidden


def test_private_fields_of_a_shown_body_are_lengths() -> None:
    """No command has such a body today; the day one has, its private fields stay hidden."""
    fields: dict[str, str] = {}
    body = NIK + bytes(13) + b"\x09"
    shown_body = _shown(layouts.IDENTITY_FIXED, body, fields)
    assert shown_body == "<8 bytes> <8 bytes> <3 bytes> <2 bytes> 09"
    assert fields == {
        "nik": "<8 bytes>", "no_kk": "<8 bytes>", "kecamatan": "<3 bytes>", "kelurahan": "<2 bytes>", "name_length": "9"
    }  # fmt: skip


@pytest.mark.parametrize("extra", [-1, 1, 7, 10, 11])
def test_a_body_of_another_length_is_a_length(extra: int) -> None:
    body = DEBIT.request.apdu[5:41]
    command = commands.DEBIT.header() + b"\x2c" + (body + bytes(20))[: 36 + extra]
    assert trace(command, b"\x67\x00").command == f"{command[:5].hex()} <{36 + extra} bytes>"


@pytest.mark.parametrize("flag", ["sensitive_body", "sensitive_answer"])
def test_each_mark_of_the_table_hides_by_itself(monkeypatch: pytest.MonkeyPatch, flag: str) -> None:
    """A DEBIT whose body or answer were declared private: the layout alone shows nothing."""
    private = dataclasses.replace(commands.DEBIT, **{flag: True})  # type: ignore[arg-type]
    monkeypatch.setitem(BY_INS, private.ins, private)
    exchange = trace(DEBIT.request.apdu, DEBIT.data + b"\x90\x00")
    text = exchange.command if flag == "sensitive_body" else exchange.answer
    assert text.endswith(" bytes>")
    assert DEBIT.request.apdu[5:9].hex() not in text


def test_a_receipt_of_no_known_type_has_the_names_of_a_debit() -> None:
    at = layouts.RECEIPT.offset("type")
    data = RECEIPT_FOUND.data[:at] + b"\x09" + RECEIPT_FOUND.data[at + 1 :]
    assert trace(RECEIPT_FOUND.request.apdu, data + b"\x90\x00").fields["type"] == "9"


def test_a_month_reads_as_its_digits() -> None:
    fields = trace(STATUS.request.apdu, STATUS.data + b"\x90\x00").fields
    at = layouts.STATUS_ANSWER.offset("month")
    assert fields["month"] == STATUS.data[at : at + 2].hex()


def test_a_floor_below_zero_reads_as_a_negative_number() -> None:
    assert int(trace(STATUS.request.apdu, STATUS.data + b"\x90\x00").fields["pin_floor"]) < 0


@pytest.mark.parametrize("security", [Security.NONE, Security.SCP03])
def test_a_body_that_no_mac_protects_is_hidden(monkeypatch: pytest.MonkeyPatch, security: Security) -> None:
    """What comes in clear may be a PIN, what comes under SCP03 a NIK: whatever the layout says."""
    monkeypatch.setitem(BY_INS, commands.DEBIT.ins, dataclasses.replace(commands.DEBIT, security=security))
    exchange = trace(DEBIT.request.apdu, b"\x94\x01")
    assert exchange.command == f"{DEBIT.request.apdu[:5].hex()} <{len(DEBIT.request.apdu) - 5} bytes>"
    assert exchange.fields == {}


def test_a_body_without_a_layout_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_INS, commands.DEBIT.ins, dataclasses.replace(commands.DEBIT, body=None))
    assert trace(DEBIT.request.apdu, b"\x94\x01").command.endswith(" bytes>")


def test_a_body_with_an_impossible_date_is_a_length() -> None:
    apdu = bytearray(DEBIT.request.apdu)
    apdu[5 + layouts.MOVEMENT.offset("timestamp") + 1] = 0x13
    assert trace(bytes(apdu), b"\x94\x0b").command == f"{apdu[:5].hex()} <{len(apdu) - 5} bytes>"
