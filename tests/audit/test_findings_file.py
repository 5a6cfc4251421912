# SPDX-License-Identifier: Apache-2.0
"""Findings in a file: the same rows in every format, one hash for one set, and the file whole or not there."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import os
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from tests.audit.full_disk import disk_of
from tests.receipts.made import PROVIDER, flip, forged, history

from ssn_card.audit.proof import Ledger, check_findings, recording
from ssn_card.audit.proof import findings as findings_module
from ssn_card.audit.proof.errors import FindingsNotWritten, FindingsUnreadable, UnknownFindingsFormat
from ssn_card.audit.proof.formats import COLUMNS, canonical
from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.receipts import Finding, Problem, ReceiptVerifier, line_of
from ssn_card.receipts.receipt import Receipt

SUFFIXES = ("jsonl", "csv", "parquet")
#: Two files, lines out of order, a gap with money, words with commas, quotes and line ends, no file, no card.
FOUND = [
    Finding(Problem.FORGED, 9, "amount", bytes(range(8)), 7, NO_TEXT, "b.jsonl"),
    Finding(Problem.MISSING, 10, "seq", bytes(8), 3, Text("3 to 4; Rp5 spent", "3 sampai 4"), "b.jsonl", 2, 5),
    Finding(Problem.NOT_HANDED_IN, 2, "seq", b"\xff" * 8, 0xFFFF_FFFF, Text('say "a", b\nc', "d;e"), "a.jsonl", 9, -3),
    Finding(Problem.UNREADABLE, 1, "json", file="a.jsonl"),
    Finding(Problem.UNREADABLE, 1, "json", file="a.jsonl"),
    Finding(Problem.MISSING, 0, "seq", bytes(8), 9, Text("9", "9"), None, 1),
    Finding(Problem.DUPLICATE, 4, None, bytes(8), 1, Text("line 3", "baris 3"), "=a, b.jsonl"),
    Finding(Problem.BACKDATED, 2, "timestamp", bytes(8), 1, Text("", ""), "toko ♥.jsonl"),
]


def put(path: Path | None, found: list[Finding]) -> tuple[int, str]:
    with recording(path) as ledger:
        for one in found:
            ledger.add(one)
        return ledger.count, ledger.sha256()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_has_every_finding_in_its_order(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"found.{suffix}"
    told = put(path, FOUND)
    assert check_findings(path) == told == put(None, FOUND)
    assert told[0] == len(FOUND)
    assert list(tmp_path.iterdir()) == [path]


def test_json_lines_are_the_canonical_text(tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    count, sha256 = put(path, FOUND)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [(row["file"], row["line"], row["problem"]) for row in rows] == [
        (None, 0, "missing"),
        ("=a, b.jsonl", 4, "duplicate"),
        ("a.jsonl", 1, "unreadable"),
        ("a.jsonl", 1, "unreadable"),
        ("a.jsonl", 2, "not_handed_in"),
        ("b.jsonl", 9, "forged"),
        ("b.jsonl", 10, "missing"),
        ("toko ♥.jsonl", 2, "backdated"),
    ]
    assert sorted(map(canonical, rows)) == sorted(canonical(one.as_dict()) for one in FOUND)
    assert count == len(rows)
    first = path.read_bytes().splitlines()[6]
    assert first == (
        b'{"detail":"3 to 4; Rp5 spent","detail_id":"3 sampai 4","field":"seq","file":"b.jsonl","line":10,'
        b'"message_en":"receipts of the card are missing","message_id":"ada kuitansi kartu yang hilang",'
        b'"problem":"missing","receipts":2,"seq":3,"serial":"0000000000000000","spent":5}'
    )


def test_a_table_for_people(tmp_path: Path) -> None:
    path = tmp_path / "found.CSV"
    put(path, FOUND)
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    forged_one = next(row for row in rows if row["problem"] == "forged")
    assert forged_one["serial"] == "0001-0203-0405-0607"
    assert (forged_one["line"], forged_one["seq"], forged_one["spent"], forged_one["field"]) == ("9", "7", "", "amount")
    assert forged_one["message_id"] == "MAC salah: diubah atau dipalsukan"


def test_columns_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "found.parquet"
    put(path, FOUND)
    table = pq.read_table(path)
    assert tuple(table.column_names) == COLUMNS
    assert table.schema.field("seq").type == pa.int64()
    assert table.schema.field("file").type == pa.string()
    assert table.column("spent").to_pylist() == [None, None, None, None, -3, None, 5, None]
    assert table.schema.metadata[b"schema"] == b"ssn-card/findings/1"
    assert [row == json.loads(canonical(row)) for row in table.to_pylist()] == [True] * len(FOUND)


texts = st.text(st.characters(codec="utf-8"), max_size=12)
findings = st.builds(
    Finding,
    st.sampled_from(Problem),
    st.integers(0, 1 << 40),
    st.none() | st.sampled_from(["seq", "amount"]),
    st.none() | st.binary(min_size=8, max_size=8),
    st.none() | st.integers(0, (1 << 32) - 1),
    st.builds(Text, texts, texts),
    st.none() | texts.filter(bool),
    st.integers(1, 1 << 32),
    st.none() | st.integers(-(1 << 40), 1 << 40),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(findings, max_size=8), st.randoms(use_true_random=False))
def test_one_set_has_one_hash_in_whatever_order_and_format(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding], random: Random
) -> None:
    folder = tmp_path_factory.mktemp("found")
    expected = put(None, found)
    for suffix in SUFFIXES:
        random.shuffle(found)
        assert put(folder / f"x.{suffix}", found) == expected
        assert check_findings(folder / f"x.{suffix}") == expected


def test_another_set_has_another_hash() -> None:
    seen = {put(None, FOUND)[1], put(None, FOUND[:-1])[1], put(None, [*FOUND, FOUND[0]])[1], put(None, [])[1]}
    others: list[dict[str, Any]] = [
        {"line": 8}, {"field": "seq"}, {"seq": 8}, {"file": "c"}, {"receipts": 2}, {"spent": 0},
    ]  # fmt: skip
    seen |= {put(None, [dataclasses.replace(FOUND[0], **other), *FOUND[1:]])[1] for other in others}
    assert len(seen) == 10
    assert put(None, []) == (0, hashlib.sha256().hexdigest())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_findings_are_a_file_too(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    assert put(path, []) == check_findings(path) == (0, hashlib.sha256().hexdigest())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_thousands_pass_through_in_order(tmp_path: Path, suffix: str) -> None:
    """More than are set down, and written, together."""
    found = [Finding(Problem.FORGED, line, None, bytes(8), line, file="x") for line in range(20_000, 0, -1)]
    path = tmp_path / f"x.{suffix}"
    assert put(path, found) == check_findings(path) == put(None, found[::-1])
    assert check_findings(path)[0] == 20_000


def test_a_verdict_is_set_down_whole(tmp_path: Path) -> None:
    """The judge's own findings and notes, of receipts that were altered in every way that one bit allows."""
    receipts = [flip(raw, bit) for raw in history() for bit in range(0, 640, 37)] + [forged(history()[4], amount=5)]
    file = tmp_path / "x.jsonl"
    file.write_text("".join(line_of(Receipt(raw)) + "\n" for raw in [*history()[:3], *receipts]))
    report = ReceiptVerifier(PROVIDER).verify_files([file], first=None)
    everything = [*report.findings, *report.gaps, *report.backdated]
    assert len({one.problem for one in everything}) > 3
    path = tmp_path / "found.parquet"
    assert put(path, everything)[0] == sum(report.all_counts.values()) == pq.read_metadata(path).num_rows


