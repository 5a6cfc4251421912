# SPDX-License-Identifier: Apache-2.0
"""The compiled engine: one pass over sorted receipts that marks those of which the judge has something to say.

The rules are those of :mod:`ssn_card.receipts`, in files of the same names beside this one; what they mean is told
there. Tests hold the marks equal to the judge's findings, and to the numpy engine's.

Numba compiles functions of plain numbers: the judge's ``Account`` is one record here, and a receipt is the address of
its bytes. Integers are signed and of 64 bits throughout, so that no difference wraps around.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import NotInOrder
from ..rows import BEFORE, TO_EXPLAIN, Mark, Marks, Rows
from .account import ACCOUNT, BLANK, begin, forget, goes_on, has_moved
from .aes import BLOCK, LANES, expanded, mac_alone, macs_of_lanes
from .compiled import compiled
from .faults import fits
from .memory import octets, u8, u16, u24, u32
from .offsets import (
    MAC,
    MONTH,
    PREVIOUS,
    SEQ,
    SERIAL,
    SIZE,
    TIMESTAMP,
    TYPE,
    UPDATED,
)
from .refusals import refused
from .sums import behind_gap, following, of_its_month, of_itself

_MALFORMED, _NO_KEY, _WRONG_MAC = int(Mark.MALFORMED), int(Mark.NO_KEY), int(Mark.WRONG_MAC)
_REPEATED, _TWICE, _TWIN = int(Mark.REPEATED), int(Mark.TWICE), int(Mark.TWIN)
_GAP, _LINK, _RULE, _BACKDATED = int(Mark.GAP), int(Mark.LINK), int(Mark.RULE), int(Mark.BACKDATED)
_REJECTED = _MALFORMED | _NO_KEY | _WRONG_MAC
_EXPLAINED = int(TO_EXPLAIN)
_AHEAD = 256  #: rows whose MACs are made before their cards are followed: they stay in the innermost cache


@compiled
def _authenticate(raw, schedules, key_of, lanes, flags, begin, end, macs):
    """The marks of some rows' keys and MACs. ``lanes``: which schedule each row takes;
    ``macs``: address of room for MACs."""
    for first in range(begin, end, LANES):
        here = min(LANES, end - first)
        address, taken = raw + first * SIZE, lanes.ctypes.data + first * 8
        if here == LANES:
            macs_of_lanes(address, SIZE, schedules.ctypes.data, taken, macs)
        else:
            for lane in range(here):
                mac_alone(address + lane * SIZE, SIZE, schedules.ctypes.data, taken + lane * 8, macs + lane * BLOCK)
        for lane in range(here):
            r, row = address + lane * SIZE, first + lane
            if key_of[row] < 0:
                flags[row] = _NO_KEY
            elif octets(macs, lane * BLOCK) != octets(r, MAC):
                flags[row] = _WRONG_MAC


@compiled
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


@compiled
def _behind_others(s, r, kind):
    """``Account.with_later``: what was before is forgotten; whether the card would have refused it all the same."""
    forget(s, r, kind)
    if kind == UPDATED:
        return False
    is_refused = refused(s, r, kind)
    has_moved(s, r, kind)
    return is_refused


@compiled
def _place(s, r, before):
    """The marks of a genuine receipt in its card's sequence, which then goes on behind it; noted, if there are any."""
    kind = u8(r, TYPE)
    faulty = of_itself(r, kind) or of_its_month(r)
    backdated = _BACKDATED if kind != UPDATED and u24(r, TIMESTAMP) < s.day else 0
    if u32(r, SEQ) > u32(s.at, SEQ) + 1:
        _note(s, before)
        faulty = behind_gap(s, r, kind) or faulty
        faulty = _behind_others(s, r, kind) or faulty
        return backdated | _GAP | _RULE if faulty else backdated | _GAP
    if octets(r, PREVIOUS) != octets(s.at, MAC):
        _note(s, before)
        begin(s)
        _behind_others(s, r, kind)
        return _LINK | _RULE if faulty else _LINK
    faulty = faulty or following(s, r, kind)
    if kind != UPDATED and not faulty:
        faulty = u16(r, TIMESTAMP) < u16(s.at, MONTH) or refused(s, r, kind)
    mark = backdated | _RULE if faulty else backdated
    if mark:
        _note(s, before)
    goes_on(s, r, kind)
    return mark


@compiled
def _same(one, other):
    different = np.uint64(0)
    for at in range(0, SIZE, 8):
        different |= octets(one, at) ^ octets(other, at)
    return different == 0


@compiled
def _follow(raw, file, first, end, flags, before, noted, s):
    """One card's rows; returns how many are noted in all."""
    begin(s)
    began, newest, copy, twins = noted, -1, -1, False
    for row in range(first, end):
        r = raw + row * SIZE
        if not fits(r):
            flags[row] = _MALFORMED
            continue
        if flags[row]:
            continue
        if newest >= 0 and u32(r, SEQ) == u32(raw + newest * SIZE, SEQ):
            if _same(r, raw + newest * SIZE):
                flags[row] = _REPEATED | _TWICE if file[row] == file[copy] else _REPEATED
                copy = copy if file[row] == file[copy] else row
                continue
            flags[row] = _TWIN
            flags[newest] |= _TWIN
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


@compiled
def _in_order(raw, file, line, row):
    """Whether a row of the same card and number, or of another card, stands behind the one before it."""
    r = raw + row * SIZE
    before = r - SIZE
    if octets(before, SERIAL) != octets(r, SERIAL):
        return octets(before, SERIAL) < octets(r, SERIAL)
    for at in range(0, SIZE, 8):  # the number is what a receipt begins with
        if octets(before, at) != octets(r, at):
            return octets(before, at) < octets(r, at)
    return file[row - 1] < file[row] or (file[row - 1] == file[row] and line[row - 1] <= line[row])


@compiled
def _judged(raw, file, line, schedules, key_of, lanes, flags, before, states):
    """Marks all rows, the first of which lies at the address ``raw``.

    Returns how many are noted, or ``-1 - row`` of the first that is out of order.
    """
    macs = np.empty((LANES, BLOCK), np.uint8)
    count, noted, first, known = len(flags), 0, 0, 0
    for row in range(1, count + 1):
        if row > known:
            upto = min(known + _AHEAD, count)
            _authenticate(raw, schedules, key_of, lanes, flags, known, upto, macs.ctypes.data)
            known = upto
        if row < count:
            r = raw + row * SIZE
            one_card = octets(r, SERIAL) == octets(r - SIZE, SERIAL)
            if not (one_card and u32(r, SEQ) > u32(r - SIZE, SEQ)) and not _in_order(raw, file, line, row):
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
    flags = np.zeros(len(rows.raw), np.uint16)
    before = np.empty(len(rows.raw), BEFORE)
    raw = np.ascontiguousarray(rows.raw)
    # Whether an array may be written to belongs to its type: for what Arrow has read all would be compiled once more.
    file, line, of, some = (np.require(one, None, ["C", "W"]) for one in (rows.file, rows.line, key_of, keys))
    lanes = np.maximum(of, 0).astype(np.int64)
    schedules = expanded(some if len(some) else np.zeros((1, BLOCK), np.uint8))
    state = np.zeros(1, ACCOUNT)
    state["blank"] = BLANK.ctypes.data
    try:
        noted = _judged(raw.ctypes.data, file, line, schedules, of, lanes, flags, before, state)
    finally:
        schedules.fill(0)
    if noted < 0:
        raise NotInOrder(-1 - noted)
    return Marks(flags, before[:noted])
