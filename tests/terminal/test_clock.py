# SPDX-License-Identifier: Apache-2.0
"""Wrong clocks: a terminal asks where its own is behind its journal, and says that a card ahead of it needs mending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import COMPANION, EGGS, RICE, Shop, activated, status, updated
from tests.terminal.line import Line
from tests.terminal.test_in_doubt import lose

from ssn_card.protocol import status as sw
from ssn_card.receipts import Basket
from ssn_card.terminal import CardNeedsMending, ClockBehindJournal, DebitInDoubt
from ssn_card.terminal.clock import SLACK
from ssn_card.terminal.journal import EventKind

OCTOBER = dt.datetime(2025, 10, 3, 10)
DECEMBER = dt.datetime(2025, 12, 3, 10)
SECOND = dt.timedelta(seconds=1)
DEBIT, CANCEL, OVERRIDE, VERIFY = 0x40, 0x42, 0x4A, 0x20


@pytest.mark.parametrize("act", ["debit", "cancel", "override"])
def test_a_clock_behind_the_journal_waits_for_the_merchant(active: LiveCard, shop: Shop, act: str) -> None:
    terminal = shop.terminal
    with active.connect() as card:
        terminal.debit(card, RICE)
    shop.now = OCTOBER - dt.timedelta(days=1)
    acts: dict[str, Callable[..., object]] = {
        "debit": lambda card, **right: terminal.debit(card, EGGS, pin=None if right else "1234", **right),
        "cancel": terminal.cancel,
        "override": lambda card, **right: terminal.override(card, 1_000, b"PD-00001", COMPANION, **right),
    }
    with Line(active.connect()) as line:
        with pytest.raises(ClockBehindJournal) as caught:
            acts[act](line)  # who says nothing has confirmed nothing
        assert {DEBIT, CANCEL, OVERRIDE, VERIFY}.isdisjoint(command[1] for command in line.sent)
        assert shop.journal.entry(2) is None
        acts[act](line, confirm_clock=True)
    assert caught.value.details == {"clock": "2025-10-02T10:00:00", "journal": "2025-10-03T10:00:00"}
    assert "--confirm-clock" in caught.value.remedy.en
    assert "--confirm-clock" in caught.value.remedy.id
    for text in caught.value.text:
        assert "2025-10-02 10:00:00" in text
        assert "2025-10-03 10:00:00" in text


def test_a_confirmed_clock_is_journalled_and_asked_about_once(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.now = OCTOBER + dt.timedelta(days=20)
        shop.terminal.debit(card, EGGS)
        shop.now = OCTOBER
        shop.terminal.debit(card, EGGS, confirm_clock=True)
        shop.restart()
        shop.now += SECOND
        shop.terminal.debit(card, EGGS)
        (event,) = shop.journal.events()
        assert (event.kind, event.serial, event.moment) == (EventKind.CLOCK_CONFIRMED, None, OCTOBER)
        assert event.details == {"latest": "2025-10-23T10:00:00"}
        shop.now = OCTOBER - dt.timedelta(days=1)
        with pytest.raises(ClockBehindJournal) as caught:  # behind what was confirmed
            shop.terminal.debit(card, EGGS)
        assert caught.value.details["journal"] == "2025-10-03T10:00:01"


def test_a_clock_that_is_right_is_confirmed_for_nothing(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, EGGS, confirm_clock=True)
        shop.now += SECOND
        shop.terminal.debit(card, EGGS, confirm_clock=True)
    assert shop.journal.events() == []


def test_a_clock_may_be_set_by_minutes_but_not_step_by_step(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, EGGS)
        shop.now = OCTOBER - SLACK
        shop.terminal.debit(card, EGGS)
        shop.now -= SECOND
        with pytest.raises(ClockBehindJournal):
            shop.terminal.debit(card, EGGS)


def test_an_intent_that_failed_counts_as_well(active: LiveCard, shop: Shop) -> None:
    lose(active, shop, done=False)
    shop.restart()
    shop.now = OCTOBER - dt.timedelta(days=1)
    with active.connect() as card:
        with pytest.raises(ClockBehindJournal):
            shop.terminal.debit(card, EGGS)
        assert shop.journal.in_doubt() == []  # what was in doubt needed no clock


def test_what_needs_no_clock_asks_nothing(active: LiveCard, shop: Shop) -> None:
    with Line(active.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, reference="17")
    shop.now = OCTOBER - dt.timedelta(hours=9)
    with active.connect() as card:
        assert shop.terminal.status(card).balance == 738_000
        assert len(shop.terminal.recover(card).happened) == 1
        assert shop.terminal.debit(card, RICE, reference="17").recovered  # the same day


@pytest.mark.parametrize("act", ["debit", "cancel", "override"])
def test_a_card_ahead_of_the_clock_needs_mending_and_its_money_is_safe(
    active: LiveCard, shop: Shop, other_shop: Shop, act: str
) -> None:
    """One debit stamped December by another shop's clock."""
    with active.connect() as card:
        if act == "cancel":
            shop.terminal.debit(card, RICE)
        other_shop.now = DECEMBER
        other_shop.terminal.debit(card, EGGS)
        acts: dict[str, Callable[[], object]] = {
            "debit": lambda: shop.terminal.debit(card, RICE),
            "cancel": lambda: shop.terminal.cancel(card),
            "override": lambda: shop.terminal.override(card, 1_000, b"PD-00001", COMPANION),
        }
        with pytest.raises(CardNeedsMending) as caught:
            acts[act]()
    assert isinstance(caught.value, sw.TimestampBeforeMonth)
    assert caught.value.code == "card-needs-mending"
    assert "needs mending. The money on it is safe." in caught.value.text.en
    assert "perlu dipulihkan. Uang di kartu aman." in caught.value.text.id
    for text in caught.value.text:
        assert "2025-12" in text
        assert "2025-10-03" in text
    assert shop.journal.in_doubt() == []

    updated(active, 2, mend_count=1, mended_to="2510")
    with active.connect() as card:
        assert not shop.terminal.debit(card, EGGS).recovered
    assert status(active, shop).as_dict(shop.now.date())["mended_to"] == "2510"


def test_a_forged_word_about_the_month_is_found_out(active: LiveCard, shop: Shop) -> None:
    """The card is not ahead, or it even debited: nobody is sent to the bank for a lie."""
    with Line(active.connect(), forge={DEBIT: lambda _: b"\x94\x06"}) as line:
        assert shop.terminal.debit(line, RICE).receipt.amount == RICE.total

    class Refusing(Line):
        def _exchange(self, command: bytes) -> bytes:
            return b"\x94\x06" if command[1] == DEBIT else super()._exchange(command)

    with Refusing(active.connect()) as line, pytest.raises(sw.TimestampBeforeMonth) as caught:
        shop.terminal.debit(line, EGGS)
    assert type(caught.value) is sw.TimestampBeforeMonth


def test_a_clock_set_back_is_told_what_is_really_left(
    new_card: Callable[[], LiveCard], shop: Shop, other_shop: Shop
) -> None:
    card = activated(new_card())
    with card.connect() as connection:
        other_shop.terminal.debit(connection, Basket.of(("MINYAK", 1, 17_200)))
        shop.now = dt.datetime(2025, 9, 3, 10)
        with pytest.raises(sw.TimestampBeforeMonth) as caught:
            shop.terminal.debit(connection, RICE)
    assert caught.value.details == {
        "balance": 882_800, "month_left": 582_800, "spendable": 582_800, "renews": "2025-11-01",
    }  # fmt: skip
    for text in caught.value.text:
        assert "Rp582.800" in text
        assert "Rp600.000" not in text
