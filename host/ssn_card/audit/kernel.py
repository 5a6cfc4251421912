# SPDX-License-Identifier: Apache-2.0
"""The compiled engine: one pass over sorted receipts that marks those of which the judge has something to say.

The rules are those of :mod:`ssn_card.receipts` (faults, chain, account, sums, refusals), in their order and under their
names; what they mean is told there. Tests hold the marks equal to the judge's findings, and to the numpy engine's.

Numba compiles functions of plain numbers: the state that the judge keeps in an ``Account`` is one record of
:data:`STATE`, kept per batch. Integers are signed and of 64 bits throughout, so that no difference wraps around.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import (
    MAX_AMOUNT,
    RECEIPT_LAYOUT_VERSION,
    KeySelection,
    LifeState,
    PinState,
    ReceiptType,
)
from ssn_card.receipts.account import ANY

from .aes import BLOCK, LANES, expanded, mac_alone, macs_in_step
from .errors import NotInOrder
from .memory import octets as _octets
from .memory import u8 as _u8
from .memory import u16 as _u16
from .memory import u32 as _u32
from .rows import BEFORE, TO_EXPLAIN, Mark, Marks, Rows

NAME = "kernel"

_compiled = numba.njit(cache=True, nogil=True, error_model="numpy")

_CANCELLATION = RECEIPT_BY_TYPE[ReceiptType.CANCEL]
_UPDATE = RECEIPT_BY_TYPE[ReceiptType.UPDATE]

_SEQ, _AMOUNT, _CATEGORIES = RECEIPT.offset("seq"), RECEIPT.offset("amount"), RECEIPT.offset("categories")
_TIMESTAMP, _TERMINAL = RECEIPT.offset("timestamp"), RECEIPT.offset("terminal_id")
_BALANCE, _MONTH_SPENT = RECEIPT.offset("balance_after"), RECEIPT.offset("month_spent_after")
_PREVIOUS, _UPDATE_SEQ = RECEIPT.offset("previous_mac"), RECEIPT.offset("update_seq")
_GRANTED, _TYPE, _VERSION = RECEIPT.offset("granted_total"), RECEIPT.offset("type"), RECEIPT.offset("layout_version")
_KEY_VERSION, _SERIAL, _MONTH = RECEIPT.offset("key_version"), RECEIPT.offset("serial"), RECEIPT.offset("month")
_PIN, _RESERVED, _MAC = RECEIPT.offset("pin_state"), RECEIPT.offset("reserved"), RECEIPT.offset("mac")
_CANCELLED, _PADDING = _CANCELLATION.offset("cancelled_mac"), _CANCELLATION.offset("padding")
_LOADED, _EXPIRED = _UPDATE.offset("loaded_total"), _UPDATE.offset("expired_total")
_LIMIT, _OVERRIDE_MAX = _UPDATE.offset("monthly_limit"), _UPDATE.offset("override_max")
_DEBIT_MAX, _PIN_ABOVE = _UPDATE.offset("debit_max"), _UPDATE.offset("pin_above")
_ALLOWED, _UNTIL = _UPDATE.offset("allowed_categories"), _UPDATE.offset("valid_until")
_SELECTION, _STATE, _ISSUED = _UPDATE.offset("key_selection"), _UPDATE.offset("state"), _UPDATE.offset("issued_on")
_PIN_COUNT, _MEND_COUNT = _UPDATE.offset("pin_count"), _UPDATE.offset("mend_count")
_UPDATE_RESERVED = _UPDATE.offset("reserved")
_SIZE = RECEIPT.size

_DEBIT, _CANCEL, _OVERRIDE, _UPDATED = (
    int(kind) for kind in (ReceiptType.DEBIT, ReceiptType.CANCEL, ReceiptType.OVERRIDE, ReceiptType.UPDATE)
)
_NOT_DUE, _GIVEN, _NO_PIN = int(PinState.NOT_DUE), int(PinState.GIVEN), int(PinState.NONE)
_ISSUED_STATE, _ACTIVE, _TERMINATED = int(LifeState.ISSUED), int(LifeState.ACTIVE), int(LifeState.TERMINATED)
_RECEIPT_MOVED, _SELECTIONS = int(KeySelection.RECEIPT), int(sum(KeySelection))
_ANY, _MOST, _LAYOUT = int(ANY), int(MAX_AMOUNT), int(RECEIPT_LAYOUT_VERSION)
_UNKNOWN = -1  #: for the judge's ``None``

_MALFORMED, _NO_KEY, _WRONG_MAC = int(Mark.MALFORMED), int(Mark.NO_KEY), int(Mark.WRONG_MAC)
_REPEATED, _TWICE, _TWIN = int(Mark.REPEATED), int(Mark.TWICE), int(Mark.TWIN)
_GAP, _LINK, _RULE, _BACKDATED = int(Mark.GAP), int(Mark.LINK), int(Mark.RULE), int(Mark.BACKDATED)
_REJECTED = _MALFORMED | _NO_KEY | _WRONG_MAC
_EXPLAINED = int(TO_EXPLAIN)

#: Value of a BCD byte, or 255.
_BCD = np.array([high * 10 + low if high < 10 and low < 10 else 255 for high in range(16) for low in range(16)], np.uint8)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.uint8)
_LAST_YEAR = 79

#: The judge's ``Account``, with the fields of its newest and its stated receipt that rules ask for.
STATE = np.dtype(
    [
        ("mac", np.uint64),
        *((name, np.int64) for name in (
            "row", "newest", "stated", "reached",
            "raised_month", "raised_low", "raised_high", "elsewhere_low", "elsewhere_high", "raised_most",
            "floor_low", "floor_high", "pin", "chosen", "moved_on", "day",
            "seq", "balance", "month_spent", "update_seq", "granted", "month", "type", "key_version", "amount",
            "categories", "terminal",
            "s_update_seq", "s_loaded", "s_expired", "s_limit", "s_override_max", "s_debit_max", "s_pin_above",
            "s_allowed", "s_until", "s_selection", "s_state", "s_pin_count", "s_mend_count",
        ))
    ]
)  # fmt: skip


@_compiled
def _u24(r, at):
    return (_u16(r, at) << 8) | _u8(r, at + 2)


# ---------------------------------------------------------------- faults of single fields (receipts/faults.py)
@_compiled
def _something(value):
    return 0 < value <= _MOST


@_compiled
def _date(r, at):
    year, month, day = _BCD[_u8(r, at)], _BCD[_u8(r, at + 1)], _BCD[_u8(r, at + 2)]
    if year > _LAST_YEAR or month == 0 or month > 12 or day == 0:
        return False
    return day <= _DAYS[month] or (month == 2 and day == 29 and year % 4 == 0)


@_compiled
def _timestamp(r, at):
    return (
        _date(r, at) and _BCD[_u8(r, at + 3)] < 24 and _BCD[_u8(r, at + 4)] < 60 and _BCD[_u8(r, at + 5)] < 60
    )


@_compiled
def _month_fits(r):
    year, month = _BCD[_u8(r, _MONTH)], _BCD[_u8(r, _MONTH + 1)]
    return year <= _LAST_YEAR and 1 <= month <= 12


@_compiled
def _movement_fits(r, kind):
    if not _something(_u32(r, _AMOUNT)) or not _timestamp(r, _TIMESTAMP):
        return False
    if _u8(r, _PIN) > _NO_PIN or _u16(r, _RESERVED) != 0:
        return False
    if kind != _DEBIT and _octets(r, _PADDING) != 0:
        return False
    if kind == _OVERRIDE:
        return _u16(r, _MONTH) == 0 or _month_fits(r)
    return _u16(r, _CATEGORIES) != 0 and _month_fits(r)


@_compiled
def _update_fits(r):
    high = (
        _u8(r, _LOADED)
        | _u8(r, _EXPIRED)
        | _u8(r, _LIMIT)
        | _u8(r, _OVERRIDE_MAX)
        | _u8(r, _DEBIT_MAX)
        | _u8(r, _PIN_ABOVE)
    )
    if high >= 0x80 or _u8(r, _SELECTION) > _SELECTIONS or _u8(r, _UPDATE_RESERVED) != 0:
        return False
    if not _ISSUED_STATE <= _u8(r, _STATE) <= _TERMINATED:
        return False
    if not _date(r, _UNTIL) or not _date(r, _ISSUED):
        return False
    return _u16(r, _MONTH) == 0 or _month_fits(r)


@_compiled
def _fits(r):
    """Whether a card could have written each field so."""
    kind = _u8(r, _TYPE)
    if kind < _DEBIT or kind > _UPDATED or _u8(r, _VERSION) != _LAYOUT:
        return False
    if not _something(_u32(r, _SEQ)) or not _something(_u32(r, _UPDATE_SEQ)):
        return False
    if (_u8(r, _BALANCE) | _u8(r, _MONTH_SPENT) | _u8(r, _GRANTED)) >= 0x80:
        return False
    return _update_fits(r) if kind == _UPDATED else _movement_fits(r, kind)


@_compiled
def _authenticate(raw, schedules, key_of, flags):
    """The first three marks of each row: its fields, its key, its MAC."""
    count = raw.shape[0]
    lanes = np.zeros(LANES, np.int64)
    out = np.empty((LANES, BLOCK), np.uint8)
    for first in range(0, count, LANES):
        here = min(LANES, count - first)
        for lane in range(here):
            lanes[lane] = max(np.int64(key_of[first + lane]), 0)
        address = raw.ctypes.data + first * _SIZE
        if here == LANES:
            macs_in_step(address, _SIZE, schedules.ctypes.data, lanes.ctypes.data, out.ctypes.data)
        else:
            for lane in range(here):
                mac_alone(
                    address + lane * _SIZE,
                    _SIZE,
                    schedules.ctypes.data,
                    lanes.ctypes.data + lane * 8,
                    out.ctypes.data + lane * BLOCK,
                )
        for lane in range(here):
            r, row = address + lane * _SIZE, first + lane
            if not _fits(r):
                flags[row] = _MALFORMED
            elif key_of[row] < 0:
                flags[row] = _NO_KEY
            elif _octets(out.ctypes.data, lane * BLOCK) != _octets(r, _MAC):
                flags[row] = _WRONG_MAC
            else:
                flags[row] = 0


# ---------------------------------------------------------------- what a receipt says
@_compiled
def _spent(r):
    return _u32(r, _GRANTED) - _u32(r, _BALANCE)


@_compiled
def _moved(r, kind):
    if kind == _DEBIT:
        return _u32(r, _AMOUNT)
    return -_u32(r, _AMOUNT) if kind == _CANCEL else np.int64(0)


# ---------------------------------------------------------------- one card's account (receipts/account.py)
@_compiled
def _begin(s):
    """``BEGINNING``: before a card's first receipt all is known, for there is nothing."""
    s.newest = s.stated = -1
    s.raised_month = s.raised_low = s.raised_high = s.elsewhere_low = s.elsewhere_high = s.raised_most = 0
    s.floor_low = s.floor_high = s.chosen = s.moved_on = s.day = 0
    s.pin = _UNKNOWN
    s.seq = s.balance = s.month_spent = s.update_seq = s.granted = s.month = 0
    s.key_version = s.amount = s.categories = s.terminal = 0
    s.mac = np.uint64(0)
    s.type = _UPDATED
    s.s_update_seq = s.s_loaded = s.s_expired = s.s_limit = s.s_override_max = 0
    s.s_debit_max = s.s_pin_above = s.s_allowed = s.s_until = s.s_selection = s.s_pin_count = s.s_mend_count = 0
    s.s_state = _ISSUED_STATE


