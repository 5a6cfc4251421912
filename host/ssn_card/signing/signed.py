# SPDX-License-Identifier: Apache-2.0
"""A text of two lines: what is stated, and the signature of whoever states it.

The second line is ``{"ed25519":"<signature>","signer":"<public key>"}``, both hexadecimal. Signed are the bytes of the
first line without its end, by Ed25519 (RFC 8032), so any other program can check it. There is one way to write each of
the two lines; whatever differs from it by a byte is refused, and nothing of the first is read before the signature is
found right.
"""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import AttestationRefused, AttestationUnreadable, UnknownAttestation

_LONGEST = 1 << 28  #: bytes; room for a million inputs
_KEY = 32  #: bytes of a public key


class Stating(Protocol):
    """A model with one canonical text."""

    @classmethod
    def model_validate_json(cls, json_data: bytes) -> Self:
        """Raises ``pydantic.ValidationError``."""

    def canonical(self) -> bytes:
        """The one text."""


class Signer(Protocol):
    """Who signs: an ``Ed25519PrivateKey``, or a key that stays where it is."""

    def sign(self, data: bytes, /) -> bytes:
        """The signature, 64 bytes."""

    def public_key(self) -> Ed25519PublicKey:
        """By what others check it."""


_Model = TypeVar("_Model", bound=Stating)


def signed_text(line: bytes, key: Signer) -> bytes:
    """Both lines."""
    return line + b"\n" + second_line(key.sign(line), key.public_key())


def read_signed(path: Path, public_key: Ed25519PublicKey) -> bytes:
    """The first line behind a right signature. Raises :class:`AttestationRefused`, :class:`AttestationUnreadable`."""
    line, _, rest = _content(path).partition(b"\n")
    signature = b""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        signature = bytes.fromhex(json.loads(rest)["ed25519"])
    if rest != second_line(signature, public_key):
        raise AttestationRefused(str(path))
    try:
        public_key.verify(signature, line)
    except InvalidSignature:
        raise AttestationRefused(str(path)) from None
    return line


def signer_named(path: Path) -> bytes:
    """The public key, 32 bytes, that a file says has signed it: which of several known signers to check it by.

    Raises :class:`AttestationRefused`, :class:`AttestationUnreadable`.
    """
    rest = _content(path).partition(b"\n")[2]
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        signer = bytes.fromhex(json.loads(rest)["signer"])
        if len(signer) == _KEY:
            return signer
    raise AttestationRefused(str(path))


def stated(model: type[_Model], line: bytes, path: Path) -> _Model:
    """What the line says. Raises :class:`UnknownAttestation`."""
    try:
        statement = model.model_validate_json(line)
    except ValidationError as error:
        member = ".".join(map(str, error.errors(include_url=False)[0]["loc"])) or "json"
        raise UnknownAttestation(member, str(path)) from None
    if statement.canonical() != line:  # a member twice, of which others may believe the other one
        raise UnknownAttestation("json", str(path))
    return statement


def _content(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AttestationUnreadable(Text("it is no regular file", "bukan berkas biasa"), str(path))
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except OSError as error:
        raise AttestationUnreadable(system_reason(error), str(path)) from None


def second_line(signature: bytes, key: Ed25519PublicKey) -> bytes:
    """Its one form."""
    members = {"ed25519": signature.hex(), "signer": key.public_bytes_raw().hex()}
    return json.dumps(members, separators=(",", ":")).encode("ascii") + b"\n"
