# SPDX-License-Identifier: Apache-2.0
"""Extracts into the store: every verdict, corrections instead of second persons, whole or not at all."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from tests.bank.people.conftest import EXAMPLES
from tests.bank.people.extracts import as_csv, families, write_workbook

from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.people.errors import ControlTotalsDiffer
from ssn_card.bank.people.persons import persons
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables import Base
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.people import (
    FamilyRow,
    ImportLineRow,
    ImportRow,
    PersonRow,
    PersonState,
    PersonVersionRow,
    RowVerdict,
)
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.intake.importing import ControlTotals, ImportReport, import_extract
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.programme import Policy

Take = Callable[..., ImportReport]
DIRTY = EXAMPLES / "beneficiaries-dirty.csv"


def cells(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def expected() -> dict[int, str]:
    """The verdict of each line of the dirty file, without notes."""
    rows = cells(EXAMPLES / "beneficiaries-dirty.expected.csv")[1:]
    return {int(line): verdict.partition(": ")[2] if verdict.startswith("reject") else "" for line, verdict in rows}


def kept(bank: Bank, number: int) -> dict[int, str]:
    """What the store keeps of the lines of an import: why each was rejected."""
    with bank.reading() as session:
        rows = session.scalars(select(ImportLineRow).where(ImportLineRow.import_id == number)).all()
        return {row.line: (row.reason_en or "") if row.verdict == RowVerdict.REJECTED else "" for row in rows}


def counted(report: ImportReport) -> dict[str, int]:
    return {verdict.value: count for verdict, count in report.verdicts.items() if count}


def changed(row: tuple[str, ...], **values: str) -> tuple[str, ...]:
    names = ("nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "kode", "kecamatan", "kelurahan", "desil", "pd")
    return tuple((dict(zip(names, row, strict=True)) | values).values())


def test_every_verdict_on_the_dirty_file(bank: Bank, take: Take) -> None:
    report = take(DIRTY)
    assert kept(bank, report.import_id) == expected()
    assert counted(report) == {"accepted": 44, "rejected": 12}


def test_the_same_verdicts_on_the_dirty_file_as_a_workbook(bank: Bank, take: Take, tmp_path: Path) -> None:
    header, *rows = cells(DIRTY)
    report = take(write_workbook(tmp_path / "dirty.xlsx", rows, header))
    assert kept(bank, report.import_id) == expected()


def test_persons_come_out_as_they_went_in(bank: Bank, take: Take) -> None:
    rows = list(families(30))
    take(rows)
    with bank.reading() as session:
        found = list(persons(session, bank.sealer))
    assert [(one.nik, one.no_kk, one.name, one.birth_date.isoformat(), one.gender) for one in found] == [
        row[:5] for row in rows
    ]
    assert {one.state for one in found} == {PersonState.READY}


def test_the_same_file_again_does_nothing(bank: Bank, take: Take) -> None:
    first = take(DIRTY)
    with bank.reading() as session:
        before = [session.scalar(select(func.count()).select_from(table)) for table in (PersonRow, ImportRow, LogRow)]
    again = take(DIRTY)
    with bank.reading() as session:
        after = [session.scalar(select(func.count()).select_from(table)) for table in (PersonRow, ImportRow, LogRow)]
    assert (again.already, again.import_id, counted(again)) == (True, first.import_id, counted(first))
    assert before == after


def test_another_file_with_the_same_persons_makes_none(bank: Bank, take: Take) -> None:
    rows = list(families(40))
    take(rows)
    assert counted(take(rows[::-1])) == {"known": 40}
    with bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 40


def test_corrected_data_are_a_version_and_no_second_person(bank: Bank, take: Take) -> None:
    rows = list(families(5))
    take(rows)
    new = [changed(rows[0], nama="Rahmah Baru"), changed(rows[1], pd="PD-777"), *rows[2:]]
    assert counted(take(new)) == {"known": 3, "changed": 2}
    with bank.reading() as session:
        first, second, *_ = persons(session, bank.sealer)
        versions = [
            (row.person_id, row.version, row.companion)
            for row in session.scalars(select(PersonVersionRow).order_by(PersonVersionRow.person_id))
        ]
    assert (first.name, first.version) == ("Rahmah Baru", 2)
    assert (second.companion, second.version) == ("PD-777", 2)
    assert versions == [(first.id, 1, rows[0][9]), (second.id, 1, rows[1][9])]


def test_a_new_family_number_moves_the_person(bank: Bank, take: Take) -> None:
    rows = list(families(2))
    take(rows)
    other = next(families(1, 500))[1]
    assert counted(take([changed(rows[0], no_kk=other), rows[1]])) == {"known": 1, "changed": 1}
    # The old number is free now, for whoever stays in that family.
    successor = changed(next(families(1, 600)), no_kk=rows[0][1])
    assert counted(take([successor])) == {"accepted": 1}


def test_a_family_number_of_somebody_else_is_held(bank: Bank, take: Take) -> None:
    rows = list(families(2))
    take(rows)
    report = take([changed(rows[0], no_kk=rows[1][1])])
    assert counted(report) == {"held": 1}
    assert report.reasons == {"family_of_another": 1}
    with bank.reading() as session:
        assert next(persons(session, bank.sealer)).no_kk == rows[0][1]


def test_a_nik_with_another_name_and_another_family_is_held(bank: Bank, take: Take) -> None:
    """More likely a slip in the NIK than one person who changed both: nobody's data are overwritten."""
    (row,) = families(1)
    take([row])
    report = take([changed(row, nama="Orang Lain", no_kk=next(families(1, 900))[1])])
    assert (counted(report), report.reasons) == ({"held": 1}, {"nik_of_another": 1})
    with bank.reading() as session:
        assert next(persons(session, bank.sealer)).name == row[2]


