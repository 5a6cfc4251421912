# SPDX-License-Identifier: Apache-2.0
"""Keys move to their next version by an update, in the field, without sending any; an identity is corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire
from tests.model.reference_entitlement import NEXT_DEBIT, NEXT_OVERRIDE, NEXT_RECEIPT, NEXT_UPDATE
from tests.model.wire import MAC, movement

from ssn_card.channel import KeySet, Scp03Session, SecurityLevel, keys_from
from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import correct_identity, inspect, read_content
from ssn_card.protocol.values import KeyVersionNumber
from ssn_card.receipts import Line, Receipt, ReceiptVerifier
from ssn_card.transport import CardConnection

KEYS = development_keyring()
ALL = NEXT_UPDATE | NEXT_OVERRIDE | NEXT_DEBIT | NEXT_RECEIPT


def update(seq: int, keys: int = 0, loaded: int = 900_000) -> bytes:
    return wire.entitlement(seq, loaded, override_max=100_000, keys=keys)


@pytest.fixture
def talk(sim_talk: Talk) -> Talk:
    sim_talk.load(update(1))
    return sim_talk


@pytest.fixture
def card(new_card: Callable[[], LiveCard]) -> Iterator[CardConnection]:
    live = new_card()
    with live.connect() as connection:
        yield connection
    live.discard()


def deliver(talk: Talk, body: bytes, version: int) -> tuple[bytes, int]:
    """Under a version of the UPDATE key; the receipt and the status word."""
    talk.select()
    return talk.update(body, talk.card.keys(version).update)


@pytest.mark.parametrize("keys", [NEXT_DEBIT, NEXT_RECEIPT, NEXT_OVERRIDE, NEXT_UPDATE, ALL])
def test_every_key_moves_alone_and_together(talk: Talk, keys: int) -> None:
    receipts = [talk.read(1), talk.debit(16_200, txn=1), talk.load(update(2, keys)), talk.debit(16_200, txn=2)]
    raised, sw = talk.move(wire.OVERRIDE, movement(1000, txn=3))
    assert sw == wire.OK
    receipts += [raised, talk.debit(16_200, txn=4), talk.load(update(3, keys))]
    told = talk.select()[10:14]
    assert told == bytes(2 if keys & bit else 1 for bit in (NEXT_DEBIT, NEXT_RECEIPT, NEXT_UPDATE, NEXT_OVERRIDE))
    # An update is receipted under the keys that it found.
    now = 2 if keys & NEXT_RECEIPT else 1
    assert [one[66] for one in receipts] == [1, 1, 1, now, now, now, now]  # type: ignore[index]
    lines = [Line(n, Receipt(one)) for n, one in enumerate(receipts, 1)]  # type: ignore[arg-type]
    report = ReceiptVerifier(KEYS).verify_lines(lines)
    assert report.clean, report.findings
    assert report.genuine == len(receipts)


@pytest.mark.parametrize("bit", [NEXT_DEBIT, NEXT_OVERRIDE])
def test_the_old_key_moves_nothing_and_the_next_not_before_its_time(talk: Talk, bit: int) -> None:
    ins = wire.OVERRIDE if bit == NEXT_OVERRIDE else wire.DEBIT
    for in_force, keys in ((1, 0), (2, bit)):
        talk.load(update(in_force + 1, keys))
        other = talk.card.keys(3 - in_force)
        talk.select()
        key = other.override if ins == wire.OVERRIDE else other.debit
        assert talk.raw(talk.signed(ins, movement(1), key=key)) == (b"", 0x6988)
        talk.challenge = None
        assert talk.move(ins, movement(1))[1] == wire.OK


def test_the_old_update_key_is_dead(talk: Talk) -> None:
    talk.load(update(2, ALL))
    assert deliver(talk, update(3, ALL), 1) == (b"", 0x6988)
    assert deliver(talk, update(3, ALL), 2)[1] == wire.OK


def test_the_update_that_moved_its_own_key_may_come_again(talk: Talk) -> None:
    first = talk.load(update(2, ALL))
    talk.debit(16_200, txn=1)
    assert deliver(talk, update(2, ALL), 1) == (first, wire.OK)
    # Another one of the same number under the old key is not told apart from a forgery.
    for other in (update(1), update(2, NEXT_UPDATE), update(2, ALL, 900_001), update(3, ALL)):
        assert deliver(talk, other, 1) == (b"", 0x6988)


def test_the_next_update_key_serves_where_the_update_moves_it_on(talk: Talk) -> None:
    """The update that was to move it on is lost: the one after it does, and what was lost is of no use any more."""
    lost, later = update(2, NEXT_UPDATE), update(3, NEXT_UPDATE, 1_000_000)
    receipt, sw = deliver(talk, later, 2)
    assert sw == wire.OK
    assert wire.receipt(receipt)["balance"] == 1_000_000
    assert talk.select()[12] == 2
    assert deliver(talk, lost, 1) == (b"", 0x6988)
    assert deliver(talk, later, 2) == (receipt, wire.OK)
    assert deliver(talk, later, 1) == (b"", 0x6988)
    assert deliver(talk, update(4, NEXT_UPDATE), 2) == (b"", 0x940F), "less than was loaded"
    assert deliver(talk, update(4, NEXT_UPDATE, 1_000_000), 2)[1] == wire.OK


@pytest.mark.parametrize("keys", [0, NEXT_DEBIT, ALL - NEXT_UPDATE])
def test_an_update_that_does_not_move_it_on_is_under_the_key_in_force(talk: Talk, keys: int) -> None:
    assert deliver(talk, update(2, keys), 2) == (b"", 0x6988)
    assert talk.select()[10:14] == bytes((1, 1, 1, 1))
    assert deliver(talk, update(2, keys), 1)[1] == wire.OK


def test_an_update_that_moves_it_on_is_judged_as_any_other(talk: Talk) -> None:
    """Under the next key: a stale one, one with the number in force, one that shrinks something."""
    assert deliver(talk, update(0, NEXT_UPDATE), 2) == (b"", 0x940D)
    assert deliver(talk, update(1, NEXT_UPDATE), 2) == (b"", 0x940E)
    assert deliver(talk, update(2, NEXT_UPDATE, 899_999), 2) == (b"", 0x940F)
    assert deliver(talk, update(2, NEXT_UPDATE), 1)[1] == wire.OK, "nothing was moved on"


@pytest.mark.parametrize("key", ["debit", "receipt", "override"])
def test_no_other_next_key_signs_updates(talk: Talk, key: str) -> None:
    talk.select()
    assert talk.update(update(2, ALL), getattr(talk.card.keys(2), key)) == (b"", 0x6988)


def test_a_key_never_goes_back(talk: Talk) -> None:
    talk.load(update(2, NEXT_DEBIT))
    assert deliver(talk, update(3, NEXT_RECEIPT), 1) == (b"", 0x940F)
    assert talk.select()[10:14] == bytes((2, 1, 1, 1))
    talk.debit(16_200, txn=1)


def test_many_updates_keep_the_keys(talk: Talk) -> None:
    """The two places take turns: each must know the keys in force."""
    for seq in range(2, 7):
        receipt = talk.load(update(seq, NEXT_DEBIT | NEXT_RECEIPT))
        keys = talk.card.keys(1 if seq == 2 else 2)
        assert receipt[MAC:] == wire.receipt_mac(keys.receipt, receipt[:MAC])
        talk.debit(16_200, txn=seq)
    assert talk.told()["seq"] == 11


def test_the_mask_of_the_pin_moves_on_with_the_key(pin_talk: Talk) -> None:
    pin = wire.pin_block("482917")
    pin_talk.load(update(1))
    assert pin_talk.verify(pin) == wire.OK
    pin_talk.load(update(2, ALL))
    assert pin_talk.verify(pin) == wire.OK
    assert wire.receipt(pin_talk.debit(1000, txn=1))["pin"] == wire.GIVEN


def test_an_identity_is_corrected_without_touching_money(talk: Talk) -> None:
    talk.debit(16_200, txn=1)
    before = talk.status()
    corrected = IDENTITY[:-9] + b"Sitti Uji"
    correct_identity(talk.connection, KEYS, BENEFICIARY, corrected)
    talk.challenge = None
    assert talk.status() == before
    correct_identity(talk.connection, KEYS, BENEFICIARY, IDENTITY)
    inspect(talk.connection)
    assert read_content(talk.connection, KEYS, talk.card.serial).identity == IDENTITY


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
