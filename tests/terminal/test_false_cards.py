# SPDX-License-Identifier: Apache-2.0
"""Cards made with a stolen DEBIT master: how far a terminal is led astray, and how it finds back."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.model import wire
from tests.terminal.conftest import (
    COMPANION,
    EGGS,
    KEYS,
    PIN,
    PROVIDER,
    RICE,
    Shop,
    status,
    updated,
    with_a_pin,
)
from tests.terminal.false_card import FalseCard
from tests.terminal.line import Line, changed, once
from tests.terminal.test_in_doubt import lose
from tests.terminal.test_sales import signed

from ssn_card.entitlement import issue
from ssn_card.protocol import status as sw
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.protocol.values import KeySelection, ReceiptType
from ssn_card.terminal import AnswerNotGenuine, CardSession, DebitInDoubt, KeysRetired, Terminal
from ssn_card.terminal.journal import EventKind
from ssn_card.transport import CardConnection

SELECT, DEBIT, READ, STATUS, UPDATE = 0xA4, 0x40, 0x44, 0x46, 0x4C
NUMBER = SELECT_ANSWER.offset("masked_seq")


def instructions(line: Line | FalseCard) -> list[int]:
    return [command[1] for command in line.sent]


def test_a_number_below_a_proven_one_is_asked_about_and_believed(active: LiveCard, shop: Shop) -> None:
    """One visit of a false card, which can say any number, must not lock the family out of the shop."""
    shop.terminal.debit(FalseCard(active, number=500), EGGS)
    assert shop.journal.proven(active.serial) == 501
    with Line(active.connect()) as line:
        sale = shop.terminal.debit(line, RICE)
        assert instructions(line) == [SELECT, STATUS, DEBIT]
        shop.terminal.debit(line, EGGS)
        assert instructions(line)[3:] == [SELECT, DEBIT]  # asked once
    assert (sale.receipt.seq, shop.journal.proven(active.serial)) == (2, 3)
    (event,) = shop.journal.events()
    assert (event.kind, event.serial, event.moment) == (EventKind.FALSE_CARD, active.serial, shop.now)
    assert event.details == {"before": 501, "newest": 1}
    shop.restart()
    assert shop.journal.events() == [event]
    assert shop.journal.events(after=event.number) == []


@pytest.mark.parametrize("act", ["again", "cancel", "override", "recover"])
def test_whatever_finds_a_false_card_out_says_when(active: LiveCard, shop: Shop, act: str) -> None:
    """Its number is the first thing looked at, before anything that could go wrong."""
    with active.connect() as card:
        shop.terminal.debit(card, RICE, reference="17")
    shop.terminal.debit(FalseCard(active, number=500), EGGS)
    shop.now += dt.timedelta(hours=1)
    acts: dict[str, Callable[[CardConnection], object]] = {
        "again": lambda card: shop.terminal.debit(card, RICE, reference="17"),
        "cancel": shop.terminal.cancel,
        "override": lambda card: shop.terminal.override(card, 1_000, b"PD-00001", COMPANION),
        "recover": shop.terminal.recover,
    }
    with active.connect() as card, contextlib.suppress(SsnCardError):
        acts[act](card)
    (event,) = shop.journal.events()
    assert (event.kind, event.moment) == (EventKind.FALSE_CARD, shop.now)


@pytest.mark.parametrize("act", ["debit", "cancel", "override", "recover"])
def test_whoever_quotes_a_lower_number_falsely_is_refused_before_any_intent(
    active: LiveCard, shop: Shop, act: str
) -> None:
    terminal = shop.terminal
    with active.connect() as card:
        terminal.debit(card, RICE)
    before = terminal.status(active.connect()).balance
    acts: dict[str, Callable[[CardConnection], object]] = {
        "debit": lambda line: terminal.debit(line, EGGS),
        "cancel": terminal.cancel,
        "override": lambda line: terminal.override(line, 1_000, b"PD-00001", COMPANION),
        "recover": terminal.recover,
    }
    lower = changed(NUMBER, b"\0\0\0\x02")  # 2 becomes 0
    with Line(active.connect(), forge={SELECT: lower}) as line, pytest.raises(sw.WrongMac):
        acts[act](line)
    assert set(instructions(line)) == {SELECT, STATUS}
    assert (shop.journal.entry(2), shop.journal.events()) == (None, [])
    assert shop.journal.proven(active.serial) == 2
    with Line(active.connect(), forge={SELECT: once(lower)}) as line:
        acts[act](line)  # the second SELECT was true
    assert status(active, shop).balance == before + {"debit": -EGGS.total, "cancel": RICE.total}.get(act, 0)
    assert shop.journal.events() == []


def test_a_selection_made_in_silence_is_looked_at_too(active: LiveCard, shop: Shop) -> None:
    """The first SELECT is true; a query finds it gone and selects again, and now the line lies."""
    lose(active, shop, done=True)
    with active.connect() as card:
        shop.terminal.recover(card)
    lose(active, shop, done=False, basket=EGGS)

    class Lying(Line):
        def _exchange(self, command: bytes) -> bytes:
            if command[1] == READ and READ not in instructions(self)[:-1]:
                self.sent.append(command)
                return b"\x69\x85"
            answer = super()._exchange(command)
            return changed(NUMBER, b"\0\0\0\x02")(answer) if command[1] == SELECT and len(self.sent) > 1 else answer

    with Lying(active.connect()) as line, pytest.raises(sw.WrongMac):
        shop.terminal.debit(line, EGGS)
    assert DEBIT not in instructions(line)
    assert len(shop.journal.in_doubt()) == 1


def test_a_higher_number_is_anybodys(active: LiveCard, shop: Shop, other_shop: Shop) -> None:
    """Other shops sell too: no question, no event."""
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
        other_shop.terminal.debit(card, EGGS)
    with Line(active.connect()) as line:
        shop.terminal.debit(line, EGGS)
        assert instructions(line) == [SELECT, DEBIT]
    assert shop.journal.events() == []


# A version of DEBIT that is out of use: whoever has it can play any card.


@pytest.fixture
def strict(shop: Shop) -> Terminal:
    """The shop's terminal, which accepts version 2 of DEBIT or later."""
    return Terminal(KEYS, shop.journal, clock=lambda: shop.now, minimum_version=2)


