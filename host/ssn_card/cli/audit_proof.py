# SPDX-License-Identifier: Apache-2.0
"""``ssn audit attestation-key`` and ``check-attestation``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType

from ssn_card.audit.proof import Attestation, check_attestation
from ssn_card.audit.sources import find_sources
from ssn_card.protocol.errors import Text
from ssn_card.signing import create_signing_key, public_pem, read_public_key
from ssn_card.storage import whole_file

from .audit_inputs import stated_path, total_size
from .bars import Measuring, bars
from .errors import BadFile
from .figures import figure_rows
from .output import emit
from .passwords import ATTESTATION_PASSWORD_VARIABLE, new_password_of
from .tables import facts, sentence

_PUBLIC = ".pub"


def key_made(out: Path, json: bool) -> None:
    """The command. Raises what making and writing a key raise."""
    public = out.with_name(out.name + _PUBLIC)
    if public.exists() or public.is_symlink():
        raise BadFile(Text("The file exists already.", "Berkas sudah ada."), where=str(public))
    key = create_signing_key(out, new_password_of(out, ATTESTATION_PASSWORD_VARIABLE))
    with whole_file(public, new=True) as file:
        file.write(public_pem(key))
    data = {"key": str(out), "public_key": str(public), "signer": key.public_bytes_raw().hex()}
    rows = (
        (Text("private key, to be kept", "kunci privat, disimpan"), str(out)),
        (Text("public key, to be given", "kunci publik, dibagikan"), str(public)),
        (Text("number of the key", "nomor kunci"), key.public_bytes_raw().hex()),
    )
    emit("audit-attestation-key", data, json, lambda: facts(Text("Signing key", "Kunci tanda tangan"), rows))


def checked(attestation: Path, inputs: Sequence[Path], public_key: Path, findings: Path | None, json: bool) -> None:
    """The command. Raises what checking raises."""
    key = read_public_key(public_key)
    check_attestation(attestation, key)  # before hours of reading
    files = [source.path for source in find_sources(inputs).files]
    total, done = total_size(files), 0
    with bars(json) as told:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            told(Measuring.MEASURE, done, total)

        stated = [stated_path(path, advance) for path in files]
        found = check_attestation(attestation, key, inputs=stated, findings=findings, advance=advance)
    emit("audit-check-attestation", _data(found), json, lambda: _rendered(found, inputs, findings))


def _data(found: Attestation) -> dict[str, Any]:
    statement = found.statement.model_dump(by_alias=True, mode="json")
    statement.pop("schema")
    return {"signature": "right", "not_given": [one.name for one in found.not_given], "statement": statement}


def _rendered(found: Attestation, inputs: Sequence[Path], findings: Path | None) -> RenderableType:
    said = found.statement
    rows = (
        (Text("by the auditor's clock", "menurut jam auditor"), said.auditor_clock),
        (Text("program", "program"), f"{said.software}, {said.engine}"),
        (Text("inputs", "masukan"), str(len(said.inputs))),
        *figure_rows(said.counts),
        (Text("findings and notes", "temuan dan catatan"), str(said.findings.count)),
    )
    title = Text("Rightly signed. What is attested:", "Tanda tangan sah. Yang dinyatakan:")
    return Group(facts(title, rows), "", *map(sentence, _compared(found, inputs, findings)))


def _compared(found: Attestation, inputs: Sequence[Path], findings: Path | None) -> Iterator[Text]:
    """What was held against the statement, and what was not."""
    count, given = len(found.statement.inputs), len(found.statement.inputs) - len(found.not_given)
    if inputs:
        yield Text(
            f"Of {count} inputs {given} were compared: they are those that were judged.",
            f"Dari {count} masukan, {given} dibandingkan: memang itu yang diperiksa.",
        )
    if found.not_given:
        name = found.not_given[0].name
        yield Text(
            f"Not compared, for they were not given: {len(found.not_given)} inputs, such as {name}.",
            f"Tidak dibandingkan karena tidak diberikan: {len(found.not_given)} masukan, misalnya {name}.",
        )
    if findings is not None:
        yield Text(f"The findings in {findings} are those stated.", f"Temuan di {findings} memang yang dinyatakan.")
    else:
        yield Text(
            "The findings were not compared: give --findings FILE.", "Temuan tidak dibandingkan: berikan --findings."
        )