@_compiled
def _known(s):
    """Whether the receipt of the update whose entitlement is in force is in hand."""
    return s.s_update_seq == s.update_seq


@_compiled
def _becomes_newest(s, r, kind):
    s.newest = s.row
    s.type = kind
    s.seq = _u32(r, _SEQ)
    s.balance = _u32(r, _BALANCE)
    s.month_spent = _u32(r, _MONTH_SPENT)
    s.update_seq = _u32(r, _UPDATE_SEQ)
    s.granted = _u32(r, _GRANTED)
    s.month = _u16(r, _MONTH)
    s.key_version = _u8(r, _KEY_VERSION)
    s.mac = _octets(r, _MAC)
    s.amount = _u32(r, _AMOUNT)
    s.categories = _u16(r, _CATEGORIES)
    s.terminal = _u32(r, _TERMINAL)


@_compiled
def _becomes_stated(s, r):
    s.stated = s.row
    s.s_update_seq = _u32(r, _UPDATE_SEQ)
    s.s_loaded = _u32(r, _LOADED)
    s.s_expired = _u32(r, _EXPIRED)
    s.s_limit = _u32(r, _LIMIT)
    s.s_override_max = _u32(r, _OVERRIDE_MAX)
    s.s_debit_max = _u32(r, _DEBIT_MAX)
    s.s_pin_above = _u32(r, _PIN_ABOVE)
    s.s_allowed = _u16(r, _ALLOWED)
    s.s_until = _u24(r, _UNTIL)
    s.s_selection = _u8(r, _SELECTION)
    s.s_state = _u8(r, _STATE)
    s.s_pin_count = _u8(r, _PIN_COUNT)
    s.s_mend_count = _u8(r, _MEND_COUNT)


