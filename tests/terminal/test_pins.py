# SPDX-License-Identifier: Apache-2.0
"""PINs at the terminal: asked for when due, masked anew each time, changed and chosen, never used up by the line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.model import wire
from tests.terminal.conftest import EGGS, KEYS, PIN, RICE, Shop, activated, status, updated, with_a_pin
from tests.terminal.line import INS, Between, Line, once
from tests.terminal.test_disturbed import selects_nothing, selects_our_applet

from ssn_card.protocol import status as sw
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import WITHOUT_PIN, PinState
from ssn_card.receipts import Basket
from ssn_card.terminal import AnswerNotGenuine, CardDisturbed, CardSession, PinChoiceClosed, PinInDoubt
from ssn_card.transport import ConnectionLost

SELECT, VERIFY, CHANGE, DEBIT, STATUS, READ = 0xA4, 0x20, 0x24, 0x40, 0x46, 0x44
NEW, WRONG = "7391", "0000"
BLOCK = slice(5 + 12, 5 + 20)  #: of a command


def instructions(line: Line) -> list[int]:
    return [command[INS] for command in line.sent]


def bag(rupiah: int) -> Basket:
    return Basket.of(("GULA", 1, rupiah))


@pytest.fixture
def due(new_blank: Callable[[], LiveCard]) -> LiveCard:
    """Rp100,000 may be spent without the PIN."""
    return with_a_pin(new_blank(), pin_above=100_000)


def tries(card: LiveCard, shop: Shop) -> int:
    return status(card, shop).pin_tries


def test_the_pin_is_asked_for_when_what_was_spent_without_it_comes_to_the_limit(due: LiveCard, shop: Shop) -> None:
    with Line(due.connect()) as line:
        assert shop.terminal.debit(line, bag(60_000)).receipt.pin_state == PinState.NOT_DUE
        assert shop.terminal.status(line).without_pin == 40_000
        with pytest.raises(sw.PinRequired) as caught:
            shop.terminal.debit(line, bag(40_001), reference="17")
        for text in caught.value.text:
            assert "Rp40.000" in text
        assert shop.journal.in_doubt() == []
        before = line.count
        sale = shop.terminal.debit(line, bag(40_001), reference="17", pin=PIN)
        assert instructions(line)[before:] == [SELECT, VERIFY, DEBIT]
        assert (sale.receipt.pin_state, sale.recovered) == (PinState.GIVEN, False)
        assert shop.terminal.status(line).without_pin == 100_000
        assert shop.terminal.debit(line, bag(100_000)).receipt.pin_state == PinState.NOT_DUE
        with pytest.raises(sw.PinRequired):
            shop.terminal.debit(line, bag(1))


def test_a_card_without_a_pin_is_never_stopped_by_it(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    card = activated(new_card(), pin_above=0)
    with card.connect() as connection:
        assert shop.terminal.debit(connection, RICE).receipt.pin_state == PinState.NONE
        with pytest.raises(sw.NoPin):
            shop.terminal.debit(connection, RICE, pin=PIN)
        assert shop.terminal.status(connection).without_pin == 738_000


def test_a_forged_word_that_the_pin_is_due_gets_a_masked_pin_at_most(pin_card: LiveCard, shop: Shop) -> None:
    """It was debited: the receipt is found, and nobody is asked. It was not: what is typed travels masked."""
    with Line(pin_card.connect(), forge={DEBIT: lambda _: b"\x94\x12"}) as line:
        assert shop.terminal.debit(line, RICE).receipt.amount == RICE.total

    class Refusing(Line):
        def _exchange(self, command: bytes) -> bytes:
            if command[INS] != DEBIT:
                return super()._exchange(command)
            self.sent.append(command)
            return b"\x94\x12"

    with Refusing(pin_card.connect()) as line:
        for pin in (None, PIN, PIN):
            with pytest.raises(sw.PinRequired):
                shop.terminal.debit(line, EGGS, pin=pin)
        blocks = [command[BLOCK] for command in line.sent if command[INS] == VERIFY]
    assert len(set(blocks)) == 2
    assert wire.pin_block(PIN) not in blocks
    assert tries(pin_card, shop) == 3


def test_the_card_masks_as_we_do(pin_card: LiveCard) -> None:
    """The mask, a second time: another key, nonce or challenge gives another."""
    with Line(pin_card.connect()) as line:
        session = CardSession(line, KEYS, 7)
        session.status()
        session.verify_pin(PIN)
        (challenge,) = [line.answers[-2][-10:-2]]
        command = line.sent[-1]
    block = wire.masked_pin(pin_card.keys().debit, command[5:13], challenge, command[BLOCK])
    assert block == wire.pin_block(PIN)


@pytest.mark.parametrize("word", ["6988", "6985", "6E00", "63C2"])
def test_a_lying_line_cannot_use_the_tries_up(pin_card: LiveCard, shop: Shop, word: str) -> None:
    """A wrong PIN was typed once. Whatever the line says, it reaches the card once, not five times."""
    with (
        Line(pin_card.connect(), forge={VERIFY: lambda _: bytes.fromhex(word)}) as line,
        pytest.raises(sw.WrongPin if word == "63C2" else CardDisturbed),
    ):
        shop.terminal.debit(line, RICE, pin=WRONG)
    assert instructions(line).count(VERIFY) == 1
    assert tries(pin_card, shop) == 2


def test_a_right_pin_is_given_again_where_no_try_is_lost(pin_card: LiveCard, shop: Shop) -> None:
    """As where another program selects in between: nothing was typed wrongly."""
    with Between(pin_card.connect(), VERIFY, selects_our_applet, 3) as line:
        assert shop.terminal.debit(line, RICE, pin=PIN).receipt.pin_state == PinState.GIVEN
        assert instructions(line).count(VERIFY) == 4


def test_a_pin_that_cannot_be_one_reaches_no_card(pin_card: LiveCard, shop: Shop) -> None:
    for pin in ("", "123", "1234567890123", "12a4", "１２３４"):
        for act in (
            lambda line, pin=pin: shop.terminal.debit(line, RICE, pin=pin),
            lambda line, pin=pin: shop.terminal.change_pin(line, pin, NEW),
            lambda line, pin=pin: shop.terminal.change_pin(line, PIN, pin),
            lambda line, pin=pin: shop.terminal.choose_pin(line, pin),
        ):
            with Line(pin_card.connect()) as line, pytest.raises(InputError) as caught:
                act(line)
            assert set(instructions(line)) <= {SELECT}
            assert not pin or pin not in str(caught.value)


def test_a_pin_is_changed_by_who_knows_it(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect()) as line:
        with pytest.raises(sw.WrongPin) as caught:
            shop.terminal.change_pin(line, WRONG, NEW)
        assert (caught.value.tries, caught.value.where) == (2, "VERIFY")
        assert CHANGE not in instructions(line)
        before = line.count
        shop.terminal.change_pin(line, PIN, NEW)
        assert instructions(line)[before:] == [SELECT, VERIFY, CHANGE]
        assert shop.terminal.debit(line, RICE, pin=NEW).receipt.pin_state == PinState.GIVEN
        with pytest.raises(sw.WrongPin):
            shop.terminal.debit(line, RICE, pin=PIN)


@pytest.mark.parametrize("ins", [VERIFY, CHANGE])
def test_a_lost_answer_to_a_change_leaves_the_old_pin_or_the_new(pin_card: LiveCard, shop: Shop, ins: int) -> None:
    error = PinInDoubt if ins == CHANGE else ConnectionLost
    with Line(pin_card.connect(), lose_after=ins) as line, pytest.raises(error) as caught:
        shop.terminal.change_pin(line, PIN, NEW)
    if isinstance(caught.value, PinInDoubt):
        assert "new PIN first" in caught.value.remedy.en
        assert "PIN baru" in caught.value.remedy.id
    with pin_card.connect() as card:
        assert shop.terminal.debit(card, RICE, pin=NEW if ins == CHANGE else PIN).receipt.pin_state == PinState.GIVEN


@pytest.mark.parametrize("forged", [b"\x90\x00", bytes(8) + b"\x90\x00"])
def test_no_forged_word_makes_a_pin_given_or_changed(pin_card: LiveCard, shop: Shop, forged: bytes) -> None:
    with Line(pin_card.connect(), forge={VERIFY: lambda _: forged}) as line:
        with pytest.raises(AnswerNotGenuine):
            shop.terminal.debit(line, RICE, pin=WRONG)
        with pytest.raises(AnswerNotGenuine):
            shop.terminal.change_pin(line, WRONG, NEW)
        assert {DEBIT, CHANGE}.isdisjoint(instructions(line))
    with Line(pin_card.connect(), forge={CHANGE: lambda _: forged}) as line, pytest.raises(PinInDoubt):
        shop.terminal.change_pin(line, PIN, NEW)


def test_a_change_that_looks_disturbed_and_was_made_is_told_as_a_doubt(pin_card: LiveCard, shop: Shop) -> None:
    with (
        Line(pin_card.connect(), forge={CHANGE: once(lambda _: b"\x69\x88")}) as line,
        pytest.raises(PinInDoubt),
    ):
        shop.terminal.change_pin(line, PIN, NEW)
    with pin_card.connect() as card:
        assert shop.terminal.debit(card, RICE, pin=NEW).receipt.pin_state == PinState.GIVEN


def test_a_choice_is_open_once_the_bank_has_opened_it(pin_card: LiveCard, shop: Shop) -> None:
    """Who forgot the PIN, and used up its tries."""
    with pin_card.connect() as card:
        for _ in range(3):
            with pytest.raises((sw.WrongPin, sw.PinBlocked)):
                shop.terminal.change_pin(card, WRONG, NEW)
        with pytest.raises(PinChoiceClosed) as caught:
            shop.terminal.choose_pin(card, NEW)
        for text in (*caught.value.text, *caught.value.remedy):
            assert "PIN" in text
    updated(pin_card, 2, pin_count=1)
    assert status(pin_card, shop).pin_choice == 1
    with Line(pin_card.connect()) as line:
        shop.terminal.choose_pin(line, NEW)
        assert instructions(line) == [SELECT, STATUS, CHANGE]
        with pytest.raises(PinChoiceClosed):
            shop.terminal.choose_pin(line, "5555")
        assert shop.terminal.debit(line, RICE, pin=NEW).receipt.pin_state == PinState.GIVEN


def test_a_card_without_a_pin_gets_one_by_the_choice(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    card = activated(new_card(), pin_count=1, pin_above=0)
    assert tries(card, shop) == WITHOUT_PIN
    with card.connect() as connection:
        shop.terminal.choose_pin(connection, NEW)
        with pytest.raises(sw.PinRequired):
            shop.terminal.debit(connection, RICE)
        assert shop.terminal.debit(connection, RICE, pin=NEW).receipt.pin_state == PinState.GIVEN


def test_a_sale_closes_the_choice(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    card = activated(new_card(), pin_count=1)
    with card.connect() as connection:
        shop.terminal.debit(connection, EGGS)
        with pytest.raises(PinChoiceClosed):
            shop.terminal.choose_pin(connection, NEW)


@pytest.mark.parametrize("made", [False, True])
def test_a_disturbed_choice_is_begun_again_or_told_as_a_doubt(
    new_card: Callable[[], LiveCard], shop: Shop, made: bool
) -> None:
    card = activated(new_card(), pin_count=1)
    if made:
        line = Line(card.connect(), forge={CHANGE: once(lambda _: b"\x69\x85")})
        with line, pytest.raises(PinInDoubt):
            shop.terminal.choose_pin(line, NEW)
    else:
        with Between(card.connect(), CHANGE, selects_nothing, 2) as line:
            shop.terminal.choose_pin(line, NEW)
    with card.connect() as connection:
        assert shop.terminal.debit(connection, RICE, pin=NEW).receipt.pin_state == PinState.GIVEN


def test_no_text_of_ours_holds_a_pin(pin_card: LiveCard, shop: Shop) -> None:
    shown: list[str] = []
    for pin in (WRONG, PIN):
        try:
            with Line(pin_card.connect(), lose_after=CHANGE) as line:
                shop.terminal.change_pin(line, pin, NEW)
        except (sw.WrongPin, PinInDoubt) as error:
            shown += [repr(error), str(error), repr(error.as_dict()), repr(error.__cause__)]
    for secret in (PIN, WRONG, NEW):
        assert all(secret not in text for text in shown)
