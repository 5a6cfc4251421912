# SPDX-License-Identifier: Apache-2.0
"""Selling with the real card: two APDUs, refusals with figures, cancels, overrides, updates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.model.wire import entitlement
from tests.terminal.conftest import COMPANION, EGGS, KEYS, PROVIDER, RICE, Shop, activated, audit_is_clean, status
from tests.terminal.line import Line

from ssn_card.entitlement import Entitlement, issue
from ssn_card.keys import KeyMissing
from ssn_card.keys.development import DevelopmentKeyring, development_master
from ssn_card.protocol import status as sw
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.terminal import (
    AnswerNotGenuine,
    CardSession,
    JournalError,
    NoReceipt,
    NothingToCancel,
    NotOurCard,
    SoftwareTerminalKeys,
    Terminal,
    TerminalJournal,
)


def test_a_debit_takes_two_commands(active: LiveCard, shop: Shop) -> None:
    with Line(active.connect()) as line:
        sale = shop.terminal.debit(line, RICE)
        assert [command[1] for command in line.sent] == [0xA4, 0x40]
        shop.terminal.debit(line, EGGS)
        assert line.count == 4
    assert not sale.recovered
    assert (sale.receipt.amount, sale.receipt.balance_after, sale.receipt.seq) == (162_000, 738_000, 2)
    assert sale.receipt.basket_digest == RICE.digest()
    assert sale.receipt.timestamp == shop.now
    assert [basket for _, basket in shop.journal.receipts()] == [RICE, EGGS]
    assert audit_is_clean(active, shop)


def test_figures_of_a_status(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        before = shop.terminal.status(card)
    today = shop.now.date()
    assert (before.balance, before.spent_total, before.month_left(today)) == (738_000, 162_000, 438_000)
    assert before.spendable(today) == 438_000
    assert before.renews(today) == dt.date(2025, 11, 1)
    assert before.month_left(dt.date(2025, 11, 1)) == 600_000
    assert before.spendable(dt.date(2026, 1, 1)) == 0
    assert before.renews(dt.date(2025, 12, 1)) is None


def test_a_refusal_says_what_is_left(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        for _ in range(3):
            shop.terminal.debit(card, RICE)
        with pytest.raises(sw.MonthlyLimitExceeded) as caught:
            shop.terminal.debit(card, RICE)
    assert caught.value.details == {
        "balance": 414_000, "month_left": 114_000, "spendable": 114_000, "renews": "2025-11-01",
    }  # fmt: skip
    assert "Rp114.000" in caught.value.text.id
    assert shop.journal.in_doubt() == []
    assert status(active, shop).balance == 414_000


@pytest.mark.parametrize(
    ("update", "basket", "refusal"),
    [
        ({"debit_max": 161_999}, RICE, sw.DebitMaximumExceeded),
        ({"limit": 161_999}, RICE, sw.MonthlyLimitExceeded),
        ({"categories": 0x7E}, RICE, sw.CategoryNotAllowed),
        ({"until": "251002"}, RICE, sw.Expired),
        ({"state": 1}, RICE, sw.NotActivated),
        ({"state": 3}, RICE, sw.Blocked),
        ({"state": 4}, RICE, sw.Terminated),
        ({"limit": 1_000_000, "debit_max": 1_000_000}, Basket.of(("GULA", 1, 900_001)), sw.InsufficientBalance),
    ],
)
def test_each_refusal_is_its_own_error(
    new_card: Callable[[], LiveCard], shop: Shop, update: dict[str, int], basket: Basket, refusal: type[sw.DebitRefused]
) -> None:
    card = new_card()
    talk = Talk(card)
    talk.load(entitlement(1, 900_000, **update))  # type: ignore[arg-type]
    talk.close()
    with card.connect() as connection, pytest.raises(refusal):
        shop.terminal.debit(connection, basket)
    assert status(card, shop).balance == 900_000
    assert list(shop.journal.receipts()) == []


def test_cancel(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        sale = shop.terminal.debit(card, EGGS)
        receipt = shop.terminal.cancel(card)
        assert (receipt.type, receipt.amount) == (ReceiptType.CANCEL, 55_500)
        assert receipt.cancelled_mac == sale.receipt.mac
        with pytest.raises(NothingToCancel):  # not twice, and not the debit before
            shop.terminal.cancel(card)
    assert status(active, shop).balance == 738_000
    assert audit_is_clean(active, shop)


def test_cancel_needs_an_own_debit(active: LiveCard, shop: Shop, other_shop: Shop) -> None:
    with active.connect() as card:
        with pytest.raises(NothingToCancel):
            shop.terminal.cancel(card)
        other_shop.terminal.debit(card, EGGS)
        with pytest.raises(NothingToCancel):
            shop.terminal.cancel(card)
    assert status(active, shop).balance == 844_500


def test_cancel_is_refused_behind_another_terminals_debit(active: LiveCard, shop: Shop, other_shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        other_shop.terminal.debit(card, EGGS)
        with pytest.raises(sw.NotCancellable):
            shop.terminal.cancel(card)
    assert status(active, shop).balance == 900_000 - 162_000 - 55_500


def test_cancel_is_refused_in_another_month(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        shop.now = dt.datetime(2025, 11, 1)
        with pytest.raises(sw.NotCancellable):
            shop.terminal.cancel(card)
    assert status(active, shop).balance == 738_000


def test_override(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        for _ in range(3):
            shop.terminal.debit(card, RICE)
        receipt = shop.terminal.override(card, 100_000, b"PD-00001", COMPANION, reason=2)
        assert (receipt.type, receipt.amount, receipt.companion_id) == (ReceiptType.OVERRIDE, 100_000, b"PD-00001")
        assert receipt.categories == 2
        shop.terminal.debit(card, RICE)
        assert shop.terminal.override(card, 50_000, b"PD-00001", COMPANION).categories == 0  # no reason given
        with pytest.raises(sw.OverrideMaximumExceeded):
            shop.terminal.override(card, 150_001, b"PD-00001", COMPANION)
    assert audit_is_clean(active, shop)


def signed(card: LiveCard, number: int, loaded: int, **changes: object) -> Entitlement:
    fields = {
        "monthly_limit": 600_000, "override_max": 0, "debit_max": 600_000, "allowed_categories": 0x7F,
        "valid_until": dt.date(2025, 12, 31), "state": LifeState.ACTIVE, "policy_id": 1,
        "issued_at": dt.datetime(2025, 10, 1),
    }  # fmt: skip
    return Entitlement(update_seq=number, loaded_total=loaded, **(fields | changes))  # type: ignore[arg-type]


def test_updates_are_delivered_once_however_often(card: LiveCard, shop: Shop) -> None:
    first = issue(signed(card, 1, 500_000), card.serial, PROVIDER)
    second = issue(signed(card, 2, 700_000), card.serial, PROVIDER)
    with card.connect() as connection:
        delivery = shop.terminal.deliver(connection, second)
        assert delivery.believed
        assert shop.terminal.deliver(connection, second) == delivery
        with pytest.raises(sw.StaleUpdate):
            shop.terminal.deliver(connection, first)
        with pytest.raises(sw.ConflictingUpdate):
            shop.terminal.deliver(connection, issue(signed(card, 2, 800_000), card.serial, PROVIDER))
        with pytest.raises(sw.InvalidUpdate):
            shop.terminal.deliver(connection, issue(signed(card, 3, 699_999), card.serial, PROVIDER))
        with pytest.raises(InputError):
            shop.terminal.deliver(connection, issue(signed(card, 3, 800_000), bytes(8), PROVIDER))
    assert [one for one, _ in shop.journal.receipts()] == [delivery.receipt]
    assert status(card, shop).balance == 700_000


def test_wrong_keys(active: LiveCard) -> None:
    """A terminal whose DEBIT master is another: nothing is sold, and nothing is believed of what the card says."""
    wrong = DevelopmentKeyring({(KeyLabel.DEBIT, 1): development_master(KeyLabel.RECEIPT, 1)}, "WRONG")
    journal = TerminalJournal(":memory:", 7)
    terminal = Terminal(SoftwareTerminalKeys(wrong), journal, clock=lambda: dt.datetime(2025, 10, 3))
    with active.connect() as card:
        with pytest.raises(sw.WrongMac):
            terminal.debit(card, RICE)
        with pytest.raises(sw.WrongMac):
            terminal.status(card)
        assert Terminal(KEYS, TerminalJournal(":memory:", 7)).status(card).balance == 900_000


def test_answer_under_other_keys_is_not_genuine(active: LiveCard, shop: Shop) -> None:
    flip = {0x46: lambda answer: answer[:-3] + bytes((answer[-3] ^ 1,)) + answer[-2:]}
    with Line(active.connect(), forge=flip) as line, pytest.raises(AnswerNotGenuine):
        shop.terminal.status(line)


def test_blank_card(blank: LiveCard, shop: Shop) -> None:
    with blank.connect() as card:
        with pytest.raises(NotOurCard):
            shop.terminal.debit(card, RICE)
        with pytest.raises(NotOurCard):
            shop.terminal.status(card)
    assert shop.journal.in_doubt() == []


@pytest.mark.parametrize("answer", ["6A82", "6999", "9000", "00" * 26 + "9000", "01" * 8 + "02" + "01" * 17 + "9000"])
def test_other_cards(new_card: Callable[[], LiveCard], shop: Shop, answer: str) -> None:
    with Line(new_card().connect(), forge={0xA4: lambda _: bytes.fromhex(answer)}) as line, pytest.raises(NotOurCard):
        shop.terminal.debit(line, RICE)
    assert shop.journal.in_doubt() == []


def test_journal_of_another_terminal(shop: Shop) -> None:
    with pytest.raises(JournalError):
        TerminalJournal(shop.path, 8)


def test_transaction_numbers_never_repeat(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    """Not over restarts, not after refusals, not over cards."""
    seen = []
    for card in (activated(new_card()), activated(new_card())):
        for basket in (EGGS, Basket.of(("GULA", 1, 2_000_000)), RICE):
            with card.connect() as connection:
                try:
                    seen.append(shop.terminal.debit(connection, basket).receipt.terminal_txn)
                except sw.DebitRefused:
                    shop.restart()
    assert seen == sorted(set(seen))
    assert len(seen) == 4


def test_queries_need_one_select(active: LiveCard) -> None:
    with Line(active.connect()) as line:
        session = CardSession(line, KEYS, 7)
        session.status()
        assert session.number() == 1
        assert isinstance(session.read_receipt(1), Receipt)
        assert session.read_receipt(2) == NoReceipt(1)
        assert [command[1] for command in line.sent] == [0xA4, 0x46, 0x44, 0x44]


def test_missing_key_version_leaves_no_doubt(active: LiveCard) -> None:
    """Nothing was sent, so nothing is in doubt."""
    newer = DevelopmentKeyring({(KeyLabel.DEBIT, 2): development_master(KeyLabel.DEBIT, 2)}, "NEWER")
    journal = TerminalJournal(":memory:", 7)
    with Line(active.connect()) as line, pytest.raises(KeyMissing):
        Terminal(SoftwareTerminalKeys(newer), journal, clock=lambda: dt.datetime(2025, 10, 3)).debit(line, RICE)
    assert [command[1] for command in line.sent] == [0xA4]
    assert journal.in_doubt() == []


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (dt.datetime(2025, 10, 3, 18, 30, 5, 999_999, tzinfo=dt.UTC), dt.datetime(2025, 10, 4, 2, 30, 5)),
        (dt.datetime(2025, 10, 4, 1, 30, 5, tzinfo=ZoneInfo("Asia/Jakarta")), dt.datetime(2025, 10, 4, 2, 30, 5)),
        (dt.datetime(2025, 10, 4, 2, 30, 5, 1), dt.datetime(2025, 10, 4, 2, 30, 5)),
    ],
)
def test_a_clock_with_a_zone_is_converted_to_the_shops_time(
    active: LiveCard, shop: Shop, told: dt.datetime, kept: dt.datetime
) -> None:
    """Also for the day that a reference belongs to."""
    shop.now = told
    with active.connect() as card:
        assert shop.terminal.debit(card, RICE, reference="17").receipt.timestamp == kept
        shop.now = kept
        assert shop.terminal.debit(card, RICE, reference="17").recovered
