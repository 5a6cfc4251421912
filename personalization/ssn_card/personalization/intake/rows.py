# SPDX-License-Identifier: Apache-2.0
"""A registry extract row by row: every line becomes a :class:`Beneficiary` or a :class:`RowRejected`, none is lost.

What is judged and in which order: number of fields, NIK, NIK twice, no_kk, family twice, name, date of birth, gender,
their agreement with the NIK, region, decile, companion. The first fault is the verdict. "Twice" means an earlier
*accepted* line of the same file: a rejected line gets no card, so a corrected one below it may. Cards of earlier files
are the register's business (:mod:`~ssn_card.personalization.intake.row_keys`).

Nothing here decides eligibility; a decile outside the policy is refused because the policy says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ssn_card.identity import name_on_card
from ssn_card.programme import Policy, Region, Regions, load_regions
from ssn_card.protocol.errors import Text

from . import reasons
from .extract import open_extract
from .findings import Findings
from .names import name_fault
from .nik import FamilyNumber, Gender, Nik, NumberError
from .reasons import Note, Rule
from .source import Line, LineSource

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMPANION = re.compile(r"PD-[0-9]{3,6}")
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """One family's card-holder, as accepted. ``repr`` shows the line, the kecamatan and the notes only."""

    line: int  #: physical line of the file, the header being 1
    nik: Nik = field(repr=False)
    kk: FamilyNumber = field(repr=False)
    name: str = field(repr=False)  #: whole, normal form C
    birth_date: date = field(repr=False)
    gender: Gender = field(repr=False)
    region_code: str  #: Kemendagri, with dots
    kecamatan: str
    kelurahan: str = field(repr=False)  #: spelled as in regions.csv
    kelurahan_ordinal: int = field(repr=False)  #: 1-based place in the kecamatan's list
    decile: int | None = field(repr=False)  #: 1-10; ``None`` only where the policy has no deciles
    companion: str | None = field(repr=False)  #: such as ``"PD-001"``; ``None`` only where the policy needs none
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRejected:
    """One line that gets no card, and why. Holds nothing of the line's content."""

    line: int
    field: str  #: column, empty where the line as a whole is at fault
    reason: Text
    code: str  #: stable name of the reason, see :mod:`~ssn_card.personalization.intake.reasons`


Row = Beneficiary | RowRejected


def read_rows(path: Path, policy: Policy, regions: Regions | None = None) -> Iterator[Row]:
    """One verdict per physical line below the header, in order, streaming.

    The file's structure is checked as a whole by this call, before the first row is asked for. Raises a subclass of
    :class:`~ssn_card.personalization.intake.errors.ExtractError`.
    """
    return judge(open_extract(path), policy, regions)


def judge(
    source: LineSource, policy: Policy, regions: Regions | None = None, findings: Findings | None = None
) -> Iterator[Row]:
    """The verdicts of an extract that has been opened, such as by
    :func:`~ssn_card.personalization.intake.extract.open_extract`.

    ``findings``: told of every row, so that it can warn of the file as a whole in the end.
    """
    return (row for _, row in judged(source, policy, regions, findings))


def judged(
    source: LineSource, policy: Policy, regions: Regions | None = None, findings: Findings | None = None
) -> Iterator[tuple[Line, Row]]:
    """The same with the line that each verdict is of."""
    judging = _Judging(source, policy, load_regions() if regions is None else regions, findings or Findings())
    return ((line, judging.verdict(line)) for line in source.lines())


def verdict(row: Row, language: str = "en") -> str:
    """The verdict in words: ``accept``, ``accept: <notes>`` or ``reject: <reason>``; the first word stays English."""
    if isinstance(row, RowRejected):
        return f"reject: {row.reason.in_language(language)}"
    notes = "; ".join(note.text.in_language(language) for note in row.notes)
    return f"accept: {notes}" if notes else "accept"


class _FaultError(Exception):
    """Ends the judgement of one line."""

    def __init__(self, rule: Rule, **values: object) -> None:
        self.rule = rule
        self.text = rule.text.filled(**values)


