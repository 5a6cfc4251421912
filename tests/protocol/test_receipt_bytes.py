# SPDX-License-Identifier: Apache-2.0
"""The receipt's bytes: Python's struct reads what the layout reads, and its MAC sees every bit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.packed import packed
from tests.protocol.reference_aes_cmac import mac8

from ssn_card.protocol import bcd, layouts
from ssn_card.protocol.generate import receipt_cases, sample
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Field, Kind

RECEIPT = layouts.RECEIPT
COVERED = RECEIPT.size - 8
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2079, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=0)
)


def _values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is Kind.TIMESTAMP:
        return MOMENTS
    if field.kind is Kind.UINT:
        return st.integers(0, (1 << 8 * field.size) - 1)
    return st.binary(min_size=field.size, max_size=field.size)


RECEIPTS = st.fixed_dictionaries({field.name: _values(field) for field in RECEIPT.fields}).map(RECEIPT.encode)


@given(st.lists(RECEIPTS, min_size=1, max_size=5))
def test_struct_reads_what_the_layout_reads(receipts: list[bytes]) -> None:
    records = list(packed(RECEIPT.fields).iter_unpack(b"".join(receipts)))
    assert len(records) == len(receipts)
    for record, receipt in zip(records, receipts, strict=True):
        decoded = RECEIPT.decode(receipt)
        for field, value in zip(RECEIPT.fields, record, strict=True):
            wanted = decoded[field.name]
            if field.kind is Kind.UINT:
                assert value == wanted, field.name
            else:
                assert len(value) == field.size
                assert (bcd.to_timestamp(value) if field.kind is Kind.TIMESTAMP else value) == wanted, field.name


def test_struct_has_the_layouts_offsets() -> None:
    for place, field in enumerate(RECEIPT.fields):
        assert packed(RECEIPT.fields[:place]).size == RECEIPT.offset(field.name), field.name


@pytest.mark.parametrize("step", range(len(receipt_cases.chain())))
def test_every_bit_of_a_receipt_counts(step: int) -> None:
    """All 704: a change in the first 80 bytes changes the MAC, one in the last 8 is a wrong MAC."""
    receipt = receipt_cases.chain()[step]
    key = sample.card_key(KeyLabel.RECEIPT)
    assert key.verify_mac8(receipt[:COVERED], receipt[COVERED:])
    for bit in range(8 * RECEIPT.size):
        changed = bytearray(receipt)
        changed[bit // 8] ^= 1 << bit % 8
        assert not key.verify_mac8(bytes(changed[:COVERED]), bytes(changed[COVERED:])), bit


@given(RECEIPTS, st.integers(0, 8 * COVERED - 1))
def test_a_changed_bit_changes_the_mac(receipt: bytes, bit: int) -> None:
    key = sample.card_key(KeyLabel.RECEIPT)
    changed = bytearray(receipt[:COVERED])
    changed[bit // 8] ^= 1 << bit % 8
    before = key.mac8(receipt[:COVERED])
    assert before == mac8(key.value(), receipt[:COVERED])
    assert key.mac8(bytes(changed)) != before


def test_the_covered_part_is_whole_blocks_and_ends_in_the_constants() -> None:
    """Terminal.java seals with one CBC call: five blocks, the last one constant for a card but for its tail."""
    assert COVERED == 80
    assert RECEIPT.offset(layouts.RECEIPT_CONSTANTS.fields[0].name) == COVERED - 16 == 64
    for tail in (layouts.RECEIPT_TAIL, layouts.UPDATE_TAIL):
        assert layouts.RECEIPT_CONSTANTS.size + tail.size == 16
