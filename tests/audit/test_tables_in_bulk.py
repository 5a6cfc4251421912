# SPDX-License-Identifier: Apache-2.0
"""CSV and Parquet: the same receipts read the same, in whatever types; what is none is one clear error or finding."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.readings import Reading, in_bulk, of_judge
from tests.receipts.made import RICE, history

from ssn_card.audit.columns import SCHEMA, typed
from ssn_card.audit.errors import ColumnOfAnotherType, FileTorn, NoReceiptColumn, NotSeekable
from ssn_card.audit.rows import Goods
from ssn_card.audit.sources import csv as csv_module
from ssn_card.audit.sources import find_sources, read
from ssn_card.receipts import Receipt, line_of
from ssn_card.receipts.errors import NoReceipts, ReceiptsUnreadable
from ssn_card.receipts.findings import Finding, Problem

RAWS = history()
BASKETS = [RICE.as_json() if number == 2 else None for number in range(len(RAWS))]
RAW = np.frombuffer(b"".join(RAWS), np.uint8).reshape(-1, 88)


def judged(tmp_path: Path) -> list[Reading]:
    """The history, as the judge reads it of JSON Lines."""
    path = tmp_path / "same.jsonl"
    lines = (line_of(Receipt(raw), RICE if basket else None) for raw, basket in zip(RAWS, BASKETS, strict=True))
    path.write_text("".join(f"{line}\n" for line in lines))
    return of_judge(path)


def findings(path: Path) -> list[Finding]:
    """All that the reader has to say."""
    (source,) = find_sources([path]).files
    return [one for batch in read(source, 0) for one in (*batch.unreadable, *batch.others)]


FORMS: dict[str, Callable[[], pa.Array]] = {
    "fixed": lambda: pa.array(RAWS, pa.binary(88)),
    "binary": lambda: pa.array(RAWS, pa.binary()),
    "large_binary": lambda: pa.array(RAWS, pa.large_binary()),
    "binary_view": lambda: pa.array(RAWS, pa.binary_view()),
    "hex": lambda: pa.array([raw.hex() for raw in RAWS], pa.string()),
    "capitals": lambda: pa.array([raw.hex().upper() for raw in RAWS], pa.large_string()),
    "spaced": lambda: pa.array([raw.hex(" ") for raw in RAWS], pa.string_view()),
    "numbered": lambda: pa.array([raw.hex() for raw in RAWS]).dictionary_encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.binary(), pa.string_view()], ids=str)
def test_parquet_reads_as_json_lines_do(tmp_path: Path, form: str, text: pa.DataType) -> None:
    path = tmp_path / "RECEIPTS.PARQUET"
    table = pa.table({"x": range(len(RAWS)), "basket": pa.array(BASKETS, text), "receipt": FORMS[form]()})
    pq.write_table(table, path, row_group_size=5)
    assert in_bulk(path) == judged(tmp_path)
    assert not findings(path)


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_csv_reads_as_json_lines_do(tmp_path: Path, delimiter: str, end: str, bom: str) -> None:
    path = tmp_path / "receipts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(bom)
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
        writer.writerow(["shop", "receipt", "basket"])
        writer.writerows(["Toko Ü", raw.hex(), basket] for raw, basket in zip(RAWS, BASKETS, strict=True))
    assert [one._replace(line=one.line - 1) for one in in_bulk(path)] == judged(tmp_path)


_CELLS = st.sampled_from(
    [RAWS[0].hex(), RAWS[2].hex().upper(), f'"{RAWS[2].hex()}"', RICE.as_json(), '"[[""BERAS"",10,162000]]"',
     "", '""', '"', "a\rb", " ", RAWS[3].hex()[:-1], "null", "ü", '"x"y', "a\"b"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.tuples(st.lists(_CELLS, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"])), max_size=6))
def test_any_csv_reads_alike_by_arrow_and_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[list[str], str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_text("receipt,basket\n" + "".join(",".join(cells) + end for cells, end in rows), newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_module, "HEX_DIGITS", 0)  # Arrow tries everything
        by_arrow = in_bulk(path)
        patch.setattr(csv_module._Reader, "_by_arrow", lambda reader, lines: None)
        assert by_arrow == in_bulk(path)
    lines = [one.line for one in by_arrow]
    assert lines == sorted(set(lines))
    text = path.read_bytes().split(b"\n")
    assert set(lines) == {number for number, line in enumerate(text, 1) if number > 1 and line.strip()}


def test_what_is_no_receipt_costs_itself_alone(tmp_path: Path) -> None:
    receipts = [RAWS[0], None, RAWS[1][:-1], b"", RAWS[2]]
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"receipt": pa.array(receipts, pa.binary()), "basket": [None, "x", "", "[]", "7"]}), path)
    assert [(one.line, one.goods, one.fault) for one in in_bulk(path)] == [
        (1, Goods.NONE, None), (2, Goods.NONE, "receipt"), (3, Goods.NONE, "receipt"), (4, Goods.NONE, "receipt"),
        (5, Goods.BASKET, None),
    ]  # fmt: skip
    assert {(one.problem, one.file) for one in findings(path)} == {(Problem.UNREADABLE, str(path))}


def test_a_row_of_csv_that_is_broken_costs_itself_alone(tmp_path: Path) -> None:
    good = RAWS[0].hex()
    path = tmp_path / "some.csv"
    rows = ["receipt,basket", f"{good},", f'"{good},', good, "", f"{good},,", f'{good},"x', f"{good[2:]},", "\xff,"]
    path.write_bytes("\n".join([*rows, f"{good},"]).encode("latin-1"))
    assert [(one.line, one.fault) for one in in_bulk(path)] == [
        (2, None), (3, "csv"), (4, "csv"), (6, "csv"), (7, "csv"), (8, "receipt"), (9, "csv"), (10, None)
    ]  # fmt: skip


def written(path: Path, **columns: pa.Array) -> Path:
    """A Parquet file, or CSV by its name."""
    table = pa.table(columns)
    if path.suffix.lower() == ".parquet":
        pq.write_table(table, path)
    else:
        pa.csv.write_csv(table, path)
    return path


def test_typed_columns_are_compared(tmp_path: Path) -> None:
    columns = dict(zip(SCHEMA.names, typed(RAW), strict=True))
    path = written(tmp_path / "typed.parquet", receipt=pa.array(RAWS), **columns)
    assert not findings(path)
    amounts = columns["amount"].to_pylist()
    amounts[2] += 1
    columns["amount"] = pa.array(amounts, pa.int64())
    path = written(tmp_path / "typed.parquet", receipt=pa.array(RAWS), **columns)
    (finding,) = findings(path)
    serial, seq = Receipt(RAWS[2]).serial, Receipt(RAWS[2]).seq
    assert finding == Finding(Problem.COLUMNS, 3, "amount", serial, seq, file=str(path))


@pytest.mark.parametrize(
    ("name", "columns", "said"),
    [
        ("a.parquet", {"kuitansi": pa.array(RAWS)}, NoReceiptColumn),
        ("a.csv", {"kuitansi": pa.array(["1"])}, NoReceiptColumn),
        ("a.parquet", {"receipt": pa.array(RAWS, pa.list_(pa.uint8()))}, ColumnOfAnotherType),
        ("a.parquet", {"receipt": pa.array([raw[:87] for raw in RAWS], pa.binary(87))}, ColumnOfAnotherType),
        ("a.parquet", {"receipt": pa.array(RAWS), "basket": pa.array([1] * 12)}, ColumnOfAnotherType),
        ("a.parquet", {"receipt": pa.array(RAWS), "seq": pa.array([[1]] * 12)}, ColumnOfAnotherType),
        (
            "a.parquet",
            {"receipt": pa.array(RAWS), "timestamp": pa.array([0] * 12, pa.timestamp("s", "UTC"))},
            ColumnOfAnotherType,
        ),
    ],
)
def test_another_schema_is_one_error_that_names_the_file(
    tmp_path: Path, name: str, columns: dict[str, pa.Array], said: type[ReceiptsUnreadable]
) -> None:
    path = written(tmp_path / name, **columns)
    with pytest.raises(said) as caught:
        in_bulk(path)
    assert caught.value.where == str(path)
    assert caught.value.text.en != caught.value.text.id


def test_a_column_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(f"receipt,receipt\n{RAWS[0].hex()},{RAWS[1].hex()}\n")
    with pytest.raises(NoReceiptColumn):
        in_bulk(path)


def test_a_torn_file_is_an_error_wherever_it_breaks_off(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.parquet", receipt=pa.array(RAWS * 400, pa.binary(88))).read_bytes()
    torn = tmp_path / "torn.parquet"
    for size in (0, 1, 4, 8, len(whole) // 2, len(whole) - 4, len(whole) - 1):
        torn.write_bytes(whole[:size])
        with pytest.raises(FileTorn) as caught:
            in_bulk(torn)
        assert caught.value.where == str(torn)


def test_bytes_that_are_damaged_are_an_error_that_names_the_row(tmp_path: Path) -> None:
    random = np.random.default_rng(5).integers(0, 256, (100_000, 88), np.uint8)
    path = tmp_path / "damaged.parquet"
    receipts = pa.array([row.tobytes() for row in random], pa.binary(88))
    pq.write_table(pa.table({"receipt": receipts}), path, row_group_size=50_000, write_page_checksum=True)
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 4 : len(data) * 3 // 4 + 1000] = bytes(1000)
    path.write_bytes(data)
    with pytest.raises(FileTorn) as caught:
        in_bulk(path)
    assert caught.value.row >= 1 << 15


def test_a_pipe_is_read_as_what_it_holds_and_parquet_cannot(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def read_from_pipe(data: bytes) -> list[Reading]:
        writer = threading.Thread(target=pipe.write_bytes, args=(data,))
        writer.start()
        try:
            return in_bulk(pipe)
        finally:
            writer.join()

    lines = "".join(f"{line_of(Receipt(raw))}\n" for raw in RAWS).encode()
    assert len(read_from_pipe(lines)) == 12
    assert len(read_from_pipe(b"receipt\n" + "\n".join(raw.hex() for raw in RAWS).encode())) == 12
    with pytest.raises(NotSeekable):
        read_from_pipe(written(tmp_path / "a.parquet", receipt=pa.array(RAWS)).read_bytes())


def test_folders_hold_files_of_every_kind(tmp_path: Path) -> None:
    written(tmp_path / "A.PARQUET", receipt=pa.array(RAWS))
    (tmp_path / "b.CSV").write_text("receipt\n")
    (tmp_path / "c.jsonl").write_text("")
    (tmp_path / "readme.txt").write_text("")
    found = find_sources([tmp_path, tmp_path / "b.CSV"])
    assert [one.path.name for one in found.files] == ["A.PARQUET", "b.CSV", "c.jsonl"]
    assert [path.name for path in found.passed_over] == ["readme.txt"]
    assert [len(in_bulk(one.path)) for one in found.files] == [12, 0, 0]


def test_a_folder_without_receipts_and_a_file_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoReceipts) as caught:
        find_sources([tmp_path / "empty"])
    assert "*.parquet" in str(caught.value.where)
    with pytest.raises(ReceiptsUnreadable):
        find_sources([tmp_path / "not there.parquet"])


def test_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", receipt=pa.array(RAWS)).rename(tmp_path / "receipts.jsonl")
    assert len(in_bulk(path)) == 12
    path.write_text(f"receipt\n{RAWS[0].hex()}\n")
    assert [one.raw for one in in_bulk(path)] == [RAWS[0]]


def test_progress_comes_to_the_whole(tmp_path: Path) -> None:
    for path in (
        written(tmp_path / "a.parquet", receipt=pa.array(RAWS * 5000)),
        written(tmp_path / "a.csv", receipt=pa.array([raw.hex() for raw in RAWS * 5000])),
    ):
        (source,) = find_sources([path]).files
        told: list[int] = []
        assert sum(batch.read for batch in read(source, 0, told.append)) == 60_000
        assert sum(told) == source.size == path.stat().st_size
        assert len(told) > 1
