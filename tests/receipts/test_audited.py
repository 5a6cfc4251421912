# SPDX-License-Identifier: Apache-2.0
"""The auditor's books against the card's own: honest histories, whole and with gaps; lies; broken rules."""

from __future__ import annotations

from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.model import wire
from tests.model.reference_card import ReferenceCard
from tests.model.reference_entitlement import Entitlement
from tests.receipts.histories import Truth, played
from tests.receipts.made import (
    PROVIDER,
    SIZE,
    fields_of,
    forged,
    history,
    is_update,
    lines,
    new_card,
    rechained,
    replaced,
    tip,
)

from ssn_card.receipts import Finding, Problem, Receipt, ReceiptVerifier
from ssn_card.receipts.account import BEGINNING, Account

VERIFIER = ReceiptVerifier(PROVIDER)
SEEDS = st.integers(0, 1 << 32)
ALTERED = {Problem.FORGED, Problem.MALFORMED, Problem.UNKNOWN_KEY}


def found(receipts: list[bytes]) -> list[tuple[Problem, int, str | None]]:
    """In a whole set."""
    report = VERIFIER.verify_lines(lines(receipts), whole=True, first=None)
    return [(one.problem, one.line, one.field) for one in report.findings]


def told(receipts: list[bytes]) -> list[tuple[int, str | None, str]]:
    """Line, field and what it should have been, of all findings in a whole set."""
    report = VERIFIER.verify_lines(lines(receipts), whole=True, first=None)
    assert all(bool(one.detail.en) == bool(one.detail.id) for one in report.findings)
    return [(one.line, one.field, one.detail.en) for one in report.findings]


def within(account: Account, truth: Truth) -> tuple[bool, bool]:
    """Whether the truth lies in the account's bounds, and whether they are exact."""
    floor = account.floor[0] <= truth.floor <= account.floor[1]
    entitlement = account.entitlement
    if entitlement is None:
        return floor, False
    low, high = (entitlement.monthly_limit + one for one in account.added(account.newest.month))
    return floor and low <= truth.limit <= high, low == high and account.floor[0] == account.floor[1]


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_whole_honest_history_is_clean_and_known_exactly(seed: int) -> None:
    player = played(seed)
    assert VERIFIER.verify_lines(lines(player.receipts), tip(player.receipts), whole=True).clean
    account = BEGINNING
    for raw, truth in zip(player.receipts, player.truths, strict=True):
        account = account.with_next(Receipt(raw))
        assert within(account, truth) == (True, True)


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.sampled_from((0.2, 0.5, 0.9)))
def test_behind_gaps_nobody_honest_is_accused_and_the_money_is_known(seed: int, share: float) -> None:
    player, random = played(seed), Random(seed)
    kept = [at for at in range(len(player.receipts)) if random.random() < share] or [0]
    report = VERIFIER.verify_lines(lines([player.receipts[at] for at in kept]), first=None)
    assert report.clean
    told = {gap.line: gap for gap in report.gaps}
    account, before = BEGINNING, -1
    for line, at in enumerate(kept, start=1):
        receipt = Receipt(player.receipts[at])
        if at > before + 1:
            spent = player.truths[at - 1].spent - (player.truths[before].spent if before >= 0 else 0)
            assert (told[line].receipts, told[line].spent) == (at - before - 1, spent)
            account = account.with_later(receipt)
        else:
            account = account.with_next(receipt)
        assert within(account, player.truths[at])[0]
        before = at
    assert len(told) == report.gap_count


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.data())
def test_every_alteration_of_every_field_is_found(seed: int, data: st.DataObject) -> None:
    receipts = played(seed, steps=15).receipts
    by_type = {raw[wire.TYPE]: index for index, raw in enumerate(receipts)}
    for index in by_type.values():
        for name, (_, size) in fields_of(receipts[index]).items():
            value = data.draw(st.binary(min_size=size, max_size=size), label=name)
            changed = replaced(receipts[index], **{name: value})
            if changed == receipts[index]:
                continue
            report = VERIFIER.verify_lines(lines([*receipts[:index], changed, *receipts[index + 1 :]]), first=0)
            assert report.rejected == 1, name
            assert report.counts.keys() & ALTERED, name


