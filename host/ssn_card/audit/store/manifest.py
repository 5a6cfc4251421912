# SPDX-License-Identifier: Apache-2.0
"""What a store holds: its manifest, which is the last thing that is written and the first that is read."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from ..errors import NotAStore, StoreDamaged
from ..sources.packed import KIND, MANIFEST

SCHEMA = f"{KIND}1"
_SHA256 = re.compile("[0-9a-f]{64}")
_DAMAGED = Text("its manifest cannot be read", "manifesnya tidak dapat dibaca")


@dataclass(frozen=True, slots=True)
class Packed:
    """A source that was packed. ``rows`` and ``unreadable`` are all of its lines, blank ones aside."""

    name: str
    sha256: str
    size: int
    rows: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A file of the store. ``bucket``: its place among the partitions; -1 of what is no partition."""

    path: str
    bucket: int
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A store's contents. ``buckets``: how many partitions there are, a power of two; those without a row have no
    file. ``remarks``: the file of what the readers of the sources had to say, if they had."""

    buckets: int = 1
    sources: tuple[Packed, ...] = ()
    parts: tuple[StoreFile, ...] = ()
    remarks: StoreFile | None = None

    @property
    def rows(self) -> int:
        """Receipts in all."""
        return sum(part.rows for part in self.parts)

    def files(self) -> tuple[StoreFile, ...]:
        """All files that belong to it."""
        return self.parts if self.remarks is None else (*self.parts, self.remarks)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a store.

    Raises:
        NotAStore: there is none, or of another version.
        StoreDamaged: it cannot be read, or contradicts itself.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NotAStore(str(folder), Text("it has no manifest.json", "tidak ada manifest.json")) from None
    except OSError as error:
        raise StoreDamaged(str(path), system_reason(error)) from None
    except ValueError:
        raise StoreDamaged(str(path), _DAMAGED) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise NotAStore(str(folder), Text("its manifest is of another version", "manifesnya dari versi lain"))
    try:
        manifest = _manifest(data)
    except (TypeError, KeyError, ValueError):
        raise StoreDamaged(str(path), _DAMAGED) from None
    if manifest.rows != sum(source.rows for source in manifest.sources):
        text = Text("rows that went in and rows that are there differ", "jumlah baris masuk dan yang ada berbeda")
        raise StoreDamaged(str(path), text)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it whole or not at all. Raises ``OSError``."""
    text = json.dumps({"schema": SCHEMA, "rows": manifest.rows} | asdict(manifest), indent=1, ensure_ascii=False)
    with whole_file(folder / MANIFEST) as file:
        file.write(text.encode("utf-8", "surrogateescape") + b"\n")


def _manifest(data: dict[str, Any]) -> Manifest:
    remarks = data["remarks"]
    buckets = [one["bucket"] for one in data["parts"]]
    if len(set(buckets)) != len(buckets) or not all(0 <= bucket < data["buckets"] for bucket in buckets):
        raise ValueError(buckets)
    return Manifest(
        data["buckets"],
        tuple(Packed(**one) for one in data["sources"]),
        tuple(_part(one) for one in data["parts"]),
        None if remarks is None else _part(remarks),
    )


def _part(data: dict[str, Any]) -> StoreFile:
    """A file of the store, which must be inside of it."""
    part = StoreFile(**data)
    inside = not Path(part.path).is_absolute() and ".." not in Path(part.path).parts
    if not inside or not _SHA256.fullmatch(part.sha256) or part.rows < 0:
        raise ValueError(part.path)
    return part
