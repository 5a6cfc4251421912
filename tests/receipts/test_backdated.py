# SPDX-License-Identifier: Apache-2.0
"""Movements dated before an earlier one of their card: noted, and no finding, for two clocks may honestly differ."""

from __future__ import annotations

from random import Random

import pytest
from tests.model.wire import MAC, T_CANCEL, T_OVERRIDE, T_UPDATE, TYPE, entitlement, movement
from tests.receipts.histories import played
from tests.receipts.made import PROVIDER, SERIAL, forged, lines, new_card, rechained

from ssn_card.receipts import Finding, Problem, ReceiptVerifier, Report
from ssn_card.receipts.account import BEGINNING, NO_DAY
from ssn_card.receipts.findings import NOTES
from ssn_card.receipts.receipt import Receipt

WHEN = slice(10, 16)


def report(receipts: list[bytes], *, whole: bool = False, first: int | None = None) -> Report:
    return ReceiptVerifier(PROVIDER).verify_lines(lines(receipts), whole=whole, first=first)


def bought_on(*moments: str) -> list[bytes]:
    """An update, then a debit at each of these moments (YYMMDDhhmmss)."""
    card = new_card()
    made = [card.update(entitlement(1, 9_000_000, limit=9_000_000), b"UPDATE-1").receipt]
    made += [card.debit(movement(1_000, when=when, txn=txn)).receipt for txn, when in enumerate(moments, start=1)]
    assert None not in made
    return [raw for raw in made if raw is not None]


def linked_on(receipts: list[bytes]) -> list[bytes]:
    """These, each naming the one before; the first as it is."""
    out = receipts[:1]
    for raw in receipts[1:]:
        out.append(forged(raw, previous_mac=out[-1][MAC:]))
    return out


def test_a_day_before_an_earlier_one_is_noted_with_both_days() -> None:
    found = report(bought_on("251003120000", "251002120000"), whole=True)
    assert found.backdated == [
        Finding(Problem.BACKDATED, 3, "timestamp", SERIAL, 3, found.backdated[0].detail),
    ]
    assert (found.backdated[0].detail.en, found.backdated[0].detail.id) == (
        "one before it is of 2025-10-03",
        "ada yang lebih awal bertanggal 2025-10-03",
    )


def test_it_is_a_note_so_the_report_is_clean() -> None:
    found = report(bought_on("251003120000", "251002120000"), whole=True)
    assert found.clean
    assert (found.found, found.findings, found.gaps, found.gap_count) == (0, [], [], 0)
    assert (found.backdated_count, found.spent_unseen) == (1, 0)
    assert {Problem.BACKDATED, Problem.NOT_HANDED_IN} == NOTES


def test_an_earlier_hour_of_the_same_day_is_none() -> None:
    assert report(bought_on("251003235959", "251003000000"), whole=True).backdated == []


def test_the_newest_day_so_far_counts_not_the_last_one() -> None:
    found = report(bought_on("251005100000", "251003100000", "251004100000", "251005000000", "251004100000"))
    assert [(one.seq, one.detail.en[-10:]) for one in found.backdated] == [
        (3, "2025-10-05"),
        (4, "2025-10-05"),
        (6, "2025-10-05"),
    ]


def test_across_a_gap_too() -> None:
    made = bought_on("251005100000", "251006100000", "251004100000")
    found = report([made[1], made[3]])
    assert [(one.seq, one.detail.en[-10:]) for one in found.backdated] == [(4, "2025-10-05")]
    assert [one.seq for one in found.gaps] == [1, 3]
    assert (found.gap_count, found.backdated_count, found.not_handed_in) == (2, 1, 2)
    assert len(report(made).backdated) == 1


def test_a_gap_forgets_no_day_however_many_follow() -> None:
    made = bought_on("251005100000", "251003100000", "251003100000", "251003110000", "251004100000")
    assert [one.seq for one in report([made[1], made[3], made[5]]).backdated] == [4, 6]


@pytest.mark.parametrize("kind", [T_CANCEL, T_OVERRIDE])
def test_cancellations_and_overridings_take_part(kind: int) -> None:
    """Such a movement is noted by its day, and its day counts for those behind it."""
    for early, noted in (("251003120000", [3]), ("251007120000", [4])):
        card = new_card()
        receipts = [
            card.update(entitlement(1, 900_000), b"UPDATE-1").receipt,
            card.debit(movement(1_000, when="251005120000", txn=1)).receipt,
            card.cancel(movement(1_000, when=early, txn=2, rest=card.last_mac)).receipt
            if kind == T_CANCEL
            else card.override(movement(1_000, when=early, txn=2, rest=b"PD-00001")).receipt,
            card.debit(movement(1_000, when="251006120000", txn=3)).receipt,
        ]
        made = [raw for raw in receipts if raw is not None]
        assert len(made) == 4
        assert [one.seq for one in report(made).backdated] == noted


