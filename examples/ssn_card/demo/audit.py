# SPDX-License-Identifier: Apache-2.0
"""The auditor's part: verify what the shops handed in, tamper with it, and see that everything is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.receipts import Finding, Problem, ReceiptVerifier, Report, Tip

from .tamper import Tampering, tamper

#: Which problem shows which tampering.
SHOWN_BY = {
    "alter": {Problem.FORGED, Problem.MALFORMED, Problem.UNKNOWN_KEY},
    "basket": {Problem.BASKET},
    "duplicate": {Problem.DUPLICATE},
    "strip": {Problem.NO_BASKET},
    "delete": {Problem.MISSING},
}


@dataclass(frozen=True)
class Found:
    """A tampering and the finding that shows it, if any."""

    tampering: Tampering
    finding: Finding | None


def audit(receipts: Path, tips: Mapping[bytes, Tip], provider: KeyProvider, seed: int) -> tuple[Report, list[Found]]:
    """Verify the file as it is, then a tampered copy beside it."""
    verifier = ReceiptVerifier(provider)
    clean = verifier.verify_file(receipts, tips)
    text, tamperings = tamper(receipts.read_text("ascii"), seed)
    altered = receipts.with_name("receipts-tampered.jsonl")
    altered.write_text(text, "ascii")
    report = verifier.verify_file(altered, tips)
    return clean, [Found(one, _finding(one, report.findings)) for one in tamperings]


def _finding(tampering: Tampering, findings: list[Finding]) -> Finding | None:
    """The finding that shows a tampering: of the right kind, at its line, or for a deletion at its card and number."""
    for finding in findings:
        if finding.problem not in SHOWN_BY[tampering.how]:
            continue
        if tampering.how == "delete":
            serial = finding.serial.hex() if finding.serial else None
            if serial == tampering.serial and finding.seq == tampering.seq:
                return finding
        elif finding.line in tampering.lines and tampering.field in (None, finding.field):
            return finding
    return None
