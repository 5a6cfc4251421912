# SPDX-License-Identifier: Apache-2.0
"""``ssn audit reconcile``: where the money is; tables and statements where a folder is given."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Group

from ssn_card.audit.proof import unchanged
from ssn_card.audit.proof.statement import software
from ssn_card.audit.reconcile import RESULTS, Reconciliation, reconcile
from ssn_card.audit.reconcile.statement import Ground
from ssn_card.audit.reconcile.written import require_new_folder, write_reconciliation
from ssn_card.audit.verify import Given
from ssn_card.protocol.errors import Text

from .audit_books import opened_books, side_files
from .audit_inputs import measured, receipts_in
from .audit_reconcile_shown import rendered
from .bars import bars
from .errors import FindingsFound
from .judging import ends_of
from .options import ReceiptKeyOptions
from .output import emit


def reconciled(
    store: Path, data: Path, keys: ReceiptKeyOptions, tips: Path | None, out_dir: Path | None, json: bool
) -> None:
    """The command. Raises ``FindingsFound`` where something contradicts, and what verifying and writing raise."""
    if out_dir is not None:
        require_new_folder(out_dir)
    given = Given(ends_of(tips))
    beside = [*side_files(data), *([] if tips is None else [("tips", tips)])]
    with bars(json) as told:
        inputs = measured(receipts_in([store], []), beside, told) if out_dir is not None else []
    with opened_books(store, data, keys, json, given) as (books, judged):
        began = time.monotonic()
        result = reconcile(books.connection, books.tables)
        took = time.monotonic() - began
        if out_dir is not None:
            unchanged(inputs)
            hashes = tuple((one.path.name, one.sha256) for one in inputs)
            ground = Ground(result.first, result.newest, hashes, software())
            with bars(json) as told:
                write_reconciliation(out_dir, books.connection, ground, told)
        remarks = (*result.remarks, *books.remarks)
        emit(
            "audit-reconcile",
            _data(result, books.connection, remarks, took) | {"genuine": judged.report.genuine, "out_dir": out_dir},
            json,
            lambda: Group(*rendered(result, books.connection, remarks, out_dir)),
        )
    if result.found:
        raise FindingsFound(result.found, store)


def _data(
    result: Reconciliation, connection: duckdb.DuckDBPyConnection, remarks: tuple[Text, ...], took: float
) -> dict[str, Any]:
    """Figures, and of the tables those that are short; the long ones are files of ``--out-dir``."""
    told = asdict(result) | {"totals": asdict(result.totals), "found": result.found}
    told["remarks"] = [{"en": one.en, "id": one.id} for one in remarks]
    told["overdrawn"] = [
        dict(zip(("policy_id", "kode_kecamatan", "rupiah"), one, strict=True)) for one in result.overdrawn
    ]
    short = [name for name in RESULTS if name not in ("card_accounts", "shop_days")]
    return told | {name: _rows(connection, name) for name in short} | {"seconds": round(took, 3)}


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    found = connection.table(name).order("ALL")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