@_compiled
def _forget(s, r, kind):
    """``Account.forgotten``: ahead of this receipt others are missing."""
    most = s.raised_most if _u32(r, _UPDATE_SEQ) == s.update_seq else np.int64(_ANY)
    _becomes_newest(s, r, kind)
    if kind == _UPDATED:
        _becomes_stated(s, r)
    s.raised_low = s.elsewhere_low = 0
    s.raised_high = s.elsewhere_high = s.raised_most = most
    s.chosen = 1
    s.moved_on = _UNKNOWN
    s.floor_low = s.balance - s.s_pin_above if _known(s) else -np.int64(_ANY)
    s.floor_high = _ANY


@_compiled
def _goes_on(s, r, kind):
    """``Account.with_next``."""
    if kind == _UPDATED:
        _is_updated(s, r)
    else:
        _has_moved(s, r, kind)
    _becomes_newest(s, r, kind)


@_compiled
def _is_updated(s, r):
    known = _known(s)
    pin_above = _u32(r, _PIN_ABOVE)
    if known:
        shift = _u32(r, _GRANTED) - s.granted + s.s_pin_above - pin_above
        s.floor_low += shift
        s.floor_high += shift
    else:
        s.floor_low = _u32(r, _BALANCE) - pin_above
        s.floor_high = _ANY
    s.raised_most = max(s.raised_most, _u32(r, _OVERRIDE_MAX))
    if not known or _u8(r, _PIN_COUNT) > s.s_pin_count:
        s.chosen = 1
    if _u8(r, _SELECTION) & _RECEIPT_MOVED == 0:
        s.moved_on = 0
    elif not known:
        s.moved_on = _UNKNOWN
    else:
        s.moved_on = 1 if s.s_selection & _RECEIPT_MOVED == 0 else 0
    _becomes_stated(s, r)


