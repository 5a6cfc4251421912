# SPDX-License-Identifier: Apache-2.0
"""Who may be the same waits for a person; other programmes' lists; cards that must follow their person's data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.bank.people.extracts import families, write_workbook
from tests.bank.people.test_importing import Take, changed, counted

from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.corrections import card_corrected, cards_to_correct
from ssn_card.bank.people.doubles import decide, open_doubles
from ssn_card.bank.people.errors import NothingToDecide, ProgrammeListUnusable
from ssn_card.bank.people.programmes import add_list, other_programmes
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import Alike, ImportLineRow, PersonRow, PersonState
from ssn_card.bank.store.work import SignedIn

FIRST, SECOND = families(2)
#: Another NIK and family, with name and birth date of the first.
LIKE = changed(FIRST, nik=FIRST[0][:-4] + "9876", no_kk=SECOND[1], nama=FIRST[2].upper() + " ")


def states(bank: Bank) -> list[str]:
    with bank.reading() as session:
        return list(session.scalars(select(PersonRow.state).order_by(PersonRow.id)))


@pytest.mark.parametrize("at_once", [True, False])
def test_the_same_name_and_birth_date_is_held(bank: Bank, take: Take, at_once: bool) -> None:
    """In one file, or in a later one."""
    if at_once:
        report = take([FIRST, LIKE])
    else:
        take([FIRST])
        report = take([LIKE])
    assert report.reasons == {"near_double": 1}
    assert states(bank) == [PersonState.READY, PersonState.HELD]
    with bank.reading() as session:
        (question,) = open_doubles(session, bank.sealer)
    assert (question.earlier.nik, question.later.nik) == (FIRST[0], LIKE[0])
    assert FIRST[0] not in repr(question)


@pytest.mark.parametrize(("answer", "state"), [(Alike.SAME, PersonState.REFUSED), (Alike.DIFFERENT, PersonState.READY)])
def test_a_person_decides(bank: Bank, operator: SignedIn, take: Take, answer: Alike, state: PersonState) -> None:
    take([FIRST, LIKE])
    with bank.work(operator) as work:
        assert decide(work, 1, answer, "seen both identity cards") is state
    assert states(bank) == [PersonState.READY, state]
    with pytest.raises(NothingToDecide), bank.work(operator) as work:
        decide(work, 1, Alike.SAME, "again")
    # What was decided stays so when the file comes again.
    assert counted(take([LIKE, FIRST])) == {"known": 2}
    assert states(bank) == [PersonState.READY, state]


def test_who_was_refused_leaves_the_family_to_another(bank: Bank, operator: SignedIn, take: Take) -> None:
    take([FIRST, LIKE])
    assert take([SECOND]).reasons == {"family_in_store": 1}
    with bank.work(operator) as work:
        decide(work, 1, Alike.SAME, "one person")
    assert counted(take([SECOND, next(families(1, 7))])) == {"accepted": 2}


def test_a_third_one_waits_for_both_questions(bank: Bank, operator: SignedIn, take: Take) -> None:
    third = changed(LIKE, nik=FIRST[0][:-4] + "9877", no_kk=next(families(1, 50))[1])
    take([FIRST, LIKE, third])
    with bank.work(operator) as work:
        assert decide(work, 2, Alike.DIFFERENT, "x") is PersonState.HELD
        assert decide(work, 3, Alike.DIFFERENT, "x") is PersonState.READY


def test_a_reader_decides_nothing(bank: Bank, reader: SignedIn, take: Take) -> None:
    take([FIRST, LIKE])
    with pytest.raises(NotAllowed), bank.work(reader) as work:
        decide(work, 1, Alike.SAME, "x")


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a list of another programme."""

    def write(content: str) -> Path:
        path = tmp_path / f"list-{abs(hash(content))}.csv"
        path.write_text(content)
        return path

    return write


def test_lists_of_other_programmes(bank: Bank, operator: SignedIn, take: Take, listed: Callable[[str], Path]) -> None:
    with bank.work(operator) as work:
        by_nik = add_list(work, listed(f"No;NIK\n1;{FIRST[0]}\n2;12345\nJUMLAH;2\n"), "PKH")
        by_family = add_list(work, listed(f"Nomor KK\n{SECOND[1]}\n{SECOND[1]}\n"), "KKS")
    assert (by_nik.rows, by_nik.added, by_nik.unusable) == (2, 1, [3])
    assert (by_family.rows, by_family.added, by_family.unusable) == (2, 1, [])
    third = next(families(1, 3))
    refused = take([FIRST, SECOND, third], refuse=["PKH"])
    assert counted(refused) == {"accepted": 2, "rejected": 1}
    assert refused.reasons == {"other_programme": 2}
    with bank.reading() as session:
        reasons = session.scalars(select(ImportLineRow.reason_en).order_by(ImportLineRow.line)).all()
        assert reasons == ["receives aid from PKH already", "receives aid from KKS already", None]
        assert [(one.name, one.entries, one.persons) for one in other_programmes(session)] == [
            ("KKS", 1, 1),
            ("PKH", 1, 0),
        ]


def test_a_list_twice_and_a_list_that_was_rounded(
    bank: Bank, operator: SignedIn, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    path = listed(f"NIK\n{FIRST[0]}\n")
    rounded = write_workbook(tmp_path / "x.xlsx", [[float(FIRST[0])]], ["NIK"])
    with bank.work(operator) as work:
        assert not add_list(work, path, "PKH").already
        assert add_list(work, path, "PKH").already
    with pytest.raises(ProgrammeListUnusable), bank.work(operator) as work:
        add_list(work, rounded, "KKS")
    with bank.reading() as session:
        assert [one.name for one in other_programmes(session)] == ["PKH"]


def test_cards_follow_their_persons_data(bank: Bank, operator: SignedIn, take: Take) -> None:
    """What stands on the card is corrected on it; another companion does not stand there."""
    take([FIRST, SECOND])
    with bank.work(operator) as work:
        for row in work.session.scalars(select(PersonRow)).all():
            card = CardRow(
                serial=f"{row.id:016x}",
                person_id=row.id,
                family_id=row.family_id,
                state=LifePhase.DELIVERED,
                since=work.at,
            )
            work.session.add(card)
    new_kk = next(families(1, 40))[1]
    take([changed(FIRST, nama="Nama Benar"), changed(SECOND, pd="PD-888")])
    take([changed(FIRST, nama="Nama Benar", no_kk=new_kk), SECOND])
    with bank.reading() as session:
        (found,) = cards_to_correct(session, bank.sealer)
        assert session.get_one(CardRow, found.serial).family_id == session.get_one(PersonRow, 1).family_id
    assert (found.serial, found.on_card, found.version, found.fields) == (f"{1:016x}", 1, 3, ("no_kk", "name"))
    with bank.work(operator) as work:
        card_corrected(work, found.serial, found.version)
    with bank.reading() as session:
        assert list(cards_to_correct(session, bank.sealer)) == []
    take([changed(FIRST, nama="Nama Lain", no_kk=new_kk)])
    with bank.reading() as session:
        (found,) = cards_to_correct(session, bank.sealer)
    assert (found.on_card, found.fields) == (3, ("name",))
