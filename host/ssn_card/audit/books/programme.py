# SPDX-License-Identifier: Apache-2.0
"""What the programme itself has decided, as tables of the books: ``staples``, ``regions`` and ``policies``.

The folder's own ``staples.csv``, ``regions.csv`` and ``policies.toml`` where they are, else those shipped.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from ssn_card.programme import load_policies, load_regions, load_staples

STAPLES, REGIONS, POLICIES = "staples.csv", "regions.csv", "policies.toml"


def take_programme(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the three tables. Raises :class:`~ssn_card.programme.errors.ProgrammeDataError`."""
    staples = load_staples(_own(folder, STAPLES))
    connection.execute(
        "CREATE TABLE staples (bit INTEGER, code VARCHAR, name_id VARCHAR, name_en VARCHAR, unit VARCHAR, "
        "reference_price_rp BIGINT, sold_until DATE)"
    )
    connection.executemany(
        "INSERT INTO staples VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (one.bit, one.code, one.name_id, one.name_en, one.unit, one.reference_price, one.sold_until)
            for one in staples
        ],
    )
    connection.execute("CREATE TABLE regions (kode_kemendagri VARCHAR, kode_bps VARCHAR, kecamatan VARCHAR)")
    connection.executemany(
        "INSERT INTO regions VALUES (?, ?, ?)",
        [(one.code, one.bps_code, one.kecamatan) for one in load_regions(_own(folder, REGIONS))],
    )
    connection.execute(
        "CREATE TABLE policies (policy_id BIGINT, name VARCHAR, valid_from DATE, valid_until DATE, "
        "entitlement_total BIGINT, monthly_limit BIGINT, package BIGINT, override_max BIGINT, categories INTEGER)"
    )
    connection.executemany(
        "INSERT INTO policies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.id,
                one.name,
                one.valid_from,
                one.valid_until,
                one.entitlement_total,
                one.monthly_limit,
                one.package,
                one.override_max,
                one.category_mask(staples),
            )
            for one in load_policies(_own(folder, POLICIES), staples)
        ],
    )


def _own(folder: Path, name: str) -> Path | None:
    return folder / name if (folder / name).exists() else None
