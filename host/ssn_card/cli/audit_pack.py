# SPDX-License-Identifier: Apache-2.0
"""``ssn audit pack``: packs, and says what is in the store now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType

from ssn_card.audit.store import Result, pack
from ssn_card.protocol.errors import Text

from .audit_inputs import receipts_in
from .bars import bars
from .output import emit
from .tables import facts, sentence


def packed(paths: Sequence[Path], store: Path, json: bool) -> None:
    """The command. Raises what packing raises."""
    sources = receipts_in(paths, [store])  # the store may lie in a folder of what it is made of
    with bars(json) as told:
        result = pack(sources, store, told)
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
