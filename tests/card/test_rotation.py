# SPDX-License-Identifier: Apache-2.0
"""Keys move to their next version by an update, in the field, without sending any; an identity is corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.card.live_card import LiveCard
from tests.conftest import BENEFICIARY, IDENTITY

from ssn_card.channel import KeySet, Scp03Session, SecurityLevel, keys_from
from ssn_card.entitlement import Entitlement, SignedUpdate, issue
from ssn_card.keys import development_keyring
from ssn_card.personalization.card import correct_identity, inspect, read_content
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.status import InvalidUpdate, WrongMac
from ssn_card.protocol.values import KeySelection, KeyVersionNumber, LifeState
from ssn_card.receipts import Basket, Line, ReceiptVerifier
from ssn_card.terminal import Terminal, TerminalJournal
from ssn_card.transport import CardConnection

MOMENT = dt.datetime(2025, 10, 3, 10, 0)
KEYS = development_keyring()
RICE = Basket.of(("BERAS", 1, 16_200))
ALL = KeySelection.UPDATE | KeySelection.OVERRIDE | KeySelection.DEBIT | KeySelection.RECEIPT


@pytest.fixture
def shop() -> Iterator[Terminal]:
    with TerminalJournal(":memory:", 7) as journal:
        yield Terminal(7, KEYS, journal, clock=lambda: MOMENT)


@pytest.fixture
def card(new_card: Callable[[], LiveCard], shop: Terminal) -> Iterator[CardConnection]:
    live = new_card()
    with live.connect() as connection:
        shop.deliver(connection, update(live.serial, 1))
        yield connection
    live.discard()


def update(serial: bytes, seq: int, keys: KeySelection = KeySelection.NONE, signed_with: int = 1) -> SignedUpdate:
    entitlement = Entitlement(
        update_seq=seq, loaded_total=900_000, monthly_limit=600_000, override_max=100_000, debit_max=600_000,
        allowed_categories=0x7F, valid_until=dt.date(2025, 12, 31), state=LifeState.ACTIVE, policy_id=1,
        issued_at=MOMENT, key_selection=keys,
    )  # fmt: skip
    return issue(entitlement, serial, KEYS, signed_with)


@pytest.mark.parametrize("keys", [KeySelection.DEBIT, KeySelection.RECEIPT, KeySelection.OVERRIDE, ALL])
def test_every_key_moves_alone_and_together(card: CardConnection, shop: Terminal, keys: KeySelection) -> None:
    serial = inspect(card).serial
    before = shop.debit(card, RICE).receipt
    moved = shop.deliver(card, update(serial, 2, keys))
    after = shop.debit(card, RICE).receipt
    raised = shop.override(card, 1000, b"PD-00001", KEYS)
    card.reset()
    last = shop.debit(card, RICE).receipt

    versions = inspect(card).key_versions
    for label, bit in (
        (KeyLabel.DEBIT, KeySelection.DEBIT), (KeyLabel.RECEIPT, KeySelection.RECEIPT),
        (KeyLabel.UPDATE, KeySelection.UPDATE), (KeyLabel.OVERRIDE, KeySelection.OVERRIDE),
    ):  # fmt: skip
        assert versions[label] == (2 if bit in keys else 1)
    # An update is receipted under the keys that it found.
    assert (before.key_version, moved.key_version) == (1, 1)
    expected = 2 if KeySelection.RECEIPT in keys else 1
    assert {after.key_version, raised.key_version, last.key_version} == {expected}
    chain = list(reversed(list(shop.log(card))))
    report = ReceiptVerifier(KEYS).verify_lines([Line(n, one) for n, one in enumerate(chain, 1)])
    assert report.clean
    assert report.genuine == 6


def test_the_old_key_is_dead(card: CardConnection, shop: Terminal) -> None:
    serial = inspect(card).serial
    shop.deliver(card, update(serial, 2, ALL))
    with pytest.raises(WrongMac):
        shop.deliver(card, update(serial, 3, ALL))
    shop.deliver(card, update(serial, 3, ALL, signed_with=2))


def test_the_update_that_moved_its_own_key_may_come_again(card: CardConnection, shop: Terminal) -> None:
    serial = inspect(card).serial
    moving = update(serial, 2, ALL)
    first = shop.deliver(card, moving)
    shop.debit(card, RICE)
    assert shop.deliver(card, moving) == first
    # Another one of the same number under the old key is not told apart from a forgery.
    for other in (update(serial, 1, ALL), update(serial, 2, KeySelection.UPDATE), update(serial, 3, ALL)):
        with pytest.raises(WrongMac):
            shop.deliver(card, other)
    with pytest.raises(WrongMac):
        shop.deliver(card, replace(moving, mac=bytes(8)))


def test_a_key_never_goes_back(card: CardConnection, shop: Terminal) -> None:
    serial = inspect(card).serial
    shop.deliver(card, update(serial, 2, KeySelection.DEBIT))
    with pytest.raises(InvalidUpdate):
        shop.deliver(card, update(serial, 3, KeySelection.RECEIPT))
    assert inspect(card).key_versions[KeyLabel.DEBIT] == 2
    shop.debit(card, RICE)


def test_many_updates_keep_the_keys(card: CardConnection, shop: Terminal) -> None:
    """The two places take turns: each must know the keys in force."""
    serial = inspect(card).serial
    for seq in range(2, 7):
        shop.deliver(card, update(serial, seq, KeySelection.DEBIT | KeySelection.RECEIPT))
        shop.debit(card, RICE)
    assert shop.status(card).seq == 11


def test_an_identity_is_corrected_without_touching_money(card: CardConnection, shop: Terminal) -> None:
    shop.debit(card, RICE)
    before = shop.status(card)
    corrected = IDENTITY[:-9] + b"Sitti Uji"
    correct_identity(card, KEYS, BENEFICIARY, corrected)
    assert shop.status(card) == before
    correct_identity(card, KEYS, BENEFICIARY, IDENTITY)
    inspect(card)
    assert read_content(card, KEYS, before.serial).identity == IDENTITY


def test_an_unfinished_correction_changes_nothing(card: CardConnection) -> None:
    serial = inspect(card).serial
    keys = keys_from(KEYS, {KeyVersionNumber.ISSUER: (KeySet.ISSUER, 1)})
    session = Scp03Session.open(card.transmit, keys, kvn=KeyVersionNumber.ISSUER, level=SecurityLevel(0x33))
    group = bytes.fromhex("0102") + bytes((len(IDENTITY),)) + IDENTITY[:-1] + b"?"
    assert session.send(bytes((0x84, 0xE2, 0x08, 0x00, len(group))) + group) == (b"", 0x9000)
    inspect(card)
    assert read_content(card, KEYS, serial).identity == IDENTITY


def test_the_registry_reads_and_nothing_else(card: CardConnection) -> None:
    inspect(card)
    keys = keys_from(KEYS, {KeyVersionNumber.REGISTRY: (KeySet.REGISTRY, 1)})
    session = Scp03Session.open(card.transmit, keys, kvn=KeyVersionNumber.REGISTRY, level=SecurityLevel(0x33))
    assert session.send(bytes.fromhex("84CA0102")) == (BENEFICIARY + IDENTITY, 0x9000)
    group = bytes.fromhex("0102") + bytes((len(IDENTITY),)) + IDENTITY
    assert session.send(bytes((0x84, 0xE2, 0x88, 0x00, len(group))) + group) == (b"", 0x6985)
