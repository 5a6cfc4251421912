# SPDX-License-Identifier: Apache-2.0
"""``ssn bench growth``: a curve for programs and for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Ssn

from ssn_card.bench.growth.run import Growth
from ssn_card.bench.growth.stages import STAGES


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Sizes that were asked for; nothing is measured."""
    sizes: list[tuple[int, ...]] = []

    def run(self: Growth, families: Sequence[int]) -> dict[str, Any]:
        sizes.append((self.made, *families))
        cost = {"cpu": 2.0, "clock": 1.0, "peak_mib": 700.0}
        points = [{"families": one, "receipts": 28 * one, "stages": dict.fromkeys(STAGES, cost)} for one in families]
        return {"curve": points}

    monkeypatch.setattr(Growth, "run", run)
    return sizes


def test_the_curve_is_told_and_drawn(ssn: Ssn, tmp_path: Path, asked: list[tuple[int, ...]]) -> None:
    chart = tmp_path / "growth.svg"
    ran = ssn("bench", "growth", "--families", 1000, "--families", 2000, "--made", 500, "--plot", chart, "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "ssn-card/bench-growth/1"
    assert [one["receipts"] for one in ran.json["curve"]] == [28_000, 56_000]
    assert asked == [(500, 1000, 2000)]
    assert chart.read_bytes().startswith(b"<?xml")


def test_people_read_it_in_their_language(
    ssn: Ssn, asked: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSN_LANG", "id")
    ran = ssn("bench", "growth")
    assert ran.code == 0
    assert "Detik prosesor, per tahap" in ran.out
    assert asked == [(128_043, 4_300, 43_000)]
