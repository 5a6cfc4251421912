# SPDX-License-Identifier: Apache-2.0
"""An extract into the bank's store, whole or not at all: judged row by row, compared with whoever is there.

Memory stays flat: rows are read, judged and taken by the thousand; only those that need a person are kept for the
report.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssn_card.bank.people.errors import ControlTotalsDiffer
from ssn_card.bank.people.imports import EXTRACT, begin_import, earlier_import, end_import
from ssn_card.bank.people.incoming import IncomingPerson, IncomingRow, RowOutcome, RowReason
from ssn_card.bank.people.taking import CHUNK, Taking
from ssn_card.bank.roles import BankRole
from ssn_card.bank.sheets.cells import TableRemark
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.people import RowVerdict
from ssn_card.bank.store.work import SignedIn
from ssn_card.programme import Policy
from ssn_card.protocol.errors import Text

from .findings import Findings
from .mapped import MappedTable
from .rows import Beneficiary, Row, judged
from .source import Line
from .summary import Summary, summarize

_ROWS = Text("rows", "baris")
_SUM = Text("rupiah", "rupiah")
_OPEN = (RowVerdict.REJECTED, RowVerdict.HELD)

#: TableRemark how many rows are done, and of how many.
OnRows = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """What the sender states of a file; ``None``: nothing."""

    rows: int | None = None
    rupiah: int | None = None

    def require(self, file: str, rows: int, rupiah: int) -> None:
        """Raises ``ControlTotalsDiffer``."""
        for what, stated, found in ((_ROWS, self.rows, rows), (_SUM, self.rupiah, rupiah)):
            if stated is not None and stated != found:
                raise ControlTotalsDiffer(file, what, stated, found)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. No personal data."""

    import_id: int
    file: str
    sha256: str
    policy_id: int
    already: bool  #: the file was taken in before, and nothing was done now
    rows: int
    rupiah: int  #: rows times the policy's total per family
    verdicts: dict[RowVerdict, int]
    reasons: dict[str, int]  #: rows by code, of those accepted with a note too
    lines: tuple[RowOutcome, ...] = ()  #: those with a reason
    told: tuple[TableRemark, ...] = ()
    warnings: tuple[Text, ...] = ()
    more: dict[str, int] = field(default_factory=dict)  #: counts of a workbook of exceptions

    @property
    def open_lines(self) -> int:
        """Rejected and held."""
        return sum(self.verdicts.get(verdict, 0) for verdict in _OPEN)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "import": self.import_id,
            "file": self.file,
            "sha256": self.sha256,
            "policy_id": self.policy_id,
            "already": self.already,
            "rows": self.rows,
            "entitlement_sum": self.rupiah,
            **{verdict.value: self.verdicts.get(verdict, 0) for verdict in RowVerdict},
            **self.more,
            "reasons": self.reasons,
            "lines": [
                {
                    "line": one.line,
                    "verdict": one.verdict.value,
                    "field": one.reason.field or None,
                    "code": one.reason.code,
                    "reason_en": one.reason.text.en,
                    "reason_id": one.reason.text.id,
                }
                for one in self.lines
                if one.reason
            ],
            "guessed": [one.as_dict() for one in self.told],
            "warnings": [{"en": text.en, "id": text.id} for text in self.warnings],
        }


