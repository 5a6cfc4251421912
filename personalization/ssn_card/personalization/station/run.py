# SPDX-License-Identifier: Apache-2.0
"""The personalization station: a registry extract in, one card for each accepted row out.

The same extract twice issues nothing twice, a corrected one issues only the new rows, and a run may end at any moment:
the next one looks at the cards that the journal is not sure of before it gives them to anybody.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.keys.errors import KeyMissing
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.intake.extract import open_extract
from ssn_card.personalization.intake.findings import Findings
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected, judge
from ssn_card.personalization.intake.summary import Summary, summarize
from ssn_card.personalization.journal.journal import FamilyHasCard, Journal
from ssn_card.personalization.journal.records import Entry, NumberState, RowKeys
from ssn_card.personalization.journal.secret import identity_tag
from ssn_card.programme import Policy, Regions
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.terminal import now

from .bench import Bench
from .errors import BatchRefused, StationKeysRefused, TooManyBadCards
from .feeder import CardFeeder, OutOfCards
from .interrupts import Interrupts
from .report import BatchReport, OnProgress, Progress, Stop, Verdict
from .results import ResultsFile

MAX_BAD = 5  #: failed cards in a row after which a run stops


def run(
    extract: Path,
    policy: Policy,
    provider: KeyProvider,
    feeder: CardFeeder,
    journal: Journal,
    results_path: Path,
    progress: OnProgress | None = None,
    *,
    limit: int | None = None,
    prepare_only: bool = False,
    force: bool = False,
    versions: KeyVersions | None = None,
    regions: Regions | None = None,
    max_bad: int = MAX_BAD,
    allow_expired: bool = False,
    clock: Callable[[], dt.datetime] = now,
) -> BatchReport:
    """Issue the cards of an extract, or go on issuing them.

    Args:
        journal: opened for writing, with its secret.
        results_path: a line for each card is appended, and one with the control totals.
        limit: most cards to make in this run.
        prepare_only: write the plan into the journal, touch no card.
        force: start although the summary warns of the file as a whole.
        max_bad: failed cards in a row after which the run stops.
        allow_expired: start although the policy is over.
        clock: gives local time without a zone.

    Ctrl-C ends the run after the current card. The feeder is left open.

    Raises:
        ExtractError, PolicyExpired, BatchRefused, KeyMissing: nothing was begun.
        ConfigurationError: journal, results file, keys or reader fail; a card may be in doubt until the next run.
    """
    started = time.monotonic()
    if not allow_expired:
        policy.require_not_over(clock().date())
    versions = versions or KeyVersions()
    sound = open_extract(extract)
    # All rows before the first card: a file that changes while it is read must not have issued anything.
    findings = Findings()
    rows = tuple(judge(sound, policy, regions, findings))
    summary = summarize(sound, rows, policy, findings)
    _preflight(summary, provider, versions, force)
    report = BatchReport(summary, policy.entitlement_total)
    batch = journal.batch(summary.sha256, policy.id, summary.file)
    feeder.expect(frozenset(entry.serial for entry in journal.in_doubt() if entry.serial is not None))
    with ResultsFile(results_path, journal) as results:
        results.deliver()  # what an earlier run could not
        with (
            Interrupts() as interrupts,
            closing(Bench(provider, feeder, journal, results, versions, report, interrupts, max_bad)) as bench,
        ):
            work = _Run(batch, journal, bench, report, interrupts, progress, limit, prepare_only)
            # A plan alone is one transaction: a commit for each row would take the disk minutes.
            with journal.together() if prepare_only else nullcontext():
                for row in rows:
                    work.row(row)
                work.settle()
        if report.complete and report.balanced:
            journal.finish(batch)
        report.lost_cards = journal.lost_in(batch)
        report.seconds = time.monotonic() - started
        results.totals(report.as_dict())
    return report


def require_sound(summary: Summary, force: bool) -> None:
    """Raises ``BatchRefused`` where the summary warns of the file as a whole, unless that is to be forced."""
    if summary.warnings and not force:
        en, indonesian = ("; ".join(text[language] for text in summary.warnings) for language in (0, 1))
        raise BatchRefused(Text(en, indonesian), where=summary.file)


def _preflight(summary: Summary, provider: KeyProvider, versions: KeyVersions, force: bool) -> None:
    require_sound(summary, force)
    for label, version in versions.required():
        if version not in provider.versions(label):
            raise KeyMissing(label, version, where=None)


class _Run:
    """The rows of one run. Once it has stopped, the rest is only counted."""

    def __init__(
        self,
        batch: int,
        journal: Journal,
        bench: Bench,
        report: BatchReport,
        interrupts: Interrupts,
        progress: OnProgress | None,
        limit: int | None,
        prepare_only: bool,
    ) -> None:
        self._batch = batch
        self._journal = journal
        self._bench = bench
        self._report = report
        self._interrupts = interrupts
        self._progress = progress
        self._limit = limit
        self._prepare_only = prepare_only
        self._in_doubt: list[Beneficiary] = []

    def row(self, row: Beneficiary | RowRejected) -> None:
        """Give one line its verdict, or keep it for :meth:`settle`."""
        if isinstance(row, RowRejected):
            self._count(row.line, Verdict.REJECTED)
        elif (verdict := self._verdict(row)) is Verdict.IN_DOUBT:
            self._in_doubt.append(row)
        else:
            self._count(row.line, verdict)

    def settle(self) -> None:
        """The rows in doubt once more: their cards may have come up since."""
        for person in self._in_doubt:
            verdict = self._verdict(person)
            if verdict is Verdict.IN_DOUBT:
                self._report.in_doubt.append(person.line)
            self._count(person.line, verdict)
        if self._prepare_only:
            self._report.stop = self._report.stop or Stop.PREPARED

    def _verdict(self, person: Beneficiary) -> Verdict:
        keys = RowKeys.of(person, self._journal.secret)
        try:
            entry = self._journal.find(keys)
            if entry is not None and entry.state is NumberState.SENT and self._working() and not self._prepare_only:
                # Perhaps the next card is the very one: look before this row is passed over.
                seeking = entry
                self._guarded(lambda: self._bench.load(seeking))
                entry = self._journal.find(keys)
            if entry is not None and entry.state is NumberState.DONE:
                return self._finished(person, entry)
            if (entry is None or entry.state is NumberState.PLANNED) and self._working():
                entry = self._make(person, keys)
        except FamilyHasCard as error:
            self._report.refused.append(RowRejected(person.line, "no_kk", error.text, error.code))
            return Verdict.REFUSED
        if entry is None or entry.state is NumberState.PLANNED:
            return Verdict.WAITING
        return Verdict.ISSUED if entry.state is NumberState.DONE else Verdict.IN_DOUBT

    def _make(self, person: Beneficiary, keys: RowKeys) -> Entry | None:
        """Issue the row's card, or only plan it; what the journal has of the row then."""

        def plan() -> Entry:
            return self._journal.plan(self._batch, person.line, keys)

        if self._prepare_only:
            return plan()
        self._guarded(lambda: self._bench.issue(plan, identity_block(person)))
        return self._journal.find(keys)

    def _finished(self, person: Beneficiary, entry: Entry) -> Verdict:
        tag = identity_tag(identity_block(person), self._journal.secret)
        if not macs_equal(tag, entry.identity_tag or b""):
            self._report.changed[person.line] = entry.serial or b""
        return Verdict.RECOVERED if entry.id in self._bench.recovered else Verdict.ALREADY

    def _guarded(self, step: Callable[[], None]) -> None:
        """Do a step with cards; the run stops where it cannot go on."""
        try:
            step()
        except OutOfCards:
            self._report.stop = Stop.OUT_OF_CARDS
        except TooManyBadCards:
            self._report.stop = Stop.BAD_CARDS
        except StationKeysRefused as error:
            self._report.stop = Stop.KEYS
            self._report.last_error = error
        except KeyboardInterrupt:
            self._report.stop = Stop.INTERRUPTED

    def _working(self) -> bool:
        if self._limit is not None and self._report.verdicts[Verdict.ISSUED] >= self._limit:
            self._report.stop = self._report.stop or Stop.LIMIT
        if self._interrupts.pressed:
            self._report.stop = self._report.stop or Stop.INTERRUPTED
        return self._report.stop is None

    def _count(self, line: int, verdict: Verdict) -> None:
        self._report.verdicts[verdict] += 1
        if self._progress is not None:
            position = self._report.verdicts.total()
            self._progress(Progress(position, self._report.summary.lines, line, verdict))
