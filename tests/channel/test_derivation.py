# SPDX-License-Identifier: Apache-2.0
"""Session keys and cryptograms against the independent reference and against fixed values of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.channel import scp03_reference as ref

from ssn_card.channel.derivation import (
    Derivation,
    card_cryptogram,
    derivation_input,
    host_cryptogram,
    session_keys,
)
from ssn_card.protocol.crypto import SecretKey

KEYS = st.binary(min_size=16, max_size=16)
CHALLENGES = st.binary(min_size=8, max_size=8)


def test_derivation_input_is_laid_out_as_section_4_1_5() -> None:
    assert derivation_input(Derivation.S_ENC, 128, bytes(range(16))).hex() == (
        "0000000000000000000000" + "04" + "00" + "0080" + "01" + "000102030405060708090a0b0c0d0e0f"
    )
    assert derivation_input(Derivation.HOST_CRYPTOGRAM, 64, b"").hex() == "00" * 11 + "01" + "00" + "0040" + "01"


@given(KEYS, KEYS, CHALLENGES, CHALLENGES)
def test_session_keys_and_cryptograms_agree_with_the_reference(
    enc: bytes, mac: bytes, host: bytes, card: bytes
) -> None:
    keys = session_keys(SecretKey(enc), SecretKey(mac), host, card)
    context = host + card
    assert keys.enc.value() == ref.derive(enc, 0x04, 16, context)
    assert keys.mac.value() == ref.derive(mac, 0x06, 16, context)
    assert keys.rmac.value() == ref.derive(mac, 0x07, 16, context)
    assert card_cryptogram(keys.mac, host, card) == ref.derive(keys.mac.value(), 0x00, 8, context)
    assert host_cryptogram(keys.mac, host, card) == ref.derive(keys.mac.value(), 0x01, 8, context)


def test_session_keys_show_no_value() -> None:
    keys = session_keys(SecretKey(b"E" * 16), SecretKey(b"M" * 16), bytes(8), bytes(8))
    shown = repr(keys)
    assert "S_RMAC" in shown
    for key in keys:
        assert key.value().hex() not in shown
        assert repr(key.value()) not in shown
