# SPDX-License-Identifier: Apache-2.0
"""The money of a year, from the budget to the shops' statements: not a rupiah is lost, whatever is not handed in."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from ssn_card.audit.books import judge, open_books
from ssn_card.audit.reconcile import Reconciliation, reconcile
from ssn_card.audit.reconcile.statement import Ground
from ssn_card.audit.reconcile.written import write_reconciliation
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.keys import development_keyring
from ssn_card.receipts import Receipt
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.events import Fault
from ssn_card.simulator.programme.play import by_deck, side_files, uploads
from ssn_card.simulator.programme.play.script import script_of

FAMILIES = 60
_LOST = 0.1  #: of all receipts


@dataclass(frozen=True)
class Year:
    """``made``: every receipt; ``in_hand``: those that shops handed in."""

    made: list[Receipt]
    in_hand: list[Receipt]
    books: duckdb.DuckDBPyConnection
    told: Reconciliation
    out: Path


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    script = script_of(plan(11, FAMILIES))
    events = script.events.copy()
    lost = np.random.default_rng(11).random(len(events)) < _LOST
    events["fault"] = np.where(lost & (events["fault"] == Fault.NONE), Fault.NEVER_UPLOADED, events["fault"])
    script = replace(script, events=events)
    provider = development_keyring()
    played = by_deck.play(script, provider)
    for name in ("exports", "data"):
        (folder / name).mkdir()
    uploads.write(script, played, folder / "exports")
    side_files.write(script, played, folder / "data")
    pack(find_sources([folder / "exports"]), folder / "store")
    receipted = played.receipted(script)
    handed = receipted & (events["fault"] != Fault.NEVER_UPLOADED)
    with open_books(folder / "store", folder / "data", judge(folder / "store", provider)) as books:
        told = reconcile(books.connection, books.tables)
        write_reconciliation(folder / "out", books.connection, Ground(told.first, told.newest, (), "test"))
        yield Year(
            [Receipt(raw.tobytes()) for raw in played.raw[receipted]],
            [Receipt(raw.tobytes()) for raw in played.raw[handed]],
            books.connection,
            told,
            folder / "out",
        )


def moved(receipts: list[Receipt]) -> Counter[str]:
    """Rupiah of debits less cancellations, by shop."""
    found: Counter[str] = Counter()
    for one in receipts:
        if one.moved:
            found[f"EW-{one.terminal_id:03d}"] += one.moved
    return found


def test_from_the_budget_to_the_statements(year: Year) -> None:
    totals = year.told.totals
    assert totals.budget is not None
    ((unused,),) = year.books.execute("SELECT sum(unused) FROM programme_accounts").fetchall()
    assert totals.budget == totals.disbursed + unused
    assert totals.disbursed == totals.spent - totals.refunded + totals.hidden + totals.expired + totals.balance
    assert totals.spent - totals.refunded == totals.owed
    statements = sorted((year.out / "statements").glob("*.csv"))
    owed = Counter({path.stem: sum(int(row["owed_rp"]) for row in csv.DictReader(path.open())) for path in statements})
    assert owed.total() == totals.owed
    assert +owed == +moved(year.in_hand)  # each shop's, from the receipts themselves
    assert len(list((year.out / "statements").glob("*.pdf"))) == len(statements) == year.told.shops


def test_what_nobody_handed_in_lies_within_the_bounds(year: Year) -> None:
    in_hand = {(one.serial, one.seq) for one in year.in_hand}
    newest: dict[bytes, int] = {}
    for serial, seq in in_hand:
        newest[serial] = max(seq, newest.get(serial, 0))
    missing = [one for one in year.made if (one.serial, one.seq) not in in_hand]
    hidden = sum(one.moved for one in missing if one.seq < newest.get(one.serial, 0))
    assert len(missing) > _LOST / 2 * len(year.made)
    assert year.told.totals.hidden == hidden
    ends: Counter[str] = Counter()
    for one in missing:
        if one.seq > newest.get(one.serial, 0):
            ends[one.serial.hex()] += one.moved
    for serial, least, most in year.books.execute(
        "SELECT serial, beyond_least, beyond_most FROM card_accounts"
    ).fetchall():
        assert least <= ends[serial] <= most


def test_every_card_is_as_its_receipts_say(year: Year) -> None:
    last = {one.serial.hex(): one for one in sorted(year.in_hand, key=lambda one: one.seq)}
    accounts = year.books.execute(
        "SELECT serial, balance, spent - refunded + hidden, state FROM card_accounts"
    ).fetchall()
    assert len(accounts) == year.told.cards
    for serial, balance, net, state in accounts:
        one = last.get(serial)
        assert (balance, net) == ((one.balance_after, one.spent_total) if one else (0, 0))
        assert state in ("whole", "open")
    assert year.told.contradicting == year.told.claims == 0
    assert year.told.gaps


def test_tables_are_the_accounts(year: Year) -> None:
    for name in ("card_accounts", "shop_days", "shop_accounts", "programme_accounts", "unplaced"):
        rows = list(csv.DictReader((year.out / "tables" / f"{name}.csv").open(encoding="utf-8")))
        assert len(rows) == len(year.books.table(name)), name
    cards = csv.DictReader((year.out / "tables/card_accounts.csv").open())
    assert all(len(row["serial"].split()) == 4 for row in cards)  # a spreadsheet rounds sixteen digits in one piece
