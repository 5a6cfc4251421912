# SPDX-License-Identifier: Apache-2.0
"""A sample of receipts by which an engine proves itself before it judges: drawn, with MACs by ``cryptography``."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.layout import Field, Kind
from ssn_card.protocol.layouts import RECEIPT_BY_TYPE
from ssn_card.protocol.values import RECEIPT_LAYOUT_VERSION, LifeState, ReceiptType
from ssn_card.receipts.receipt import MAC_OFFSET

from .rows import SIZE, Rows

_SEED, _CARDS, _LONG, _SELDOM = 12, 8, 24, 0.05
_MONTH = bytes.fromhex("2510")


def sample() -> tuple[Rows, NDArray[np.uint8], NDArray[np.int32]]:
    """What an engine is given: rows of a few cards that meet every mark but those of copies and twins."""
    random = Random(_SEED)  # noqa: S311 no secret
    keys = [SecretKey(random.randbytes(BLOCK)) for _ in range(_CARDS)]
    receipts = [_receipt(random, card, number, keys[card]) for card in range(_CARDS) for number in range(1, _LONG)]
    raw = np.frombuffer(b"".join(receipts), np.uint8).reshape(-1, SIZE).copy()
    count = len(raw)
    key_of = np.repeat(np.arange(_CARDS, dtype=np.int32), _LONG - 1)
    key_of[-1] = -1
    rows = Rows(raw, np.zeros(count, np.int32), np.arange(1, count + 1), np.zeros(count, np.uint8))
    return rows, np.frombuffer(b"".join(key.value() for key in keys), np.uint8).reshape(-1, BLOCK).copy(), key_of


def _receipt(random: Random, card: int, number: int, key: SecretKey) -> bytes:
    """A receipt whose fields are of the right kind, and follow from nothing."""
    kind = ReceiptType.UPDATE if number == 1 else random.choice(list(ReceiptType))
    values = {field.name: _value(field, random) for field in RECEIPT_BY_TYPE[kind].fields}
    values |= {
        "seq": number + (number > _LONG // 2), "type": kind, "layout_version": RECEIPT_LAYOUT_VERSION, "key_version": 1,
        "serial": bytes(7) + bytes((card,)), "update_seq": 1, "month": _MONTH, "pin_state": number % 3,
        "key_selection": 0, "state": LifeState.ACTIVE,
    }  # fmt: skip
    layout = RECEIPT_BY_TYPE[kind]
    raw = layout.encode({field.name: values[field.name] for field in layout.fields})[:MAC_OFFSET]
    return raw + key.mac8(raw if random.random() > _SELDOM else bytes(MAC_OFFSET))


def _value(field: Field, random: Random) -> Any:
    """One that a card could have written."""
    if field.kind is Kind.UINT:
        return random.choice((1, 2, 100_000)) if field.unit else random.choice((0, 1))
    if field.kind is Kind.TIMESTAMP:
        return dt.datetime(2025, 10, random.randint(1, 28), 12)
    if field.kind is Kind.DATE:
        return dt.date(2025, 10, random.randint(1, 28))
    return bytes(field.size)
