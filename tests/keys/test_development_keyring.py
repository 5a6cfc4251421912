# SPDX-License-Identifier: Apache-2.0
"""The published development keys, and what every provider checks."""

from __future__ import annotations

import hashlib

import pytest

from ssn_card.keys import KeyMissing, ProviderClosed, development_keyring
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel

SERIAL = bytes.fromhex("5353000000000042")


def test_keys_follow_from_the_public_phrase() -> None:
    phrase = b"SSN Card DEVELOPMENT keys, published, never for a real card: ISSUER-ENC v2"
    master = SecretKey(hashlib.sha256(phrase).digest()[:16])
    key = development_keyring().diversify(KeyLabel.ISSUER_ENC, 2, SERIAL)
    assert key.value() == master.cmac(b"\x00\x00\x00\x01ISSUER-ENC\x00" + SERIAL + b"\x00\x00\x00\x80")


def test_all_keys_differ() -> None:
    provider = development_keyring((1, 2))
    values = {
        provider.diversify(label, version, serial).value()
        for label in provider.labels()
        for version in provider.versions(label)
        for serial in (SERIAL, bytes(8))
    }
    assert len(values) == len(KeyLabel) * 2 * 2


def test_reports_what_it_holds() -> None:
    provider = development_keyring((3, 1, 3))
    assert provider.labels() == frozenset(KeyLabel)
    assert provider.versions(KeyLabel.DEBIT) == (1, 3)
    assert "DEVELOPMENT" in repr(provider)
    with pytest.raises(KeyMissing) as caught:
        provider.diversify(KeyLabel.DEBIT, 2, SERIAL)
    assert (caught.value.label, caught.value.version) == (KeyLabel.DEBIT, 2)
    assert caught.value.describe("id") != caught.value.describe("en")


@pytest.mark.parametrize("version", [0, 256, -1])
def test_versions_out_of_range(version: int) -> None:
    with pytest.raises(InputError):
        development_keyring().diversify(KeyLabel.DEBIT, version, SERIAL)
    with pytest.raises(InputError):
        development_keyring((version,))


@pytest.mark.parametrize("serial", [b"", bytes(7), bytes(9), bytes(10)])
def test_serials_of_another_length(serial: bytes) -> None:
    with pytest.raises(InputError):
        development_keyring().diversify(KeyLabel.DEBIT, 1, serial)


def test_closing_drops_the_keys() -> None:
    with development_keyring() as provider:
        assert provider.check_value(KeyLabel.DEBIT, 1)
    provider.close()
    for use in (
        provider.labels,
        lambda: provider.versions(KeyLabel.DEBIT),
        lambda: provider.diversify(KeyLabel.DEBIT, 1, SERIAL),
    ):
        with pytest.raises(ProviderClosed):
            use()
    assert "DEVELOPMENT" in repr(provider)
