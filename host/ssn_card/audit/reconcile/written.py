# SPDX-License-Identifier: Apache-2.0
"""A reconciliation into a folder of its own, whole or not at all: tables as CSV, and the statements of the shops."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from enum import Enum
from pathlib import Path
from typing import Final

import duckdb

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage.folder import require_free, whole_folder

from .errors import StatementsNotWritten
from .reconciliation import RESULTS
from .statement import Ground
from .statements import statements_of, write_statements

#: For spreadsheets: a serial of sixteen digits would be rounded, and a text that begins so taken for a formula.
_SERIAL: Final = "concat_ws(' ', serial[1:4], serial[5:8], serial[9:12], serial[13:16]) AS serial"
_NAME: Final = "CASE WHEN regexp_matches(nama, '^[=+@-]') THEN '''' || nama ELSE nama END AS nama"
_REPLACED: Final = {"shop_accounts": _NAME, "programme_accounts": "", "shop_days": ""}


_ENDED: Final = Text(
    "the system ended a process that sets them, perhaps for want of memory",
    "sistem menghentikan proses penyusunnya, mungkin karena memori kurang",
)


class Writing(Enum):
    """The step that takes time; the value is its text in English and Indonesian."""

    STATEMENTS = Text("Setting the shops' statements", "Menyusun rekening toko")


#: Told of how far it is: the step, what is done, and of how much.
Told = Callable[[Enum, int, int | None], None]


def require_new_folder(folder: Path) -> None:
    """Raises :class:`StatementsNotWritten` if something has the name: to be asked before the work."""
    try:
        require_free(folder)
    except OSError as error:
        raise StatementsNotWritten(system_reason(error), str(folder)) from None


def write_reconciliation(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    ground: Ground,
    told: Told = lambda step, done, of: None,
) -> int:
    """``tables/`` with a CSV for each table, ``statements/`` with PDF and CSV of each shop. Returns how many shops.

    Raises:
        StatementsNotWritten: nothing of it is left.
        PaperNotSet: a defect of ours; likewise.
    """
    (shops,) = connection.execute("SELECT count(*) FROM shop_accounts").fetchall()[0]
    try:
        with whole_folder(folder) as draft:
            for name in ("tables", "statements"):
                (draft / name).mkdir()
            for name in RESULTS:
                _copy(connection, name, draft / "tables" / f"{name}.csv")
            statements = statements_of(connection)
            return write_statements(
                draft / "statements", ground, statements, lambda done: told(Writing.STATEMENTS, done, shops)
            )
    except OSError as error:
        raise StatementsNotWritten(system_reason(error), str(folder)) from None
    except BrokenExecutor:
        raise StatementsNotWritten(_ENDED, str(folder)) from None


def _copy(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    replaced = _REPLACED.get(name, _SERIAL)
    columns = f"* REPLACE ({replaced})" if replaced else "*"
    query = f"SELECT {columns} FROM {name} ORDER BY ALL"  # noqa: S608 - names of our own
    connection.sql(query).write_csv(str(path), header=True)
