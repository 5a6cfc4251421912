# SPDX-License-Identifier: Apache-2.0
"""Whatever receipts are withheld, and whenever a card was read: the truth lies within the bounds that are told.

The truth is that of the reference card, which keeps what was spent, given back and withdrawn by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.audit.reconcile.ledger import Ledger, all_of, one
from tests.receipts.histories import Player, played

from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

SERIALS = ("5353000000000001", "5353000000000002")
_UPDATE = int(ReceiptType.UPDATE)


@st.composite
def withheld(draw: st.DrawFn) -> tuple[int, frozenset[int], int, tuple[int, ...]]:
    """Seed of a history, places of what is not handed in, how much of its end is not, and where the card was read."""
    seed = draw(st.integers(0, 1 << 16))
    return (
        seed,
        draw(st.frozensets(st.integers(0, 45), max_size=20)),
        draw(st.integers(0, 12)),
        draw(st.tuples(st.integers(0, 45)) | st.just(())),
    )


def told(player: Player, gone: frozenset[int], tail: int, read: tuple[int, ...]) -> dict[str, Any]:
    """The account of a card of which some receipts are not in hand; the register has every update."""
    ledger = Ledger()
    count = len(player.receipts)
    in_hand = [raw for place, raw in enumerate(player.receipts[: max(count - tail, 0)]) if place not in gone]
    ledger.card(SERIALS[0], in_hand)
    ledger.card(SERIALS[1], player.receipts)  # another card, so that there is always something
    for serial in SERIALS:
        ledger.register(serial, player.receipts)
    for place in read:
        seen = Receipt(player.receipts[min(place, count - 1)])
        at = datetime(2026, 1, 1) + timedelta(minutes=place)
        ledger.add("statuses", serial=SERIALS[0], read_at=at, terminal_id=1, seq=seen.seq, balance=seen.balance_after)
    connection, result = ledger.reconciled()
    assert all_of(connection, "claims") == []  # all that is stated is true
    assert result.contradicting == 0
    owed = sum(Receipt(raw).moved for raw in [*in_hand, *player.receipts])
    assert result.totals.owed == owed
    return one(connection, "card_accounts", serial=SERIALS[0]) | {
        "ends": all_of(connection, "unplaced", serial=SERIALS[0], reason="end"),
        "gaps": [row for row in all_of(connection, "unplaced", serial=SERIALS[0]) if row["reason"] != "end"],
        "newest": Receipt(in_hand[-1]) if in_hand else None,
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(withheld())
@example((0, frozenset(), 0, ()))
@example((0, frozenset(range(46)), 0, (45,)))
def test_the_truth_lies_within_the_bounds(case: tuple[int, frozenset[int], int, tuple[int, ...]]) -> None:
    seed, gone, tail, read = case
    player = played(seed)
    account = told(player, gone, tail, read)
    newest = account["newest"]
    truths = {Receipt(raw).seq: Receipt(raw).spent_total for raw in player.receipts}
    here = 0 if newest is None else newest.spent_total
    # Up to the newest receipt in hand everything is exact, whatever lies in the gaps.
    assert account["spent"] - account["refunded"] + account["hidden"] == here
    for gap in account["gaps"]:
        before = truths.get(gap["first_seq"] - 1, 0)
        assert gap["least"] == gap["most"] == truths[gap["last_seq"]] - before
    # What the card stated beyond it lies within the bounds of the end.
    for end in account["ends"]:
        assert end["least"] <= truths[end["last_seq"]] - here <= end["most"], end
    # And what nobody has told of, within those of what may be.
    now = player.card.spent - player.card.refunded
    assert account["beyond_least"] <= now - here <= account["beyond_most"]
    if newest is not None:
        known = Receipt(next(raw for raw in reversed(player.receipts) if _is_load(raw, newest.update_seq)))
        assert account["loaded"] == known.loaded_total
        assert account["withdrawn"] == known.loaded_total - newest.granted_total
        assert account["undelivered"] == player.card.entitlement.loaded - known.loaded_total
    else:
        assert (account["loaded"], account["undelivered"]) == (0, player.card.entitlement.loaded)


def _is_load(raw: bytes, update_seq: int) -> bool:
    receipt = Receipt(raw)
    return receipt.type == _UPDATE and receipt.update_seq == update_seq


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1 << 16))
def test_with_everything_in_hand_the_account_is_the_cards_own(seed: int) -> None:
    player = played(seed)
    account = told(player, frozenset(), 0, (len(player.receipts),))
    card = player.card
    assert (account["loaded"], account["spent"], account["refunded"]) == (
        card.entitlement.loaded,
        card.spent,
        card.refunded,
    )
    assert (account["withdrawn"], account["balance"], account["hidden"]) == (card.withdrawn, card.balance, 0)
    assert (account["state"], account["difference"], account["undelivered"]) == ("whole", 0, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(withheld(), st.integers(1, 12))
def test_policies_hand_over_what_is_left_whatever_is_withheld(
    case: tuple[int, frozenset[int], int, tuple[int, ...]], another: int
) -> None:
    """By policy as in all; :func:`reconcile` itself holds each row's sums against each other."""
    seed, gone, _, _ = case
    player = played(seed)
    in_hand = [raw for place, raw in enumerate(player.receipts) if place not in gone] or player.receipts[-1:]
    sums = []
    for split in (another, 1 << 31):
        ledger = Ledger(another=split)
        ledger.card(SERIALS[0], in_hand)
        ledger.register(SERIALS[0], player.receipts)
        connection, result = ledger.reconciled()
        rows = all_of(connection, "programme_accounts")
        assert [row["policy_id"] for row in rows] == sorted(row["policy_id"] for row in rows)
        totals = result.totals
        sums.append((totals.disbursed, totals.spent, totals.hidden, totals.expired, totals.balance, totals.undelivered))
        assert sum(row["carried_in"] for row in rows) == sum(row["carried_out"] for row in rows)
    assert sums[0] == sums[1]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(withheld(), st.lists(st.sampled_from((None, 0, 1, -50_000, 10_000_000)), min_size=1, max_size=8))
