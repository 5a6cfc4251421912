# SPDX-License-Identifier: Apache-2.0
"""The published vectors, read from their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "protocol/vectors"
SCHEMA: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "schema")
FILES: dict[str, dict[str, Any]] = {
    name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES
}
TRANSCRIPTS: dict[str, dict[str, Any]] = {
    transcript["name"]: transcript for content in FILES.values() for transcript in content.get("transcripts", ())
}


def raw(case: dict[str, Any], name: str) -> bytes:
    """A byte string of a case."""
    return bytes.fromhex(case[name])


def commands_of(transcript: dict[str, Any]) -> list[dict[str, Any]]:
    """The exchanges of a transcript that are commands."""
    return [exchange for exchange in transcript["exchanges"] if "command" in exchange]
