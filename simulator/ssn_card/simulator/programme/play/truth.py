# SPDX-License-Identifier: Apache-2.0
"""What every receipt truly is, for whoever measures rules: nothing that judges may read it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from .played import Played
from .script import YearScript

ACTORS = ("actor", "subject", "who", "scheme", "rules", "honest")


def events(script: YearScript, played: Played) -> pa.Table:
    """A row for each receipt: ``serial``, ``seq``, ``class``, ``actor`` and ``rule``, null where there is none."""
    made = np.flatnonzero(played.receipted(script))
    rows = script.events[made]
    return pa.table(
        {
            "serial": pa.DictionaryArray.from_arrays(
                pa.array(rows["card"]), pa.array([serial.tobytes().hex() for serial in script.serials], pa.string())
            ),
            "seq": pa.array(played.numbers()[made]),
            "class": _named(rows["label"], [label.kind for label in script.labels]),
            "actor": _named(rows["actor"], [actor.actor for actor in script.actors]),
            "rule": _named(rows["label"], [label.rules or None for label in script.labels]),
        }
    )


def _named(places: NDArray[np.signedinteger], names: list[str] | list[str | None]) -> pa.Array:
    """Names by their places, null for -1."""
    return pa.array(names, pa.string()).take(pa.array(places.astype(np.int32), mask=places < 0))


def write(script: YearScript, played: Played, folder: Path) -> None:
    """Write events.parquet and actors.csv into a folder."""
    pq.write_table(events(script, played), folder / "events.parquet", compression="zstd")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(ACTORS)
    for one in script.actors:
        honest = "yes" if one.honest else "no"
        table.writerow((one.actor, one.subject, one.who, one.scheme, ";".join(one.rules), honest))
    (folder / "actors.csv").write_text(text.getvalue(), "utf-8")