class _Judging:
    """The judgement of one file; remembers the accepted NIK and families with their lines."""

    def __init__(self, source: LineSource, policy: Policy, regions: Regions, findings: Findings) -> None:
        self._findings = findings
        self._columns = source.columns
        self._width = source.width
        self._policy = policy
        self._regions = regions
        self._niks: dict[Nik, int] = {}
        self._families: dict[FamilyNumber, int] = {}

    def verdict(self, line: Line) -> Row:
        try:
            return self._accept(line)
        except _FaultError as fault:
            return RowRejected(line.number, fault.rule.field, fault.text, fault.rule.code)

    def _accept(self, line: Line) -> Beneficiary:
        if not line.faults and not any(cell.strip() for cell in line.fields):
            raise _FaultError(reasons.BLANK)
        if line.torn:
            raise _FaultError(reasons.FIELDS, got=line.torn, expected=self._width)
        plain, notes = _cleaned(dict(zip(self._columns, line.fields, strict=True)))
        cells = _Cells(plain, line.faults)
        nik = _nik(cells["nik"])
        self._findings.nik(line.number, nik.digits)
        if nik in self._niks:
            raise _FaultError(reasons.NIK_TWICE, row=self._niks[nik])
        kk = _family_number(cells["no_kk"])
        self._findings.no_kk(line.number, kk.digits)
        if kk.digits == nik.digits:
            raise _FaultError(reasons.FAMILY_IS_NIK)
        if kk in self._families:
            raise _FaultError(reasons.FAMILY_TWICE, row=self._families[kk])
        name = _name(cells["nama"])
        birth_date = self._birth_date(cells["tanggal_lahir"])
        gender = _gender(cells["jenis_kelamin"])
        if nik.gender != gender:
            raise _FaultError(reasons.GENDER_DISAGREES)
        if not nik.born_on(birth_date):
            raise _FaultError(reasons.BIRTH_DISAGREES)
        region = self._region(cells["kode_kecamatan"], cells["kecamatan"])
        ordinal = _ordinal(region, cells["kelurahan"])
        if not name.isascii():
            notes.append(reasons.NON_ASCII)
        if name_on_card(name) != name:
            notes.append(reasons.SHORTENED)
        accepted = Beneficiary(
            line=line.number,
            nik=nik,
            kk=kk,
            name=name,
            birth_date=birth_date,
            gender=gender,
            region_code=region.code,
            kecamatan=region.kecamatan,
            kelurahan=region.kelurahan_at(ordinal),
            kelurahan_ordinal=ordinal,
            decile=self._decile(cells["desil"]),
            companion=self._companion(cells["pendamping"]),
            notes=tuple(notes),
        )
        self._niks[nik] = self._families[kk] = line.number
        return accepted

    def _birth_date(self, cell: str) -> date:
        if not _DATE.fullmatch(cell):
            raise _FaultError(reasons.BIRTH_FORMAT)
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            raise _FaultError(reasons.BIRTH) from None
        if not date(1900, 1, 1) <= day <= self._policy.valid_until:
            raise _FaultError(reasons.BIRTH_RANGE)
        return day

    def _region(self, code: str, kecamatan: str) -> Region:
        if code in self._regions.by_bps:
            raise _FaultError(reasons.REGION_BPS)
        # A spreadsheet may have taken the dots out of 64.72.01; the six digits still name one kecamatan.
        dotted = ".".join((code[:2], code[2:4], code[4:])) if re.fullmatch("[0-9]{6}", code) else code
        region = self._regions.by_code.get(dotted)
        if region is None:
            raise _FaultError(reasons.REGION, city=self._regions.city)
        if region.kecamatan.casefold() != kecamatan.casefold():
            raise _FaultError(reasons.REGION_DISAGREES)
        return region

    def _decile(self, cell: str) -> int | None:
        deciles = self._policy.deciles
        if not cell and not deciles:
            return None
        if re.fullmatch("[1-9]|10", cell) and self._policy.allows_decile(int(cell)):
            return int(cell)
        raise _FaultError(reasons.DECILE, allowed=_range(deciles or tuple(range(1, 11))))

    def _companion(self, cell: str) -> str | None:
        if not cell and not self._policy.override_needs_companion:
            return None
        if not _COMPANION.fullmatch(cell):
            raise _FaultError(reasons.COMPANION)
        return cell


class _Cells:
    """A line's cells by column; one that does not hold what it shows ends the judgement when it is asked for."""

    def __init__(self, cells: Mapping[str, str], faults: Mapping[str, Rule]) -> None:
        self._cells = cells
        self._faults = faults

    def __getitem__(self, column: str) -> str:
        if column in self._faults:
            raise _FaultError(self._faults[column])
        return self._cells[column]


def _cleaned(cells: dict[str, str]) -> tuple[dict[str, str], list[Note]]:
    """Cells without surrounding or doubled blanks and without the apostrophe that marks text in a spreadsheet."""
    trimmed = {column: _single_spaced(cell) for column, cell in cells.items()}
    notes = [reasons.TRIMMED] if trimmed != cells else []
    cleaned = {column: cell.removeprefix("'").lstrip(" ") for column, cell in trimmed.items()}
    if cleaned != trimmed:
        notes.append(reasons.APOSTROPHE)
    return cleaned, notes


def _single_spaced(cell: str) -> str:
    # Unicode's spaces (category Zs) only: str.split() would also swallow control characters, which are to be refused.
    return _SPACES.sub(" ", cell).strip(" ")


def _nik(cell: str) -> Nik:
    try:
        return Nik(cell)
    except NumberError as error:
        raise _FaultError(reasons.number_rule("nik", error.fault), got=len(cell)) from None


def _family_number(cell: str) -> FamilyNumber:
    try:
        return FamilyNumber(cell)
    except NumberError as error:
        raise _FaultError(reasons.number_rule("no_kk", error.fault), got=len(cell)) from None


def _name(cell: str) -> str:
    name = unicodedata.normalize("NFC", cell)
    if (fault := name_fault(name)) is not None:
        raise _FaultError(fault)
    return name


def _gender(cell: str) -> Gender:
    if cell in ("L", "l"):
        return "L"
    if cell in ("P", "p"):
        return "P"
    raise _FaultError(reasons.GENDER)


def _ordinal(region: Region, kelurahan: str) -> int:
    for ordinal, name in enumerate(region.kelurahan, start=1):
        if name.casefold() == kelurahan.casefold():
            return ordinal
    raise _FaultError(reasons.KELURAHAN)


def _range(numbers: tuple[int, ...]) -> str:
    """``1-5`` for consecutive numbers, else ``1, 3, 5``."""
    if len(numbers) > 1 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))
