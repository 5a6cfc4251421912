# SPDX-License-Identifier: Apache-2.0
"""What goes to a tablet and comes back: sealed to one key, signed by one other.

Two lines (:mod:`ssn_card.signing.signed`): a :class:`SealedEnvelope`, and the signature over it. The content is
AES-256-GCM under a key that X25519 and HKDF give the recipient alone (:mod:`ssn_card.keys.recipients`). Signed is what
is sealed, so nothing is opened that an unknown hand has made; the content names both sides once more.
"""

from __future__ import annotations

import base64
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import BaseModel, Field, ValidationError

from ssn_card.keys.errors import SealedToAnother
from ssn_card.keys.recipients import X25519Parameters, opened_by, sealed_to
from ssn_card.signing import STRICT, Signer, canonical_json, read_signed, signed_text, stated

from ..errors import FieldFileRefused

_BASE64 = r"^[A-Za-z0-9+/]*={0,2}$"


class SealedKind(StrEnum):
    """What is in an envelope."""

    PACKAGE = "package"  #: of the bank, for a tablet
    RESULT = "result"  #: of a tablet, for the bank


class SealedEnvelope(BaseModel):
    """The first line."""

    model_config = STRICT

    schema_: Literal["ssn-card/field-sealed/1"]
    kind: Literal["package", "result"]
    kdf: X25519Parameters
    sealed: str = Field(pattern=_BASE64)

    def canonical(self) -> bytes:
        """The one text."""
        return canonical_json(self)


Content = TypeVar("Content", bound=BaseModel)


def sealed(content: BaseModel, kind: SealedKind, recipient: X25519PublicKey, signer: Signer, where: str) -> bytes:
    """Both lines. Raises ``UnknownKeyFile`` for a recipient's key that is none, and what the signer raises."""
    sealer = sealed_to(recipient, where)
    closed = sealer.encrypt_bytes(canonical_json(content), _place(kind))
    envelope = SealedEnvelope(
        schema_="ssn-card/field-sealed/1",
        kind=kind.value,
        kdf=sealer.parameters,
        sealed=base64.b64encode(closed).decode("ascii"),
    )
    return signed_text(envelope.canonical(), signer)


def opened(
    model: type[Content], kind: SealedKind, path: Path, signer: Ed25519PublicKey, recipient: X25519PrivateKey
) -> Content:
    """The content of a file that ``signer`` has signed.

    Raises :class:`FieldFileRefused`, ``AttestationRefused``, ``AttestationUnreadable``, ``UnknownAttestation``,
    ``KeyringDamaged``.
    """
    envelope = stated(SealedEnvelope, read_signed(path, signer), path)
    if envelope.kind != kind:
        raise FieldFileRefused(str(path))
    try:
        sealer = opened_by(recipient, envelope.kdf, str(path))
    except SealedToAnother:
        raise FieldFileRefused(str(path)) from None
    inside: Any = sealer.decrypt_bytes(base64.b64decode(envelope.sealed), _place(kind), str(path))
    try:
        return model.model_validate_json(inside)
    except ValidationError:  # its text would quote the content
        raise FieldFileRefused(str(path)) from None


def _place(kind: SealedKind) -> bytes:
    return f"ssn-card/field-{kind}/1".encode()
