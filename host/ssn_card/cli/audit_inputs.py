# SPDX-License-Identifier: Apache-2.0
"""The files behind the paths of an audit, each with its kind: what an attestation names, and is checked against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ssn_card.audit.sources import find_sources
from ssn_card.audit.sources.packed import MANIFEST
from ssn_card.audit.store import is_store, open_store
from ssn_card.receipts import Sources

from .judging import JudgingOptions


def judged(sources: Sources) -> Iterator[tuple[str, Path]]:
    """Files of receipts; of a store its manifest, and then a look at all the files whose hashes that has.

    Raises ``StoreDamaged``.
    """
    for source in sources.files:
        if is_store(source.path):
            store = open_store(source.path)
            yield "store", store.folder / MANIFEST
            store.check()
        else:
            yield "receipts", source.path


def judging_by(options: JudgingOptions) -> Iterator[tuple[str, Path]]:
    """Files that say something of cards."""
    if options.tips is not None:
        yield "tips", options.tips
    for kind, paths in options.files():
        yield from ((kind, path) for path in paths)


def given(paths: Iterable[Path]) -> Iterator[Path]:
    """What may be any of these: a folder stands for the files in it, a store for its manifest."""
    for path in paths:
        if path.is_dir():
            yield from (one for _, one in judged(find_sources([path])))
        else:
            yield path
