# SPDX-License-Identifier: Apache-2.0
"""Movements that the card would have refused: :mod:`ssn_card.receipts.refusals`, compiled."""

from __future__ import annotations

from .account import known
from .compiled import compiled
from .memory import u8, u16, u24, u32
from .offsets import (
    ACTIVE,
    ALLOWED,
    AMOUNT,
    BALANCE,
    CATEGORIES,
    DEBIT,
    DEBIT_MAX,
    LIMIT,
    MONTH,
    MONTH_SPENT,
    NOT_DUE,
    OVERRIDE,
    OVERRIDE_MAX,
    PIN,
    STATE,
    TIMESTAMP,
    UNTIL,
)


@compiled
def refused(s, r, kind):
    if not known(s):
        return False
    if u8(s.stated_at, STATE) != ACTIVE or u24(r, TIMESTAMP) > u24(s.stated_at, UNTIL):
        return True
    if kind == DEBIT:
        return _refused_debit(s, r)
    if kind == OVERRIDE:
        low = s.raised_low if u16(r, TIMESTAMP) == s.raised_month else s.elsewhere_low
        return low + u32(r, AMOUNT) > u32(s.stated_at, OVERRIDE_MAX)
    return False


@compiled
def _refused_debit(s, r):
    if u32(r, AMOUNT) > u32(s.stated_at, DEBIT_MAX) or u16(r, CATEGORIES) & ~u16(s.stated_at, ALLOWED) != 0:
        return True
    high = s.raised_high if u16(r, MONTH) == s.raised_month else s.elsewhere_high
    if u32(r, MONTH_SPENT) > u32(s.stated_at, LIMIT) + high:
        return True
    return u8(r, PIN) == NOT_DUE and u32(r, BALANCE) < s.floor_low
