# SPDX-License-Identifier: Apache-2.0
"""An audit with what is to remain of it, step by step in the one order that proves something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ssn_card.keys import KeyProvider
from ssn_card.receipts import Finding, Report

from .attestation import create_attestation, require_new
from .findings import recording
from .inputs import Input, unchanged
from .statement import Keys, Option, Statement

#: Verifies, and gives every finding to the sink, if there is one.
Verify = Callable[[Callable[[Finding], None] | None], Report]


@dataclass(frozen=True, slots=True)
class Attest:
    """The attestation that is wanted.

    Args:
        path: where to; nothing may be there.
        key: the auditor's.
        measure: measures every file that is judged, or by which others are (:meth:`.inputs.Input.measured`).
        provider: whose keys judge.
        options: as they were given.
        engine: what judges.
    """

    path: Path
    key: Ed25519PrivateKey
    measure: Callable[[], Sequence[Input]]
    provider: KeyProvider
    options: Mapping[str, Option]
    engine: str


def proved(verify: Verify, findings: Path | None = None, attest: Attest | None = None) -> Report:
    """Run an audit; write its findings, and sign what was judged, where that is wanted.

    What can be refused is refused before it begins. Inputs are measured before, and must be the same when it is over;
    then the findings get their file, and last of all the statement is signed.

    Raises:
        UnknownFindingsFormat, FindingsNotWritten, FindingsLost: of the findings.
        AttestationNotWritten, NotAttestable, InputChanged: of the attestation.
        SsnCardError: what ``verify`` and ``measure`` raise.
    """
    if findings is None and attest is None:
        return verify(None)
    if attest is not None:
        require_new(attest.path)
    with recording(findings) as ledger:
        measured = attest.measure() if attest else ()
        report = verify(ledger.add)
        unchanged(measured)
        statement = None
        if attest is not None:
            statement = Statement.of(
                report,
                ledger,
                inputs=[one.counted(report.files.get(str(one.path))) for one in measured],
                keys=Keys.of(attest.provider),
                options=attest.options,
                engine=attest.engine,
            )
    if attest is not None and statement is not None:
        create_attestation(attest.path, statement, attest.key)
    return report
