# SPDX-License-Identifier: Apache-2.0
"""The card's messages a second time, from the text of docs/protocol.md, on the AES-ECB reference of tests/channel.

Shares no code with ``ssn_card``: agreement is evidence, so keep it that way.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.channel.scp03_reference import cmac, xor

AID = bytes.fromhex("F053534E4341524401")
DEBIT, CANCEL, READ_RECEIPT, STATUS, OVERRIDE, UPDATE = 0x40, 0x42, 0x44, 0x46, 0x4A, 0x4C
VERIFY, CHANGE, STORE_DATA, GET_DATA = 0x20, 0x24, 0xE2, 0xCA
ISSUER, REGISTRY, TRANSPORT = 0x30, 0x31, 0x3F  #: key version numbers of SCP03
SELECT = bytes.fromhex("00A4040009") + AID + b"\x00"
MOVEMENTS = (DEBIT, CANCEL, OVERRIDE)
QUERIES = (STATUS, READ_RECEIPT, VERIFY, CHANGE)
OK = 0x9000

MOVEMENT_SIZE, QUERY_SIZE, ENTITLEMENT_SIZE = 36, 20, 55
RECEIPT_SIZE, STATUS_SIZE, SELECT_SIZE = 88, 85, 26
#: In a receipt: its type, and its MAC to the end.
TYPE, MAC = 64, 80
T_DEBIT, T_CANCEL, T_OVERRIDE, T_UPDATE = 1, 2, 3, 4
NOT_GIVEN, GIVEN, NO_PIN = 0, 1, 2  #: PIN states of a movement's receipt
WITHOUT_PIN = 0xFF  #: tries of a card that has none
NEVER = 0x7FFF_FFFF  #: pin_above where no PIN is ever needed

_RECEIPT = (
    ("seq", 4), ("amount", 4), ("categories", 2), ("timestamp", 6), ("terminal", 4), ("txn", 4), ("mark", 16),
    ("balance", 4), ("month_spent", 4), ("previous", 8), ("update_seq", 4), ("granted", 4), ("type", 1), ("layout", 1),
    ("key_version", 1), ("serial", 8), ("month", 2), ("pin", 1), ("reserved", 2), ("mac", 8),
)  # fmt: skip
_TOTALS = (
    ("loaded", 4), ("expired", 4), ("limit", 4), ("override_max", 4), ("debit_max", 4), ("pin_above", 4),
    ("categories", 2), ("until", 3), ("keys", 1), ("state", 1), ("policy", 2),
)  # fmt: skip
_UPDATE_RECEIPT = (
    ("seq", 4), *_TOTALS, ("issued_on", 3), *_RECEIPT[7:17], ("pin_count", 1), ("mend_count", 1), ("reserved", 1),
    ("mac", 8),
)  # fmt: skip
_STATUS = (
    ("seq", 4), ("balance", 4), ("month_spent", 4), ("last_mac", 8), ("update_seq", 4), ("granted", 4), ("month", 2),
    ("extra_month", 2), ("extra", 4), ("pin_floor", 4), ("pin_choice", 1), ("pin_tries", 1), *_TOTALS, ("issued", 6),
    ("pin_count", 1), ("mend_count", 1), ("mended_to", 2),
)  # fmt: skip


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


def command_mac(key: bytes, head: bytes, quote: bytes, challenge: bytes) -> bytes:
    """MAC of a terminal command over :func:`header_and_body`; ``quote``: 10 bytes of the SELECT answer."""
    return cmac(key, blocks(head + quote + challenge) + b"\x01".ljust(16, b"\x00"))[:8]


def update_mac(key: bytes, head: bytes, serial: bytes) -> bytes:
    """MAC of an entitlement update over :func:`header_and_body`."""
    return cmac(key, blocks(head + serial) + b"\x03".ljust(16, b"\x00"))[:8]


def answer_mac(key: bytes, ins: int, logical: bytes, sent_mac: bytes) -> bytes:
    """MAC of an answer with status 9000."""
    last = bytes((0x02, ins, 0x90, 0x00, len(logical))).ljust(16, b"\x00")
    return cmac(key, blocks(logical + sent_mac) + last)[:8]


def receipt_mac(key: bytes, first_80: bytes) -> bytes:
    """MAC of a receipt."""
    return cmac(key, first_80)[:8]


def unmasked_number(key: bytes, masked: bytes) -> int:
    """Number of the newest receipt, from the 4 bytes of the SELECT answer."""
    return number(xor(masked, cmac(key, b"\x05".ljust(16, b"\x00"))[:4]), 0)


def masked_pin(key: bytes, nonce: bytes, challenge: bytes, block: bytes) -> bytes:
    """A PIN block as it travels."""
    return xor(block, cmac(key, nonce + challenge + b"\x04".ljust(16, b"\x00"))[:8])


def number(data: bytes, at: int, size: int = 4) -> int:
    """An unsigned integer in a layout."""
    return int.from_bytes(data[at : at + size], "big")


def _read(layout: tuple[tuple[str, int], ...], data: bytes) -> dict[str, int]:
    assert len(data) == sum(size for _, size in layout)
    fields, at = {}, 0
    for name, size in layout:
        fields[name] = number(data, at, size)
        at += size
    return fields


def receipt(data: bytes) -> dict[str, int]:
    """The 88 bytes, read; of an update's receipt the fields that it has. ``month``, ``timestamp``: BCD."""
    return _read(_UPDATE_RECEIPT if data[TYPE] == T_UPDATE else _RECEIPT, data)


