# SPDX-License-Identifier: Apache-2.0
"""Recovery by number: four answers, and no rogue terminal, planted number or clock makes a fifth of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard, Talk
from tests.model import wire
from tests.terminal.conftest import COMPANION, EGGS, RICE, Shop, activated, audit_is_clean, status
from tests.terminal.line import INS, Between, Line, rogue
from tests.terminal.test_in_doubt import lose

from ssn_card.protocol import status as sw
from ssn_card.protocol.values import LOG_ENTRIES, ReceiptType
from ssn_card.receipts import Basket
from ssn_card.terminal import (
    AnswerNotGenuine,
    CardDisturbed,
    DebitInDoubt,
    EarlierDebitFound,
    RecoveryUncertain,
    ReferenceInUse,
)
from ssn_card.terminal.journal import MovementState
from ssn_card.transport import CardConnection

SELECT, DEBIT, CANCEL, READ = 0xA4, 0x40, 0x42, 0x44
SUGAR = Basket.of(("GULA", 1, 17_500))


def flood(card: LiveCard, count: int = LOG_ENTRIES, when: str = "251001000000") -> Callable[[CardConnection], None]:
    """So many back-dated debits of Rp1 by a rogue terminal."""

    def act(connection: CardConnection) -> None:
        talk = rogue(card, connection)
        for number in range(count):
            talk.debit(1, txn=100 + number, when=when, terminal=9)

    return act


def flooded(card: LiveCard, count: int = LOG_ENTRIES) -> None:
    with card.connect() as connection:
        flood(card, count)(connection)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("others", [0, 1, 28, 29])
def test_while_the_log_reaches_back_the_answer_is_definite(
    new_card: Callable[[], LiveCard], shop: Shop, done: bool, others: int
) -> None:
    """The movement would have made receipt 2. Where it did not, somebody else's has that number, or nobody's."""
    card = activated(new_card())
    lose(card, shop, done=done)
    flooded(card, others)
    with card.connect() as connection:
        found = shop.terminal.recover(connection)
        assert len(found.happened) == done
        assert len(found.did_not_happen) == (not done)
        assert found.gone == ()
        assert shop.terminal.debit(connection, EGGS).receipt.seq == 2 + done + others
    entry = shop.journal.entry(1)
    assert entry is not None
    assert (entry.state, entry.seq) == (MovementState.DONE if done else MovementState.VOID, 2)


@pytest.mark.parametrize("done", [False, True])
def test_thirty_back_dated_debits_prove_nothing(new_card: Callable[[], LiveCard], shop: Shop, done: bool) -> None:
    """They were once a proof that nothing had happened: the card was debited twice."""
    card = activated(new_card())
    lose(card, shop, done=done, reference="17")
    flooded(card, LOG_ENTRIES + (not done))
    with card.connect() as connection:
        found = shop.terminal.recover(connection)
        assert (found.happened, found.did_not_happen) == ((), ())
        assert [(one.terminal_txn, one.seq, one.state) for one in found.gone] == [(1, 2, MovementState.GONE)]
        # It is the bank's now, and asked about once: neither this card nor another waits for it.
        assert shop.terminal.recover(connection).gone == ()
        assert not shop.terminal.debit(connection, EGGS).recovered
    assert [(one.terminal_txn, one.state) for one in shop.journal.for_the_bank()] == [(1, MovementState.GONE)]
    assert shop.journal.in_doubt() == []
    shop.restart()
    assert [one.terminal_txn for one in shop.journal.for_the_bank()] == [1]


@pytest.mark.parametrize("done", [False, True])
def test_a_sale_called_again_whose_card_has_forgotten_it_is_the_banks(
    new_card: Callable[[], LiveCard], shop: Shop, done: bool
) -> None:
    """The same call again finds out what became of the first one, before anything else does."""
    card = activated(new_card())
    lose(card, shop, done=done, reference="17")
    flooded(card, LOG_ENTRIES + (not done))
    with card.connect() as connection:
        for _ in range(2):
            with pytest.raises(RecoveryUncertain) as caught:
                shop.terminal.debit(connection, RICE, reference="17")
            assert caught.value.details == {"serial": card.serial.hex(), "terminal_txn": 1, "seq": 2}
    assert [one.terminal_txn for one in shop.journal.for_the_bank()] == [1]


def test_what_is_gone_stops_no_sale_but_its_own(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    card, other = activated(new_card()), activated(new_card())
    lose(card, shop, done=True, reference="17")
    flooded(card)
    with card.connect() as connection:
        assert not shop.terminal.debit(connection, EGGS, reference="18").recovered
        with pytest.raises(RecoveryUncertain) as caught:  # it may have been paid: never again by itself
            shop.terminal.debit(connection, RICE, reference="17")
        with pytest.raises(ReferenceInUse):
            shop.terminal.debit(connection, EGGS, reference="17")
        assert not shop.terminal.debit(connection, RICE, reference="19").recovered
    assert caught.value.details == {"serial": card.serial.hex(), "terminal_txn": 1, "seq": 2}
    for text in caught.value.text:
        assert card.serial.hex() in text
    for text in caught.value.remedy:
        assert "ssn terminal doubts" in text
    with other.connect() as connection:
        with pytest.raises(ReferenceInUse):
            shop.terminal.debit(connection, RICE, reference="17")
        assert not shop.terminal.debit(connection, RICE, reference="20").recovered
    shop.now += dt.timedelta(days=1)
    with card.connect() as connection:
        assert not shop.terminal.debit(connection, RICE, reference="17").recovered


def test_a_sale_of_which_the_card_forgets_at_once(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    """The debit is made, its answer forged to a refusal, and the log flooded before the terminal can ask."""
    card = activated(new_card())
    forge = {DEBIT: lambda _: b"\x94\x01"}
    with Between(card.connect(), READ, flood(card), 1, forge=forge) as line, pytest.raises(RecoveryUncertain):
        shop.terminal.debit(line, RICE, reference="17")
    assert [one.reference for one in shop.journal.for_the_bank()] == ["17"]
    assert shop.journal.in_doubt() == []


def test_a_planted_number_makes_no_card_false(active: LiveCard, shop: Shop) -> None:
    """Somebody debits Rp1 in this terminal's name, under its next transaction number."""
    with active.connect() as card:
        rogue(active, card).debit(1, txn=1, terminal=7)
        sale = shop.terminal.debit(card, RICE)
        assert (sale.receipt.terminal_txn, sale.receipt.seq, sale.recovered) == (1, 3, False)
    lose(active, shop, done=False, basket=EGGS)
    with active.connect() as card:
        rogue(active, card).debit(1, txn=2, terminal=7)
        found = shop.terminal.recover(card)
        assert (found.happened, len(found.did_not_happen)) == ((), 1)
        assert not shop.terminal.debit(card, EGGS).recovered
    assert shop.journal.events() == []


