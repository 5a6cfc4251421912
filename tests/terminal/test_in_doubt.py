# SPDX-License-Identifier: Apache-2.0
"""Answers lost and forged, terminals killed: no debit is ever lost, made twice, or believed without the card's word."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import COMPANION, EGGS, RICE, Shop, activated, audit_is_clean, status
from tests.terminal.line import Line

from ssn_card.protocol import status as sw
from ssn_card.protocol.errors import InputError
from ssn_card.receipts import Basket
from ssn_card.terminal import (
    AnswerNotGenuine,
    DebitInDoubt,
    EarlierDebitFound,
    JournalDamaged,
    NothingToCancel,
)
from ssn_card.transport import CardConnection

DEBIT, CANCEL, OVERRIDE, READ, SELECT, STATUS = 0x40, 0x42, 0x4A, 0x44, 0xA4, 0x46


def lose(card: LiveCard, shop: Shop, *, done: bool, basket: Basket = RICE, reference: str | None = None) -> None:
    """A debit whose answer is lost, behind (``done``) or before the card."""
    cut = {"lose_after": DEBIT} if done else {"lose_before": DEBIT}
    with Line(card.connect(), **cut) as line, pytest.raises(DebitInDoubt) as caught:  # type: ignore[arg-type]
        shop.terminal.debit(line, basket, reference=reference)
    assert caught.value.serial == card.serial
    assert [entry.terminal_txn for entry in shop.journal.in_doubt()] == [caught.value.terminal_txn]


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("done", [False, True])
def test_lost_answer_is_recovered(active: LiveCard, shop: Shop, done: bool, restart: bool) -> None:
    lose(active, shop, done=done)
    if restart:
        shop.restart()
    with active.connect() as card:
        found = shop.terminal.recover(card).happened
        assert [receipt.amount for receipt in found] == ([162_000] if done else [])
        assert shop.terminal.recover(card).happened == ()
    assert shop.journal.in_doubt() == []
    assert [(one.amount, basket) for one, basket in shop.journal.receipts()] == ([(162_000, RICE)] if done else [])
    assert status(active, shop).balance == (738_000 if done else 900_000)
    assert audit_is_clean(active, shop)


def test_next_sale_finds_the_earlier_debit(active: LiveCard, shop: Shop) -> None:
    lose(active, shop, done=True)
    with active.connect() as card:
        with pytest.raises(EarlierDebitFound) as caught:
            shop.terminal.debit(card, EGGS)
        assert caught.value.receipt.amount == 162_000
        # Not to repeat it: the family has paid for these goods.
        assert "Hand over those goods, or cancel that debit" in caught.value.remedy.en
        assert "Serahkan barangnya, atau batalkan debit itu" in caught.value.remedy.id
        assert shop.terminal.status(card).balance == 738_000
        shop.terminal.debit(card, EGGS)
    assert status(active, shop).balance == 738_000 - 55_500


def test_next_sale_goes_on_where_nothing_had_happened(active: LiveCard, shop: Shop) -> None:
    lose(active, shop, done=False)
    with active.connect() as card:
        shop.terminal.debit(card, EGGS)
    assert status(active, shop).balance == 844_500
    assert shop.journal.in_doubt() == []


@pytest.mark.parametrize("done", [False, True])
def test_same_reference_debits_once(active: LiveCard, shop: Shop, done: bool) -> None:
    lose(active, shop, done=done, reference="POS-1")
    shop.restart()
    with active.connect() as card:
        sale = shop.terminal.debit(card, RICE, reference="POS-1")
        assert sale.recovered is done
        again = shop.terminal.debit(card, RICE, reference="POS-1")
        assert again.recovered
        assert again.receipt == sale.receipt
        with pytest.raises(InputError):
            shop.terminal.debit(card, EGGS, reference="POS-1")
        with pytest.raises(InputError):
            shop.terminal.debit(card, EGGS, reference="POS-1")
    assert status(active, shop).balance == 738_000


def test_reference_of_a_refused_sale_may_be_used_again(active: LiveCard, shop: Shop) -> None:
    with active.connect() as card:
        with pytest.raises(sw.DebitRefused):
            shop.terminal.debit(card, Basket.of(("GULA", 1, 700_000)), reference="POS-1")
        assert not shop.terminal.debit(card, RICE, reference="POS-1").recovered
    assert status(active, shop).balance == 738_000


def test_doubt_on_one_card_is_not_settled_by_another(
    active: LiveCard, shop: Shop, new_card: Callable[[], LiveCard]
) -> None:
    lose(active, shop, done=True, reference="POS-1")
    other = activated(new_card())
    with other.connect() as card:
        with pytest.raises(DebitInDoubt):
            shop.terminal.debit(card, RICE, reference="POS-1")
        assert shop.terminal.recover(card).happened == ()
        shop.terminal.debit(card, EGGS)  # a doubt on one card stops no other
    assert len(shop.journal.in_doubt(active.serial)) == 1
    assert status(other, shop).balance == 844_500
    assert status(active, shop).balance == 738_000


def test_card_swapped_within_a_sale(active: LiveCard, shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    """SELECT of one card, DEBIT to another: the MAC does not fit, nobody is debited."""
    other = activated(new_card())
    with active.connect() as first, other.connect() as second:
        second.transmit(bytes.fromhex("00A4040009F053534E434152440100"))

        class Swapping(Line):
            def _exchange(self, command: bytes) -> bytes:
                return first.transmit(command) if command[1] == SELECT else second.transmit(command)

        with pytest.raises((sw.CardStatusError, DebitInDoubt)):
            shop.terminal.debit(Swapping(first), RICE)
    assert status(active, shop).balance == status(other, shop).balance == 900_000


@pytest.mark.parametrize("word", ["9401", "6985", "6F00", "1234"])
def test_forged_refusal(active: LiveCard, shop: Shop, word: str) -> None:
    """The card debited and the line says no: the terminal asks the card and finds the receipt."""
    with Line(active.connect(), forge={DEBIT: lambda _: bytes.fromhex(word)}) as line:
        sale = shop.terminal.debit(line, RICE)
    assert sale.receipt.amount == 162_000
    assert shop.journal.in_doubt() == []
    assert status(active, shop).balance == 738_000
    assert audit_is_clean(active, shop)


def test_forged_refusal_and_the_recovery_cut(active: LiveCard, shop: Shop) -> None:
    forge = {DEBIT: lambda _: b"\x94\x01"}
    with Line(active.connect(), forge=forge, lose_before=READ) as line, pytest.raises(DebitInDoubt):
        shop.terminal.debit(line, RICE)
    with active.connect() as card:
        assert [one.amount for one in shop.terminal.recover(card).happened] == [162_000]


@pytest.mark.parametrize("forged", [READ, SELECT])
def test_forged_refusal_and_a_forged_recovery(active: LiveCard, shop: Shop, forged: int) -> None:
    """Nothing that is not authenticated makes the terminal give the debit up."""
    with active.connect() as card:

        class Forging(Line):
            def _exchange(self, command: bytes) -> bytes:
                answer = super()._exchange(command)
                if command[1] == DEBIT:
                    return b"\x94\x01"
                if command[1] == forged and any(one[1] == DEBIT for one in self.sent):
                    return bytes(12) + b"\x90\x00" if forged == READ else b"\x6a\x82"
                return answer

        with pytest.raises(DebitInDoubt):
            shop.terminal.debit(Forging(card), RICE)
    assert len(shop.journal.in_doubt()) == 1
    with active.connect() as card:
        assert [one.amount for one in shop.terminal.recover(card).happened] == [162_000]


def test_forged_refusal_and_another_card(active: LiveCard, shop: Shop, new_card: Callable[[], LiveCard]) -> None:
    """The other card proves rightly that it knows of no such debit; that must not clear the card that was debited."""
    other = activated(new_card())
    with active.connect() as first, other.connect() as second:

        class Swapping(Line):
            def _exchange(self, command: bytes) -> bytes:
                if any(one[1] == DEBIT for one in self.sent):
                    return second.transmit(command)
                answer = super()._exchange(command)
                return b"\x94\x01" if command[1] == DEBIT else answer

        with pytest.raises(DebitInDoubt) as caught:
            shop.terminal.debit(Swapping(first), RICE)
    assert (caught.value.serial, caught.value.terminal_txn) == (active.serial, 1)
    with active.connect() as card:
        assert [one.amount for one in shop.terminal.recover(card).happened] == [162_000]


@pytest.mark.parametrize("days", [0, 40])
def test_refusal_with_a_full_log_and_a_slow_clock(
    new_card: Callable[[], LiveCard], shop: Shop, other_shop: Shop, days: int
) -> None:
    """All of the log is later than the attempt by the terminal's clock, and yet the refusal is definite."""
    card = activated(new_card())
    other_shop.now = shop.now + dt.timedelta(days=days, hours=1)
    with card.connect() as connection:
        for _ in range(31):
            other_shop.terminal.debit(connection, Basket.of(("GULA", 1, 1000)))
        with pytest.raises(sw.TimestampBeforeMonth if days else sw.DebitMaximumExceeded):
            shop.terminal.debit(connection, Basket.of(("GULA", 1, 700_000)))
        assert shop.journal.in_doubt() == []
        shop.now = other_shop.now
        shop.terminal.debit(connection, EGGS)


