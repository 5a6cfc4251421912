# SPDX-License-Identifier: Apache-2.0
"""SCP03 as an eavesdropper with all keys sees it: what the card expects next, and how to make anything right or wrong.

The host's :mod:`ssn_card.channel` refuses to send what no honest host would, so the hostile one has its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ssn_card.channel.apdu import secured_class
from ssn_card.channel.derivation import SessionKeys, host_cryptogram, session_keys
from ssn_card.channel.static_keys import StaticKeys
from ssn_card.protocol.crypto import BLOCK, MAC_LENGTH

OPENING = 16  #: bytes of EXTERNAL AUTHENTICATE: cryptogram and C-MAC


@dataclass(frozen=True)
class Channel:
    """A session. ``open``: EXTERNAL AUTHENTICATE was taken; ``counter``: of the command before."""

    kvn: int
    static: StaticKeys
    keys: SessionKeys
    cryptogram: bytes
    open: bool = False
    chain: bytes = bytes(BLOCK)
    counter: int = 0

    @classmethod
    def initiated(cls, static: StaticKeys, host_challenge: bytes, answer: bytes) -> Channel:
        """After INITIALIZE UPDATE; ``answer``: its 29 bytes."""
        card_challenge = answer[13:21]
        keys = session_keys(static.enc, static.mac, host_challenge, card_challenge)
        return cls(answer[10], static, keys, host_cryptogram(keys.mac, host_challenge, card_challenge))

    def mac(self, message: bytes) -> bytes:
        """The whole C-MAC over header, Lc and data; its first 8 bytes travel."""
        return self.keys.mac.cmac(self.chain + message)

    def genuine(self, apdu: bytes) -> bool:
        """Whether the C-MAC at the end of the data is right; ``apdu`` without Le."""
        return len(apdu) >= 5 + MAC_LENGTH and self.mac(apdu[:-MAC_LENGTH])[:MAC_LENGTH] == apdu[-MAC_LENGTH:]

    def advanced(self, apdu: bytes) -> Channel:
        """The session after a command whose C-MAC was right."""
        return replace(self, chain=self.mac(apdu[:-MAC_LENGTH]), counter=self.counter + self.open, open=True)

    def sign(self, header: bytes, data: bytes) -> bytes:
        """A command with its C-MAC, on as many bytes as one can say."""
        message = bytes((secured_class(header[0]),)) + header[1:] + bytes((len(data) + MAC_LENGTH & 0xFF,)) + data
        return message + self.mac(message)[:MAC_LENGTH]

    def encrypt(self, data: bytes) -> bytes:
        """The data field of the next command."""
        if not data:
            return b""
        padded = data + b"\x80"
        return self.keys.enc.encrypt_cbc(padded + bytes(-len(padded) % BLOCK), self._vector())

    def decrypt(self, data: bytes) -> bytes | None:
        """The plain data of the next command, or None: not padded as it must be."""
        if not data:
            return b""
        if len(data) % BLOCK:
            return None
        plain = self.keys.enc.decrypt_cbc(data, self._vector()).rstrip(b"\x00")
        return plain[:-1] if plain.endswith(b"\x80") else None

    def _vector(self) -> bytes:
        return self.keys.enc.encrypt_cbc((self.counter + 1).to_bytes(BLOCK, "big"))
