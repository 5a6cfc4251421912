# SPDX-License-Identifier: Apache-2.0
"""SCP03 sessions of the example card, and its data groups.

A second writing of SCP03 (Amendment D v1.1.1), beside the host's, on purpose: examples and vectors must not be made by
the code that they are to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import layouts
from ..commands import EXTERNAL_AUTHENTICATE, INITIALIZE_UPDATE
from ..crypto import BLOCK, MAC_LENGTH, SecretKey
from ..groups import DGI_CARD_DATA, DGI_IDENTITY, DGI_PIN, KEY_SLOTS, PERSONALIZED_SLOTS, KeySlot
from ..labels import KeyLabel
from ..pin import pin_block
from ..values import SCP03_I_PARAMETER, SCP_IDENTIFIER, KeyVersionNumber
from . import sample

HOST_CHALLENGE = bytes.fromhex("C0C1C2C3C4C5C6C7")
NAME = "CONTOH SAJA"
LEVELS = (0x03, 0x13, 0x33)

#: Derivation constants (table 4-1): name, constant, bits.
CONSTANTS: dict[str, tuple[int, int]] = {
    "card cryptogram": (0x00, 64),
    "host cryptogram": (0x01, 64),
    "S-ENC": (0x04, 128),
    "S-MAC": (0x06, 128),
    "S-RMAC": (0x07, 128),
}


def padded(data: bytes) -> bytes:
    """Padding of SCP03: 80, then zeros to whole blocks."""
    marked = data + b"\x80"
    return marked + bytes(-len(marked) % BLOCK)


@dataclass(frozen=True)
class Protected:
    """One exchange: plain command and answer, and as they travel."""

    plain_command: bytes
    command: bytes
    plain_answer: bytes
    answer: bytes


class Session:
    """One session: opens when made, then protects commands and answers (SW 9000) one after another."""

    def __init__(self, kvn: KeyVersionNumber, level: int, card_challenge: bytes) -> None:
        self.kvn, self.level, self.card_challenge = kvn, level, card_challenge
        self.static_enc, self.static_mac = (
            sample.card_key(KeyLabel.named(f"{kvn.name}-{key}")) for key in ("ENC", "MAC")
        )
        self.enc = SecretKey(self._derived(self.static_enc, "S-ENC"), "S-ENC")
        self.mac = SecretKey(self._derived(self.static_mac, "S-MAC"), "S-MAC")
        self.rmac = SecretKey(self._derived(self.static_mac, "S-RMAC"), "S-RMAC")
        self.card_cryptogram = self._derived(self.mac, "card cryptogram")
        self.host_cryptogram = self._derived(self.mac, "host cryptogram")
        self._chaining = bytes(BLOCK)
        self._counter = 0
        self.initialize = initialize_update(kvn)
        versions = bytes((kvn, SCP_IDENTIFIER, SCP03_I_PARAMETER))
        self.initialize_answer = sample.SERIAL + bytes(2) + versions + card_challenge + self.card_cryptogram
        self.authenticate = self.with_mac(EXTERNAL_AUTHENTICATE.header(p1=level), self.host_cryptogram)

    def _derived(self, key: SecretKey, name: str) -> bytes:
        """Section 4.1.5; the context is both challenges."""
        constant, bits = CONSTANTS[name]
        head = bytes(11) + bytes((constant, 0)) + bits.to_bytes(2, "big") + b"\x01"
        return key.cmac(head + HOST_CHALLENGE + self.card_challenge)[: bits // 8]

    def with_mac(self, header: bytes, data: bytes) -> bytes:
        """A command with its C-MAC; moves the chain on."""
        sent = header + bytes((len(data) + MAC_LENGTH,)) + data
        self._chaining = self.mac.cmac(self._chaining + sent)
        return sent + self._chaining[:MAC_LENGTH]

    def _vector(self, first: int) -> bytes:
        return self.enc.encrypt_cbc(bytes((first,)) + self._counter.to_bytes(BLOCK - 1, "big"))

    def encrypted(self, data: bytes) -> bytes:
        """Whole blocks as a command's data; the padding is the caller's."""
        return self.enc.encrypt_cbc(data, self._vector(0))

    def exchange(self, header: bytes, data: bytes, answer: bytes = b"") -> Protected:
        """Protect a command and its answer as the level asks for."""
        self._counter += 1
        command = self.with_mac(header, self.encrypted(padded(data)) if data else b"")
        returned = answer
        if answer and self.level & 0x20:
            returned = self.enc.encrypt_cbc(padded(answer), self._vector(0x80))
        if self.level & 0x10:
            returned += self.rmac.cmac(self._chaining + returned + b"\x90\x00")[:MAC_LENGTH]
            command += b"\x00"
        plain = header + (bytes((len(data),)) + data if data else b"")
        return Protected(plain, command, answer, returned)

    def badly_padded(self, header: bytes) -> bytes:
        """A command whose data, once deciphered, end in no padding."""
        self._counter += 1
        return self.with_mac(header, self.encrypted(bytes(BLOCK)))

    def as_json(self) -> dict[str, Any]:
        """Keys, challenges and cryptograms, for the vectors."""
        return {
            "key_set": self.kvn.name,
            "level": f"{self.level:02x}",
            "key_enc": self.static_enc.value().hex(),
            "key_mac": self.static_mac.value().hex(),
            "host_challenge": HOST_CHALLENGE.hex(),
            "card_challenge": self.card_challenge.hex(),
            "s_enc": self.enc.value().hex(),
            "s_mac": self.mac.value().hex(),
            "s_rmac": self.rmac.value().hex(),
            "card_cryptogram": self.card_cryptogram.hex(),
            "host_cryptogram": self.host_cryptogram.hex(),
        }


def initialize_update(kvn: int) -> bytes:
    """The command that begins a session; 00 stands for the card's own first key set."""
    return INITIALIZE_UPDATE.header(p1=kvn) + b"\x08" + HOST_CHALLENGE + b"\x00"