def test_a_card_of_retired_keys_gets_its_update_and_nothing_else(
    new_blank: Callable[[], LiveCard], shop: Shop, strict: Terminal
) -> None:
    card = with_a_pin(new_blank())
    lose(card, shop, done=True)
    acts: list[Callable[[CardConnection], object]] = [
        lambda line: strict.debit(line, RICE),
        lambda line: strict.debit(line, RICE, pin=PIN),
        strict.cancel,
        lambda line: strict.override(line, 1_000, b"PD-00001", COMPANION),
        strict.recover,
        strict.status,
        strict.log,
        lambda line: strict.receipt(line, 1),
        lambda line: strict.change_pin(line, PIN, "1111"),
        lambda line: strict.choose_pin(line, "1111"),
    ]
    for act in acts:
        with Line(card.connect()) as line, pytest.raises(KeysRetired) as caught:
            act(line)
        assert instructions(line) == [SELECT]  # no word goes under the retired key
    assert caught.value.details == {"debit_key_version": 1, "minimum": 2}
    for text in (*caught.value.text, *caught.value.remedy):
        assert text
    assert len(shop.journal.in_doubt()) == 1

    update = issue(signed(card, 2, 900_000, key_selection=KeySelection.DEBIT), card.serial, PROVIDER)
    with card.connect() as connection:
        delivery = strict.deliver(connection, update)
        assert not delivery.believed
        assert [one for one, _ in shop.journal.receipts()] == [delivery.receipt]  # for the bank
        assert strict.deliver(connection, update).believed
        assert [one.seq for one in strict.recover(connection).happened] == [2]
        assert not strict.debit(connection, EGGS).recovered


