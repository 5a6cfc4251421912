# SPDX-License-Identifier: Apache-2.0
"""The workbook of an import's rejected and held rows: corrected there, and imported again.

It holds personal data: mode 0600. Every cell is text, so that no spreadsheet rounds a number or computes a name. Three
hidden columns bind a row to its line, with a MAC, so that rows may be sorted, filtered or left out. A row that was not
changed stays an exception; a mark in the first column has it taken as it is, after what it waited for has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.bank.people.exceptions import OpenLine, is_corrected, line_of, open_lines, row_tag, tag_fits
from ssn_card.bank.people.imports import EXCEPTIONS, begin_import, earlier_import, end_import, import_of_persons
from ssn_card.bank.people.taking import CHUNK, Taking
from ssn_card.bank.roles import BankRole
from ssn_card.bank.sheets.cells import TableRow, shown
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn, StoreWork
from ssn_card.programme import Policy
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

from .exceptions_sheet import IDS, MARK, write_sheet
from .importing import ImportReport, ImportTally, OnRows, already_imported, control_of, incoming
from .mapped import MappedTable
from .rows import judged
from .source import COLUMNS, Line


class NothingCorrected(InputError):
    """No row of the workbook differs from what it was, or is marked. Nothing was done."""

    code = "nothing-corrected"
    text = Text("No row of the workbook was corrected.", "Tidak ada baris buku kerja yang diperbaiki.")
    remedy = Text(
        "Correct cells and save; or mark rows with x in the first column.",
        "Perbaiki selnya lalu simpan; atau tandai baris dengan x di kolom pertama.",
    )
    where: str


class NoExceptions(InputError):
    """Every row of the import was taken, or corrected since."""

    code = "no-exceptions"
    text = Text("Import {number} has no open exceptions.", "Impor {number} tidak memiliki pengecualian terbuka.")
    remedy = Text("Nothing is to be done.", "Tidak perlu tindakan.")
    where = "--import"
    number: int


class ExceptionsOfAnotherPolicy(InputError):
    """The workbook is of an import under another policy."""

    code = "exceptions-of-another-policy"
    text = Text("The rows were imported under policy {expected}.", "Baris ini diimpor menurut kebijakan {expected}.")
    remedy = Text("Give --policy {expected}.", "Berikan --policy {expected}.")
    where = "--policy"
    expected: str


class ExceptionsNotWritten(InputError):
    """The workbook cannot be written."""

    code = "exceptions-not-written"
    text = Text("The workbook cannot be written: {why}.", "Buku kerja tidak dapat ditulis: {why}.")
    remedy = Text("Check the path and its permissions.", "Periksa nama dan izin berkas.")
    where: str
    why: Text


def is_exceptions(source: MappedTable) -> bool:
    """Whether a file is such a workbook."""
    return set(IDS) <= set(source.header)


def write_exceptions(bank: Bank, actor: SignedIn, import_id: int, out: Path) -> int:
    """Write the open lines of an import to a new workbook, mode 0600; how many they are.

    Raises ``NotAllowed``, ``NoSuchImport``, :class:`NoExceptions`, :class:`ExceptionsNotWritten`.
    """
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        import_of_persons(work.session, import_id)
        lines = list(open_lines(work.session, work.sealer, import_id))
        if not lines:
            raise NoExceptions(import_id)
        tags = [row_tag(one.import_id, one.line, work.secret) for one in lines]
        try:
            with whole_file(out, mode=0o600, new=True) as file:
                write_sheet(file, lines, tags)
        except OSError as error:
            raise ExceptionsNotWritten(str(out), system_reason(error)) from None
        work.note("exceptions-written", str(import_id), rows=len(lines))
    return len(lines)


def import_exceptions(
    bank: Bank,
    actor: SignedIn,
    source: MappedTable,
    policy: Policy,
    *,
    refuse: Collection[str] = (),
    progress: OnRows | None = None,
) -> ImportReport:
    """Take the corrected rows of a workbook, whole or not at all; rows that are still wrong are named again.

    Raises ``NotAllowed``, :class:`NothingCorrected`, :class:`ExceptionsOfAnotherPolicy`, ``TableFileError``,
    ``BankStoreError``: nothing was taken.
    """
    file = source.path.name
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        scope = str(policy.id)
        if (row := earlier_import(work.session, EXCEPTIONS, source.sha256, scope)) is not None:
            return already_imported(row.id, row.file, row.control, source.sha256, policy.id, ())
        sorted_ = _sorted(work, source, scope)
        if not sorted_.changed:
            raise NothingCorrected(file)
        row = begin_import(work, EXCEPTIONS, source.sha256, scope, file)
        tally, taking = ImportTally(len(sorted_.changed), progress), Taking(work, row.id, refuse)
        roots = (root for _, root in sorted_.changed)
        pairs = [incoming(*pair, root) for pair, root in zip(judged(sorted_, policy), roots, strict=True)]
        for start in range(0, len(pairs), CHUNK):
            tally.count(taking.take(pairs[start : start + CHUNK]))
        rows = len(pairs)
        report = ImportReport(
            row.id, file, source.sha256, policy.id, False, rows, rows * policy.entitlement_total,
            dict(tally.verdicts), dict(tally.reasons), tuple(tally.lines),
            more={"unchanged": sorted_.unchanged, "corrected_before": sorted_.before, "not_ours": sorted_.strange},
        )  # fmt: skip
        end_import(work, row, control_of(report))
    return report


@dataclass(eq=False)
class _Sorted:
    """A workbook's rows: those to be judged, and how many there are of the others."""

    path: Path
    sha256: str
    changed: list[tuple[Line, tuple[int, int]]] = field(default_factory=list, repr=False)  #: with the extract's line
    unchanged: int = 0
    before: int = 0  #: corrected before
    strange: int = 0  #: without a MAC of ours, or there twice
    columns = COLUMNS
    width = len(COLUMNS)

    @property
    def line_count(self) -> int:
        return len(self.changed)

    def lines(self) -> Iterator[Line]:
        return (line for line, _ in self.changed)


