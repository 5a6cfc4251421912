# SPDX-License-Identifier: Apache-2.0
"""The narrow interface of a terminal's keys: what it makes, what it refuses, and that it can refuse at all."""

from __future__ import annotations

import dataclasses
import gc

import pytest
from tests.card.live_card import LiveCard
from tests.model import wire
from tests.terminal.conftest import COMPANION, KEYS, PROVIDER, RICE, Shop, status
from tests.terminal.line import Line

from ssn_card.keys import KeyMissing, KeyProvider
from ssn_card.keys.development import DevelopmentKeyring, development_master
from ssn_card.protocol import commands
from ssn_card.protocol.commands import Security
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import StateClass
from ssn_card.terminal import CardInfo, KeysRefuse, SoftwareCompanionKeys, SoftwareTerminalKeys, Terminal

SERIAL = bytes.fromhex("5353000000000042")
QUOTE = bytes.fromhex("01 01 01 02 01 01 A1B2C3D4")
CARD = CardInfo(SERIAL, QUOTE)
CHALLENGE = bytes(range(8))
DEBIT_KEY = wire.derive(development_master(KeyLabel.DEBIT, 1).value(), KeyLabel.DEBIT.value, SERIAL)
OVERRIDE_KEY = wire.derive(development_master(KeyLabel.OVERRIDE, 1).value(), KeyLabel.OVERRIDE.value, SERIAL)
OURS = [command for command in commands.COMMANDS if command.security is Security.DEBIT_MAC]


@pytest.mark.parametrize("command", OURS, ids=lambda command: command.name)
def test_a_command_is_macd_as_the_page_says(command: commands.Command) -> None:
    assert command.body is not None
    body = bytes(range(command.body.size))
    head = wire.header_and_body(command.ins, body)
    assert KEYS.command_mac(CARD, command.ins, body, CHALLENGE) == wire.command_mac(DEBIT_KEY, head, QUOTE, CHALLENGE)


def test_a_quote_is_read_as_the_page_says() -> None:
    card = CardInfo(SERIAL, bytes.fromhex("01 02 03 04 05 06 A1B2C3D4"))
    versions = (card.debit_key_version, card.receipt_key_version, card.update_key_version, card.override_key_version)
    assert (card.protocol_version, versions, card.masked_seq) == (1, (3, 4, 5, 6), 0xA1B2C3D4)
    assert card.state_class is StateClass.PERSONALIZED
    assert dataclasses.replace(card, quote=bytes(10)).state_class is StateClass.BLANK


def test_an_override_is_macd_by_the_companion() -> None:
    body = bytes(range(36))
    head = wire.header_and_body(wire.OVERRIDE, body)
    assert COMPANION.override_mac(CARD, body, CHALLENGE) == wire.command_mac(OVERRIDE_KEY, head, QUOTE, CHALLENGE)


def test_an_answer_is_judged_as_the_page_says() -> None:
    mac = wire.answer_mac(DEBIT_KEY, wire.STATUS, b"answer", CHALLENGE)
    assert KEYS.is_genuine(CARD, wire.STATUS, b"answer", CHALLENGE, mac)
    for other in (
        (CARD, wire.STATUS, b"answer", CHALLENGE, mac[:-1]),
        (CARD, wire.STATUS, b"answer", CHALLENGE, b""),
        (CARD, wire.STATUS, b"answer\x00", CHALLENGE, mac),
        (CARD, wire.STATUS, b"answer", bytes(8), mac),
        (CARD, wire.VERIFY, b"answer", CHALLENGE, mac),
        (dataclasses.replace(CARD, serial=bytes(8)), wire.STATUS, b"answer", CHALLENGE, mac),
    ):
        assert not KEYS.is_genuine(*other)


def test_a_number_is_unmasked_as_the_page_says() -> None:
    assert KEYS.number(CARD) == wire.unmasked_number(DEBIT_KEY, QUOTE[-4:])


def test_a_pin_is_masked_under_a_nonce_of_its_own() -> None:
    bodies = [KEYS.pin_query(CARD, 7, "482917", CHALLENGE) for _ in range(20)]
    assert len({body[:8] for body in bodies}) == len({body[12:] for body in bodies}) == 20
    for body in bodies:
        assert body[8:12] == (7).to_bytes(4, "big")
        assert wire.masked_pin(DEBIT_KEY, body[:8], CHALLENGE, body[12:]) == wire.pin_block("482917")


@pytest.mark.parametrize("ins", [0xA4, 0x50, 0x82, 0xE2, 0xCA, wire.UPDATE, wire.OVERRIDE, 0x00, 0x99])
def test_no_other_command_is_macd(ins: int) -> None:
    """An update is the bank's, a raise a companion's."""
    for size in (20, 36, 55):
        with pytest.raises(KeysRefuse) as caught:
            KEYS.command_mac(CARD, ins, bytes(size), CHALLENGE)
        assert str(caught.value.where).endswith(f"{ins:02X}")