def test_a_family_gets_one_person(take: Take) -> None:
    rows = list(families(2))
    take(rows[:1])
    report = take([changed(rows[1], no_kk=rows[0][1])])
    assert (counted(report), report.reasons) == ({"rejected": 1}, {"family_in_store": 1})


@pytest.mark.parametrize("state", [PersonState.DEACTIVATED, PersonState.REFUSED, PersonState.HELD])
def test_who_is_not_ready_stays_so_and_is_told(bank: Bank, operator: SignedIn, take: Take, state: PersonState) -> None:
    (row,) = families(1)
    take([row])
    with bank.work(operator) as work:
        work.session.execute(update(PersonRow).values(state=state, reason="field check"))
    report = take([changed(row, pd="PD-555")])
    assert counted(report) == {"changed": 1}
    assert report.reasons == {f"person_{state.value}": 1}
    with bank.reading() as session:
        assert next(persons(session, bank.sealer)).state is state


def test_a_member_of_a_deactivated_persons_family_waits(bank: Bank, operator: SignedIn, take: Take) -> None:
    rows = list(families(2))
    take(rows[:1])
    with bank.work(operator) as work:
        work.session.execute(update(PersonRow).values(state=PersonState.DEACTIVATED))
    assert take([changed(rows[1], no_kk=rows[0][1])]).reasons == {"family_deactivated": 1}


def test_rows_of_many_chunks_know_each_other(bank: Bank, take: Take) -> None:
    rows = list(families(2_500))
    rows.append(changed(rows[0], nik=rows[2_400][0], tanggal_lahir=rows[2_400][3], jenis_kelamin=rows[2_400][4]))
    report = take(rows)
    assert report.reasons == {"nik_twice": 1}
    with bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(FamilyRow)) == 2_500


@pytest.mark.parametrize(
    "totals", [ControlTotals(rows=29), ControlTotals(rupiah=30 * 900_000 + 1), ControlTotals(rows=31, rupiah=0)]
)
def test_totals_that_differ_take_nothing(bank: Bank, take: Take, totals: ControlTotals) -> None:
    with pytest.raises(ControlTotalsDiffer):
        take(list(families(30)), totals=totals)
    with bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_totals_that_agree_are_kept(bank: Bank, take: Take) -> None:
    take(list(families(30)), totals=ControlTotals(30, 30 * 900_000))
    with bank.reading() as session:
        control = json.loads(session.scalars(select(ImportRow.control)).one())
    assert (control["rows"], control["expected_rows"], control["expected_sum"]) == (30, 30, 27_000_000)


def test_only_an_operator_imports(bank: Bank, reader: SignedIn, policy: Policy) -> None:
    with pytest.raises(NotAllowed):
        import_extract(bank, reader, MappedTable(DIRTY), policy)


def test_a_file_that_is_refused_in_the_end_leaves_nothing(
    bank: Bank, operator: SignedIn, policy: Policy, tmp_path: Path
) -> None:
    """Whether a spreadsheet has rounded a column is known after the last row, when all of them are written."""
    path = tmp_path / "x.csv"
    path.write_text(as_csv(list(families(1_500))))

    def refuse(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_extract(bank, operator, MappedTable(path), policy, accept=refuse)
    with bank.reading() as session:
        tables = (PersonRow, FamilyRow, ImportRow, ImportLineRow)
        assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == [0, 0, 0, 0]


_KILLED = """
import os, signal, sys
from pathlib import Path
from ssn_card.bank.roles import BankRole
from ssn_card.bank.secret import development_secret
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.intake.importing import import_extract
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.programme import load_policies

def killed(done, rows):
    if done >= 2000:
        os.kill(os.getpid(), signal.SIGKILL)

with Bank.open(sys.argv[1], development_secret()) as bank:
    actor = SignedIn("operator", frozenset({BankRole.OPERATOR}))
    import_extract(bank, actor, MappedTable(Path(sys.argv[2])), load_policies().by_id(2025), progress=killed)
"""


def test_killed_in_the_middle_nothing_is_there_and_again_all_is(
    bank: Bank, bank_place: str, operator: SignedIn, policy: Policy, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(as_csv(list(families(3_000))))
    ran = subprocess.run([sys.executable, "-c", _KILLED, bank_place, str(path)], check=False, timeout=100)
    assert ran.returncode == -signal.SIGKILL
    with bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 0
    assert counted(import_extract(bank, operator, MappedTable(path), policy)) == {"accepted": 3_000}


def _all_values(bank: Bank) -> Iterator[str]:
    with bank.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                yield from (repr(value) for value in row)


def test_nothing_of_a_person_stands_in_the_store_or_in_the_report(bank: Bank, take: Take) -> None:
    header, *rows = cells(DIRTY)
    report = take(DIRTY)
    assert header
    told = json.dumps(report.as_dict()) + repr(report)
    stored = "\n".join(_all_values(bank))
    for row in rows:
        for private in (row[0].strip(" '"), row[1], row[2]):
            if len(private) > 5:
                assert private not in stored
                assert private not in told


def test_sealed_lines_are_those_to_be_corrected(bank: Bank, take: Take) -> None:
    take(DIRTY)
    with bank.reading() as session:
        rows = session.execute(select(ImportLineRow.verdict, ImportLineRow.sealed))
        assert {(verdict, sealed is not None) for verdict, sealed in rows} == {("accepted", False), ("rejected", True)}
