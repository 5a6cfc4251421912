# SPDX-License-Identifier: Apache-2.0
"""The attestation: a statement of what was judged, signed by the auditor, in one file of two lines.

The first line is the statement in its canonical form (:mod:`.statement`), the second its signature (:mod:`.signed`).

An auditor holds keys by which receipts could be forged. The attestation binds him to what he has seen: another file,
another verdict, another finding would need another statement.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_error, system_reason
from ssn_card.signing import read_signed, signed_text, stated
from ssn_card.storage import whole_file

from .compared import Differences, compare_inputs, not_given, require_no_difference
from .errors import AttestationNotWritten
from .findings import check_findings
from .inputs import Advance
from .statement import StatedInput, Statement

_OTHER_FINDINGS = Text(
    "other findings: {here} here, {stated} stated", "temuan lain: {here} di sini, {stated} dinyatakan"
)


@dataclass(frozen=True, slots=True)
class Attestation:
    """An attestation whose signature is right. ``not_given``: inputs that it names and of which no file was at hand."""

    statement: Statement
    not_given: tuple[StatedInput, ...]


def require_new(path: Path) -> None:
    """Raises :class:`AttestationNotWritten` if something has the name: to be asked before the hours of an audit."""
    if path.exists() or path.is_symlink():
        raise AttestationNotWritten(system_reason(system_error(errno.EEXIST)), str(path))


def create_attestation(path: Path, statement: Statement, key: Ed25519PrivateKey) -> None:
    """Sign a statement and write both, whole or not at all, never over another file.

    Raises :class:`AttestationNotWritten`.
    """
    line = statement.canonical()
    try:
        with whole_file(path, new=True) as file:
            file.write(signed_text(line, key))
    except OSError as error:
        raise AttestationNotWritten(system_reason(error), str(path)) from None


def check_attestation(
    path: Path,
    public_key: Ed25519PublicKey,
    *,
    inputs: Iterable[Path] = (),
    findings: Path | None = None,
    advance: Advance | None = None,
) -> Attestation:
    """The statement, if the holder of the key has signed it and the files given are those that it names.

    Args:
        path: the attestation.
        public_key: the auditor's, from himself.
        inputs: files that were judged, wherever they lie now: each must have the hash of one that is stated.
        findings: the file of findings: they must be those stated.
        advance: told of the bytes of inputs as they are read.

    Raises:
        AttestationUnreadable: it cannot be read.
        AttestationRefused: it is not what the holder of this key has signed. Nothing of it was believed.
        UnknownAttestation: rightly signed, but of another form.
        AttestedFilesDiffer: files are not those stated; each is named.
        NotAttestable: a file given cannot be read.
        FindingsUnreadable, UnknownFindingsFormat: of ``findings``.
    """
    statement = stated(Statement, read_signed(path, public_key), path)
    measured, differences = compare_inputs(inputs, statement.inputs, advance)
    if findings is not None:
        differences |= _other_findings(findings, statement)
    require_no_difference(differences, path)
    return Attestation(statement, not_given(measured, statement.inputs))


def _other_findings(findings: Path, statement: Statement) -> Differences:
    count, sha256 = check_findings(findings)
    if (count, sha256) == (statement.findings.count, statement.findings.sha256):
        return {}
    return {str(findings): _OTHER_FINDINGS.filled(here=count, stated=statement.findings.count)}
