# SPDX-License-Identifier: Apache-2.0
"""Statements that somebody answers for: signed by Ed25519, one form for each, refused for any byte of it.

Auditors sign what they judged, the bank what it has issued.
"""

from ssn_card.keys.pem import public_pem

from .errors import AttestationRefused, AttestationUnreadable, UnknownAttestation
from .key import create_signing_key, read_public_key, read_signing_key
from .signed import Signer, read_signed, signed_text, signer_named, stated
from .strict import SHA256_FORM, STRICT, canonical_json

__all__ = [
    "SHA256_FORM",
    "STRICT",
    "AttestationRefused",
    "AttestationUnreadable",
    "Signer",
    "UnknownAttestation",
    "canonical_json",
    "create_signing_key",
    "public_pem",
    "read_public_key",
    "read_signed",
    "read_signing_key",
    "signed_text",
    "signer_named",
    "stated",
]
