# SPDX-License-Identifier: Apache-2.0
"""What is read: files, folders and pipes, each once, and how far the work is told to be."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import ClassVar

import pytest
from tests.receipts.made import PROVIDER, history, replaced

from ssn_card.receipts import Problem, Receipt, ReceiptVerifier, line_of, read_lines
from ssn_card.receipts.errors import NoReceipts, ReceiptsUnreadable
from ssn_card.receipts.sources import LONGEST, STDIN, Source, Sources, _texts, find_sources
from ssn_card.receipts.verifier import _PIECE, FIRST, Stage

HISTORY = history()


def written(path: Path, receipts: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line_of(Receipt(raw))}\n" for raw in receipts))
    return path


def test_a_folder_is_its_files_of_receipts_in_order_and_the_others_are_named(tmp_path: Path) -> None:
    names = ("b.jsonl", "a/2.JSONL", "a/1.jsonl", "a/b/3.jsonl")
    for name in names:
        written(tmp_path / name, HISTORY[:1])
    others = [tmp_path / ".hidden.jsonl", tmp_path / "a" / "letter.txt"]
    for other in others:
        other.write_text("?")
    size = len(line_of(Receipt(HISTORY[0]))) + 1
    found = find_sources([tmp_path / "a" / "1.jsonl", tmp_path, tmp_path / "a", tmp_path / "b.jsonl"])
    assert found.files == tuple(
        Source(tmp_path / name, size) for name in ("a/1.jsonl", "a/2.JSONL", "a/b/3.jsonl", "b.jsonl")
    )
    assert found.passed_over == tuple(others)
    assert found.size == 4 * size


def test_a_file_under_another_name_is_read_once(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one.jsonl", HISTORY[:1]), written(tmp_path / "two.jsonl", HISTORY[1:2])
    (tmp_path / "link.jsonl").hardlink_to(one)
    found = find_sources([one, tmp_path / "link.jsonl", two, one])
    assert [source.path for source in found.files] == [one, two]


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "receipts.txt", HISTORY[:1])
    assert [source.name for source in find_sources([path]).files] == [str(path)]
    with pytest.raises(NoReceipts) as caught:
        find_sources([tmp_path])
    assert caught.value.where == f"{tmp_path}/*.jsonl"
    assert caught.value.text == (
        "There are no receipts: nothing was checked.",
        "Tidak ada kuitansi: tidak ada yang diperiksa.",
    )


def test_a_folder_that_is_one_thing_is_one_source(tmp_path: Path) -> None:
    """As a table in parts is: what lies in it is neither a source by itself nor passed over."""
    table, other = tmp_path / "a" / "table", written(tmp_path / "b.jsonl", HISTORY[:1])
    for name in ("part.jsonl", "part.txt"):
        written(table / name, HISTORY[:1])

    def is_one(folder: Path) -> bool:
        return (folder / "part.txt").exists()

    found = find_sources([tmp_path, table], is_one=is_one)
    assert found == Sources((Source(table), Source(other, other.stat().st_size)))
    assert find_sources([table], is_one=is_one) == Sources((Source(table),))


def test_every_ending_that_was_looked_for_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoReceipts) as caught:
        find_sources([tmp_path], (".jsonl", ".csv"))
    assert caught.value.where == f"{tmp_path}/*.jsonl, {tmp_path}/*.csv"


def test_what_is_not_there_or_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReceiptsUnreadable) as caught:
        find_sources([tmp_path / "none"])
    assert caught.value.where == str(tmp_path / "none")
    assert caught.value.text == (
        "Cannot read the receipts: No such file or directory.",
        "Kuitansi tidak dapat dibaca: berkas atau folder tidak ada.",
    )
    written(tmp_path / "open" / "one.jsonl", HISTORY[:1])
    closed, scan = written(tmp_path / "closed" / "one.jsonl", HISTORY[:1]).parent, os.scandir

    def refusing(top: str) -> object:  # whoever runs the tests as root may read everything
        if Path(top) == closed:
            raise PermissionError(13, "Permission denied", top)
        return scan(top)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(ReceiptsUnreadable) as caught:
        find_sources([tmp_path])
    assert caught.value.where == str(closed)
    assert "Permission denied" in caught.value.text.en


def test_a_pipe_tells_no_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo, file = tmp_path / "fifo", written(tmp_path / "one.jsonl", HISTORY[:1])
    os.mkfifo(fifo)
    found = find_sources([fifo, fifo, file])
    assert found.files == (Source(fifo), Source(fifo), Source(file, file.stat().st_size))
    assert found.size is None
    text = file.read_bytes()
    threading.Thread(target=fifo.write_bytes, args=(text,), daemon=True).start()
    assert [line.receipt for line in read_lines(fifo)] == [Receipt(HISTORY[0])]

    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stdin:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stdin))
        os.write(writing, text + text)
        os.close(writing)
        assert find_sources([STDIN]).files == (Source(STDIN),)
        assert [(line.file, line.number) for line in read_lines(STDIN)] == [("-", 1), ("-", 2)]


@pytest.mark.parametrize("size", [LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST])
def test_lines_have_a_greatest_length(tmp_path: Path, size: int) -> None:
    """With the end of the line; the next is read as if nothing had been."""
    path, told = tmp_path / "long.jsonl", list[int]()
    good = line_of(Receipt(HISTORY[0]))
    path.write_text(" " * (size - len(good) - 1) + good + "\n" + good + "\n")
    first, second = read_lines(path, told.append)
    fits = size <= LONGEST
    assert (first.number, first.file, first.fault) == (1, str(path), None if fits else "length")
    assert (second.number, second.receipt) == (2, Receipt(HISTORY[0]))
    assert told == [size, len(good) + 1]


def test_no_more_of_a_line_is_read_at_once() -> None:
    class Counted(io.BytesIO):
        sizes: ClassVar[set[int | None]] = set()

        def readline(self, size: int | None = -1) -> bytes:
            self.sizes.add(size)
            return super().readline(size)

    file = Counted(b"x" * (3 * LONGEST) + b"\n")
    assert list(_texts(file, None)) == [(1, None)]
    assert file.sizes == {LONGEST}


Told = list[tuple[Stage, int, int | None]]


def told_of(sources: Sources | list[Path], first: int | None = None) -> Told:
    told: Told = []

    def progress(stage: Stage, done: int, of: int | None) -> None:
        told.append((stage, done, of))

    ReceiptVerifier(PROVIDER).verify_files(sources, baskets=False, first=first, progress=progress)
    return told


def test_the_work_is_told_as_it_goes(tmp_path: Path) -> None:
    wrong = [replaced(raw, basket_digest=bytes(15) + b"\x07") for raw in HISTORY[1:4]]
    one, two = written(tmp_path / "one.jsonl", HISTORY), written(tmp_path / "two.jsonl", wrong)
    size = one.stat().st_size + two.stat().st_size
    assert told_of([one, two]) == [
        (Stage.READ, size, size),
        (Stage.CHAIN, 0, 12),
        *((Stage.SEARCH, done, 3) for done in (1, 2, 3)),
    ]
    # Where fewer are searched, the work is so much less; a pipe does not tell where it ends.
    searched = [one for one in told_of(Sources((Source(one), Source(two))), 2) if one[0] is not Stage.CHAIN]
    assert searched == [(Stage.SEARCH, 1, 2), (Stage.SEARCH, 2, 2)]


def test_long_work_is_told_in_pieces(tmp_path: Path) -> None:
    path = written(tmp_path / "many.jsonl", HISTORY[:1] * 3_000)
    told, size, line = told_of([path]), path.stat().st_size, len(line_of(Receipt(HISTORY[0]))) + 1
    piece = -(-_PIECE // line) * line  # whole lines
    reading = [(done, of) for stage, done, of in told if stage is Stage.READ]
    assert reading == [(done, size) for done in (*range(piece, size, piece), size)]
    assert [(done, of) for stage, done, of in told if stage is Stage.CHAIN] == [
        (done, 3_000) for done in (0, 1_000, 2_000)
    ]


def test_a_file_is_a_shops_own_and_has_its_baskets_unless_told_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path / "own.jsonl", [HISTORY[0], *HISTORY[2:]])
    verifier = ReceiptVerifier(PROVIDER)
    report = verifier.verify_files([path])
    assert (report.gap_count, report.counts) == (1, {Problem.NO_BASKET: 5})
    assert verifier.verify_file(path).counts == report.counts
    assert verifier.verify_files([path], baskets=False).clean
    assert verifier.verify_files([path], baskets=False, whole=True).counts == {Problem.MISSING: 1}


def test_only_the_first_of_many_are_kept_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("{\n" * (FIRST + 1))
    for report in (
        ReceiptVerifier(PROVIDER).verify_files([path]),
        ReceiptVerifier(PROVIDER).verify_lines(read_lines(path)),
    ):
        assert (len(report.findings), report.found) == (100, 101)
    assert len(ReceiptVerifier(PROVIDER).verify_files([path], first=None).findings) == 101


def test_every_file_without_a_line_is_named(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one.jsonl", []), written(tmp_path / "two.jsonl", [])
    with pytest.raises(NoReceipts) as caught:
        ReceiptVerifier(PROVIDER).verify_files([one, two])
    assert caught.value.where == f"{one}, {two}"
    full = written(tmp_path / "full.jsonl", HISTORY)
    report = ReceiptVerifier(PROVIDER).verify_files([one, full])
    assert (report.files, report.empty_files) == ({str(one): 0, str(full): len(HISTORY)}, [str(one)])
