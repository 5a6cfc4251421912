# SPDX-License-Identifier: Apache-2.0
"""A reference stands for one sale of its day: it never debits twice, and never hands goods out free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import EGGS, RICE, Shop, activated, audit_is_clean, status
from tests.terminal.line import Line

from ssn_card.receipts import Basket
from ssn_card.terminal import (
    AnswerNotGenuine,
    BadReference,
    DebitInDoubt,
    EarlierDebitFound,
    ReferenceInUse,
)

DEBIT, CANCEL, SELECT, STATUS = 0x40, 0x42, 0xA4, 0x46
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def other(new_card: Callable[[], LiveCard]) -> LiveCard:
    return activated(new_card())


def sell(card: LiveCard, shop: Shop, basket: Basket = RICE, reference: str | None = "17") -> bool:
    """Whether the sale was recovered, and not debited now."""
    with card.connect() as connection:
        return shop.terminal.debit(connection, basket, reference=reference).recovered


def lose(card: LiveCard, shop: Shop, *, done: bool, ins: int = DEBIT, reference: str | None = "17") -> None:
    """A movement whose answer is lost, behind (``done``) or before the card."""
    cut = {"lose_after": ins} if done else {"lose_before": ins}
    with Line(card.connect(), **cut) as line, pytest.raises(DebitInDoubt):  # type: ignore[arg-type]
        shop.terminal.cancel(line) if ins == CANCEL else shop.terminal.debit(line, RICE, reference=reference)


def test_another_card_is_not_handed_the_first_ones_goods(active: LiveCard, other: LiveCard, shop: Shop) -> None:
    sell(active, shop)
    with other.connect() as card, pytest.raises(ReferenceInUse) as caught:
        shop.terminal.debit(card, RICE, reference="17")
    assert caught.value.where == "reference"
    assert caught.value.details == {"reference": "17", "serial": active.serial.hex(), "terminal_txn": 1}
    for text in (*caught.value.text, *caught.value.remedy):
        assert text
    assert "another card" in caught.value.text.en
    assert (status(active, shop).balance, status(other, shop).balance) == (738_000, 900_000)


def test_another_basket_that_day_is_an_error_that_says_so(active: LiveCard, shop: Shop) -> None:
    sell(active, shop)
    with active.connect() as card, pytest.raises(ReferenceInUse) as caught:
        shop.terminal.debit(card, EGGS, reference="17")
    assert "another basket" in caught.value.text.en
    assert status(active, shop).balance == 738_000


@pytest.mark.parametrize("basket", [RICE, EGGS])
def test_invoices_may_begin_anew_each_day(active: LiveCard, other: LiveCard, shop: Shop, basket: Basket) -> None:
    """The same card, the same basket even: on another day it is another sale."""
    assert not sell(active, shop)
    assert sell(active, shop)
    shop.now += ONE_DAY
    shop.restart()
    assert not sell(other, shop, basket)
    with active.connect() as card, pytest.raises(ReferenceInUse):
        shop.terminal.debit(card, basket, reference="17")
    shop.now += ONE_DAY
    assert not sell(active, shop, basket)
    assert sell(active, shop, basket)
    assert status(active, shop).balance == 738_000 - basket.total
    assert status(other, shop).balance == 900_000 - basket.total
    assert audit_is_clean(active, shop)


def test_a_day_ends_at_midnight_of_the_terminals_clock(active: LiveCard, shop: Shop) -> None:
    shop.now = dt.datetime(2025, 10, 3, 23, 59, 59)
    assert not sell(active, shop)
    shop.now += dt.timedelta(seconds=1)
    assert not sell(active, shop)
    assert status(active, shop).balance == 900_000 - 2 * 162_000


@pytest.mark.parametrize("done", [False, True])
def test_a_sale_lost_before_midnight_is_found_behind_it(active: LiveCard, shop: Shop, done: bool) -> None:
    shop.now = dt.datetime(2025, 10, 3, 23, 59, 59)
    lose(active, shop, done=done)
    shop.now += ONE_DAY
    shop.restart()
    assert sell(active, shop) is done
    assert status(active, shop).balance == 738_000
    assert shop.journal.in_doubt() == []
    assert audit_is_clean(active, shop)


@pytest.mark.parametrize("done", [False, True])
def test_other_goods_of_another_day_wait_until_the_doubt_is_settled(active: LiveCard, shop: Shop, done: bool) -> None:
    lose(active, shop, done=done)
    shop.now += ONE_DAY
    if done:
        with pytest.raises(EarlierDebitFound):
            sell(active, shop, EGGS)
        assert status(active, shop).balance == 738_000
    assert not sell(active, shop, EGGS)
    assert status(active, shop).balance == 900_000 - 55_500 - (162_000 if done else 0)


@pytest.mark.parametrize("days", [0, 1])
def test_a_doubt_under_the_reference_is_settled_by_its_own_card(
    active: LiveCard, other: LiveCard, shop: Shop, days: int
) -> None:
    lose(active, shop, done=True)
    shop.now += days * ONE_DAY
    with pytest.raises(DebitInDoubt) as caught:
        sell(other, shop)
    assert caught.value.serial == active.serial
    assert "another reference" in caught.value.remedy.en
    assert status(other, shop).balance == 900_000
    assert not sell(other, shop, reference="18")  # no card waits for another's doubt
    with active.connect() as card:
        assert len(shop.terminal.recover(card).happened) == 1
    if days:
        assert not sell(other, shop)
    else:
        with pytest.raises(ReferenceInUse):
            sell(other, shop)


def test_a_cancelled_sale_is_not_recovered(active: LiveCard, shop: Shop) -> None:
    """The money went back: the same invoice again must not hand the goods out."""
    sell(active, shop)
    with active.connect() as card:
        shop.terminal.cancel(card)
    with pytest.raises(ReferenceInUse) as caught:
        sell(active, shop)
    assert "cancelled" in caught.value.text.en
    assert status(active, shop).balance == 900_000
    assert not sell(active, shop, reference="18")


def test_another_sales_cancellation_leaves_the_first_one_paid(active: LiveCard, shop: Shop) -> None:
    sell(active, shop)
    sell(active, shop, EGGS, reference="18")
    with active.connect() as card:
        shop.terminal.cancel(card)
    assert sell(active, shop)
    assert status(active, shop).balance == 738_000
    with pytest.raises(ReferenceInUse):
        sell(active, shop, EGGS, reference="18")


def test_a_cancellation_in_doubt_is_settled_before_its_sale_is_recovered(active: LiveCard, shop: Shop) -> None:
    sell(active, shop)
    lose(active, shop, done=True, ins=CANCEL)
    with pytest.raises(EarlierDebitFound) as caught:
        sell(active, shop)
    assert "cancellation of Rp162.000" in caught.value.text.en
    assert "Hand over" not in caught.value.remedy.en
    with pytest.raises(ReferenceInUse):
        sell(active, shop)


def test_only_the_card_itself_is_told_that_it_has_paid(active: LiveCard, other: LiveCard, shop: Shop) -> None:
    """Anyone can show a serial at SELECT: who cannot answer for it gets no goods for the first one's money."""
    sell(active, shop)
    with active.connect() as card:
        card.transmit(bytes.fromhex("00A4040009F053534E434152440100"))
        shown = card.transmit(bytes.fromhex("00A4040009F053534E434152440100"))
    impostor = Line(other.connect(), forge={SELECT: lambda _: shown, STATUS: lambda _: bytes(93) + b"\x90\x00"})
    with impostor as line, pytest.raises(AnswerNotGenuine):
        shop.terminal.debit(line, RICE, reference="17")
    assert sell(active, shop)


