# SPDX-License-Identifier: Apache-2.0
"""The personalization station: a registry extract or an approved batch in, one card for each accepted row out.

The same extract twice issues nothing twice, a corrected one issues only the new rows, and a run may end at any moment:
the next one looks at the cards that the journal is not sure of before it gives them to anybody.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from threading import Lock

from ssn_card.bank.secret import identity_tag
from ssn_card.keys import KeyProvider
from ssn_card.keys.errors import KeyMissing
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected
from ssn_card.personalization.intake.summary import Summary
from ssn_card.personalization.journal.journal import FamilyHasCard, Journal
from ssn_card.personalization.journal.records import REPLACED, Entry, NumberState, RowKeys
from ssn_card.programme import Policy
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import SsnCardError, Text
from ssn_card.terminal import now

from .bench import Bench
from .crew import Crew
from .errors import BatchRefused, StationKeysRefused, TooManyBadCards
from .feeder import CardFeeder, NamedFeeder, NoCardYet, OutOfCards
from .interrupts import Interrupts
from .issuing import IssueRows
from .key_proof import KeyProof
from .letter_file import LetterFile
from .lines import Line, LineQueue
from .report import BatchReport, OnProgress, Progress, Stop, Verdict
from .results import ResultsFile
from .watch import Observer, RunEvent, Watch, What

MAX_BAD = 5  #: failed cards in a row after which a run stops


def run(
    issue: IssueRows,
    policy: Policy,
    provider: KeyProvider,
    feeders: Sequence[CardFeeder],
    journal: Journal,
    results_path: Path,
    progress: OnProgress | None = None,
    *,
    limit: int | None = None,
    prepare_only: bool = False,
    force: bool = False,
    versions: KeyVersions | None = None,
    max_bad: int = MAX_BAD,
    allow_expired: bool = False,
    clock: Callable[[], dt.datetime] = now,
    interrupts: Interrupts | None = None,
    newcomers: Callable[[], Sequence[CardFeeder]] | None = None,
    observer: Observer | None = None,
    letters: LetterFile | None = None,
) -> BatchReport:
    """Issue the cards of an extract or a batch, or go on issuing them.

    Args:
        issue: all its rows, as :func:`.issuing.extract_rows` or :func:`.batch.batch_rows` read them.
        feeders: where cards come from, at least one; each is a reader with a worker of its own.
        journal: opened for writing, with its secret.
        results_path: a line for each card is appended, and one with the control totals.
        limit: most cards to make in this run.
        prepare_only: write the plan into the journal, touch no card.
        force: start although the summary warns of the file as a whole.
        max_bad: failed cards in a row after which the run stops.
        allow_expired: start although the policy is over.
        clock: gives local time without a zone.
        interrupts: where feeders that wait by themselves look for Ctrl-C too.
        newcomers: readers that have been plugged in since it was last asked; asked a few times a second.
        letters: each card gets a PIN by chance, told by a letter in this file; without it cards have no PIN.
        observer: told of each reader and card as it happens, by one thread at a time.

    Ctrl-C ends the run after the cards in hand. The feeders are left open.

    Raises:
        PolicyExpired, BatchRefused, KeyMissing: nothing was begun.
        ConfigurationError: journal, results file, keys or the last reader fail; cards may be in doubt until then.
    """
    started = time.monotonic()
    if not allow_expired:
        policy.require_not_over(clock().date())
    versions = versions or KeyVersions()
    summary = issue.summary
    _preflight(summary, provider, versions, force)
    report = BatchReport(summary, policy.entitlement_total)
    batch = journal.batch(summary.sha256, policy.id, summary.file)
    in_doubt = frozenset(entry.serial for entry in journal.in_doubt() if entry.serial is not None)
    for feeder in feeders:
        feeder.expect(in_doubt)
    with ResultsFile(results_path, journal) as results:
        results.deliver()  # what an earlier run could not
        with interrupts or Interrupts() as pressed, ExitStack() as opened:
            proof, watch = KeyProof(len(feeders)), Watch(None if prepare_only else observer)
            numbers = count(1)

            def bench(feeder: CardFeeder) -> Bench:
                name = _name(feeder, next(numbers))
                made = Bench(
                    provider, feeder, journal, results, versions, report, pressed, max_bad, proof, name, watch, letters
                )
                watch.tell(RunEvent(What.JOINED, name))
                return opened.enter_context(closing(made))

            def joining() -> Sequence[Bench]:
                return [bench(feeder) for feeder in newcomers()] if newcomers else ()

            crew = Crew([bench(feeder) for feeder in feeders], joining if newcomers else None, watch)
            work = _Run(batch, journal, crew, report, pressed, progress, limit, prepare_only, issue.replaces)
            # A plan alone is one transaction: a commit for each row would take the disk minutes.
            with journal.together() if prepare_only else nullcontext(), _ending(watch, report):
                work.through(issue.rows)
        if report.complete and report.balanced:
            journal.finish(batch)
        report.lost_cards = journal.lost_in(batch)
        report.syncs = (journal.syncs, results.syncs)
        report.seconds = time.monotonic() - started
        results.totals(report.as_dict())
    return report


def _name(feeder: CardFeeder, number: int) -> str:
    return feeder.name if isinstance(feeder, NamedFeeder) else str(number)


@contextmanager
def _ending(watch: Watch, report: BatchReport) -> Iterator[None]:
    """Whoever watches is told why the run has ended, whatever ends it."""
    try:
        yield
    except SsnCardError as error:
        watch.tell(RunEvent(What.STOPPED, error=error, stop="error"))
        raise
    watch.tell(RunEvent(What.STOPPED, error=report.last_error, stop=report.stop))


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
    """The rows of one run, by one reader or several. Once it has stopped, the rest is only counted."""

    def __init__(
        self,
        batch: int,
        journal: Journal,
        crew: Crew,
        report: BatchReport,
        interrupts: Interrupts,
        progress: OnProgress | None,
        limit: int | None,
        prepare_only: bool,
        replaces: Mapping[int, bytes],
    ) -> None:
        self._batch = batch
        self._journal = journal
        self._crew = crew
        self._report = report
        self._interrupts = interrupts
        self._progress = progress
        self._limit = limit
        self._prepare_only = prepare_only
        self._replaces = replaces
        self._in_doubt: list[Beneficiary] = []
        self._asked: defaultdict[int, set[Bench]] = defaultdict(set)  #: by line, readers that have looked for its card
        self._begun = 0  #: cards made in this run, or in the making
        self._lock = Lock()

    def through(self, rows: Iterable[Line]) -> None:
        """Give each line its verdict; those in doubt once more in the end, for their cards may have come up since."""
        self._crew.work(LineQueue(rows), self._row)
        self._crew.work(LineQueue(self._in_doubt), self._row_again)
        if self._prepare_only:
            self._report.stop = self._report.stop or Stop.PREPARED

    def _row(self, bench: Bench, row: Line) -> None:
        if isinstance(row, RowRejected):
            self._count(row.line, Verdict.REJECTED)
            return
        verdict = self._verdict(bench, row)
        if verdict is Verdict.IN_DOUBT:
            self._in_doubt.append(row)
        else:
            self._count(row.line, verdict)

    def _row_again(self, bench: Bench, row: Line) -> None:
        """Whether a row in doubt has its card: each reader looks whether it is the next one there.

        A reader without a card is not waited for once another has looked.
        """
        if isinstance(row, RowRejected):
            return  # never in doubt
        asked = self._asked[row.line]
        try:
            verdict = self._verdict(bench, row)
        except NoCardYet:
            asked.add(bench)
            raise
        asked.add(bench)
        if verdict is Verdict.IN_DOUBT:
            if self._working() and self._crew.others(asked):
                raise NoCardYet
            self._report.in_doubt.append(row.line)
        self._count(row.line, verdict)

    def _verdict(self, bench: Bench, person: Beneficiary) -> Verdict:
        keys = RowKeys.of(person, self._journal.secret)
        try:
            entry = self._found(person, keys)
            if entry is not None and entry.state is NumberState.SENT and self._working() and not self._prepare_only:
                # Perhaps the next card is the very one: look before this row is passed over.
                seeking = entry
                self._guarded(bench, lambda: bench.load(seeking))
                entry = self._found(person, keys)
            if entry is not None and entry.state is NumberState.DONE:
                return self._finished(person, entry)
            if entry is None or entry.state is NumberState.PLANNED:
                entry = self._make(bench, person, keys) or entry
        except FamilyHasCard as error:
            self._report.refused.append(RowRejected(person.line, "no_kk", error.text, error.code))
            return Verdict.REFUSED
        if entry is None or entry.state is NumberState.PLANNED:
            return Verdict.WAITING
        return Verdict.ISSUED if entry.state is NumberState.DONE else Verdict.IN_DOUBT

    def _found(self, person: Beneficiary, keys: RowKeys) -> Entry | None:
        """What the journal has of the row; nothing where it is the card that is to be replaced."""
        entry = self._journal.find(keys)
        if entry is not None and entry.state is NumberState.DONE and entry.serial == self._replaces.get(person.line):
            return None
        return entry

    def _make_way(self, person: Beneficiary) -> None:
        """The card that is replaced is out of use from now on, if this station has made it."""
        serial = self._replaces.get(person.line)
        entry = None if serial is None else self._journal.by_serial(serial)
        if entry is not None and entry.state is NumberState.DONE:
            self._journal.lose(entry, REPLACED)

    def _make(self, bench: Bench, person: Beneficiary, keys: RowKeys) -> Entry | None:
        """Issue the row's card, or only plan it; what the journal has of the row then."""

        def plan() -> Entry:
            self._make_way(person)
            return self._journal.plan(self._batch, person.line, keys)

        if not self._begin():
            return None
        entry: Entry | None = None
        try:
            if self._prepare_only:
                return plan()
            self._guarded(bench, lambda: bench.issue(plan, identity_block(person)))
            entry = self._journal.find(keys)
            return entry
        finally:
            self._end(entry)

    def _finished(self, person: Beneficiary, entry: Entry) -> Verdict:
        tag = identity_tag(identity_block(person), self._journal.secret)
        if not macs_equal(tag, entry.identity_tag or b""):
            self._report.changed[person.line] = entry.serial or b""
        return Verdict.RECOVERED if self._crew.recovered(entry) else Verdict.ALREADY

    def _guarded(self, bench: Bench, step: Callable[[], None]) -> None:
        """Do a step with cards; the reader or the run stops where it cannot go on."""
        try:
            step()
        except OutOfCards as error:
            self._leave(bench, Stop.OUT_OF_CARDS, error)
        except TooManyBadCards as error:
            self._leave(bench, Stop.BAD_CARDS, error)
        except StationKeysRefused as error:
            self._report.stop = Stop.KEYS
            self._report.last_error = error
        except KeyboardInterrupt:
            self._report.stop = Stop.INTERRUPTED

    def _leave(self, bench: Bench, why: Stop, error: SsnCardError) -> None:
        """Leave the row to the other readers; where there is none, the run stops."""
        self._crew.leave(bench, error)
        self._report.stop = self._report.stop or why

    def _begin(self) -> bool:
        """Whether one more card may be made; it counts until :meth:`_end` says otherwise."""
        with self._lock:
            if not self._working():
                return False
            self._begun += 1
            return True

    def _end(self, entry: Entry | None) -> None:
        with self._lock:
            if entry is None or entry.state is not NumberState.DONE:
                self._begun -= 1

    def _working(self) -> bool:
        if self._limit is not None and self._begun >= self._limit:
            self._report.stop = self._report.stop or Stop.LIMIT
        if self._interrupts.pressed:
            self._report.stop = self._report.stop or Stop.INTERRUPTED
        return self._report.stop is None

    def _count(self, line: int, verdict: Verdict) -> None:
        with self._lock:
            self._report.verdicts[verdict] += 1
            if self._progress is not None:
                position = self._report.verdicts.total()
                self._progress(Progress(position, self._report.summary.lines, line, verdict))
