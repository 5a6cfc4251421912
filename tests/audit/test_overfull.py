# SPDX-License-Identifier: Apache-2.0
"""A Parquet file that would fill the memory is refused before it is read; an ordinary one is never taken for that."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.readings import in_bulk
from tests.receipts.made import RICE, history

from ssn_card.audit.columns import SCHEMA, typed
from ssn_card.audit.errors import ColumnOfAnotherType, FileOverfull, FileTorn, NoReceiptColumn
from ssn_card.audit.sources import pages

ROWS = 100_000
LONG = 8 << 20  #: characters of a long text

Hostile = tuple[pa.Table, dict[str, Any]]


@cache
def receipts() -> pa.Array:
    """So many receipts. Made when a test asks: what a module holds, every worker holds that collects it."""
    return pa.array((history() * (ROWS // 12 + 1))[:ROWS], pa.binary(88))


ONE_PAGE = {"data_page_size": 1 << 30, "max_rows_per_page": 1 << 30}


def one_page() -> Hostile:
    return pa.table({"receipt": pa.concat_arrays([receipts()] * 3)}), ONE_PAGE


def one_page_of_nothing_pressed() -> Hostile:
    receipt = pa.array([bytes(88)] * ROWS * 3, pa.binary(88))
    return pa.table({"receipt": receipt}), ONE_PAGE | {"compression": "zstd"}


def one_text_for_all() -> Hostile:
    basket = pa.DictionaryArray.from_arrays([0] * 40_000, ["x" * LONG])
    options = {"dictionary_pagesize_limit": 1 << 30, "use_dictionary": ["basket"]}
    return pa.table({"receipt": receipts()[:40_000], "basket": basket}), options


def long_texts() -> Hostile:
    basket = ["x" * (LONG - place) for place in range(40)]
    return pa.table({"receipt": receipts()[:40], "basket": basket}), {"use_dictionary": False, "data_page_size": 1}


def one_long_text() -> Hostile:
    return pa.table({"receipt": receipts()[:1], "basket": ["x" * LONG * 3]}), {"use_dictionary": False}


def a_long_receipt() -> Hostile:
    return pa.table({"receipt": ["x" * LONG * 3]}), {"use_dictionary": False}


HOSTILE = (one_page, one_page_of_nothing_pressed, one_text_for_all, long_texts, one_long_text, a_long_receipt)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.__name__)
def test_what_would_fill_the_memory_is_one_error(tmp_path: Path, hostile: Callable[[], Hostile]) -> None:
    table, options = hostile()
    path = tmp_path / "hostile.parquet"
    pq.write_table(table, path, row_group_size=1 << 30, **({"use_dictionary": False} | options))
    with pytest.raises(FileOverfull) as caught:
        in_bulk(path)
    assert caught.value.where == str(path)
    assert ("basket" if "text" in hostile.__name__ else "receipt") in caught.value.text.en
    assert caught.value.text.en != caught.value.text.id


def whole() -> pa.Table:
    raw = np.frombuffer(b"".join(receipts()[:50_000].to_pylist()), np.uint8).reshape(-1, 88)
    baskets = pa.array([RICE.as_json() if place % 3 else None for place in range(50_000)])
    return pa.table(
        {"receipt": receipts()[:50_000], "basket": baskets} | dict(zip(SCHEMA.names, typed(raw), strict=True))
    )


OPTIONS = [
    {},
    {"use_dictionary": False, "compression": "zstd", "row_group_size": 7_000},
    {"data_page_version": "2.0", "compression": "gzip", "write_page_checksum": True},
    {"data_page_size": 3_000, "write_page_index": True, "compression": "none", "write_statistics": False},
    {"compression": "lz4", "max_rows_per_page": 11, "row_group_size": 1_000},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_page_of_an_ordinary_file_is_seen(tmp_path: Path, options: dict[str, Any]) -> None:
    path = tmp_path / "ordinary.parquet"
    table = whole()
    pq.write_table(table, path, **options)
    hold_pages(path)
    assert len(in_bulk(path)) == len(table)


@pytest.mark.parametrize("dictionary", [True, False])
def test_a_table_without_rows_is_empty_and_not_torn(tmp_path: Path, dictionary: bool) -> None:
    """A shop that sold nothing: Arrow writes a row group of no rows, whose data pages are nowhere."""
    for kind in (pa.binary(), pa.binary(88)):
        path = tmp_path / "nothing.parquet"
        pq.write_table(pa.table({"receipt": pa.array([], kind)}), path, use_dictionary=dictionary)
        assert pq.ParquetFile(path).metadata.num_row_groups == 1
        assert in_bulk(path) == []


def test_pages_of_other_writers_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "polars.parquet"
    pl.from_arrow(whole()).write_parquet(path)  # type: ignore[union-attr]
    hold_pages(path)
    assert len(in_bulk(path)) == 50_000


def hold_pages(path: Path) -> None:
    """The pages of each chunk hold what the chunk says it holds."""
    with path.open("rb") as file:
        metadata = pq.read_metadata(file)
        pages.check_pages("any", file, metadata, metadata.schema.names)
        for group in range(metadata.num_row_groups):
            for place in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(place)
                found = list(pages._pages(file, chunk))
                assert sum(page.values for page in found) == chunk.num_values
                assert sum(page.size for page in found) >= chunk.total_uncompressed_size * 0.9 - 250 * len(found)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(4, 3_000), new=st.binary(min_size=1, max_size=8))
def test_damage_is_an_error_of_ours_or_costs_receipts_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes
) -> None:
    buffer = io.BytesIO()
    table = pa.table({"receipt": receipts()[:12], "basket": [RICE.as_json()] * 12, "seq": list(range(1, 13))})
    pq.write_table(table, buffer, compression="snappy")
    data = bytearray(buffer.getvalue())
    at = min(at, len(data) - 13)  # behind it are the length of the end and the mark
    data[at : at + len(new)] = new
    path = tmp_path_factory.mktemp("damaged") / "damaged.parquet"
    path.write_bytes(data)
    with suppress(FileTorn, FileOverfull, NoReceiptColumn, ColumnOfAnotherType):
        assert len(in_bulk(path)) <= 12


@pytest.mark.parametrize("column", ["basket", "serial"])
def test_a_number_of_which_there_is_no_value_is_damage(column: str, tmp_path: Path) -> None:
    path = tmp_path / "damaged.parquet"
    values = {"basket": [RICE.as_json()] * 12, "serial": ["0102030405060708"] * 12}
    pq.write_table(pa.table({"receipt": receipts()[:12], column: values[column]}), path, compression="none")
    data, numbers = path.read_bytes(), b"\x01\x18\x00"  # of one bit: a run of twelve, all the first
    assert data.count(numbers) == 1
    path.write_bytes(data.replace(numbers, b"\x01\x18\x01"))
    with pytest.raises(FileTorn):
        in_bulk(path)


def test_a_column_whose_name_is_no_text_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "damaged.parquet"
    pq.write_table(pa.table({"receipt": receipts()[:12], "seq": list(range(1, 13))}), path)
    path.write_bytes(path.read_bytes().replace(b"seq", b"\x80eq"))
    with pytest.raises(FileTorn):
        in_bulk(path)
