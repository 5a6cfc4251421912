# SPDX-License-Identifier: Apache-2.0
"""By what a folder is known to be a store of packed receipts, and no folder of loose files."""

from __future__ import annotations

from pathlib import Path

MANIFEST = "manifest.json"
KIND = "ssn-card/receipt-store/"  #: of the manifest's schema, before its version
_HEAD = 256  #: bytes; the schema is the manifest's first member


def is_store(folder: Path) -> bool:
    """Whether there is a manifest of a store in it, of whatever version."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            return f'"{KIND}'.encode("ascii") in file.read(_HEAD)
    except OSError:
        return False
