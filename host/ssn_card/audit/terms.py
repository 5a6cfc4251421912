# SPDX-License-Identifier: Apache-2.0
"""What holds for a whole verification, and what a partition comes to under it: the judge's words and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.keys import SERIAL_LENGTH
from ssn_card.receipts import Finding, Problem, Receipt, Report, Tip
from ssn_card.receipts.cards import NO_LISTS, CardLists
from ssn_card.receipts.findings import finding_of

from .records import serials_of
from .rows import SIZE, Raw


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
        same = (self._seqs[at] == seqs) & (self._macs[at] == macs)
        return np.asarray((self._serials[at] == serials) & ~same)


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


def concerning(terms: Terms, cards: Set[bytes]) -> Terms:
    """What of the terms concerns these cards, by their serials."""
    if not terms.tips and terms.lists == NO_LISTS:
        return terms
    lists = terms.lists
    return replace(
        terms,
        tips={serial: terms.tips[serial] for serial in cards & terms.tips.keys()},
        lists=CardLists(
            None if lists.issued is None else lists.issued & cards,
            {serial: lists.blocked[serial] for serial in cards & lists.blocked.keys()},
            lists.undelivered & cards,
        ),
    )


def cards_of(raw: Raw) -> set[bytes]:
    """Serials in these rows."""
    return {serial.to_bytes(SERIAL_LENGTH, "big") for serial in np.unique(serials_of(raw)).tolist()}


class Suspects(NamedTuple):
    """``m`` receipts whose MAC is wrong or cannot be checked.

    ``raw`` uint8 (m, 88); ``file`` int32, ``line`` int64 and ``has_key`` bool (m,); ``previous`` and ``following``
    uint8 (m, 88): the genuine neighbours that they name, zeros where there is none.
    """

    raw: Raw
    file: NDArray[np.int32]
    line: NDArray[np.int64]
    has_key: NDArray[np.bool_]
    previous: Raw
    following: Raw

    @classmethod
    def of(cls, parts: Iterable[Suspects]) -> Suspects:
        """Several behind each other."""
        nothing = np.zeros((0, SIZE), np.uint8)
        none = cls(nothing, np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.bool_), nothing, nothing)
        columns: Any = (np.concatenate(one) for one in zip(none, *parts, strict=True))
        return cls(*columns)

    def first(self, most: int | None) -> tuple[Suspects, Suspects]:
        """The first by file and line, in that order, and the others."""
        order = np.lexsort((self.line, self.file))
        cut = len(order) if most is None else most
        return self.taken(order[:cut]), self.taken(order[cut:])

    def taken(self, rows: NDArray[np.intp]) -> Suspects:
        """Some of them."""
        columns: Any = (part[rows] for part in self)
        return Suspects(*columns)


def unsearched(suspects: Suspects, names: Sequence[str | None]) -> Iterator[Finding]:
    """Suspects without a look for what was altered."""
    for raw, file, line, has_key in zip(*suspects[:4], strict=True):
        problem, field = (Problem.FORGED, None) if has_key else (Problem.UNKNOWN_KEY, "serial")
        yield finding_of(problem, Receipt(raw.tobytes()), int(line), names[file], field)


@dataclass(slots=True)
class Verdict:
    """What a partition came to; counts as in :class:`ssn_card.receipts.Report`.

    ``rejected`` leaves out the suspects, ``suspected`` in number, of which ``suspects`` are those to be searched; if
    there are too many, the first by file and line. ``unworded`` counts findings beyond ``Terms.most``, each of one
    receipt. ``judged`` is what the judge itself has counted and found of a giant card. ``serials`` are the cards with a
    genuine receipt, ascending.
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
    suspects: Suspects = field(default_factory=lambda: Suspects.of(()))
    judged: Report | None = None
    serials: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))


def numbers(raw: Raw, at: int) -> NDArray[np.int64]:
    """Big-endian numbers of four bytes."""
    return np.ndarray(len(raw), ">u4", raw, at, (SIZE,)).astype(np.int64)


def octets(raw: Raw, at: int) -> NDArray[np.uint64]:
    """Eight bytes as a number, in their order."""
    return np.ndarray(len(raw), ">u8", raw, at, (SIZE,)).astype(np.uint64)
