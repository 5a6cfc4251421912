# SPDX-License-Identifier: Apache-2.0
"""Marks rows: each by itself, then among the genuine ones of its card."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT

from ..errors import NotInOrder
from ..rows import BEFORE, Mark, Marks, Raw, Rows
from .account import NONE, Accounts
from .carried import floor, raised
from .fields import Bools, Fields, Places
from .macs import genuine
from .malformed import malformed
from .rules import backdated, broken

_SERIAL = slice(RECEIPT.offset("serial"), RECEIPT.offset("month"))
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
    behind, same = serial[1:] > serial[:-1], serial[1:] == serial[:-1]
    behind |= same & (seq[1:] > seq[:-1])
    for row in (np.flatnonzero(~behind) + 1).tolist():
        if _place(rows, row - 1) > _place(rows, row):
            raise NotInOrder(row)


def _place(rows: Rows, row: int) -> tuple[bytes, bytes, int, int]:
    """By what rows are sorted; the number is what a receipt begins with."""
    raw = rows.raw[row].tobytes()
    return raw[_SERIAL], raw, int(rows.file[row]), int(rows.line[row])


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
    copy = again & _as_before(rows.raw, good)
    flags[good[copy & _as_before(rows.file, good)]] = Mark.TWICE
    flags[good[copy]] |= np.uint16(Mark.REPEATED)
    good = good[~copy]
    again = _as_before(serial, good) & _as_before(seq, good)
    twin = again | np.append(again[1:], False)
    flags[good[twin]] = Mark.TWIN
    card = np.cumsum(~_as_before(serial, good))
    return good[~np.isin(card, card[twin])]


def _as_before(values: NDArray[Any], rows: Places) -> Bools:
    """Whether each of these rows has the same as the one before it among them."""
    some = values[rows]
    same = np.zeros(len(rows), np.bool_)
    equal = some[1:] == some[:-1]
    same[1:] = equal if equal.ndim == 1 else equal.all(axis=1)
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
