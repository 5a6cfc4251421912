# SPDX-License-Identifier: Apache-2.0
"""Row groups that are compared where they lie in the file: what is said of them is what Arrow's reading says, whatever
was altered in them; and what is as we write it needs no other reading."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.audit.test_columns import another
from tests.audit.test_store import STORED, cards
from tests.receipts.histories import Player

from ssn_card.audit.agreement import differing
from ssn_card.audit.records import RECORD, Held, fill, order_of
from ssn_card.audit.rows import BATCH, Rows
from ssn_card.audit.store.form import batch_of, writer_of
from ssn_card.audit.store.plain import PlainFile

pytest.importorskip("numba")
RAWS = [*cards(40), *(raw for seed in range(30) for raw in Player(Random(seed)).play(60).receipts)]


def batch(raws: list[bytes]) -> pa.RecordBatch:
    """Rows as a store has them."""
    raw = np.frombuffer(b"".join(raws), np.uint8).reshape(-1, 88)
    rows = Rows(raw, np.zeros(len(raw), np.int32), np.arange(1, len(raw) + 1), np.full(len(raw), 3, np.uint8))
    records = np.empty(len(raw), RECORD)
    fill(records, rows, None)
    return batch_of(Held(records).taken(order_of(records)))


def written(path: Path, *batches: pa.RecordBatch) -> Path:
    with writer_of(path) as writer:
        for one in batches:
            writer.write_batch(one)
    return path


def plain_rows(path: Path, *, compare: bool = True) -> list[Rows | None]:
    """Every group's."""
    with path.open("rb") as file, pq.ParquetFile(file) as parquet:
        groups = [parquet.metadata.row_group(place) for place in range(parquet.num_row_groups)]
        found = [PlainFile(file).rows(group, compare=compare) for group in groups]
    for one in filter(None, found):
        serial = [raw[67:75].tobytes() for raw in one[0].raw]
        assert one[1].tolist() == [at for at in range(len(serial)) if not at or serial[at] != serial[at - 1]]
    return [one and one[0] for one in found]


WHOLE = batch(RAWS)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 100, 1000])
def test_what_we_write_is_taken_where_it_lies(tmp_path: Path, count: int) -> None:
    parts = [batch(RAWS[:count]), batch(RAWS[count : 2 * count])]
    for rows, part in zip(plain_rows(written(tmp_path / "a.parquet", *parts)), parts, strict=True):
        assert rows is not None
        assert rows.raw.tobytes() == b"".join(part["receipt"].to_pylist())
        for name in ("file", "line", "goods"):
            assert getattr(rows, name).tolist() == part[name].to_pylist()


def test_the_largest_row_group_is_taken_where_it_lies(tmp_path: Path) -> None:
    whole = batch((RAWS * (BATCH // len(RAWS) + 1))[:BATCH])
    (rows,) = plain_rows(written(tmp_path / "a.parquet", whole))
    assert rows is not None
    assert len(rows.raw) == BATCH


@pytest.mark.parametrize("kind", [0, 5, 255])
def test_receipts_that_no_card_writes_are_no_disagreement(tmp_path: Path, kind: int) -> None:
    odd = RAWS[0][:64] + bytes((kind,)) + RAWS[0][65:]
    for rows in plain_rows(written(tmp_path / "a.parquet", batch([*RAWS[:50], odd]))):
        assert rows is not None


@pytest.mark.parametrize("name", STORED)
@pytest.mark.parametrize("what", ["value", "null", "moved"])
def test_a_column_that_says_something_else_is_seen(tmp_path: Path, name: str, what: str) -> None:
    place = WHOLE.schema.get_field_index(name)
    values = WHOLE[name].to_pylist()
    some = [at for at, value in enumerate(values) if value is not None]
    for at in (some[0], some[len(some) // 2], some[-1]):
        changed = list(values)
        if what == "value":
            changed[at] = another(values[at])
        elif not WHOLE.schema.field(name).nullable:
            return
        elif what == "null":
            changed[at] = None
        else:  # as many values, but elsewhere
            null = next((one for one in range(len(values)) if values[one] is None), None)
            if null is None:
                return
            changed[null], changed[at] = changed[at], None
        columns = list(WHOLE.columns)
        columns[place] = pa.array(changed, WHOLE.schema.field(name).type)
        part = pa.RecordBatch.from_arrays(columns, schema=WHOLE.schema)
        path = written(tmp_path / "a.parquet", part)
        assert plain_rows(path) == [None]
        assert plain_rows(path, compare=False) != [None]


_HEADER = 20  #: bytes of the shortest header
FEW = batch([*RAWS[:30], *RAWS[-120:]])


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("few") / "a.parquet", FEW)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=3))
def test_whatever_bytes_are_altered_agreement_is_arrows_too(
    few: Path, tmp_path: Path, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(few.read_bytes())
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    for where, change in changes:
        data[4 + int(where * (footer - 4))] ^= change
    path = tmp_path / "b.parquet"
    path.write_bytes(data)
    (rows,) = plain_rows(path)
    if rows is None:
        return
    table = pq.read_table(path, columns=["receipt", "file", "line", "goods", *STORED], partitioning=None)
    assert rows.raw.tobytes() == b"".join(table["receipt"].to_pylist())
    for name in ("file", "line", "goods"):
        assert getattr(rows, name).tolist() == table[name].to_pylist()
    columns = {name: table[name].combine_chunks() for name in STORED}
    assert not list(differing(rows.raw, columns))


def test_every_single_bit_of_headers_and_levels_matters(few: Path, tmp_path: Path) -> None:
    """And of the first values, or of which rows have one."""
    path = tmp_path / "b.parquet"
    path.write_bytes(few.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    with path.open("r+b") as file:
        plain = PlainFile(file)
        for chunk in columns:
            length = _HEADER + 6 * (chunk.path_in_schema in STORED)
            for at in range(chunk.data_page_offset, chunk.data_page_offset + length):
                if chunk.path_in_schema == "basket":
                    continue
                (byte,) = os.pread(file.fileno(), 1, at)
                for bit in range(8):
                    os.pwrite(file.fileno(), bytes((byte ^ 1 << bit,)), at)
                    here = chunk.path_in_schema, at - chunk.data_page_offset, bit
                    assert plain.rows(group, compare=True) is None, here
                os.pwrite(file.fileno(), bytes((byte,)), at)
        assert plain.rows(group, compare=True) is not None
