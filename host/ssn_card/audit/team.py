# SPDX-License-Identifier: Apache-2.0
"""Who judges: threads of this process, or another team that gives the same verdicts in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .cards import Giant
from .engine import Chosen
from .giant import judge_giant
from .keys import BatchKeys
from .partition import judge_partition
from .recall import Recall
from .sources import Batch
from .stamp import stamp_of
from .store import Partition
from .terms import Terms, Verdict
from .work import in_order


class SomeCards(Protocol):
    """Some whole cards, in sorted batches; a partition of a store is one."""

    def cards(self) -> Iterator[Batch | Giant]:
        """The batches."""


@dataclass(frozen=True, slots=True)
class Some:
    """One batch."""

    batch: Batch | Giant

    def cards(self) -> Iterator[Batch | Giant]:
        """It alone."""
        yield self.batch


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done with every batch; ``recall`` knows what need not be done again."""

    terms: Terms
    keys: BatchKeys
    engine: Chosen
    recall: Recall | None = None

    def verdicts(self, part: SomeCards) -> Sequence[Verdict]:
        """Judge a part, or remember what was judged of it."""
        if self.recall is None or not isinstance(part, Partition):
            return [self.verdict(batch) for batch in part.cards()]
        known = self.recall.verdicts(part, self.terms)
        if known is None:
            stamp = stamp_of(part.path)
            known = [self.verdict(batch) for batch in part.cards()]
            self.recall.keep(part, stamp, self.terms, known)
        return known

    def verdict(self, batch: Batch | Giant) -> Verdict:
        """Judge one batch."""
        if isinstance(batch, Giant):
            return judge_giant(batch.serial, batch.parts, self.keys, self.terms, self.engine.judge)
        verdict = judge_partition(batch.rows, *self.keys.of(batch.rows.raw, batch.cards), self.terms, self.engine.judge)
        verdict.findings += batch.others
        return verdict


class Team(Protocol):
    """Judges parts."""

    def verdicts(self, work: Work, parts: Iterable[SomeCards]) -> Iterator[Verdict]:
        """Verdicts in the order of the batches. Raises what judging and reading raise."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads of this process.

    Args:
        count: how many; ``None``: as there are processors.
    """

    count: int | None = None

    def verdicts(self, work: Work, parts: Iterable[SomeCards]) -> Iterator[Verdict]:
        """See :class:`Team`."""

        def judged(part: SomeCards | Verdict) -> Sequence[Verdict]:
            return [part] if isinstance(part, Verdict) else work.verdicts(part)

        for verdicts in in_order(judged, _without_giants(work, parts), self.count):
            yield from verdicts


def _without_giants(work: Work, parts: Iterable[SomeCards]) -> Iterator[SomeCards | Verdict]:
    """Parts, with giants judged on the way: their rows are there until the next part is taken."""
    for part in parts:
        if isinstance(part, Some) and isinstance(part.batch, Giant):
            yield work.verdict(part.batch)
        else:
            yield part
