# SPDX-License-Identifier: Apache-2.0
"""One changed bit of a receipt is found, and the field is named."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.model.wire import T_DEBIT, T_OVERRIDE, TYPE
from tests.receipts.made import (
    BY_TYPE,
    PROVIDER,
    SIZE,
    field_of,
    flip,
    history,
    lines,
    receipt_key,
    replaced,
    tip,
)

from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts import Finding, Problem, Receipt, ReceiptVerifier

HISTORY = history()
BITS = 8 * SIZE
PADDING = slice(32, 40)  #: of an override; a debit has the rest of its basket's digest there
NAMED = {Problem.FORGED, Problem.MALFORMED, Problem.UNKNOWN_KEY}


def found(index: int, raw: bytes) -> Finding:
    """The one finding of a whole history's file in which one line was replaced, chain findings aside."""
    receipts = [*HISTORY[:index], raw, *HISTORY[index + 1 :]]
    report = ReceiptVerifier(PROVIDER).verify_lines(lines(receipts), tip(HISTORY))
    assert report.genuine == len(HISTORY) - 1
    (finding,) = [one for one in report.findings if one.problem in NAMED]
    # A receipt that does not count is missing from the chain.
    assert {one.problem for one in report.findings} - NAMED <= {Problem.MISSING}
    assert finding.line == index + 1
    return finding


def named(raw: bytes, bit: int) -> str:
    """The field that a changed bit is found in: its own, but for a debit with goods that is told to be an override."""
    told = flip(raw, bit)[TYPE]
    return "padding" if raw[TYPE] == T_DEBIT and told == T_OVERRIDE and any(raw[PADDING]) else field_of(raw, bit)


@pytest.mark.parametrize("index", range(len(HISTORY)))
def test_every_bit_is_protected(index: int) -> None:
    key = SecretKey(receipt_key(), "RECEIPT")
    assert Receipt(HISTORY[index]).is_genuine(key)
    for bit in range(BITS):
        changed = Receipt(flip(HISTORY[index], bit))
        assert not changed.is_genuine(key), f"bit {bit}, {field_of(HISTORY[index], bit)}"


@settings(max_examples=120, deadline=None)
@given(index=st.integers(0, len(HISTORY) - 1), bit=st.integers(0, BITS - 1))
def test_the_field_of_a_changed_bit_is_named(index: int, bit: int) -> None:
    assert found(index, flip(HISTORY[index], bit)).field == named(HISTORY[index], bit)


@pytest.mark.parametrize("name", BY_TYPE[1])
def test_the_field_is_named_for_its_first_and_last_bit(name: str) -> None:
    at, size = BY_TYPE[1][name]
    for bit in (8 * at, 8 * (at + size) - 1):
        assert found(2, flip(HISTORY[2], bit)).field == name


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, "monthly_limit"), (0, "issued_on"), (4, "cancelled_mac"), (5, "reason"), (5, "companion_id")],
)
def test_the_field_is_named_as_its_type_has_it(index: int, name: str) -> None:
    at, _ = BY_TYPE[HISTORY[index][TYPE]][name]
    assert found(index, flip(HISTORY[index], 8 * at + 3)).field == name


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("index", range(len(HISTORY)))
def test_the_field_of_every_bit_is_named(index: int) -> None:
    for bit in range(BITS):
        assert found(index, flip(HISTORY[index], bit)).field == named(HISTORY[index], bit), f"bit {bit}"


@pytest.mark.parametrize("name", ["amount", "balance_after", "month_spent_after", "previous_mac", "mac"])
def test_a_whole_field_is_named_where_the_neighbours_know_it(name: str) -> None:
    size = BY_TYPE[1][name][1]
    assert found(2, replaced(HISTORY[2], **{name: b"\x01" * size})).field == name


def test_what_cannot_be_told_is_not_guessed() -> None:
    changed = replaced(HISTORY[2], basket_digest=b"\x01" * 16, categories=b"\x01\x01")
    finding = found(2, changed)
    assert (finding.problem, finding.field) == (Problem.FORGED, None)


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(min_size=SIZE, max_size=SIZE))
def test_noise_is_no_receipt(raw: bytes) -> None:
    finding = ReceiptVerifier(PROVIDER).verify(Receipt(raw))
    assert finding is not None
    assert finding.problem in NAMED
