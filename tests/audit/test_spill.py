# SPDX-License-Identifier: Apache-2.0
"""Rows in any order come back once each, by card and number, whole cards at once, in little memory."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssn_card.audit import cards, records, room, sorter, spill
from ssn_card.audit.cards import Giant, by_cards
from ssn_card.audit.rows import Rows
from ssn_card.audit.sources import Batch
from ssn_card.audit.spill import SLOTS, Spill, slots_of
from ssn_card.receipts.errors import NoRoom

Row = tuple[bytes, bytes, bytes, int, int, int, bytes | None]  #: as it is sorted; then goods and text


def made(serial: int, seq: int, fill: int, file: int, line: int) -> tuple[bytes, int, int]:
    """A receipt, its file and line."""
    raw = bytearray(bytes((fill,)) * 88)
    raw[:4], raw[67:75] = seq.to_bytes(4, "big"), serial.to_bytes(8, "big")
    return bytes(raw), file, line


def as_rows(held: list[tuple[bytes, int, int]]) -> Rows:
    raw = np.frombuffer(b"".join(raw for raw, _, _ in held), np.uint8).reshape(-1, 88)
    file = np.array([file for _, file, _ in held], np.int32)
    line = np.array([line for _, _, line in held], np.int64)
    return Rows(raw, file, line, (line % 7).astype(np.uint8))


def listed(rows: Rows) -> list[tuple[bytes, bytes, bytes, int, int, int]]:
    return [
        (raw.tobytes()[67:75], raw.tobytes()[:4], raw.tobytes(), file, line, goods)
        for raw, file, line, goods in zip(rows.raw, *(value.tolist() for value in rows[1:]), strict=True)
    ]


def check(given_rows: list[tuple[bytes, int, int]], found: list[Batch | Giant]) -> list[str]:
    """Every row came back once, cards whole and sorted. Returns what each was."""
    seen: list[Any] = []
    finished: set[bytes] = set()
    kinds = []
    for one in found:
        if isinstance(one, Giant):
            kinds.append("giant")
            here = [row for batch in one.parts for row in listed(batch.rows)]
            assert {row[0] for row in here} == {one.serial}
        else:
            kinds.append("rows")
            here = listed(one.rows)
        assert here == sorted(here)
        assert not finished & {row[0] for row in here}
        finished |= {row[0] for row in here}
        seen += here
    assert sorted(seen) == sorted(listed(as_rows(given_rows)))
    return kinds


def _make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for so few rows that a test can go beyond it."""
    monkeypatch.setattr(spill, "_ROWS", 50)
    monkeypatch.setattr(spill, "_GROUP", 40 * records.RECORD.itemsize)
    monkeypatch.setattr(spill, "BATCH", 16)
    monkeypatch.setattr(sorter, "_EVERY", 4)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    _make_small(monkeypatch)


_SERIALS = st.sampled_from([1, 2, 3, 0x5353000000000042, 2**64 - 1, 2**63])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(_SERIALS, st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.integers(1, 300)),
        max_size=250,
    ),
    st.integers(1, 60),
)
def test_all_rows_come_back_sorted(rows: list[tuple[int, int, int, int, int]], at_once: int) -> None:
    held = [made(*row) for row in rows]
    with pytest.MonkeyPatch.context() as patch, Spill() as kept:
        _make_small(patch)
        for first in range(0, len(held), at_once):
            kept.add(as_rows(held[first : first + at_once]))
        assert kept.count == len(held)
        found = list(_taken(kept))
    check(held, found)


def _taken(kept: Spill) -> list[Batch | Giant]:
    return [Giant(one.serial, iter(list(one.parts))) if isinstance(one, Giant) else one for one in kept.cards()]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("count", [1, 49, 50, 51, 1000, 5000])
@pytest.mark.parametrize("serials", [1, 3, 400])
def test_beyond_memory_too(count: int, serials: int) -> None:
    random = Random(count * serials)
    held = [
        made(random.randrange(serials) << random.choice([0, 40]), random.randrange(50), random.randrange(3), 0, line)
        for line in range(1, count + 1)
    ]
    with Spill() as kept:
        kept.add(as_rows(held))
        kinds = check(held, _taken(kept))
    assert ("giant" in kinds) == ((serials <= 3 and count >= 1000) or (serials == 1 and count > 40))


