# SPDX-License-Identifier: Apache-2.0
"""All of it in one run: several times in turn, so that a machine that drifts drifts for all; the median of each."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from ssn_card.protocol.errors import Text

from . import inputs
from .child import measured

_SECONDS = 1  #: of ``openssl speed``
_KERNEL, _LOCKSTEP = "kernel", "lockstep"

Told = Callable[[Text], None]  #: is told what begins


@dataclass(frozen=True)
class Sizes:
    """How many receipts each measure has."""

    alone: int = 20_000  #: of the single verifier
    memory: int = 1_000_000  #: of the kernel
    lockstep: int = 300_000
    files: int = 3_000_000


@dataclass(frozen=True)
class Point:
    """One size of the curve; ``seconds`` of one core's time, ``peak_mib`` of the process at its largest."""

    receipts: int
    seconds: float
    peak_mib: float


@dataclass
class Figures:
    """``rates``: by name, per second of one core's time; ``more``: what is no rate."""

    rates: dict[str, float] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    curve: list[Point] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        rates = {name: round(rate) for name, rate in self.rates.items()}
        return {**rates, **self.more, "curve": [asdict(point) for point in self.curve]}


@dataclass
class Bench:
    """Measures in a folder, which must be empty and have room for the files."""

    folder: Path
    sizes: Sizes = field(default_factory=Sizes)
    told: Told = lambda what: None

    def __post_init__(self) -> None:
        self._cores = sorted(os.sched_getaffinity(0))
        self._lines, self._exports = self.folder / "alone.jsonl", self.folder / "exports"
        self._store = self.folder / "store"

    @property
    def _core(self) -> list[int]:
        """The one to measure on: the last, since the system likes the first."""
        return self._cores[-1:]

    def run(self, repeats: int, receipts: Sequence[int]) -> Figures:
        """Everything. ``receipts``: sizes of the curve."""
        self.told(Text("Making receipts", "Membuat kuitansi"))
        inputs.write_lines(self._lines, self.sizes.alone)
        inputs.write_exports(self._exports, self.sizes.files)
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in self._measures()}
        for number in range(repeats):
            for name, (measure, arguments) in self._measures().items():
                self.told(Text(f"{number + 1}/{repeats} {name}", f"{number + 1}/{repeats} {name}"))
                runs[name].append(self._one(name, measure, arguments))
        result = Figures({name: median(one["count"] / one["cpu"] for one in of) for name, of in runs.items()})
        result.more["machine"] = {"cpu": processor(), "python": platform.python_version()}
        result.more["two_cores_ratio"] = self._two_cores(repeats)
        result.more["dask"] = self._dask()
        shutil.rmtree(self._exports)
        shutil.rmtree(self._store)
        result.curve = [self._point(size) for size in sorted(receipts)]
        peaks = [one["peak_mib"] for name in _FILES for one in runs[name]]
        result.more["peak_mib"] = max(*peaks, *(point.peak_mib for point in result.curve))
        return result

    def _measures(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """What is measured, by the names under which it is told; packing makes the store that is read next."""
        sizes = self.sizes
        kernel = {"engine": _KERNEL, "receipts": sizes.memory}
        fallback = {"engine": _LOCKSTEP, "receipts": sizes.lockstep}
        spoilt = {"faults": inputs.FAULTS}
        return {
            "one_by_one_per_s": ("one_by_one", {"path": str(self._lines)}),
            "cmac_one_by_one_per_s": ("cmac_one_by_one", {"receipts": sizes.alone}),
            "openssl_cmac_per_s": ("openssl_cmac", {"seconds": _SECONDS}),
            "kernel_whole_per_s": ("engine_whole", kernel),
            "kernel_faults_per_s": ("engine_whole", kernel | spoilt),
            "kernel_mac_per_s": ("kernel_mac", {"receipts": sizes.memory}),
            "fallback_clean_per_s": ("engine_whole", fallback),
            "fallback_whole_per_s": ("engine_whole", fallback | spoilt),
            "baskets_per_s": ("baskets", {"receipts": sizes.lockstep}),
            "generated_per_s": ("generate", {"receipts": sizes.memory}),
            "pack_per_s": ("pack", {"paths": [str(self._exports)], "store": str(self._store)}),
            "parquet_whole_per_s": ("verify", {"paths": [str(self._store)], "workers": 1}),
            "shuffled_whole_per_s": ("verify", {"paths": [str(self._exports)], "workers": 1}),
        }  # fmt: skip

    def _one(self, name: str, measure: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if measure == "pack":
            shutil.rmtree(self._store, ignore_errors=True)
        return measured(measure, self._core, **arguments)

    def _two_cores(self, repeats: int) -> float | None:
        """How much sooner two cores have a store judged than one; ``None`` where there is but one."""
        if len(self._cores) < 2:
            return None
        self.told(Text("Two cores", "Dua inti"))
        paths, pair = [str(self._store)], self._cores[-2:]
        ratios: list[float] = []
        for _ in range(repeats):
            one = measured("verify", self._core, paths=paths, workers=1)
            two = measured("verify", pair, paths=paths, workers=2)
            ratios.append(one["wall"] / two["wall"])
        return round(median(ratios), 2)

    def _dask(self) -> dict[str, Any]:
        """A cluster of two processes, over exports in which something is wrong."""
        self.told(Text("Dask, two processes", "Dask, dua proses"))
        folder = self.folder / "spoilt"
        inputs.write_exports(folder, self.sizes.memory, inputs.FAULTS)
        found = measured("dask", self._cores[-2:], paths=[str(folder)])
        shutil.rmtree(folder)
        names = ("count", "findings", "same_findings")
        return {"seconds": round(found["wall"], 2), **{name: found[name] for name in names}}

    def _point(self, receipts: int) -> Point:
        """A store of that many receipts, judged on one core."""
        self.told(Text(f"{receipts:,} receipts", f"{receipts:,} kuitansi"))
        whole = self.folder / "whole.parquet"
        inputs.write_sorted(whole, receipts)
        measured("pack", self._cores, paths=[str(whole)], store=str(self._store))
        whole.unlink()
        found = measured("verify", self._core, paths=[str(self._store)], workers=1)
        shutil.rmtree(self._store)
        return Point(found["count"], round(found["cpu"], 2), found["peak_mib"])


def processor() -> str:
    """Its name, as Linux tells it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


#: Measures that read files, of which the largest memory is told.
_FILES = ("parquet_whole_per_s", "shuffled_whole_per_s")
