# SPDX-License-Identifier: Apache-2.0
"""The card's messages a second time, from the text of docs/protocol.md, on the AES-ECB reference of tests/channel.

Shares no code with ``ssn_card``: agreement is evidence, so keep it that way.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.channel.scp03_reference import cmac

AID = bytes.fromhex("F053534E4341524401")
DEBIT, CANCEL, RECOVER, STATUS, LOG, OVERRIDE, UPDATE = 0x40, 0x42, 0x44, 0x46, 0x48, 0x4A, 0x4C
VERIFY, CHANGE, STORE_DATA, GET_DATA = 0x20, 0x24, 0xE2, 0xCA
ISSUER, REGISTRY, TRANSPORT = 0x30, 0x31, 0x3F  #: key version numbers of SCP03
SELECT = bytes.fromhex("00A4040009") + AID + b"\x00"
MOVEMENTS = (DEBIT, CANCEL, OVERRIDE)
OK = 0x9000


@dataclass(frozen=True)
class CardKeys:
    """Keys of one card, 16 bytes each."""

    debit: bytes
    receipt: bytes
    update: bytes
    override: bytes


def derive(master: bytes, label: bytes, serial: bytes) -> bytes:
    """A card key: SP 800-108 counter mode, 32-bit counter, CMAC, 128 bits."""
    return cmac(master, b"\x00\x00\x00\x01" + label + b"\x00" + serial + b"\x00\x00\x00\x80")


def blocks(data: bytes) -> bytes:
    """Zero padding to whole blocks; none where there are whole blocks already."""
    return data + bytes(-len(data) % 16)


def header_and_body(ins: int, body: bytes, p1: int = 0, p2: int = 0) -> bytes:
    """CLA INS P1 P2 Lc body; Lc counts the MAC that follows."""
    return bytes((0x80, ins, p1, p2, len(body) + 8)) + body


def command_mac(key: bytes, head: bytes, challenge: bytes) -> bytes:
    """MAC of a terminal command over :func:`header_and_body`."""
    return cmac(key, blocks(head + challenge) + b"\x01".ljust(16, b"\x00"))[:8]


def update_mac(key: bytes, head: bytes, serial: bytes) -> bytes:
    """MAC of an entitlement update over :func:`header_and_body`."""
    return cmac(key, blocks(head + serial) + b"\x03".ljust(16, b"\x00"))[:8]


def answer_mac(key: bytes, ins: int, logical: bytes, sent_mac: bytes) -> bytes:
    """MAC of an answer with status 9000."""
    last = bytes((0x02, ins, 0x90, 0x00, len(logical))).ljust(16, b"\x00")
    return cmac(key, blocks(logical + sent_mac) + last)[:8]


def receipt_mac(key: bytes, first_64: bytes) -> bytes:
    """MAC of a receipt."""
    return cmac(key, first_64)[:8]


def number(data: bytes, at: int, size: int = 4) -> int:
    """An unsigned integer in a layout."""
    return int.from_bytes(data[at : at + size], "big")


def movement(
    amount: int,
    *,
    when: str = "251003100000",
    categories: int = 1,
    terminal: int = 7,
    txn: int = 1,
    rest: bytes = bytes(8),
) -> bytes:
    """28 bytes: DEBIT, CANCEL (``rest``: MAC cancelled) or OVERRIDE (``rest``: companion). ``when``: BCD digits."""
    return (
        amount.to_bytes(4, "big")
        + categories.to_bytes(2, "big")
        + bytes.fromhex(when)
        + terminal.to_bytes(4, "big")
        + txn.to_bytes(4, "big")
        + rest
    )


def entitlement(
    seq: int,
    loaded: int,
    *,
    limit: int = 600_000,
    override_max: int = 300_000,
    debit_max: int = 600_000,
    pin_above: int = 0x7FFF_FFFF,
    categories: int = 0x7F,
    until: str = "251231",
    keys: int = 0,
    state: int = 2,
    flags: int = 0,
    policy: int = 2025,
    issued: str = "251001080000",
    reference: bytes = bytes(8),
) -> bytes:
    """48 bytes; dates as BCD digits."""
    amounts = (seq, loaded, limit, override_max, debit_max, pin_above)
    return (
        b"".join(amount.to_bytes(4, "big") for amount in amounts)
        + categories.to_bytes(2, "big")
        + bytes.fromhex(until)
        + bytes((keys, state, flags))
        + policy.to_bytes(2, "big")
        + bytes.fromhex(issued)
        + reference
    )


def query(nonce: bytes = bytes(8), terminal: int = 7) -> bytes:
    """12 bytes: GET STATUS, READ LOG."""
    return nonce + terminal.to_bytes(4, "big")


def recovery(terminal: int, txn: int, nonce: bytes = bytes(8)) -> bytes:
    """28 bytes: RECOVER."""
    return nonce + terminal.to_bytes(4, "big") + txn.to_bytes(4, "big") + bytes(12)


def pin_block(digits: str) -> bytes:
    """8 bytes: 2, number of digits, digits, F to the end."""
    return bytes.fromhex(f"2{len(digits):X}{digits}".ljust(16, "F"))


def verify(block: bytes) -> bytes:
    """VERIFY, whole."""
    return bytes((0x00, VERIFY, 0x00, 0x80, len(block))) + block


def change(old: bytes, new: bytes) -> bytes:
    """CHANGE REFERENCE DATA, whole."""
    return bytes((0x00, CHANGE, 0x00, 0x80, len(old + new))) + old + new