def group(dgi: int, data: bytes) -> bytes:
    """One data group: DGI, length, data."""
    return dgi.to_bytes(2, "big") + bytes((len(data),)) + data


def card_data(serial: bytes = sample.SERIAL) -> bytes:
    """The card data group."""
    values = {"serial": serial, "beneficiary_id": sample.BENEFICIARY}
    return group(DGI_CARD_DATA, layouts.CARD_DATA.encode(values))


def identity(name: str = NAME) -> bytes:
    """Contents of the identity data group: a person of a province that does not exist."""
    encoded = name.encode()
    values = {
        "nik": bytes.fromhex("9901010101010001"),
        "no_kk": bytes.fromhex("9901010101010002"),
        "kecamatan": bytes.fromhex("990101"),
        "kelurahan": bytes.fromhex("0001"),
        "name_length": len(encoded),
    }
    return layouts.IDENTITY_FIXED.encode(values) + encoded


def identity_group(name: str = NAME) -> bytes:
    """The identity data group."""
    return group(DGI_IDENTITY, identity(name))


def pin_group() -> bytes:
    """The data group of the PIN."""
    return group(DGI_PIN, pin_block(sample.PIN))


def wrapped_key(slot: KeySlot) -> bytes:
    """A key's data group, wrapped under the transport DEK; the following slots hold the next version."""
    version = sample.VERSION + int(slot.following)
    key = sample.card_key(slot.label, version)
    values = {
        "key_version": version,
        "wrapped": sample.card_key(KeyLabel.TRANSPORT_DEK).encrypt_cbc(key.value()),
        "kcv": key.kcv(),
    }
    return group(slot.dgi, layouts.WRAPPED_KEY.encode(values))


def slot_of(constant: str) -> KeySlot:
    """The key slot of that name, such as ``"DEBIT_NEXT"``."""
    return next(slot for slot in KEY_SLOTS if slot.constant == constant)


def all_groups(*, pin: bool = False) -> list[bytes]:
    """Every data group that a personalization needs, four keys or fewer a block."""
    keys = [wrapped_key(slot) for slot in PERSONALIZED_SLOTS]
    blocks = [card_data() + identity_group() + (pin_group() if pin else b"")]
    return blocks + [b"".join(keys[at : at + 4]) for at in range(0, len(keys), 4)]


def install_data() -> bytes:
    """What the card maker installs the applet with."""
    keys = {
        f"transport_{key}": sample.card_key(KeyLabel.named(f"TRANSPORT-{key.upper()}")).value()
        for key in ("enc", "mac", "dek")
    }
    return layouts.INSTALL_DATA.encode({"serial": sample.SERIAL} | keys)