def test_no_register_changes_what_receipts_prove(
    case: tuple[int, frozenset[int], int, tuple[int, ...]], wrong: list[int | None]
) -> None:
    """A register that leaves updates out (``None``), or states other loads."""
    seed, gone, _, _ = case
    player = played(seed)
    in_hand = [raw for place, raw in enumerate(player.receipts) if place not in gone] or player.receipts[-1:]
    ledger = Ledger()
    ledger.card(SERIALS[0], in_hand)
    ledger.register(SERIALS[0], player.receipts)
    rows = ledger.rows["updates"]
    ledger.rows["updates"] = [
        row | {"loaded_total": max(0, row["loaded_total"] + shift)}
        for place, row in enumerate(rows)
        if (shift := wrong[place % len(wrong)]) is not None
    ]
    connection, _ = ledger.reconciled()
    account = one(connection, "card_accounts")
    newest = Receipt(in_hand[-1])
    assert account["spent"] - account["refunded"] + account["hidden"] == newest.spent_total
    assert account["balance"] == newest.balance_after
    assert account["loaded"] - account["withdrawn"] == newest.granted_total
    proven = [Receipt(raw) for raw in in_hand if Receipt(raw).type == _UPDATE]
    for load in proven:
        if load.update_seq == newest.update_seq:
            assert account["loaded"] == load.loaded_total
    stated = {row["update_seq"]: row["loaded_total"] for row in ledger.rows["updates"]}
    told = {(row["seq"], row["reason"]) for row in all_of(connection, "claims")}
    for load in proven:
        if load.update_seq in stated:
            differs = stated[load.update_seq] != load.loaded_total
            assert ((load.update_seq, "register-differs") in told) == differs
        else:
            assert (load.update_seq, "update-not-registered") in told
