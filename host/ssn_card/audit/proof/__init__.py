# SPDX-License-Identifier: Apache-2.0
"""What remains of an audit: its findings in a file, and a signed statement of what was judged and what came of it."""

from .attestation import Attestation, check_attestation, create_attestation, require_new
from .findings import Ledger, check_findings, recording
from .inputs import Input, unchanged
from .proved import Attest, proved
from .statement import Keys, Statement

__all__ = [
    "Attest",
    "Attestation",
    "Input",
    "Keys",
    "Ledger",
    "Statement",
    "check_attestation",
    "check_findings",
    "create_attestation",
    "proved",
    "recording",
    "require_new",
    "unchanged",
]
