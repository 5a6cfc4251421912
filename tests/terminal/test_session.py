# SPDX-License-Identifier: Apache-2.0
"""One selection of the card: challenges used once, PINs, and errors that name the command."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import EGGS, KEYS, PIN, PROVIDER, RICE, Shop, activated, status
from tests.terminal.line import Line
from tests.terminal.test_sales import signed

from ssn_card.entitlement import issue
from ssn_card.programme import WITA
from ssn_card.protocol import status as sw
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.terminal import (
    AnswerNotGenuine,
    CardInfo,
    CardSession,
    DebitInDoubt,
    EarlierDebitFound,
    NoReceipt,
    NothingToCancel,
    NotOurCard,
    SoftwareTerminalKeys,
    now,
)

SELECT, DEBIT, READ, STATUS, UPDATE = 0xA4, 0x40, 0x44, 0x46, 0x4C
OTHER = "7391"


def debited(session: CardSession, amount: int = 1_000) -> Receipt:
    """One attempt of a debit."""
    body = MOVEMENT.encode(
        {
            "amount": amount, "categories": 1, "timestamp": dt.datetime(2025, 10, 3, 10), "terminal_id": 7,
            "terminal_txn": 1, "basket_digest": bytes(16),
        }
    )  # fmt: skip
    return session.move(session.prepare(ReceiptType.DEBIT, body))


def instructions(line: Line) -> list[int]:
    return [command[1] for command in line.sent]


@pytest.mark.parametrize("amount", [1_000, 700_000])
def test_a_challenge_is_used_once(active: LiveCard, amount: int) -> None:
    """Behind a movement, done or refused, the next command asks for a fresh one."""
    with Line(active.connect()) as line:
        session = CardSession(line, KEYS, 7)
        if amount == 1_000:
            assert debited(session, amount).amount == amount
        else:
            with pytest.raises(sw.DebitMaximumExceeded):
                debited(session, amount)
        assert session.status().balance == (899_000 if amount == 1_000 else 900_000)
        assert instructions(line) == [SELECT, DEBIT, SELECT, STATUS]


def test_an_update_uses_the_challenge_up(active: LiveCard) -> None:
    update = issue(signed(active, 2, 950_000), active.serial, PROVIDER)
    with Line(active.connect()) as line:
        session = CardSession(line, KEYS, 7)
        session.deliver(update.command())
        assert session.status().balance == 950_000
        assert instructions(line) == [SELECT, UPDATE, SELECT, STATUS]


@pytest.mark.parametrize("at", [0, -3, None])
def test_a_changed_or_short_answer_to_an_update_names_it(active: LiveCard, at: int | None) -> None:
    forge = (lambda answer: answer[-2:]) if at is None else flipped(at)
    update = issue(signed(active, 2, 950_000), active.serial, PROVIDER)
    with Line(active.connect(), forge={UPDATE: forge}) as line, pytest.raises(AnswerNotGenuine) as caught:
        CardSession(line, KEYS, 7).deliver(update.command())
    assert caught.value.where == "UPDATE"


def test_queries_name_the_terminal_and_never_repeat_a_nonce(active: LiveCard, shop: Shop) -> None:
    with Line(active.connect()) as line:
        shop.terminal.status(line)
        shop.terminal.status(line)
        first, second = (command[5:25] for command in line.sent if command[1] == STATUS)
    assert first[8:] == second[8:] == (7).to_bytes(4, "big") + bytes(8)
    assert first[:8] != second[:8]


def test_who_asks_in_no_terminals_name_is_terminal_0(active: LiveCard) -> None:
    with Line(active.connect()) as line:
        CardSession(line, KEYS).status()
    assert line.sent[-1][13:17] == bytes(4)


def test_the_cards_word_on_a_number(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        session = CardSession(card, KEYS, 7)
        assert session.read_receipt(2) == NoReceipt(1)
        sold = shop.terminal.debit(card, RICE).receipt
        session.select()
        assert session.read_receipt(2) == sold
        assert session.read_receipt(0xFFFF_FFFF) == session.read_receipt(0) == NoReceipt(2)


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda answer: answer[:at] + bytes((answer[at] ^ 1,)) + answer[at + 1 :]


def test_a_card_that_was_exchanged_within_a_session_is_told(active: LiveCard) -> None:
    """The line shows another serial at the second SELECT."""
    shown: list[bytes] = []

    def exchanged(answer: bytes) -> bytes:
        shown.append(answer)
        return answer if len(shown) == 1 else bytes(8) + answer[8:]

    update = issue(signed(active, 2, 950_000), active.serial, PROVIDER)
    with Line(active.connect(), forge={SELECT: exchanged}) as line:
        session = CardSession(line, KEYS)
        session.deliver(update.command())
        with pytest.raises(NotOurCard) as caught:
            session.status()
    assert caught.value.where == "SELECT"
    assert caught.value.text == ("Another card lies in the reader now.", "Kini ada kartu lain di pembaca.")
    assert caught.value.remedy == ("Present the first card again.", "Tempelkan lagi kartu yang pertama.")


def asked_for(line: Line) -> list[int]:
    """The numbers of the receipts that were asked for: behind header, Lc, nonce and terminal in the command."""
    return [int.from_bytes(command[17:21], "big") for command in line.sent if command[1] == READ]


def test_an_empty_log_is_the_cards_own_word(card: LiveCard) -> None:
    """Whoever forges a quoted number of 0 hides no receipts: the card is asked all the same, once."""
    with Line(card.connect()) as line:
        assert CardSession(line, KEYS).log() == []
        assert asked_for(line) == [0]


def test_a_log_is_read_from_its_newest_receipt_to_its_first(active: LiveCard, shop: Shop) -> None:
    with active.connect() as connection:
        shop.terminal.debit(connection, EGGS)
    with Line(active.connect()) as line:
        assert [one.seq for one in CardSession(line, KEYS).log()] == [2, 1]
        assert asked_for(line) == [2, 1]


def test_a_receipt_that_was_not_asked_for_is_not_taken(active: LiveCard, shop: Shop) -> None:
    """With a right MAC, as only a card makes it; not one of ours."""

    class Careless(SoftwareTerminalKeys):
        def is_genuine(self, card: CardInfo, ins: int, answer: bytes, command_mac: bytes, mac: bytes) -> bool:
            return True

    with active.connect() as connection:
        shop.terminal.debit(connection, EGGS)
    renumbered = {READ: lambda answer: b"\0\0\0\x01" + answer[4:]}
    with Line(active.connect(), forge=renumbered) as line, pytest.raises(AnswerNotGenuine) as caught:
        CardSession(line, Careless(PROVIDER)).read_receipt(2)
    assert caught.value.where == "READ_RECEIPT"


@pytest.mark.parametrize("ins", [STATUS, READ])
def test_a_changed_answer_or_one_of_another_length_names_the_command(active: LiveCard, ins: int) -> None:
    name = {STATUS: "GET_STATUS", READ: "READ_RECEIPT"}[ins]
    lengths = [lambda _, size=size: bytes(size) + b"\x90\x00" for size in (0, 7, 300)]
    for forge in (flipped(0), flipped(-3), *lengths):
        with Line(active.connect(), forge={ins: forge}) as line:
            session = CardSession(line, KEYS, 7)
            with pytest.raises(AnswerNotGenuine) as caught:
                session.status() if ins == STATUS else session.read_receipt(1)
            assert caught.value.where == name


@pytest.mark.parametrize("forge", [flipped(0), flipped(9), lambda a: a[:-3] + a[-2:], lambda a: b"\0" + a])
def test_a_changed_answer_to_a_debit_names_it(active: LiveCard, forge: Callable[[bytes], bytes]) -> None:
    with Line(active.connect(), forge={DEBIT: forge}) as line:
        session = CardSession(line, KEYS, 7)
        with pytest.raises(AnswerNotGenuine) as caught:
            debited(session)
    assert caught.value.where == "DEBIT"


def test_a_refusal_names_the_command(active: LiveCard) -> None:
    with active.connect() as card, pytest.raises(sw.DebitMaximumExceeded) as caught:
        debited(CardSession(card, KEYS, 7), 700_000)
    assert caught.value.where == "DEBIT"


@pytest.mark.parametrize("answer", ["6A82", "01" * 8 + "02" + "01" * 17 + "9000"])
def test_a_card_that_is_not_ours_names_select(active: LiveCard, answer: str) -> None:
    forge = {SELECT: lambda _: bytes.fromhex(answer)}
    with Line(active.connect(), forge=forge) as line, pytest.raises(NotOurCard) as caught:
        CardSession(line, KEYS)
    assert caught.value.where == "SELECT"
    assert caught.value.remedy.en.startswith("Insert" if answer == "6A82" else "Update")
    for text in caught.value.text:
        assert ("6A82" in text) is (answer == "6A82")


def test_a_blank_card_says_what_to_do(blank: LiveCard, shop: Shop) -> None:
    with blank.connect() as card, pytest.raises(NotOurCard) as caught:
        shop.terminal.status(card)
    assert "ssn perso" in caught.value.remedy.en


def test_status_is_of_this_card(active: LiveCard, shop: Shop) -> None:
    assert status(active, shop).serial == active.serial


def test_a_sale_shows_the_pin_to_the_card_first(pin_card: LiveCard, shop: Shop) -> None:
    with Line(pin_card.connect()) as line:
        with pytest.raises(sw.WrongPin):
            shop.terminal.debit(line, RICE, pin=OTHER)
        assert DEBIT not in instructions(line)
        assert shop.journal.in_doubt() == []
        shop.terminal.debit(line, RICE, pin=PIN)
        assert instructions(line)[-3:] == [SELECT, 0x20, DEBIT]


def test_the_same_sale_again_shows_the_pin_again(pin_card: LiveCard, shop: Shop) -> None:
    """Lost before the card, so it is made now, and with the PIN."""
    with Line(pin_card.connect(), lose_before=DEBIT) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE, reference="POS-1", pin=PIN)
    with Line(pin_card.connect()) as line:
        assert not shop.terminal.debit(line, RICE, reference="POS-1", pin=PIN).recovered
        assert 0x20 in instructions(line)


def test_errors_of_a_sale_carry_their_figures(active: LiveCard, shop: Shop) -> None:
    with Line(active.connect(), lose_after=DEBIT) as line, pytest.raises(DebitInDoubt) as doubt:
        shop.terminal.debit(line, RICE, reference="POS-1")
    assert doubt.value.details == {"serial": active.serial.hex(), "terminal_txn": 1}
    with active.connect() as card:
        with pytest.raises(InputError) as wrong:
            shop.terminal.debit(card, EGGS, reference="POS-1")
        assert wrong.value.where == "reference"
        assert wrong.value.remedy.en
        with pytest.raises(EarlierDebitFound) as earlier:
            shop.terminal.debit(card, EGGS)
        assert earlier.value.details == {"amount": 162_000, "terminal_txn": 1}
        for told, figures in (
            (doubt, (active.serial.hex(), " 1 ")),
            (wrong, ("POS-1",)),
            (earlier, ("Rp162.000",)),
        ):
            for text in told.value.text:
                assert [figure in text for figure in figures] == [True] * len(figures)
        shop.terminal.cancel(card)
        with pytest.raises(NothingToCancel) as nothing:
            shop.terminal.cancel(card)
        assert nothing.value.where == "CANCEL"


def test_a_doubt_names_its_own_card_and_number(active: LiveCard, shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    """Cut while the card is asked, and met again by another card."""
    forge = {DEBIT: lambda _: b"\x94\x01"}
    with active.connect() as card:
        shop.terminal.debit(card, EGGS)
    with Line(active.connect(), forge=forge, lose_before=READ) as line, pytest.raises(DebitInDoubt) as cut:
        shop.terminal.debit(line, RICE, reference="POS-1")
    with activated(new_card()).connect() as card, pytest.raises(DebitInDoubt) as swapped:
        shop.terminal.debit(card, RICE, reference="POS-1")
    for caught in (cut, swapped):
        assert (caught.value.serial, caught.value.terminal_txn) == (active.serial, 2)


def test_a_refused_recovery_is_a_doubt_of_this_sale(active: LiveCard, shop: Shop) -> None:
    """The DEBIT was refused on the line, then READ with a wrong MAC: whose sale stays open is told."""
    forge = {DEBIT: lambda _: b"\x94\x01", READ: lambda _: sw.WrongMac.sw.to_bytes(2, "big")}
    with Line(active.connect(), forge=forge) as line, pytest.raises(DebitInDoubt) as caught:
        shop.terminal.debit(line, RICE)
    assert (caught.value.serial, caught.value.terminal_txn) == (active.serial, 1)


def test_cancel_takes_this_cards_newest_debit(active: LiveCard, shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    """A sale to somebody else in between changes nothing."""
    other = activated(new_card())
    with active.connect() as card, other.connect() as second:
        shop.terminal.debit(card, RICE)
        shop.terminal.debit(second, EGGS)
        assert shop.terminal.cancel(card).amount == 162_000
    assert (status(active, shop).balance, status(other, shop).balance) == (900_000, 844_500)


def test_an_update_for_another_card_is_named(active: LiveCard, shop: Shop) -> None:
    with Line(active.connect()) as line, pytest.raises(InputError) as caught:
        shop.terminal.deliver(line, issue(signed(active, 2, 950_000), bytes(8), PROVIDER))
    assert caught.value.where == "serial"
    for text in caught.value.text:
        assert active.serial.hex() in text
        assert bytes(8).hex() in text
    assert instructions(line) == [SELECT]


def test_the_clock_is_local_time_at_the_shops() -> None:
    """WITA without a zone, whole seconds; whatever the machine's own zone is."""
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    found = now()
    after = dt.datetime.now(dt.UTC)
    assert (found.tzinfo, found.microsecond) == (None, 0)
    assert before <= found.replace(tzinfo=WITA) <= after


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jakarta"])
def test_the_machines_zone_does_not_matter(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    test_the_clock_is_local_time_at_the_shops()
    monkeypatch.undo()
    time.tzset()