@_compiled
def _has_moved(s, r, kind):
    pin = _u8(r, _PIN)
    s.pin = pin
    s.chosen = s.moved_on = 0
    s.day = max(s.day, _u24(r, _TIMESTAMP))
    if kind == _OVERRIDE:
        _is_raised(s, r)
    elif _known(s):
        balance = _u32(r, _BALANCE)
        least = balance - s.s_pin_above
        if kind == _CANCEL:
            s.floor_low = max(s.floor_low, least)
            s.floor_high = max(s.floor_high, least)
        elif pin == _GIVEN:
            s.floor_low = s.floor_high = least
        elif pin == _NOT_DUE:
            s.floor_high = min(s.floor_high, balance)


@_compiled
def _is_raised(s, r):
    month, amount = _u16(r, _TIMESTAMP), _u32(r, _AMOUNT)
    low = (s.raised_low if month == s.raised_month else s.elsewhere_low) + amount
    high = (s.raised_high if month == s.raised_month else s.elsewhere_high) + amount
    most = max(low, s.s_override_max) if _known(s) else np.int64(_ANY)
    s.raised_month = month
    s.raised_low = low
    s.raised_high = min(high, most)
    s.elsewhere_low = s.elsewhere_high = 0


# ---------------------------------------------------------------- sums (receipts/sums.py); true: there is a fault
@_compiled
def _of_itself(r, kind):
    balance, granted = _u32(r, _BALANCE), _u32(r, _GRANTED)
    if balance > granted:
        return True
    if kind == _UPDATED:
        loaded = _u32(r, _LOADED)
        left = loaded - _u32(r, _EXPIRED)
        if left < 0 or balance > left or not left <= granted <= loaded:
            return True
        return _u32(r, _LIMIT) + _u32(r, _OVERRIDE_MAX) > _MOST
    return kind != _OVERRIDE and _u16(r, _MONTH) != _u16(r, _TIMESTAMP)


