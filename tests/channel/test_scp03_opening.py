# SPDX-License-Identifier: Apache-2.0
"""INITIALIZE UPDATE and EXTERNAL AUTHENTICATE: what is accepted, and that everything else is refused by its type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.channel.scp03_card_model import SERIAL, CardModel
from tests.channel.scp03_session import ENC, FULL, HOST_CHALLENGE, MAC, fixed_keys, open_session

from ssn_card.channel import (
    BadCommand,
    CardNotOurs,
    ChannelError,
    ChannelRefused,
    HostRejected,
    KeySet,
    LevelNotSupported,
    MalformedOpening,
    Scp03Session,
    SecurityLevel,
    keys_from,
    serial_of,
    static_keys,
)
from ssn_card.keys import development_keyring
from ssn_card.protocol.labels import KeyLabel


def answering(card: CardModel, number: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A line on which answer ``number`` (0: INITIALIZE UPDATE) is changed."""
    count = iter(range(1000))

    def transmit(apdu: bytes) -> bytes:
        answer = card.transmit(apdu)
        return change(answer) if next(count) == number else answer

    return transmit


def test_opens_and_reports(card: CardModel) -> None:
    session = open_session(card.transmit)
    assert session.alive
    assert session.kvn == 0x30
    assert session.diversification == SERIAL + b"\x00\x00"
    assert session.level == SecurityLevel.C_MAC | SecurityLevel.C_DECRYPTION
    assert repr(session) == "<Scp03Session key version 30, level 03, alive>"


def test_accepts_the_form_with_a_sequence_counter(card: CardModel) -> None:
    card.i, card.sequence_counter = 0x70, b"\x00\x00\x07"
    assert open_session(card.transmit, FULL).alive


def test_kvn_zero_takes_the_cards_choice(card: CardModel) -> None:
    assert open_session(card.transmit, kvn=0).kvn == 0x30


def test_unknown_key_version(card: CardModel) -> None:
    with pytest.raises(ChannelRefused) as caught:
        open_session(card.transmit, kvn=0x31)
    assert caught.value.sw == 0x6A88


@pytest.mark.parametrize("keys", [(bytes(16), MAC), (ENC, bytes(16))])
def test_other_static_keys_are_noticed(keys: tuple[bytes, bytes]) -> None:
    card = CardModel(*keys)
    if keys[1] == MAC:
        # Key-ENC takes no part in authentication; the first encrypted command shows the difference.
        session = open_session(card.transmit)
        card.application = lambda header, data: (b"", 0x9000)
        assert session.send(bytes.fromhex("80E2800001AA"))[1] == 0x6982
        return
    with pytest.raises(CardNotOurs):
        open_session(card.transmit)
    assert len(card.received) == 1  # no host cryptogram for a stranger


@pytest.mark.parametrize("bit", range(31 * 8))
def test_every_changed_bit_of_the_first_answer_is_refused(card: CardModel, bit: int) -> None:
    def flip(answer: bytes) -> bytes:
        return (int.from_bytes(answer, "big") ^ (1 << bit)).to_bytes(len(answer), "big")

    provider = development_keyring()
    issuer = static_keys(provider, KeySet.ISSUER, 1, SERIAL)
    card.enc, card.mac = issuer.enc.value(), issuer.mac.value()
    keys_for = keys_from(provider, {0x30: (KeySet.ISSUER, 1)})
    with pytest.raises(ChannelError):
        Scp03Session.open(answering(card, 0, flip), keys_for, kvn=0x30, level=FULL)
    assert card.level is None


@pytest.mark.parametrize("bit", range(16))
def test_every_changed_bit_of_the_second_answer_is_refused(card: CardModel, bit: int) -> None:
    with pytest.raises((ChannelRefused, HostRejected)):
        open_session(answering(card, 1, lambda answer: (0x9000 ^ (1 << bit)).to_bytes(2, "big")))


@pytest.mark.parametrize("sw", ["6300", "6982"])
def test_host_rejected(card: CardModel, sw: str) -> None:
    with pytest.raises(HostRejected) as caught:
        open_session(answering(card, 1, lambda answer: bytes.fromhex(sw)))
    assert f"{caught.value.sw:04X}" == sw


