# SPDX-License-Identifier: Apache-2.0
"""Protection of commands and answers once the session keys are agreed (SCP03 v1.1.1, sections 6.2.4 to 6.2.7).

State is two things, the MAC chaining value and the encryption counter, and both move when a command is wrapped,
whatever the card answers. So an answer must be unwrapped before the next command is wrapped.
"""

from __future__ import annotations

from ssn_card.protocol.crypto import BLOCK, MAC_LENGTH, macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import APDU_BUFFER

from .apdu import HEADER, Command, secured_class
from .derivation import SessionKeys
from .errors import CommandTooLong, ResponseMacError
from .levels import SecurityLevel

SW_LENGTH = 2
SW_OK = 0x9000
_WARNINGS = (0x62, 0x63)  #: first bytes of warning status words, which are protected like 9000
_LC_AND_LE = 2
_RESPONSE_MARK = 0x80  #: most significant byte of the counter block for answers


class SecureMessaging:
    """Wraps commands and unwraps answers of one session. Not thread-safe, and dead after the first error."""

    __slots__ = ("_chaining", "_counter", "_keys", "level")

    def __init__(self, keys: SessionKeys, level: SecurityLevel) -> None:
        self._keys = keys
        self._chaining = bytes(BLOCK)  # zeros for EXTERNAL AUTHENTICATE, section 6.2.3
        self._counter = 0
        self.level = level

    @property
    def max_data(self) -> int:
        """Most plain data bytes of one command, so that header, Lc, data, C-MAC and Le fit the card's APDU buffer."""
        room = APDU_BUFFER - HEADER - _LC_AND_LE - MAC_LENGTH
        if self.level & SecurityLevel.C_DECRYPTION:
            return room // BLOCK * BLOCK - 1  # at least one byte of the last block is padding
        return room

    def authenticate(self, header: bytes, cryptogram: bytes) -> bytes:
        """EXTERNAL AUTHENTICATE: with C-MAC, but never encrypted and not counted."""
        return self._with_mac(header, cryptogram)

    def wrap(self, command: Command) -> bytes:
        """The protected command. Raises :class:`CommandTooLong` before any state has moved."""
        if len(command.data) > self.max_data:
            raise CommandTooLong(len(command.data), self.max_data)
        # Section 6.2.6: the counter is 1 for the first command after EXTERNAL AUTHENTICATE and moves with every
        # command. "No encryption shall be applied to a command where there is no command data field. In this case,
        # the encryption counter shall still be incremented": so no padding block is sent for an empty command.
        self._counter += 1
        data = command.data
        if data and self.level & SecurityLevel.C_DECRYPTION:
            data = self._keys.enc.encrypt_cbc(_pad(data), self._icv(0))
        wrapped = self._with_mac(command.header, data)
        # With R-MAC every good answer has at least 8 bytes, so the longest answer is always allowed for.
        le = 0 if self.level & SecurityLevel.R_MAC else command.le
        return wrapped if le is None else wrapped + bytes([le])

    def unwrap(self, response: bytes) -> tuple[bytes, int]:
        """Data and status word of the answer to the command that was wrapped last. Raises :class:`ResponseMacError`.

        The status word of an error is not authenticated: section 6.2.5 sends it bare.
        """
        if len(response) < SW_LENGTH:
            raise ResponseMacError(Text("The answer has no status word.", "Jawaban tidak memuat status."))
        data, status = bytes(response[:-SW_LENGTH]), bytes(response[-SW_LENGTH:])
        sw = int.from_bytes(status, "big")
        if not self.level & SecurityLevel.R_MAC:
            return data, sw
        if sw != SW_OK and status[0] not in _WARNINGS:
            if data:
                raise ResponseMacError(Text("An error status came with data.", "Status kesalahan disertai data."))
            return b"", sw
        data = self._verified(data, status)
        if data and self.level & SecurityLevel.R_ENCRYPTION:
            data = self._decrypted(data)
        return data, sw

    def _with_mac(self, header: bytes, data: bytes) -> bytes:
        """Section 6.2.4: S-MAC over chaining value, changed header, Lc that counts the C-MAC, and data; not Le."""
        message = bytes([secured_class(header[0])]) + header[1:] + bytes([len(data) + MAC_LENGTH]) + data
        self._chaining = self._keys.mac.cmac(self._chaining + message)
        return message + self._chaining[:MAC_LENGTH]

    def _verified(self, data: bytes, status: bytes) -> bytes:
        """Section 6.2.5: S-RMAC over chaining value, data and status word; the R-MAC stands before the status word."""
        if len(data) < MAC_LENGTH:
            raise ResponseMacError(Text("The answer has no R-MAC.", "Jawaban tidak memuat R-MAC."))
        body, mac = data[:-MAC_LENGTH], data[-MAC_LENGTH:]
        if not macs_equal(self._keys.rmac.mac8(self._chaining + body + status), mac):
            raise ResponseMacError(Text("The R-MAC of the answer is wrong.", "R-MAC pada jawaban salah."))
        return body

    def _decrypted(self, data: bytes) -> bytes:
        """Section 6.2.7. The R-MAC was verified before, so this is no padding oracle."""
        if len(data) % BLOCK:
            raise ResponseMacError(
                Text("The encrypted answer is not whole blocks.", "Jawaban terenkripsi bukan kelipatan blok.")
            )
        return _unpad(self._keys.enc.decrypt_cbc(data, self._icv(_RESPONSE_MARK)))

    def _icv(self, mark: int) -> bytes:
        """The counter block, most significant byte set to ``mark``, encrypted under S-ENC as one block."""
        block = bytes([mark]) + self._counter.to_bytes(BLOCK - 1, "big")
        return self._keys.enc.encrypt_cbc(block)


def _pad(data: bytes) -> bytes:
    """Section 4.1.4: 80, then zeros up to a whole block; a full block gets a block more."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def _unpad(data: bytes) -> bytes:
    """Inverse of :func:`_pad`; the 80 must be in the last block."""
    end = len(data.rstrip(b"\x00")) - 1
    if end < len(data) - BLOCK or data[end] != 0x80:
        raise ResponseMacError(Text("The padding of the answer is wrong.", "Isian (padding) jawaban salah."))
    return data[:end]
