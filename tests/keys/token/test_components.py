# SPDX-License-Identifier: Apache-2.0
"""Components of a key: what custodians type."""

from __future__ import annotations

import pickle

import hypothesis.strategies as st
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given

from ssn_card.keys.check_value import check_value
from ssn_card.keys.token.components import BACKUP_LENGTH, MASTER_LENGTH, Component, combined
from ssn_card.keys.token.errors import BadComponent

ONE, TWO = Component(bytes(range(16))), Component(b"\x80" * 16)


def test_a_check_value_as_others_have_it() -> None:
    """AES-CMAC over a block of zeros is AES of the first subkey, which RFC 4493 tells of its example's key."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    subkey = bytes.fromhex("fbeed618357133667c85e08f7236a8de")  # K1 of RFC 4493, section 4
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 one block
    assert check_value(key) == encryptor.update(subkey)[:3]


@given(st.lists(st.binary(min_size=16, max_size=16).filter(any), min_size=2, max_size=3, unique=True))
def test_the_key_is_all_of_them(values: list[bytes]) -> None:
    expected = 0
    for value in values:
        expected ^= int.from_bytes(value)
    components = [Component(value) for value in values]
    if not expected:
        with pytest.raises(BadComponent):
            combined(components, "key")
    else:
        assert combined(components, "key").value() == expected.to_bytes(16)


def test_typed_in_groups() -> None:
    digits = ONE.value().hex().upper()
    grouped = " ".join(digits[at : at + 4] for at in range(0, 32, 4))
    assert Component.typed(grouped, f" {ONE.kcv.hex()} ", MASTER_LENGTH, "x").value() == ONE.value()


@pytest.mark.parametrize(
    ("digits", "kcv", "length", "why"),
    [
        ("", "000000", MASTER_LENGTH, "32 hexadecimal digits"),
        (ONE.value().hex()[:-1], ONE.kcv.hex(), MASTER_LENGTH, "32 hexadecimal digits"),
        (ONE.value().hex()[:-1] + "g", ONE.kcv.hex(), MASTER_LENGTH, "32 hexadecimal digits"),
        (ONE.value().hex(), ONE.kcv.hex(), BACKUP_LENGTH, "64 hexadecimal digits"),
        (ONE.value().hex(), ONE.kcv.hex()[:4], MASTER_LENGTH, "6 hexadecimal digits"),
        (ONE.value().hex(), TWO.kcv.hex(), MASTER_LENGTH, "check value is another"),
        ("00" * 16, check_value(bytes(16)).hex(), MASTER_LENGTH, "all zeros"),
    ],
)
def test_what_is_no_component(digits: str, kcv: str, length: int, why: str) -> None:
    with pytest.raises(BadComponent) as caught:
        Component.typed(digits, kcv, length, "DEBIT v1, custodian 2")
    assert why in caught.value.text.en
    assert caught.value.where == "DEBIT v1, custodian 2"
    assert not digits or digits not in str(caught.value) + repr(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize("components", [[], [ONE], [ONE, ONE], [ONE, TWO, ONE], [ONE, Component(bytes(32))], [ONE] * 4])
def test_what_is_no_key_of_custodians(components: list[Component]) -> None:
    with pytest.raises(BadComponent):
        combined(components, "key")


def test_it_shows_nothing() -> None:
    assert ONE.value().hex() not in repr(ONE) + str(ONE)
    with pytest.raises(TypeError):
        pickle.dumps(ONE)
    assert Component.random(32).value() != Component.random(32).value()
