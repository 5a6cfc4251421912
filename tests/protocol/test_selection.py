# SPDX-License-Identifier: Apache-2.0
"""SELECT, built and taken apart in one place."""

from __future__ import annotations

import pytest
from tests.model import wire

from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.protocol.selection import QUOTE, SELECT_APPLET, CardInfo, selected
from ssn_card.protocol.values import StateClass

SERIAL, CHALLENGE = bytes.fromhex("5353000000000042"), bytes(range(8))
ANSWER = SERIAL + bytes.fromhex("01 01 02 03 04 05 A1B2C3D4") + CHALLENGE


def test_the_command_is_the_pages() -> None:
    assert SELECT_APPLET == wire.SELECT


def test_an_answer_is_taken_apart() -> None:
    info, challenge = selected(ANSWER)
    assert (info, challenge) == (CardInfo(SERIAL, ANSWER[QUOTE]), CHALLENGE)
    told = SELECT_ANSWER.decode(ANSWER)
    for name in ("serial", "protocol_version", "debit_key_version", "receipt_key_version", "update_key_version"):
        assert getattr(info, name) == told[name]
    assert (info.override_key_version, info.masked_seq) == (5, 0xA1B2C3D4)
    assert (info.is_ours, info.is_sound, info.state_class) == (True, True, StateClass.PERSONALIZED)


@pytest.mark.parametrize("data", [b"", SERIAL, ANSWER[:-1], ANSWER + b"x", ANSWER[:9]])
def test_what_no_card_of_ours_says(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        selected(data)
    assert caught.value.where == "select_answer"
    for text in caught.value.text:
        assert str(len(data)) in text


@pytest.mark.parametrize("length", [9, 10, 26, 40])
def test_another_version_is_told_whatever_its_length(length: int) -> None:
    info, _ = selected((SERIAL + b"\x02").ljust(length, b"\x00"))
    assert (info.serial, info.protocol_version, info.is_ours) == (SERIAL, 2, False)


@pytest.mark.parametrize(("state", "sound", "is_blank"), [(0, True, True), (1, True, False), (9, False, False)])
def test_a_state_that_there_is_not_is_not_sound(state: int, sound: bool, is_blank: bool) -> None:
    info, _ = selected(ANSWER[:9] + bytes((state,)) + ANSWER[10:])
    assert (info.is_sound, info.state_class is StateClass.BLANK) == (sound, is_blank)
