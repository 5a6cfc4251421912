# SPDX-License-Identifier: Apache-2.0
"""The command table is consistent and everything in it fits the card's APDU buffer."""

from __future__ import annotations

import pytest

from ssn_card.protocol import commands, groups, layouts, status
from ssn_card.protocol.commands import COMMANDS, Command, Security
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.values import APDU_BUFFER

DATA = APDU_BUFFER - 5
MACED = (Security.DEBIT_MAC, Security.OVERRIDE_MAC, Security.UPDATE_MAC)
each = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


def test_instructions_and_names_are_unique() -> None:
    assert len({command.ins for command in COMMANDS}) == len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert {command.ins: command for command in COMMANDS} == commands.BY_INS
    declared = {value for value in vars(commands).values() if isinstance(value, Command)}
    assert declared == set(COMMANDS)


@each
def test_instruction_and_class_are_possible(command: Command) -> None:
    """ISO 7816-4 section 5.4.2: INS 6X and 9X are invalid; T=0 needs an even one."""
    assert command.ins >> 4 not in (6, 9)
    assert command.ins % 2 == 0
    assert command.cla == (0x84 if command.security is Security.SCP03 else 0x00 if command.name == "SELECT" else 0x80)


@each
def test_everything_fits_the_buffer(command: Command) -> None:
    mac = MAC_LENGTH if command.security in MACED else 0
    if command.body is not None:
        assert command.body.size + mac <= DATA
    if command.answer is not None:
        assert command.answer.size + mac <= DATA


@each
def test_authenticated_commands_say_what_they_may_refuse(command: Command) -> None:
    if command.security in MACED:
        assert command.body is not None
        assert status.WrongMac in command.statuses
        assert status.ConditionsNotSatisfied in command.statuses
    if command.security is Security.SCP03:
        assert status.WrongMac in command.statuses
    assert len(command.statuses) == len(set(command.statuses))


def test_answers_without_a_fixed_layout_fit_too() -> None:
    assert layouts.RECEIPT.size + MAC_LENGTH <= DATA
    assert layouts.NO_RECEIPT_ANSWER.size + MAC_LENGTH <= DATA
    identity = layouts.CARD_DATA.fields[1].size + layouts.MAX_IDENTITY
    assert (identity // 16 + 1) * 16 + MAC_LENGTH <= DATA


def test_bodies_of_commands_under_the_challenge_have_20_or_36_bytes() -> None:
    """Terminal.java lays messages out for these two lengths only."""
    under_challenge = [c for c in COMMANDS if c.security in (Security.DEBIT_MAC, Security.OVERRIDE_MAC)]
    assert {c.body.size for c in under_challenge if c.body} == {20, 36}


def test_private_data_are_marked() -> None:
    assert commands.STORE_DATA.sensitive_body
    assert commands.GET_DATA.sensitive_answer
    assert commands.VERIFY.sensitive_body
    assert commands.CHANGE_REFERENCE_DATA.sensitive_body


@each
def test_header(command: Command) -> None:
    header = command.header(p1=0x12, p2=0x34)
    assert header == bytes((command.cla, command.ins, 0x12, 0x34))
    if isinstance(command.p1, str):
        with pytest.raises(TypeError, match=command.name):
            command.header(p2=0)
    assert command.header_and_body(b"abc", p1=1)[4:] == b"\x0babc" if isinstance(command.p2, int) else True


def test_a_body_without_a_layout_is_not_built_of_fields() -> None:
    with pytest.raises(TypeError, match=r"^SELECT: .*no layout"):
        commands.SELECT.encode({})


def test_lc_counts_the_mac() -> None:
    assert commands.DEBIT.header_and_body(bytes(36)) == bytes.fromhex("804000002C") + bytes(36)


def test_key_slots() -> None:
    assert [slot.index for slot in groups.KEY_SLOTS] == list(range(len(groups.KEY_SLOTS)))
    assert len({slot.constant for slot in groups.KEY_SLOTS}) == len(groups.KEY_SLOTS)
    assert all(slot.label.name.startswith("TRANSPORT") for slot in groups.KEY_SLOTS[:3])
    # Personalization.java keeps one bit a group in a short: the keys, card data and identity.
    assert len(groups.PERSONALIZED_SLOTS) + 2 <= 16
    dgis = {groups.DGI_CARD_DATA, groups.DGI_IDENTITY, *(slot.dgi for slot in groups.KEY_SLOTS)}
    assert len(dgis) == len(groups.KEY_SLOTS) + 2
