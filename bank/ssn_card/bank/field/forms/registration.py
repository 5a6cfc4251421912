# SPDX-License-Identifier: Apache-2.0
"""How a tablet makes itself known to the bank: its two public keys, signed by itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel

from ssn_card.signing import STRICT, AttestationRefused, Signer, canonical_json, read_signed, signed_text, signer_named
from ssn_card.signing import stated as stated_by

from .patterns import NameText, PublicKeyText


class TabletRegistration(BaseModel):
    """The first line; the second is the signature by ``signing_key``."""

    model_config = STRICT

    schema_: Literal["ssn-card/field-tablet/1"]
    tablet: NameText
    companion: NameText
    receiving_key: PublicKeyText
    signing_key: PublicKeyText

    def canonical(self) -> bytes:
        """The one text."""
        return canonical_json(self)

    def fingerprint(self) -> str:
        """By which both sides compare it, on the telephone: 32 digits in groups of four."""
        digits = hashlib.sha256(self.canonical()).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))

    def signed(self, signer: Signer) -> bytes:
        """Both lines."""
        return signed_text(self.canonical(), signer)

    @classmethod
    def read(cls, path: Path) -> TabletRegistration:
        """Of a file. Raises ``AttestationRefused``, ``AttestationUnreadable``, ``UnknownAttestation``."""
        signer = signer_named(path)
        try:
            key = Ed25519PublicKey.from_public_bytes(signer)
        except ValueError:
            raise AttestationRefused(str(path)) from None
        found = stated_by(cls, read_signed(path, key), path)
        if bytes.fromhex(found.signing_key) != signer:
            raise AttestationRefused(str(path))
        return found
