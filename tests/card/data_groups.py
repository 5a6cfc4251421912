# SPDX-License-Identifier: Apache-2.0
"""The data groups of a personalization, over the independent reference of tests/channel."""

from __future__ import annotations

from tests.card.scp03_host import Scp03Host, key, key_set
from tests.channel import scp03_reference as ref
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire

from ssn_card.protocol.groups import PERSONALIZED_SLOTS

STORE, MORE, LAST = 0xE2, 0x08, 0x88
ROOM = 111


def group(dgi: int, data: bytes) -> bytes:
    return dgi.to_bytes(2, "big") + bytes((len(data),)) + data


def wrapped(serial: bytes, slot: int, version: int, value: bytes, kcv: bytes | None = None) -> bytes:
    """The group of a key under the transport DEK."""
    dek = key_set(0x3F, serial)[2]
    kcv = ref.aes(value, b"\x01" * 16)[:3] if kcv is None else kcv
    return group(0x8100 + slot, bytes((version,)) + ref.cbc_encrypt(dek, ref.ZERO, value) + kcv)


def groups(serial: bytes, pin: bytes | None = None) -> list[bytes]:
    """All that a personalization needs, and a PIN's block."""
    return [
        *(() if pin is None else (group(0x0103, pin),)),
        group(0x0101, serial + BENEFICIARY),
        group(0x0102, IDENTITY),
        *(
            wrapped(serial, slot.index, 1 + slot.following, key(slot.label, serial, 1 + slot.following))
            for slot in PERSONALIZED_SLOTS
        ),
    ]


def blocks(parts: list[bytes]) -> list[bytes]:
    """Packed in order, at most 111 bytes each."""
    out = [b""]
    for part in parts:
        if len(out[-1]) + len(part) > ROOM:
            out.append(b"")
        out[-1] += part
    return out


def store(host: Scp03Host, parts: list[bytes]) -> int:
    """All blocks; the first status word that is not 9000, or 9000."""
    packed = blocks(parts)
    for number, block in enumerate(packed):
        _, sw = host.send(STORE, LAST if number == len(packed) - 1 else MORE, number, block)
        if sw != wire.OK:
            return sw
    return wire.OK