@pytest.mark.parametrize("reference", ["", " ", "\t\n", " 17", "17 ", "1\n7", "1\x007", "x" * 101, 17, b"17", "\ud800"])
def test_a_reference_by_which_nothing_is_found_again(active: LiveCard, shop: Shop, reference: object) -> None:
    with Line(active.connect()) as line:
        for _ in range(2):
            with pytest.raises(BadReference) as caught:
                shop.terminal.debit(line, RICE, reference=reference)  # type: ignore[arg-type]
        assert line.count == 0
    assert caught.value.where == "reference"
    assert caught.value.remedy.en
    empty = (isinstance(reference, str) and reference.isspace()) or not isinstance(reference, str) or not reference
    told = ("is empty", "kosong") if empty else ("up to 100 printable", "paling panjang 100 karakter")
    assert all(part in text for part, text in zip(told, caught.value.text, strict=True))


@pytest.mark.parametrize("reference", ["0", "17", "nota 17/X", "Nôta-ß", "x" * 100])
def test_references_are_kept_as_they_are(active: LiveCard, shop: Shop, reference: str) -> None:
    assert not sell(active, shop, reference=reference)
    assert sell(active, shop, reference=reference)
    found = shop.journal.by_reference(reference, shop.now.date())
    assert found is not None
    assert (found.reference, found.day) == (reference, dt.date(2025, 10, 3))


def test_sales_without_a_reference_are_each_their_own(active: LiveCard, shop: Shop) -> None:
    assert not sell(active, shop, reference=None)
    assert not sell(active, shop, reference=None)
    assert status(active, shop).balance == 900_000 - 2 * 162_000
