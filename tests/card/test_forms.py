# SPDX-License-Identifier: Apache-2.0
"""Forms of commands: classes, instructions, parameters, lengths, with and without Le. Nothing here moves money."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import Scp03Host
from tests.conftest import card_at, freedoms_taken, personalized
from tests.model import wire
from tests.model.wire import entitlement, movement

from ssn_card.simulator import Freedom, Simulator, blank_card
from ssn_card.transport import open_connection

COMMANDS = {
    **dict.fromkeys(wire.MOVEMENTS, wire.MOVEMENT_SIZE),
    **dict.fromkeys(wire.QUERIES, wire.QUERY_SIZE),
    wire.UPDATE: wire.ENTITLEMENT_SIZE,
}
OURS = {*COMMANDS, 0x50}


@pytest.mark.parametrize("ins", COMMANDS)
def test_every_other_length(sim_talk: Talk, ins: int) -> None:
    sim_talk.select()
    for length in range(256):
        if length != COMMANDS[ins] + 8:
            lc = bytes((length,)) if length else b""
            assert sim_talk.raw(bytes((0x80, ins, 0, 0)) + lc + bytes(length))[1] == 0x6700, length


@pytest.mark.parametrize("ins", COMMANDS)
def test_every_other_p1_and_p2(sim_talk: Talk, ins: int) -> None:
    sim_talk.select()
    body = bytes((COMMANDS[ins] + 8,)) + bytes(COMMANDS[ins] + 8)
    for value in range(1, 256):
        assert sim_talk.raw(bytes((0x80, ins, 0, value)) + body)[1] == 0x6A86
        assert sim_talk.raw(bytes((0x80, ins, value, 0)) + body)[1] == 0x6A86


def test_unknown_instructions(sim_talk: Talk) -> None:
    sim_talk.select()
    for ins in set(range(256)) - OURS:
        if ins >> 4 not in (6, 9):  # ISO 7816-3: no instructions
            assert sim_talk.raw(bytes((0x80, ins, 0, 0)))[1] == 0x6D00, f"{ins:02X}"


def test_iso_classes_and_other_applets(sim_talk: Talk) -> None:
    sim_talk.select()
    assert sim_talk.raw(bytes.fromhex("00A4040005A000000001")) == (b"", 0x6A82)
    assert sim_talk.raw(bytes.fromhex("00B00000")) == (b"", 0x6D00)
    assert sim_talk.raw(bytes.fromhex("90100000")) == (b"", 0x6E00)


@pytest.mark.parametrize(
    ("apdu", "sw"),
    [("8050300008" + "00" * 7, 0x6700), ("8050300007" + "00" * 7, 0x6700), ("8050300108" + "00" * 8, 0x6A86),
     ("848233000F" + "00" * 15, 0x6700), ("8482330011" + "00" * 17, 0x6700),
     # The commands of ISO 7816-4 for a PIN in clear: whoever forges a 9412 harvests none.
     ("0020008008" + "00" * 8, 0x6D00), ("0024008010" + "00" * 16, 0x6D00), ("0020000000", 0x6D00)],
)  # fmt: skip
def test_forms_of_the_other_commands(sim_talk: Talk, apdu: str, sw: int) -> None:
    sim_talk.select()
    assert sim_talk.raw(bytes.fromhex(apdu)) == (b"", sw)


def test_unknown_classes(sim_talk: Talk) -> None:
    sim_talk.load(entitlement(1, 900_000))
    sim_talk.select()
    command = sim_talk.signed(wire.DEBIT, movement(1000))
    for cla in set(range(256)) - {0x80, 0x84}:
        data, sw = sim_talk.raw(bytes((cla,)) + command[1:])
        assert data == b""
        assert sw != wire.OK, f"{cla:02X}"
    assert sim_talk.told()["balance"] == 900_000


@pytest.mark.parametrize("ins", [wire.DEBIT, wire.STATUS])
def test_le_may_be_left_out_or_exact(talk: Talk, ins: int) -> None:
    """T=0 sends none, so none is needed there; an exact one is as good as 00."""
    talk.load(entitlement(1, 900_000))
    size = {wire.DEBIT: 43, wire.STATUS: 93}[ins]
    forms = [b"\x00", bytes((size,))]
    if Freedom.STRICT_SENDING not in freedoms_taken():
        forms.append(b"")
    for txn, le in enumerate(forms, start=1):
        talk.select()
        command = talk.signed(ins, movement(1, txn=txn) if ins == wire.DEBIT else wire.query())[:-1] + le
        data, sw = talk.raw(command)
        assert (len(data), sw) == (size, wire.OK)
        talk.challenge = None


@pytest.mark.parametrize("size", [1, 5, 43, 44, 62, 63, 100])
def test_data_may_come_in_pieces(new_blank: Callable[[], LiveCard], simulator: Simulator, size: int) -> None:
    """As from a card whose T=1 blocks are shorter than a command: personalized, loaded, debited, asked."""
    live = new_blank()
    simulated = card_at(simulator, live.url)
    simulator.set_pieces(simulated, size)
    talk = Talk(personalized(live))
    talk.load(entitlement(1, 900_000))
    assert ("APDU.receiveBytes" in simulator.counters(simulated).api_calls) == (size < 63)
    receipt = talk.debit(1000, txn=1)
    assert talk.read(2) == receipt
    talk.close()
    live.discard()


@pytest.mark.parametrize(
    "form",
    [
        "{h}00002C{d}",  # extended Lc
        "{h}00002C{d}0000",  # extended Lc and Le
        "{h}000000",  # extended Le alone
        "{h}2C",  # Lc and no data: reads as Le
        "{h}2C{s}",  # data too short
        "{h}2C{d}0000",  # a byte too many
        "{h}00",
        "{h}",
    ],
)
def test_lengths_that_are_no_short_form(talk: Talk, form: str) -> None:
    talk.load(entitlement(1, 900_000))
    talk.select()
    command = talk.signed(wire.DEBIT, movement(1000))
    text = form.format(h=command[:4].hex(), d=command[5:-1].hex(), s=command[5:-2].hex())
    if talk.card.url.startswith("pcsc") and len(text) == 8:
        pytest.skip("a reader may complete a header alone")
    data, sw = talk.raw(bytes.fromhex(text))
    takes_le_for_lc = form == "{h}2C" and Freedom.DATA_FROM_NOTHING in freedoms_taken()
    assert (data, sw) == (b"", 0x6988 if takes_le_for_lc else 0x6700)
    talk.challenge = None
    assert talk.told()["balance"] == 900_000


def test_select_tells_nothing_private(talk: Talk) -> None:
    """Challenge and number aside the answer is the same, whatever is on the card and whatever happened to it."""
    before = talk.select()
    talk.load(entitlement(1, 876_543, state=2))
    talk.debit(12_345, txn=1)
    after = talk.select()
    assert before[:14] == after[:14] == talk.card.serial + bytes((1, 1, 1, 1, 1, 1))
    talk.load(entitlement(2, 876_543, state=3))
    assert talk.select()[:14] == before[:14]
    assert before[18:] != after[18:]


def test_the_number_is_masked(new_card: Callable[[], LiveCard]) -> None:
    """Two cards that were used alike tell two numbers; the mask is made anew when the key moves on."""
    told = []
    for card in (new_card(), new_card()):
        talk = Talk(card)
        new = talk.select()[14:18]
        assert new != bytes(4)
        assert talk.newest == 0
        talk.load(entitlement(1, 900_000))
        one = talk.select()[14:18]
        assert wire.number(one, 0) ^ wire.number(new, 0) == 1
        talk.load(entitlement(2, 900_000, keys=15 - 4))
        assert wire.number(talk.select()[14:18], 0) ^ wire.number(new, 0) == 2
        talk.load(entitlement(3, 900_000, keys=15))
        rotated = talk.select()[14:18]
        assert talk.newest == 3
        assert wire.number(rotated, 0) ^ wire.number(new, 0) != 3
        told += [new, one, rotated]
        talk.close()
        card.discard()
    assert len(set(told)) == 6


def test_select_of_a_blank_card(blank: LiveCard) -> None:
    talk = Talk(blank)
    assert talk.select()[:18] == blank.serial + b"\x01\x00" + bytes(8)
    talk.close()


def test_blank_card_takes_no_terminal_command(blank: LiveCard) -> None:
    """Even rightly signed, and under the zero keys that an unset key might be."""
    talk = Talk(blank)
    for key in (None, bytes(16)):
        for ins, size in COMMANDS.items():
            talk.select()
            command = (
                talk.update_command(entitlement(1, 1), key)
                if ins == wire.UPDATE
                else talk.signed(ins, bytes(size), 0, key)
            )
            assert talk.raw(command) == (b"", 0x6985), f"{ins:02X}"
    assert talk.select()[9] == 0
    talk.close()


def test_nothing_without_select(talk: Talk) -> None:
    talk.load(entitlement(1, 900_000))
    talk.select()
    command = talk.signed(wire.DEBIT, movement(1000))
    talk.reset()
    for apdu in (command, talk.update_command(entitlement(2, 900_001)), bytes.fromhex("8050300008" + "00" * 8)):
        data, sw = talk.raw(apdu)
        assert data == b""
        assert sw != wire.OK
    assert talk.told()["loaded"] == 900_000


def test_a_command_longer_than_the_buffer_is_refused(simulator: Simulator) -> None:
    """A card with the 133 bytes that Java Card promises, and none more."""
    card = blank_card(simulator, freedoms={Freedom.SHORT_BUFFER})
    with open_connection(card.url) as connection:
        for length in (129, 200, 255):
            assert connection.transmit(wire.SELECT)[-2:] == b"\x90\x00"
            for header in ("80400000", "80500000", "84E28800", "80200000"):
                command = bytes.fromhex(header) + bytes((length,)) + bytes(length) + b"\x00"
                assert connection.transmit(command) == b"\x67\x00"
    simulator.remove(card)


def test_a_command_as_long_as_the_buffer_is_received(simulator: Simulator) -> None:
    """In pieces, to its last byte: 128 bytes of data, refused for want of a session and not for their length."""
    card = blank_card(simulator, freedoms={Freedom.SHORT_BUFFER, Freedom.LATE_DATA})
    with open_connection(card.url) as connection:
        connection.transmit(wire.SELECT)
        assert connection.transmit(bytes.fromhex("84E2880080") + bytes(128)) == b"\x69\x82"
        assert connection.transmit(bytes.fromhex("84E2880081") + bytes(129)) == b"\x67\x00"
    simulator.remove(card)


def test_what_answers_nothing_needs_no_le(simulator: Simulator) -> None:
    """STORE DATA without R-MAC, on a card where nothing may be sent that no Le has asked for."""
    card = blank_card(simulator, freedoms={Freedom.STRICT_SENDING})
    with open_connection(card.url) as connection:

        def exchange(apdu: bytes) -> tuple[bytes, int]:
            answer = connection.transmit(apdu)
            return answer[:-2], int.from_bytes(answer[-2:], "big")

        assert exchange(wire.SELECT)[1] == wire.OK
        host = Scp03Host(exchange, bytes.fromhex(card.name))
        host.open(0x3F, 0x03)
        assert exchange(host.wrap(0xE2, 0x08, 0, b"")[:-1]) == (b"", wire.OK)
    simulator.remove(card)