def test_updates_take_no_part() -> None:
    """Their day is the bank's: it is not noted, nor is anything noted for its sake."""
    card = new_card()
    made = [
        card.update(entitlement(1, 900_000), b"UPDATE-1").receipt,
        card.debit(movement(1_000, when="251005120000", txn=1)).receipt,
        card.update(entitlement(2, 900_000), b"UPDATE-2").receipt,
        card.debit(movement(1_000, when="251005120000", txn=2)).receipt,
    ]
    receipts = [raw for raw in made if raw is not None]
    for day in (b"\x20\x01\x01", b"\x79\x12\x31"):
        other = receipts[2][:37] + day + receipts[2][40:]
        found = report(rechained([*receipts[:2], other, receipts[3]]))
        assert (found.backdated, found.findings) == ([], [])


def test_it_is_told_beside_what_the_card_would_have_refused() -> None:
    """One field, told twice: of the month the finding, of the day the note."""
    made = bought_on("251105120000", "251106120000")
    when = bytes.fromhex("251003120000")
    stolen = rechained([*made[:2], forged(made[2], timestamp=when, month=b"\x25\x10", month_spent_after=1_000)])
    found = report(stolen)
    assert (Problem.REFUSED, "timestamp") in [(one.problem, one.field) for one in found.findings]
    assert [one.seq for one in found.backdated] == [3]


def test_behind_a_break_of_the_chain_days_begin_anew() -> None:
    """Another history: the movement that does not follow is not noted, and counts for those behind it."""
    made = bought_on("251005100000", "251004100000", "251003100000", "251004110000", "251003090000")
    broken = forged(made[2], previous_mac=b"\xaa" * 8)
    found = report([*made[:2], *linked_on([broken, *made[3:]])])
    assert [one.field for one in found.findings] == ["previous_mac"]
    assert [(one.seq, one.detail.en[-10:]) for one in found.backdated] == [(4, "2025-10-04"), (6, "2025-10-04")]


def test_an_update_behind_a_break_brings_no_day() -> None:
    update = forged(bought_on()[0], seq=2, previous_mac=b"\xaa" * 8, update_seq=2)
    made = bought_on("251005100000")
    following = forged(bought_on("251001100000")[1], seq=4, update_seq=2)
    found = report([*made, *linked_on([forged(update, seq=3), following])])
    assert [one.field for one in found.findings][:1] == ["previous_mac"]
    assert found.backdated == []
    assert [one.seq for one in report([*made, following]).backdated] == [4]


def test_of_a_copied_card_each_history_has_its_own_days() -> None:
    made = bought_on("251005100000", "251006100000")
    twin = forged(made[1], timestamp=bytes.fromhex("251009100000"))
    behind_it = linked_on([twin, made[2]])[1]
    assert report([made[0], made[1], twin, made[2]]).backdated == []
    assert [one.seq for one in report([made[0], made[1], twin, behind_it]).backdated] == [3]


def test_those_kept_are_the_first_and_all_are_counted() -> None:
    found = report(bought_on("251009100000", *["251001100000"] * 5), first=2)
    assert [one.seq for one in found.backdated] == [3, 4]
    assert found.backdated_count == 5


@pytest.mark.parametrize("seed", range(30))
def test_as_a_plain_look_at_the_days_says(seed: int) -> None:
    """Honest histories by clocks a month off, whole and with receipts left out."""
    random = Random(seed)
    receipts = played(seed, 60).receipts
    for share in (0, 0.3, 0.8):
        kept = [raw for raw in receipts if random.random() >= share]
        newest, expected = NO_DAY, []
        for raw in kept:
            if raw[TYPE] == T_UPDATE:
                continue
            if raw[WHEN][:3] < newest:
                expected.append(int.from_bytes(raw[:4], "big"))
            newest = max(newest, raw[WHEN][:3])
        assert [one.seq for one in report(kept).backdated] == expected


def test_the_account_carries_the_newest_day() -> None:
    account = BEGINNING
    assert account.day == NO_DAY == bytes(3)
    for raw, day in zip(bought_on("251003120000", "251002120000"), ("000000", "251003", "251003"), strict=True):
        account = account.with_next(Receipt(raw))
        assert account.day.hex() == day
    assert account.forgotten(Receipt(bought_on("250901120000")[1])).day.hex() == "251003"
