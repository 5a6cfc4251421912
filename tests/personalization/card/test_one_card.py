# SPDX-License-Identifier: Apache-2.0
"""The keys of the card in hand: each derived once, all in one turn, and gone with the card."""

from __future__ import annotations

import pytest

from ssn_card.keys import KeyProvider, development_keyring
from ssn_card.keys.errors import KeyMissing
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.one_card import OneCardKeys
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel

KEYS = development_keyring()
SERIAL, OTHER = bytes.fromhex("5353000000000001"), bytes.fromhex("5353000000000002")
PLACES = KeyVersions().required()


class Counting(KeyProvider):
    """The development keyring; notes each key that is derived."""

    def __init__(self) -> None:
        self.derived: list[tuple[KeyLabel, int, bytes]] = []

    def labels(self) -> frozenset[KeyLabel]:
        return KEYS.labels()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        return KEYS.versions(label)

    def close(self) -> None:
        raise AssertionError("it is not the card's to close")

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        self.derived.append((label, version, serial))
        return KEYS.diversify(label, version, serial)


def test_each_key_is_the_provider_s_and_is_derived_once() -> None:
    provider = Counting()
    card = OneCardKeys(provider, SERIAL, PLACES)
    assert provider.derived == []  # a card that is only looked at costs nothing
    for _ in range(2):
        for place in PLACES:
            assert card.diversify(*place, SERIAL).value() == KEYS.diversify(*place, SERIAL).value()
    assert provider.derived == [(*place, SERIAL) for place in PLACES]
    assert (card.labels(), card.versions(KeyLabel.DEBIT)) == (KEYS.labels(), KEYS.versions(KeyLabel.DEBIT))


def test_what_was_not_foreseen_is_derived_alone() -> None:
    provider = Counting()
    card = OneCardKeys(provider, SERIAL, PLACES[:1])
    place = PLACES[5]
    assert card.diversify(*place, SERIAL).value() == KEYS.diversify(*place, SERIAL).value()
    assert provider.derived == [(*place, SERIAL)]


def test_another_card_s_key_is_never_the_first_one_s() -> None:
    provider = Counting()
    card = OneCardKeys(provider, SERIAL, PLACES)
    card.diversify(*PLACES[0], SERIAL)
    assert card.diversify(*PLACES[0], OTHER).value() == KEYS.diversify(*PLACES[0], OTHER).value()
    assert card.diversify(*PLACES[0], SERIAL).value() == KEYS.diversify(*PLACES[0], SERIAL).value()


def test_closing_forgets_the_keys_and_not_the_provider() -> None:
    provider = Counting()
    card = OneCardKeys(provider, SERIAL, PLACES)
    card.diversify(*PLACES[0], SERIAL)
    card.close()
    card.close()
    provider.derived.clear()
    card.diversify(*PLACES[0], SERIAL)
    assert len(provider.derived) == len(PLACES)


def test_a_key_that_is_not_held_is_told() -> None:
    with pytest.raises(KeyMissing):
        OneCardKeys(KEYS, SERIAL, [(KeyLabel.DEBIT, 9)]).diversify(KeyLabel.DEBIT, 9, SERIAL)
