# SPDX-License-Identifier: Apache-2.0
"""A report into a folder of its own, whole or not at all: pages, tables, JSON, and the manifest over all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import Enum
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage.folder import require_free, whole_folder

from ..proof.statement import Keys, Option, StatedInput
from ..work import processors
from .compose import LANGUAGES, compose
from .data import ReportData, report_json, report_schema
from .errors import ReportNotWritten
from .html import as_html
from .manifest import MANIFEST, ReportManifest, manifest_text, report_files
from .pages import as_pdf
from .tables import tables


class Drawing(Enum):
    """The step that takes time; the value is its text in English and Indonesian."""

    DRAW = Text("Setting the report", "Menyusun laporan")


#: Told of how far it is: the step, what is done, and of how much.
Told = Callable[[Enum, int, int | None], None]


@dataclass(frozen=True)
class Signing:
    """What the manifest states beside the report itself. ``key``: the auditor's; without it nothing is signed."""

    inputs: Sequence[StatedInput]
    keys: Keys
    options: Mapping[str, Option]
    key: Ed25519PrivateKey | None = None


def require_new_report(folder: Path) -> None:
    """Raises :class:`ReportNotWritten` if something has the name: to be asked before the work."""
    try:
        require_free(folder)
    except OSError as error:
        raise ReportNotWritten(system_reason(error), str(folder)) from None


def write_report(
    folder: Path,
    data: ReportData,
    signing: Signing,
    languages: Sequence[str] = LANGUAGES,
    told: Told = lambda step, done, of: None,
) -> tuple[Path, ...]:
    """The files of the report, as written. ``languages``: of its pages, each of them two files.

    Raises:
        ReportNotWritten: nothing of it is left.
    """
    files = _files(data, languages, told)
    manifest = ReportManifest(
        dated=data.dated.isoformat(),
        software=data.software,
        keys=signing.keys,
        options=dict(signing.options),
        counts=dict(data.checked.figures),
        inputs=list(signing.inputs),
        files=report_files(files),
    )
    files[MANIFEST] = manifest_text(manifest, signing.key)
    try:
        with whole_folder(folder) as draft:
            for name, content in files.items():
                (draft / name).write_bytes(content)
    except OSError as error:
        raise ReportNotWritten(system_reason(error), str(folder)) from None
    return tuple(folder / name for name in files)


def _files(data: ReportData, languages: Sequence[str], told: Told) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    told(Drawing.DRAW, 0, len(languages))
    for done, pages in enumerate(_pages(data, languages), 1):
        files |= pages
        told(Drawing.DRAW, done, len(languages))
    files["report.json"] = report_json(data)
    files["report.schema.json"] = json.dumps(report_schema(), indent=1, sort_keys=True).encode("utf-8") + b"\n"
    return files | tables(data)


def _pages(data: ReportData, languages: Sequence[str]) -> Iterator[dict[str, bytes]]:
    """Of each language in its turn; charts are the work of the processor, so the second is another process's.

    One that begins anew: a fork of one that has threads, as DuckDB does, may hang.
    """
    if len(languages) < 2 or processors() == 1:
        yield from (_in_language(data, language) for language in languages)
        return
    with ProcessPoolExecutor(len(languages) - 1, get_context("spawn")) as pool:
        later = [pool.submit(_in_language, data, language) for language in languages[1:]]
        yield _in_language(data, languages[0])
        yield from (one.result() for one in later)


def _in_language(data: ReportData, language: str) -> dict[str, bytes]:
    document = compose(data, language)
    return {f"report.{language}.html": as_html(document), f"report.{language}.pdf": as_pdf(document, data.dated)}