@pytest.mark.usefixtures("small")
def test_cards_whose_hashes_begin_alike_are_told_apart() -> None:
    """Serials that an attacker has chosen to fall into one slot."""
    every = np.arange(SLOTS * 60, dtype=np.uint64)
    alike = every[slots_of(every) == slots_of(every[:1])[0]][:30].tolist()
    held = [made(serial, seq, 0, 0, seq + 1) for seq in range(10) for serial in alike]
    with Spill() as kept:
        kept.add(as_rows(held))
        assert set(check(held, _taken(kept))) == {"rows"}


def test_a_hash_tells_all_serials_apart() -> None:
    serials = np.random.default_rng(1).integers(0, 2**64, 10_000, np.uint64)
    levels = [slots_of(serials, level).tolist() for level in range(6)]
    assert len(set(zip(*levels, strict=True))) == len(set(serials.tolist()))


@pytest.mark.usefixtures("small")
def test_texts_of_baskets_stay_with_their_rows() -> None:
    random = Random(3)
    held = [made(random.randrange(40), line, 0, 0, line) for line in range(1, 601)]
    texts = [random.choice([None, b"", b"x" * random.randrange(90), str(line).encode()]) for line in range(1, 601)]
    expected = {line: text for (_, _, line), text in zip(held, texts, strict=True)}
    with Spill() as kept:
        for first in range(0, 600, 70):
            some = texts[first : first + 70] if first != 140 else None
            kept.add(as_rows(held[first : first + 70]), None if some is None else pa.array(some, pa.binary()))
        expected |= dict.fromkeys(range(141, 211))
        found: dict[int, bytes | None] = {}
        for part in range(4):
            with sorter.Sorter(20 * records.RECORD.itemsize) as sorting:
                for one in kept.part(part, 4):
                    sorting.add(one)
                for one in sorting.sorted():
                    assert one.texts is not None
                    found |= dict(zip(one.records["line"].tolist(), one.texts.to_pylist(), strict=True))
    assert found == expected


@pytest.mark.parametrize("run", range(20))
def test_sorted_batches_are_cut_between_cards(monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    monkeypatch.setattr(cards, "GIANT", 9)
    random = Random(run)
    sizes = enumerate(random.choices([1, 2, 5, 9, 10, 30], k=12))
    held = [made(serial, seq, 0, 0, seq + 1) for serial, size in sizes for seq in range(size)]
    cuts = sorted({0, len(held), *random.choices(range(len(held)), k=random.choice([0, 3, 12]))})
    batches = [Batch(as_rows(held[begin:end])) for begin, end in pairwise(cuts)]
    found = []
    for one in by_cards(iter(batches)):
        if isinstance(one, Giant):
            if random.random() < 0.5:  # whoever does not want its rows loses no others
                held = [row for row in held if row[0][67:75] != one.serial]
                continue
            one = Giant(one.serial, iter(list(one.parts)))
        found.append(one)
    check(held, found)


@pytest.mark.usefixtures("small")
def test_a_full_disk_is_an_error_that_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("r+b", buffering=0)  # noqa: SIM115 closed by the room
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
    with Spill() as kept, pytest.raises(NoRoom) as caught:
        kept.add(as_rows([made(serial, 1, 0, 0, 1) for serial in range(200)]))
    assert "TMPDIR" in caught.value.remedy.en
    assert os.strerror(errno.ENOSPC).lower() in caught.value.text.en.lower()


def test_no_folder_for_temporary_files_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/not/there")
    with pytest.raises(NoRoom):
        room.Room()


_MEASURE = """
import resource, sys
import numpy as np
from ssn_card.audit.cards import Giant
from ssn_card.audit.rows import Rows
from ssn_card.audit.spill import Spill
batch, rows, cards = 1 << 15, int(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(0)
with Spill() as spill:
    for first in range(0, rows, batch):
        raw = np.zeros((batch, 88), np.uint8)
        raw[:, 67:75] = random.integers(0, cards, batch).astype(">u8").view(np.uint8).reshape(-1, 8)
        raw[:, :4] = np.arange(first, first + batch, dtype=">u4").view(np.uint8).reshape(-1, 4)
        spill.add(Rows(raw, np.zeros(batch, np.int32), np.arange(batch) + first, np.zeros(batch, np.uint8)))
        if not first:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 0
    for one in spill.cards():
        for part in one.parts if isinstance(one, Giant) else [one]:
            count += len(part.rows.line)
assert count == spill.count
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("count", [50_000, 1], ids=["many cards", "one giant card"])
def test_memory_stays_flat(count: int) -> None:
    def grown(rows: int) -> int:
        run = [sys.executable, "-c", _MEASURE, str(rows), str(count)]
        return int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)

    assert grown(4_000_000) < 64
