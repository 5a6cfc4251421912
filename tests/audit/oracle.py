# SPDX-License-Identifier: Apache-2.0
"""What an engine must mark, by the judge's own functions, receipt by receipt: slow, and the measure of every engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssn_card.audit.rows import BEFORE, TO_EXPLAIN, Mark, Marks, Rows
from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts import Problem, Receipt
from ssn_card.receipts.account import BEGINNING, Account
from ssn_card.receipts.chain import Link, Placed, behind_gap, linked


def expected(rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32]) -> Marks:
    """The marks of these rows. Arguments as an engine has them (:mod:`ssn_card.audit.rows`)."""
    secrets = [SecretKey(key.tobytes()) for key in keys]
    receipts = [Receipt(raw.tobytes()) for raw in rows.raw]
    flags = np.zeros(len(receipts), np.uint16)
    for row, receipt in enumerate(receipts):
        flags[row] = _alone(receipt, None if key_of[row] < 0 else secrets[key_of[row]])
    genuine = [row for row in range(len(receipts)) if not flags[row]]
    before: list[tuple[int, Account]] = []
    places: dict[bytes, int] = {}
    for _, of_card in groupby(genuine, key=lambda row: receipts[row].serial):
        distinct = _distinct(list(of_card), receipts, rows.file, flags)
        places |= {receipts[row].raw: row for row in distinct}
        if not any(flags[row] & Mark.TWIN for row in distinct):
            before += _followed(distinct, receipts, flags)
    return Marks(flags, np.array([_noted(row, account, places) for row, account in before], BEFORE))


def differences(found: Marks, due: Marks) -> Iterator[str]:
    """Rows of which two engines say different things, in words, in order."""
    for row in np.flatnonzero(found.flags != due.flags).tolist():
        yield f"row {row}: {Mark(int(found.flags[row]))!r} instead of {Mark(int(due.flags[row]))!r}"
    if found.before["row"].tolist() != due.before["row"].tolist():
        yield f"before rows {found.before['row'].tolist()} instead of {due.before['row'].tolist()}"
        return
    for one, other in zip(found.before, due.before, strict=True):
        for name in BEFORE.names or ():
            if np.any(one[name] != other[name]):
                yield f"before row {one['row']}: {name} {one[name]} instead of {other[name]}"


def _alone(receipt: Receipt, key: SecretKey | None) -> int:
    if receipt.fault() is not None:
        return Mark.MALFORMED
    if key is None:
        return Mark.NO_KEY
    return 0 if receipt.is_genuine(key) else Mark.WRONG_MAC


def _distinct(of_card: list[int], receipts: list[Receipt], file: NDArray[np.int32], flags: Any) -> list[int]:
    """Each receipt where it stands first."""
    distinct = []
    for _, copies in groupby(of_card, key=lambda row: receipts[row].raw):
        first, *others = copies
        distinct.append(first)
        for copy, row in zip([first, *others], others, strict=False):
            flags[row] = Mark.REPEATED | (Mark.TWICE if file[row] == file[copy] else 0)
    for _, twins in groupby(distinct, key=lambda row: receipts[row].seq):
        if len(same := list(twins)) > 1:
            flags[same] = Mark.TWIN
    return distinct


def _followed(distinct: list[int], receipts: list[Receipt], flags: Any) -> Iterator[tuple[int, Account]]:
    """The rows of one card of which the judge has something to say, with the account before each."""
    account = BEGINNING
    for row in distinct:
        receipt = receipts[row]
        link, placed = Link(account), Placed(row, receipt)
        if receipt.seq > account.newest.seq + 1:
            flags[row] = Mark.GAP
            behind, findings = behind_gap(link, placed)
        else:
            behind, findings = linked([link], placed)
        for finding in findings:
            flags[row] |= _mark(finding.problem, finding.field)
        if flags[row] & TO_EXPLAIN:
            yield row, account
        account = behind


def _mark(problem: Problem, field: str | None) -> Mark:
    if problem is Problem.BACKDATED:
        return Mark.BACKDATED
    return Mark.LINK if (problem, field) == (Problem.BROKEN_CHAIN, "previous_mac") else Mark.RULE


def _noted(row: int, account: Account, places: dict[bytes, int]) -> tuple[Any, ...]:
    return (
        row,
        places.get(account.newest.raw, -1),
        places.get(account.stated.raw, -1),
        int.from_bytes(account.raised_month, "big"),
        -1 if account.pin is None else account.pin,
        -1 if account.moved_on is None else account.moved_on,
        account.chosen,
        account.raised,
        account.elsewhere,
        account.raised_most,
        account.floor,
        int.from_bytes(account.day, "big"),
    )
