# SPDX-License-Identifier: Apache-2.0
"""The attestation: a statement of what was judged, signed by the auditor, in one file of two lines.

The first line is the statement in its canonical form (:mod:`.statement`), the second
``{"ed25519":"<signature>","signer":"<public key>"}``, both hexadecimal. Signed are the bytes of the first line without
its end, by Ed25519 (RFC 8032), so any other program can check it. There is one way to write each of the two lines;
whatever differs from it by a byte is refused, and nothing of the first is read before the signature is found right.

An auditor holds keys by which receipts could be forged. The attestation binds him to what he has seen: another file,
another verdict, another finding would need another statement.
"""

from __future__ import annotations

import errno
import json
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_error, system_reason
from ssn_card.storage import whole_file

from .errors import (
    AttestationNotWritten,
    AttestationRefused,
    AttestationUnreadable,
    AttestedFilesDiffer,
    UnknownAttestation,
)
from .findings import check_findings
from .inputs import Advance, Input
from .statement import StatedInput, Statement

_LONGEST = 1 << 28  #: bytes; room for a million inputs
_OTHER_BYTES = Text("other bytes than those judged", "isinya bukan yang diperiksa")
_NOT_JUDGED = Text("not among those judged", "tidak termasuk yang diperiksa")
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
            file.write(line + b"\n" + _second_line(key.sign(line), key.public_key()))
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
    statement = _signed(path, public_key)
    stated = {one.sha256 for one in statement.inputs}
    names = {one.name for one in statement.inputs}
    measured = [Input.measured("given", one, advance) for one in inputs]
    differences = {
        str(one.path): _OTHER_BYTES if str(one.path) in names else _NOT_JUDGED
        for one in measured
        if one.sha256 not in stated
    }
    if findings is not None:
        count, sha256 = check_findings(findings)
        if (count, sha256) != (statement.findings.count, statement.findings.sha256):
            differences[str(findings)] = _OTHER_FINDINGS.filled(here=count, stated=statement.findings.count)
    if differences:
        raise AttestedFilesDiffer(len(differences), _named(differences), differences, str(path))
    given = {one.sha256 for one in measured}
    return Attestation(statement, tuple(one for one in statement.inputs if one.sha256 not in given))


def _signed(path: Path, public_key: Ed25519PublicKey) -> Statement:
    """The statement behind a right signature."""
    line, _, rest = _content(path).partition(b"\n")
    signature = b""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        signature = bytes.fromhex(json.loads(rest)["ed25519"])
    if rest != _second_line(signature, public_key):
        raise AttestationRefused(str(path))
    try:
        public_key.verify(signature, line)
    except InvalidSignature:
        raise AttestationRefused(str(path)) from None
    try:
        statement = Statement.model_validate_json(line)
    except ValidationError as error:
        member = ".".join(map(str, error.errors(include_url=False)[0]["loc"])) or "json"
        raise UnknownAttestation(member, str(path)) from None
    if statement.canonical() != line:  # a member twice, of which others may believe the other one
        raise UnknownAttestation("json", str(path))
    return statement


def _content(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AttestationUnreadable(Text("it is no regular file", "bukan berkas biasa"), str(path))
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except OSError as error:
        raise AttestationUnreadable(system_reason(error), str(path)) from None


def _second_line(signature: bytes, key: Ed25519PublicKey) -> bytes:
    members = {"ed25519": signature.hex(), "signer": key.public_bytes_raw().hex()}
    return json.dumps(members, separators=(",", ":")).encode("ascii") + b"\n"


def _named(differences: dict[str, Text]) -> Text:
    told = [Text("{name} ({why})", "{name} ({why})").filled(name=name, why=why) for name, why in differences.items()]
    return Text("; ".join(one.en for one in told), "; ".join(one.id for one in told))