@pytest.mark.parametrize("what", ["amount", "goods", "time", "mark"])
def test_a_planted_receipt_that_differs_in_one_field_is_not_ours(active: LiveCard, shop: Shop, what: str) -> None:
    lose(active, shop, done=False)
    (entry,) = shop.journal.in_doubt()
    at = {"amount": 3, "goods": 5, "time": 11, "mark": 35}[what]
    body = entry.body[:at] + bytes((entry.body[at] ^ 1 if what != "goods" else 3,)) + entry.body[at + 1 :]
    with active.connect() as card:
        _, word = rogue(active, card).move(wire.DEBIT, body)
        assert word == wire.OK
        assert shop.terminal.recover(card).happened == ()
    assert list(shop.journal.receipts()) == []


def test_a_cancellation_sent_as_a_debit_is_no_cancellation(active: LiveCard, shop: Shop) -> None:
    """A rogue sends the body of a CANCEL that the line cut off as a DEBIT: all 36 bytes and the number are the same."""
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
    with Line(active.connect(), lose_before=CANCEL) as line, pytest.raises(DebitInDoubt):
        shop.terminal.cancel(line)
    (entry,) = shop.journal.in_doubt()
    with active.connect() as card:
        receipt, word = rogue(active, card).move(wire.DEBIT, entry.body)
        assert (word, receipt[4:40]) == (wire.OK, entry.body)
        assert wire.number(receipt, 0) == entry.seq
        found = shop.terminal.recover(card)
    assert (found.happened, len(found.did_not_happen)) == ((), 1)
    assert [one.type for one, _ in shop.journal.receipts()] == [ReceiptType.DEBIT]


