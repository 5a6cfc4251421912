# SPDX-License-Identifier: Apache-2.0
"""Files that an audit judges, or by which it judges, as an attestation states them: each by the hash of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ssn_card.audit.proof import Input
from ssn_card.audit.proof.errors import NotAttestable
from ssn_card.audit.sources import find_sources
from ssn_card.audit.sources.packed import MANIFEST
from ssn_card.audit.store import is_store, open_store
from ssn_card.audit.store.reading import check_part
from ssn_card.protocol.errors import Text
from ssn_card.receipts import Sources
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.sources import STDIN

from .bars import Measuring, Told
from .errors import BadArgument

#: What a file is, and the file.
Named = tuple[str, Path]


def receipts_in(paths: Sequence[Path], others: Iterable[Path]) -> Sources:
    """The sources that these paths name. ``others``: files that are something else, and may lie in the same folders.

    Raises as :func:`~ssn_card.audit.sources.find_sources`.
    """
    sources = find_sources(paths)
    apart = {path.resolve() for path in others} - {path.resolve() for path in paths}
    files = tuple(source for source in sources.files if source.path.resolve() not in apart)
    if not files:
        raise NoReceipts(", ".join(map(str, paths)))
    return replace(sources, files=files)


def require_no_input(option: str, out: Path | None, sources: Sources, beside: Sequence[Named]) -> None:
    """Raises :class:`BadArgument` if what is to be written has the name of what is read: evidence is not replaced."""
    read = [*(source.path for source in sources.files), *(path for _, path in beside)]
    if out is not None and out.resolve() in {path.resolve() for path in read}:
        raise BadArgument(
            Text(f"{out} is one of the inputs.", f"{out} adalah salah satu masukan."),
            where=option,
            remedy=Text("Give another name, outside of the folders read.", "Beri nama lain, di luar folder masukan."),
        )


def measured(sources: Sources, beside: Sequence[Named], told: Told) -> list[Input]:
    """Every file, by its bytes as they are now; of a store its manifest, which has the hashes of its parts.

    Raises ``NotAttestable``, ``InputChanged``; ``StoreDamaged`` where a part is not what the manifest says.
    """
    files = [source.path for source in sources.files]
    total, done = total_size([*files, *(path for _, path in beside)]), 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        told(Measuring.MEASURE, done, total)

    inputs = [_of_source(path, advance) for path in files]
    return inputs + [Input.measured(kind, path, advance) for kind, path in beside]


def stated_path(path: Path, advance: Callable[[int], None]) -> Path:
    """The file by which an attestation knows this one: of a store, whose parts are looked at, its manifest."""
    if not is_store(path):
        return path
    store = open_store(path)
    for part in store.manifest.files():
        check_part(store.folder, part)
        advance(part.size)
    return store.folder / MANIFEST


def _of_source(path: Path, advance: Callable[[int], None]) -> Input:
    if path == STDIN:
        raise NotAttestable(Text("standard input can be read only once", "masukan standar hanya terbaca sekali"), "-")
    stated = stated_path(path, advance)
    return Input.measured("receipts" if stated is path else "store", stated, advance)


def total_size(paths: Iterable[Path]) -> int:
    """Bytes to be read, as far as that can be told beforehand."""
    return sum(map(_size, paths))


def _size(path: Path) -> int:
    if is_store(path):
        store = open_store(path)
        return store.size + (store.folder / MANIFEST).stat().st_size
    return path.stat().st_size if path.is_file() else 0
