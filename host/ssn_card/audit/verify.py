# SPDX-License-Identifier: Apache-2.0
"""Verifies files and stores of receipts in bulk: what :class:`ssn_card.receipts.ReceiptVerifier` would find, sooner.

Files in any order go through a spill that gives them back by card; a store is in that order already. Then partitions
are judged by several threads at once, and their verdicts put together in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ssn_card.keys import KeyProvider
from ssn_card.receipts import Problem, Report, Sources, Stage, Tip
from ssn_card.receipts.cards import NO_LISTS, CardLists
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.genuine import ReceiptKeys
from ssn_card.receipts.verifier import FIRST, Progress, silent

from .collect import Collection, Sink
from .engine import Chosen, choose
from .keys import BatchKeys
from .recall import Recall
from .sources import Batch, find_sources, read
from .spill import Spill
from .store import Store, is_store, open_store
from .team import Some, SomeCards, Team, Threads, Work
from .terms import Terms

SEARCHED = 10_000  #: receipts with a wrong MAC that are searched for what was altered, unless told otherwise


@dataclass(frozen=True, slots=True)
class Given:
    """What is known beside the receipts, and what is wanted.

    Args:
        tips: newest receipt of each card by serial, where the auditor has it from the cards themselves.
        lists: of issued, blocked and never delivered cards, as far as there are any.
        whole: the receipts are all there is, so that a gap is a missing receipt.
        baskets: a debit without its basket is a finding.
        first: findings of a kind that the report keeps; ``None``: all.
        searched: receipts with a wrong MAC that are searched for what was altered; ``None``: all.
    """

    tips: Mapping[bytes, Tip] = field(default_factory=dict)
    lists: CardLists = NO_LISTS
    whole: bool = False
    baskets: bool = True
    first: int | None = FIRST
    searched: int | None = SEARCHED


class BulkVerifier:
    """Verifies with the RECEIPT keys of ``provider``: the bank's masters, or an auditor's per-card keys.

    Args:
        provider: where keys come from.
        engine: what marks the rows; the fastest that can run here, unless given.
        team: who judges; threads of this process, as many as there are processors, unless given.
    """

    def __init__(self, provider: KeyProvider, engine: Chosen | None = None, team: Team | None = None) -> None:
        self.provider, self.engine, self.team = provider, engine or choose(), team or Threads()

    def verify(
        self,
        paths: Sources | Iterable[Path],
        given: Given | None = None,
        *,
        sink: Sink | None = None,
        recall: Recall | None = None,
        progress: Progress = silent,
    ) -> Report:
        """Verify files, folders and stores, all together.

        Args:
            paths: as :func:`.sources.find_sources` takes them, or what it has found.
            given: what is known beside them.
            sink: is given every finding, once, in an order that the receipts alone decide; the report keeps the first.
            recall: verdicts from before, over partitions of a store that is given alone; takes the new ones.
            progress: told of how far it is: bytes of reading, else receipts.

        Raises:
            ReceiptsUnreadable: a file cannot be opened or read, or is no table of receipts.
            NoReceipts: there is no receipt, readable or not, in any of them.
            StoreDamaged, NotInOrder: a store is not as it was packed.
            NoRoom: no space for temporary files.
            LinesLost: a defect of ours: some line is in no count.
        """
        return _Run(self, paths, given or Given(), sink, recall, progress).report()


class _Run:
    """One verification."""

    def __init__(
        self,
        verifier: BulkVerifier,
        paths: Sources | Iterable[Path],
        given: Given,
        sink: Sink | None,
        recall: Recall | None,
        told: Progress,
    ) -> None:
        self._team, self._told = verifier.team, told
        self._sources = paths if isinstance(paths, Sources) else find_sources(paths)
        self._names: list[str | None] = []
        self._report = Report(given.first, tips=len(given.tips))
        terms = Terms(
            self._names,
            given.tips,
            given.whole,
            given.baskets,
            given.lists,
            most=given.first if sink is None else None,
            searched=given.searched,
        )
        self._work = Work(terms, BatchKeys(verifier.provider), verifier.engine, recall)
        keys = ReceiptKeys(verifier.provider)
        self._collection = Collection(self._report, terms, keys, verifier.engine.search, sink)

    def report(self) -> Report:
        files = self._sources.files
        if len(files) == 1 and is_store(files[0].path):
            store = open_store(files[0].path)
            self._take_store(store)
            self._judge(store.partitions)
        else:
            with Spill() as spill:
                self._read(spill)
                self._judge(map(Some, spill.cards()))
        if not self._report.lines:
            raise NoReceipts(", ".join(source.name for source in files))
        self._collection.finish(lambda done, of: self._told(Stage.SEARCH, done, of))
        self._report.balance()
        return self._report

    def _take_store(self, store: Store) -> None:
        """Count what a store says of its sources."""
        for packed in store.sources:
            self._names.append(packed.name)
            self._count(packed.name, packed.rows + packed.unreadable)
        for finding in store.remarks():
            self._report.unreadable += finding.problem is Problem.UNREADABLE
            self._collection.add(finding)

    def _read(self, spill: Spill) -> None:
        size, done = self._sources.size, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._told(Stage.READ, done, size)

        for source in self._sources.files:
            first = len(self._names)
            if is_store(source.path):
                store = open_store(source.path)
                self._take_store(store)
                for batch in (batch for partition in store.partitions for batch in partition.batches()):
                    rows = batch.rows
                    self._take(spill, batch._replace(rows=rows._replace(file=rows.file + np.int32(first))))
                continue
            self._names.append(source.name)
            self._count(source.name, 0)
            for batch in read(source, first, advance):
                self._count(source.name, batch.read)
                self._take(spill, batch)

    def _take(self, spill: Spill, batch: Batch) -> None:
        self._report.unreadable += len(batch.unreadable)
        for finding in (*batch.unreadable, *batch.others):
            self._collection.add(finding)
        spill.add(batch.rows)

    def _count(self, name: str, lines: int) -> None:
        self._report.lines += lines
        self._report.files[name] = self._report.files.get(name, 0) + lines

    def _judge(self, parts: Iterable[SomeCards]) -> None:
        total, done = self._report.lines - self._report.unreadable, 0
        for verdict in self._team.verdicts(self._work, parts):
            self._collection.take(verdict)
            done += verdict.lines
            self._told(Stage.CHAIN, done, total)