@_compiled
def _of_its_month(r):
    return _u32(r, _MONTH_SPENT) > max(_spent(r), 0)


@_compiled
def _following(s, r, kind):
    if kind == _UPDATED:
        return _of_an_update(s, r) or _of_versions(s, r)
    if kind == _CANCEL and _of_the_cancelled(s, r):
        return True
    return _of_a_movement(s, r, kind) or _of_versions(s, r) or _of_the_pin(s, r)


@_compiled
def _behind_gap(s, r, kind):
    update_seq = _u32(r, _UPDATE_SEQ)
    if update_seq < s.update_seq + (1 if kind == _UPDATED else 0):
        return True
    spent = _spent(r) - (s.granted - s.balance)
    back = s.amount if s.type == _DEBIT else np.int64(0)
    if spent < max(_moved(r, kind), 0) - back:
        return True
    if update_seq == s.update_seq and _under_one_entitlement(s, r, spent, back):
        return True
    if kind == _UPDATED and _of_totals(s, r):
        return True
    if _of_versions(s, r):
        return True
    return kind != _UPDATED and _u8(r, _PIN) == _NO_PIN and _has_pin(s)


@_compiled
def _under_one_entitlement(s, r, spent, back):
    month, month_spent = _u16(r, _MONTH), _u32(r, _MONTH_SPENT)
    if _u32(r, _GRANTED) != s.granted or month < s.month:
        return True
    if month == s.month:
        return month_spent != s.month_spent + spent
    return month_spent > spent + back


@_compiled
def _of_the_cancelled(s, r):
    if s.type != _DEBIT or _octets(r, _CANCELLED) != s.mac:
        return True
    if _u32(r, _AMOUNT) != s.amount or _u16(r, _CATEGORIES) != s.categories:
        return True
    return _u32(r, _TERMINAL) != s.terminal


@_compiled
def _of_a_movement(s, r, kind):
    moved = _moved(r, kind)
    own = _u16(r, _TIMESTAMP) if kind == _DEBIT else s.month
    spent = moved + (s.month_spent if own == s.month else np.int64(0))
    if _u32(r, _UPDATE_SEQ) != s.update_seq or _u32(r, _GRANTED) != s.granted:
        return True
    if _u32(r, _BALANCE) != s.balance - moved or _u32(r, _MONTH_SPENT) != spent:
        return True
    return kind != _DEBIT and _u16(r, _MONTH) != s.month


@_compiled
def _of_an_update(s, r):
    if _u32(r, _UPDATE_SEQ) <= s.update_seq or _of_totals(s, r):
        return True
    balance = _u32(r, _BALANCE)
    expected, known = balance, _known(s)
    if known:
        loaded = _u32(r, _LOADED)
        expected = min(s.balance + loaded - s.s_loaded, loaded - _u32(r, _EXPIRED))
    if balance != expected or _u32(r, _GRANTED) != s.granted - s.balance + expected:
        return True
    if _u32(r, _MONTH_SPENT) != s.month_spent:
        return True
    month = _u16(r, _MONTH)
    mended = not known or _u8(r, _MEND_COUNT) > s.s_mend_count
    return month != s.month and not (mended and 0 < month < s.month)


