# SPDX-License-Identifier: Apache-2.0
"""What offices hand in beside the receipts: the script's tables, and what cards told when they were read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..plan.events import Step
from ..plan.side import write_side_files
from .played import Played
from .script import YearScript

_MOMENT = "%Y-%m-%dT%H:%M:%S"


def write(script: YearScript, played: Played, folder: Path) -> None:
    """Write all of them into a folder."""
    write_side_files({**script.tables, "statuses": statuses(script, played)}, script.policies, folder)


def statuses(script: YearScript, played: Played) -> pa.Table:
    """What cards told when they were read, by the terminal's clock; of one second once."""
    read = np.flatnonzero((script.events["step"] == Step.READ) & played.done)
    rows = script.events[read]
    keys = np.stack((rows["card"].astype(np.int64), rows["at"]), axis=1)
    once = np.unique(keys, axis=0, return_index=True)[1]
    rows, read = rows[once], read[once]
    serials = pa.array([serial.tobytes().hex() for serial in script.serials], pa.string())
    return pa.table(
        {
            "serial": serials.take(pa.array(rows["card"])),
            "read_at": pc.strftime(pa.array(rows["at"].astype("datetime64[s]")), _MOMENT),
            "terminal_id": pa.array(rows["terminal"]),
            "seq": pa.array(played.seq[read]),
            "balance": pa.array(played.balance[read]),
        }
    )
