# SPDX-License-Identifier: Apache-2.0
"""The curve for people: what each stage takes, and how much of it for a million receipts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import RenderableType

from ssn_card.cli.tables import table
from ssn_card.protocol.errors import Text

from ..pictures import MILLION

#: Stages in their order, as they are called.
CALLED: Final[Mapping[str, Text]] = {
    "pack": Text("pack", "mengemas"),
    "verify": Text("verify", "memeriksa"),
    "books": Text("open the books", "membuka pembukuan"),
    "reconcile": Text("reconcile", "merekonsiliasi"),
    "rules": Text("rules", "aturan"),
    "report": Text("report", "laporan"),
}


def _costs(point: Mapping[str, Any], what: str) -> list[float]:
    return [point["stages"][name][what] for name in CALLED]


def cpu_of(point: Mapping[str, Any]) -> float:
    """Seconds of the processors for all stages."""
    return sum(_costs(point, "cpu"))


def clock_of(point: Mapping[str, Any]) -> float:
    """Seconds that passed."""
    return sum(_costs(point, "clock"))


def peak_of(point: Mapping[str, Any]) -> float:
    """MiB of the largest stage."""
    return max(_costs(point, "peak_mib"))


def a_million(point: Mapping[str, Any]) -> float:
    """Seconds of the processors for a million receipts."""
    return cpu_of(point) / int(point["receipts"]) * MILLION


def tables(result: Mapping[str, Any]) -> RenderableType:
    """A row a size: seconds of the processors by stage and in all, and the largest memory."""
    columns = (
        (Text("receipts", "kuitansi"), "right"),
        *((text, "right") for text in CALLED.values()),
        (Text("CPU s", "detik CPU"), "right"),
        (Text("clock s", "detik jam"), "right"),
        (Text("CPU s a million", "detik CPU per juta"), "right"),
        (Text("peak MiB", "MiB puncak"), "right"),
    )
    title = Text("Seconds of the processors, by stage", "Detik prosesor, per tahap")
    return table(title, columns, (tuple(_row(point)) for point in result["curve"]))


def _row(point: Mapping[str, Any]) -> Iterator[str]:
    yield f"{point['receipts']:,}"
    for name in CALLED:
        yield f"{point['stages'][name]['cpu']:.1f}"
    yield f"{cpu_of(point):.1f}"
    yield f"{clock_of(point):.1f}"
    yield f"{a_million(point):.1f}"
    yield f"{peak_of(point):,.0f}"