@pytest.mark.parametrize(("body", "challenge"), [(35, 8), (37, 8), (20, 8), (36, 7), (36, 9), (36, 0), (0, 44)])
def test_no_field_slides_into_the_next(body: int, challenge: int) -> None:
    with pytest.raises(KeysRefuse) as caught:
        KEYS.command_mac(CARD, wire.DEBIT, bytes(body), bytes(challenge))
    assert caught.value.where == "DEBIT"
    for text in (*caught.value.text, *caught.value.remedy):
        assert text
    with pytest.raises(KeysRefuse):
        COMPANION.override_mac(CARD, bytes(body), bytes(challenge))


class Listening(KeyProvider):
    """Keeps every message that a key of it is used for."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        messages = self.messages

        class Key(SecretKey):
            def cmac(self, message: bytes) -> bytes:
                messages.append(message)
                return super().cmac(message)

        return Key(bytes(16))

    def labels(self) -> frozenset[KeyLabel]:
        return frozenset(KeyLabel)

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        return (1,)

    def close(self) -> None:
        pass


def test_what_leaves_as_a_mac_is_never_the_message_of_an_answer_or_of_a_mask() -> None:
    """Whatever body and challenge say: the last block is the interface's own."""
    provider = Listening()
    keys = SoftwareTerminalKeys(provider)
    evil = bytes((2, 0x46, 0x90, 0, 85)).ljust(16, b"\x00")
    for command in OURS:
        assert command.body is not None
        keys.command_mac(CARD, command.ins, (evil * 4)[: command.body.size], evil[:8])
    SoftwareCompanionKeys(provider).override_mac(CARD, (evil * 4)[:36], evil[:8])
    assert len(provider.messages) == len(OURS) + 1
    assert {message[-16:] for message in provider.messages} == {b"\x01".ljust(16, b"\x00")}


class Counting(Listening):
    """Counts how often it is asked for a key."""

    count = 0

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        self.count += 1
        return super()._diversify(label, version, serial)


def test_a_key_is_derived_once_a_selection_and_dropped_with_it() -> None:
    provider = Counting()
    keys = SoftwareTerminalKeys(provider)
    card, other = CardInfo(SERIAL, QUOTE), CardInfo(SERIAL, QUOTE[:2] + b"\x02" + QUOTE[3:])
    for _ in range(3):
        keys.number(card)
    assert provider.count == 1
    keys.number(other)  # another version
    assert provider.count == 2
    del card
    gc.collect()
    keys.number(CardInfo(SERIAL, QUOTE))
    assert provider.count == 3


class Sam(SoftwareTerminalKeys):
    """Refuses movements, as one that is locked."""

    def command_mac(self, card: CardInfo, ins: int, body: bytes, challenge: bytes) -> bytes:
        if ins in (wire.DEBIT, wire.CANCEL):
            raise KeysRefuse(commands.BY_INS[ins].name)
        return super().command_mac(card, ins, body, challenge)


def test_keys_that_refuse_leave_nothing_in_doubt(active: LiveCard, shop: Shop) -> None:
    terminal = Terminal(Sam(PROVIDER), shop.journal, clock=lambda: shop.now)
    with Line(active.connect()) as line:
        assert terminal.status(line).balance == 900_000
        before = line.count
        with pytest.raises(KeysRefuse):
            terminal.debit(line, RICE, reference="17")
        assert [command[1] for command in line.sent[before:]] == [0xA4]
    assert shop.journal.in_doubt() == []
    with active.connect() as card:  # the reference is free
        assert not shop.terminal.debit(card, RICE, reference="17").recovered


def test_a_companions_key_that_is_missing_leaves_nothing_in_doubt(active: LiveCard, shop: Shop) -> None:
    nothing = SoftwareCompanionKeys(DevelopmentKeyring({}, "EMPTY"))
    with Line(active.connect()) as line, pytest.raises(KeyMissing):
        shop.terminal.override(line, 1_000, b"PD-00001", nothing)
    assert [command[1] for command in line.sent] == [0xA4]
    assert shop.journal.in_doubt() == []
    assert status(active, shop).month_extra == 0


def offered(keys: type) -> set[str]:
    """What others may call; a mutant's own names are not ASCII."""
    return {name for name in vars(keys) if name.isascii() and not name.startswith("_")}


def test_a_terminal_is_given_no_key() -> None:
    """Its interface has no method whose answer is one."""
    assert offered(SoftwareTerminalKeys) == {"number", "command_mac", "is_genuine", "pin_query"}
    assert offered(SoftwareCompanionKeys) == {"override_mac"}
