# SPDX-License-Identifier: Apache-2.0
"""Years of several sizes, each made, packed and reported, and what each stage of it came to."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ssn_card.audit.keys import BatchKeys
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.keys import KeyProvider, development_keyring
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.simulator.programme.errors import YearNotWritten
from ssn_card.simulator.programme.play.folder import DATA, EXPORTS, About
from ssn_card.simulator.programme.play.year import keys_of, planned_and_made
from ssn_card.simulator.programme.sets import SchemeSet

from ..audit.run import processor
from .copied import MOST, copied_data, copied_exports
from .stages import measured

Told = Callable[[Text], None]  #: is told what begins


@dataclass
class Growth:
    """Measures in a folder that has room: some 600 bytes a receipt. Where there is less, ``YearNotWritten``, or
    ``MeasureFailed`` of a stage.

    Args:
        folder: years that are made stay in it, and are not made again.
        made: families of the largest year that is planned; larger ones are copies of it, rounded to whole copies.
        seed: of the years.
        told: hears what begins.
    """

    folder: Path
    made: int
    seed: int
    told: Told = lambda what: None

    def run(self, families: Sequence[int]) -> dict[str, Any]:
        """Figures of years of so many families, the smallest first."""
        return {
            "machine": {
                "cpu": processor(),
                "python": platform.python_version(),
                "cores": len(os.sched_getaffinity(0)),
                "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30), 1),
            },
            "seed": self.seed,
            "made": self.made,
            "curve": [self._point(count) for count in sorted(families)],
        }

    def _point(self, families: int) -> dict[str, Any]:
        base, copies = min(families, self.made), min(MOST, max(1, round(families / self.made)))
        with development_keyring() as provider:
            year = self._year(base, provider)
            room = self.folder / "room"
            shutil.rmtree(room, ignore_errors=True)
            room.mkdir()
            grown = year if copies == 1 else self._grown(year, copies, provider, room)
        self.told(Text(f"Auditing {base * copies:,} families", f"Mengaudit {base * copies:,} keluarga"))
        found = measured(grown / EXPORTS, grown / DATA, room)
        shutil.rmtree(room)
        return {"families": base * copies, "copies": copies, **found}

    def _year(self, families: int, provider: KeyProvider) -> Path:
        self.told(Text(f"Making {families:,} families", f"Membuat {families:,} keluarga"))
        path = self.folder / f"year-{families}"
        planned_and_made(About(self.seed, families, True, SchemeSet.PROGRAMME, keys_of(provider)), path, provider)
        return path

    def _grown(self, year: Path, copies: int, provider: KeyProvider, room: Path) -> Path:
        self.told(Text(f"Copying it {copies} times", f"Menyalinnya {copies} kali"))
        store, grown, keys = room / "base", room / "grown", BatchKeys(provider)
        pack(find_sources([year / EXPORTS]), store)
        try:
            (grown / EXPORTS).mkdir(parents=True)
            for copy in range(copies):
                copied_exports(store, copy, keys, grown / EXPORTS, self.seed)
            copied_data(year / DATA, copies, grown / DATA)
        except OSError as error:
            raise YearNotWritten(grown, system_reason(error)) from None
        except duckdb.IOException as error:
            raise YearNotWritten(grown, Text(str(error), str(error))) from None
        shutil.rmtree(store)
        return grown
