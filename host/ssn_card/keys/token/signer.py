# SPDX-License-Identifier: Apache-2.0
"""A key in a token that signs what the bank states: Ed25519 (RFC 8032), made inside, never extractable.

Its private and its public object are called ``SET SIGNING``, such as ``ssn SIGNING``; there is one in a set. It signs
statements and nothing of a card, so it may be replaced at any time: who checks needs the public key of the day.
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ssn_card.protocol.closing import Closing

from .errors import SigningKeyMissing
from .module import pkcs11_package
from .pins import TokenPin, required_pin
from .sessions import Line, TokenSessions
from .uri import TokenUri

_ED25519 = bytes.fromhex("06032b6570")  #: OID 1.3.101.112, DER
_POINT = 32


class TokenSigner(Closing):
    """The signing key of a token; a context manager."""

    def __init__(self, sessions: TokenSessions) -> None:
        """For :meth:`open` and :meth:`create`."""
        self._sessions = sessions
        self._label = f"{sessions.uri.object} SIGNING"

    @classmethod
    def open(cls, uri: TokenUri, pin: TokenPin | None = None) -> TokenSigner:
        """The key that is there. Raises :class:`SigningKeyMissing` and what opening a token raises."""
        signer = cls(TokenSessions(uri, pin or required_pin(uri)))
        try:
            signer.public_key()
        except BaseException:
            signer.close()
            raise
        return signer

    @classmethod
    def create(cls, uri: TokenUri, pin: TokenPin | None = None) -> TokenSigner:
        """The key that is there, made in the token if there is none. Raises what opening a token raises."""
        signer = cls(TokenSessions(uri, pin or required_pin(uri)))
        try:
            signer._sessions.run(signer._made)
        except BaseException:
            signer.close()
            raise
        return signer

    def public_key(self) -> Ed25519PublicKey:
        """Its public part. Raises :class:`SigningKeyMissing`, ``TokenError``."""
        pkcs11 = pkcs11_package()

        def read(line: Line) -> bytes:
            point: bytes = self._found(line, pkcs11.ObjectClass.PUBLIC_KEY)[pkcs11.Attribute.EC_POINT]
            return point[-_POINT:]  # an OCTET STRING around it, or none

        return Ed25519PublicKey.from_public_bytes(self._sessions.run(read))

    def sign(self, data: bytes, /) -> bytes:
        """The signature, 64 bytes, made in the token. Raises :class:`SigningKeyMissing`, ``TokenError``."""
        pkcs11 = pkcs11_package()

        def signed(line: Line) -> bytes:
            key = self._found(line, pkcs11.ObjectClass.PRIVATE_KEY)
            signature: bytes = key.sign(data, mechanism=pkcs11.Mechanism.EDDSA)
            return signature

        return self._sessions.run(signed)

    def close(self) -> None:
        """Log out and forget the PIN."""
        self._sessions.close()

    def __repr__(self) -> str:
        return f"<TokenSigner {self._sessions.uri}>"

    def _found(self, line: Line, kind: Any) -> Any:
        attribute = pkcs11_package().Attribute
        found = list(line.session.get_objects({attribute.CLASS: kind, attribute.LABEL: self._label}))
        line.expect(self._label, bool(found))
        if len(found) != 1:
            raise SigningKeyMissing(len(found), str(self._sessions.uri))
        return found[0]

    def _made(self, line: Line) -> None:
        pkcs11 = pkcs11_package()
        attribute = pkcs11.Attribute
        if list(line.session.get_objects({attribute.LABEL: self._label})):
            return
        curve = line.session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS, {attribute.EC_PARAMS: _ED25519}, local=True
        )
        limits = {attribute.PRIVATE: True, attribute.SENSITIVE: True, attribute.EXTRACTABLE: False}
        curve.generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            label=self._label,
            store=True,
            private_template={**limits, attribute.MODIFIABLE: False},
            public_template={attribute.MODIFIABLE: False},
        )