def _sorted(work: StoreWork, source: MappedTable, scope: str) -> _Sorted:
    at = {name: source.header.index(name) for name in (MARK, *COLUMNS, *IDS) if name in source.header}
    result, seen = _Sorted(source.path, source.sha256), set()
    for row, line in source.pairs():
        found = _known(work, row, at)
        if found is None or (found.import_id, found.line) in seen:
            result.strange += 1
            continue
        seen.add((found.import_id, found.line))
        expected = import_of_persons(work.session, found.import_id).scope
        if expected != scope:
            raise ExceptionsOfAnotherPolicy(expected)
        if is_corrected(work.session, found.root):
            result.before += 1
        elif _marked(row, at) or _differs(row, at, found):
            result.changed.append((_typed_in(line), found.root))
        else:
            result.unchanged += 1
    return result


def _known(work: StoreWork, row: TableRow, at: dict[str, int]) -> OpenLine | None:
    number, line, tag = (_text(row, at[name]) for name in IDS)
    if not (number.isascii() and number.isdecimal() and line.isascii() and line.isdecimal() and tag.isascii()):
        return None
    if not tag_fits(tag, int(number), int(line), work.secret):
        return None
    return line_of(work.session, work.sealer, int(number), int(line))


def _marked(row: TableRow, at: dict[str, int]) -> bool:
    return MARK in at and bool(_text(row, at[MARK]))


def _differs(row: TableRow, at: dict[str, int], found: OpenLine) -> bool:
    before = [cell.strip() for cell in found.cells] + [""] * len(COLUMNS)
    return any(_text(row, at[column]) != old for column, old in zip(COLUMNS, before, strict=False) if column in at)


def _typed_in(line: Line) -> Line:
    """A row is whole here, whatever is empty: its columns stand in the workbook."""
    return Line(line.number, line.fields, 0, line.faults)


def _text(row: TableRow, index: int) -> str:
    return shown(row.cells[index]).strip() if index < len(row.cells) else ""
