# SPDX-License-Identifier: Apache-2.0
"""What a terminal concludes from an answer to READ RECEIPT, and what the bank settles of what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import layouts
from ..crypto import MAC_LENGTH
from ..labels import KeyLabel
from ..values import ReceiptType
from . import sample
from .playing import kind_of
from .sample_card import SampleCard
from .scripts import journey, pins, recovering, rotating
from .scripts.recovering import Attempt, Recovered

_BODY = slice(layouts.RECEIPT.offset("amount"), layouts.RECEIPT.offset("balance_after"))


def _attempt(serial: bytes, kind: ReceiptType, number: int, body: bytes) -> dict[str, Any]:
    return {"serial": serial.hex(), "type": int(kind), "seq": number, "body": body.hex()}


def _journalled(attempt: Attempt) -> dict[str, Any]:
    request = attempt.request
    return _attempt(sample.SERIAL, ReceiptType[request.command.name], attempt.number, request.body)


def _case(doubt: Recovered) -> dict[str, Any]:
    return {
        "why": doubt.why,
        "attempt": _journalled(doubt.attempt),
        "read_receipt": doubt.answer.request.apdu.hex(),
        "answer": doubt.answer.data.hex(),
        "conclusion": doubt.conclusion,
    }


def _altered() -> Iterator[dict[str, Any]]:
    """Answers that a line without keys makes: nothing is concluded."""
    charged = next(one for one in recovering.doubts() if one.conclusion == "charged")
    absent = next(one for one in recovering.doubts() if len(one.answer.data) < layouts.RECEIPT.size)
    gone = next(one for one in recovering.doubts() if one.conclusion == "gone")
    for why, doubt, data in (
        ("'not made yet', of another query", charged, absent.answer.data),
        ("'gone', of another query", charged, gone.answer.data),
        ("a receipt with a bit altered", charged, _flipped(charged.answer.data, 0)),
        ("a number altered", absent, _flipped(absent.answer.data, 3)),
        ("no MAC", absent, absent.answer.data[:-MAC_LENGTH]),
        ("nothing, with 9000", charged, b""),
    ):
        yield _case(doubt) | {"why": why, "answer": data.hex(), "conclusion": "not genuine"}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def _bank() -> Iterator[dict[str, Any]]:
    """Gone, at the bank: receipt n, the attempt, receipt n + 2."""
    for script in (journey.journey(), pins.floor(), rotating.of_receipt()):
        yield from _restored(script.card)
    chain = recovering.gone().card.chain
    before, made, after = chain[2], chain[3], chain[4]
    another = made[_BODY][:-1] + bytes((made[_BODY][-1] ^ 1,))
    lost = _attempt(sample.SERIAL, kind_of(made), 4, another)
    yield _settled("another's: no PIN state gives the MAC", before, lost, after, "not charged")
    own = _attempt(sample.SERIAL, kind_of(made), 4, made[_BODY])
    yield _settled("without the receipt before", b"", own, after, "open")
    yield _settled("without the receipt behind", before, own, b"", "open")


def _restored(card: SampleCard) -> Iterator[dict[str, Any]]:
    """Every movement of a chain that has a receipt on both sides."""
    for at, receipt in enumerate(card.chain[1:-1], start=1):
        kind = kind_of(receipt)
        if kind is ReceiptType.UPDATE:
            continue
        attempt = _attempt(sample.SERIAL, kind, at + 1, receipt[_BODY])
        state = receipt[layouts.RECEIPT.offset("pin_state")]
        version = receipt[layouts.RECEIPT.offset("key_version")]
        why = f"{kind.name}, PIN state {state}, RECEIPT v{version}"
        yield _settled(why, card.chain[at - 1], attempt, card.chain[at + 1], "charged", receipt)


def _settled(
    why: str, before: bytes, attempt: dict[str, Any], after: bytes, conclusion: str, receipt: bytes = b""
) -> dict[str, Any]:
    return {
        "why": why,
        "before": before.hex(),
        "attempt": attempt,
        "after": after.hex(),
        "conclusion": conclusion,
        "receipt": receipt.hex(),
    }


def vectors() -> dict[str, Any]:
    """For ``conclusions.json``."""
    return {
        "serial": sample.SERIAL.hex(),
        "debit_key": sample.card_key(KeyLabel.DEBIT).value().hex(),
        "receipt_keys": {str(one): sample.card_key(KeyLabel.RECEIPT, one).value().hex() for one in (1, 2)},
        "terminal": [*map(_case, recovering.doubts()), *_altered()],
        "bank": list(_bank()),
    }
