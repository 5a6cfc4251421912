# SPDX-License-Identifier: Apache-2.0
"""Whatever becomes of the process that packs: the store that was, or the one that was to be."""

from __future__ import annotations

import multiprocessing
import signal
from itertools import count
from pathlib import Path

import pytest
from tests.audit import killed
from tests.audit.test_store import cards, line_file, on_disk, packed, rows_in

from ssn_card.audit.errors import NotAStore
from ssn_card.audit.store import open_store
from ssn_card.receipts.errors import NoReceipts

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["ssn_card.audit.store", "tests.audit.killed"])


def exit_of(target: object, *arguments: object) -> int | None:
    """How a process ends that does this."""
    process = CONTEXT.Process(target=target, args=arguments)  # type: ignore[arg-type]
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize("begun", [False, True], ids=["a new store", "a store that grows"])
def test_killed_at_every_step(tmp_path: Path, begun: bool) -> None:
    old, new = line_file(tmp_path / "a.jsonl", cards(5)), line_file(tmp_path / "b.jsonl", cards(5, 1), "x\n")
    before, after = (60 if begun else 0), (120 if begun else 60)
    seen = set()
    for step in count(1):
        store = tmp_path / f"store {step}"
        if begun:
            packed(store, old)
        ended = exit_of(killed.die_at, step, store, new)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        try:
            found = open_store(store)
            found.check()
            seen.add(found.rows)
            assert len(rows_in(found)) == found.rows
        except (NotAStore, NoReceipts):
            assert not begun
            seen.add(0)
        packed(store, new)  # it goes on, and nothing of what was half done is left
        found = open_store(store)
        assert len(rows_in(found)) == found.rows == after
        assert [remark.line for remark in found.remarks()] == [61]
        assert on_disk(store) == {part.path for part in found.manifest.files()}
    assert step > 15
    assert seen == {before, after}


@pytest.mark.parametrize("most", [0, 100, 3_000, 10_000])
def test_where_files_cannot_grow_the_store_is_as_it_was(tmp_path: Path, most: int) -> None:
    store = tmp_path / "store"
    packed(store, line_file(tmp_path / "a.jsonl", cards(5)))
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    more = line_file(tmp_path / "b.jsonl", cards(50, 1), "x\n")
    assert exit_of(killed.with_small_files, most, store, more) == 3
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
    assert exit_of(killed.with_small_files, most, tmp_path / "new", more) == 3
    assert not (tmp_path / "new").exists()
