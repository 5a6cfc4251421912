# SPDX-License-Identifier: Apache-2.0
"""``ssn audit pack``: packs, and says what is in the store now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import Result, Step, pack
from ssn_card.protocol.errors import Text

from .output import emit, progress, say
from .tables import facts, sentence

if TYPE_CHECKING:
    from rich.progress import TaskID

_KB = 1000  #: bytes


def packed(paths: Sequence[Path], store: Path, json: bool) -> None:
    """The command. Raises what packing raises."""
    with progress(json) as bar:
        tasks: dict[Step, TaskID] = {}

        def told(step: Step, done: int, of: int | None) -> None:
            unit = _KB if step is Step.READ else 1
            total = None if of is None else of // unit
            if step not in tasks:
                tasks[step] = bar.add_task(say(step.value), total=total)
            bar.update(tasks[step], completed=done // unit, total=total)

        result = pack(find_sources(paths), store, told)
    data = {
        "store": str(store),
        "packed": [
            {"file": one.name, "rows": one.rows, "unreadable": one.unreadable, "sha256": one.sha256}
            for one in result.packed
        ],
        "known": list(result.known),
        "rows": result.rows,
        "partitions": result.partitions,
    }
    emit("audit-pack", data, json, lambda: _rendered(result, store))


def _rendered(result: Result, store: Path) -> RenderableType:
    rows = (
        (Text("files packed", "berkas dikemas"), str(len(result.packed))),
        (Text("receipts in them", "kuitansi di dalamnya"), str(sum(one.rows for one in result.packed))),
        (Text("lines that are no receipts", "baris bukan kuitansi"), str(sum(one.unreadable for one in result.packed))),
        (Text("files packed before", "berkas yang sudah ada"), str(len(result.known))),
        (Text("receipts in the store", "kuitansi di gudang"), str(result.rows)),
        (Text("partitions", "bagian"), str(result.partitions)),
    )
    parts: list[RenderableType] = [facts(Text(f"Store {store}", f"Gudang {store}"), rows)]
    if not result.packed:
        parts += ["", sentence(Text("Nothing new: the store is as it was.", "Tidak ada yang baru: gudang tetap sama."))]
    return Group(*parts)
