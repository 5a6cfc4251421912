# SPDX-License-Identifier: Apache-2.0
"""Keys of many cards at once are those that each card gets alone, and show themselves as little."""

from __future__ import annotations

import copy
import pickle
import time
from pathlib import Path
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from ssn_card.keys import (
    CardKeyFile,
    KeyBlock,
    KeyMissing,
    KeyProvider,
    KeyringDamaged,
    ProviderClosed,
    SoftwareKeyring,
    development_keyring,
    export_receipt_keys,
)
from ssn_card.keys.bulk import _STEP, derive_many
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel

PASSWORD = "gula satu kilo"
BANK = development_keyring()


def one_by_one(provider: KeyProvider, label: KeyLabel, version: int, serials: list[bytes]) -> tuple[bytes, bytes]:
    """Keys and mask, by the way that a terminal takes."""
    values, missing = [], []
    for serial in serials:
        try:
            values.append(provider.diversify(label, version, serial).value())
            missing.append(0)
        except KeyMissing:
            values.append(bytes(16))
            missing.append(1)
    return b"".join(values), bytes(missing)


class OneByOne(KeyProvider):
    """A provider that knows nothing of many keys; of odd serials it has none."""

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        if serial[-1] % 2:
            raise KeyMissing(label, version, "here")
        return BANK.diversify(label, version, serial)

    def labels(self) -> frozenset[KeyLabel]:
        return BANK.labels()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        return BANK.versions(label)

    def close(self) -> None:
        """Holds nothing."""


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KeyLabel), st.sampled_from((1, 2)), st.lists(st.binary(min_size=8, max_size=8), max_size=40))
def test_out_of_masters_each_is_its_cards_own(label: KeyLabel, version: int, serials: list[bytes]) -> None:
    block = BANK.diversify_many(label, version, b"".join(serials))
    assert (block.value(), block.missing) == one_by_one(BANK, label, version, serials)
    assert len(block) == len(serials)


@pytest.mark.parametrize("length", range(1, 45))
def test_whatever_the_length_of_the_label(length: int) -> None:
    """One to four blocks; the last one whole or not, the serial within one or across two."""
    random = Random(length)
    master = SecretKey(random.randbytes(16))
    label, serials = random.randbytes(length), [random.randbytes(8) for _ in range(3)]
    expected = b"".join(master.derive(label, serial, "key").value() for serial in serials)
    assert derive_many(master, label, b"".join(serials)) == expected


@pytest.mark.parametrize("first", range(2))
def test_the_subkey_is_reduced_where_it_must_be(first: int) -> None:
    """SP 800-38B: doubling a block whose first bit is set takes another way; masters of either kind."""
    random = Random(7)
    master = next(
        key
        for key in (SecretKey(random.randbytes(16)) for _ in range(100))
        if key.encrypt_cbc(bytes(16))[0] >> 7 == first
    )
    for label in (b"RECEIPT", b"FIFTEEN BYTES.."):
        assert derive_many(master, label, bytes(8)) == master.derive(label, bytes(8), "key").value()


def test_more_cards_than_go_through_at_once() -> None:
    serials = [number.to_bytes(8, "big") for number in range(2 * _STEP + 3)]
    value = BANK.diversify_many(KeyLabel.RECEIPT, 1, b"".join(serials)).value()
    for at in (0, 1, _STEP - 1, _STEP, 2 * _STEP - 1, 2 * _STEP, 2 * _STEP + 2):
        assert value[16 * at : 16 * at + 16] == BANK.diversify(KeyLabel.RECEIPT, 1, serials[at]).value()
    assert len(value) == 16 * len(serials)


def test_a_version_that_is_not_held_is_missing_for_all(tmp_path: Path) -> None:
    with SoftwareKeyring.create(tmp_path / "keyring.json", PASSWORD, labels=[KeyLabel.RECEIPT]) as keyring:
        block = keyring.diversify_many(KeyLabel.RECEIPT, 2, bytes(24))
        assert (block.value(), block.missing) == (bytes(48), b"\1\1\1")
        assert keyring.diversify_many(KeyLabel.DEBIT, 1, bytes(8)).missing == b"\1"
        assert keyring.diversify_many(KeyLabel.RECEIPT, 1, bytes(8)).missing == b"\0"


