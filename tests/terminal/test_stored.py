# SPDX-License-Identifier: Apache-2.0
"""Goods leave the programme while a sale of them is in doubt: what was stored is read as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import EGGS, PROVIDER, RICE, Shop, status
from tests.terminal.line import Line

from ssn_card.programme import Staples, UnknownStapleError, WithdrawnStapleError, categories, load_staples
from ssn_card.receipts import Basket, ReceiptVerifier, parse_line
from ssn_card.receipts.jsonl import line_of
from ssn_card.terminal import DebitInDoubt

DEBIT = 0x40


def withdraw(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Today's list has the code no more."""
    left = Staples(tuple(one for one in load_staples() if one.code != code))
    monkeypatch.setattr(categories, "_shipped", lambda: left)
    with pytest.raises(UnknownStapleError):
        categories.mask([code])


@pytest.mark.parametrize("done", [False, True])
def test_a_sale_in_doubt_is_settled(active: LiveCard, shop: Shop, monkeypatch: pytest.MonkeyPatch, done: bool) -> None:
    cut = {"lose_after": DEBIT} if done else {"lose_before": DEBIT}
    with Line(active.connect(), **cut) as line, pytest.raises(DebitInDoubt):  # type: ignore[arg-type]
        shop.terminal.debit(line, RICE, reference="17")
    withdraw(monkeypatch, "BERAS")
    shop.restart()
    (entry,) = shop.journal.in_doubt()
    assert (entry.basket, entry.reference) == (RICE, "17")
    assert shop.journal.by_reference("17", shop.now.date()) == entry
    with active.connect() as card:
        assert len(shop.terminal.recover(card).happened) == done
    assert shop.journal.in_doubt() == []
    assert [basket for _, basket in shop.journal.receipts()] == ([RICE] if done else [])
    assert status(active, shop).balance == (738_000 if done else 900_000)


@pytest.mark.parametrize("done", [False, True])
def test_the_same_sale_again_is_recovered_and_not_made_anew(
    active: LiveCard, shop: Shop, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    cut = {"lose_after": DEBIT} if done else {"lose_before": DEBIT}
    with Line(active.connect(), **cut) as line, pytest.raises(DebitInDoubt):  # type: ignore[arg-type]
        shop.terminal.debit(line, RICE, reference="17")
    withdraw(monkeypatch, "BERAS")
    again = Basket.from_list(RICE.as_list())
    with active.connect() as card:
        if done:
            assert shop.terminal.debit(card, again, reference="17").recovered
        else:
            with pytest.raises(UnknownStapleError):
                shop.terminal.debit(card, again, reference="17")
            assert not shop.terminal.debit(card, EGGS, reference="17").recovered
    assert shop.journal.in_doubt() == []


def test_receipts_of_goods_withdrawn_since_are_handed_in(
    active: LiveCard, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with active.connect() as card:
        receipt = shop.terminal.debit(card, RICE, reference="17").receipt
    withdraw(monkeypatch, "BERAS")
    assert list(shop.journal.receipts()) == [(receipt, RICE)]
    assert parse_line(1, line_of(receipt, RICE)).basket == RICE
    with active.connect() as card:
        assert shop.terminal.cancel(card).amount == 162_000


def test_goods_are_sold_until_their_last_day(active: LiveCard, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is debited behind it, what was sold before is still the same sale, and an auditor finds no fault."""
    last = shop.now.date()
    ending = Staples(
        tuple(one.model_copy(update={"sold_until": last}) if one.code == "BERAS" else one for one in load_staples())
    )
    monkeypatch.setattr(categories, "_shipped", lambda: ending)
    with Line(active.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, reference="17")
    shop.now += dt.timedelta(days=1)
    with Line(active.connect()) as line:
        assert shop.terminal.debit(line, RICE, reference="17").recovered
        with pytest.raises(WithdrawnStapleError):
            shop.terminal.debit(line, RICE, reference="18")
        assert [command[1] for command in line.sent].count(DEBIT) == 0
    assert status(active, shop).balance == 738_000
    ((receipt, basket),) = shop.journal.receipts()
    assert ReceiptVerifier(PROVIDER).verify(receipt, basket) is None