#: What follows from the receipts before, so that a liar who holds the RECEIPT key and makes every later link anew is
#: found all the same: in receipts of movements and of updates.
RECOMPUTED = {
    False: ("amount", "balance_after", "month_spent_after", "update_seq", "granted_total", "month", "previous_mac"),
    True: ("loaded_total", "balance_after", "month_spent_after", "granted_total", "previous_mac"),
}


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.data())
def test_lies_under_a_stolen_key_are_found_where_the_history_tells(seed: int, data: st.DataObject) -> None:
    receipts = played(seed, steps=15).receipts
    index = data.draw(st.integers(0, len(receipts) - 1))
    raw = receipts[index]
    name = data.draw(st.sampled_from(RECOMPUTED[is_update(raw)]))
    if name == "amount" and raw[wire.TYPE] == wire.T_OVERRIDE:
        return  # nothing but the companion knows it
    value = data.draw(st.one_of(st.binary(min_size=4, max_size=4), st.just(b"\x00\x00\x00\x01")))
    lie = replaced(raw, **{name: value[-fields_of(raw)[name][1] :].rjust(fields_of(raw)[name][1], b"\x00")})
    if lie == raw:
        return
    after = [*receipts[:index], forged(lie), *receipts[index + 1 :]]
    told = rechained(after) if name != "previous_mac" else after
    assert any(line == index + 1 for _, line, _ in found(told)), name


def lawless(card: ReferenceCard, **terms: int) -> None:
    """The card forgets its entitlement's terms, and takes these instead, under the same number."""
    raw = bytearray(card.entitlement.raw)
    places = {
        "limit": (12, 4), "override_max": (16, 4), "debit_max": (20, 4), "pin_above": (24, 4), "categories": (28, 2),
        "until": (30, 3), "state": (34, 1),
    }  # fmt: skip
    for name, value in terms.items():
        at, size = places[name]
        raw[at : at + size] = value.to_bytes(size, "big")
    card.entitlement = Entitlement(bytes(raw))


def begun(**terms: object) -> ReferenceCard:
    """A card with its first load and one purchase."""
    card = new_card(pin="2468")
    assert card.update(wire.entitlement(1, 2_000_000, **terms), b"UPDATE-1").sw == wire.OK  # type: ignore[arg-type]
    assert card.debit(wire.movement(50_000)).sw == wire.OK
    return card


REFUSED = [
    ({"state": 3}, {"state": 2}, 10_000, {}, "update_seq", "the card was blocked"),
    ({"state": 1}, {"state": 2}, 10_000, {}, "update_seq", "the card was not active yet"),
    ({"state": 4}, {"state": 2}, 10_000, {}, "update_seq", "the card was terminated"),
    ({"until": "251003"}, {"until": 0x251231}, 10_000, {"when": "251004080000"}, "timestamp", "at most 2025-10-03"),
    ({"debit_max": 60_000}, {"debit_max": 90_000}, 60_001, {}, "amount", "at most Rp60.000"),
    ({"categories": 3}, {"categories": 7}, 10_000, {"categories": 5}, "categories", "goods not allowed"),
    (
        {"limit": 100_000},
        {"limit": 900_000},
        50_001,
        {},
        "month_spent_after",
        "spent in the month Rp100.001, limit Rp100.000",
    ),
    ({"pin_above": 100_000}, {"pin_above": 900_000}, 50_001, {}, "pin_state", "PIN due below Rp1.900.000"),
]


@pytest.mark.parametrize(("terms", "lax", "amount", "movement", "field", "why"), REFUSED)
def test_a_purchase_that_the_card_would_have_refused(
    terms: dict[str, object], lax: dict[str, int], amount: int, movement: dict[str, object], field: str, why: str
) -> None:
    """By a broken card, or under a stolen key: the update's own receipt says what it had to refuse."""
    card = begun(**{name: value for name, value in terms.items() if name != "state"})
    if "state" in terms:
        assert card.update(wire.entitlement(2, 2_000_000, state=terms["state"]), b"UPDATE-2").sw == wire.OK  # type: ignore[arg-type]
    if "pin_above" in lax:
        card.free = 900_000
    lawless(card, **lax)
    assert card.debit(wire.movement(amount, **movement)).sw == wire.OK  # type: ignore[arg-type]
    assert found(card.receipts) == [(Problem.REFUSED, len(card.receipts), field)]
    assert told(card.receipts) == [(len(card.receipts), field, why)]


