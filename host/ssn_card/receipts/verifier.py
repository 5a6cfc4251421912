# SPDX-License-Identifier: Apache-2.0
"""Verifies receipts: one at once, or files of them with every card's sequence.

Order of checks, so that each finding rests on what is already sure:

1. each receipt alone: can it be read; could a card have written its fields (:mod:`.faults`); is the MAC right; is the
   basket the one paid for;
2. the genuine receipts of each card, sorted by number (:mod:`.chain`): doubled; two of one number; missing; then each
   by itself and against the one before, or across a gap: linked, adding up (:mod:`.sums`), allowed by the entitlement
   in force (:mod:`.refusals`); whether the card's own word of its newest receipt is met; last what lists say of
   the card (:mod:`.listed`);
3. of receipts whose MAC is wrong, what was altered (:mod:`.diagnosis`).

In which file and in which order receipts stand is no evidence of anything.

Memory does not grow with the number of receipts (:mod:`.spool`), nor work faster than they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import ReceiptType

from .basket import Basket
from .cards import NO_LISTS, CardLists
from .chain import Placed, check_chain, missing_end
from .diagnosis import diagnosed, undiagnosed
from .errors import NoReceipts
from .findings import Finding, Problem, finding_of, place
from .genuine import ReceiptKeys
from .goods import basket_finding
from .jsonl import Line
from .listed import Listed
from .receipt import Receipt
from .report import Report
from .sources import Sources, find_sources, read_lines
from .spool import Row, Spool
from .tips import Tip

FIRST = 100  #: findings of a kind that are kept, and wrong MACs that are searched, unless told otherwise
_PIECE = 1 << 18  #: bytes between two reports of progress
_STEP = 1000  #: receipts between two reports of progress


@dataclass(frozen=True, slots=True)
class Demands:
    """What the set must hold: see :meth:`ReceiptVerifier.verify_files`."""

    tips: Mapping[bytes, Tip]
    whole: bool
    baskets: bool
    lists: CardLists


class Stage(Enum):
    """What is being done; the value is its text in English and Indonesian."""

    READ = Text("Reading", "Membaca")
    CHAIN = Text("Following each card", "Menelusuri tiap kartu")
    SEARCH = Text("Looking for what was altered", "Mencari yang diubah")


#: Called with the stage, how far it is and how far it goes, if that is known: bytes of reading, else receipts.
Progress = Callable[[Stage, int, int | None], None]


def silent(stage: Stage, done: int, of: int | None) -> None:
    """For those who want no progress."""


class ReceiptVerifier:
    """Verifies receipts with the RECEIPT keys of ``provider``: the bank's masters, or an auditor's per-card keys."""

    def __init__(self, provider: KeyProvider) -> None:
        self._keys = ReceiptKeys(provider)

    def verify(self, receipt: Receipt, basket: Basket | None = None) -> Finding | None:
        """The first thing wrong with one receipt by itself, or ``None``: it is genuine."""
        fault = receipt.fault()
        if fault is not None:
            return finding_of(Problem.MALFORMED, receipt, 0, None, fault)
        if self._keys.genuine(receipt):
            return basket_finding(Line(0, receipt, basket), receipt)
        problem, field = diagnosed(receipt, self._keys, None, None, ())
        return finding_of(problem, receipt, 0, None, field)

    def verify_files(
        self,
        files: Sources | Iterable[Path],
        tips: Mapping[bytes, Tip] | None = None,
        *,
        whole: bool = False,
        baskets: bool = True,
        lists: CardLists = NO_LISTS,
        first: int | None = FIRST,
        progress: Progress = silent,
    ) -> Report:
        """Verify files in JSON Lines, all together.

        Args:
            files: files and folders, as :func:`.sources.find_sources` takes them.
            tips: newest receipt of each card by serial, where the auditor has it from the cards themselves.
            whole: the files are all there is, so that a gap is a missing receipt.
            baskets: a debit without its basket is a finding: terminals hand both in. Cards know no baskets.
            lists: of issued, blocked and never delivered cards, as far as there are any.
            first: findings kept of a kind, and wrong MACs searched; ``None``: all.
            progress: told of how far it is.

        Raises:
            ReceiptsUnreadable: a file cannot be opened or read.
            NoReceipts: there is no line in any of them.
            NoRoom: no space for temporary files.
            LinesLost: a defect of ours: some line is in no count.
        """
        sources = files if isinstance(files, Sources) else find_sources(files)
        read = told = 0

        def advance(size: int) -> None:
            nonlocal read, told
            read += size
            if read - told >= _PIECE or read == sources.size:
                told = read
                progress(Stage.READ, read, sources.size)

        report = Report(first, {source.name: 0 for source in sources.files})
        lines = (line for source in sources.files for line in read_lines(source.path, advance))
        self._verify(report, lines, Demands(tips or {}, whole, baskets, lists), progress)
        if not report.lines:
            raise NoReceipts(", ".join(report.files))
        return report

    def verify_file(self, path: Path, tips: Mapping[bytes, Tip] | None = None) -> Report:
        """:meth:`verify_files` of one."""
        return self.verify_files([path], tips)

    def verify_lines(
        self,
        lines: Iterable[Line],
        tips: Mapping[bytes, Tip] | None = None,
        *,
        whole: bool = False,
        baskets: bool = False,
        lists: CardLists = NO_LISTS,
        first: int | None = FIRST,
    ) -> Report:
        """As :meth:`verify_files`, over lines that were read already, from a card perhaps. Raises the last two."""
        report = Report(first)
        self._verify(report, lines, Demands(tips or {}, whole, baskets, lists), silent)
        return report

    def _verify(self, report: Report, lines: Iterable[Line], terms: Demands, progress: Progress) -> None:
        report.tips = len(terms.tips)
        with Spool() as spool:
            names = self._read(report, lines, spool)
            follow(report, spool, names, terms, progress)
            self._search(report, spool, names, progress)
        report.balance()

    def _read(self, report: Report, lines: Iterable[Line], spool: Spool) -> list[str | None]:
        """Judge each line by itself and set down what is to be sorted. Returns the names of the files, in order."""
        numbers: dict[str | None, int] = {}
        for line in lines:
            report.lines += 1
            if line.file is not None:
                report.files[line.file] = report.files.get(line.file, 0) + 1
            file = numbers.setdefault(line.file, len(numbers))
            receipt = line.receipt
            if receipt is None:
                report.unreadable += 1
                report.add(Finding(Problem.UNREADABLE, line.number, line.fault, file=line.file))
                continue
            fault = receipt.fault()
            if fault is not None:
                report.rejected += 1
                report.add(finding_of(Problem.MALFORMED, receipt, line.number, line.file, fault))
            elif self._keys.genuine(receipt):
                finding = basket_finding(line, receipt)
                if finding is not None:
                    report.add(finding)
                spool.keep(receipt, file, line.number, line.basket is not None or line.fault is not None)
            else:
                spool.suspect(receipt, file, line.number)
        return list(numbers)

    def _search(self, report: Report, spool: Spool, names: list[str | None], progress: Progress) -> None:
        """The receipts that are not genuine; of the first of them, what was altered."""
        searched, most = 0, spool.suspected if report.most is None else min(report.most, spool.suspected)
        for raw, file, number in spool.suspects():
            receipt = Receipt(raw)
            report.rejected += 1
            report.wrong_macs += 1
            if searched < most:
                searched += 1
                previous = spool.find(receipt.serial, receipt.seq - 1)
                following = spool.find(receipt.serial, receipt.seq + 1)
                problem, field = diagnosed(receipt, self._keys, previous, following, spool.alike(receipt.serial))
                report.repaired += field is not None and problem is Problem.FORGED
                progress(Stage.SEARCH, searched, most)
            else:
                problem, field = undiagnosed(receipt, self._keys)
            report.add(finding_of(problem, receipt, number, names[file], field))


def follow(report: Report, spool: Spool, names: list[str | None], terms: Demands, progress: Progress) -> None:
    """The genuine receipts, card by card; then the cards of which there are only tips."""
    unseen = set(terms.tips)
    placed = _distinct(_told(spool, progress), report, names, terms.baskets)
    for serial, of_card in groupby(placed, key=lambda one: one.receipt.serial):
        tip = terms.tips.get(serial)
        report.cards += 1
        report.ends_checked += tip is not None
        unseen.discard(serial)
        listed = Listed(serial, terms.lists)
        for finding in check_chain(serial, listed.passing(of_card), tip, whole=terms.whole):
            report.add(finding)
        for finding in listed.findings():
            report.add(finding)
    for serial in sorted(unseen):
        for finding in missing_end(serial, 0, terms.tips[serial]):
            report.add(finding)


def _told(spool: Spool, progress: Progress) -> Iterator[Row]:
    """The sorted rows, with progress as they are taken."""
    for number, row in enumerate(spool.sorted()):
        if number % _STEP == 0:
            progress(Stage.CHAIN, number, spool.kept)
        yield row


def _distinct(rows: Iterable[Row], report: Report, names: list[str | None], due: bool) -> Iterator[Placed]:
    """Each receipt once, where it stands first; copies, which are neighbours here, are counted as repeated."""
    for raw, group in groupby(rows, key=lambda row: row.raw):
        copies = iter(group)
        first = in_file = next(copies)
        receipt, basket = Receipt(raw), first.basket
        report.count(receipt)
        for copy in copies:
            report.repeated += 1
            basket = basket or copy.basket
            if copy.file != in_file.file:
                in_file = copy
            else:  # a terminal's export holds a receipt once, while several exports may share it
                report.add(
                    finding_of(Problem.DUPLICATE, receipt, copy.line, names[copy.file], None, place(in_file.line))
                )
        if receipt.type == ReceiptType.DEBIT and not basket:
            report.without_basket += 1
            if due:
                report.add(finding_of(Problem.NO_BASKET, receipt, first.line, names[first.file]))
        yield Placed(first.line, receipt, names[first.file], first.file)
