# SPDX-License-Identifier: Apache-2.0
"""The books hold each genuine receipt once, whatever was handed in beside it, and the money that the judge counted."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.audit.books.sidefiles import written
from tests.audit.handed_in import handed_in
from tests.receipts.made import PROVIDER, RICE, history

from ssn_card.audit.books import Judged, judge, open_books
from ssn_card.audit.books.errors import BooksDiffer
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.receipts import Receipt, line_of
from ssn_card.receipts.report import Report


def packed(folder: Path, *files: Path) -> Path:
    pack(find_sources(files), folder)
    return folder


@pytest.mark.parametrize("in_memory", [0, 5_000_000])
@pytest.mark.parametrize("seed", range(2))
def test_the_books_hold_what_was_judged_genuine(
    tmp_path: Path, seed: int, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssn_card.audit.books.books._IN_MEMORY", in_memory)
    given = handed_in(tmp_path, Random(seed), 60)
    store = packed(tmp_path / "store", *given.files)
    judged = judge(store, PROVIDER)
    report = judged.report
    assert report.rejected
    assert report.repeated
    with open_books(store, written(tmp_path / "data"), judged) as books:
        ask = books.connection.sql
        (place,) = ask("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchall()
        assert (place != (None,)) == (in_memory == 0)
        assert ask("SELECT sum(amount) FROM receipts WHERE type = 1").fetchall() == [(report.debited,)]
        assert ask("SELECT coalesce(sum(amount), 0) FROM cancels").fetchall() == [(report.cancelled,)]
        assert ask("SELECT count(*) FROM problems").fetchall() == [(len(judged.findings),)]
        assert ask("SELECT count(*) FROM receipts WHERE basket_id IS NOT NULL AND goods <> 1").fetchall() == [(0,)]
        assert books.remarks
        assert "companions" in books.absent


def test_the_books_write_nothing_to_standard_output_and_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    given = handed_in(tmp_path, Random(1), 3)
    store = packed(tmp_path / "store", *given.files)
    with open_books(store, written(tmp_path / "data"), judge(store, PROVIDER)) as books:
        settings = "SELECT current_setting('enable_progress_bar'), current_setting('memory_limit')"
        ((bar, memory),) = books.connection.execute(settings).fetchall()
        assert bar is False
        assert float(memory.split()[0]) <= (5 if memory.endswith("GiB") else 5 * 1024)


def test_a_copy_with_a_basket_stands_for_one_without(tmp_path: Path) -> None:
    debit = next(raw for raw in history() if raw[24:40] == RICE.digest() and raw[64] == 1)
    (tmp_path / "a.jsonl").write_text(line_of(Receipt(debit)) + "\n")
    (tmp_path / "b.jsonl").write_text(line_of(Receipt(debit), RICE) + "\n")
    store = packed(tmp_path / "store", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    with open_books(store, written(tmp_path / "data", [debit[67:75].hex()]), judge(store, PROVIDER)) as books:
        lines = books.connection.execute("SELECT code, quantity, amount FROM items").fetchall()
        assert lines == [(one.staple, one.quantity, one.rupiah) for one in RICE.items]
        ((family, shop),) = books.connection.execute("SELECT family, id_ewarong FROM sales").fetchall()
        assert family == f"F{debit[67:75].hex()}"
        assert shop == f"EW-{Receipt(debit).terminal_id:03d}"


def test_a_cancelled_sale_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(line_of(Receipt(raw)) + "\n" for raw in history()))
    store = packed(tmp_path / "store", tmp_path / "a.jsonl")
    judged = judge(store, PROVIDER)
    assert judged.report.cancelled
    with open_books(store, written(tmp_path / "data"), judged) as books:
        left = books.connection.execute("SELECT sum(amount) FROM sales").fetchall()
        assert left == [(judged.report.debited - judged.report.cancelled,)]


def test_books_of_another_store_than_was_judged_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(line_of(Receipt(raw)) + "\n" for raw in history()))
    store = packed(tmp_path / "store", tmp_path / "a.jsonl")
    with pytest.raises(BooksDiffer), open_books(store, written(tmp_path / "data"), Judged(Report(None), [])):
        pass
