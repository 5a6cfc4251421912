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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
