# SPDX-License-Identifier: Apache-2.0
"""What a genuine receipt must say: :mod:`ssn_card.receipts.sums`, compiled. True: there is a fault."""

from __future__ import annotations

import numpy as np

from .account import known
from .compiled import compiled
from .memory import octets, u8, u16, u32
from .offsets import (
    AMOUNT,
    BALANCE,
    CANCEL,
    CANCELLED,
    CATEGORIES,
    DEBIT,
    EXPIRED,
    GRANTED,
    KEY_VERSION,
    LIMIT,
    LOADED,
    MAC,
    MEND_COUNT,
    MONTH,
    MONTH_SPENT,
    MOST,
    NO_PIN,
    OVERRIDE,
    OVERRIDE_MAX,
    PIN,
    PIN_COUNT,
    RECEIPT_MOVED,
    SELECTION,
    SEQ,
    STATE,
    TERMINAL,
    TERMINATED,
    TIMESTAMP,
    TYPE,
    UNKNOWN,
    UPDATE_SEQ,
    UPDATED,
)


@compiled
def spent_total(r):
    return u32(r, GRANTED) - u32(r, BALANCE)


@compiled
def moved(r, kind):
    if kind == DEBIT:
        return u32(r, AMOUNT)
    return -u32(r, AMOUNT) if kind == CANCEL else np.int64(0)


@compiled
def of_itself(r, kind):
    balance, granted = u32(r, BALANCE), u32(r, GRANTED)
    if balance > granted:
        return True
    if kind == UPDATED:
        loaded = u32(r, LOADED)
        left = loaded - u32(r, EXPIRED)
        if left < 0 or balance > left or not left <= granted <= loaded:
            return True
        return u32(r, LIMIT) + u32(r, OVERRIDE_MAX) > MOST
    return kind != OVERRIDE and u16(r, MONTH) != u16(r, TIMESTAMP)


@compiled
def of_its_month(r):
    return u32(r, MONTH_SPENT) > max(spent_total(r), 0)


@compiled
def following(s, r, kind):
    if kind == UPDATED:
        return _of_an_update(s, r) or _of_versions(s, r)
    if kind == CANCEL and _of_the_cancelled(s, r):
        return True
    return _of_a_movement(s, r, kind) or _of_versions(s, r) or _of_the_pin(s, r)


@compiled
def behind_gap(s, r, kind):
    update_seq = u32(r, UPDATE_SEQ)
    if update_seq < u32(s.at, UPDATE_SEQ) + (1 if kind == UPDATED else 0):
        return True
    spent = spent_total(r) - (u32(s.at, GRANTED) - u32(s.at, BALANCE))
    back = u32(s.at, AMOUNT) if u8(s.at, TYPE) == DEBIT else np.int64(0)
    if spent < max(moved(r, kind), 0) - back:
        return True
    if update_seq == u32(s.at, UPDATE_SEQ) and _under_one_entitlement(s, r, spent, back):
        return True
    if kind == UPDATED and _of_totals(s, r):
        return True
    if _of_versions(s, r):
        return True
    return kind != UPDATED and u8(r, PIN) == NO_PIN and _has_pin(s)


@compiled
def _under_one_entitlement(s, r, spent, back):
    month, month_spent = u16(r, MONTH), u32(r, MONTH_SPENT)
    if u32(r, GRANTED) != u32(s.at, GRANTED) or month < u16(s.at, MONTH):
        return True
    if month == u16(s.at, MONTH):
        return month_spent != u32(s.at, MONTH_SPENT) + spent
    return month_spent > spent + back


@compiled
def _of_the_cancelled(s, r):
    if u8(s.at, TYPE) != DEBIT or octets(r, CANCELLED) != octets(s.at, MAC):
        return True
    if u32(r, AMOUNT) != u32(s.at, AMOUNT) or u16(r, CATEGORIES) != u16(s.at, CATEGORIES):
        return True
    return u32(r, TERMINAL) != u32(s.at, TERMINAL)


@compiled
def _of_a_movement(s, r, kind):
    change = moved(r, kind)
    own = u16(r, TIMESTAMP) if kind == DEBIT else u16(s.at, MONTH)
    spent = change + (u32(s.at, MONTH_SPENT) if own == u16(s.at, MONTH) else np.int64(0))
    if u32(r, UPDATE_SEQ) != u32(s.at, UPDATE_SEQ) or u32(r, GRANTED) != u32(s.at, GRANTED):
        return True
    if u32(r, BALANCE) != u32(s.at, BALANCE) - change or u32(r, MONTH_SPENT) != spent:
        return True
    return kind != DEBIT and u16(r, MONTH) != u16(s.at, MONTH)


@compiled
def _of_an_update(s, r):
    if u32(r, UPDATE_SEQ) <= u32(s.at, UPDATE_SEQ) or _of_totals(s, r):
        return True
    balance = u32(r, BALANCE)
    expected, is_known = balance, known(s)
    if is_known:
        loaded = u32(r, LOADED)
        expected = min(u32(s.at, BALANCE) + loaded - u32(s.stated_at, LOADED), loaded - u32(r, EXPIRED))
    if balance != expected or u32(r, GRANTED) != u32(s.at, GRANTED) - u32(s.at, BALANCE) + expected:
        return True
    if u32(r, MONTH_SPENT) != u32(s.at, MONTH_SPENT):
        return True
    month = u16(r, MONTH)
    mended = not is_known or u8(r, MEND_COUNT) > u8(s.stated_at, MEND_COUNT)
    return month != u16(s.at, MONTH) and not (mended and 0 < month < u16(s.at, MONTH))


@compiled
def _of_totals(s, r):
    if u32(r, LOADED) < u32(s.stated_at, LOADED) or u32(r, EXPIRED) < u32(s.stated_at, EXPIRED):
        return True
    if u8(r, PIN_COUNT) < u8(s.stated_at, PIN_COUNT) or u8(r, MEND_COUNT) < u8(s.stated_at, MEND_COUNT):
        return True
    if u8(s.stated_at, SELECTION) & ~u8(r, SELECTION) != 0:
        return True
    return u8(s.stated_at, STATE) == TERMINATED and u8(r, STATE) != TERMINATED


@compiled
def _of_versions(s, r):
    if u32(s.at, SEQ) == 0:
        return False
    version = u8(r, KEY_VERSION)
    if s.moved_on == 1:
        return version == u8(s.at, KEY_VERSION)
    if s.moved_on == UNKNOWN or version == u8(s.at, KEY_VERSION):
        return False
    one_entitlement = u32(r, UPDATE_SEQ) == u32(s.at, UPDATE_SEQ) or u32(r, SEQ) == u32(s.at, SEQ) + 1
    return one_entitlement or u8(s.stated_at, SELECTION) & RECEIPT_MOVED != 0


@compiled
def _of_the_pin(s, r):
    if u8(r, PIN) == NO_PIN:
        return _has_pin(s)
    return s.pin == NO_PIN and s.chosen == 0


@compiled
def _has_pin(s):
    return s.pin not in (UNKNOWN, NO_PIN)
