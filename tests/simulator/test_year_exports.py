# SPDX-License-Identifier: Apache-2.0
"""Generated receipts in files: none is lost, each has its basket, and both judges' readers read them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ssn_card.keys import development_keyring
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, read_lines
from ssn_card.simulator.year.exports import JsonLines, ParquetTable, Writer, by_card, by_terminal
from ssn_card.simulator.year.histories import Habits, Histories

PROVIDER = development_keyring()
FILES = 5


@pytest.fixture(scope="module")
def histories() -> Histories:
    return Histories(9, PROVIDER, Habits(months=4, baskets=300, clock_ahead=0.0))


def texts(histories: Histories) -> list[str]:
    return [basket.as_json() for basket in histories.assortment.baskets]


def lines_of(paths: list[Path]) -> list[Line]:
    return [line for path in paths for line in read_lines(path)]


def test_json_lines_by_card_are_what_terminals_write(histories: Histories, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    assert by_card(histories.batches(5_000), JsonLines(path, texts(histories))) == 5_000
    report = ReceiptVerifier(PROVIDER).verify_files([path], baskets=True)
    assert (report.clean, report.genuine, report.gap_count) == (True, 5_000, 0)


def test_json_lines_without_baskets(histories: Histories, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    by_card(histories.batches(2_000), JsonLines(path))
    assert raws([path]) == expected(histories, 2_000)


def expected(histories: Histories, count: int) -> list[bytes]:
    return [raw.tobytes() for batch in histories.batches(count) for raw in batch.raw]


@pytest.mark.parametrize("kind", [JsonLines, ParquetTable])
def test_terminals_hand_in_all_of_it_and_none_twice(
    kind: type[JsonLines] | type[ParquetTable], histories: Histories, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}" for number in range(FILES)]
    writers: list[Writer] = [kind(path, texts(histories)) for path in paths]
    assert by_terminal(histories.batches(4_000), writers, seed=1) == 4_000
    read_one = of_tables if kind is ParquetTable else raws
    read = read_one(paths)
    assert Counter(read) == Counter(expected(histories, 4_000))
    assert read != sorted(read, key=expected(histories, 4_000).index)
    of_a_card = [path for path in paths if any(map(own, read_one([path])))]
    assert len(of_a_card) > 1


def own(raw: bytes) -> bool:
    """Of the first card."""
    return raw[67:75] == bytes.fromhex("5353000900000000")


def raws(paths: list[Path]) -> list[bytes]:
    return [line.receipt.raw for line in lines_of(paths) if line.receipt]


def of_tables(paths: list[Path]) -> list[bytes]:
    return [raw for path in paths for raw in pq.read_table(path, columns=["receipt"])["receipt"].to_pylist()]


def test_a_table_has_the_baskets_of_its_debits(histories: Histories, tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    by_card(histories.batches(3_000), ParquetTable(path, texts(histories)))
    table = pq.read_table(path)
    goods = texts(histories)
    numbers = [basket for batch in histories.batches(3_000) for basket in batch.basket.tolist()]
    assert table["basket"].to_pylist() == [None if number < 0 else goods[number] for number in numbers]
    assert table["seq"].to_pylist() == [Receipt(raw).seq for raw in of_tables([path])]
