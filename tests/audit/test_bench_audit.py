# SPDX-License-Identifier: Apache-2.0
"""``ssn bench audit``: what is measured is what is said, and a fault in it is no figure."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from ssn_card.audit.engine import choose
from ssn_card.audit.rows import Mark
from ssn_card.audit.wanted import Wanted
from ssn_card.bench.audit import inputs, measures
from ssn_card.bench.audit.child import measured
from ssn_card.bench.audit.plot import draw
from ssn_card.bench.audit.run import Bench, Figures, Point, Sizes
from ssn_card.bench.audit.spoil import spoiled
from ssn_card.bench.audit.tables import RATES, tables
from ssn_card.bench.errors import MeasureFailed

#: What a programme that reads ``--json`` relies on.
KEYS = """
    one_by_one_per_s openssl_cmac_per_s kernel_whole_per_s kernel_mac_per_s parquet_whole_per_s fallback_whole_per_s
    shuffled_whole_per_s pack_per_s baskets_per_s peak_mib curve dask two_cores_ratio
"""
CORE = sorted(os.sched_getaffinity(0))[:1]
MADE_UP = Figures(
    {name: 1000.0 * number for number, name in enumerate(RATES, start=1)},
    {"two_cores_ratio": 1.9, "peak_mib": 290.0, "dask": {"seconds": 3.0, "same_findings": True}},
    [Point(1_000_000, 0.5, 280.0), Point(10_000_000, 5.0, 290.0)],
)


def test_clean_pieces_have_nothing_to_tell_and_spoiled_ones_about_as_much_as_was_asked_for() -> None:
    engine = choose(Wanted.LOCKSTEP).judge
    clean, faulty = (next(inputs.pieces(1, share)) for share in (0.0, 0.01))
    assert not engine(*clean).flags.any()
    flags = engine(*faulty).flags
    assert 0.005 < np.count_nonzero(flags) / len(flags) < 0.03
    kinds = {mark for mark in Mark if (flags & mark).any()}
    assert {Mark.WRONG_MAC, Mark.REPEATED, Mark.GAP} <= kinds


def test_a_piece_is_sorted_spoiled_or_not() -> None:
    clean = next(inputs.pieces(1)).rows.raw
    raw, which = spoiled(clean, 0.1, np.random.default_rng(1))
    names = [one[67:75].tobytes() + one[:4].tobytes() for one in raw]
    assert names == sorted(names)
    assert 0.02 < np.count_nonzero((raw != clean[which]).any(axis=1)) / len(raw) < 0.05


def test_a_measurement_in_a_process_of_its_own_tells_its_memory() -> None:
    found = measured("engine_whole", CORE, engine="lockstep", receipts=20_000, faults=inputs.FAULTS)
    assert found["count"] > 20_000
    assert found["cpu"] > 0
    assert 30 < found["peak_mib"] < 2000
    assert found["marked"] > 0


def test_what_cannot_be_measured_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(MeasureFailed) as caught:
        measured("one_by_one", CORE, path=str(tmp_path / "none.jsonl"))
    assert caught.value.where == "one_by_one"
    assert "none.jsonl" in str(caught.value)


def test_openssl_tells_macs_a_second() -> None:
    assert 100_000 < measures.openssl_cmac(1)["count"] < 1_000_000_000


def test_every_measure_that_reads_all_counts_all(tmp_path: Path) -> None:
    lines = tmp_path / "alone.jsonl"
    inputs.write_lines(lines, 300)
    assert measures.one_by_one(str(lines)) | {"cpu": 0, "wall": 0} == {
        "count": 300, "cpu": 0, "wall": 0, "findings": 0
    }  # fmt: skip
    assert measures.cmac_one_by_one(100)["count"] > 100
    assert measures.baskets(300)["count"] > 100


def test_the_keys_that_the_programme_asks_for_are_there() -> None:
    assert set(KEYS.split()) <= set(MADE_UP.as_dict())
    assert set(MADE_UP.as_dict()["curve"][0]) == {"receipts", "seconds", "peak_mib"}
    assert set(RATES) == set(Bench(Path())._measures())


def test_tables_and_picture_show_every_figure() -> None:
    console = Console(width=160, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(tables(MADE_UP))
    shown = console.export_text()
    for value in ("1,000", "25,000,000", "1.90", "290", "10,000,000", "5.00"):
        assert value in shown
    assert draw(MADE_UP, "id").startswith(b"<?xml")
    assert draw(MADE_UP, "en") == draw(MADE_UP, "en")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_all_of_it_in_small(tmp_path: Path) -> None:
    result = Bench(tmp_path, Sizes(2_000, 40_000, 40_000, 60_000)).run(1, [40_000])
    assert all(rate > 0 for rate in result.rates.values())
    assert result.more["dask"]["same_findings"] is True
    assert result.more["dask"]["findings"] > 10
    assert [one.receipts for one in result.curve] == [40_000]
    assert list(tmp_path.iterdir()) == [tmp_path / "alone.jsonl"]
