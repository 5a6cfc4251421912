# SPDX-License-Identifier: Apache-2.0
"""The verdict over a partition: a pure function of its rows, their keys, and the terms that hold for all of them.

A partition holds whole cards, so that nothing that is outside of it decides what is said of it, but for one thing: what
was altered in a receipt whose MAC is wrong may show by another card's serial. Those receipts come back as
:class:`.terms.Suspects`, with the genuine neighbours that they name.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Problem
from ssn_card.receipts.account import BEGINNING
from ssn_card.receipts.cards import NO_LISTS
from ssn_card.receipts.chain import Link, check_chain, check_tip, missing_end
from ssn_card.receipts.listed import Listed

from .alone import Alone
from .records import cards_apart, serials_of
from .rows import Goods, Mark, Marks, Raw, Rows
from .terms import Terms, Verdict, numbers, octets

_SERIAL = RECEIPT.offset("serial")
_SEQ, _AMOUNT, _MAC = RECEIPT.offset("seq"), RECEIPT.offset("amount"), RECEIPT.offset("mac")


class Engine(Protocol):
    """Marks rows; :mod:`.rows` says what that means."""

    def __call__(self, rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32]) -> Marks:
        """Marks of sorted rows of whole cards."""


def judge_partition(
    rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32], terms: Terms, engine: Engine
) -> Verdict:
    """Judge sorted rows of whole cards. See :mod:`.rows` for shapes; raises what the engine raises."""
    alone = Alone(rows, engine(rows, keys, key_of), terms)
    alone.look()
    _Cards(alone).look()
    return alone.told


class _Cards:
    """The genuine rows of one batch, card by card; ``distinct`` leaves out copies."""

    def __init__(self, alone: Alone) -> None:
        self._alone, self._rows, self._terms, self._told = alone, alone.rows, alone.terms, alone.told
        self._distinct = alone.accepted & ((alone.flags & Mark.REPEATED) == 0)
        self._genuine = np.flatnonzero(self._distinct)
        self._debits = self._distinct & (alone.kinds == ReceiptType.DEBIT)

    def look(self) -> None:
        told = self._told
        told.genuine = len(self._genuine)
        told.repeated = int(np.count_nonzero(self._alone.accepted)) - told.genuine
        if len(told.suspects.raw):
            self._neighbours()
        if not told.genuine:
            return
        self._money()
        self._baskets()
        if told.repeated:
            self._alone.word(Problem.DUPLICATE, self._alone.marked(Mark.TWICE), self._alone.explainer.twice)
        told.findings += self._alone.explainer.chained()
        self._cards()

    def _money(self) -> None:
        amounts = numbers(self._rows.raw, _AMOUNT)
        cancelled = self._distinct & (self._alone.kinds == ReceiptType.CANCEL)
        self._told.debits = int(np.count_nonzero(self._debits))
        self._told.debited, self._told.cancelled = (int((amounts * some).sum()) for some in (self._debits, cancelled))

    def _baskets(self) -> None:
        """Debits of which no copy has a basket."""
        handed_in = self._rows.goods > Goods.NONE
        if self._told.repeated:
            copies = np.flatnonzero(self._alone.accepted)
            some = np.zeros(len(self._genuine), np.bool_)
            np.logical_or.at(some, np.cumsum(self._distinct[copies]) - 1, handed_in[copies])
            handed_in[self._genuine] = some
        without = self._debits & ~handed_in
        self._told.without_basket = int(np.count_nonzero(without))
        if self._terms.baskets:
            self._alone.word(Problem.NO_BASKET, np.flatnonzero(without), self._alone.explainer.without_basket)

    def _cards(self) -> None:
        """Which cards there are, those with twins or on lists, and whether each reaches its tip."""
        genuine = self._genuine
        of = cards_apart(self._rows.raw)
        of = of if len(genuine) == len(of) else of[genuine]
        last = np.flatnonzero(np.append(of[1:] != of[:-1], True))
        first = np.append(0, last[:-1] + 1)
        newest = self._rows.raw[genuine[last]]
        serials = self._told.serials = serials_of(newest)
        twins = np.zeros(len(first), np.bool_)
        if len(self._alone.marked(Mark.TWIN)):
            twins = np.add.reduceat(self._alone.flags[genuine] & Mark.TWIN, first) > 0
        for card in np.flatnonzero(twins):
            self._followed(genuine[first[card] : last[card] + 1])
        if self._terms.lists != NO_LISTS:
            for begin, end in zip(first, last, strict=True):
                self._listed(genuine[begin : end + 1])
        unmet = self._terms.ends.unmet(serials, numbers(newest, _SEQ), octets(newest, _MAC))
        for card in np.flatnonzero(unmet & ~twins):
            self._ends(genuine[first[card] : last[card] + 1])

    def _followed(self, rows: NDArray[np.intp]) -> None:
        """A card of which there are several receipts of one number: the judge's from its start."""
        serial, placed = self._serial(rows), map(self._alone.explainer.placed, rows)
        self._told.findings += check_chain(serial, placed, self._terms.tips.get(serial), whole=self._terms.whole)

    def _listed(self, rows: NDArray[np.intp]) -> None:
        """What lists say of the card."""
        listed = Listed(self._serial(rows), self._terms.lists)
        if listed:
            for _ in listed.passing(map(self._alone.explainer.placed, rows)):
                pass
            self._told.findings += listed.findings()

    def _ends(self, rows: NDArray[np.intp]) -> None:
        """What the card has stated of its newest receipt, where that is not the last one here."""
        serial = self._serial(rows)
        tip, seqs = self._terms.tips[serial], numbers(self._rows.raw[rows], _SEQ)
        at = int(np.searchsorted(seqs, tip.seq))
        if at < len(rows) and seqs[at] == tip.seq:
            placed = self._alone.explainer.placed(rows[at])
            self._told.findings += check_tip([Link(BEGINNING._replace(newest=placed.receipt), placed)], tip)
        self._told.findings += missing_end(serial, int(seqs[-1]), tip)

    def _serial(self, rows: NDArray[np.intp]) -> bytes:
        return self._rows.raw[rows[0], _SERIAL : _SERIAL + 8].tobytes()

    def _neighbours(self) -> None:
        """Genuine receipts beside those that suspects name; of twins the one that was handed in first."""
        suspects = self._told.suspects
        of = serials_of(self._rows.raw)[self._genuine]
        named, wanted = serials_of(suspects.raw), numbers(suspects.raw, _SEQ)
        starts, ends = np.searchsorted(of, named, "left"), np.searchsorted(of, named, "right")
        for place in range(len(named)):
            card = self._genuine[starts[place] : ends[place]]
            seqs = numbers(self._rows.raw[card], _SEQ)
            for beside, step in ((suspects.previous, -1), (suspects.following, +1)):
                low, high = np.searchsorted(seqs, (wanted[place] + step, wanted[place] + step + 1), "left")
                if low < high:
                    beside[place] = self._first(card[low:high])

    def _first(self, rows: NDArray[np.intp]) -> Raw:
        order = np.lexsort((self._rows.line[rows], self._rows.file[rows]))
        first: Raw = self._rows.raw[rows[order[0]]]
        return first
