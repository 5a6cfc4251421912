# SPDX-License-Identifier: Apache-2.0
"""The figures in the errors of a secure channel, in both languages."""

from __future__ import annotations

import pytest

from ssn_card.channel import (
    MINIMUM_LEVEL,
    BadCommand,
    CardNotOurs,
    ChannelRefused,
    CommandTooLong,
    HostRejected,
    LevelNotSupported,
    MalformedOpening,
    SecureChannelDead,
    SecurityLevel,
    keys_from,
)
from ssn_card.channel.apdu import parse_command
from ssn_card.channel.levels import check_level, check_offered
from ssn_card.channel.opening import parse_initialize_update
from ssn_card.channel.scp03 import _authenticated
from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import Text


def test_status_words_are_told() -> None:
    rejected, refused = HostRejected(0x6300), ChannelRefused("INITIALIZE UPDATE", 0x6A88)
    assert (rejected.sw, refused.sw, refused.where) == (0x6300, 0x6A88, "INITIALIZE UPDATE")
    assert all("6300" in text for text in rejected.text)
    assert all("6A88" in text and "INITIALIZE UPDATE" in text for text in refused.text)


def test_lengths_are_told() -> None:
    error = CommandTooLong(300, 111)
    assert (error.length, error.limit) == (300, 111)
    assert all("300" in text and "111" in text for text in error.text)


def test_a_command_that_is_none_is_told() -> None:
    with pytest.raises(BadCommand) as caught:
        parse_command(b"\x00\xa4")
    assert "at least 4 bytes, not 2" in caught.value.text.en
    assert "minimal 4 byte" in caught.value.text.id


def test_lengths_of_a_command_are_told_and_its_le_is_read() -> None:
    with pytest.raises(BadCommand) as caught:
        parse_command(bytes.fromhex("80e2000003aa"))
    assert "Lc is 3, but 1 bytes" in caught.value.text.en
    assert "Lc bernilai 3, tetapi diikuti 1 byte" in caught.value.text.id
    assert parse_command(bytes.fromhex("80ca000010")).le == 0x10


ANSWER = bytes(10) + bytes.fromhex("300360") + bytes(16) + b"\x90\x00"


@pytest.mark.parametrize(
    ("answer", "figures"),
    [
        (ANSWER[1:], ("28 by", "29", "32")),
        (bytes(10) + bytes.fromhex("300260") + ANSWER[13:], ("SCP02", "SCP03")),
        (bytes(10) + bytes.fromhex("310360") + ANSWER[13:], ("30", "31")),
        (bytes(10) + bytes.fromhex("3003E0") + ANSWER[13:], (" E0",)),
    ],
)
def test_what_is_wrong_with_an_opening_is_told(answer: bytes, figures: tuple[str, ...]) -> None:
    assert parse_initialize_update(ANSWER, 0x30).i == 0x60
    with pytest.raises(MalformedOpening) as caught:
        parse_initialize_update(answer, 0x30)
    assert all(figure in text for figure in figures for text in caught.value.text)


def test_the_command_that_was_refused_is_told() -> None:
    with pytest.raises(ChannelRefused) as caught:
        parse_initialize_update(b"\x6a\x88", 0x30)
    assert caught.value.where == "INITIALIZE UPDATE"
    with pytest.raises(ChannelRefused) as caught:
        _authenticated(b"\x6f\x00")
    assert caught.value.where == "EXTERNAL AUTHENTICATE"


def test_levels_are_told() -> None:
    with pytest.raises(LevelNotSupported) as undefined:
        check_level(SecurityLevel.R_MAC, SecurityLevel.C_MAC)
    assert all(" 10." in text for text in undefined.value.text)
    with pytest.raises(LevelNotSupported) as low:
        check_level(SecurityLevel.C_MAC, MINIMUM_LEVEL)
    assert all(" 01 " in text and " 03." in text for text in low.value.text)
    with pytest.raises(LevelNotSupported) as offered:
        check_offered(SecurityLevel(0x33), 0x20)
    assert all("(i = 20)" in text and "33" in text for text in offered.value.text)


@pytest.mark.parametrize(
    ("level", "i", "offered"),
    [
        (0x03, 0x00, True),
        (0x13, 0x20, True),
        (0x13, 0x60, True),
        (0x33, 0x60, True),
        (0x13, 0x00, False),
        (0x13, 0x40, False),
        (0x33, 0x20, False),
    ],
)
def test_a_level_needs_only_what_it_uses(level: int, i: int, offered: bool) -> None:
    if offered:
        check_offered(SecurityLevel(level), i)
    else:
        with pytest.raises(LevelNotSupported):
            check_offered(SecurityLevel(level), i)


def test_the_cause_of_death_is_told() -> None:
    assert SecureChannelDead(Text("it was old.", "sudah tua.")).text == (
        "This secure channel has ended and cannot be used again: it was old.",
        "Saluran aman ini sudah berakhir dan tidak dapat dipakai lagi: sudah tua.",
    )


def test_a_key_version_that_we_hold_no_keys_for_is_told() -> None:
    with pytest.raises(CardNotOurs) as caught:
        keys_from(development_keyring(), {})(bytes(10), 0x3C)
    assert all("3C" in text for text in caught.value.text)