@pytest.mark.parametrize(
    ("terms", "amount", "movement"),
    [
        ({"until": "251003"}, 10_000, {"when": "251003235959"}),
        ({"debit_max": 60_000}, 60_000, {}),
        ({"categories": 3}, 10_000, {"categories": 3}),
        ({"limit": 100_000}, 50_000, {}),
        ({"pin_above": 100_000}, 50_000, {}),
    ],
)
def test_what_the_card_takes_at_the_edge_is_no_finding(
    terms: dict[str, object], amount: int, movement: dict[str, object]
) -> None:
    card = begun(**terms)
    assert card.debit(wire.movement(amount, **movement)).sw == wire.OK  # type: ignore[arg-type]
    assert found(card.receipts) == []


def test_a_raise_beyond_what_companions_may() -> None:
    card = begun(override_max=100_000)
    assert card.override(wire.movement(60_000)).sw == wire.OK
    lawless(card, override_max=300_000)
    assert card.override(wire.movement(40_001)).sw == wire.OK
    assert found(card.receipts) == [(Problem.REFUSED, 4, "amount")]
    assert told(card.receipts) == [(4, "amount", "raised by Rp100.001, limit Rp100.000")]


def test_raises_count_for_their_own_month_only() -> None:
    """A card remembers one raised month: the limit of another is the entitlement's."""
    card = begun(limit=100_000, override_max=100_000)
    assert card.override(wire.movement(60_000)).sw == wire.OK
    assert card.debit(wire.movement(110_000)).sw == wire.OK
    assert found(card.receipts) == []
    lawless(card, limit=400_000)
    assert card.debit(wire.movement(100_001, when="251101080000")).sw == wire.OK
    assert found(card.receipts) == [(Problem.REFUSED, 5, "month_spent_after")]


def test_a_raise_of_the_next_month_leaves_what_was_spent_in_this_one() -> None:
    card = begun(override_max=100_000)
    assert card.override(wire.movement(60_000, when="251104080000")).sw == wire.OK
    assert card.debit(wire.movement(10_000)).sw == wire.OK
    assert found(card.receipts) == []


def test_a_month_that_goes_back_without_a_mending() -> None:
    card = begun()
    assert card.debit(wire.movement(1_000, when="251101080000")).sw == wire.OK
    card.month = bytes.fromhex("2510")
    card.month_spent = 0
    assert card.debit(wire.movement(1_000, when="251020080000")).sw == wire.OK
    assert (Problem.REFUSED, 4, "timestamp") in found(card.receipts)
    # Behind a gap under the same entitlement it shows as well.
    report = VERIFIER.verify_lines(lines([card.receipts[0], card.receipts[2], card.receipts[3]]))
    assert [(one.problem, one.field) for one in report.findings] == [(Problem.REFUSED, "timestamp")]
    assert report.findings[0].detail == ("at least 2025-11", "paling sedikit 2025-11")


def test_a_mending_takes_the_month_back() -> None:
    card = begun()
    assert card.debit(wire.movement(1_000, when="251201080000")).sw == wire.OK
    mended = wire.entitlement(2, 2_000_000, mend_count=1, mended_to="2510")
    assert card.update(mended, b"UPDATE-2").sw == wire.OK
    assert card.debit(wire.movement(1_000, when="251020080000")).sw == wire.OK
    assert found(card.receipts) == []
    # The month of the update's receipt, without the higher count.
    receipts = [*card.receipts[:3], forged(card.receipts[3], mend_count=0), card.receipts[4]]
    assert (Problem.WRONG_ARITHMETIC, 4, "month") in found(rechained(receipts))
    assert told(rechained(receipts)) == [(4, "month", "expected 2025-12")]
    # A mending takes no month forward, nor to none.
    for month in (b"\x26\x01", bytes(2)):
        forward = [*card.receipts[:3], forged(card.receipts[3], month=month)]
        assert told(forward) == [(4, "month", "at most 2025-12")]


def test_the_next_receipt_key_is_in_force_behind_its_update_and_never_goes_back() -> None:
    card = begun()
    assert card.update(wire.entitlement(2, 2_000_000, keys=8), b"UPDATE-2").sw == wire.OK
    for txn in (2, 3):
        assert card.debit(wire.movement(1_000, txn=txn)).sw == wire.OK
    assert [raw[66] for raw in card.receipts] == [1, 1, 1, 2, 2]
    assert found(card.receipts) == []
    for index in (3, 4):  # a retired key that was stolen
        receipts = list(card.receipts)
        receipts[index] = forged(receipts[index], key_version=1)
        assert (Problem.WRONG_ARITHMETIC, index + 1, "key_version") in found(rechained(receipts))
    assert told(rechained(receipts)) == [(5, "key_version", "expected 2")]


