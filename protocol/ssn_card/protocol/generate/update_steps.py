# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates delivered one after another to a card that was just personalized, and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .. import commands, layouts, status
from ..labels import KeyLabel
from ..status import CardStatusError
from ..values import LifeState, UpdateFlag
from . import sample
from .sample import Answered, SampleCard, Signed, entitlement, plain, signed, signed_body

_DAY = dt.datetime(2026, 1, 5, 9, 0, 0)
_OUT_OF_RANGE = 1 << 31


@dataclass(frozen=True)
class Step:
    """One delivery. ``refused`` is the status word's class, or ``answer`` what the card returns with 9000."""

    name: str
    request: Signed
    apdu: bytes
    answer: Answered | None = None
    refused: type[CardStatusError] | None = None


def _update(seq: int, loaded: int, **changes: Any) -> Signed:
    return signed(commands.UPDATE, entitlement(seq, loaded, _DAY + dt.timedelta(days=seq), **changes))


def _with(field: str, value: bytes, seq: int) -> Signed:
    """An update, rightly MAC'd, with the bytes of one field replaced by what the layout would not encode."""
    good = _update(seq, 200_000).body
    at = layouts.ENTITLEMENT.offset(field)
    return signed_body(commands.UPDATE, good[:at] + value + good[at + len(value) :], {})


def _refused(name: str, request: Signed, why: type[CardStatusError]) -> Step:
    return Step(name, request, request.apdu, refused=why)


def _taken(name: str, request: Signed, answer: Answered) -> Step:
    return Step(name, request, request.apdu, answer=answer)


def steps() -> Iterator[Step]:
    """The deliveries, in order; each depends on those before it."""
    card = SampleCard()
    first, second = _update(1, 100_000), _update(2, 200_000)
    spoilt = bytearray(first.apdu)
    spoilt[-2] ^= 1
    yield Step("a MAC with one wrong bit", first, bytes(spoilt), refused=status.WrongMac)
    yield _refused("number 0, that of the empty entitlement", _update(0, 0), status.ConflictingUpdate)
    activation = card.answer(first)
    yield _taken("activation with the first load", first, activation)
    yield _taken("the same again: the same answer", first, activation)
    yield _taken("second load", second, card.answer(second))
    yield _refused("the first one, now stale", first, status.StaleUpdate)
    yield _refused("another one with number 2", _update(2, 210_000), status.ConflictingUpdate)
    invalid = status.InvalidUpdate
    yield _refused("total loaded shrinks", _update(3, 199_999), invalid)
    yield _refused("total loaded of 2^31", _update(3, _OUT_OF_RANGE), invalid)
    yield _refused("maximum of a debit of 2^31", _update(3, 200_000, debit_max=_OUT_OF_RANGE), invalid)
    over = _update(3, 200_000, monthly_limit=_OUT_OF_RANGE - 1, override_max=1)
    yield _refused("monthly limit and override maximum reach 2^31 together", over, invalid)
    yield _refused("no such state", _update(3, 200_000, state=max(LifeState) + 1), invalid)
    yield _refused("unknown flag", _update(3, 200_000, flags=2 * UpdateFlag.FORFEIT), invalid)
    impossible = status.ImpossibleTimestamp
    yield _refused("issued in a 13th month", _with("issued_at", bytes.fromhex("261301090000"), 3), impossible)
    yield _refused("valid until a 31 April", _with("valid_until", bytes.fromhex("260431"), 3), impossible)
    yield _refused("valid until a day that is no BCD", _with("valid_until", bytes.fromhex("26041A"), 3), impossible)
    ended = _update(7, 200_000, state=int(LifeState.TERMINATED))
    yield _taken("termination; numbers may be left out", ended, card.answer(ended))
    yield _refused("back to life", _update(8, 200_000), invalid)
    changes = {"state": int(LifeState.TERMINATED), "flags": int(UpdateFlag.FORFEIT)}
    forfeit = _update(8, 200_000, **changes)
    yield _taken("what is left is forfeited", forfeit, card.answer(forfeit))


def vectors() -> dict[str, Any]:
    """For ``updates.json``."""
    cases = []
    for step in steps():
        case: dict[str, Any] = {
            "name": step.name,
            "fields": plain(step.request.values),
            "message": step.request.message.hex(),
            "mac": step.request.mac.hex(),
            "apdu": step.apdu.hex(),
            "sw": f"{step.refused.sw if step.refused else status.OK:04x}",
        }
        if step.answer:
            case |= {"receipt": step.answer.logical.hex(), "answer": step.answer.data.hex()}
        cases.append(case)
    return {
        "serial": sample.SERIAL.hex(),
        "key_label": str(KeyLabel.UPDATE),
        "key": sample.card_key(KeyLabel.UPDATE).value().hex(),
        "answer_key_label": str(KeyLabel.DEBIT),
        "answer_key": sample.card_key(KeyLabel.DEBIT).value().hex(),
        "receipt_key": sample.card_key(KeyLabel.RECEIPT).value().hex(),
        "steps": cases,
    }
