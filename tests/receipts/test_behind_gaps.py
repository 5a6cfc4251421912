# SPDX-License-Identifier: Apache-2.0
"""Behind a gap the limit of the month and the PIN's floor lie between bounds: what is beyond the wider one is found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.model import wire
from tests.model.reference_card import ReferenceCard
from tests.receipts.made import PROVIDER, forged, history, lines, new_card
from tests.receipts.test_audited import begun, lawless

from ssn_card.protocol.errors import rupiah
from ssn_card.receipts import Line, Problem, Receipt, ReceiptVerifier
from ssn_card.receipts.account import BEGINNING


def found(card: ReferenceCard, *left_out: int) -> list[tuple[Problem, int | None, str | None]]:
    """Kind, number and field of the findings where the receipts of these numbers are not handed in."""
    kept = [raw for number, raw in enumerate(card.receipts, start=1) if number not in left_out]
    report = ReceiptVerifier(PROVIDER).verify_lines(lines(kept))
    return [(one.problem, one.seq, one.field) for one in report.findings]


def spend(card: ReferenceCard, amount: int, *, pin: bool = False, when: str = "251003100000") -> None:
    card.select()
    if pin:
        card.pin.verify(wire.pin_block("2468"))
    assert card.debit(wire.movement(amount, when=when)).sw == wire.OK


@pytest.mark.parametrize(("amount", "is_found"), [(149_999, False), (150_000, False), (150_001, True)])
def test_companions_may_have_raised_the_limit_so_far_and_no_further(amount: int, is_found: bool) -> None:
    """Rp50.000 were spent before, Rp100.000 is the limit, and Rp100.000 is what companions may add."""
    card = begun(limit=100_000, override_max=100_000)
    assert card.override(wire.movement(1)).sw == wire.OK
    lawless(card, limit=900_000)
    spend(card, amount)
    assert found(card, 3) == ([(Problem.REFUSED, 4, "month_spent_after")] if is_found else [])


def test_where_companions_may_add_nothing_the_limit_is_exact_behind_a_gap() -> None:
    card = begun(limit=100_000, override_max=0)
    spend(card, 1_000)
    spend(card, 49_000)
    assert found(card, 3) == []
    lawless(card, limit=900_000)
    spend(card, 1)
    assert found(card, 3) == [(Problem.REFUSED, 5, "month_spent_after")]


def test_a_raise_behind_the_gap_adds_to_one_that_may_lie_in_it() -> None:
    """But to no more than companions may add in all."""
    card = begun(limit=100_000, override_max=100_000)
    assert card.override(wire.movement(30_000)).sw == wire.OK
    assert card.override(wire.movement(70_000)).sw == wire.OK
    spend(card, 150_000)
    assert found(card, 3) == []
    lawless(card, limit=900_000)
    spend(card, 1)
    assert found(card, 3) == [(Problem.REFUSED, 6, "month_spent_after")]


def test_a_raise_behind_the_gap_is_the_only_raised_month() -> None:
    card = begun(limit=100_000, override_max=100_000)
    assert card.override(wire.movement(30_000)).sw == wire.OK
    assert card.override(wire.movement(1, when="251101080000")).sw == wire.OK
    lawless(card, limit=900_000)
    spend(card, 50_001)
    assert found(card, 3) == [(Problem.REFUSED, 5, "month_spent_after")]


def test_a_raise_from_before_an_update_may_be_higher_than_the_update_allows() -> None:
    card = begun(limit=100_000, override_max=100_000)
    assert card.override(wire.movement(100_000)).sw == wire.OK
    assert card.update(wire.entitlement(2, 2_000_000, limit=100_000, override_max=0), b"UPDATE-2").sw == wire.OK
    spend(card, 100_000)
    spend(card, 50_000)
    assert found(card) == []
    assert found(card, 5) == []
    lawless(card, limit=900_000)
    spend(card, 1)
    assert found(card) == [(Problem.REFUSED, 7, "month_spent_after")]
    assert found(card, 5) == [(Problem.REFUSED, 7, "month_spent_after")]


def test_an_update_behind_one_that_is_missing_may_mend_and_load_as_it_likes() -> None:
    """What it was loaded from is not known, so the balance is believed; it says at most what was loaded."""
    card = begun()
    assert card.update(wire.entitlement(2, 2_500_000), b"UPDATE-2").sw == wire.OK
    spend(card, 1_000, when="251201080000")
    mended = wire.entitlement(3, 3_000_000, mend_count=1, mended_to="2510")
    assert card.update(mended, b"UPDATE-3").sw == wire.OK
    spend(card, 1_000)
    assert found(card) == []
    assert found(card, 3) == []


def test_the_pin_makes_the_floor_known_again() -> None:
    card = begun(pin_above=100_000)
    spend(card, 10_000)
    spend(card, 1_000, pin=True)
    spend(card, 60_000)
    card.free = 900_000
    spend(card, 40_001)
    assert found(card, 3) == [(Problem.REFUSED, 6, "pin_state")]


def test_a_purchase_for_which_no_pin_was_due_says_how_high_the_floor_can_be() -> None:
    card = begun(pin_above=100_000)
    spend(card, 1_000)
    update, _, newest = map(Receipt, card.receipts)
    least = newest.balance_after - 100_000
    assert BEGINNING.with_next(update).with_later(newest).floor == (least, newest.balance_after)


def test_until_then_nobody_is_accused() -> None:
    card = begun(pin_above=100_000)
    card.free = 900_000
    spend(card, 60_000)
    spend(card, 100_000)
    assert found(card) == [(Problem.REFUSED, 3, "pin_state"), (Problem.REFUSED, 4, "pin_state")]
    # In the missing receipt the PIN may have been given.
    assert found(card, 3) == []


def test_a_cancellation_behind_a_gap_leaves_no_less_than_pin_above() -> None:
    card = begun(pin_above=100_000)
    spend(card, 100_000, pin=True)
    assert card.cancel(wire.movement(100_000, rest=card.last_mac)).sw == wire.OK
    card.free = 900_000
    spend(card, 100_001)
    assert found(card, 3) == [(Problem.REFUSED, 5, "pin_state")]


def test_limits_of_an_update_whose_receipt_is_missing_are_not_known() -> None:
    card = begun(limit=100_000)
    assert card.update(wire.entitlement(2, 2_000_000, limit=100_000, debit_max=10), b"UPDATE-2").sw == wire.OK
    lawless(card, limit=900_000, debit_max=900_000, state=2)
    spend(card, 300_000)
    assert found(card) == [(Problem.REFUSED, 4, "amount"), (Problem.REFUSED, 4, "month_spent_after")]
    assert found(card, 3) == []
    # The next update's are.
    assert card.update(wire.entitlement(3, 2_000_000, debit_max=10), b"UPDATE-3").sw == wire.OK
    lawless(card, debit_max=900_000)
    spend(card, 11)
    assert found(card, 3) == [(Problem.REFUSED, 6, "amount")]


def test_an_update_behind_a_gap_is_known_by_itself() -> None:
    card = begun()
    spend(card, 1_000)
    assert card.update(wire.entitlement(2, 2_000_000, debit_max=10, pin_above=5), b"UPDATE-2").sw == wire.OK
    lawless(card, debit_max=900_000, pin_above=900_000)
    card.free = 900_000
    spend(card, 11)
    assert found(card, 3) == [(Problem.REFUSED, 5, "amount"), (Problem.REFUSED, 5, "pin_state")]
    behind = [Receipt(raw) for number, raw in enumerate(card.receipts, start=1) if number != 3]
    report = ReceiptVerifier(PROVIDER).verify_lines(Line(number, one) for number, one in enumerate(behind))
    floor = rupiah(behind[-1].balance_after + 11 - 5)
    assert report.findings[1].detail == (f"PIN due below {floor}", f"PIN wajib di bawah {floor}")


HISTORY = history()
#: Number, change, field and what it should be: what one receipt by itself cannot say, with nothing before it in hand.
#: Number 3 is a debit, 5 its cancellation, 6 a raise, 11 an update that has Rp1.200.000 loaded and Rp1.000.000 expired.
IMPOSSIBLE: list[tuple[int, dict[str, int | bytes], str, str]] = [
    (3, {"balance_after": 900_001, "month_spent_after": 0}, "balance_after", "at most 900000"),
    (3, {"month_spent_after": 217_501}, "month_spent_after", "at most 217500"),
    (3, {"month": b"\x25\x09"}, "month", "expected 2025-10"),
    (5, {"month": b"\x25\x09"}, "month", "expected 2025-10"),
    (6, {"balance_after": 900_000, "month_spent_after": 1}, "month_spent_after", "at most 0"),
    (11, {"expired_total": 1_200_001}, "expired_total", "at most 1200000"),
    (11, {"balance_after": 200_001}, "balance_after", "at most 200000"),
    (
        11,
        {"granted_total": 199_999, "balance_after": 0, "month_spent_after": 0},
        "granted_total",
        "200000 to 1200000",
    ),
    (11, {"granted_total": 1_200_001}, "granted_total", "200000 to 1200000"),
    (11, {"override_max": 0x7FFF_FFFF - 599_999}, "override_max", "at most 2146883647"),
]
POSSIBLE = [
    (3, {"balance_after": 738_000, "month_spent_after": 162_000}),
    (6, {"month": b"\x25\x09"}),
    (11, {"expired_total": 1_200_000, "balance_after": 0}),
    (11, {"granted_total": 200_000, "balance_after": 0, "month_spent_after": 0}),
    (11, {"granted_total": 1_200_000}),
    (11, {"override_max": 0x7FFF_FFFF - 600_000}),
]


@pytest.mark.parametrize(("number", "change", "field", "right"), IMPOSSIBLE)
def test_what_no_card_says_in_one_receipt(number: int, change: dict[str, int | bytes], field: str, right: str) -> None:
    lie = forged(HISTORY[number - 1], **change)
    (finding,) = ReceiptVerifier(PROVIDER).verify_lines(lines([lie])).findings
    assert (finding.problem, finding.field, finding.detail.en) == (Problem.WRONG_ARITHMETIC, field, right)
    # In another history, too.
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([HISTORY[number - 2], forged(lie, previous_mac=bytes(8))]))
    assert [(one.problem, one.field) for one in report.findings] == [
        (Problem.BROKEN_CHAIN, "previous_mac"),
        (Problem.WRONG_ARITHMETIC, field),
    ]


@pytest.mark.parametrize(("number", "change"), POSSIBLE)
def test_what_a_card_may_say_in_one_receipt(number: int, change: dict[str, int | bytes]) -> None:
    assert ReceiptVerifier(PROVIDER).verify_lines(lines([forged(HISTORY[number - 1], **change)])).clean


@pytest.mark.parametrize("name", ["loaded_total", "expired_total", "pin_count", "mend_count", "key_selection", "state"])
def test_no_update_behind_a_gap_takes_back_what_only_grows(name: str) -> None:
    card = new_card()
    terms: dict[str, Any] = {
        "expired": 100,
        "pin_count": 2,
        "mend_count": 2,
        "mended_to": "2510",
        "keys": 4,
        "state": 4,
    }
    for seq in (1, 2, 3):
        assert card.update(wire.entitlement(seq, 900_000, **terms), bytes((seq,) * 8)).sw == wire.OK
    assert found(card, 2) == []
    less = {
        "loaded_total": 899_999,
        "expired_total": 99,
        "pin_count": 1,
        "mend_count": 1,
        "key_selection": 0,
        "state": 2,
    }
    lie = forged(card.receipts[2], **{name: less[name]})
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([card.receipts[0], lie]))
    assert (Problem.WRONG_ARITHMETIC, name) in [(one.problem, one.field) for one in report.findings]


def test_a_retired_receipt_key_is_known_behind_a_gap() -> None:
    """The key has moved on, and the receipt that it moved on with is in hand."""
    card = begun()
    assert card.update(wire.entitlement(2, 2_000_000, keys=8), b"UPDATE-2").sw == wire.OK
    for _ in range(4):
        spend(card, 1_000)
    assert [raw[66] for raw in card.receipts] == [1, 1, 1, 2, 2, 2, 2]
    for left_out in ((4,), (5,), (5, 6), (3, 4, 5), (2, 3), (3,)):
        assert found(card, *left_out) == []
    for kept in ((0, 1, 2, 5), (0, 1, 2, 3, 5)):  # right behind the update, and later
        receipts = [card.receipts[at] for at in kept]
        receipts[-1] = forged(receipts[-1], key_version=1)
        report = ReceiptVerifier(PROVIDER).verify_lines(lines(receipts))
        assert [one.field for one in report.findings] == ["key_version"]


def test_a_card_that_has_a_pin_keeps_it_behind_a_gap() -> None:
    card = begun()
    for _ in range(2):
        spend(card, 1_000)
    lie = forged(card.receipts[3], pin_state=wire.NO_PIN)
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([*card.receipts[:2], lie]))
    assert [one.field for one in report.findings] == ["pin_state"]
    # While one that had none may have got one.
    card = new_card()
    assert card.update(wire.entitlement(1, 900_000), b"UPDATE-1").sw == wire.OK
    spend(card, 1_000)
    assert card.update(wire.entitlement(2, 900_000, pin_count=1), b"UPDATE-2").sw == wire.OK
    assert card.pin.change(wire.pin_block("2468")) == wire.OK
    spend(card, 1_000)
    assert found(card, 3) == []


def test_a_pin_may_have_been_chosen_in_a_gap_that_ends_with_an_update() -> None:
    card = new_card()
    assert card.update(wire.entitlement(1, 900_000), b"UPDATE-1").sw == wire.OK
    spend(card, 1_000)
    assert card.update(wire.entitlement(2, 900_000, pin_count=1), b"UPDATE-2").sw == wire.OK
    assert card.pin.change(wire.pin_block("2468")) == wire.OK
    assert card.update(wire.entitlement(3, 900_000, pin_count=1), b"UPDATE-3").sw == wire.OK
    spend(card, 1_000)
    assert found(card, 3) == []


def test_the_receipt_key_may_move_on_with_the_update_behind_a_gap() -> None:
    card = begun()
    for _ in range(2):
        spend(card, 1_000)
    assert card.update(wire.entitlement(2, 2_000_000, keys=8), b"UPDATE-2").sw == wire.OK
    spend(card, 1_000)
    assert [raw[66] for raw in card.receipts] == [1, 1, 1, 1, 1, 2]
    assert found(card, 4) == []


def test_a_months_spending_behind_a_gap_is_at_most_what_was_spent_in_it() -> None:
    """A cancellation in the gap may have given back what the last receipt before it took."""
    card = begun()
    spend(card, 10_000)
    assert card.cancel(wire.movement(10_000, rest=card.last_mac)).sw == wire.OK
    spend(card, 30_000, when="251101080000")
    assert found(card, 4) == []
    for more, is_found in ((0, False), (1, True)):
        lie = forged(card.receipts[4], month_spent_after=30_000 + more)
        report = ReceiptVerifier(PROVIDER).verify_lines(lines([*card.receipts[:3], lie]))
        told = [(one.field, one.detail.en) for one in report.findings]
        assert told == ([("month_spent_after", "at most 30000")] if is_found else [])


@pytest.mark.parametrize(("number", "update_seq", "least"), [(7, 3, 4), (7, 2, 4), (8, 2, 3), (9, 3, 4)])
def test_the_number_of_the_update_goes_on_behind_a_gap(number: int, update_seq: int, least: int) -> None:
    """Of an update it is a new one."""
    card = begun()
    for seq in (3, 4, 5):
        assert card.update(wire.entitlement(seq, 2_000_000), bytes((seq,) * 8)).sw == wire.OK
        spend(card, 1_000)
    assert card.update(wire.entitlement(6, 2_000_000), b"UPDATE-6").sw == wire.OK
    lie = forged(card.receipts[number - 1], update_seq=update_seq)
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([*card.receipts[:3], lie]))
    assert [(one.field, one.detail.en) for one in report.findings] == [("update_seq", f"at least {least}")]


def test_at_least_its_own_amount_was_spent_up_to_a_purchase() -> None:
    card = begun()
    spend(card, 10_000)
    for spent, is_found in ((10_000, False), (9_999, True)):
        lie = forged(card.receipts[2], balance_after=2_000_000 - spent, month_spent_after=spent)
        report = ReceiptVerifier(PROVIDER).verify_lines(lines([card.receipts[0], lie]))
        assert [one.field for one in report.findings] == (["balance_after"] if is_found else [])


def test_a_retired_receipt_key_is_known_behind_updates_that_are_missing() -> None:
    """A key never goes back."""
    card = begun()
    for seq in (2, 3):
        assert card.update(wire.entitlement(seq, 2_000_000, keys=8), bytes((seq,) * 8)).sw == wire.OK
        spend(card, 1_000)
    assert found(card, 5) == []
    lie = forged(card.receipts[5], key_version=1)
    report = ReceiptVerifier(PROVIDER).verify_lines(lines([*card.receipts[:4], lie]))
    assert [one.field for one in report.findings] == ["key_version"]