@pytest.mark.parametrize("times", [1, 3])
def test_a_new_select_is_a_new_intent(active: LiveCard, shop: Shop, times: int) -> None:
    """A rogue makes the number between intent and command: the sale is begun again, under another number."""
    other = flood(active, 1, "251003000000")
    with Between(active.connect(), DEBIT, other, times) as line:
        sale = shop.terminal.debit(line, RICE)
        # The rogue's own commands went past the line.
        assert [command[INS] for command in line.sent].count(DEBIT) == times + 1
    assert sale.receipt.seq == 2 + times
    entries = [shop.journal.entry(txn) for txn in range(1, times + 2)]
    assert [(one.seq, one.state) for one in entries if one is not None] == [
        *((2 + number, MovementState.VOID) for number in range(times)),
        (2 + times, MovementState.DONE),
    ]
    assert status(active, shop).balance == 738_000 - times
    assert audit_is_clean(active, shop)


def test_an_intent_is_journalled_with_number_and_body_before_the_card_hears_of_it(active: LiveCard, shop: Shop) -> None:
    seen: list[tuple[int, bytes]] = []

    def look(_: CardConnection) -> None:
        seen.extend((one.seq, one.body) for one in shop.journal.in_doubt())

    with Between(active.connect(), DEBIT, look, 1) as line:
        receipt = shop.terminal.debit(line, RICE).receipt
    assert seen == [(receipt.seq, receipt.movement)]


def not_made(card: LiveCard, shop: Shop) -> bytes:
    """A genuine answer that a number is not made yet, as a line records it."""
    recorded: list[bytes] = []

    def record(answer: bytes) -> bytes:
        recorded.append(answer)
        return answer

    with Line(card.connect(), forge={READ: record}) as line:
        shop.terminal.receipt(line, 2)
    return recorded[0]


@pytest.mark.parametrize("forged", ["recorded", "made up", "0000000190 00", "6A83", "6A88", "9401", "6985"])
def test_no_forged_word_makes_a_debit_undone(active: LiveCard, shop: Shop, forged: str) -> None:
    recorded = not_made(active, shop)
    answer = {"recorded": recorded, "made up": (1).to_bytes(4, "big") + bytes(8) + b"\x90\x00"}.get(forged)
    lose(active, shop, done=True)
    lie = answer or bytes.fromhex(forged.replace(" ", ""))
    refused = (AnswerNotGenuine, sw.CardStatusError, CardDisturbed)
    with Line(active.connect(), forge={READ: lambda _: lie}) as line:
        with pytest.raises(refused):
            shop.terminal.recover(line)
        with pytest.raises(refused):
            shop.terminal.debit(line, EGGS)
    assert len(shop.journal.in_doubt()) == 1
    with active.connect() as card, pytest.raises(EarlierDebitFound):
        shop.terminal.debit(card, EGGS)
    assert status(active, shop).balance == 738_000


def test_a_held_back_debit_is_dead_once_the_card_was_asked(active: LiveCard, shop: Shop) -> None:
    """The line keeps the command, and delivers it behind the conclusion that it did not happen."""
    with Line(active.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE)
    held = line.sent[-1]
    with active.connect() as card:
        assert len(shop.terminal.recover(card).did_not_happen) == 1
        assert card.transmit(held) == sw.WrongMac.sw.to_bytes(2, "big")
    assert status(active, shop).balance == 900_000


@pytest.mark.parametrize("ins", [DEBIT, CANCEL, 0x4A])
def test_every_movement_is_recovered_by_its_number(active: LiveCard, shop: Shop, ins: int) -> None:
    terminal = shop.terminal
    with active.connect() as card:
        terminal.debit(card, RICE)
    acts: dict[int, Callable[[CardConnection], object]] = {
        DEBIT: lambda card: terminal.debit(card, EGGS),
        CANCEL: terminal.cancel,
        0x4A: lambda card: terminal.override(card, 1_000, b"PD-00001", COMPANION),
    }
    with Line(active.connect(), lose_after=ins) as line, pytest.raises(DebitInDoubt):
        acts[ins](line)
    flooded(active, LOG_ENTRIES - 1)
    with active.connect() as card:
        (receipt,) = terminal.recover(card).happened
    assert (receipt.seq, receipt.type) == (3, {DEBIT: 1, CANCEL: 2, 0x4A: 3}[ins])


def test_updates_push_the_log_on_too(new_card: Callable[[], LiveCard], shop: Shop) -> None:
    card = activated(new_card())
    lose(card, shop, done=True)
    talk = Talk(card)
    for number in range(2, 2 + LOG_ENTRIES):
        talk.load(wire.entitlement(number, 900_000))
    talk.close()
    with card.connect() as connection:
        assert len(shop.terminal.recover(connection).gone) == 1