def test_an_update_is_receipted_under_the_key_before_it() -> None:
    card = begun()
    assert card.update(wire.entitlement(2, 2_000_000, keys=8), b"UPDATE-2").sw == wire.OK
    receipts = [*card.receipts[:2], forged(card.receipts[2], key_version=2)]
    assert found(receipts) == [(Problem.WRONG_ARITHMETIC, 3, "key_version")]
    assert told(receipts) == [(3, "key_version", "expected 1")]


#: Receipts by themselves in order, but not behind the one before: 5 is a cancellation, 6 a raise, 8 an update.
NOT_FOLLOWING: list[tuple[int, dict[str, int | bytes], list[tuple[str, str]]]] = [
    (1, {"month": b"\x25\x10"}, [("month", "expected -")]),
    (3, {"update_seq": 2}, [("update_seq", "expected 1")]),
    (
        3,
        {"granted_total": 900_001, "balance_after": 682_501},
        [("granted_total", "expected 900000"), ("balance_after", "expected 682500")],
    ),
    (5, {"categories": 2}, [("categories", "expected 1")]),
    (5, {"terminal_id": 7}, [("terminal_id", "expected 8")]),
    (
        5,
        {"amount": 9_999},
        [("amount", "expected 10000"), ("balance_after", "expected 682499"), ("month_spent_after", "expected 217501")],
    ),
    (6, {"month": b"\x25\x11"}, [("month", "expected 2025-10")]),
    (8, {"update_seq": 1}, [("update_seq", "at least 2")]),
    (8, {"month": b"\x25\x09"}, [("month", "expected 2025-10")]),
    (8, {"month_spent_after": 1}, [("month_spent_after", "expected 617500")]),
    (
        8,
        {"expired_total": 1, "granted_total": 999_999},
        [("granted_total", "expected 1000000"), ("month_spent_after", "at most 617499")],
    ),
]


@pytest.mark.parametrize(("number", "change", "right"), NOT_FOLLOWING)
def test_what_does_not_follow_says_what_would(
    number: int, change: dict[str, int | bytes], right: list[tuple[str, str]]
) -> None:
    receipts = history()[:number]
    receipts[-1] = forged(receipts[-1], **change)
    assert told(receipts) == [(number, field, detail) for field, detail in right]


def test_only_a_purchase_can_be_cancelled() -> None:
    """It names the MAC of the receipt before it, but that is another cancellation."""
    receipts = history()[:5]
    again = forged(receipts[4], seq=6, previous_mac=receipts[4][80:], cancelled_mac=receipts[4][80:])
    assert (Problem.BROKEN_CHAIN, 6, "cancelled_mac") in found([*receipts, again])


@pytest.mark.parametrize(
    ("index", "pin_state", "is_found"),
    [(1, 2, True), (2, 2, True), (2, 1, False), (4, 2, True)],
)
def test_a_pin_comes_by_choice_and_never_goes(index: int, pin_state: int, is_found: bool) -> None:
    card = begun()
    assert card.debit(wire.movement(1_000, txn=2)).sw == wire.OK
    assert card.update(wire.entitlement(2, 2_000_000, pin_count=1), b"UPDATE-2").sw == wire.OK
    assert card.debit(wire.movement(1_000, txn=3)).sw == wire.OK
    receipts = list(card.receipts)
    receipts[index] = forged(receipts[index], pin_state=pin_state)
    assert any(field == "pin_state" for _, _, field in found(rechained(receipts))) == is_found


def test_a_card_without_pin_gets_one_where_an_update_allows_it() -> None:
    card = new_card()
    assert card.update(wire.entitlement(1, 900_000), b"UPDATE-1").sw == wire.OK
    assert card.debit(wire.movement(1_000)).sw == wire.OK
    assert card.update(wire.entitlement(2, 900_000, pin_count=1), b"UPDATE-2").sw == wire.OK
    assert card.update(wire.entitlement(3, 900_000, pin_count=1), b"UPDATE-3").sw == wire.OK
    assert card.pin.change(wire.pin_block("2468")) == wire.OK
    assert card.debit(wire.movement(1_000, txn=2)).sw == wire.OK
    assert found(card.receipts) == []
    receipts = [*card.receipts[:2], forged(card.receipts[2], pin_count=0), *card.receipts[3:]]
    receipts[3] = forged(receipts[3], pin_count=0)
    assert found(rechained(receipts)) == [(Problem.WRONG_ARITHMETIC, 5, "pin_state")]


