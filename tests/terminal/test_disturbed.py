# SPDX-License-Identifier: Apache-2.0
"""Another program on the same card, a power cycle, a lost selection: the sale is begun again, and debited once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import COMPANION, EGGS, PIN, PROVIDER, RICE, Shop, activated, audit_is_clean, status
from tests.terminal.line import INS, Between, Line
from tests.terminal.test_sales import signed

from ssn_card.entitlement import issue
from ssn_card.keys.development import DevelopmentKeyring, development_master
from ssn_card.protocol import status as sw
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import ReceiptType
from ssn_card.terminal import CardDisturbed, DebitInDoubt, NotOurCard, SoftwareCompanionKeys
from ssn_card.terminal.disturbed import TRIES
from ssn_card.transport import CardConnection

SELECT, VERIFY, DEBIT, CANCEL, READ, STATUS, OVERRIDE = 0xA4, 0x20, 0x40, 0x42, 0x44, 0x46, 0x4A
UPDATE, CHANGE = 0x4C, 0x24


def selects_our_applet(card: CardConnection) -> None:
    """A new challenge: the MAC over the old one is wrong."""
    card.transmit(bytes.fromhex("00A4040009F053534E434152440100"))


def uses_the_challenge_up(card: CardConnection) -> None:
    """A query with a MAC of nothing."""
    card.transmit(bytes.fromhex("804600001C") + bytes(28) + b"\x00")


def selects_nothing(card: CardConnection) -> None:
    """As after a power cycle or another program's SELECT of an applet: ours does not hear the command at all."""
    card.reset()


OTHERS = [selects_our_applet, uses_the_challenge_up, selects_nothing]


@pytest.mark.parametrize("times", [1, TRIES - 1])
@pytest.mark.parametrize("other", OTHERS)
def test_a_disturbed_sale_goes_on_and_debits_once(
    active: LiveCard, shop: Shop, other: Callable[[CardConnection], None], times: int
) -> None:
    with Between(active.connect(), DEBIT, other, times) as line:
        sale = shop.terminal.debit(line, RICE, reference="17")
        assert not sale.recovered
        assert [command[INS] for command in line.sent].count(DEBIT) == times + 1
    assert shop.journal.in_doubt() == []
    assert status(active, shop).balance == 738_000
    assert [one.amount for one, _ in shop.journal.receipts()] == [162_000]
    assert audit_is_clean(active, shop)


@pytest.mark.parametrize("other", OTHERS)
def test_who_never_gets_through_is_told_of_the_other_program(
    active: LiveCard, shop: Shop, other: Callable[[CardConnection], None]
) -> None:
    with Between(active.connect(), DEBIT, other, 1000) as line, pytest.raises(CardDisturbed) as caught:
        shop.terminal.debit(line, RICE, reference="17")
    assert [command[INS] for command in line.sent].count(DEBIT) == TRIES
    assert "Another program" in caught.value.text.en
    assert caught.value.text.id
    assert caught.value.where == "DEBIT"
    assert str(caught.value.details["sw"]) in caught.value.text.id
    assert shop.journal.in_doubt() == []
    with active.connect() as card:
        assert not shop.terminal.debit(card, RICE, reference="17").recovered
    assert status(active, shop).balance == 738_000
    assert audit_is_clean(active, shop)


ACTS: dict[int, Callable[[Shop, LiveCard, CardConnection], Any]] = {
    CANCEL: lambda shop, _, line: shop.terminal.cancel(line),
    OVERRIDE: lambda shop, _, line: shop.terminal.override(line, 1_000, b"PD-00001", COMPANION),
    STATUS: lambda shop, _, line: shop.terminal.status(line),
    READ: lambda shop, _, line: shop.terminal.log(line),
    UPDATE: lambda shop, card, line: shop.terminal.deliver(
        line, issue(signed(card, 2, 950_000), card.serial, PROVIDER)
    ),
}


