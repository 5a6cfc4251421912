# SPDX-License-Identifier: Apache-2.0
"""What verification came to: every line accounted for, money counted once, what was found and what was not checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ssn_card.protocol.values import ReceiptType

from .errors import LinesLost
from .findings import NOTES, Finding, Findings, Problem
from .receipt import Receipt

_NEARLY_ALL = 0.9  #: share of wrong MACs from which the keys are suspected before the receipts
#: Counts and amounts that a report is told by, each an attribute.
_FIGURES = (
    "lines", "receipts", "genuine", "repeated", "rejected", "unreadable", "cards", "ends_checked", "debited",
    "cancelled", "without_basket", "missing", "not_handed_in", "backdated_count", "spent_unseen", "found",
)  # fmt: skip

_COUNTED = (
    "genuine", "repeated", "rejected", "unreadable", "cards", "ends_checked", "debits", "debited", "cancelled",
    "without_basket", "wrong_macs", "repaired",
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """What the files held. Amounts in rupiah.

    ``lines`` = ``genuine`` + ``repeated`` + ``rejected`` + ``unreadable``. ``genuine`` counts receipts with a right
    MAC, each once; ``repeated`` further copies of them; ``rejected`` those whose MAC is wrong or cannot be checked,
    and what no card writes. ``debited`` and ``cancelled`` are those of the genuine ones.
    """

    most: int | None = None  #: findings kept of a kind
    files: dict[str, int] = field(default_factory=dict)  #: lines of each
    lines: int = 0
    genuine: int = 0
    repeated: int = 0
    rejected: int = 0
    unreadable: int = 0
    cards: int = 0  #: cards with a genuine receipt
    ends_checked: int = 0  #: of these, cards whose last receipt is known by a tip
    tips: int = 0  #: cards whose last receipt is known
    debits: int = 0  #: genuine debits
    debited: int = 0
    cancelled: int = 0
    without_basket: int = 0  #: genuine debits of which no copy has its basket
    wrong_macs: int = 0
    repaired: int = 0  #: wrong MACs of which it was found what was altered, so that the key is the right one
    _wrong: Findings = field(init=False)
    _notes: Findings = field(init=False)

    def __post_init__(self) -> None:
        self._wrong, self._notes = Findings(self.most), Findings(self.most)

    def add(self, finding: Finding) -> None:
        """Record a finding, or what is only to be noted."""
        (self._notes if finding.problem in NOTES else self._wrong).add(finding)

    def add_unworded(self, problem: Problem, number: int) -> None:
        """Count findings of a kind that nobody has put into words, of one receipt each."""
        (self._notes if problem in NOTES else self._wrong).add_unworded(problem, number)

    def merge(self, other: Report) -> None:
        """Take over what was found and counted elsewhere, of other receipts; files and lines are the caller's."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self._wrong.merge(other._wrong)
        self._notes.merge(other._notes)

    @property
    def kept(self) -> list[Finding]:
        """Findings and notes as they came."""
        return [*self._wrong.kept, *self._notes.kept]

    def count(self, receipt: Receipt) -> None:
        """Count a genuine receipt, for the first time."""
        self.genuine += 1
        if receipt.type == ReceiptType.DEBIT:
            self.debits += 1
            self.debited += receipt.amount
        elif receipt.type == ReceiptType.CANCEL:
            self.cancelled += receipt.amount

    def balance(self) -> None:
        """Raises :class:`LinesLost` unless every line is accounted for."""
        accounted = self.genuine + self.repeated + self.rejected + self.unreadable
        if accounted != self.lines:
            raise LinesLost(self.lines, accounted)

    @property
    def receipts(self) -> int:
        """Lines that could be read."""
        return self.lines - self.unreadable

    @property
    def findings(self) -> list[Finding]:
        """The first ``most`` of each kind, by file and line."""
        return self._wrong.in_order(list(self.files))

    @property
    def gaps(self) -> list[Finding]:
        """Likewise where receipts are ``NOT_HANDED_IN``, which is no fault."""
        return self._noted(Problem.NOT_HANDED_IN)

    @property
    def backdated(self) -> list[Finding]:
        """Likewise the movements that are ``BACKDATED``, which is no fault by itself either."""
        return self._noted(Problem.BACKDATED)

    @property
    def counts(self) -> Counter[Problem]:
        """How often each kind was found, kept or not."""
        return self._wrong.counts

    @property
    def all_counts(self) -> Counter[Problem]:
        """Likewise with what is only noted."""
        return self._wrong.counts + self._notes.counts

    @property
    def figures(self) -> dict[str, int]:
        """What it came to, by name: receipts, cards, and amounts in rupiah."""
        return {name: getattr(self, name) for name in _FIGURES}

    @property
    def found(self) -> int:
        """All findings."""
        return self.counts.total()

    @property
    def missing(self) -> int:
        """Receipts that should be here."""
        return self._wrong.receipts[Problem.MISSING]

    @property
    def not_handed_in(self) -> int:
        """Receipts that another file may hold."""
        return self._notes.receipts[Problem.NOT_HANDED_IN]

    @property
    def spent_unseen(self) -> int:
        """Rupiah spent, less what was given back, by receipts that are missing or not handed in, but for the ends."""
        return self._wrong.spent + self._notes.spent

    @property
    def gap_count(self) -> int:
        """How often receipts are ``NOT_HANDED_IN``, kept or not."""
        return self._notes.counts[Problem.NOT_HANDED_IN]

    @property
    def backdated_count(self) -> int:
        """How many movements are ``BACKDATED``, kept or not."""
        return self._notes.counts[Problem.BACKDATED]

    @property
    def clean(self) -> bool:
        """Whether something was checked and nothing was found."""
        return not self.found and (self.lines > 0 or self.tips > 0)

    @property
    def wrong_keys(self) -> bool:
        """Whether the keys are to be suspected first: nearly no MAC is right, and of none was it found why."""
        judged = self.genuine + self.repeated + self.wrong_macs
        return self.wrong_macs > 0 and not self.repaired and self.wrong_macs >= _NEARLY_ALL * judged

    @property
    def empty_files(self) -> list[str]:
        """Files without a line."""
        return [name for name, lines in self.files.items() if not lines]

    def _noted(self, problem: Problem) -> list[Finding]:
        return [one for one in self._notes.in_order(list(self.files)) if one.problem is problem]
