# SPDX-License-Identifier: Apache-2.0
"""``ssn bench growth``: a copy of a year is a year of other cards, and each stage of each size is told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from rich.console import Console
from tests.audit.full_disk import disk_of
from tests.receipts.made import PROVIDER, history

from ssn_card.audit.keys import BatchKeys
from ssn_card.audit.verify import BulkVerifier
from ssn_card.bench.errors import MeasureFailed
from ssn_card.bench.growth.copied import CARDS, SHOPS, copied_data, renamed
from ssn_card.bench.growth.plot import draw
from ssn_card.bench.growth.run import Growth
from ssn_card.bench.growth.stages import STAGES, measured
from ssn_card.bench.growth.tables import CALLED, tables
from ssn_card.receipts import Receipt, line_of
from ssn_card.simulator.programme.errors import YearNotWritten

COST = {"cpu": 2.5, "clock": 1.5, "peak_mib": 1234.0}
MADE_UP = {
    "curve": [
        {"receipts": size, "stages": dict.fromkeys(STAGES, COST)} for size in (1_000_000, 4_000_000)
    ]
}  # fmt: skip


def octets(receipts: list[bytes]) -> Any:
    return np.frombuffer(b"".join(receipts), np.uint8).reshape(-1, 88)


def test_a_copied_history_is_genuine_and_of_another_card_and_shop(tmp_path: Path) -> None:
    own = [*history(), history()[-1]]  # the last handed in twice
    copied = renamed(octets(own), 3, BatchKeys(PROVIDER))
    path = tmp_path / "copied.jsonl"
    path.write_text("".join(line_of(Receipt(raw.tobytes())) + "\n" for raw in copied))
    of_own, of_copy = (tmp_path / "own.jsonl", path)
    of_own.write_text("".join(line_of(Receipt(raw)) + "\n" for raw in own))
    reports = [BulkVerifier(PROVIDER).verify([one]) for one in (of_own, of_copy)]
    assert reports[0].genuine == reports[1].genuine == len(history())
    assert reports[0].all_counts == reports[1].all_counts
    before, behind = Receipt(own[0]), Receipt(copied[0].tobytes())
    assert int(behind.serial.hex()) == int(before.serial.hex()) + 3 * CARDS
    debits = [(Receipt(a), Receipt(b.tobytes())) for a, b in zip(own, copied, strict=True) if a[64] == 1]
    assert all(b.terminal_id == a.terminal_id + 3 * SHOPS for a, b in debits)


@pytest.mark.parametrize(
    ("room", "copies", "full"), [(2_000, 2, "year-20"), (200_000, 60, "room/grown")], ids=["year", "copies"]
)
def test_a_full_disk_is_told_with_its_place(tmp_path: Path, room: int, copies: int, full: str) -> None:
    with disk_of(room), pytest.raises(YearNotWritten, match="large") as caught:
        Growth(tmp_path, made=20, seed=5).run([20 * copies])
    assert caught.value.folder == tmp_path / full


def test_the_first_copy_is_the_year_itself() -> None:
    own = octets(list(history()))
    assert (renamed(own, 0, BatchKeys(PROVIDER)) == own).all()


def test_side_files_of_copies_name_each_card_once_and_the_budget_is_for_all(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "cards.csv").write_text("serial,family,companion_id,replaces\n5353000000000001,K-1,50442d3030303031,\n")
    (data / "shops.csv").write_text("id_ewarong,nama\nEW-007,Satu\n")
    (data / "statuses.csv").write_text("serial,terminal_id\n5353000000000001,7\n5353000000000001,0\n")
    (data / "budget.csv").write_text("policy_id,families,budget_rp\n1,10,300\n")
    (data / "prices.csv").write_text("code,price_rp\nBERAS,1\n")
    copied_data(data, 3, tmp_path / "grown")

    def rows(name: str) -> set[tuple[Any, ...]]:
        return set(duckdb.read_csv(str(tmp_path / "grown" / name), all_varchar=True).fetchall())

    assert rows("cards.csv") == {
        ("5353000000000001", "K-1", "50442d3030303031", None),
        ("5353000010000001", "K-1-1", "51442d3030303031", None),
        ("5353000020000001", "K-1-2", "52442d3030303031", None),
    }
    assert rows("shops.csv") == {("EW-007", "Satu"), ("EW-10007", "Satu"), ("EW-20007", "Satu")}
    assert {row[1] for row in rows("statuses.csv")} == {"7", "10007", "20007", "0"}
    assert rows("budget.csv") == {("1", "30", "900")}
    assert (tmp_path / "grown/prices.csv").read_text() == "code,price_rp\nBERAS,1\n"


def test_what_cannot_be_measured_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MeasureFailed):
        measured(tmp_path / "none", tmp_path, tmp_path)


def test_table_and_picture_show_every_stage() -> None:
    assert list(CALLED) == list(STAGES)
    console = Console(width=200, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(tables(MADE_UP))
    shown = console.export_text()
    for value in ("1,000,000", "15.0", "9.0", "3.8", "1,234"):
        assert value in shown
    assert draw(MADE_UP, "id").startswith(b"<?xml")
    assert draw(MADE_UP, "en") == draw(MADE_UP, "en")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_all_of_it_in_small(tmp_path: Path) -> None:
    result = Growth(tmp_path, 300, 5).run([900, 300])
    one, three = result["curve"]
    assert (one["families"], three["families"], three["copies"]) == (300, 900, 3)
    for name in ("receipts", "shops", "findings"):
        assert three[name] == 3 * one[name] > 0
    assert set(three["stages"]) == set(STAGES)
    assert all(30 < cost["peak_mib"] < 4000 for cost in three["stages"].values())
    assert json.loads(json.dumps(result)) == result
    assert [path.name for path in tmp_path.iterdir()] == ["year-300"]
