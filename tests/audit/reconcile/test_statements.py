# SPDX-License-Identifier: Apache-2.0
"""A shop's statement: exact, the same bytes whoever sets it, and harmless whatever the shop is called."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.audit.reconcile.ledger import Ledger, debit, update
from tests.receipts.made import new_card

from ssn_card.audit.reconcile.errors import StatementsNotWritten
from ssn_card.audit.reconcile.lines import WIDTH
from ssn_card.audit.reconcile.statement import Ground, ShopDay, ShopStatement, as_csv, as_pdf, told
from ssn_card.audit.reconcile.statements import statements_of, write_statements
from ssn_card.audit.reconcile.written import require_new_folder, write_reconciliation

FIRST = date(2026, 1, 30)
GROUND = Ground(FIRST, date(2026, 2, 3), (("manifest.json", "ab" * 32),), "ssn-card test")
DAYS = tuple(ShopDay(FIRST + timedelta(days), 2, 300_000 + days, 1, 100_000, 200_000 + days) for days in range(5))
ONE = ShopStatement("EW-007", "Sumber Rejeki", "Palaran", 1_000_010, 0, 0, DAYS)


def test_a_statement_adds_up_by_month_and_in_all() -> None:
    shown = told(GROUND, ONE)
    january, february = ["4", "600.001", "2", "200.000", "400.001"], ["6", "900.009", "3", "300.000", "600.009"]
    assert [row.split() for row in shown["table"]["rows"]] == [
        ["Januari", "2026", *january],
        ["Februari", "2026", *february],
    ]
    assert [figures(month["table"]["sums"]) for month in shown["months"]] == [january, february]
    assert figures(shown["table"]["sums"]) == ["10", "1.500.010", "5", "500.000", "1.000.010"]
    assert shown["owed"] == "1.000.010"
    first = shown["months"][0]["table"]["rows"][1]
    assert first.split() == ["2026-01-31", "2", "300.001", "1", "100.000", "200.001"]
    assert shown["notes"] == []


def figures(sums: str) -> list[str]:
    return sums.removeprefix("Jumlah · in all").split()


@pytest.mark.parametrize("most", [1, 10**9, 10**15])
def test_every_line_of_a_statement_ends_where_the_others_do(most: int) -> None:
    days = tuple(day._replace(debited=most, owed=-most) for day in DAYS)
    shown = told(GROUND, replace(ONE, days=days))
    tables = [shown["table"], *(month["table"] for month in shown["months"])]
    lines = [line for table in tables for line in (*table["heads"], *table["rows"], table["sums"])]
    assert len({len(line) for line in lines}) == 1
    assert all("  " in line for line in lines)
    assert len(lines[0]) <= WIDTH or most == 10**15


def test_the_csv_is_plain() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(ONE).decode("ascii"))))
    assert rows[0] == {
        "day": "2026-01-30", "debits": "2", "debited_rp": "300000", "cancels": "1", "cancelled_rp": "100000",
        "owed_rp": "200000",
    }  # fmt: skip
    assert len(rows) == len(DAYS)


def test_what_may_change_it_is_told_in_both_languages() -> None:
    notes = told(GROUND, replace(ONE, withheld=70_000, disputed=150_000))["notes"]
    assert ["Rp70.000" in note["id"] and "Rp70.000" in note["en"] for note in notes] == [True, False]
    assert "Rp150.000" in notes[1]["id"]


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        '#panic("x")',
        "$x$ *b* _i_ `c` <l> @r [x] \\u{41}",
        '"}]',
        "=cmd|' /C calc'!A0",
        "\u202eevil\u2066",
        "食堂",
    ],
)
def test_no_name_of_a_shop_acts(name: str | None) -> None:
    hostile = replace(ONE, name=name, kecamatan=name)
    assert not set(told(GROUND, hostile)["name"]) & set("\u202e\u2066食")
    assert as_pdf(GROUND.press(), GROUND, hostile).startswith(b"%PDF-")


def test_a_shop_without_a_sale_has_a_statement() -> None:
    empty = replace(ONE, owed=0, days=())
    assert figures(told(GROUND, empty)["table"]["sums"]) == ["0"] * 5
    assert as_pdf(GROUND.press(), GROUND, empty).startswith(b"%PDF-")


def test_the_period_is_the_shops_own() -> None:
    far = replace(GROUND, first=date(2000, 1, 1), last=date(2079, 12, 31))
    assert [told(far, ONE)[name] for name in ("first", "last")] == ["2026-01-30", "2026-02-03"]
    assert told(far, replace(ONE, days=()))["last"] == "2079-12-31"


def test_a_day_of_nothing_but_cancellations_is_below_zero() -> None:
    day = ShopDay(FIRST, 0, 0, 1, 50_000, -50_000)
    assert told(GROUND, replace(ONE, days=(day,)))["months"][0]["table"]["rows"][0].endswith(" \u221250.000")


def test_several_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssn_card.audit.reconcile.statements._ALONE", 6)
    shops = [replace(ONE, shop=f"EW-{number:03d}", days=DAYS[: number % 6]) for number in range(1, 51)]
    (tmp_path / "many").mkdir()
    (tmp_path / "one").mkdir()
    seen: list[int] = []
    assert write_statements(tmp_path / "many", GROUND, shops, seen.append) == 50
    assert seen == sorted(seen)
    assert seen[-1] == 50
    for shop in shops:
        write_statements(tmp_path / "one", GROUND, [shop], seen.append)
    for path in sorted((tmp_path / "one").iterdir()):
        assert (tmp_path / "many" / path.name).read_bytes() == path.read_bytes(), path.name


def written(folder: Path, **shop: Any) -> Path:
    card = new_card()
    receipts = [update(card, 1, 300_000), debit(card, 100_000, "260105101500", terminal=2)]
    ledger = Ledger()
    ledger.card("5353000000000001", receipts)
    ledger.register("5353000000000001", receipts)
    for identifier in ("EW-001", "EW-002"):
        row = {"id_ewarong": identifier, "nama": "Satu", "kode_kecamatan": "64.72.01", "kecamatan": "Palaran", **shop}
        ledger.add("shops", **row)
    connection, _ = ledger.reconciled()
    assert [len(one.days) for one in statements_of(connection)] == [0, 1]
    write_reconciliation(folder, connection, GROUND)
    return folder


def test_a_folder_is_the_same_twice(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a"), written(tmp_path / "b")
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(names) == 7 + 4
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_a_spreadsheet_takes_no_name_for_a_formula(tmp_path: Path) -> None:
    table = (written(tmp_path / "a", nama="=1+1") / "tables/shop_accounts.csv").read_text("utf-8")
    assert "'=1+1" in table
    assert ",=1+1" not in table


def test_what_was_stated_is_never_replaced(tmp_path: Path) -> None:
    folder = written(tmp_path / "a")
    before = sorted(folder.rglob("*"))
    with pytest.raises(StatementsNotWritten):
        require_new_folder(folder)
    with pytest.raises(StatementsNotWritten):
        written(folder)
    assert sorted(folder.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]  # no draft is left


def test_nothing_is_left_where_a_statement_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ssn_card.audit.reconcile.statements.as_csv", full)
    with pytest.raises(StatementsNotWritten, match="space"):
        written(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def ended(_: object) -> None:
    os._exit(1)


def test_a_process_that_the_system_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssn_card.audit.reconcile.statements._ALONE", 0)
    monkeypatch.setattr("ssn_card.audit.reconcile.statements._write", ended)
    with pytest.raises(StatementsNotWritten, match="memory"):
        written(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from ssn_card.audit.reconcile import statements
from tests.audit.reconcile.test_statements import GROUND, ONE
if __name__ == "__main__":
    statements._ALONE = 0
    def killed(done):
        names = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
        Path(sys.argv[1], "children").write_text(names)
        os.kill(os.getpid(), signal.SIGKILL)
    statements.write_statements(Path(sys.argv[1]), GROUND, [ONE] * 1000, lambda done: done and killed(done))
"""


def test_the_processes_of_one_that_is_killed_end_too(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run([sys.executable, str(script), str(tmp_path)], check=False, env=os.environ | paths)
    assert ended.returncode == -signal.SIGKILL
    children = [Path("/proc", number) for number in (tmp_path / "children").read_text().split()]
    assert children
    until = time.monotonic() + 30
    while any(alive(one) for one in children):
        assert time.monotonic() < until
        time.sleep(0.1)


def alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
