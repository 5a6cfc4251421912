# SPDX-License-Identifier: Apache-2.0
"""The record of what was verified before (``--recall``): of one store, and never over a file that is something else."""

from __future__ import annotations

from pathlib import Path

from ssn_card.audit.errors import RecallNotWritten
from ssn_card.audit.recall import MAGIC, Recall
from ssn_card.audit.store import is_store
from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Sources

from .errors import BadArgument
from .output import warn


def opened_recall(path: Path | None, provider: KeyProvider, sources: Sources) -> Recall | None:
    """The record in a file, or a new one. Raises :class:`BadArgument`."""
    if path is None:
        return None
    if len(sources.files) != 1 or not is_store(sources.files[0].path):
        raise BadArgument(
            Text("Only of a store is kept what was verified.", "Hanya hasil pemeriksaan gudang yang dicatat."),
            where="--recall",
            remedy=Text(
                "Pack the receipts (ssn audit pack), and give the store alone.",
                "Kemas kuitansinya (ssn audit pack), lalu berikan gudangnya saja.",
            ),
        )
    if path.exists() and not _is_record(path):
        raise BadArgument(
            Text(f"{path} is something else.", f"{path} bukan catatan pemeriksaan."),
            where="--recall",
            remedy=Text("Give a new name.", "Beri nama baru."),
        )
    return Recall.open(path, provider)


def saved_recall(recall: Recall | None) -> None:
    """Keep it for the next time; that it cannot be kept takes nothing from the verdict, and is said."""
    if recall is not None:
        try:
            recall.save()
        except RecallNotWritten as error:
            warn(" ".join(error.describe().split()))


def _is_record(path: Path) -> bool:
    """Raises :class:`BadArgument` where it cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