def test_a_provider_that_knows_one_card_at_a_time() -> None:
    serials = [number.to_bytes(8, "big") for number in range(6)]
    block = OneByOne().diversify_many(KeyLabel.RECEIPT, 1, b"".join(serials))
    assert (block.value(), block.missing) == one_by_one(OneByOne(), KeyLabel.RECEIPT, 1, serials)
    assert block.missing == b"\0\1\0\1\0\1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "receipt-keys.jsonl"
    export_receipt_keys(BANK, [number.to_bytes(8, "big") for number in (3, 1, 2)], [2, 1], path, PASSWORD)
    return path


def test_out_of_an_auditors_file_those_listed(path: Path) -> None:
    serials = [number.to_bytes(8, "big") for number in (2, 9, 3, 2, 1, 8)]
    with CardKeyFile.open(path, PASSWORD) as keys:
        for version in (1, 2, 3):
            block = keys.diversify_many(KeyLabel.RECEIPT, version, b"".join(serials))
            assert (block.value(), block.missing) == one_by_one(keys, KeyLabel.RECEIPT, version, serials)
            assert block.missing == (b"\1" * 6 if version == 3 else b"\0\1\0\0\0\1")
        assert keys.diversify_many(KeyLabel.DEBIT, 1, serials[0]).missing == b"\1"


def test_a_sealed_key_that_was_changed_is_no_missing_one(path: Path) -> None:
    with CardKeyFile.open(path, PASSWORD) as keys:
        place = (3).to_bytes(8, "big") + b"\1RECEIPT"
        keys._sealed[place] = keys._sealed[place][:-1] + bytes((keys._sealed[place][-1] ^ 1,))
        assert keys.diversify_many(KeyLabel.RECEIPT, 1, (2).to_bytes(8, "big")).missing == b"\0"
        with pytest.raises(KeyringDamaged) as caught:
            keys.diversify_many(KeyLabel.RECEIPT, 1, place[:8])
    assert caught.value.where == f"{path}: RECEIPT v1 of 0000000000000003"


@pytest.mark.parametrize(("version", "serials", "where"), [(0, 8, "version"), (256, 8, "version"), (1, 9, "serials")])
def test_what_is_no_version_or_no_serial_is_refused(version: int, serials: int, where: str) -> None:
    for provider in (BANK, OneByOne()):
        with pytest.raises(InputError) as caught:
            provider.diversify_many(KeyLabel.RECEIPT, version, bytes(serials))
        assert caught.value.where == where


def test_a_closed_provider_answers_nothing(path: Path) -> None:
    masters, listed = development_keyring(), CardKeyFile.open(path, PASSWORD)
    for provider in (masters, listed):
        provider.close()
        for serials in (b"", bytes(8)):
            with pytest.raises(ProviderClosed):
                provider.diversify_many(KeyLabel.RECEIPT, 1, serials)


def test_no_cards_have_no_keys() -> None:
    for provider in (BANK, OneByOne()):
        block = provider.diversify_many(KeyLabel.RECEIPT, 1, b"")
        assert (block.value(), block.missing, len(block)) == (b"", b"", 0)


def test_a_block_shows_no_key() -> None:
    block = KeyBlock(b"secret key bytes" * 3, b"\0\1\0", "RECEIPT v1")
    assert repr(block) == str(block) == "<KeyBlock RECEIPT v1: 3 cards, 1 without a key>"
    for way in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not serialised"):
            way(block)


def test_a_block_has_a_key_for_each_card() -> None:
    with pytest.raises(ValueError, match="RECEIPT v1: 2 keys have 32 bytes, got 16"):
        KeyBlock(bytes(16), bytes(2), "RECEIPT v1")


def test_many_keys_take_a_fraction_of_the_time_of_each() -> None:
    """Much slower than it is, by a crowded machine's clock; much faster than one by one."""
    begun = time.process_time()
    BANK.diversify_many(KeyLabel.RECEIPT, 1, Random(1).randbytes(8 * 100_000))
    assert time.process_time() - begun < 0.5
