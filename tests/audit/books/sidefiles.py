# SPDX-License-Identifier: Apache-2.0
"""A folder of side files, written by their declaration: whatever a test does not give is plain and right."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import ssn_card.programme
from ssn_card.audit.books.tables import TABLES

SHIPPED = Path(next(iter(ssn_card.programme.__path__))) / "data"
Row = Mapping[str, object]

SHOP = {
    "id_ewarong": "EW-001",
    "nama": "E-Warong Satu",
    "kode_kecamatan": "64.72.01",
    "kecamatan": "Palaran",
    "kelurahan": "Bantuas",
    "buka": "08:00",
    "tutup": "17:00",
}
CARD = {
    "family": "F1",
    "kode_kecamatan": "64.72.01",
    "kelurahan": "Bantuas",
    "companion_id": "00000000000000c1",
    "issued_on": "2026-01-01",
    "delivered_on": "2026-01-02",
}
UPDATE = {
    "update_seq": 1,
    "issued_on": "2026-01-01",
    "loaded_total": 300000,
    "expired_total": 0,
    "monthly_limit": 600000,
    "override_max": 600000,
    "debit_max": 600000,
    "allowed_categories": 127,
    "valid_until": "2026-12-31",
    "state": "ACTIVE",
    "policy_id": 2025,
}
PRICE = {"code": "BERAS", "valid_from": "2026-01-01", "valid_until": "2026-01-31", "price_rp": 16200}


def write(folder: Path, table: str, rows: Iterable[Row]) -> Path:
    """One file, its columns in order."""
    names = [column.name for column in TABLES[table].columns]
    path = folder / TABLES[table].file
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def written(folder: Path, serials: Iterable[str] = ("5353000000000001",)) -> Path:
    """A folder with what is needed, for these cards and one shop."""
    folder.mkdir(exist_ok=True)
    cards = list(serials)
    write(folder, "shops", [SHOP])
    write(folder, "cards", [CARD | {"serial": serial, "family": f"F{serial}"} for serial in cards])
    write(folder, "updates", [UPDATE | {"serial": serial} for serial in cards])
    for name in ("staples.csv", "regions.csv", "policies.toml"):
        shutil.copy(SHIPPED / name, folder)
    return folder
