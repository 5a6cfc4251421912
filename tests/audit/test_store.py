# SPDX-License-Identifier: Apache-2.0
"""A store gives back every row that went in, once, in order; packing is incremental, and whole or not at all."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.receipts.made import RICE, history

from ssn_card.audit.cards import Giant
from ssn_card.audit.columns import SCHEMA, typed
from ssn_card.audit.errors import NotAStore, StoreBusy, StoreDamaged
from ssn_card.audit.rows import BATCH, Goods
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import PackStage, Result, Store, is_store, open_store, pack
from ssn_card.receipts import Receipt, line_of
from ssn_card.receipts.errors import NoReceipts, ReceiptsUnreadable
from ssn_card.receipts.findings import Problem

pack_module = sys.modules["ssn_card.audit.store.pack"]
HISTORY = history()
Row = tuple[bytes, str, int, int, str | None]  #: receipt, file, line, goods, basket


def cards(count: int, seed: int = 0) -> list[bytes]:
    """Receipts of many cards, in any order; their MACs are wrong, which no store asks about."""
    serials = (b"SS" + bytes(2) + number.to_bytes(4, "big") for number in range(seed * 10_000, seed * 10_000 + count))
    raws = [raw[:67] + serial + raw[75:] for serial in serials for raw in HISTORY]
    Random(seed).shuffle(raws)
    return raws


def line_file(path: Path, raws: list[bytes], more: str = "") -> Path:
    """JSON Lines, where debits of rice have their baskets."""
    lines = (line_of(Receipt(raw), RICE if raw[24:40] == RICE.digest() else None) for raw in raws)
    path.write_text("".join(f"{line}\n" for line in lines) + more)
    return path


def packed(folder: Path, *paths: Path) -> Result:
    return pack(find_sources(paths), folder)


def rows_in(store: Store) -> list[Row]:
    """All rows; holds the store to its order."""
    rows: list[Row] = []
    for partition in store.partitions:
        here: list[tuple[bytes, bytes, Row]] = []
        for held in partition.held():
            texts = held.texts.to_pylist() if held.texts is not None else []
            one = held.rows()
            for raw, *place, text in zip(one.raw, *(value.tolist() for value in one[1:]), texts, strict=True):
                data, (file, line, goods) = raw.tobytes(), place
                row = (data, store.names[file], line, goods, text and text.decode())
                here.append((data[67:75], data[:4], row))
        assert [key[:2] for key in here] == sorted(key[:2] for key in here)
        assert len(here) == partition.rows
        rows += [row for _, _, row in here]
    serials = [{row[0][67:75] for row in rows_of(partition)} for partition in store.partitions]
    assert sum(map(len, serials)) == len(set().union(*serials))
    return rows


def rows_of(partition: object) -> list[tuple[bytes]]:
    return [(raw.tobytes(),) for batch in partition.batches(compare=False) for raw in batch.rows.raw]  # type: ignore[attr-defined]


def expected(path: Path) -> list[Row]:
    """What a file of lines holds, by Python's own JSON."""
    rows: list[Row] = []
    for number, text in enumerate(path.read_text().splitlines(), 1):
        try:
            data = json.loads(text)
        except ValueError:
            continue
        raw = bytes.fromhex(data["receipt"])
        basket = json.dumps(data["basket"], separators=(",", ":")) if "basket" in data else None
        fits = Goods.FITS if basket and raw[64] == 1 else Goods.NONE
        rows.append((raw, str(path), number, fits, basket))
    return rows


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions of few rows."""
    monkeypatch.setattr(pack_module, "BUCKET", 100)
    monkeypatch.setattr(pack_module, "_SORTED", 10_000)


@pytest.mark.usefixtures("small")
def test_what_went_in_comes_back_in_order(tmp_path: Path) -> None:
    first = line_file(tmp_path / "a.jsonl", cards(40), "no receipt\n\n")
    second = line_file(tmp_path / "b.jsonl", cards(10) + cards(10, 1))
    result = packed(tmp_path / "store", first, second)
    store = open_store(tmp_path / "store")
    assert sorted(rows_in(store), key=repr) == sorted(expected(first) + expected(second), key=repr)
    assert [(one.rows, one.unreadable) for one in store.sources] == [(480, 1), (240, 0)]
    assert result.rows == store.rows == 720
    assert store.manifest.buckets == 8
    (remark,) = store.remarks()
    assert (remark.problem, remark.file, remark.line, remark.field) == (Problem.UNREADABLE, str(first), 481, "json")
    store.check()


def test_whole_cards_come_at_once(tmp_path: Path) -> None:
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", cards(30)))
    seen: list[bytes] = []
    for partition in open_store(tmp_path / "store").partitions:
        for one in partition.cards():
            assert not isinstance(one, Giant)
            seen += {raw.tobytes()[67:75] for raw in one.rows.raw}
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.usefixtures("small")
def test_packing_is_incremental_and_idempotent(tmp_path: Path) -> None:
    store = tmp_path / "store"
    files = [line_file(tmp_path / f"{seed}.jsonl", cards(20, seed)) for seed in range(6)]
    packed(store, files[0])
    before = {part.path for part in open_store(store).manifest.parts}
    copy = shutil.copy(files[0], tmp_path / "copy.jsonl")
    assert packed(store, files[0], Path(copy)).known == (str(files[0]), str(copy))
    assert {part.path for part in open_store(store).manifest.parts} == before
    for number, file in enumerate(files[1:], 2):
        result = packed(store, *files[:number])
        assert [one.name for one in result.packed] == [str(file)]
        assert len(result.known) == number - 1
    at_once = tmp_path / "at once"
    packed(at_once, *files)
    one, other = open_store(store), open_store(at_once)
    assert sorted(rows_in(one), key=repr) == sorted(rows_in(other), key=repr)
    assert other.manifest.buckets == 16
    assert on_disk(store) == {part.path for part in one.manifest.files()}


def test_only_the_partitions_of_new_cards_are_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_module, "BUCKET", 100)
    store = tmp_path / "store"
    packed(store, line_file(tmp_path / "a.jsonl", cards(60)))
    before = {part.bucket: part for part in open_store(store).manifest.parts}
    packed(store, line_file(tmp_path / "b.jsonl", cards(1, 1)))
    after = {part.bucket: part for part in open_store(store).manifest.parts}
    changed = [bucket for bucket in after if after[bucket] != before.get(bucket)]
    assert len(changed) == 1
    assert len(after) == 8


def on_disk(store: Path) -> set[str]:
    return {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()} - {"manifest.json", ".lock"}


def test_a_giant_card_is_packed_and_read_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ssn_card.audit import cards as cards_module

    monkeypatch.setattr(cards_module, "GIANT", 100)
    monkeypatch.setattr(pack_module, "_SORTED", 10_000)
    raws = [number.to_bytes(4, "big") + HISTORY[2][4:] for number in range(1000)] + cards(20)
    Random(1).shuffle(raws)
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", raws))
    store = open_store(tmp_path / "store")
    assert len(rows_in(store)) == len(raws)
    giants = [
        [row.tobytes() for batch in one.parts for row in batch.rows.raw]
        for partition in store.partitions
        for one in partition.cards()
        if isinstance(one, Giant)
    ]
    assert giants == [sorted(raw for raw in raws if raw[67:75] == HISTORY[0][67:75])]


def test_parquet_and_csv_are_packed_with_what_their_columns_say(tmp_path: Path) -> None:
    raw = np.frombuffer(b"".join(HISTORY), np.uint8).reshape(-1, 88)
    columns = dict(zip(SCHEMA.names, typed(raw), strict=True)) | {"seq": pa.array([1] * 12)}
    pq.write_table(pa.table({"receipt": HISTORY, **columns}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("receipt\n" + "".join(f"{one.hex()}\n" for one in cards(1, 4)))
    packed(tmp_path / "store", tmp_path / "a.parquet", tmp_path / "b.csv")
    store = open_store(tmp_path / "store")
    assert store.rows == 24
    remarks = list(store.remarks())
    assert {(one.problem, one.field, one.file) for one in remarks} == {
        (Problem.COLUMNS, "seq", str(tmp_path / "a.parquet"))
    }
    assert [one.line for one in remarks] == list(range(2, 13))
    assert remarks[0].serial == HISTORY[0][67:75]
    assert not [one for part in store.partitions for batch in part.batches() for one in batch.others]


def test_a_basket_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line_of(Receipt(HISTORY[2]))[:-1] + ',"basket":[7]}\n')
    packed(tmp_path / "store", path)
    assert rows_in(open_store(tmp_path / "store")) == [(HISTORY[2], str(path), 1, Goods.BASKET, "[7]")]


def test_bytes_that_are_no_text_are_kept_as_far_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"receipt": HISTORY[2:4], "basket": [b"\xff[", None]}), path)
    packed(tmp_path / "store", path)
    assert [row[3:] for row in rows_in(open_store(tmp_path / "store"))] == [
        (Goods.BASKET, "\ufffd["),
        (Goods.NONE, None),
    ]


STORED = [
    "seq", "amount", "categories", "timestamp", "terminal_id", "terminal_txn", "balance_after", "month_spent_after",
    "update_seq", "granted_total", "type", "serial", "month", "pin_state", "companion_id", "issued_on",
]  # fmt: skip


def test_a_store_holds_what_is_asked_of_receipts(tmp_path: Path) -> None:
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", cards(2)))
    (part,) = open_store(tmp_path / "store").partitions
    table = pq.read_table(part.path, partitioning=None)
    assert table.schema.names == ["receipt", "file", "line", "goods", "basket", *STORED]
    raw = np.frombuffer(b"".join(table["receipt"].to_pylist()), np.uint8).reshape(-1, 88)
    columns = dict(zip(SCHEMA.names, typed(raw), strict=True))
    for name in STORED:
        assert table[name].to_pylist() == columns[name].to_pylist()


@pytest.mark.parametrize("name", STORED)
@pytest.mark.parametrize("count", [2, 400])  # some are compared by numpy, many by compiled code
def test_typed_columns_that_were_altered_in_the_store_are_found(tmp_path: Path, name: str, count: int) -> None:
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", cards(count)))
    (part,) = open_store(tmp_path / "store").partitions
    table = pq.read_table(part.path, partitioning=None)
    column = table[name].combine_chunks()
    values = column.to_pylist()
    some, *others = dict.fromkeys(value for value in values if value is not None)
    values[5] = some if values[5] is None else next((one for one in others if one != values[5]), None)
    place = table.schema.get_field_index(name)
    table = table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))
    pq.write_table(table, part.path, row_group_size=BATCH)
    found = [one for batch in part.batches() for one in batch.others]
    assert [(one.problem, one.field) for one in found] == [(Problem.COLUMNS, name)]
    assert found[0].file == str(tmp_path / "a.jsonl")
    with pytest.raises(StoreDamaged):
        part.check()


def asked(query: str) -> list[tuple[Any, ...]]:
    """Rows of DuckDB's answer."""
    answer = duckdb.sql(query)
    assert answer is not None
    return answer.fetchall()