def status(data: bytes) -> dict[str, int]:
    """The answer to GET STATUS, read; ``pin_floor`` is signed."""
    fields = _read(_STATUS, data)
    fields["pin_floor"] -= (fields["pin_floor"] & 1 << 31) << 1
    return fields


def movement(
    amount: int,
    *,
    when: str = "251003100000",
    categories: int = 1,
    terminal: int = 7,
    txn: int = 1,
    rest: bytes = b"",
) -> bytes:
    """36 bytes: DEBIT, CANCEL (``rest``: MAC cancelled) or OVERRIDE (``rest``: companion). ``when``: BCD digits."""
    return (
        amount.to_bytes(4, "big")
        + categories.to_bytes(2, "big")
        + bytes.fromhex(when)
        + terminal.to_bytes(4, "big")
        + txn.to_bytes(4, "big")
        + rest.ljust(16, b"\x00")
    )


def entitlement(
    seq: int,
    loaded: int,
    *,
    expired: int = 0,
    limit: int = 600_000,
    override_max: int = 300_000,
    debit_max: int = 600_000,
    pin_above: int = NEVER,
    categories: int = 0x7F,
    until: str = "251231",
    keys: int = 0,
    state: int = 2,
    policy: int = 2025,
    issued: str = "251001080000",
    pin_count: int = 0,
    mend_count: int = 0,
    mended_to: str = "0000",
    reference: bytes = bytes(8),
) -> bytes:
    """55 bytes; dates as BCD digits."""
    amounts = (seq, loaded, expired, limit, override_max, debit_max, pin_above)
    return (
        b"".join(amount.to_bytes(4, "big") for amount in amounts)
        + categories.to_bytes(2, "big")
        + bytes.fromhex(until)
        + bytes((keys, state))
        + policy.to_bytes(2, "big")
        + bytes.fromhex(issued)
        + bytes((pin_count, mend_count))
        + bytes.fromhex(mended_to)
        + reference
    )


def query(nonce: bytes = bytes(8), terminal: int = 7) -> bytes:
    """20 bytes: GET STATUS."""
    return nonce + terminal.to_bytes(4, "big") + bytes(8)


def receipt_query(seq: int, nonce: bytes = bytes(8), terminal: int = 7) -> bytes:
    """20 bytes: READ RECEIPT."""
    return nonce + terminal.to_bytes(4, "big") + seq.to_bytes(4, "big") + bytes(4)


def pin_query(key: bytes, challenge: bytes, block: bytes, nonce: bytes, terminal: int = 7) -> bytes:
    """20 bytes: VERIFY, CHANGE REFERENCE DATA. ``nonce``: never used before."""
    return nonce + terminal.to_bytes(4, "big") + masked_pin(key, nonce, challenge, block)


def pin_block(digits: str) -> bytes:
    """8 bytes: 2, number of digits, digits, F to the end."""
    return bytes.fromhex(f"2{len(digits):X}{digits}".ljust(16, "F"))
