# SPDX-License-Identifier: Apache-2.0
"""The verdict over a partition: a pure function of its rows, their keys, and the terms that hold for all of them.

A partition holds whole cards, so that nothing that is outside of it decides what is said of it, but for one thing: what
was altered in a receipt whose MAC is wrong may show by another card's serial. Those receipts come back as
:class:`Suspects`, with the genuine neighbours that they name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Finding, Problem, Receipt, Tip
from ssn_card.receipts.account import BEGINNING
from ssn_card.receipts.cards import NO_LISTS, CardLists
from ssn_card.receipts.chain import Link, check_chain, check_tip, missing_end
from ssn_card.receipts.listed import Listed

from .explain import Explainer
from .rows import SIZE, Goods, Mark, Marks, Raw, Rows

_REJECTED = Mark.MALFORMED | Mark.NO_KEY | Mark.WRONG_MAC
_SUSPECT = Mark.NO_KEY | Mark.WRONG_MAC
_SERIAL, _TYPE = RECEIPT.offset("serial"), RECEIPT.offset("type")
_SEQ, _AMOUNT, _MAC = RECEIPT.offset("seq"), RECEIPT.offset("amount"), RECEIPT.offset("mac")


class Engine(Protocol):
    """Marks rows; :mod:`.rows` says what that means."""

    def __call__(self, rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32]) -> Marks:
        """Marks of sorted rows of whole cards."""


class Ends:
    """Tips as arrays, ascending by serial: most cards reach theirs, and none of those needs a closer look."""

    def __init__(self, tips: Mapping[bytes, Tip]) -> None:
        ascending = sorted(tips.items())
        self._serials = np.array([int.from_bytes(serial, "big") for serial, _ in ascending], np.uint64)
        self._seqs = np.array([tip.seq for _, tip in ascending], np.int64)
        self._macs = np.array([int.from_bytes(tip.mac, "big") for _, tip in ascending], np.uint64)

    def unmet(
        self, serials: NDArray[np.uint64], seqs: NDArray[np.int64], macs: NDArray[np.uint64]
    ) -> NDArray[np.bool_]:
        """Cards that have a tip, and whose newest receipt is another."""
        if not len(self._serials):
            return np.zeros(len(serials), np.bool_)
        at = np.minimum(np.searchsorted(self._serials, serials), len(self._serials) - 1)
        return (self._serials[at] == serials) & ((self._seqs[at] != seqs) | (self._macs[at] != macs))


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a whole verification.

    Args:
        names: of files, by their numbers.
        tips: newest receipt of each card by serial, where it is known.
        whole: the files are all there is.
        baskets: a debit without its basket is a finding.
        lists: of issued, blocked and never delivered cards, as far as there are any.
        most: findings of a kind that are put into words, in each partition; ``None``: all.
        searched: receipts with a wrong MAC that are searched for what was altered; ``None``: all.
    """

    names: Sequence[str | None]
    tips: Mapping[bytes, Tip] = field(default_factory=dict)
    whole: bool = False
    baskets: bool = False
    lists: CardLists = NO_LISTS
    most: int | None = None
    searched: int | None = None
    ends: Ends = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", Ends(self.tips))


class Suspects(NamedTuple):
    """Receipts whose MAC is wrong or cannot be checked: ``raw`` uint8 (m, 88); ``file``, ``line``; ``has_key`` bool
    (m,); ``previous`` and ``following`` uint8 (m, 88), the genuine neighbours that they name, or
    zeros."""

    raw: Raw
    file: NDArray[np.int32]
    line: NDArray[np.int64]
    has_key: NDArray[np.bool_]
    previous: Raw
    following: Raw

    @classmethod
    def none(cls) -> Suspects:
        """No suspects."""
        nothing = np.zeros((0, SIZE), np.uint8)
        return cls(nothing, np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.bool_), nothing, nothing)


@dataclass(slots=True)
class Verdict:
    """What a partition came to; counts as in :class:`ssn_card.receipts.Report`.

    ``rejected`` leaves out the suspects, ``suspected`` in number, of which ``suspects`` are those to be searched, if
    there are too many the first by file and line. ``unworded`` counts findings beyond ``Terms.most``. ``serials`` are
    the cards with a genuine receipt, ascending.
    """

    lines: int = 0
    genuine: int = 0
    repeated: int = 0
    rejected: int = 0
    suspected: int = 0
    debits: int = 0
    debited: int = 0
    cancelled: int = 0
    without_basket: int = 0
    findings: list[Finding] = field(default_factory=list)
    unworded: Counter[Problem] = field(default_factory=Counter)
    suspects: Suspects = field(default_factory=Suspects.none)
    serials: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))