def test_duckdb_reads_it_as_it_is(tmp_path: Path) -> None:
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", cards(30)))
    table = f"read_parquet('{tmp_path}/store/receipts/*/*.parquet')"
    spent, first, serial = asked(
        f"SELECT sum(amount), min(timestamp), any_value(serial ORDER BY serial) FROM {table} WHERE type = 1"  # noqa: S608
    )[0]
    debits = [Receipt(raw) for raw in cards(30) if raw[64] == 1]
    assert spent == sum(one.amount for one in debits)
    assert first == min(one.timestamp for one in debits)
    assert serial == min(one.serial for one in debits).hex()
    assert asked(f"SELECT count(DISTINCT receipt) FROM {table}") == [(360,)]  # noqa: S608
    assert asked(f"SELECT month, sum(amount) FROM {table} WHERE type = 1 GROUP BY ALL ORDER BY ALL")  # noqa: S608


def test_polars_reads_it_as_it_is(tmp_path: Path) -> None:
    packed(tmp_path / "store", line_file(tmp_path / "a.jsonl", cards(30)))
    frame = pl.scan_parquet(tmp_path / "store" / "receipts")
    spent = frame.filter(pl.col("type") == 1).select(pl.col("amount").sum()).collect().item()
    assert spent == sum(Receipt(raw).amount for raw in cards(30) if raw[64] == 1)
    assert set(frame.select("receipt").collect()["receipt"]) == set(cards(30))
    assert frame.collect_schema()["timestamp"] == pl.Datetime("ms")


