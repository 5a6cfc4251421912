# SPDX-License-Identifier: Apache-2.0
"""Files that offices hand the auditor beside the receipts, as inputs of an attestation."""

from __future__ import annotations

from pathlib import Path

from ssn_card.audit.books.programme import PROGRAMME_FILES
from ssn_card.audit.books.tables import TABLES

from .audit_inputs import Named


def data_files(folder: Path) -> list[Named]:
    """What the books read of a folder of side files."""
    names = (*(table.file for table in TABLES.values()), *PROGRAMME_FILES)
    return [("data", folder / name) for name in names if (folder / name).exists()]