def judge_partition(
    rows: Rows, keys: NDArray[np.uint8], key_of: NDArray[np.int32], terms: Terms, engine: Engine
) -> Verdict:
    """Judge sorted rows of whole cards. See :mod:`.rows` for shapes; raises what the engine raises."""
    return _Judgement(rows, engine(rows, keys, key_of), terms).verdict()


class _Judgement:
    """One batch, its marks, and what is read out of both."""

    def __init__(self, rows: Rows, marks: Marks, terms: Terms) -> None:
        self._rows, self._flags, self._terms = rows, marks.flags, terms
        self._explainer = Explainer(rows, marks, terms.names, terms.tips, terms.whole)
        self._told = Verdict(lines=len(rows.raw))
        self._accepted = (marks.flags & _REJECTED) == 0
        self._distinct = self._accepted & ((marks.flags & Mark.REPEATED) == 0)
        self._kinds = rows.raw[:, _TYPE].copy()

    def verdict(self) -> Verdict:
        told = self._told
        told.genuine = int(np.count_nonzero(self._distinct))
        told.repeated = int(np.count_nonzero(self._accepted)) - told.genuine
        self._money()
        if told.genuine + told.repeated < told.lines:
            self._not_accepted()
        self._baskets()
        if told.repeated:
            self._worded(Problem.DUPLICATE, self._marked(Mark.TWICE), self._explainer.twice)
        told.findings += self._explainer.chained()
        self._cards()
        return told

    def _marked(self, mark: Mark) -> NDArray[np.intp]:
        return np.flatnonzero(self._flags & mark)

    def _worded(self, problem: Problem, rows: NDArray[np.intp], words: object) -> None:
        """The first findings of a kind in words, the others counted."""
        most = len(rows) if self._terms.most is None else self._terms.most
        self._told.findings += words(rows[:most])  # type: ignore[operator]
        if len(rows) > most:
            self._told.unworded[problem] += len(rows) - most

    def _money(self) -> None:
        debits = self._distinct & (self._kinds == ReceiptType.DEBIT)
        amounts = _numbers(self._rows.raw, _AMOUNT)
        told = self._told
        told.debits = int(np.count_nonzero(debits))
        told.debited = int(np.dot(amounts, debits))
        told.cancelled = int(np.dot(amounts, self._distinct & (self._kinds == ReceiptType.CANCEL)))

    def _not_accepted(self) -> None:
        malformed = self._marked(Mark.MALFORMED)
        self._told.rejected = len(malformed)
        self._worded(Problem.MALFORMED, malformed, self._explainer.malformed)
        suspects = self._marked(_SUSPECT)
        self._told.suspected = len(suspects)
        if len(suspects):
            self._suspect(suspects)

    def _suspect(self, rows: NDArray[np.intp]) -> None:
        most = self._terms.searched
        if most is not None and len(rows) > most:
            order = np.lexsort((self._rows.line[rows], self._rows.file[rows]))
            rows, others = rows[order[:most]], rows[order[most:]]
            for problem, mark in ((Problem.UNKNOWN_KEY, Mark.NO_KEY), (Problem.FORGED, Mark.WRONG_MAC)):
                self._worded(problem, others[self._flags[others] & mark > 0], self._explainer.unsearched)
        raw = self._rows.raw
        genuine = np.flatnonzero(self._distinct)
        found = _Neighbours(self._rows, genuine)
        self._told.suspects = Suspects(
            raw[rows],
            self._rows.file[rows],
            self._rows.line[rows],
            (self._flags[rows] & Mark.NO_KEY) == 0,
            found.beside(rows, -1),
            found.beside(rows, +1),
        )

    def _baskets(self) -> None:
        """Baskets of other goods, in every copy; debits of which no copy has one."""
        goods = self._rows.goods
        debits = self._accepted & (self._kinds == ReceiptType.DEBIT)
        wrong = np.flatnonzero(debits & (goods > Goods.FITS))
        self._told.findings += self._explainer.baskets(wrong)
        with_basket = goods > Goods.NONE
        if self._told.repeated:
            copies = np.flatnonzero(self._accepted)
            group = np.cumsum(self._distinct[copies]) - 1
            has = np.zeros(self._told.genuine, np.bool_)
            np.logical_or.at(has, group, with_basket[copies])
            with_basket = with_basket.copy()
            with_basket[np.flatnonzero(self._distinct)] = has
        without = np.flatnonzero(debits & self._distinct & ~with_basket)
        self._told.without_basket = len(without)
        if self._terms.baskets:
            self._worded(Problem.NO_BASKET, without, self._explainer.without_basket)

    def _cards(self) -> None:
        """Which cards there are, those with twins, and whether each reaches its tip."""
        genuine = np.flatnonzero(self._distinct)
        if not len(genuine):
            return
        serials = _serials(self._rows.raw)[genuine]
        last = np.flatnonzero(np.append(serials[1:] != serials[:-1], True))
        first = np.append(0, last[:-1] + 1)
        self._told.serials = serials[last]
        twins = np.zeros(len(last), np.bool_)
        if np.any(self._flags & Mark.TWIN):
            twins = np.add.reduceat(self._flags[genuine] & Mark.TWIN, first) > 0
            for card in np.flatnonzero(twins):
                self._followed(genuine[first[card] : last[card] + 1])
        if self._terms.lists != NO_LISTS:
            for card in range(len(last)):
                self._listed(genuine[first[card] : last[card] + 1])
        newest = self._rows.raw[genuine[last]]
        unmet = self._terms.ends.unmet(serials[last], _numbers(newest, _SEQ), _octets(newest, _MAC))
        for card in np.flatnonzero(unmet & ~twins):
            self._ends(genuine[first[card] : last[card] + 1])

    def _followed(self, rows: NDArray[np.intp]) -> None:
        """A card of which there are several receipts of one number: the judge's from its start."""
        serial = self._serial(rows)
        placed = map(self._explainer.placed, rows)
        self._told.findings += check_chain(serial, placed, self._terms.tips.get(serial), whole=self._terms.whole)

    def _listed(self, rows: NDArray[np.intp]) -> None:
        """What lists say of the card."""
        listed = Listed(self._serial(rows), self._terms.lists)
        if listed:
            for _ in listed.passing(map(self._explainer.placed, rows)):
                pass
            self._told.findings += listed.findings()

    def _ends(self, rows: NDArray[np.intp]) -> None:
        """What the card has stated of its newest receipt."""
        serial = self._serial(rows)
        tip = self._terms.tips[serial]
        numbers = _numbers(self._rows.raw[rows], _SEQ)
        at = int(np.searchsorted(numbers, tip.seq))
        if at < len(rows) and numbers[at] == tip.seq:
            placed = self._explainer.placed(rows[at])
            self._told.findings += check_tip([Link(BEGINNING._replace(newest=placed.receipt), placed)], tip)
        self._told.findings += missing_end(serial, int(numbers[-1]), tip)

    def _serial(self, rows: NDArray[np.intp]) -> bytes:
        return self._rows.raw[rows[0], _SERIAL : _SERIAL + 8].tobytes()


