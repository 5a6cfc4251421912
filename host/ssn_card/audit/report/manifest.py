# SPDX-License-Identifier: Apache-2.0
"""The manifest of a report: what it was made of and what it consists of, each by the hash of its bytes.

One line, the statement in its canonical form; signed by the auditor two (:mod:`ssn_card.signing`). No clock is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, Field

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.signing import SHA256_FORM, STRICT, canonical_json, read_signed, signed_text, stated

from ..proof.compared import Differences, compare_inputs, not_given, require_no_difference
from ..proof.inputs import Advance
from ..proof.statement import Keys, Option, StatedInput

MANIFEST: Final = "manifest.jsonl"
_ABSENT = Text("it is not there", "tidak ada")
_OTHER = Text("other bytes than those of the report", "isinya bukan isi laporan itu")
_STRANGER = Text("it does not belong to the report", "bukan bagian laporan itu")


class ReportFile(BaseModel):
    """A file of the report."""

    model_config = STRICT

    name: str
    sha256: str = Field(pattern=SHA256_FORM)
    size: int = Field(ge=0)


class ReportManifest(BaseModel):
    """What is signed.

    Args:
        dated: the day that stands on the report, ISO 8601.
        software: name and version.
        keys: whose keys judged.
        options: as they were given, by name.
        counts: of the verification, as of ``Report``.
        inputs: every file that was read.
        files: every file of the report but this.
    """

    model_config = STRICT

    schema_: Literal["ssn-card/report-manifest/1"] = Field(
        default="ssn-card/report-manifest/1", validation_alias="schema", serialization_alias="schema"
    )
    dated: str
    software: str
    keys: Keys
    options: dict[str, Option]
    counts: dict[str, int]
    inputs: list[StatedInput]
    files: list[ReportFile]

    def canonical(self) -> bytes:
        """The one text of the manifest: JSON in ASCII without white space, members by the alphabet."""
        return canonical_json(self)


@dataclass(frozen=True)
class CheckedReport:
    """A report whose signature is right and whose files are those signed. ``not_given``: inputs of which no file was at
    hand."""

    manifest: ReportManifest
    not_given: tuple[StatedInput, ...]


def report_files(files: Mapping[str, bytes]) -> list[ReportFile]:
    """Each by its name."""
    return [
        ReportFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        for name, content in sorted(files.items())
    ]


def manifest_text(manifest: ReportManifest, key: Ed25519PrivateKey | None) -> bytes:
    """The file's bytes: signed where there is a key."""
    line = manifest.canonical()
    return line + b"\n" if key is None else signed_text(line, key)


def check_report(
    folder: Path, public_key: Ed25519PublicKey, inputs: Iterable[Path] = (), advance: Advance | None = None
) -> CheckedReport:
    """The manifest, if the holder of the key has signed it and files and inputs are those that it names.

    Args:
        folder: the report's.
        public_key: the auditor's, from himself.
        inputs: files that the report rests on, wherever they lie now; of a store its manifest.
        advance: told of the bytes of inputs as they are read.

    Raises:
        AttestationUnreadable: it cannot be read.
        AttestationRefused: it is not what the holder of this key has signed. Nothing of it was believed.
        UnknownAttestation: rightly signed, but of another form.
        AttestedFilesDiffer: files are not those stated, are lacking, or do not belong there; each is named.
        NotAttestable: an input given cannot be read.
    """
    path = folder / MANIFEST
    manifest = stated(ReportManifest, read_signed(path, public_key), path)
    measured, differences = compare_inputs(inputs, manifest.inputs, advance)
    require_no_difference(_of_files(folder, manifest) | differences, path)
    return CheckedReport(manifest, not_given(measured, manifest.inputs))


def _of_files(folder: Path, manifest: ReportManifest) -> Differences:
    differences: Differences = {}
    known = {file.name for file in manifest.files} | {MANIFEST}
    for file in manifest.files:
        why = _wrong(folder / file.name, file)
        if why is not None:
            differences[file.name] = why
    for name in sorted({path.name for path in folder.iterdir()} - known):
        differences[name] = _STRANGER
    return differences


def _wrong(path: Path, file: ReportFile) -> Text | None:
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return _ABSENT
    except OSError as error:
        return system_reason(error)
    return None if sha256 == file.sha256 else _OTHER