@pytest.mark.parametrize("ins", ACTS)
@pytest.mark.parametrize("other", OTHERS)
def test_whatever_is_disturbed_goes_on(
    active: LiveCard, shop: Shop, ins: int, other: Callable[[CardConnection], None]
) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
    with Between(active.connect(), ins, other, TRIES - 1) as line:
        found = ACTS[ins](shop, active, line)
        if ins == READ:
            assert [receipt.type for receipt in found] == [ReceiptType.DEBIT, ReceiptType.UPDATE]
    with Between(active.connect(), ins, other, 1000) as line:
        if ins == CANCEL:
            shop.terminal.debit(line, EGGS)
        if ins == UPDATE and other is not selects_nothing:  # it needs no challenge
            ACTS[ins](shop, active, line)
        else:
            with pytest.raises(sw.WrongMac if disguised(ins, other) else CardDisturbed):
                ACTS[ins](shop, active, line)
    assert shop.journal.in_doubt() == []
    assert audit_is_clean(active, shop)


def disguised(ins: int, other: Callable[[CardConnection], None]) -> bool:
    """A wrong MAC each time, and no other key has been shown to be right: it looks like wrong keys for good."""
    return other is selects_our_applet and ins in (STATUS, READ, OVERRIDE)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("other", OTHERS)
def test_a_recovery_is_disturbed_too(
    active: LiveCard, shop: Shop, done: bool, other: Callable[[CardConnection], None]
) -> None:
    cut = {"lose_after": DEBIT} if done else {"lose_before": DEBIT}
    with Line(active.connect(), **cut) as line, pytest.raises(DebitInDoubt):  # type: ignore[arg-type]
        shop.terminal.debit(line, RICE, reference="17")
    with Between(active.connect(), READ, other, 1000) as line, pytest.raises((CardDisturbed, sw.WrongMac)):
        shop.terminal.recover(line)
    assert len(shop.journal.in_doubt()) == 1
    with Between(active.connect(), READ, other, TRIES - 1) as line:
        assert len(shop.terminal.recover(line).happened) == done
    assert shop.journal.in_doubt() == []


@pytest.mark.parametrize("word", ["6986", "6E00", "6D00", "6985", "6988", "6999"])
def test_a_debit_behind_such_a_word_is_found_and_not_made_again(active: LiveCard, shop: Shop, word: str) -> None:
    """The card debited, and the line says that it lost its selection: that word proves nothing."""
    with Line(active.connect(), forge={DEBIT: lambda _: bytes.fromhex(word)}) as line:
        sale = shop.terminal.debit(line, RICE)
        assert [command[INS] for command in line.sent].count(DEBIT) == 1
    assert sale.receipt.amount == 162_000
    assert status(active, shop).balance == 738_000
    assert audit_is_clean(active, shop)


@pytest.mark.parametrize("word", ["6986", "6E00", "6D00", "6982", "6A86", "6700", "1234"])
def test_a_command_that_never_reached_our_applet_is_sent_again(active: LiveCard, shop: Shop, word: str) -> None:
    """Whatever another applet, or none, answers to a DEBIT."""
    words = [bytes.fromhex(word)] * (TRIES - 1)

    class Elsewhere(Line):
        def _exchange(self, command: bytes) -> bytes:
            if command[INS] == DEBIT and words:
                self.sent.append(command)
                return words.pop()
            return super()._exchange(command)

    with Elsewhere(active.connect()) as line:
        assert not shop.terminal.debit(line, RICE).recovered
    assert status(active, shop).balance == 738_000
    assert shop.journal.in_doubt() == []


def test_a_doubt_stays_where_the_recovery_does_not_get_through(active: LiveCard, shop: Shop) -> None:
    forge = {DEBIT: lambda _: b"\x6e\x00"}

    class Both(Between):
        def __init__(self, card: CardConnection) -> None:
            super().__init__(card, READ, selects_nothing, 1000)
            self._forge = forge

    with Both(active.connect()) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, reference="17")
    assert [command[INS] for command in line.sent].count(DEBIT) == 1  # never a second one before the first is known
    with active.connect() as card:
        assert shop.terminal.debit(card, RICE, reference="17").recovered
    assert status(active, shop).balance == 738_000


