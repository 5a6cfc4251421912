# SPDX-License-Identifier: Apache-2.0
"""The card's end of SCP03, over the independent reference. What it executes is given by the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from . import scp03_reference as ref

C_MAC, C_DEC, R_MAC, R_ENC = 0x01, 0x02, 0x10, 0x20

#: Plain header (4 bytes) and data of a verified command -> answer data and status word.
Application = Callable[[bytes, bytes], tuple[bytes, int]]

SERIAL = bytes.fromhex("5353000000000042")


def echo(header: bytes, data: bytes) -> tuple[bytes, int]:
    return data, 0x9000


@dataclass
class CardModel:
    enc: bytes
    mac: bytes
    diversification: bytes = SERIAL + b"\x00\x00"
    kvn: int = 0x30
    i: int = 0x60
    card_challenge: bytes = bytes.fromhex("C0C1C2C3C4C5C6C7")
    sequence_counter: bytes = b""
    application: Application = echo
    executed: list[tuple[bytes, bytes]] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    level: int | None = None  #: None: no session
    aborted: bool = False
    chaining: bytes = ref.ZERO
    counter: int = 0

    def transmit(self, apdu: bytes) -> bytes:
        self.received.append(apdu)
        data, sw = self._process(apdu)
        return data + sw.to_bytes(2, "big")

    def _process(self, apdu: bytes) -> tuple[bytes, int]:
        header, data = apdu[:4], b""
        if len(apdu) > 5:
            data = apdu[5 : 5 + apdu[4]]
            if len(data) != apdu[4] or len(apdu) > 6 + apdu[4]:
                return self._abort(0x6700)
        if header[:2] == b"\x80\x50":
            return self._initialize_update(header, data)
        if header[:2] == b"\x84\x82" and self.level is None and not self.aborted:
            return self._external_authenticate(header, data)
        return self._secured(header, data)

    def _initialize_update(self, header: bytes, host_challenge: bytes) -> tuple[bytes, int]:
        self.level, self.aborted, self.chaining, self.counter = None, False, ref.ZERO, 0
        if len(host_challenge) != 8 or header[3]:
            return b"", 0x6A80
        if header[2] not in (0, self.kvn):
            return b"", 0x6A88
        context = host_challenge + self.card_challenge
        self.s_enc = ref.derive(self.enc, 0x04, 16, context)
        self.s_mac = ref.derive(self.mac, 0x06, 16, context)
        self.s_rmac = ref.derive(self.mac, 0x07, 16, context)
        self.host_cryptogram = ref.derive(self.s_mac, 0x01, 8, context)
        cryptogram = ref.derive(self.s_mac, 0x00, 8, context)
        information = bytes([self.kvn, 0x03, self.i])
        return self.diversification + information + self.card_challenge + cryptogram + self.sequence_counter, 0x9000

    def _external_authenticate(self, header: bytes, data: bytes) -> tuple[bytes, int]:
        if len(data) != 16 or header[2] not in (0x01, 0x03, 0x11, 0x13, 0x33) or header[3]:
            return self._abort(0x6A80)
        if not self._mac_matches(header, data):
            return self._abort(0x6982)
        if data[:8] != self.host_cryptogram:
            return self._abort(0x6300)
        self.level = header[2]
        return b"", 0x9000

    def _secured(self, header: bytes, data: bytes) -> tuple[bytes, int]:
        if self.level is None or not header[0] & 0x04 or len(data) < 8 or not self._mac_matches(header, data):
            return self._abort(0x6982)
        self.counter += 1
        body = data[:-8]
        if body and self.level & C_DEC:
            try:
                if len(body) % 16:
                    raise ValueError("blocks")
                body = ref.unpad(ref.cbc_decrypt(self.s_enc, ref.command_icv(self.s_enc, self.counter), body))
            except ValueError:
                return self._abort(0x6982)
        self.executed.append((header, body))
        return self._protected(*self.application(header, body))

    def _protected(self, data: bytes, sw: int) -> tuple[bytes, int]:
        level = self.level or 0
        if not level & R_MAC or (sw != 0x9000 and sw >> 8 not in (0x62, 0x63)):
            return data, sw
        if data and level & R_ENC:
            data = ref.cbc_encrypt(self.s_enc, ref.response_icv(self.s_enc, self.counter), ref.pad(data))
        return data + ref.cmac(self.s_rmac, self.chaining + data + sw.to_bytes(2, "big"))[:8], sw

    def _mac_matches(self, header: bytes, data: bytes) -> bool:
        mac = ref.cmac(self.s_mac, self.chaining + header + bytes([len(data)]) + data[:-8])
        if mac[:8] != data[-8:]:
            return False
        self.chaining = mac
        return True

    def _abort(self, sw: int) -> tuple[bytes, int]:
        self.level, self.aborted = None, True
        return b"", sw
