# SPDX-License-Identifier: Apache-2.0
"""docs/data-store.md: its queries run on a store as they stand, and say what the receipts say."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.audit.test_store import asked, cards, line_file, packed

from ssn_card.audit.rows import BATCH, Goods
from ssn_card.audit.store import Store, open_store
from ssn_card.receipts import Receipt

PAGE = (Path(__file__).parents[2] / "docs/data-store.md").read_text("utf-8")
RAWS = cards(20)
DEBITS = [Receipt(raw) for raw in RAWS if raw[64] == 1]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    packed(Path("STORE"), line_file(Path("a.jsonl"), RAWS), line_file(Path("b.jsonl"), RAWS[:3]))
    return open_store(Path("STORE"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.usefixtures("store")
def test_the_queries_for_duckdb_run() -> None:
    by_terminal, by_card, doubled = (asked(query) for query in blocks("sql"))
    all_debits = DEBITS + [Receipt(raw) for raw in RAWS[:3] if raw[64] == 1]
    assert by_terminal[0][2] == max(
        sum(one.amount for one in all_debits if one.terminal_id == terminal)
        for terminal in {one.terminal_id for one in all_debits}
    )
    assert by_card[0][2] == max(one.month_spent_after for one in DEBITS)
    assert [places for _, _, places in doubled] == [
        [(0, RAWS.index(raw) + 1), (1, RAWS.index(raw) + 1)]
        for raw in sorted(RAWS[:3], key=lambda raw: (raw[67:75], raw[:4]))
    ]


@pytest.mark.usefixtures("store")
def test_the_program_for_polars_runs() -> None:
    (program,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(program, "data-store.md", "exec"), names)  # noqa: S102
    total = names["by_month"]["amount"].sum()  # type: ignore[index]
    assert total == sum(one.amount for one in DEBITS) + sum(Receipt(raw).amount for raw in RAWS[:3] if raw[64] == 1)


def test_the_page_says_what_the_files_are(store: Store) -> None:
    (part,) = store.partitions
    parquet = pq.ParquetFile(part.path)
    told = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)))
    assert sorted(told) == sorted([*parquet.schema_arrow.names, "bucket"])
    assert f"up to {BATCH:,} rows |" in PAGE
    assert part.path.stem == part.part.sha256[:16]
    row_group = parquet.metadata.row_group(0)
    kept = {
        row_group.column(at).path_in_schema: row_group.column(at).compression for at in range(row_group.num_columns)
    }
    assert [name for name, how in kept.items() if how != "UNCOMPRESSED"] == ["basket"]
    assert kept["basket"] == "LZ4"
    said = re.search(r"what the basket said: (.*?) \|", PAGE)
    assert said is not None
    assert len(said[1].split(",")) == len(Goods)
    for number, words in enumerate(said[1].split(", ")):
        assert words.startswith(f"{number} ")