def test_a_refusal_stays_one_where_the_card_goes_before_it_tells_what_is_left(active: LiveCard, shop: Shop) -> None:
    """The card has shown that nothing happened: that is no doubt."""
    with Line(active.connect(), lose_before=STATUS) as line, pytest.raises(sw.DebitMaximumExceeded) as caught:
        shop.terminal.debit(line, Basket.of(("GULA", 1, 700_000)))
    assert caught.value.details == {}
    assert shop.journal.in_doubt() == []


def test_a_journal_that_loses_an_intent_is_damaged(active: LiveCard, shop: Shop) -> None:
    """As if somebody deleted the row between the command and the card's answer."""

    def emptied(_: bytes) -> bytes:
        with closing(sqlite3.connect(shop.path)) as db:
            db.execute("DELETE FROM movement")
            db.commit()
        return b"\x94\x01"

    with Line(active.connect(), forge={DEBIT: emptied}) as line, pytest.raises(JournalDamaged) as caught:
        shop.terminal.debit(line, RICE)
    assert caught.value.where == str(shop.path)
    for text in caught.value.text:
        assert text


def test_forged_success(active: LiveCard, shop: Shop) -> None:
    """The card refused and the line says yes: no goods without a genuine receipt."""
    big = Basket.of(("GULA", 1, 700_000))
    forge = {DEBIT: lambda _: bytes(43) + b"\x90\x00"}
    with Line(active.connect(), forge=forge) as line, pytest.raises(AnswerNotGenuine):
        shop.terminal.debit(line, big)
    assert shop.journal.in_doubt() == []  # the card said that it did not
    assert list(shop.journal.receipts()) == []
    assert status(active, shop).balance == 900_000


