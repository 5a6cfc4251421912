# SPDX-License-Identifier: Apache-2.0
"""What commands that verify in bulk have in common: what is known beside the receipts, and whose signature."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ssn_card.audit.verify import SEARCHED, Given
from ssn_card.protocol.errors import Text
from ssn_card.signing import read_signing_key

from .audit_inputs import Named
from .judging import JudgingOptions
from .output import warn
from .passwords import ATTESTATION_PASSWORD_VARIABLE, password_of


def what_is_given(judging: JudgingOptions) -> Given:
    """What is known beside the receipts. Raises what reading tips and lists raises."""
    return Given(
        judging.ends(),
        judging.read(),
        whole=judging.whole,
        baskets=not judging.no_baskets,
        first=judging.first,
        searched=None if judging.first is None else max(judging.first, SEARCHED),
    )


def files_beside(judging: JudgingOptions) -> list[Named]:
    """Files by which receipts are judged."""
    tips = [] if judging.tips is None else [("tips", judging.tips)]
    return tips + [(kind, path) for kind, files in judging.files() for path in files]


def compiling() -> None:
    """Say why it takes a while."""
    warn(
        Text(
            "Compiling the engine for this machine: some seconds, the first time only.",
            "Mengompilasi mesin pemeriksa untuk komputer ini: beberapa detik, hanya pertama kali.",
        )
    )


def signing_key(path: Path | None) -> Ed25519PrivateKey | None:
    """The auditor's, if one is given. Raises as :func:`~ssn_card.audit.proof.read_signing_key`."""
    return None if path is None else read_signing_key(path, password_of(path, ATTESTATION_PASSWORD_VARIABLE))
