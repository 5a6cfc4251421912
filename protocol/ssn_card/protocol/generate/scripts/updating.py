# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates delivered to cards: taken, refused, repeated, overtaken."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from ... import commands, layouts, status
from ...values import LifeState
from ..playing import Refusal, Script
from ..sample import Values, entitlement
from ..signing import Signed
from . import mending
from .personalizing import fresh

_DAY = dt.datetime(2026, 1, 5, 9, 0, 0)
_OUT_OF_RANGE = 1 << 31


def update(seq: int, loaded: int, **changes: Any) -> Values:
    """An update of the examples, issued a day later than the one before."""
    return entitlement(seq, loaded, _DAY + dt.timedelta(days=seq), **changes)


class _Deliveries:
    """Deliveries to one card; each begins with SELECT, as at a terminal."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def give(self, step: str, values: Values, refused: Refusal = None) -> None:
        self.script.select()
        self.script.update(step, values, refused)

    def give_bytes(self, step: str, field: str, value: str, refused: Refusal, **changes: Any) -> None:
        """An update, rightly MAC'd, with the bytes of one field replaced by what the layout would not encode."""
        self.script.select()
        self.script.send(step, self.with_bytes(field, bytes.fromhex(value), **changes), refused)

    def with_bytes(self, field: str, value: bytes, **changes: Any) -> Signed:
        good = layouts.ENTITLEMENT.encode(update(3, 200_000, **changes))
        at = layouts.ENTITLEMENT.offset(field)
        return self.script.sign(commands.UPDATE, {}, body=good[:at] + value + good[at + len(value) :])


@cache
def deliveries() -> Script:
    """One card's, in order: every answer that an update can have."""
    script = Script("deliveries", "Updates delivered to one card, one after another.", fresh())
    card = _Deliveries(script)
    first, second = update(1, 100_000), update(2, 200_000)
    script.select()
    request = script.sign(commands.UPDATE, first)
    spoilt = request.apdu[:-2] + bytes((request.apdu[-2] ^ 1,)) + b"\x00"
    script.send("a MAC with one wrong bit", request, status.WrongMac, spoilt)
    card.give("number 0, that of the empty entitlement", update(0, 0), status.ConflictingUpdate)
    card.give("activation with the first load", first)
    card.give("the same again: the same answer", first)
    card.give("second load", second)
    card.give("the first one, now stale", first, status.StaleUpdate)
    card.give("another one with number 2", update(2, 210_000), status.ConflictingUpdate)
    _invalid(card)
    _impossible(card)
    card.give("a quarter of it expires", update(4, 200_000, expired_total=50_000))
    card.give("less has expired than before", update(5, 200_000, expired_total=49_999), status.InvalidUpdate)
    card.give("a load, and all that came before it expires", update(5, 300_000, expired_total=200_000))
    card.give("blocked", update(6, 300_000, expired_total=200_000, state=int(LifeState.BLOCKED)))
    card.give("unblocked, with other limits", update(7, 300_000, expired_total=200_000, monthly_limit=90_000))
    ended = {"expired_total": 300_000, "state": int(LifeState.TERMINATED)}
    card.give("termination, and all expires; numbers may be left out", update(12, 300_000, **ended))
    card.give("back to life", update(13, 300_000, expired_total=300_000), status.InvalidUpdate)
    card.give("still terminated: taken", update(13, 300_000, **ended))
    return script


def _invalid(card: _Deliveries) -> None:
    invalid = status.InvalidUpdate
    card.give("total loaded shrinks", update(3, 199_999), invalid)
    for field in ("loaded_total", "expired_total", "monthly_limit", "override_max", "debit_max", "pin_above"):
        card.give(f"{field} of 2^31", update(3, 200_000) | {field: _OUT_OF_RANGE}, invalid)
    card.give("number of 2^31", update(3, 200_000) | {"update_seq": _OUT_OF_RANGE}, invalid)
    over = update(3, 200_000, monthly_limit=_OUT_OF_RANGE - 1, override_max=1)
    card.give("monthly limit and override maximum reach 2^31 together", over, invalid)
    card.give("more expires than was loaded", update(3, 200_000, expired_total=200_001), invalid)
    card.give("state 0", update(3, 200_000, state=0), invalid)
    card.give("state 5", update(3, 200_000, state=max(LifeState) + 1), invalid)
    card.give("a key selection bit without a meaning", update(3, 200_000, key_selection=0x10), invalid)


def _impossible(card: _Deliveries) -> None:
    impossible = status.ImpossibleTimestamp
    card.give_bytes("issued in a 13th month", "issued_at", "261301090000", impossible)
    card.give_bytes("issued at 24 o'clock", "issued_at", "260101240000", impossible)
    card.give_bytes("valid until a 31 April", "valid_until", "260431", impossible)
    card.give_bytes("valid until a day that is no BCD", "valid_until", "26041A", impossible)
    card.give_bytes("mended to no month", "mended_to", "0000", impossible, mend_count=1)
    card.give_bytes("mended to a 13th month", "mended_to", "2613", impossible, mend_count=1)


def scripts() -> list[Script]:
    """For ``updates.json``."""
    return [deliveries(), *mending.scripts()]