@_compiled
def _of_totals(s, r):
    if _u32(r, _LOADED) < s.s_loaded or _u32(r, _EXPIRED) < s.s_expired:
        return True
    if _u8(r, _PIN_COUNT) < s.s_pin_count or _u8(r, _MEND_COUNT) < s.s_mend_count:
        return True
    if s.s_selection & ~_u8(r, _SELECTION) != 0:
        return True
    return s.s_state == _TERMINATED and _u8(r, _STATE) != _TERMINATED


@_compiled
def _of_versions(s, r):
    if s.seq == 0:
        return False
    version = _u8(r, _KEY_VERSION)
    if s.moved_on == 1:
        return version == s.key_version
    if s.moved_on == _UNKNOWN or version == s.key_version:
        return False
    one_entitlement = _u32(r, _UPDATE_SEQ) == s.update_seq or _u32(r, _SEQ) == s.seq + 1
    return one_entitlement or s.s_selection & _RECEIPT_MOVED != 0


@_compiled
def _of_the_pin(s, r):
    if _u8(r, _PIN) == _NO_PIN:
        return _has_pin(s)
    return s.pin == _NO_PIN and s.chosen == 0


@_compiled
def _has_pin(s):
    return s.pin not in (_UNKNOWN, _NO_PIN)


# ---------------------------------------------------------------- what the card would have refused (receipts/refusals.py)
@_compiled
def _refused(s, r, kind):
    if not _known(s):
        return False
    if s.s_state != _ACTIVE or _u24(r, _TIMESTAMP) > s.s_until:
        return True
    if kind == _DEBIT:
        return _refused_debit(s, r)
    if kind == _OVERRIDE:
        low = s.raised_low if _u16(r, _TIMESTAMP) == s.raised_month else s.elsewhere_low
        return low + _u32(r, _AMOUNT) > s.s_override_max
    return False


@_compiled
def _refused_debit(s, r):
    if _u32(r, _AMOUNT) > s.s_debit_max or _u16(r, _CATEGORIES) & ~s.s_allowed != 0:
        return True
    high = s.raised_high if _u16(r, _MONTH) == s.raised_month else s.elsewhere_high
    if _u32(r, _MONTH_SPENT) > s.s_limit + high:
        return True
    return _u8(r, _PIN) == _NOT_DUE and _u32(r, _BALANCE) < s.floor_low


# ---------------------------------------------------------------- the sequence (receipts/chain.py)
@_compiled
def _note(s, before):
    """Set down the account before a row."""
    before.row = s.row
    before.newest = s.newest
    before.stated = s.stated
    before.raised_month = s.raised_month
    before.pin = s.pin
    before.moved_on = s.moved_on
    before.chosen = s.chosen
    before.raised[0], before.raised[1] = s.raised_low, s.raised_high
    before.elsewhere[0], before.elsewhere[1] = s.elsewhere_low, s.elsewhere_high
    before.raised_most = s.raised_most
    before.floor[0], before.floor[1] = s.floor_low, s.floor_high
    before.day = s.day


@_compiled
def _behind_others(s, r, kind):
    """``Account.with_later``: what was before is forgotten; whether the card would have refused it all the same."""
    _forget(s, r, kind)
    if kind == _UPDATED:
        return False
    refused = _refused(s, r, kind)
    _has_moved(s, r, kind)
    return refused


