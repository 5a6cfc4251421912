# SPDX-License-Identifier: Apache-2.0
"""Rows each by itself: what no card writes, MACs that are wrong, baskets of other goods."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Finding, Problem

from .explain import Explainer
from .rows import Goods, Mark, Marks, Rows
from .terms import Suspects, Terms, Verdict, unsearched

_TYPE = RECEIPT.offset("type")
_SUSPECT = int(Mark.NO_KEY | Mark.WRONG_MAC)
_REJECTED = int(Mark.MALFORMED) | _SUSPECT


class Alone:
    """Looks at the rows of one batch, and adds what there is to its verdict.

    ``accepted``: genuine rows, copies too; ``kinds``: the type of each row.
    """

    def __init__(self, rows: Rows, marks: Marks, terms: Terms) -> None:
        self.rows, self.flags, self.terms = rows, marks.flags, terms
        self.explainer = Explainer(rows, marks, terms.names, terms.tips, terms.whole)
        self.accepted = (marks.flags & _REJECTED) == 0
        self.kinds = rows.raw[:, _TYPE].copy()
        self.told = Verdict(lines=len(rows.raw))

    def look(self) -> None:
        """Rows that are not accepted; baskets, in every copy."""
        if not self.accepted.all():
            malformed = self.marked(Mark.MALFORMED)
            self.told.rejected = len(malformed)
            self.word(Problem.MALFORMED, malformed, self.explainer.malformed)
            suspects = self.marked(_SUSPECT)
            self.told.suspected = len(suspects)
            self._suspect(suspects)
        wrong = self.accepted & (self.kinds == ReceiptType.DEBIT) & (self.rows.goods > Goods.FITS)
        if wrong.any():
            self.told.findings += self.explainer.baskets(np.flatnonzero(wrong))

    def marked(self, mark: int) -> NDArray[np.intp]:
        """Rows with one of these marks."""
        return np.flatnonzero(self.flags & mark)

    def word(
        self, problem: Problem, rows: NDArray[np.intp], words: Callable[[NDArray[np.intp]], Iterator[Finding]]
    ) -> None:
        """The first findings of a kind in words, the others counted."""
        most = len(rows) if self.terms.most is None else self.terms.most
        self.told.findings += words(rows[:most])
        if len(rows) > most:
            self.told.unworded[problem] += len(rows) - most

    def _suspect(self, rows: NDArray[np.intp]) -> None:
        """Those to be searched, without their neighbours yet; of the others is told what they are."""
        raw, has_key = self.rows.raw[rows], (self.flags[rows] & Mark.NO_KEY) == 0
        beside = np.zeros((2, *raw.shape), np.uint8)
        suspects = Suspects(raw, self.rows.file[rows], self.rows.line[rows], has_key, *beside)
        self.told.suspects, others = suspects.first(self.terms.searched)
        for problem, of_it in ((Problem.UNKNOWN_KEY, ~others.has_key), (Problem.FORGED, others.has_key)):
            self.word(problem, np.flatnonzero(of_it), lambda some: unsearched(others.taken(some), self.terms.names))