class _Neighbours:
    """Genuine receipts by card and number; of twins the one that was handed in first."""

    def __init__(self, rows: Rows, genuine: NDArray[np.intp]) -> None:
        self._rows, self._genuine = rows, genuine
        self._serials = _serials(rows.raw)
        self._numbers = _numbers(rows.raw, _SEQ)

    def beside(self, rows: NDArray[np.intp], step: int) -> Raw:
        """Of each row the one whose number is ``step`` more, or zeros."""
        found = np.zeros((len(rows), SIZE), np.uint8)
        serials = self._serials[self._genuine]
        starts = np.searchsorted(serials, self._serials[rows], "left")
        ends = np.searchsorted(serials, self._serials[rows], "right")
        for place, row in enumerate(rows):
            card = self._genuine[starts[place] : ends[place]]
            numbers = self._numbers[card]
            wanted = self._numbers[row] + step
            alike = card[np.searchsorted(numbers, wanted, "left") : np.searchsorted(numbers, wanted, "right")]
            if len(alike):
                order = np.lexsort((self._rows.line[alike], self._rows.file[alike]))
                found[place] = self._rows.raw[alike[order[0]]]
        return found


def _numbers(raw: Raw, at: int) -> NDArray[np.int64]:
    """Big-endian numbers of four bytes."""
    return np.ndarray(len(raw), ">u4", raw, at, (SIZE,)).astype(np.int64)


def _octets(raw: Raw, at: int) -> NDArray[np.uint64]:
    """Eight bytes as a number, in their order."""
    return np.ndarray(len(raw), ">u8", raw, at, (SIZE,)).astype(np.uint64)


def _serials(raw: Raw) -> NDArray[np.uint64]:
    return _octets(raw, _SERIAL)


def receipt_or_none(raw: Raw) -> Receipt | None:
    """A neighbour out of :class:`Suspects`."""
    return Receipt(raw.tobytes()) if raw.any() else None
