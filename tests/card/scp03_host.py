# SPDX-License-Identifier: Apache-2.0
"""A host's end of SCP03 over the independent reference of tests/channel, which can also misbehave."""

from __future__ import annotations

from collections.abc import Callable

from tests.channel import scp03_reference as ref
from tests.model import wire

from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel

_SETS = {
    0x30: (KeyLabel.ISSUER_ENC, KeyLabel.ISSUER_MAC, KeyLabel.ISSUER_DEK),
    0x31: (KeyLabel.REGISTRY_ENC, KeyLabel.REGISTRY_MAC, KeyLabel.REGISTRY_DEK),
    0x3F: (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK),
}
C_MAC, C_DECRYPTION, R_MAC, R_ENCRYPTION = 0x01, 0x02, 0x10, 0x20
HOST_CHALLENGE = bytes.fromhex("A0A1A2A3A4A5A6A7")


def key(label: KeyLabel, serial: bytes, version: int = 1) -> bytes:
    """A card key, derived apart from ``ssn_card``."""
    return wire.derive(development_master(label, version).value(), label.value, serial)


def key_set(kvn: int, serial: bytes) -> tuple[bytes, bytes, bytes]:
    """ENC, MAC and DEK of a key version number."""
    enc, mac, dek = (key(label, serial) for label in _SETS[kvn])
    return enc, mac, dek


def transport_keys(serial: bytes) -> bytes:
    """ENC, MAC and DEK in one run, as at installation."""
    return b"".join(key_set(0x3F, serial))


class Scp03Host:
    """``exchange`` sends one command and returns data and status word. Checks every R-MAC."""

    def __init__(self, exchange: Callable[[bytes], tuple[bytes, int]], serial: bytes) -> None:
        self._exchange = exchange
        self._serial = serial
        self.keys = (b"", b"", b"")
        self.level = 0
        self.counter = 0
        self.chaining = ref.ZERO
        self.last = b""  #: the last protected command

    def initialize(self, kvn: int, keys: tuple[bytes, bytes, bytes] | None = None) -> bytes:
        """INITIALIZE UPDATE that must succeed; its answer, the card's cryptogram checked."""
        data, sw = self._exchange(bytes((0x80, 0x50, kvn, 0, 8)) + HOST_CHALLENGE + b"\x00")
        assert (sw, len(data)) == (wire.OK, 29), f"INITIALIZE UPDATE: {sw:04X}"
        self.keys = keys or key_set(data[10], self._serial)
        self.context = HOST_CHALLENGE + data[13:21]
        self.s_enc = ref.derive(self.keys[0], 0x04, 16, self.context)
        self.s_mac = ref.derive(self.keys[1], 0x06, 16, self.context)
        self.s_rmac = ref.derive(self.keys[1], 0x07, 16, self.context)
        if keys is None:
            assert data[21:] == ref.derive(self.s_mac, 0x00, 8, self.context), "card cryptogram"
        self.counter, self.chaining = 0, ref.ZERO
        return data

    def authenticate(self, level: int, cryptogram: bytes | None = None, mac: bytes | None = None) -> int:
        """EXTERNAL AUTHENTICATE; its status word."""
        proof = cryptogram or ref.derive(self.s_mac, 0x01, 8, self.context)
        command = bytes((0x84, 0x82, level, 0, 16)) + proof
        self.chaining = ref.cmac(self.s_mac, self.chaining + command)
        data, sw = self._exchange(command + (mac or self.chaining[:8]))
        assert data == b""
        self.level = level
        return sw

    def open(self, kvn: int, level: int) -> None:
        """Both steps, which must succeed."""
        self.initialize(kvn)
        sw = self.authenticate(level)
        assert sw == wire.OK, f"EXTERNAL AUTHENTICATE: {sw:04X}"

    def wrap(self, ins: int, p1: int, p2: int, data: bytes) -> bytes:
        """A protected command; moves counter and chain on."""
        self.counter += 1
        if data:
            data = ref.cbc_encrypt(self.s_enc, ref.command_icv(self.s_enc, self.counter), ref.pad(data))
        command = bytes((0x84, ins, p1, p2, len(data) + 8)) + data
        self.chaining = ref.cmac(self.s_mac, self.chaining + command)
        self.last = command + self.chaining[:8] + b"\x00"
        return self.last

    def unwrap(self, data: bytes, sw: int) -> bytes:
        """The plain answer; asserts that it is protected as the level says."""
        if sw != wire.OK:
            assert data == b""
            return b""
        if not self.level & R_MAC:
            return data
        body, mac = data[:-8], data[-8:]
        assert mac == ref.cmac(self.s_rmac, self.chaining + body + b"\x90\x00")[:8], "R-MAC"
        if body and self.level & R_ENCRYPTION:
            body = ref.unpad(ref.cbc_decrypt(self.s_enc, ref.response_icv(self.s_enc, self.counter), body))
        return body

    def send(self, ins: int, p1: int, p2: int, data: bytes = b"") -> tuple[bytes, int]:
        """One protected command: plain answer and status word."""
        answer, sw = self._exchange(self.wrap(ins, p1, p2, data))
        return self.unwrap(answer, sw), sw
