# SPDX-License-Identifier: Apache-2.0
"""What the judge says of the rows that an engine has marked: the words are :mod:`ssn_card.receipts`' own.

An engine knows where something is to be said, and what was known of the card there; that is put into the judge's form
and the judge is asked. So a finding here is what ``ReceiptVerifier`` would have found, to the letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.receipts import Finding, Problem, Receipt, Tip
from ssn_card.receipts.account import BEGINNING, Account
from ssn_card.receipts.chain import Link, Placed, behind_gap, gap, linked
from ssn_card.receipts.findings import finding_of, place

from .rows import Goods, Mark, Marks, Rows

_TWO = 2  #: bytes of a month
_THREE = 3  #: bytes of a day


class Explainer:
    """Words for one batch of rows.

    Args:
        rows, marks: the batch.
        names: of files, by their numbers.
        tips: newest receipt of each card by serial, where it is known.
        whole: the files are all there is.
    """

    def __init__(
        self, rows: Rows, marks: Marks, names: Sequence[str | None], tips: Mapping[bytes, Tip], whole: bool
    ) -> None:
        self._rows, self._marks, self._names = rows, marks, names
        self._tips, self._whole = tips, whole

    def placed(self, row: int) -> Placed:
        """A receipt and where it stands."""
        file = int(self._rows.file[row])
        return Placed(int(self._rows.line[row]), self.receipt(row), self._names[file], file)

    def receipt(self, row: int) -> Receipt:
        """The receipt of a row."""
        return Receipt(self._rows.raw[row].tobytes())

    def finding(self, row: int, problem: Problem, field: str | None = None, detail: Text = NO_TEXT) -> Finding:
        """A finding of one row."""
        one = self.placed(row)
        return finding_of(problem, one.receipt, one.line, one.file, field, detail)

    def malformed(self, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """Rows that no card writes."""
        for row in rows:
            yield self.finding(row, Problem.MALFORMED, self.receipt(row).fault())

    def baskets(self, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """Genuine debits whose basket is another."""
        for row in rows:
            yield self.finding(row, Problem.BASKET, Goods(self._rows.goods[row]).name.lower())

    def without_basket(self, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """Genuine debits whose basket nobody handed in."""
        for row in rows:
            yield self.finding(row, Problem.NO_BASKET)

    def twice(self, rows: NDArray[np.intp]) -> Iterator[Finding]:
        """Copies in the file of the copy before them, which is the row before: of the first there is said where."""
        first: dict[int, int] = {}
        for row in rows.tolist():
            first[row] = first.pop(row - 1, row - 1)
            there = int(self._rows.line[first[row]])
            yield self.finding(row, Problem.DUPLICATE, None, place(there))

    def chained(self) -> Iterator[Finding]:
        """Rows with a place in their card's sequence of which something is to be said."""
        for before in self._marks.before:
            row = int(before["row"])
            mark, current = int(self._marks.flags[row]), self.placed(row)
            newest = int(before["newest"])
            link = Link(self._account(before), None if newest < 0 else self.placed(newest))
            if not mark & Mark.GAP:
                yield from linked([link], current)[1]
                continue
            yield from gap(current, link.account.newest, self._tips.get(current.receipt.serial), self._whole)
            if mark & (Mark.RULE | Mark.BACKDATED):
                yield from behind_gap(link, current)[1]

    def _account(self, before: np.void) -> Account:
        newest, stated = int(before["newest"]), int(before["stated"])
        pin, moved_on = int(before["pin"]), int(before["moved_on"])
        return Account(
            newest=BEGINNING.newest if newest < 0 else self.receipt(newest),
            stated=BEGINNING.stated if stated < 0 else self.receipt(stated),
            raised_month=int(before["raised_month"]).to_bytes(_TWO, "big"),
            raised=_pair(before["raised"]),
            elsewhere=_pair(before["elsewhere"]),
            raised_most=int(before["raised_most"]),
            floor=_pair(before["floor"]),
            pin=None if pin < 0 else pin,
            chosen=bool(before["chosen"]),
            moved_on=None if moved_on < 0 else bool(moved_on),
            day=int(before["day"]).to_bytes(_THREE, "big"),
        )


def _pair(value: NDArray[np.int64]) -> tuple[int, int]:
    return int(value[0]), int(value[1])
