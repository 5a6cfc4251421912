# SPDX-License-Identifier: Apache-2.0
"""The identity block: there and back, its exact bytes, and every block that nobody made."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.identity import IdentityError, name_on_card
from ssn_card.personalization.intake.identity import Identity, identity_block, parse_identity_block
from ssn_card.personalization.intake.nik import FamilyNumber, Nik
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layouts import MAX_IDENTITY as BLOCK_MAX
from ssn_card.protocol.values import MAX_NAME as NAME_MAX

NIK = Nik("6472017105639001")
KK = FamilyNumber("6472012802109001")
BLOCK = bytes.fromhex("6472017105639001 6472012802109001 647201 0003 0e") + b"Rahmah Pratama"

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120).filter(lambda n: n.strip())
IDENTITIES = st.builds(
    Identity,
    nik=st.integers(1, 9999).map(lambda serial: Nik(f"647201710563{serial:04}")),
    kk=st.integers(0, 9999).map(lambda serial: FamilyNumber(f"647201280210{serial:04}")),
    region_code=st.integers(0, 999999).map(lambda n: f"{n // 10000:02}.{n // 100 % 100:02}.{n % 100:02}"),
    kelurahan_ordinal=st.integers(1, 9999),
    name=NAMES,
)


def test_exact_bytes() -> None:
    person = Identity(NIK, KK, "64.72.01", 3, "Rahmah Pratama")
    assert identity_block(person) == BLOCK
    assert parse_identity_block(BLOCK) == person


def test_the_last_place_of_a_kelurahan() -> None:
    person = Identity(NIK, KK, "64.72.01", 9999, "A")
    assert parse_identity_block(identity_block(person)) == person


@given(IDENTITIES)
def test_there_and_back(person: Identity) -> None:
    block = identity_block(person)
    assert len(block) <= BLOCK_MAX
    back = parse_identity_block(block)
    assert back == Identity(
        person.nik, person.kk, person.region_code, person.kelurahan_ordinal, name_on_card(person.name)
    )
    assert identity_block(back) == block


def assert_inverse(data: bytes) -> None:
    """Either a typed refusal, or a person whose block is these very bytes."""
    try:
        person = parse_identity_block(data)
    except InputError:
        return
    assert identity_block(person) == data


@given(st.binary(max_size=80))
def test_any_bytes_are_a_block_or_a_typed_refusal(data: bytes) -> None:
    assert_inverse(data)


@given(st.integers(0, len(BLOCK) - 1), st.integers(1, 255))
def test_a_changed_byte_never_breaks_the_inverse(place: int, change: int) -> None:
    data = bytearray(BLOCK)
    data[place] ^= change
    assert_inverse(bytes(data))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        BLOCK[:-1],
        BLOCK + b"x",
        BLOCK[:21] + b"\x00",
        BLOCK[:21] + b"\x29" + b"a" * 41,
        b"\x6a" + BLOCK[1:],
        BLOCK[:19] + b"\x00\x00" + BLOCK[21:],
        BLOCK[:21] + b"\x02\xc3\x28",
        BLOCK[:21] + b"\x02 a",
        BLOCK[:21] + b"\x03e\xcc\x81",  # é in two characters
    ],
)
def test_refused_blocks(block: bytes) -> None:
    with pytest.raises(IdentityError) as caught:
        parse_identity_block(block)
    assert caught.value.text.en.startswith("identity block: ")
    assert caught.value.text.id.startswith("blok identitas: ")


@pytest.mark.parametrize(
    "person",
    [
        Identity(NIK, KK, "64.72.1", 3, "A"),
        Identity(NIK, KK, "64.72.٠١", 3, "A"),
        Identity(NIK, KK, "64.72.01", 0, "A"),
        Identity(NIK, KK, "64.72.01", 10_000, "A"),
        Identity(NIK, KK, "64.72.01", 3, "  "),
        Identity(NIK, KK, "64.72.01", 3, "A\ud800"),
        Identity(NIK, KK, "64.72.01", 3, "\udfffA"),
    ],
)
def test_persons_that_do_not_fit(person: Identity) -> None:
    with pytest.raises(IdentityError) as caught:
        identity_block(person)
    assert caught.value.__context__ is None


@given(NAMES)
def test_shortened_names(name: str) -> None:
    short = name_on_card(name)
    assert 0 < len(short.encode()) <= NAME_MAX
    assert name_on_card(short) == short
    assert unicodedata.normalize("NFC", " ".join(name.split())).startswith(short)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Rahmah", "Rahmah"),
        ("a" * 40, "a" * 40),
        ("a" * 41, "a" * 40),
        ("Raden Ayu Kusumaningrum Tangdilintin Pongoh Simanjuntak", "Raden Ayu Kusumaningrum Tangdilintin"),
        ("Raden Ayu Kusumaningrum Tangdilintin Bin Abdurrahman", "Raden Ayu Kusumaningrum Tangdilintin Bin"),
        ("Siti " + "a" * 50, "Siti " + "a" * 35),  # the last word that fits would leave too little
        ("a" * 20 + " " + "b" * 30, "a" * 20),
        ("a" * 19 + " " + "b" * 30, "a" * 19 + " " + "b" * 20),
        ("Li q" + "\N{COMBINING DOT BELOW}" * 40, "Li"),  # no letter with half its accents, and no blank at the end
        ("a" * 39 + "é", "a" * 39),
        ("a" * 39 + "q\N{COMBINING DOT BELOW}", "a" * 39),
        ("Zoe\N{COMBINING ACUTE ACCENT}", "Zoé"),
    ],
)
def test_where_a_name_is_cut(name: str, short: str) -> None:
    assert name_on_card(name) == short


def test_repr_hides_the_person() -> None:
    shown = repr(parse_identity_block(BLOCK))
    assert "64.72.01" in shown
    assert "Rahmah" not in shown
    assert NIK.digits not in shown
