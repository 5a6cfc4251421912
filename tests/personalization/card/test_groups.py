# SPDX-License-Identifier: Apache-2.0
"""Data groups: what a card needs, each whole in one block, in few blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.keys import development_keyring
from ssn_card.personalization.card.groups import KeyVersions, data_groups, packed, store_data_commands
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.groups import DGI_CARD_DATA, DGI_IDENTITY, DGI_KEYS, DGI_PIN
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import MAX_IDENTITY, WRAPPED_KEY

SERIAL = bytes.fromhex("0102030405060708")
ID = bytes.fromhex("0000000000000001")
ROOM = 111  #: bytes of one encrypted command
DEK = SecretKey(bytes(range(16)), "DEK")


def groups_of(identity: bytes, versions: KeyVersions | None = None) -> tuple[bytes, ...]:
    wrap = lambda key: DEK.encrypt_cbc(key.value())  # noqa: E731
    return data_groups(SERIAL, ID, identity, development_keyring(), wrap, versions or KeyVersions())


def by_dgi(groups: tuple[bytes, ...]) -> dict[int, bytes]:
    return {int.from_bytes(group[:2], "big"): group[3 : 3 + group[2]] for group in groups}


def test_every_group_once_with_its_content() -> None:
    found = by_dgi(groups_of(b"identity"))
    assert set(found) == {DGI_CARD_DATA, DGI_IDENTITY, *(DGI_KEYS + slot for slot in range(3, 17))}
    assert found[DGI_CARD_DATA] == SERIAL + ID
    assert found[DGI_IDENTITY] == b"identity"


@pytest.mark.parametrize(("slot", "label", "version"), [(3, "ISSUER_ENC", 1), (13, "DEBIT", 2), (14, "DEBIT", 5)])
def test_keys_are_this_cards_in_their_versions(slot: int, label: str, version: int) -> None:
    versions = KeyVersions(current={KeyLabel.DEBIT: 2}, following={KeyLabel.DEBIT: 5})
    keyring = development_keyring(range(1, 6))
    groups = data_groups(SERIAL, ID, b"", keyring, lambda key: DEK.encrypt_cbc(key.value()), versions)
    wrapped = WRAPPED_KEY.decode(by_dgi(groups)[DGI_KEYS + slot])
    expected = keyring.diversify(KeyLabel[label], version, SERIAL)
    assert wrapped["key_version"] == version
    assert DEK.decrypt_cbc(wrapped["wrapped"]) == expected.value()
    assert wrapped["kcv"] == expected.kcv()


def test_the_following_version_is_the_next_one() -> None:
    versions = KeyVersions(current={KeyLabel.DEBIT: 7})
    assert (versions.of(KeyLabel.DEBIT), versions.of(KeyLabel.DEBIT, following=True)) == (7, 8)
    assert (versions.of(KeyLabel.UPDATE), versions.of(KeyLabel.UPDATE, following=True)) == (1, 2)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: KeyVersions(issuer=0), ("0", KeyLabel.ISSUER_ENC)),
        (lambda: KeyVersions(registry=256), ("256", KeyLabel.REGISTRY_ENC)),
        (lambda: KeyVersions(transport=0), ("0", KeyLabel.TRANSPORT_ENC)),
        (lambda: KeyVersions(current={KeyLabel.DEBIT: 255}), ("256", KeyLabel.DEBIT)),
        (lambda: KeyVersions(current={KeyLabel.ISSUER_ENC: 2}), ("", KeyLabel.ISSUER_ENC)),
        (lambda: KeyVersions(following={KeyLabel.ISSUER_ENC: 2}), ("", KeyLabel.ISSUER_ENC)),
        (lambda: KeyVersions(following={KeyLabel.DEBIT: 1}), ("", KeyLabel.DEBIT)),
        (lambda: KeyVersions(current={KeyLabel.DEBIT: 2}, following={KeyLabel.DEBIT: 2}), ("", KeyLabel.DEBIT)),
    ],
)
def test_impossible_versions(build: Callable[[], KeyVersions], named: tuple[str, KeyLabel]) -> None:
    with pytest.raises(InputError) as caught:
        build()
    assert all(str(word) in text for word in named for text in (caught.value.text.en, caught.value.text.id))


def test_the_last_possible_versions() -> None:
    versions = KeyVersions(255, 255, 255, current={KeyLabel.DEBIT: 255}, following={KeyLabel.DEBIT: 1})
    assert (versions.of(KeyLabel.DEBIT), versions.of(KeyLabel.DEBIT, following=True)) == (255, 1)
    assert versions.of(KeyLabel.TRANSPORT_DEK) == versions.of(KeyLabel.REGISTRY_MAC) == 255


def test_versions_do_not_change_with_what_they_were_made_from() -> None:
    current = {KeyLabel.DEBIT: 2}
    versions = KeyVersions(current=current)
    current[KeyLabel.DEBIT] = 9
    assert versions.of(KeyLabel.DEBIT) == 2


def test_a_card_with_a_pin_gets_it() -> None:
    block = bytes.fromhex("241234ffffffffff")
    wrap = lambda key: DEK.encrypt_cbc(key.value())  # noqa: E731
    groups = data_groups(SERIAL, ID, b"identity", development_keyring(), wrap, KeyVersions(), block)
    assert by_dgi(groups)[DGI_PIN] == block
    assert DGI_PIN not in by_dgi(groups_of(b"identity"))


def test_the_longest_first_each_where_it_first_fits() -> None:
    """Fewest commands: in the order given, or the shortest first, these would need three."""
    assert packed([b"a" * 3, b"b" * 4, b"c" * 7, b"d" * 6], 10) == (b"c" * 7 + b"a" * 3, b"d" * 6 + b"b" * 4)


@given(st.integers(23, MAX_IDENTITY))
def test_four_blocks_for_every_length_of_name(length: int) -> None:
    groups = groups_of(bytes(length))
    blocks = packed(groups, ROOM)
    assert len(blocks) == 4
    assert all(len(block) <= ROOM for block in blocks)
    assert sorted(b"".join(blocks)) == sorted(b"".join(groups))


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=40), st.integers(30, 120))
def test_groups_are_neither_cut_nor_lost(groups: list[bytes], room: int) -> None:
    blocks = packed(groups, room)
    assert all(0 < len(block) <= room for block in blocks)
    left = sorted(groups, key=len, reverse=True)
    assert sum(map(len, blocks)) == sum(map(len, left))
    assert all(any(group in block for block in blocks) for group in groups)


def test_a_group_that_fits_nowhere() -> None:
    assert packed([bytes(30)], 30) == (bytes(30),)
    with pytest.raises(InputError) as caught:
        packed([bytes(31)], 30)
    assert "31" in caught.value.text.en
    assert "31" in caught.value.text.id


def test_commands_are_numbered_and_the_last_one_commits() -> None:
    commands = store_data_commands((b"aa", b"b", b"c"))
    assert [command.hex() for command in commands] == ["84e20800026161", "84e208010162", "84e288020163"]


@pytest.mark.parametrize(
    ("beneficiary_id", "identity", "figure"), [(b"", b"", "8"), (bytes(9), b"", "8"), (ID, bytes(63), "62")]
)
def test_wrong_lengths(beneficiary_id: bytes, identity: bytes, figure: str) -> None:
    with pytest.raises(InputError) as caught:
        data_groups(SERIAL, beneficiary_id, identity, development_keyring(), lambda key: key.value(), KeyVersions())
    assert figure in caught.value.text.en
    assert figure in caught.value.text.id
