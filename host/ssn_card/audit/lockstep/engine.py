# SPDX-License-Identifier: Apache-2.0
"""Marks rows: each by itself, then among the genuine ones of its card."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NotInOrder
from ..rows import BEFORE, Mark, Marks, Raw, Rows
from .account import NONE, Accounts
from .carried import floor, raised
from .fields import Bools, Fields, Places
from .macs import genuine
from .malformed import malformed
from .rules import backdated, broken

# As much of what is freed here does glibc then keep for the next batch (mallopt(3), M_MMAP_THRESHOLD, dynamic); else it
# gives the columns back to the system after each, and a seventh of the time goes into getting them again.
np.empty(1 << 24, np.uint8)

_Flags = NDArray[np.uint16]


def judge(rows: Rows, keys: Raw, key_of: NDArray[np.int32]) -> Marks:
    """What there is to say of these rows.

    Args:
        rows: whole cards, sorted by serial, number, content, file and line.
        keys: RECEIPT keys, uint8 (k, 16).
        key_of: (n,), the key of the card and version that each row names; -1: there is none.

    Raises:
        NotInOrder: the rows are not sorted.
    """
    fields = Fields.of(rows.raw)
    _in_order(rows, fields)
    flags = _alone(rows.raw, fields, keys, key_of)
    chained = _distinct(rows, fields, flags)
    if len(chained) < len(fields):
        fields = fields.taken(chained)
    accounts = Accounts(fields)
    found = np.zeros(len(chained), np.uint16)
    for mark, where in (
        (Mark.GAP, accounts.gap),
        (Mark.LINK, accounts.link),
        (Mark.RULE, broken(accounts)),
        (Mark.BACKDATED, backdated(accounts)),
    ):
        found[where] |= np.uint16(mark)
    flags[chained] |= found
    return Marks(flags, _before(accounts, np.flatnonzero(found), chained))


def _in_order(rows: Rows, fields: Fields) -> None:
    serial, seq = fields("serial")[:-1].view(np.uint64), fields("seq")[:-1]
    behind = (serial[1:] == serial[:-1]) & (seq[1:] > seq[:-1])
    some = np.flatnonzero(~(behind | (serial[1:] > serial[:-1]))) + 1
    here, before = (_order(rows, serial, at) for at in (some, some - 1))
    first = (np.arange(len(some)), (here != before).argmax(axis=1))
    wrong = some[here[first] < before[first]]
    if len(wrong):
        raise NotInOrder(int(wrong[0]))


def _order(rows: Rows, serial: NDArray[np.uint64], at: Places) -> NDArray[np.uint64]:
    """By what rows are sorted, (m, 14); the number is what a receipt begins with."""
    parts = (serial[at], rows.raw[at].view(">u8"), rows.file[at], rows.line[at])
    return np.column_stack([part.astype(np.uint64) for part in parts])


def _alone(raw: Raw, fields: Fields, keys: Raw, key_of: NDArray[np.int32]) -> _Flags:
    """Whether a card writes this, and which."""
    wrong = malformed(fields)
    flags = np.where(wrong, Mark.MALFORMED, np.where(key_of < 0, Mark.NO_KEY, 0)).astype(np.uint16)
    checked = np.flatnonzero(flags == 0)
    if len(checked) < len(raw):
        raw, key_of = raw[checked], key_of[checked]
    flags[checked[~genuine(raw, keys, key_of)]] = Mark.WRONG_MAC
    return flags


def _distinct(rows: Rows, fields: Fields, flags: _Flags) -> Places:
    """Mark copies and twins. Returns the genuine rows of cards without twins, each once."""
    serial, seq = fields("serial"), fields("seq")
    good = np.flatnonzero(flags == 0)
    again = _as_before(serial, good) & _as_before(seq, good)
    if not again.any():
        return good
    some = np.flatnonzero(again)
    one, other = good[some], good[some - 1]
    copy = again.copy()
    copy[some] = (rows.raw[one] == rows.raw[other]).all(axis=1)
    flags[good[copy & _as_before(rows.file, good)]] = Mark.TWICE
    flags[good[copy]] |= np.uint16(Mark.REPEATED)
    good = good[~copy]
    again = _as_before(serial, good) & _as_before(seq, good)
    twin = again | np.append(again[1:], False)
    flags[good[twin]] = Mark.TWIN
    return good[~np.isin(serial[good], serial[good[twin]])]


def _as_before(values: NDArray[Any], rows: Places) -> Bools:
    """Whether each of these rows has the same as the one before it among them."""
    some = values[rows]
    same = np.zeros(len(rows), np.bool_)
    np.equal(some[1:], some[:-1], out=same[1:])
    return same


def _before(accounts: Accounts, some: Places, places: Places) -> NDArray[np.void]:
    """The account before some rows, which stand at these places of the batch."""
    places = np.append(places, NONE)
    before = np.zeros(len(some), BEFORE)
    before["row"] = places[some]
    before["newest"] = places[accounts.newest[some]]
    before["stated"] = places[accounts.stated[some]]
    for name in ("pin", "chosen", "moved_on", "raised_most", "day"):
        before[name] = getattr(accounts, name)[some]
    added = raised(accounts, some)
    before["raised_month"] = added.month
    before["raised"] = np.stack((added.low, added.high), axis=1)
    before["elsewhere"][:, 1] = added.elsewhere
    for end, high in enumerate((False, True)):
        before["floor"][:, end] = floor(accounts, some, high=high)
    return before
