# SPDX-License-Identifier: Apache-2.0
"""Blank stock: every card of a delivery is in one state, whatever happened, and a contradiction is an error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssn_card.bank.secret import development_secret
from ssn_card.personalization.journal import errors
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.personalization.journal.stock import Standing

TAG = b"t" * 16


def serial(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    """Ten cards in two deliveries: used, in doubt, lost, put aside, put aside and used, returned, returned spoiled."""
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("0" * 64, 2025, "x.csv")

        def sent(number: int) -> object:
            keys = RowKeys(bytes([number]) * 16, bytes([100 + number]) * 16)
            return journal.sent(journal.plan(batch, number, keys), serial(number), TAG)

        assert not journal.stock.kept
        assert journal.stock.add("A", [serial(number) for number in range(1, 9)]) == 8
        assert journal.stock.add("B", [serial(20), serial(21)]) == 2
        journal.done(sent(1))  # type: ignore[arg-type]
        sent(2)
        journal.lose(sent(3), "declared: gone")  # type: ignore[arg-type]
        journal.reject(serial(4), "already-personalized: by whom?")
        journal.blank_again(sent(5), "no-such: it failed")  # type: ignore[arg-type]
        journal.done(sent(5))  # type: ignore[arg-type]
        assert journal.stock.give_back([serial(6)]) == 1
        journal.reject(serial(7), "no-such: it failed")
        journal.stock.give_back([serial(7)])
        journal.reject(serial(20), "foreign-card: before it was counted in")
        yield journal


def counts(journal: Journal) -> dict[str, dict[str, int]]:
    return {
        one.name: {state.value: count for state, count in one.states.items() if count}
        for one in journal.stock.deliveries()
    }


def altered(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement)
    database.close()


def test_it_adds_up(journal: Journal) -> None:
    assert counts(journal) == {
        "A": {"used": 2, "in_doubt": 1, "spoiled": 2, "returned": 2, "left": 1},
        "B": {"left": 2},
    }
    assert [one.cards for one in journal.stock.deliveries()] == [8, 2]
    journal.check_log()


def test_each_card_has_its_place(journal: Journal) -> None:
    standings = [journal.stock.standing(serial(number)) for number in (1, 6, 7, 8, 9, 21)]
    assert standings == [
        Standing.USABLE,
        Standing.RETURNED,
        Standing.RETURNED,
        Standing.USABLE,
        Standing.FOREIGN,
        Standing.USABLE,
    ]


def test_where_no_stock_is_kept_any_card_is_usable(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "new.db", development_secret()) as journal:
        assert journal.stock.standing(serial(1)) is Standing.USABLE


def test_a_card_that_does_not_answer_is_put_aside_by_hand(journal: Journal) -> None:
    journal.reject(None, "card-mute: no answer")
    assert journal.stock.unread() == 1
    for numbers in ([8, 1], [8, 99], [8, 6]):
        with pytest.raises(errors.NotBlankStock):
            journal.stock.spoil([serial(number) for number in numbers], "no answer")
    assert journal.stock.spoil([serial(8)], "no answer") == 1
    assert counts(journal)["A"] == {"used": 2, "in_doubt": 1, "spoiled": 3, "returned": 2}
    assert [event.reason for event in journal.unreported()][-1] == "declared: no answer"
    journal.stock.give_back([serial(8)])
    assert counts(journal)["A"]["returned"] == 3
    journal.check_log()


@pytest.mark.parametrize("statement", ["DELETE FROM blank WHERE serial = x'0000000000000008'"])
def test_a_card_that_was_taken_out_is_missed(journal: Journal, path: Path, statement: str) -> None:
    journal.close()
    altered(path, statement)
    with Journal.open(path, read_only=True) as opened:
        with pytest.raises(errors.StockDiffers) as caught:
            opened.stock.deliveries()
        assert (caught.value.name, caught.value.cards, caught.value.told) == ("A", 8, 7)
        with pytest.raises(errors.StationLogBroken):
            opened.check_log()


def test_a_card_that_is_returned_and_somebodys_is_a_contradiction(journal: Journal, path: Path) -> None:
    journal.close()
    altered(path, "UPDATE blank SET returned = 'x' WHERE serial = x'0000000000000001'")
    with Journal.open(path, read_only=True) as opened, pytest.raises(errors.StockDiffers):
        opened.stock.deliveries()


def test_a_delivery_is_counted_in_once(journal: Journal) -> None:
    before = counts(journal)
    with pytest.raises(errors.DeliveryKnown):
        journal.stock.add("A", [serial(99)])
    with pytest.raises(errors.SerialsDelivered) as caught:
        journal.stock.add("C", [serial(number) for number in range(15, 25)])
    assert (caught.value.count, caught.value.serials) == (2, "0000000000000014, 0000000000000015")
    with pytest.raises(errors.EmptyDelivery):
        journal.stock.add("C", [])
    assert counts(journal) == before


@pytest.mark.parametrize("number", [1, 2, 3, 6, 99], ids=["used", "in doubt", "lost", "returned", "foreign"])
def test_only_blank_cards_go_back(journal: Journal, number: int) -> None:
    before = counts(journal)
    with pytest.raises(errors.NotBlankStock):
        journal.stock.give_back([serial(8), serial(number)])
    assert counts(journal) == before


def test_nothing_goes_back(journal: Journal) -> None:
    with pytest.raises(errors.EmptyDelivery):
        journal.stock.give_back([])
    with pytest.raises(errors.EmptyDelivery):
        journal.stock.spoil([], "x")
