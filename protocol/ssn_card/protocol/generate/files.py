# SPDX-License-Identifier: Apache-2.0
"""Which files are generated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from . import document, java, layout_data, schema, vectors


def generated() -> dict[str, str]:
    """Text of every generated file, by its path from the repository's root."""
    return {
        java.PATH: java.render(),
        document.PATH: document.render(),
        layout_data.PATH: layout_data.render(),
        schema.PATH: schema.render(),
        **vectors.render(),
    }


def differing(root: Path, files: Mapping[str, str]) -> list[str]:
    """Paths of generated files that are missing or differ, and of vectors that are no longer generated."""
    wrong = [path for path, text in files.items() if not _holds(root / path, text)]
    left_over = {f"{vectors.FOLDER}/{path.name}" for path in (root / vectors.FOLDER).glob("*.json")} - set(files)
    return wrong + sorted(left_over)


def write(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write what differs and remove what is left over; returns those paths."""
    changed = differing(root, files)
    for path in changed:
        if path not in files:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8", newline="\n")
    return changed


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")
