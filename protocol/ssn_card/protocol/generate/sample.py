# SPDX-License-Identifier: Apache-2.0
"""What the examples are made of: published keys, fixed numbers, goods, entitlements, movements.

The document and the test vectors both take their examples from here. The masters are those of
``ssn_card.keys.development``: the first 16 bytes of SHA-256 over a phrase, a space and a name such as "DEBIT v1".
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from ..crypto import BLOCK, SecretKey
from ..labels import KeyLabel
from ..layout import Layout
from ..values import NEVER, LifeState
from .baskets import Line, canonical, digest

PHRASE = "SSN Card DEVELOPMENT keys, published, never for a real card:"

SERIAL = bytes.fromhex("5353000000000001")
OTHER_SERIAL = bytes.fromhex("53530000FEDCBA98")
VERSION = 1  #: of every key of the example card, until it rotates them
BENEFICIARY = bytes.fromhex("0000000000004711")
TERMINAL_ID = 0x00012345
OTHER_TERMINAL_ID = 0x00054321
COMPANION = bytes.fromhex("0000000000000815")
PIN = "471100"

Values = dict[str, Any]

RICE: tuple[Line, ...] = (("BERAS", 5, 72_500),)
NO_MONTH = bytes(2)


def master(label: KeyLabel, version: int) -> SecretKey:
    """The published test master of a label and version."""
    text = f"{PHRASE} {label} v{version}".encode("ascii")
    return SecretKey(hashlib.sha256(text).digest()[:BLOCK], f"DEVELOPMENT {label} v{version}")


def card_key(label: KeyLabel, version: int = VERSION, serial: bytes = SERIAL) -> SecretKey:
    """The key of one card under the published test master."""
    return master(label, version).derive(label.value, serial, f"DEVELOPMENT {label} v{version}")


def drawn(seed: str, number: int) -> bytes:
    """The 8 bytes that a card, or a terminal, with this seed draws as number 0, 1, ...: the simulator draws them so."""
    return hashlib.sha256(seed.encode("ascii") + number.to_bytes(8, "big")).digest()[:8]


def plain(values: Values) -> Values:
    """Field values for JSON: bytes as hexadecimal, dates and times as ISO 8601 without a zone."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date) else value


def readable(layout: Layout, data: bytes) -> Values:
    """The fields of ``data`` for JSON."""
    return plain(layout.decode(data))


def entitlement(update_seq: int, loaded_total: int, issued_at: dt.datetime, **changes: Any) -> Values:
    """An entitlement of the examples; ``changes`` replaces further fields."""
    values: Values = {
        "update_seq": update_seq,
        "loaded_total": loaded_total,
        "expired_total": 0,
        "monthly_limit": 200_000,
        "override_max": 50_000,
        "debit_max": 150_000,
        "pin_above": NEVER,
        "allowed_categories": 0x003F,
        "valid_until": dt.date(2027, 12, 31),
        "key_selection": 0,
        "state": int(LifeState.ACTIVE),
        "policy_id": 3,
        "issued_at": issued_at,
        "pin_count": 0,
        "mend_count": 0,
        "mended_to": NO_MONTH,
        "reference": bytes.fromhex("00000000000000C1"),
    }
    return values | changes


def movement(amount: int, moment: dt.datetime, txn: int, lines: tuple[Line, ...] = RICE, **changes: Any) -> Values:
    """What a terminal states of a debit of the examples; ``lines``: the basket."""
    values: Values = {
        "amount": amount,
        "categories": 0x0001,
        "timestamp": moment,
        "terminal_id": TERMINAL_ID,
        "terminal_txn": txn,
        "basket_digest": digest(canonical(lines)),
    }
    return values | changes


def cancellation(debit: Values, moment: dt.datetime, txn: int, cancelled_mac: bytes, **changes: Any) -> Values:
    """What a terminal states to cancel ``debit``."""
    values = {name: value for name, value in debit.items() if name != "basket_digest"}
    taken: Values = {"timestamp": moment, "terminal_txn": txn, "cancelled_mac": cancelled_mac, "padding": bytes(8)}
    return values | taken | changes


def overriding(amount: int, moment: dt.datetime, txn: int, **changes: Any) -> Values:
    """What a terminal states for a companion who raises a month's limit."""
    values: Values = {
        "amount": amount,
        "reason": 0x0007,
        "timestamp": moment,
        "terminal_id": TERMINAL_ID,
        "terminal_txn": txn,
        "companion_id": COMPANION,
        "padding": bytes(8),
    }
    return values | changes
