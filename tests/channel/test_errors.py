# SPDX-License-Identifier: Apache-2.0
"""The figures in the errors of a secure channel, in both languages."""

from __future__ import annotations

import pytest

from ssn_card.channel import CardNotOurs, ChannelRefused, CommandTooLong, HostRejected, SecureChannelDead, keys_from
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


def test_the_cause_of_death_is_told() -> None:
    assert SecureChannelDead(Text("it was old.", "sudah tua.")).text == (
        "This secure channel has ended and cannot be used again: it was old.",
        "Saluran aman ini sudah berakhir dan tidak dapat dipakai lagi: sudah tua.",
    )


def test_a_key_version_that_we_hold_no_keys_for_is_told() -> None:
    with pytest.raises(CardNotOurs) as caught:
        keys_from(development_keyring(), {})(bytes(10), 0x3C)
    assert all("3C" in text for text in caught.value.text)
