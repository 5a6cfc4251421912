# SPDX-License-Identifier: Apache-2.0
"""All of it in one run: several times in turn, so that a machine that drifts drifts for all; the median of each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from ssn_card.audit.engine import Wanted
from ssn_card.audit.errors import EngineMissing

from . import inputs
from .child import measured

FAULTS = 0.0015  #: share of the receipts of which something is wrong, where that costs
_OPENSSL_SECONDS = 1
Told = Callable[[str], None]  #: is told what begins


@dataclass(frozen=True)
class Sizes:
    """How many receipts each measure has."""

    alone: int = 20_000  #: of the single verifier
    memory: int = 1_000_000  #: of the kernel, in memory
    lockstep: int = 400_000
    files: int = 3_000_000


@dataclass(frozen=True)
class Point:
    """One size of the curve."""

    receipts: int
    seconds: float
    cpu_seconds: float
    peak_mib: float


@dataclass
class Result:
    """``rates``: by name, per second of one core; ``more``: what is no rate."""

    rates: dict[str, float] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    curve: list[Point] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        rates = {name: round(rate) for name, rate in self.rates.items()}
        return {**rates, **self.more, "curve": [asdict(point) for point in self.curve]}


class Bench:
    """Measures in a folder, which has room for the files."""