@pytest.mark.parametrize("answer", ["", "90", "9000", "AA9000", "00" * 28 + "9000", "00" * 30 + "9000"])
def test_malformed_answers(card: CardModel, answer: str) -> None:
    with pytest.raises(MalformedOpening):
        open_session(answering(card, 0, lambda _: bytes.fromhex(answer)))


def test_data_after_authentication_are_malformed(card: CardModel) -> None:
    with pytest.raises(MalformedOpening):
        open_session(answering(card, 1, lambda _: b"\x00\x90\x00"))


@pytest.mark.parametrize("i", [0x70, 0x40, 0x61, 0xE0])
def test_parameter_i_must_fit(card: CardModel, i: int) -> None:
    card.i = i
    with pytest.raises(MalformedOpening):
        open_session(card.transmit)


@pytest.mark.parametrize(("i", "level"), [(0x00, 0x13), (0x00, 0x11), (0x20, 0x33)])
def test_level_the_card_does_not_offer(card: CardModel, i: int, level: int) -> None:
    card.i = i
    with pytest.raises(LevelNotSupported):
        open_session(card.transmit, SecurityLevel(level))
    assert len(card.received) == 1


@pytest.mark.parametrize("level", [0x00, 0x02, 0x10, 0x21, 0x23, 0x31, 0x32, 0x43])
def test_levels_outside_table_7_3(card: CardModel, level: int) -> None:
    with pytest.raises(LevelNotSupported):
        open_session(card.transmit, SecurityLevel(level))
    assert card.received == []


@pytest.mark.parametrize("level", [0x01, 0x11])
def test_encryption_is_the_minimum_by_default(card: CardModel, level: int) -> None:
    with pytest.raises(LevelNotSupported):
        Scp03Session.open(card.transmit, fixed_keys, kvn=0x30, level=SecurityLevel(level))
    assert card.received == []


@pytest.mark.parametrize("kvn", [0x01, 0x7F])
def test_the_first_and_the_last_key_version(card: CardModel, kvn: int) -> None:
    card.kvn = kvn
    assert open_session(card.transmit, kvn=kvn).kvn == kvn


def test_the_key_version_of_a_stranger_is_told() -> None:
    with pytest.raises(CardNotOurs) as caught:
        open_session(CardModel(bytes(16), bytes(16)).transmit)
    assert all(" 30 " in text for text in caught.value.text)


@pytest.mark.parametrize("kvn", [-1, 0x80, 256])
def test_key_version_out_of_range(card: CardModel, kvn: int) -> None:
    with pytest.raises(BadCommand):
        open_session(card.transmit, kvn=kvn)


def test_host_challenges_are_fresh(card: CardModel) -> None:
    for _ in range(2):
        Scp03Session.open(card.transmit, fixed_keys, kvn=0x30)
    challenges = {received[5:13] for received in card.received if received[1] == 0x50}
    assert len(challenges) == 2
    assert HOST_CHALLENGE not in challenges


def test_keys_come_from_the_provider_by_serial() -> None:
    provider = development_keyring()
    keys = keys_from(provider, {0x30: (KeySet.ISSUER, 1), 0x31: (KeySet.REGISTRY, 2)})(SERIAL + b"\x00\x00", 0x31)
    assert keys.enc.value() == provider.diversify(KeyLabel.REGISTRY_ENC, 2, SERIAL).value()
    assert keys.mac.value() == provider.diversify(KeyLabel.REGISTRY_MAC, 2, SERIAL).value()
    assert keys.dek.value() == provider.diversify(KeyLabel.REGISTRY_DEK, 2, SERIAL).value()
    with pytest.raises(CardNotOurs):
        keys_from(provider, {0x30: (KeySet.ISSUER, 1)})(SERIAL + b"\x00\x00", 0x31)


@pytest.mark.parametrize("diversification", [b"", SERIAL, SERIAL + b"\x00\x01", SERIAL + b"\x00\x00\x00"])
def test_foreign_diversification_data(diversification: bytes) -> None:
    with pytest.raises(CardNotOurs):
        serial_of(diversification)
