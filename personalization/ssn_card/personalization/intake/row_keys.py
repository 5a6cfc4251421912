# SPDX-License-Identifier: Apache-2.0
"""What a station's journal, and the bank's store, know an accepted row by."""

from __future__ import annotations

from ssn_card.bank import known
from ssn_card.protocol.crypto import SecretKey

from .rows import Beneficiary


def row_key(beneficiary: Beneficiary, secret: SecretKey) -> bytes:
    """16 bytes that stand for the person's NIK."""
    return known.person_key(beneficiary.nik.digits, secret)


def family_key(beneficiary: Beneficiary, secret: SecretKey) -> bytes:
    """16 bytes that stand for the family's no_kk."""
    return known.family_key(beneficiary.kk.digits, secret)