@pytest.mark.parametrize("ins", [DEBIT, *ACTS])
def test_a_failing_card_is_not_tried_again(active: LiveCard, shop: Shop, ins: int) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, EGGS)

    class Failing(Line):
        def _exchange(self, command: bytes) -> bytes:
            if command[INS] != ins:
                return super()._exchange(command)
            self.sent.append(command)
            return b"\x6f\x00"

    with Failing(active.connect()) as line, pytest.raises(sw.CardFailure):
        ACTS[ins](shop, active, line) if ins in ACTS else shop.terminal.debit(line, RICE)
    assert [command[INS] for command in line.sent].count(ins) == 1
    assert shop.journal.in_doubt() == []


@pytest.mark.parametrize("ins", [VERIFY, DEBIT])
def test_the_pin_is_shown_again_when_the_sale_begins_again(pin_card: LiveCard, shop: Shop, ins: int) -> None:
    with Between(pin_card.connect(), ins, selects_nothing, 1) as line:
        shop.terminal.debit(line, RICE, pin=PIN)
        sent = [command[INS] for command in line.sent]
    assert sent.count(VERIFY) == 2
    assert sent[-3:] == [SELECT, VERIFY, DEBIT]
    assert status(pin_card, shop).balance == 738_000


def test_a_wrong_pin_costs_one_try(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect()) as line, pytest.raises(sw.WrongPin) as caught:
        shop.terminal.debit(line, RICE, pin="1111")
    assert [command[INS] for command in line.sent] == [SELECT, VERIFY]
    assert caught.value.tries == 2
    for text in caught.value.text:
        assert "2." in text
    with pin_card.connect() as card:
        with pytest.raises(sw.WrongPin) as caught:
            shop.terminal.debit(card, RICE, pin="1111")
        assert caught.value.details == {"tries": 1}
        for pin in ("1111", PIN):
            with pytest.raises(sw.PinBlocked):
                shop.terminal.debit(card, RICE, pin=pin)


def test_a_change_of_pin_is_begun_again(pin_card: LiveCard, shop: Shop) -> None:
    with Between(pin_card.connect(), CHANGE, selects_nothing, TRIES - 1) as line:
        shop.terminal.change_pin(line, PIN, "7391")
        shop.terminal.debit(line, RICE, pin="7391")


def test_wrong_keys_are_still_called_so(active: LiveCard, shop: Shop) -> None:
    """Also the companion's, while the terminal's own are right."""
    wrong = DevelopmentKeyring({(KeyLabel.OVERRIDE, 1): development_master(KeyLabel.RECEIPT, 1)}, "WRONG")
    with active.connect() as card, pytest.raises(sw.WrongMac) as caught:
        shop.terminal.override(card, 1_000, b"PD-00001", SoftwareCompanionKeys(wrong))
    assert caught.value.where == "OVERRIDE"
    assert shop.journal.in_doubt() == []


def test_an_update_that_the_bank_did_not_make_is_sent_once(active: LiveCard, shop: Shop) -> None:
    """It needs no challenge: a wrong MAC is the update's own, and no sign of another program."""
    update = issue(signed(active, 2, 950_000), active.serial, PROVIDER)
    altered = dataclasses.replace(update, mac=bytes(8))
    with Line(active.connect()) as line, pytest.raises(sw.WrongMac) as caught:
        shop.terminal.deliver(line, altered)
    assert caught.value.where == "UPDATE"
    assert [command[INS] for command in line.sent] == [SELECT, UPDATE]


def test_another_card_in_the_middle_of_a_query_is_not_taken_for_the_first(
    active: LiveCard, new_card: Callable[[], LiveCard], shop: Shop
) -> None:
    other = activated(new_card())
    with active.connect() as first, other.connect() as second:

        class Swapping(Line):
            def _exchange(self, command: bytes) -> bytes:
                super()._exchange(command)
                return (first if self.count == 1 else second).transmit(command)

        with pytest.raises(NotOurCard) as caught:
            shop.terminal.status(Swapping(second))
    assert "Another card" in caught.value.text.en