def test_what_a_false_card_of_a_retired_key_says_is_not_believed(
    active: LiveCard, shop: Shop, strict: Terminal
) -> None:
    """It can say that a debit is not made, that a PIN is right, that an update came."""
    updated(active, 2, keys=4)
    with Line(active.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt):
        strict.debit(line, RICE)
    false = FalseCard(active, number=1)
    for act in (lambda: strict.recover(false), lambda: strict.debit(false, RICE)):
        with pytest.raises(KeysRetired):
            act()
    assert instructions(false) == [SELECT, SELECT]
    update = issue(signed(active, 3, 900_000), active.serial, PROVIDER, 1)
    assert len(shop.journal.in_doubt()) == 1
    with active.connect() as card:
        assert len(strict.recover(card).happened) == 1
        assert not strict.deliver(false, update).believed
        assert len(list(shop.journal.receipts())) == 2  # for the bank
        assert [one.type for one, _ in shop.journal.receipts(believed=True)] == [ReceiptType.DEBIT]
        assert strict.cancel(card).amount == RICE.total  # it stands behind no debit


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_an_update_is_answered_by_its_own_receipt(active: LiveCard, shop: Shop, kind: int) -> None:
    """Nobody slips a cancellation into the journal, or the receipt of another card."""

    class Other(FalseCard):
        def _answer(self, ins: int, body: bytes) -> bytes:
            answer = super()._answer(ins, body)
            return answer[: wire.TYPE] + (bytes((kind,)) + answer[wire.TYPE + 1 :] if kind else b"\x04" + bytes(23))

    update = issue(signed(active, 2, 950_000), active.serial, PROVIDER)
    with pytest.raises(AnswerNotGenuine) as caught:
        shop.terminal.deliver(Other(active, number=1), update)
    assert caught.value.where == "UPDATE"
    assert list(shop.journal.receipts()) == []


def test_a_downgrade_in_the_middle_of_a_sale_leaves_the_doubt(active: LiveCard, shop: Shop, strict: Terminal) -> None:
    """The DEBIT is cut off; asked about it, a false card under the retired key answers in the true one's place."""
    updated(active, 2, keys=4)
    false = FalseCard(active, number=2)

    class Swapping(Line):
        def _exchange(self, command: bytes) -> bytes:
            if any(one[1] == DEBIT for one in self.sent):
                return false.transmit(command)
            answer = super()._exchange(command)
            return b"\x94\x01" if command[1] == DEBIT else answer

    with Swapping(active.connect()) as line, pytest.raises(DebitInDoubt):
        strict.debit(line, RICE)
    assert instructions(false) == [SELECT]
    with active.connect() as card:
        assert len(strict.recover(card).happened) == 1


def test_the_terminals_default_accepts_every_version(active: LiveCard, shop: Shop) -> None:
    updated(active, 2, keys=4)
    with active.connect() as card:
        assert CardSession(card, KEYS).believed
        assert shop.terminal.debit(card, RICE).receipt.amount == RICE.total


def test_a_card_that_lies_about_its_length_is_no_card(active: LiveCard, shop: Shop) -> None:
    """Rightly signed, by the stolen master, and of a form that no card has."""

    class Long(FalseCard):
        def _answer(self, ins: int, body: bytes) -> bytes:
            return super()._answer(ins, body) + b"\x00"

    with pytest.raises(AnswerNotGenuine):
        shop.terminal.status(Long(active, number=1))
    with pytest.raises(AnswerNotGenuine):
        shop.terminal.deliver(Long(active, number=1), issue(signed(active, 2, 950_000), active.serial, PROVIDER))
    with pytest.raises(DebitInDoubt):
        shop.terminal.debit(Long(active, number=1), RICE)
    assert list(shop.journal.receipts()) == []