def test_the_text_may_be_asked_for_again_and_added_to() -> None:
    with Ledger() as ledger:
        ledger.add(FOUND[0])
        first = ledger.sha256()
        assert ledger.sha256() == first == put(None, FOUND[:1])[1]
        ledger.add(FOUND[1])
        assert ledger.sha256() == put(None, FOUND[:2])[1]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"toko\xff.jsonl")
    for suffix in SUFFIXES:
        path = tmp_path / f"x.{suffix}"
        assert put(path, [Finding(Problem.FORGED, 1, file=name)]) == check_findings(path)
    assert json.loads((tmp_path / "x.jsonl").read_text())["file"] == "toko\\xff.jsonl"


@pytest.mark.parametrize("name", ["found", "found.json", "found.xlsx", ".parquet"])
def test_a_name_that_says_no_format_is_refused_before_anything(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownFindingsFormat) as caught, recording(tmp_path / name):
        pytest.fail("the audit must not begin")
    assert caught.value.where == str(tmp_path / name)
    assert ".parquet, .csv, .jsonl" in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_cannot_be_written_is_told_before_anything(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder.{suffix}"
    folder.mkdir()
    for path in (tmp_path / "no" / f"x.{suffix}", folder):
        with pytest.raises(FindingsNotWritten) as caught, recording(path):
            pytest.fail("the audit must not begin")
        assert caught.value.where == str(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("size", [0, 1000, 9000])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, suffix: str, size: int) -> None:
    path = tmp_path / f"x.{suffix}"
    path.write_text("last week's")
    random = Random(1)
    found = [
        Finding(Problem.FORGED, line, None, random.randbytes(8), line, Text(random.randbytes(40).hex(), ""), "x")
        for line in range(3000)
    ]
    with disk_of(size), pytest.raises(FindingsNotWritten) as caught:
        put(path, found)
    assert caught.value.where == str(path)
    assert caught.value.why.id == "berkas terlalu besar"
    assert path.read_text() == "last week's"
    assert list(tmp_path.iterdir()) == [path]


def _fails(path: Path, error: BaseException) -> None:
    with recording(path) as ledger:
        ledger.add(FOUND[0])
        raise error


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("error", [OSError("the reader's own"), KeyboardInterrupt(), ValueError("x")])
def test_an_audit_that_fails_leaves_what_was_there(tmp_path: Path, suffix: str, error: BaseException) -> None:
    path = tmp_path / f"x.{suffix}"
    path.write_text("last week's")
    with pytest.raises(type(error)) as caught:
        _fails(path, error)
    assert caught.value is error
    assert path.read_text() == "last week's"
    assert list(tmp_path.iterdir()) == [path]


def test_no_room_to_sort(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(findings_module, "_SETTINGS", (*findings_module._SETTINGS, "PRAGMA max_page_count=4"))
    path = tmp_path / "x.csv"
    with pytest.raises(FindingsNotWritten) as caught:
        put(path, [Finding(Problem.FORGED, line, file="x") for line in range(5000)])
    assert caught.value.why == Text("database or disk is full", "ruang disk habis")
    assert not list(tmp_path.iterdir())


def test_a_ledger_keeps_nothing_behind() -> None:
    with Ledger() as ledger:
        ledger.add(FOUND[0])
    with pytest.raises(sqlite3.ProgrammingError):
        ledger._database.execute("SELECT 1")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_altered_byte_shows(tmp_path: Path, suffix: str) -> None:
    """Of JSON Lines and of CSV's values. In Parquet are bytes that no value depends on; nothing else passes there."""
    path = tmp_path / f"x.{suffix}"
    expected = put(path, FOUND)
    whole = path.read_bytes()
    random = Random(3)
    unseen = 0
    places = range(0, len(whole), 11 if suffix == "parquet" else 1)
    for at in places:
        path.write_bytes(whole[:at] + bytes((whole[at] ^ random.randint(1, 255),)) + whole[at + 1 :])
        try:
            told = check_findings(path)
        except FindingsUnreadable:
            continue
        unseen += told == expected
    assert unseen == 0 if suffix == "jsonl" else unseen < len(places) / 2


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content", [b"x", b"\xff\xfe", b"{}\n", b"[1]\n", b"null\n", b"PAR1PAR1", b"problem,file\n1,2\n", b"[" * 5000]
)
def test_something_else_is_no_file_of_findings(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(content)
    with pytest.raises(FindingsUnreadable) as caught:
        check_findings(path)
    assert caught.value.where == str(path)
    with pytest.raises(FindingsUnreadable):
        check_findings(tmp_path / f"none.{suffix}")


def test_a_table_with_other_columns_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    put(path, FOUND)
    pq.write_table(pq.read_table(path).drop_columns(["spent"]), path)
    with pytest.raises(FindingsUnreadable):
        check_findings(path)


def test_a_cell_that_is_no_number_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    put(path, FOUND[:1])
    path.write_text(path.read_text().replace(",9,", ",nine,"))
    with pytest.raises(FindingsUnreadable, match="no file of findings"):
        check_findings(path)
    put(path, FOUND[:1])
    whole = path.read_text()
    for cells in (whole.rpartition(",")[0] + "\n", whole.rstrip() + ",more\n"):
        path.write_text(cells)
        with pytest.raises(FindingsUnreadable):
            check_findings(path)
