# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC, key derivation and key check values against NIST's published values."""

from __future__ import annotations

import copy
import pickle

import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol.crypto import SecretKey, kdf_input, macs_equal

# NIST SP 800-38B, appendix D.1 (AES-128), as in the updated examples of the CSRC web site.
CMAC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
CMAC_TEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
CMAC_EXAMPLES = [
    (0, "bb1d6929e95937287fa37d129b756746"),
    (16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (40, "dfa66747de9ae63030ca32611497c827"),
    (64, "51f0bebf7e3b9d92fc49741779363cfe"),
]

# NIST CAVP "SP800-108 - KDF", CAVS 14.4, [PRF=CMAC_AES128] [CTRLOCATION=BEFORE_FIXED] [RLEN=32_BITS], counts 0 to 2,
# from pyca/cryptography, vectors/cryptography_vectors/KDF/nist-800-108-KBKDF-CTR.txt: KI, FixedInputData, KO.
KBKDF_EXAMPLES = [
    (
        "c10b152e8c97b77e18704e0f0bd38305",
        "98cd4cbbbebe15d17dc86e6dbad800a2dcbd64f7c7ad0e78e9cf94ffdba8"
        "9d03e97eadf6c4f7b806caf52aa38f09d0eb71d71f497bcc6906b48d36c4",
        "26faf61908ad9ee881b8305c221db53f",
    ),
    (
        "e8d17992e2d4ae357ea4aed0b2b0999d",
        "99cc1e086cc9ff55e017f42b824f3b4e624e8398ea6d9e2ae680679058471"
        "a34c375cd2c3c30624b147750ee9aac3e3646c6231e5792575d3ffabe2f",
        "0afb1efa155325a3fdd3e91262c0832a",
    ),
    (
        "c4ad9d487d1210f11e550c7142a81e3b",
        "996b015638d704d416bf529e8df1937294ed8d06f5ce9cb416905663a8958"
        "344da04d311e41ed48077551b69b7234482fd8e8d2263241c60558194a2",
        "35124976f21c6de9d1c10ac256b9ca0b",
    ),
]

KEYS = st.binary(min_size=16, max_size=16)


@pytest.mark.parametrize(("length", "mac"), CMAC_EXAMPLES)
def test_cmac_of_sp_800_38b(length: int, mac: str) -> None:
    key = SecretKey(CMAC_KEY)
    assert key.cmac(CMAC_TEXT[:length]).hex() == mac
    assert key.mac8(CMAC_TEXT[:length]).hex() == mac[:16]
    assert key.verify_mac8(CMAC_TEXT[:length], bytes.fromhex(mac[:16]))


@pytest.mark.parametrize("bit", range(64))
def test_a_changed_mac_does_not_verify(bit: int) -> None:
    key = SecretKey(CMAC_KEY)
    wrong = (int.from_bytes(key.mac8(CMAC_TEXT), "big") ^ (1 << bit)).to_bytes(8, "big")
    assert not key.verify_mac8(CMAC_TEXT, wrong)
    assert not macs_equal(key.mac8(CMAC_TEXT), wrong)


@pytest.mark.parametrize("length", [0, 7, 9, 16])
def test_a_mac_of_another_length_does_not_verify(length: int) -> None:
    key = SecretKey(CMAC_KEY)
    assert not key.verify_mac8(b"", key.cmac(b"")[:length])


@pytest.mark.parametrize(("middles", "found"), [("09", True), ("90", True), ("19", False), ("", False)])
def test_one_of_several_middles_is_found_by_the_mac_of_all(middles: str, found: bool) -> None:
    key = SecretKey(CMAC_KEY)
    tried = [middle.encode() for middle in middles]
    assert key.verifies_one(b"begin", tried, b"end", key.mac8(b"begin0end")) == found


@pytest.mark.parametrize(("ki", "fixed", "ko"), KBKDF_EXAMPLES)
def test_counter_mode_of_the_nist_validation_vectors(ki: str, fixed: str, ko: str) -> None:
    """The mode: one CMAC over a 32-bit counter of 1 and the fixed input."""
    assert SecretKey(bytes.fromhex(ki)).cmac(b"\x00\x00\x00\x01" + bytes.fromhex(fixed)).hex() == ko


@given(KEYS, st.binary(min_size=1, max_size=24), st.binary(min_size=8, max_size=8))
def test_derive_is_sp_800_108_counter_mode(key: bytes, label: bytes, serial: bytes) -> None:
    """The layout of the fixed input: label | 00 | context | L, as ``cryptography`` composes it."""
    kdf = KBKDFCMAC(
        algorithm=algorithms.AES,
        mode=Mode.CounterMode,
        length=16,
        rlen=4,
        llen=4,
        location=CounterLocation.BeforeFixed,
        label=label,
        context=serial,
        fixed=None,
    )
    derived = SecretKey(key).derive(label, serial, "DEBIT v1")
    assert derived.value() == kdf.derive(key)
    assert derived.name == "DEBIT v1"


def test_a_derived_key_has_its_own_name() -> None:
    assert SecretKey(CMAC_KEY, "DEBIT master").derive(b"DEBIT", bytes(8), "DEBIT v1").name == "DEBIT v1"


def test_kdf_input_is_laid_out_as_documented() -> None:
    assert (
        kdf_input(b"DEBIT", bytes(range(8))).hex() == "00000001" + "4445424954" + "00" + "0001020304050607" + "00000080"
    )


def test_key_check_value() -> None:
    """GPC 2.3.1 section B.6; FIPS 197 appendix C.1 gives the block cipher itself."""
    key = SecretKey(bytes(range(16)))
    assert (
        key.encrypt_cbc(bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
    )
    assert key.kcv() == key.encrypt_cbc(b"\x01" * 16)[:3]


@given(KEYS, st.binary(max_size=64), st.binary(min_size=16, max_size=16))
def test_cbc_is_its_own_inverse(key: bytes, data: bytes, iv: bytes) -> None:
    data += bytes(-len(data) % 16)
    secret = SecretKey(key)
    assert secret.decrypt_cbc(secret.encrypt_cbc(data, iv), iv) == data


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_key_of_another_length_is_refused_without_showing_it(length: int) -> None:
    with pytest.raises(ValueError, match="DEBIT v1") as caught:
        SecretKey(b"\xa5" * length, "DEBIT v1")
    assert "a5" not in str(caught.value)


def test_a_key_without_a_label_is_a_key() -> None:
    assert repr(SecretKey(bytes(16))) == "<SecretKey key>"


def test_a_key_shows_copies_and_pickles_nothing() -> None:
    key = SecretKey(bytes(range(0xA0, 0xB0)), "DEBIT v1")
    for shown in (repr(key), str(key), f"{key}", repr([key]), repr({"key": key})):
        assert "DEBIT v1" in shown
        assert "a0a1" not in shown.lower()
        assert "\\xa0" not in shown
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(key)
    assert not {key, SecretKey(key.value())} & {SecretKey(key.value())}  # compared by identity, never by value
    with pytest.raises(AttributeError):
        key.extra = 1  # type: ignore[attr-defined]
