# SPDX-License-Identifier: Apache-2.0
"""A provider over masters in a token: the key of a card is one CKM_AES_CMAC in it, and no master ever leaves it."""

from __future__ import annotations

from collections.abc import Collection

from ssn_card.keys.bulk import SERIAL_LENGTH, KeyBlock
from ssn_card.keys.errors import KeyMissing
from ssn_card.keys.provider import KeyProvider, check_version, key_name
from ssn_card.protocol.crypto import BLOCK, SecretKey, kdf_input
from ssn_card.protocol.labels import KeyLabel

from .module import TokenKey, pkcs11_package
from .objects import Place
from .pins import TokenPin, required_pin
from .sessions import Line, TokenSessions
from .uri import TokenUri

_TURN = 1 << 10  #: cards derived by one session in one turn: what is done again where the token has been away


class TokenKeyring(KeyProvider):
    """Masters in a token; may be asked by several threads at a time. The PIN is kept until it is closed."""

    def __init__(self, sessions: TokenSessions) -> None:
        """For :meth:`open`."""
        self.sessions = sessions
        self.uri = sessions.uri

    @classmethod
    def open(cls, uri: str | TokenUri, pin: str | None = None) -> TokenKeyring:
        """Open a token and log in.

        Args:
            uri: ``pkcs11:token=ssn?module-path=...`` (RFC 7512).
            pin: falls back to the file that the URI names (``pin-source``), then to ``SSN_TOKEN_PIN``.

        Raises:
            TokenError: a class for each reason, such as ``TokenNotFound``, ``TokenPinWrong``.
        """
        parsed = TokenUri.parse(uri) if isinstance(uri, str) else uri
        return cls(TokenSessions(parsed, required_pin(parsed) if pin is None else TokenPin(pin)))

    def labels(self) -> frozenset[KeyLabel]:
        """Every label of which at least one version is in the token. Raises ``TokenError``."""
        return frozenset(label for label, _ in self._places())

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions of ``label`` in the token, ascending; empty if none. Raises ``TokenError``."""
        return tuple(sorted(version for held, version in self._places() if held is label))

    def check_value(self, label: KeyLabel, version: int) -> bytes:
        """Key check value of a master, 3 bytes, computed by the token. Raises ``KeyMissing``, ``TokenError``."""
        check_version(version)
        kcv = self.sessions.run(lambda line: line.masters.check_value((label, version)))
        if kcv is None:
            raise KeyMissing(label, version, where=str(self.uri))
        return kcv

    def close(self) -> None:
        """Log out and forget the PIN."""
        self.sessions.close()

    def __repr__(self) -> str:
        return f"<TokenKeyring {self.uri}>"

    def _places(self) -> frozenset[Place]:
        return self.sessions.run(lambda line: line.masters.places())

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        mechanism = pkcs11_package().Mechanism.AES_CMAC

        def derived(line: Line) -> bytes:
            mac: bytes = self._master(line, label, version).sign(kdf_input(label.value, serial), mechanism=mechanism)
            return mac

        return SecretKey(self.sessions.run(derived), key_name(label, version, serial))

    def _diversify_card(self, places: Collection[Place], serial: bytes) -> dict[Place, SecretKey]:
        mechanism = pkcs11_package().Mechanism.AES_CMAC

        def derived(line: Line) -> dict[Place, bytes]:
            return {
                (label, version): self._master(line, label, version).sign(
                    kdf_input(label.value, serial), mechanism=mechanism
                )
                for label, version in places
            }

        values = self.sessions.run(derived)
        return {place: SecretKey(value, key_name(*place, serial)) for place, value in values.items()}

    def _diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        cards, name = len(serials) // SERIAL_LENGTH, key_name(label, version)
        if (label, version) not in self._places():
            return KeyBlock(bytes(BLOCK * cards), b"\x01" * cards, name)
        step = _TURN * SERIAL_LENGTH
        value = b"".join(self._turn(label, version, serials[at : at + step]) for at in range(0, len(serials), step))
        return KeyBlock(value, bytes(cards), name)

    def _turn(self, label: KeyLabel, version: int, serials: bytes) -> bytes:
        mechanism = pkcs11_package().Mechanism.AES_CMAC

        def derived(line: Line) -> bytes:
            sign = self._master(line, label, version).sign
            return b"".join(
                sign(kdf_input(label.value, serials[at : at + SERIAL_LENGTH]), mechanism=mechanism)
                for at in range(0, len(serials), SERIAL_LENGTH)
            )

        return self.sessions.run(derived)

    def _master(self, line: Line, label: KeyLabel, version: int) -> TokenKey:
        master = line.masters.key((label, version))
        if master is None:
            raise KeyMissing(label, version, where=str(self.uri))
        return master