@_compiled
def _place(s, r, before):
    """The marks of a genuine receipt in its card's sequence, which then goes on behind it; noted, if there are any."""
    kind = _u8(r, _TYPE)
    faulty = _of_itself(r, kind) or _of_its_month(r)
    backdated = _BACKDATED if kind != _UPDATED and _u24(r, _TIMESTAMP) < s.day else 0
    if _u32(r, _SEQ) > s.seq + 1:
        _note(s, before)
        faulty = _behind_gap(s, r, kind) or faulty
        faulty = _behind_others(s, r, kind) or faulty
        return backdated | _GAP | _RULE if faulty else backdated | _GAP
    if _octets(r, _PREVIOUS) != s.mac:
        _note(s, before)
        _begin(s)
        _behind_others(s, r, kind)
        return _LINK | _RULE if faulty else _LINK
    faulty = faulty or _following(s, r, kind)
    if kind != _UPDATED and not faulty:
        faulty = _u16(r, _TIMESTAMP) < s.month or _refused(s, r, kind)
    mark = backdated | _RULE if faulty else backdated
    if mark:
        _note(s, before)
    _goes_on(s, r, kind)
    return mark


@_compiled
def _same(one, other):
    for at in range(0, _SIZE, 8):
        if _octets(one, at) != _octets(other, at):
            return False
    return True


@_compiled
def _follow(raw, file, first, end, flags, before, noted, s):
    """One card's rows; returns how many are noted in all."""
    _begin(s)
    began, newest, copy, twins = noted, -1, -1, False
    for row in range(first, end):
        if flags[row] & _REJECTED:
            continue
        r = raw.ctypes.data + row * _SIZE
        if newest >= 0 and _u32(r, _SEQ) == _u32(raw.ctypes.data + newest * _SIZE, _SEQ):
            if _same(r, raw.ctypes.data + newest * _SIZE):
                flags[row] = _REPEATED | _TWICE if file[row] == file[copy] else _REPEATED
                copy = copy if file[row] == file[copy] else row
                continue
            flags[row] = _TWIN
            twins = True
        newest = copy = row
        if not twins:
            s.row = row
            mark = _place(s, r, before[noted])
            flags[row] = mark
            noted += 1 if mark else 0
    if twins:  # the judge follows this card from its start
        for row in range(first, end):
            flags[row] &= ~_EXPLAINED
        return began
    return noted


@_compiled
def _in_order(raw, file, line, row):
    """Whether a row of the same card and number, or of another card, stands behind the one before it."""
    r = raw.ctypes.data + row * _SIZE
    before = r - _SIZE
    if _octets(before, _SERIAL) != _octets(r, _SERIAL):
        return _octets(before, _SERIAL) < _octets(r, _SERIAL)
    for at in range(0, _SIZE, 8):  # the number is what a receipt begins with
        if _octets(before, at) != _octets(r, at):
            return _octets(before, at) < _octets(r, at)
    return file[row - 1] < file[row] or (file[row - 1] == file[row] and line[row - 1] <= line[row])


@_compiled
def _judged(raw, file, line, schedules, key_of, flags, before, states):
    """Marks all rows; returns how many are noted, or ``-1 - row`` of the first that is out of order."""
    _authenticate(raw, schedules, key_of, flags)
    count, noted, first = raw.shape[0], 0, 0
    for row in range(1, count + 1):
        if row < count:
            r = raw.ctypes.data + row * _SIZE
            one_card = _octets(r, _SERIAL) == _octets(r - _SIZE, _SERIAL)
            if not (one_card and _u32(r, _SEQ) > _u32(r - _SIZE, _SEQ)) and not _in_order(raw, file, line, row):
                return -1 - row
            if one_card:
                continue
        noted = _follow(raw, file, first, row, flags, before, noted, states[0])
        first = row
    return noted


def judge(rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32]) -> Marks:
    """Mark rows. See :mod:`.rows` for shapes and meanings.

    Raises:
        NotInOrder: the rows are not sorted by card and number.
    """
    count = len(rows.raw)
    flags = np.zeros(count, np.uint16)
    before = np.empty(count, BEFORE)
    schedules = expanded(keys if len(keys) else np.zeros((1, BLOCK), np.uint8))
    try:
        noted = _judged(rows.raw, rows.file, rows.line, schedules, key_of, flags, before, np.empty(1, STATE))
    finally:
        schedules.fill(0)
    if noted < 0:
        raise NotInOrder(-1 - noted)
    return Marks(flags, before[:noted])
