# SPDX-License-Identifier: Apache-2.0
"""Two SCP03 sessions of the example card: personalization begins, and a field device reads the identity block.

A second writing of SCP03 (Amendment D v1.1.1), beside the host's, on purpose: examples and vectors must not be made by
the code that they are to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import layouts
from ..commands import EXTERNAL_AUTHENTICATE, GET_DATA, INITIALIZE_UPDATE, STORE_DATA
from ..crypto import BLOCK, MAC_LENGTH, SecretKey
from ..groups import DGI_CARD_DATA, DGI_IDENTITY, KEY_SLOTS, KeySlot
from ..labels import KeyLabel
from ..values import SCP03_I_PARAMETER, SCP_IDENTIFIER, KeyVersionNumber
from . import sample

HOST_CHALLENGE = bytes.fromhex("C0C1C2C3C4C5C6C7")
CARD_CHALLENGE = bytes.fromhex("D0D1D2D3D4D5D6D7")
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


def derivation_input(name: str) -> bytes:
    """PRF input of section 4.1.5 for one of :data:`CONSTANTS`; the context is both challenges."""
    constant, bits = CONSTANTS[name]
    context = HOST_CHALLENGE + CARD_CHALLENGE
    return bytes(11) + bytes((constant, 0)) + bits.to_bytes(2, "big") + b"\x01" + context


def _derived(key: SecretKey, name: str) -> bytes:
    return key.cmac(derivation_input(name))[: CONSTANTS[name][1] // 8]


def _padded(data: bytes) -> bytes:
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

    def __init__(self, purpose: str, kvn: KeyVersionNumber, level: int) -> None:
        self.kvn = kvn
        self.level = level
        key = sample.card_key(KeyLabel.named(f"{purpose}-ENC")), sample.card_key(KeyLabel.named(f"{purpose}-MAC"))
        self.static_enc, self.static_mac = key
        self.enc = SecretKey(_derived(self.static_enc, "S-ENC"), "S-ENC")
        self.mac = SecretKey(_derived(self.static_mac, "S-MAC"), "S-MAC")
        self.rmac = SecretKey(_derived(self.static_mac, "S-RMAC"), "S-RMAC")
        self.card_cryptogram = _derived(self.mac, "card cryptogram")
        self.host_cryptogram = _derived(self.mac, "host cryptogram")
        self._chaining = bytes(BLOCK)
        self._counter = 0
        self.initialize = INITIALIZE_UPDATE.header(p1=kvn) + b"\x08" + HOST_CHALLENGE + b"\x00"
        self.initialize_answer = (
            sample.SERIAL
            + bytes(2)
            + bytes((kvn, SCP_IDENTIFIER, SCP03_I_PARAMETER))
            + CARD_CHALLENGE
            + self.card_cryptogram
        )
        self.authenticate = self._with_mac(EXTERNAL_AUTHENTICATE.header(p1=level), self.host_cryptogram)

    def _with_mac(self, header: bytes, data: bytes) -> bytes:
        sent = header + bytes((len(data) + MAC_LENGTH,)) + data
        self._chaining = self.mac.cmac(self._chaining + sent)
        return sent + self._chaining[:MAC_LENGTH]

    def _vector(self, first: int) -> bytes:
        return self.enc.encrypt_cbc(bytes((first,)) + self._counter.to_bytes(BLOCK - 1, "big"))

    def exchange(self, header: bytes, data: bytes, answer: bytes) -> Protected:
        """Protect a command and its answer as the level asks for."""
        self._counter += 1
        hidden = self.enc.encrypt_cbc(_padded(data), self._vector(0)) if data else b""
        command = self._with_mac(header, hidden)
        returned = answer
        if answer and self.level & 0x20:
            returned = self.enc.encrypt_cbc(_padded(answer), self._vector(0x80))
        if self.level & 0x10:
            returned += self.rmac.cmac(self._chaining + returned + b"\x90\x00")[:MAC_LENGTH]
            command += b"\x00"
        plain = header + (bytes((len(data),)) + data if data else b"")
        return Protected(plain, command, answer, returned)


def group(dgi: int, data: bytes) -> bytes:
    """One data group: DGI, length, data."""
    return dgi.to_bytes(2, "big") + bytes((len(data),)) + data


def card_data() -> bytes:
    """The card data group."""
    return group(
        DGI_CARD_DATA,
        layouts.CARD_DATA.encode({"serial": sample.SERIAL, "beneficiary_id": sample.BENEFICIARY}),
    )


def identity() -> bytes:
    """Contents of the identity data group: a person of a province that does not exist."""
    name = NAME.encode()
    return (
        layouts.IDENTITY_FIXED.encode(
            {
                "nik": bytes.fromhex("9901010101010001"),
                "no_kk": bytes.fromhex("9901010101010002"),
                "kecamatan": bytes.fromhex("990101"),
                "kelurahan": bytes.fromhex("0001"),
                "name_length": len(name),
            }
        )
        + name
    )


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


def personalizing(level: int = 0x13) -> tuple[Session, list[Protected]]:
    """The first two blocks of a personalization."""
    session = Session("TRANSPORT", KeyVersionNumber.TRANSPORT, level)
    blocks = [
        card_data() + group(DGI_IDENTITY, identity()),
        b"".join(wrapped_key(slot_of(name)) for name in ("UPDATE", "UPDATE_NEXT", "DEBIT", "DEBIT_NEXT")),
    ]
    return session, [
        session.exchange(STORE_DATA.header(p1=0x08, p2=number), block, b"") for number, block in enumerate(blocks)
    ]


def reading() -> tuple[Session, list[Protected]]:
    """A field device reads the identity block: an empty command, so nothing is encrypted, and an encrypted answer."""
    session = Session("REGISTRY", KeyVersionNumber.REGISTRY, 0x33)
    return session, [session.exchange(GET_DATA.header(), b"", sample.BENEFICIARY + identity())]


def vectors() -> dict[str, Any]:
    """For ``scp03.json``."""
    sessions = [("TRANSPORT", *personalizing(level)) for level in LEVELS]
    return {"sessions": [_session(*entry) for entry in (*sessions, ("REGISTRY", *reading()))]}


def _session(purpose: str, session: Session, exchanges: list[Protected]) -> dict[str, Any]:
    return {
        "key_set": purpose,
        "level": f"{session.level:02x}",
        "key_enc": session.static_enc.value().hex(),
        "key_mac": session.static_mac.value().hex(),
        "host_challenge": HOST_CHALLENGE.hex(),
        "card_challenge": CARD_CHALLENGE.hex(),
        "s_enc": session.enc.value().hex(),
        "s_mac": session.mac.value().hex(),
        "s_rmac": session.rmac.value().hex(),
        "card_cryptogram": session.card_cryptogram.hex(),
        "host_cryptogram": session.host_cryptogram.hex(),
        "initialize_update": session.initialize.hex(),
        "initialize_update_answer": session.initialize_answer.hex(),
        "external_authenticate": session.authenticate.hex(),
        "exchanges": [
            {
                "plain_command": entry.plain_command.hex(),
                "command": entry.command.hex(),
                "plain_answer": entry.plain_answer.hex(),
                "answer": entry.answer.hex(),
            }
            for entry in exchanges
        ],
    }
