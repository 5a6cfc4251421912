# SPDX-License-Identifier: Apache-2.0
"""Accounts of small worlds, each rupiah of which is known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.audit.reconcile.ledger import Ledger, all_of, cancel, debit, one, update
from tests.model.reference_card import ReferenceCard
from tests.receipts.made import new_card

from ssn_card.audit.reconcile import reconciliation
from ssn_card.audit.reconcile.errors import AccountsDoNotAddUp, NothingToReconcile
from ssn_card.receipts import Receipt

ONE, TWO = "5353000000000001", "5353000000000002"


def loaded(amount: int = 300_000, **terms: object) -> tuple[ReferenceCard, list[bytes]]:
    """A card with its first load."""
    card = new_card()
    return card, [update(card, 1, amount, **terms)]


def ledger(*cards: tuple[str, list[bytes]]) -> Ledger:
    """Cards whose receipts are all in hand, and a register that has their updates."""
    made = Ledger()
    for serial, receipts in cards:
        made.card(serial, receipts)
        made.register(serial, receipts)
    return made


def figures(row: dict[str, Any], *names: str) -> list[Any]:
    return [row[name] for name in names]


def test_a_card_and_its_shops() -> None:
    card, receipts = loaded()
    receipts += [debit(card, 100_000, "260105101500", terminal=1), debit(card, 50_000, "260105120000", terminal=2)]
    receipts += [cancel(card, "260106090000"), debit(card, 30_000, "260106090500", terminal=2)]
    connection, result = ledger((ONE, receipts)).reconciled()
    account = one(connection, "card_accounts")
    assert figures(account, "loaded", "spent", "refunded", "withdrawn", "balance", "undelivered", "state") == [
        *(300_000, 180_000, 50_000, 0, 170_000, 0),
        "whole",
    ]
    assert figures(account, "read_balance", "difference", "known_on") == [None, None, date(2026, 1, 6)]
    assert [tuple(row.values()) for row in all_of(connection, "shop_days")] == [
        ("EW-001", date(2026, 1, 5), 1, 100_000, 0, 0, 100_000),
        ("EW-002", date(2026, 1, 5), 1, 50_000, 0, 0, 50_000),
        ("EW-002", date(2026, 1, 6), 1, 30_000, 1, 50_000, -20_000),  # given back on its own day
    ]
    shop = one(connection, "shop_accounts", id_ewarong="EW-002")
    assert figures(shop, "debited", "cancelled", "owed", "withheld", "listed") == [80_000, 50_000, 30_000, 0, False]
    assert (result.totals.owed, result.totals.spent, result.totals.budget) == (130_000, 180_000, None)
    assert result.found == 0
    assert len(result.remarks) == 2  # neither statuses nor budget


def test_what_was_issued_and_never_delivered_is_not_spent() -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    made = ledger((ONE, receipts))
    made.rows["updates"][0]["valid_until"] = date(2026, 12, 31)
    made.add("updates", serial=ONE, update_seq=2, loaded_total=600_000, expired_total=0, policy_id=2025)
    made.add("updates", serial=TWO, update_seq=1, loaded_total=300_000, expired_total=0, policy_id=2025)
    made.add("cards", serial=TWO, family="F2", kode_kecamatan="64.72.02")
    made.add("budget", policy_id=2025, kode_kecamatan="64.72.01", families=1, budget_rp=700_000)
    made.add("budget", policy_id=2025, kode_kecamatan="64.72.02", families=1, budget_rp=700_000)
    connection, result = made.reconciled()
    for serial, put in ((ONE, [300_000, 300_000, 200_000]), (TWO, [0, 300_000, 0])):
        assert figures(one(connection, "card_accounts", serial=serial), "loaded", "undelivered", "balance") == put
    rows = all_of(connection, "programme_accounts")
    assert [figures(row, "kecamatan", "disbursed", "undelivered", "unused", "families_reached") for row in rows] == [
        ["Palaran", 300_000, 300_000, 400_000, 1],
        ["Samarinda Seberang", 0, 300_000, 700_000, 0],
    ]
    assert (result.totals.budget, result.totals.undelivered) == (1_400_000, 600_000)
    assert [row["spendable_until"] for row in rows] == [date(2026, 12, 31), None]
    assert result.spendable_until == date(2026, 12, 31)


def test_a_gap_is_exact_and_what_it_hides_is_nobodys() -> None:
    card, receipts = loaded()
    receipts += [debit(card, 10_000 * number, f"2601{number:02d}101500", terminal=number) for number in (1, 2, 3, 4)]
    made = ledger((ONE, [receipts[0], receipts[1], receipts[4]]))
    connection, _ = made.reconciled()
    (gap,) = all_of(connection, "unplaced")
    assert figures(gap, "first_seq", "last_seq", "least", "most", "reason", "id_ewarong", "since", "until") == [
        *(3, 4, 50_000, 50_000, "gap", None, date(2026, 1, 1), date(2026, 1, 4)),
    ]
    account = one(connection, "card_accounts")
    assert figures(account, "spent", "hidden", "balance", "unplaced_least", "unplaced_most", "state") == [
        *(50_000, 50_000, 200_000, 50_000, 50_000, "open"),
    ]
    assert [row["id_ewarong"] for row in all_of(connection, "shop_accounts")] == ["EW-001", "EW-004"]


def test_a_cancellation_that_a_shop_did_not_hand_in_is_told() -> None:
    card, receipts = loaded()
    receipts += [debit(card, 70_000, "260105101500", terminal=3), cancel(card, "260105110000")]
    receipts.append(debit(card, 20_000, "260106101500", terminal=1))
    connection, result = ledger((ONE, [receipts[0], receipts[1], receipts[3]])).reconciled()
    (gap,) = all_of(connection, "unplaced")
    assert figures(gap, "least", "most", "reason", "id_ewarong", "withheld") == [
        *(-70_000, -70_000, "cancel-withheld", "EW-003", 70_000),
    ]
    shop = one(connection, "shop_accounts", id_ewarong="EW-003")
    assert figures(shop, "owed", "withheld") == [70_000, 70_000]
    assert (result.cancels_withheld, result.found, result.totals.withheld) == (1, 1, 70_000)


def test_the_end_is_bounded_by_what_the_card_said() -> None:
    card, receipts = loaded()
    receipts += [debit(card, 100_000, "260105101500"), debit(card, 50_000, "260107101500", terminal=2)]
    made = ledger((ONE, receipts[:2]))
    made.add("statuses", serial=ONE, read_at=datetime(2026, 1, 8), terminal_id=5, seq=3, balance=150_000)
    connection, _ = made.reconciled()
    (end,) = all_of(connection, "unplaced")
    assert figures(end, "first_seq", "last_seq", "least", "most", "reason") == [3, 3, 50_000, 50_000, "end"]
    made.add("updates", serial=ONE, update_seq=2, loaded_total=600_000, expired_total=0, policy_id=2025)
    connection, _ = made.reconciled()
    assert figures(one(connection, "unplaced"), "least", "most") == [50_000, 350_000]  # delivered meanwhile, or not


def test_a_tip_without_a_balance_bounds_by_all_there_was() -> None:
    card, receipts = loaded()
    receipts += [debit(card, 100_000, "260105101500")]
    made = ledger((ONE, receipts))
    made.problems.append(("missing", 0, ONE, 3, 2))
    connection, _ = made.reconciled()
    end = one(connection, "unplaced")
    assert figures(end, "first_seq", "last_seq", "least", "most") == [3, 4, -100_000, 200_000]


def test_a_copied_card_is_told_apart_and_nothing_is_chosen() -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    twin = card.copy()
    receipts += [debit(card, 80_000, "260106101500", terminal=1), debit(twin, 150_000, "260106111500", terminal=9)]
    honest, others = loaded()
    others.append(debit(honest, 40_000, "260105101500", terminal=9))
    connection, result = ledger((ONE, receipts), (TWO, others)).reconciled()
    row = one(connection, "contradictions")
    assert figures(row, "serial", "seq", "reasons", "debited", "cancelled", "stated_least", "stated_most") == [
        *(ONE, 3, "twins", 230_000, 0, 180_000, 250_000),
    ]
    account = one(connection, "card_accounts", serial=ONE)
    assert figures(account, "state", "loaded", "spent", "balance", "withdrawn", "hidden") == [
        *("contradicts", 300_000, 330_000, None, None, None),
    ]
    assert one(connection, "card_accounts", serial=TWO)["state"] == "whole"
    assert figures(one(connection, "shop_accounts", id_ewarong="EW-009"), "owed", "disputed") == [190_000, 150_000]
    programme = one(connection, "programme_accounts")
    assert figures(programme, "disbursed", "spent", "balance", "contradicted") == [600_000, 370_000, 260_000, -30_000]
    assert (result.contradicting, result.totals.disputed) == (1, 330_000)


@pytest.mark.parametrize("problem", ["broken_chain", "wrong_arithmetic"])
def test_what_the_judge_found_of_a_card_sets_it_apart(problem: str) -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    made = ledger((ONE, receipts))
    made.problems.append((problem, 7, ONE, 2, 1))
    connection, _ = made.reconciled()
    assert one(connection, "contradictions")["reasons"] == problem.replace("_", "-")
    assert one(connection, "card_accounts")["state"] == "contradicts"


def test_sums_that_do_not_follow_set_a_card_apart_whatever_was_judged() -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    other = new_card()
    second = [update(other, 1, 300_000), debit(other, 1_000, "260104101500"), debit(other, 2_000, "260105101500")]
    made = ledger((ONE, receipts))
    made.receipts.append((ONE, Receipt(second[2])))
    connection, _ = made.reconciled()
    assert figures(one(connection, "contradictions"), "seq", "reasons") == [3, "sums"]


def test_offices_that_receipts_disprove_are_told_and_change_nothing() -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    made = Ledger()
    made.card(ONE, receipts)
    made.add("updates", serial=ONE, update_seq=1, loaded_total=250_000, expired_total=0, policy_id=2025)
    made.add("statuses", serial=ONE, read_at=datetime(2026, 1, 8), terminal_id=5, seq=2, balance=1)
    made.receipts.append((TWO, made.receipts[0][1]))  # of a card that no list has
    connection, result = made.reconciled()
    assert figures(one(connection, "card_accounts", serial=ONE), "loaded", "balance", "difference", "state") == [
        *(300_000, 200_000, -199_999, "whole"),
    ]
    assert [tuple(row.values()) for row in all_of(connection, "claims")] == [
        (ONE, 1, "register-differs", 250_000, 300_000),
        (ONE, 2, "status-differs", 1, 200_000),
        (TWO, 1, "card-not-listed", None, None),
        (TWO, 1, "update-not-registered", None, 300_000),
    ]
    assert result.found == result.claims == 4


def test_policies_hand_over_what_is_left() -> None:
    card, receipts = loaded(policy=2025)
    receipts.append(debit(card, 100_000, "260105101500"))
    receipts += [update(card, 2, 700_000, expired=150_000, policy=2026), debit(card, 300_000, "260205101500")]
    connection, _ = ledger((ONE, receipts)).reconciled()
    rows = all_of(connection, "programme_accounts")
    names = ("policy_id", "carried_in", "disbursed", "spent", "expired", "balance", "carried_out")
    assert [figures(row, *names) for row in rows] == [
        [2025, 0, 300_000, 100_000, 0, 0, 200_000],
        [2026, 200_000, 400_000, 300_000, 50_000, 250_000, 0],
    ]


def test_more_than_the_budget_is_told() -> None:
    _, receipts = loaded()
    made = ledger((ONE, receipts))
    made.add("budget", policy_id=2025, kode_kecamatan="64.72.01", families=1, budget_rp=299_999)
    connection, result = made.reconciled()
    assert result.overdrawn == ((2025, "64.72.01", 1),)
    assert one(connection, "programme_accounts")["unused"] == -1
    assert result.found == 1


def test_a_shop_that_sold_nothing_is_owed_nothing_and_is_there() -> None:
    made = ledger((ONE, loaded()[1]))
    made.add("shops", id_ewarong="EW-001", nama="Satu", kecamatan="Palaran", kode_kecamatan="64.72.01")
    connection, _ = made.reconciled()
    assert figures(one(connection, "shop_accounts"), "owed", "nama", "listed") == [0, "Satu", True]


def test_a_blocked_card_strands_what_it_has() -> None:
    _, receipts = loaded()
    made = Ledger()
    made.card(ONE, receipts, blocked_on=date(2026, 1, 9))
    made.register(ONE, receipts)
    connection, result = made.reconciled()
    assert one(connection, "card_accounts")["blocked"] is True
    assert result.totals.stranded == result.totals.balance == 300_000


def test_without_a_receipt_nothing_is_concluded() -> None:
    with pytest.raises(NothingToReconcile):
        Ledger().reconciled()


@pytest.mark.parametrize(
    ("lost", "identity"),
    [
        (("SHOP_DAYS", "sum(moved) AS BIGINT) AS owed", "sum(moved) - 1 AS BIGINT) AS owed"), "owed to a shop"),
        (("CARD_ACCOUNTS", "o.balance,", "o.balance + 1 AS balance,"), "loaded on a card"),
        (("PROGRAMME_ACCOUNTS", "coalesce(r.expired, 0)", "coalesce(r.expired, 0) + 1"), "carried in"),
    ],
)
def test_a_rupiah_that_is_lost_ends_it(
    monkeypatch: pytest.MonkeyPatch, lost: tuple[str, str, str], identity: str
) -> None:
    card, receipts = loaded()
    receipts.append(debit(card, 100_000, "260105101500"))
    name, old, new = lost
    wrong = getattr(reconciliation, name).replace(old, new)
    assert wrong != getattr(reconciliation, name)
    accounts = tuple(wrong if one == getattr(reconciliation, name) else one for one in reconciliation._ACCOUNTS)
    monkeypatch.setattr(reconciliation, "_ACCOUNTS", accounts)
    with pytest.raises(AccountsDoNotAddUp, match=identity) as raised:
        ledger((ONE, receipts)).reconciled()
    assert abs(raised.value.left - raised.value.right) == 1
