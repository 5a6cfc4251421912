# SPDX-License-Identifier: Apache-2.0
"""What remains of an audit: its findings in a file, and a signed statement of what was judged and what came of it."""

from ssn_card.keys.pem import public_pem

from .attestation import Attestation, check_attestation, create_attestation, require_new
from .findings import Ledger, check_findings, recording
from .inputs import Input, unchanged
from .proved import Attest, proved
from .signing import create_signing_key, read_public_key, read_signing_key
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
    "create_signing_key",
    "proved",
    "public_pem",
    "read_public_key",
    "read_signing_key",
    "recording",
    "require_new",
    "unchanged",
]
