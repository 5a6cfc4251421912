# SPDX-License-Identifier: Apache-2.0
"""Plants faults, hands the files to both judges, and counts what was found, what was not, and what was made up."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ssn_card.keys import KeyProvider
from ssn_card.receipts import Finding, Problem, ReceiptVerifier, Report

from .formats import FORMATS, write
from .kinds import KINDS, UNSURE, Kind, Sort
from .world import World, crowded, planted

ALL = tuple(KINDS.values())
_JUDGE = "jsonl"  #: the format that the one judge reads
_PLACE = re.compile(r"(line|baris) (\d+)(?: (of|pada) (\S+))?")  #: of ``findings.place``

Told = Callable[[str], None]  #: is told what begins
#: The other judge: files in a format, the world's terms; every finding is in the report.
Bulk = Callable[[Sequence[Path], str, World], Report]


class Tally(NamedTuple):
    """Of one kind: how many cards show it, and of how many it was told."""

    planted: int
    found: int


NONE = Tally(0, 0)
_SUMMED = ("receipts", "seconds", "honest", "false_alarms", "lost", "findings", "differing")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a judge has said of the files in one format.

    ``tallies``: by kind; ``false_alarms``: honest cards of which anything was told; ``lost``: lines in no count;
    ``differing``: findings that the other judge does not have, or only he has.
    """

    judge: str
    format: str
    receipts: int
    seconds: float
    tallies: Mapping[str, Tally]
    honest: int
    false_alarms: int
    lost: int
    findings: int
    differing: int

    def by_sort(self) -> dict[Sort, Tally]:
        """Tallies of kinds that are told together."""
        sums: dict[Sort, Tally] = {}
        for name, tally in self.tallies.items():
            before = sums.get(KINDS[name].sort, NONE)
            sums[KINDS[name].sort] = Tally(before.planted + tally.planted, before.found + tally.found)
        return sums

    @property
    def faults(self) -> int:
        """All that should not be."""
        missed = sum(self.tallies[name].planted - self.tallies[name].found for name in self.overlooked)
        return missed + self.false_alarms + self.differing + abs(self.lost)

    @property
    def overlooked(self) -> list[str]:
        """Kinds of which something was not found that is to be found whatever was drawn."""
        return [name for name, tally in self.tallies.items() if tally != _full(tally) and _sure(name, self.format)]

    def plus(self, other: Heard) -> Heard:
        """Of the same judge and format."""
        both = self.tallies, other.tallies
        tallies = {
            name: Tally(*map(sum, zip(*(one.get(name, NONE) for one in both), strict=True)))
            for name in KINDS
            if any(name in one for one in both)
        }
        numbers = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return replace(self, tallies=tallies, **numbers)

    def counts(self) -> dict[str, Any]:
        """For ``--json``, without what was planted."""
        return {
            "judge": self.judge,
            "format": self.format,
            "receipts": self.receipts,
            "seconds": round(self.seconds, 2),
            "findings": self.findings,
            "honest_cards": self.honest,
            "false_alarms": self.false_alarms,
            "lost_lines": self.lost,
            "differing": self.differing,
        }

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            **self.counts(),
            "overlooked": self.overlooked,
            "sorts": {sort.name.lower(): tally._asdict() for sort, tally in self.by_sort().items()},
            "kinds": {name: tally._asdict() for name, tally in self.tallies.items()},
        }


def _full(tally: Tally) -> Tally:
    return Tally(tally.planted, tally.planted)


def _sure(name: str, of: str) -> bool:
    sort = KINDS[name].sort
    return sort not in UNSURE and (sort is not Sort.COLUMNS or FORMATS[of].tables)


