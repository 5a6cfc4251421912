# SPDX-License-Identifier: Apache-2.0
"""What offices hand in beside the receipts: the plan's tables, and the statuses that cards told when they were read."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from ssn_card.audit.books.tables import TABLES
from ssn_card.programme.tables import packaged

from ..plan.contents import Plan
from ..plan.events import Step
from .played import Played

SHIPPED = ("staples.csv", "regions.csv")
_MOMENT = "%Y-%m-%dT%H:%M:%S"


def write(plan: Plan, played: Played, folder: Path) -> None:
    """Write all of them into a folder."""
    for name, table in {**plan.tables, "statuses": statuses(plan, played)}.items():
        due = [column.name for column in TABLES[name].columns]
        write_csv(table.select(due), folder / TABLES[name].file)
    (folder / "policies.toml").write_text(plan.policies, "utf-8")
    for name in SHIPPED:
        shutil.copyfile(packaged(name), folder / name)


def statuses(plan: Plan, played: Played) -> pa.Table:
    """What cards told when they were read, by the terminal's clock; of one second once."""
    read = np.flatnonzero((plan.events["step"] == Step.READ) & played.done)
    rows = plan.events[read]
    keys = np.stack((rows["card"].astype(np.int64), rows["at"]), axis=1)
    once = np.unique(keys, axis=0, return_index=True)[1]
    rows, read = rows[once], read[once]
    serials = pa.array([serial.tobytes().hex() for serial in plan.serials], pa.string())
    return pa.table(
        {
            "serial": serials.take(pa.array(rows["card"])),
            "read_at": pa.array(rows["at"].astype("datetime64[s]")),
            "terminal_id": pa.array(rows["terminal"]),
            "seq": pa.array(played.seq[read]),
            "balance": pa.array(played.balance[read]),
        }
    )


def write_csv(table: pa.Table, path: Path) -> None:
    """A table as CSV: moments in ISO 8601, an empty field for null."""
    with duckdb.connect() as database:
        database.register("rows", table)
        database.execute(f"COPY rows TO ? (HEADER, DELIMITER ',', TIMESTAMPFORMAT '{_MOMENT}')", [str(path)])
