# SPDX-License-Identifier: Apache-2.0
"""``ssn audit check-report``: whether a report is the auditor's, whole, and about these inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.audit.report.manifest import CheckedReport, check_report
from ssn_card.audit.sources import find_sources
from ssn_card.protocol.errors import Text
from ssn_card.signing import read_public_key

from .audit_books import side_files
from .audit_inputs import stated_path, total_size
from .bars import Measuring, bars
from .output import emit
from .tables import facts, sentence


def checked_report(folder: Path, inputs: Sequence[Path], public_key: Path, json: bool) -> None:
    """The command. Raises what checking raises."""
    key = read_public_key(public_key)
    check_report(folder, key)  # before hours of reading
    files = _files(inputs)
    total, done = total_size(files), 0
    with bars(json) as told:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            told(Measuring.MEASURE, done, total)

        found = check_report(folder, key, [stated_path(path, advance) for path in files], advance)
    emit("audit-check-report", _data(found), json, lambda: _rendered(found))


def _files(inputs: Sequence[Path]) -> list[Path]:
    """Of a folder of side files those that books read; of all else what verification would find."""
    beside = {path: [file for _, file in side_files(path)] for path in inputs if path.is_dir()}
    others = [path for path in inputs if not beside.get(path)]
    found = [source.path for source in find_sources(others).files] if others else []
    return [*found, *(file for files in beside.values() for file in files)]


def _data(found: CheckedReport) -> dict[str, Any]:
    manifest = found.manifest.model_dump(by_alias=True, mode="json")
    manifest.pop("schema")
    return {"signature": "right", "not_given": [one.name for one in found.not_given], "manifest": manifest}


def _rendered(found: CheckedReport) -> RenderableType:
    said = found.manifest
    rows = (
        (Text("report of", "laporan tanggal"), said.dated),
        (Text("program", "program"), said.software),
        (Text("files, all as signed", "berkas, semua sesuai tanda tangan"), str(len(said.files))),
        (Text("inputs", "masukan"), str(len(said.inputs))),
    )
    title = Text("Rightly signed, and whole.", "Tanda tangan sah, dan utuh.")
    return Group(facts(title, rows), "", *map(sentence, _compared(found)))


def _compared(found: CheckedReport) -> Iterator[Text]:
    count, given = len(found.manifest.inputs), len(found.manifest.inputs) - len(found.not_given)
    if given:
        yield Text(
            f"Of {count} inputs {given} were compared: they are those that it rests on.",
            f"Dari {count} masukan, {given} dibandingkan: memang itu dasarnya.",
        )
    if found.not_given:
        name = found.not_given[0].name
        yield Text(
            f"Not compared, for they were not given: {len(found.not_given)} inputs, such as {name}.",
            f"Tidak dibandingkan karena tidak diberikan: {len(found.not_given)} masukan, misalnya {name}.",
        )
