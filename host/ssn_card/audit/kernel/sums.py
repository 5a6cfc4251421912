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
    if update_seq < s.update_seq + (1 if kind == UPDATED else 0):
        return True
    spent = spent_total(r) - (s.granted - s.balance)
    back = u32(s.at, AMOUNT) if s.type == DEBIT else np.int64(0)
    if spent < max(moved(r, kind), 0) - back:
        return True
    if update_seq == s.update_seq and _under_one_entitlement(s, r, spent, back):
        return True
    if kind == UPDATED and _of_totals(s, r):
        return True
    if _of_versions(s, r):
        return True
    return kind != UPDATED and u8(r, PIN) == NO_PIN and _has_pin(s)


@compiled
def _under_one_entitlement(s, r, spent, back):
    month, month_spent = u16(r, MONTH), u32(r, MONTH_SPENT)
    if u32(r, GRANTED) != s.granted or month < s.month:
        return True
    if month == s.month:
        return month_spent != s.month_spent + spent
    return month_spent > spent + back


@compiled
def _of_the_cancelled(s, r):
    if s.type != DEBIT or octets(r, CANCELLED) != s.mac:
        return True
    if u32(r, AMOUNT) != u32(s.at, AMOUNT) or u16(r, CATEGORIES) != u16(s.at, CATEGORIES):
        return True
    return u32(r, TERMINAL) != u32(s.at, TERMINAL)


@compiled
def _of_a_movement(s, r, kind):
    change = moved(r, kind)
    own = u16(r, TIMESTAMP) if kind == DEBIT else s.month
    spent = change + (s.month_spent if own == s.month else np.int64(0))
    if u32(r, UPDATE_SEQ) != s.update_seq or u32(r, GRANTED) != s.granted:
        return True
    if u32(r, BALANCE) != s.balance - change or u32(r, MONTH_SPENT) != spent:
        return True
    return kind != DEBIT and u16(r, MONTH) != s.month


@compiled
def _of_an_update(s, r):
    if u32(r, UPDATE_SEQ) <= s.update_seq or _of_totals(s, r):
        return True
    balance = u32(r, BALANCE)
    expected, is_known = balance, known(s)
    if is_known:
        loaded = u32(r, LOADED)
        expected = min(s.balance + loaded - s.s_loaded, loaded - u32(r, EXPIRED))
    if balance != expected or u32(r, GRANTED) != s.granted - s.balance + expected:
        return True
    if u32(r, MONTH_SPENT) != s.month_spent:
        return True
    month = u16(r, MONTH)
    mended = not is_known or u8(r, MEND_COUNT) > s.s_mend_count
    return month != s.month and not (mended and 0 < month < s.month)


@compiled
def _of_totals(s, r):
    if u32(r, LOADED) < s.s_loaded or u32(r, EXPIRED) < s.s_expired:
        return True
    if u8(r, PIN_COUNT) < s.s_pin_count or u8(r, MEND_COUNT) < s.s_mend_count:
        return True
    if s.s_selection & ~u8(r, SELECTION) != 0:
        return True
    return s.s_state == TERMINATED and u8(r, STATE) != TERMINATED


@compiled
def _of_versions(s, r):
    if s.seq == 0:
        return False
    version = u8(r, KEY_VERSION)
    if s.moved_on == 1:
        return version == s.key_version
    if s.moved_on == UNKNOWN or version == s.key_version:
        return False
    one_entitlement = u32(r, UPDATE_SEQ) == s.update_seq or u32(r, SEQ) == s.seq + 1
    return one_entitlement or s.s_selection & RECEIPT_MOVED != 0


@compiled
def _of_the_pin(s, r):
    if u8(r, PIN) == NO_PIN:
        return _has_pin(s)
    return s.pin == NO_PIN and s.chosen == 0


@compiled
def _has_pin(s):
    return s.pin not in (UNKNOWN, NO_PIN)
