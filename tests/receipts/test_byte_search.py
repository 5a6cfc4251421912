# SPDX-License-Identifier: Apache-2.0
"""What was altered in a receipt is looked for by whoever can do it faster, and told in the same words."""

from __future__ import annotations

from random import Random

import pytest
from tests.receipts.made import PROVIDER, SERIAL, fields_of, flip, history, receipt_key, replaced

from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts import Problem
from ssn_card.receipts.diagnosis import altered_field, diagnosed, single_byte, undiagnosed
from ssn_card.receipts.genuine import ReceiptKeys
from ssn_card.receipts.receipt import MAC_OFFSET, Receipt, field_at

HISTORY = history()
KEY = SecretKey(receipt_key())
KEYS = ReceiptKeys(PROVIDER)


@pytest.mark.parametrize("offset", range(0, MAC_OFFSET, 3))
def test_the_one_byte_that_was_changed(offset: int) -> None:
    raw = HISTORY[offset % len(HISTORY)]
    value = Random(offset).randint(1, 255) ^ raw[offset]
    assert single_byte(Receipt(raw[:offset] + bytes((value,)) + raw[offset + 1 :]), KEY) == offset


def test_of_two_bytes_none_is_told() -> None:
    assert single_byte(Receipt(flip(flip(HISTORY[1], 40), 100)), KEY) is None


@pytest.mark.parametrize("offset", [0, 4, 30, 63, 79])
def test_whoever_searches_says_where_and_the_field_is_named(offset: int) -> None:
    """The search is asked for the receipt as it is, with the key that it names, and what it says is believed."""
    receipt = Receipt(flip(flip(HISTORY[1], 300), 500))
    asked: list[tuple[Receipt, bytes]] = []

    def search(one: Receipt, key: SecretKey) -> int | None:
        asked.append((one, key.value()))
        return offset

    expected = field_at(offset, receipt.type)
    assert expected in fields_of(receipt.raw)
    assert altered_field(receipt, KEY, None, None, search) == expected
    assert diagnosed(receipt, KEYS, None, None, (), search) == (Problem.FORGED, expected)
    assert asked == [(receipt, KEY.value())] * 2


def test_a_search_that_finds_nothing() -> None:
    receipt = Receipt(flip(HISTORY[1], 300))
    assert altered_field(receipt, KEY, None, None, lambda one, key: None) is None
    assert altered_field(receipt, KEY, None, None) == field_at(300 // 8, receipt.type)


def test_it_is_not_asked_where_the_neighbours_tell() -> None:
    def never(one: Receipt, key: SecretKey) -> int | None:
        raise AssertionError("the MAC before says it")

    receipt = Receipt(replaced(HISTORY[2], previous_mac=bytes(8)))
    assert altered_field(receipt, KEY, Receipt(HISTORY[1]), None, never) == "previous_mac"


def test_without_a_key_there_is_nothing_to_search() -> None:
    receipt = Receipt(replaced(HISTORY[2], key_version=9))
    assert undiagnosed(receipt, KEYS) == (Problem.UNKNOWN_KEY, "serial")
    assert undiagnosed(Receipt(flip(HISTORY[2], 300)), KEYS) == (Problem.FORGED, None)
    assert diagnosed(receipt, KEYS, None, None, ()) == (Problem.FORGED, "key_version")
    other = Receipt(replaced(flip(HISTORY[2], 100), key_version=9))
    assert diagnosed(other, KEYS, None, None, ()) == (Problem.UNKNOWN_KEY, "serial")


def test_another_cards_serial() -> None:
    receipt = Receipt(replaced(HISTORY[2], serial=bytes(8)))
    assert diagnosed(receipt, KEYS, None, None, [b"\x01" * 8, SERIAL]) == (Problem.FORGED, "serial")