@dataclass(slots=True)
class Campaign:
    """Runs rounds over one folder, which must be empty."""

    provider: KeyProvider
    folder: Path
    bulk: Mapping[str, Bulk] = field(default_factory=dict)  #: other judges by their names
    told: Told = lambda what: None
    _rounds: int = 0

    def round(
        self,
        seed: int,
        cards: int,
        kinds: Iterable[Kind] = ALL,
        formats: Sequence[str] = tuple(FORMATS),
    ) -> Iterator[Heard]:
        """Plant and judge once; first the one judge, then the others, who must say the same in every format."""
        yield from self._judged(planted(seed, self.provider, kinds, cards), formats)

    def crowd(
        self, seed: int, cards: int, kinds: Sequence[Kind] = ALL, formats: Sequence[str] = tuple(FORMATS)
    ) -> Iterator[Heard]:
        """Likewise with faults upon faults, of which is known that all judges must say the same."""
        yield from self._judged(crowded(seed, self.provider, kinds, cards), formats)

    def _judged(self, world: World, formats: Sequence[str]) -> Iterator[Heard]:
        self._rounds += 1
        folder = self.folder / f"round-{self._rounds}"
        folder.mkdir()
        self.told(f"{self._rounds}: ReceiptVerifier, {world.receipts:,} receipts")
        paths = write(folder / _JUDGE, _JUDGE, world.files)
        start = time.perf_counter()
        report = ReceiptVerifier(self.provider).verify_files(
            paths, world.tips, whole=True, baskets=True, lists=world.lists, first=None
        )
        seconds = time.perf_counter() - start
        due = Counter(normal(finding, _JUDGE) for finding in everything(report))
        yield heard("ReceiptVerifier", _JUDGE, world, report, seconds, due)
        for name in formats:
            handed_in = paths if name == _JUDGE else write(folder / name, name, world.files)
            for judge, verify in self.bulk.items():
                self.told(f"{self._rounds}: {judge}, {name}")
                start = time.perf_counter()
                report = verify(handed_in, name, world)
                yield heard(judge, name, world, report, time.perf_counter() - start, due)


def together(heard: Iterable[Heard]) -> list[Heard]:
    """Rounds summed up, by judge and format, in the order in which these first came."""
    sums: dict[tuple[str, str], Heard] = {}
    for one in heard:
        key = one.judge, one.format
        sums[key] = sums[key].plus(one) if key in sums else one
    return list(sums.values())


def everything(report: Report) -> list[Finding]:
    """Findings and notes."""
    return [*report.findings, *report.gaps, *report.backdated]


def heard(judge: str, name: str, world: World, report: Report, seconds: float, due: Counter[Any]) -> Heard:
    """Count what a judge has said; ``due``: what the one judge has found, as :func:`normal`."""
    findings = everything(report)
    of_cards: dict[bytes, set[Problem]] = defaultdict(set)
    for finding in findings:
        owner = _owner(finding, name, world)
        if owner is not None:
            of_cards[owner].add(finding.problem)
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    honest = alarms = 0
    for serial, kind in world.planted.items():
        told = of_cards.get(serial, set())
        if kind is None:
            honest += serial not in world.victims
            alarms += bool(told) and serial not in world.victims
        else:
            tallies[kind.name][0] += 1
            tallies[kind.name][1] += bool(told & kind.expected) if kind.expected else not told
    own = Counter(normal(one, name) for one in findings if one.problem is not Problem.COLUMNS)
    return Heard(
        judge=judge,
        format=name,
        receipts=world.receipts,
        seconds=seconds,
        tallies={kind: Tally(*tallies[kind]) for kind in KINDS if kind in tallies},
        honest=honest,
        false_alarms=alarms,
        lost=world.receipts - report.lines,
        findings=len(findings),
        differing=((own - due) + (due - own)).total(),
    )


def _owner(finding: Finding, name: str, world: World) -> bytes | None:
    if not finding.line or finding.file is None:
        return finding.serial
    return world.owner(number_of(finding.file), finding.line - FORMATS[name].first)


def number_of(file: str) -> int:
    """Number of a file by its name."""
    return int(Path(file).stem.rpartition("-")[2])


def normal(finding: Finding, name: str) -> tuple[Any, ...]:
    """A finding with places that are the same in every format: files by their numbers, lines by their rows."""
    first = FORMATS[name].first

    def place(match: re.Match[str]) -> str:
        file = number_of(match[4]) if match[4] else ""
        return f"row {int(match[2]) - first} of {file}"

    field_of = None if finding.problem is Problem.UNREADABLE else finding.field  # a line's member or a table's column
    return (
        finding.problem.name,
        None if finding.file is None else number_of(finding.file),
        finding.line and finding.line - first,
        field_of,
        finding.serial,
        finding.seq,
        _PLACE.sub(place, finding.detail.en),
        _PLACE.sub(place, finding.detail.id),
        finding.receipts,
        finding.spent,
    )