def test_recorded_success_is_no_success(active: LiveCard, shop: Shop) -> None:
    """The genuine answer to an earlier debit of the same amount."""
    recorded: list[bytes] = []

    def record(answer: bytes) -> bytes:
        recorded.append(answer)
        return answer

    with Line(active.connect(), forge={DEBIT: record}) as line:
        shop.terminal.debit(line, RICE)
    with Line(active.connect(), forge={DEBIT: lambda _: recorded[0]}) as line:
        sale = shop.terminal.debit(line, RICE)
    assert sale.receipt.seq == 3
    assert sale.receipt.balance_after == 576_000
    assert audit_is_clean(active, shop)


@pytest.mark.parametrize("ins", [CANCEL, OVERRIDE])
@pytest.mark.parametrize("done", [False, True])
def test_lost_cancel_and_override(active: LiveCard, shop: Shop, ins: int, done: bool) -> None:
    with active.connect() as card:
        shop.terminal.debit(card, RICE)
    cut = {"lose_after": ins} if done else {"lose_before": ins}
    terminal = shop.terminal
    attempt: dict[int, Callable[[CardConnection], object]] = {
        CANCEL: terminal.cancel,
        OVERRIDE: lambda card: terminal.override(card, 1000, b"PD-00001", COMPANION),
    }
    with Line(active.connect(), **cut) as line, pytest.raises(DebitInDoubt):  # type: ignore[arg-type]
        attempt[ins](line)
    with active.connect() as card:
        kinds = [one.type for one in shop.terminal.recover(card).happened]
        assert kinds == ([2 if ins == CANCEL else 3] if done else [])
        if ins == CANCEL and done:
            with pytest.raises(NothingToCancel):
                shop.terminal.cancel(card)
        else:
            assert shop.terminal.status(card).balance == 738_000
    assert audit_is_clean(active, shop)


KILLED = """
    import datetime as dt, os, signal, sys
    from ssn_card.keys import development_keyring
    from ssn_card.receipts import Basket
    from ssn_card.terminal import CardSession, SoftwareTerminalKeys, Terminal, TerminalJournal
    from ssn_card.transport import open_connection
    from ssn_card.transport.vpcd import VpcdConnection

    url, path, moment = sys.argv[1:]
    exchange = VpcdConnection._exchange

    def dying(self, command):
        if command[1] == 0x40 and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = exchange(self, command)
        if command[1] == 0x40:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    VpcdConnection._exchange = dying
    journal = TerminalJournal(path, 7)
    if moment == "begun":
        CardSession.prepare = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    keys = SoftwareTerminalKeys(development_keyring())
    terminal = Terminal(keys, journal, clock=lambda: dt.datetime(2025, 10, 3, 10))
    with open_connection(url) as card:
        terminal.debit(card, Basket.of(("BERAS", 10, 162_000)), reference="POS-1")
"""


@pytest.mark.parametrize("moment", ["begun", "before", "after"])
def test_terminal_killed_in_a_sale(new_card: Callable[[], LiveCard], tmp_path: Path, moment: str) -> None:
    """SIGKILL before the journal knows of sending, before and after the card has the debit: rerun, debited once."""
    card = activated(new_card())
    path = tmp_path / "killed.db"
    script = [sys.executable, "-c", textwrap.dedent(KILLED), card.url, str(path), moment]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(script, env=environment, check=False).returncode == -signal.SIGKILL
    shop = Shop(path)
    assert len(shop.journal.in_doubt()) == (moment != "begun")
    with card.connect() as connection:
        assert shop.terminal.debit(connection, RICE, reference="POS-1").recovered is (moment == "after")
    assert status(card, shop).balance == 738_000
    assert [one.amount for one, _ in shop.journal.receipts()] == [162_000]
    assert audit_is_clean(card, shop)
    shop.journal.close()