@pytest.mark.parametrize("name", ["loaded_total", "expired_total", "pin_count", "mend_count", "key_selection"])
def test_no_update_takes_back_what_only_grows(name: str) -> None:
    card = new_card()
    terms = {"expired": 100_000, "pin_count": 2, "mend_count": 2, "mended_to": "2510", "keys": 4}
    assert card.update(wire.entitlement(1, 900_000, **terms), b"UPDATE-1").sw == wire.OK  # type: ignore[arg-type]
    assert card.update(wire.entitlement(2, 900_000, **terms), b"UPDATE-2").sw == wire.OK  # type: ignore[arg-type]
    less = {"loaded_total": 899_999, "expired_total": 99_999, "pin_count": 1, "mend_count": 1, "key_selection": 0}
    receipts = [card.receipts[0], forged(card.receipts[1], **{name: less[name]})]
    assert (Problem.WRONG_ARITHMETIC, 2, name) in found(receipts)
    least = "expected 4" if name == "key_selection" else f"at least {less[name] + 1}"
    assert (2, name, least) in told(receipts)


def test_a_terminated_card_stays_so() -> None:
    card = begun()
    assert card.update(wire.entitlement(2, 2_000_000, state=4), b"UPDATE-2").sw == wire.OK
    assert card.update(wire.entitlement(3, 2_000_000, state=4), b"UPDATE-3").sw == wire.OK
    receipts = [*card.receipts[:3], forged(card.receipts[3], state=2)]
    assert found(receipts) == [(Problem.WRONG_ARITHMETIC, 4, "state")]
    assert told(receipts) == [(4, "state", "expected 4")]


@pytest.mark.parametrize(
    ("kept", "change", "field", "right"),
    [
        # Nothing else than what the receipts before and behind the gap must agree on.
        ((0, 3), {"granted_total": 900_001, "balance_after": 672_501}, "granted_total", "expected 900000"),
        ((1, 3), {"month_spent_after": 227_499}, "month_spent_after", "expected 227500"),
        # The purchase before the gap may have been cancelled in it, the one behind it was not.
        ((1, 3), {"balance_after": 900_000, "month_spent_after": 0}, "balance_after", "at most 890000"),
        ((1, 8), {"update_seq": 0x7FFFFFFF}, None, ""),
        ((7, 11), {"update_seq": 1}, "update_seq", "at least 3"),
        ((1, 3), {"key_version": 2}, "key_version", "expected 1"),
        ((3, 6), {"month": b"\x25\x09", "timestamp": bytes.fromhex("250930100000")}, "month", "at least 2025-10"),
    ],
)
def test_lies_behind_a_gap(
    kept: tuple[int, int], change: dict[str, int | bytes], field: str | None, right: str
) -> None:
    receipts = history()
    last = forged(receipts[kept[1]], **change)
    report = VERIFIER.verify_lines(lines([*receipts[: kept[0] + 1], last]))
    assert [(one.field, one.detail.en) for one in report.findings] == ([(field, right)] if field else [])


def test_a_gap_says_once_what_was_spent_in_it() -> None:
    receipts = history()
    report = VERIFIER.verify_lines(
        lines([receipts[0], receipts[6]]), {Receipt(receipts[0]).serial: tip(receipts[:3])[Receipt(receipts[0]).serial]}
    )
    (missing,), (open_gap,) = report.findings, report.gaps
    assert (missing.receipts, missing.spent, missing.detail.en) == (2, None, "2 to 3")
    assert (open_gap.receipts, open_gap.spent) == (3, 217_500)
    assert open_gap.detail == ("4 to 6; Rp217.500 spent in 2 to 6", "4 sampai 6; belanja Rp217.500 di 2 sampai 6")


def test_every_finding_is_told_in_both_languages() -> None:
    card = begun(limit=100_000)
    lawless(card, limit=900_000)
    assert card.debit(wire.movement(60_000)).sw == wire.OK
    (finding,) = VERIFIER.verify_lines(lines(card.receipts)).findings
    assert isinstance(finding, Finding)
    assert finding.detail == (
        "spent in the month Rp110.000, limit Rp100.000",
        "belanja bulan itu Rp110.000, batas Rp100.000",
    )
    assert len(card.receipts[0]) == SIZE