def import_extract(
    bank: Bank,
    actor: SignedIn,
    source: MappedTable,
    policy: Policy,
    *,
    totals: ControlTotals | None = None,
    refuse: Collection[str] = (),
    accept: Callable[[Summary], None] | None = None,
    progress: OnRows | None = None,
) -> ImportReport:
    """Take a file in. The same file under the same policy again does nothing.

    Args:
        refuse: other programmes whose persons and families are not taken.
        accept: raises where the file as a whole is not to be believed.

    Raises:
        NotAllowed, ControlTotalsDiffer, TableFileError, BankStoreError, and what ``accept`` raises: nothing was taken.
    """
    file, rows = source.path.name, source.line_count
    rupiah = rows * policy.entitlement_total
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        (totals or ControlTotals()).require(file, rows, rupiah)
        if (row := earlier_import(work.session, EXTRACT, source.sha256, str(policy.id))) is not None:
            return already_imported(row.id, row.file, row.control, source.sha256, policy.id, tuple(source.told))
        row = begin_import(work, EXTRACT, source.sha256, str(policy.id), file)
        findings, tally = Findings(), ImportTally(rows, progress)
        taking = Taking(work, row.id, refuse)
        summary = summarize(source, taken(judged(source, policy, findings=findings), taking, tally), policy, findings)
        if accept is not None:
            accept(summary)
        report = ImportReport(
            row.id, file, source.sha256, policy.id, False, rows, rupiah, dict(tally.verdicts), dict(tally.reasons),
            tuple(tally.lines), tuple(source.told), summary.warnings,
        )  # fmt: skip
        stated = totals or ControlTotals()
        end_import(work, row, control_of(report) | {"expected_rows": stated.rows, "expected_sum": stated.rupiah})
    return report


def control_of(report: ImportReport) -> dict[str, Any]:
    """What is kept of a report, and told again when the file comes once more."""
    kept = report.as_dict()
    names = ("rows", "entitlement_sum", *(verdict.value for verdict in RowVerdict), *report.more, "reasons")
    return {name: kept[name] for name in names} | {"guessed": [one.what for one in report.told]}


def already_imported(
    number: int, file: str, control: str, sha256: str, policy_id: int, told: tuple[TableRemark, ...]
) -> ImportReport:
    """The report of a file that has been taken in before: what was found then."""
    kept = json.loads(control)
    counts = {verdict: kept.get(verdict.value, 0) for verdict in RowVerdict}
    return ImportReport(
        number, file, sha256, policy_id, True, kept["rows"], kept["entitlement_sum"], counts, kept["reasons"], (), told
    )


class ImportTally:
    """Counts what became of rows, and tells how far it is."""

    def __init__(self, rows: int, progress: OnRows | None) -> None:
        self.verdicts: Counter[RowVerdict] = Counter()
        self.reasons: Counter[str] = Counter()
        self.lines: list[RowOutcome] = []
        self._rows = rows
        self._done = 0
        self._progress = progress

    def count(self, outcomes: Iterable[RowOutcome]) -> None:
        """These rows are done."""
        for one in outcomes:
            self.verdicts[one.verdict] += 1
            self._done += 1
            if one.reason is not None:
                self.reasons[one.reason.code] += 1
            if one.reason is not None and one.verdict is not RowVerdict.ACCEPTED:
                self.lines.append(one)
        if self._progress is not None:
            self._progress(self._done, self._rows)


def taken(pairs: Iterable[tuple[Line, Row]], taking: Taking, tally: ImportTally) -> Iterator[Row]:
    """The rows, each given on after it is in the store."""
    chunk: list[tuple[Line, Row]] = []
    for pair in pairs:
        chunk.append(pair)
        if len(chunk) == CHUNK:
            yield from _together(chunk, taking, tally)
            chunk = []
    yield from _together(chunk, taking, tally)


def _together(chunk: Sequence[tuple[Line, Row]], taking: Taking, tally: ImportTally) -> Iterator[Row]:
    if chunk:
        tally.count(taking.take([incoming(line, row) for line, row in chunk]))
    return (row for _, row in chunk)


def incoming(line: Line, row: Row, of: tuple[int, int] | None = None) -> IncomingRow:
    """A judged line, as the store takes it."""
    found = _person(row) if isinstance(row, Beneficiary) else RowReason(row.code, row.field, row.reason)
    return IncomingRow(line.number, line.fields, found, of)


def _person(row: Beneficiary) -> IncomingPerson:
    return IncomingPerson(
        nik=row.nik.digits,
        no_kk=row.kk.digits,
        name=row.name,
        birth_date=row.birth_date,
        gender=row.gender,
        decile=row.decile,
        kode_kecamatan=row.region_code,
        kelurahan=row.kelurahan_ordinal,
        companion=row.companion,
    )
