# SPDX-License-Identifier: Apache-2.0
"""Errors of signed statements.

The tree::

    InputError
      AttestationUnreadable
      UnknownAttestation
    CryptographyError
      AttestationRefused
"""

from __future__ import annotations

from ssn_card.protocol.errors import CryptographyError, InputError, Text


class AttestationUnreadable(InputError):
    """The attestation cannot be read."""

    code = "attestation-unreadable"
    text = Text("The attestation cannot be read: {why}.", "Pernyataan tidak dapat dibaca: {why}.")
    remedy = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")
    why: Text
    where: str


class AttestationRefused(CryptographyError):
    """The file is not what the holder of this key has signed: altered, signed by another, or something else."""

    code = "attestation-refused"
    text = Text("This is not what the holder of this key signed.", "Ini bukan yang ditandatangani pemegang kunci ini.")
    remedy = Text(
        "Believe nothing in it. Check that the public key is the signer's own, and ask the signer for the file anew.",
        "Jangan percayai isinya. Pastikan kunci publik itu milik penanda tangan, dan minta lagi berkasnya.",
    )
    where: str


class UnknownAttestation(InputError):
    """Rightly signed, and of a form that this program does not know."""

    code = "unknown-attestation"
    text = Text("The attestation is of another form: {member}.", "Bentuk pernyataan lain: {member}.")
    remedy = Text("Check it with a newer SSN Card.", "Periksa dengan SSN Card yang lebih baru.")
    member: str
    where: str