@pytest.mark.parametrize("what", ["file", "folder", "version", "json"])
def test_a_folder_that_is_no_store_is_left_as_it_is(tmp_path: Path, what: str) -> None:
    source = line_file(tmp_path / "a.jsonl", cards(1))
    place = tmp_path / "place"
    if what == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "notes.txt").write_text("mine")
    if what == "version":
        (place / "manifest.json").write_text('{"schema":"ssn-card/receipt-store/9"}')
    if what == "json":
        (place / "manifest.json").write_text('{"schema":"ssn-card/receipt-store/1"')
    with pytest.raises(StoreDamaged if what == "json" else NotAStore) as caught:
        packed(place, source)
    assert str(place) in str(caught.value.where)
    assert (place if what == "file" else place / "notes.txt").read_text() == "mine"
    with pytest.raises(StoreDamaged if what == "json" else NotAStore):
        open_store(place)


def test_a_store_is_no_folder_of_loose_files(tmp_path: Path) -> None:
    packed(tmp_path / "in" / "store", line_file(tmp_path / "a.jsonl", cards(1)))
    line_file(tmp_path / "in" / "b.jsonl", cards(1, 2))
    found = find_sources([tmp_path / "in"])
    assert [one.path.name for one in found.files] == ["b.jsonl", "store"]
    assert is_store(tmp_path / "in" / "store")
    with pytest.raises(ReceiptsUnreadable, match="store"):
        pack(found, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_source_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    good, bad = line_file(tmp_path / "a.jsonl", cards(3)), tmp_path / "b.parquet"
    bad.write_bytes(b"PAR1 torn")
    with pytest.raises(ReceiptsUnreadable):
        packed(tmp_path / "new", good, bad)
    assert not (tmp_path / "new").exists()
    store = tmp_path / "store"
    packed(store, good)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    with pytest.raises(ReceiptsUnreadable):
        packed(store, line_file(tmp_path / "c.jsonl", cards(2, 1), "x\n"), bad)
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_nothing_to_pack_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(NoReceipts):
        packed(tmp_path / "store", tmp_path / "empty.jsonl")
    with pytest.raises(NotAStore):
        open_store(tmp_path / "store")


def test_one_process_at_a_time(tmp_path: Path) -> None:
    store = tmp_path / "store"
    source = line_file(tmp_path / "a.jsonl", cards(1))
    packed(store, source)
    with (store / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy):
            packed(store, line_file(tmp_path / "b.jsonl", cards(1, 1)))
    assert open_store(store).rows == 12


@pytest.mark.parametrize("another", [False, True])
def test_a_lock_that_its_owner_took_away_owns_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    """An import that fails undoes the store that it began; who waited for its lock would own a file without a name."""
    store, flock = tmp_path / "store", fcntl.flock

    def undone_meanwhile(*arguments: Any) -> None:
        (store / ".lock").unlink()
        if another:
            (store / ".lock").touch()
        flock(*arguments)

    source = line_file(tmp_path / "a.jsonl", cards(1))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(fcntl, "flock", undone_meanwhile)
        with pytest.raises(StoreBusy):
            packed(store, source)
    packed(store, source)
    assert open_store(store).rows == 12


@pytest.mark.parametrize("harm", ["gone", "cut", "other", "manifest", "outside"])
def test_a_damaged_store_is_an_error_that_names_the_file(tmp_path: Path, harm: str) -> None:
    store = tmp_path / "store"
    packed(store, line_file(tmp_path / "a.jsonl", cards(30)))
    (part,) = open_store(store).partitions
    data, manifest = bytearray(part.path.read_bytes()), store / "manifest.json"
    if harm == "gone":
        part.path.unlink()
    elif harm == "cut":
        part.path.write_bytes(data[:-8])
    elif harm == "other":
        data[5000] ^= 1
        part.path.write_bytes(data)
    else:
        old, new = ('"rows": 360', '"rows": 361') if harm == "manifest" else (part.part.path, "../" + part.part.path)
        manifest.write_text(manifest.read_text().replace(old, new, 2))
    with pytest.raises(StoreDamaged) as caught:
        open_store(store).check()
    assert Path(str(caught.value.where)) in (part.path, manifest)
    assert caught.value.text.en != caught.value.text.id


@pytest.mark.parametrize("how", ["exchanged", "named twice", "turned round", "rows"])
def test_a_card_that_might_stand_there_twice_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(pack_module, "BUCKET", 200)
    store = tmp_path / "store"
    packed(store, line_file(tmp_path / "a.jsonl", cards(30)))
    manifest = json.loads((store / "manifest.json").read_text())
    first, second = manifest["parts"][:2]
    if how == "exchanged":
        first["bucket"], second["bucket"] = second["bucket"], first["bucket"]
    elif how == "named twice":
        manifest["parts"].append(first)
        manifest["sources"][0]["rows"] += first["rows"]
    else:
        table = pq.read_table(store / first["path"], partitioning=None)
        half = len(table) // 2
        table = (
            pa.concat_tables([table[half:], table[:half]])
            if how == "turned round"
            else table.take([*range(1, len(table)), 0])
        )
        pq.write_table(table, store / first["path"], row_group_size=half)
        first["size"] = (store / first["path"]).stat().st_size
    (store / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreDamaged):
        sum(len(list(partition.cards())) for partition in open_store(store).partitions)


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = line_file(tmp_path / "a.jsonl", cards(1))

    def told(*_: object) -> None:
        with source.open("a") as file:
            file.write("x\n")

    with pytest.raises(ReceiptsUnreadable, match="changed"):
        pack(find_sources([source]), tmp_path / "store", told)
    assert not (tmp_path / "store").exists()


def test_standard_input_is_packed_once(tmp_path: Path) -> None:
    line_file(tmp_path / "a.jsonl", cards(2))
    program = (
        "import sys; from pathlib import Path; from ssn_card.audit.store import pack;"
        "from ssn_card.audit.sources import find_sources;"
        "r = pack(find_sources([Path('-')]), Path(sys.argv[1])); print(r.rows, len(r.packed), len(r.known))"
    )
    for said in ("24 1 0", "24 0 1"):
        run = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "store")],
            input=(tmp_path / "a.jsonl").read_text(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert run.stdout.strip() == said


def test_progress_comes_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[PackStage, int, int | None]] = []
    sources = find_sources([line_file(tmp_path / f"{seed}.jsonl", cards(3, seed)) for seed in range(3)])
    pack(sources, tmp_path / "store", lambda *how_far: told.append(how_far))
    assert [one for one in told if one[0] is PackStage.READ][-1] == (PackStage.READ, sources.size, sources.size)
    assert told[-1] == (PackStage.WRITE, 108, 108)
    told.clear()
    pack(sources, tmp_path / "store", lambda *how_far: told.append(how_far))
    assert told[-1] == (PackStage.READ, sources.size, sources.size)
    monkeypatch.setattr(pack_module, "BUCKET", 30)
    for seed in (3, 4):  # partitions that are written anew, more of them, and those that stay
        more = find_sources([line_file(tmp_path / f"{seed}.jsonl", cards(1, seed))])
        pack(more, tmp_path / "store", lambda *how_far: told.append(how_far))
        total = open_store(tmp_path / "store").rows
        assert told[-1] == (PackStage.WRITE, total, total)


def test_lines_that_are_all_no_receipts_are_kept_as_that(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x\n{}\n")
    packed(tmp_path / "store", path)
    store = open_store(tmp_path / "store")
    assert (store.rows, store.partitions) == (0, ())
    assert [(one.line, one.field) for one in store.remarks()] == [(1, "json"), (2, "schema")]
    packed(tmp_path / "store", line_file(tmp_path / "b.jsonl", cards(2), "y\n"))
    store = open_store(tmp_path / "store")
    assert len(rows_in(store)) == 24
    assert [(one.file, one.line) for one in store.remarks()] == [
        (str(path), 1), (str(path), 2), (str(tmp_path / "b.jsonl"), 25)
    ]  # fmt: skip
