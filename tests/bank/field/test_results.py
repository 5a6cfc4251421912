# SPDX-License-Identifier: Apache-2.0
"""Results of tablets at the bank: any order, again, overlapping, many tablets; what is not genuine moves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import select
from tests.bank.field.made import KEYS, City, at_noon, serials, update_receipt

from ssn_card.bank.cards.moves import move
from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.field.errors import (
    FieldFileRefused,
    NobodyToVisit,
    PackageUnknown,
    ResultContradicts,
    TabletExists,
    TabletRetired,
    TabletUnknown,
)
from ssn_card.bank.field.forms.envelope import SealedKind, sealed
from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.forms.registration import TabletRegistration
from ssn_card.bank.field.forms.result import FieldResult
from ssn_card.bank.field.office.findings import FieldFinding
from ssn_card.bank.field.office.packages import VisitSelection, make_package
from ssn_card.bank.field.office.standing import standing
from ssn_card.bank.field.office.tablets import add_tablet, retire_tablet
from ssn_card.bank.field.tablet.export import export
from ssn_card.bank.field.tablet.folder import TabletIdentity
from ssn_card.bank.field.tablet.packages import packages_of, take_in
from ssn_card.bank.field.tablet.work import FieldWork
from ssn_card.bank.store.tables.cards import CardMoveRow
from ssn_card.bank.store.tables.field import VisitRow
from ssn_card.bank.store.tables.updates import DeliveredRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.keys import development_keyring
from ssn_card.protocol.labels import KeyLabel
from ssn_card.signing import AttestationRefused


class Companion:
    """Somebody at work with a tablet; what a card would do is put into the diary as the card would have it."""

    def __init__(self, who: TabletIdentity) -> None:
        self.work = FieldWork(who, "vpcd:", clock=at_noon)
        self._exports = itertools.count(1)

    def activated(self, serial: str, at: str = "2025-10-01T03:00:00Z") -> None:
        self.add(serial, VisitOutcome.VERIFIED, at, signature="AAAA")
        self.add(serial, VisitOutcome.ACTIVATED, at, receipt=update_receipt(serial).raw.hex())

    def add(self, serial: str, outcome: VisitOutcome, at: str = "2025-10-01T03:00:00Z", **values: Any) -> None:
        one = next(one for one in self.work.everybody().values() if one.person.serial == serial)
        self.work.diary.write(
            package=one.package.id, person=one.person.person, serial=serial, outcome=outcome, companion="PD-001", at=at,
            **values,
        )  # fmt: skip

    def export(self) -> Path:
        folder = self.work.who.folder.results
        return export(self.work, folder / f"{next(self._exports)}.ssnresult").path


def visits(city: City) -> list[tuple[str, int, str]]:
    with city.bank.reading() as session:
        rows = session.scalars(select(VisitRow).order_by(VisitRow.tablet, VisitRow.number))
        return [(row.tablet, row.number, row.outcome) for row in rows]


def test_a_week_comes_home(city: City) -> None:
    met, absent, ill, gone = serials(4)
    city.waiting([met, absent, ill, gone])
    one = Companion(city.equipped())
    one.activated(met)
    one.add(absent, VisitOutcome.NOT_MET, note="pagar terkunci")
    one.add(ill, VisitOutcome.ILL, appointment="2025-10-05")
    one.add(gone, VisitOutcome.RETURNED)
    (taken,) = city.take_in(one.export())
    assert (taken.records, taken.moved, taken.delivered, taken.missing, taken.findings) == (5, 3, 1, [], [])
    assert city.states() == {met: "activated", absent: "printed", ill: "printed", gone: "returned"}
    with city.bank.reading() as session:
        assert session.scalar(select(DeliveredRow.receipt)) == update_receipt(met).raw
        evidence = session.scalars(select(CardMoveRow.evidence).where(CardMoveRow.move == "activate")).one()
        assert evidence == update_receipt(met).raw
        now = standing(session)
        sealed = session.scalars(select(VisitRow.sealed).where(VisitRow.outcome == "not-met")).one()
        uid = session.scalars(select(VisitRow.uid).where(VisitRow.outcome == "not-met")).one()
    assert b"pagar" not in sealed
    assert city.bank.sealer.opened(sealed, f"visit:{uid}") == {"note": "pagar terkunci"}
    (companion,) = now.companions
    assert (companion.companion, companion.persons, companion.waiting) == ("PD-001", 4, 0)
    assert companion.outcomes[VisitOutcome.ACTIVATED] == companion.outcomes[VisitOutcome.ILL] == 1
    assert [(one.name, one.newest, one.missing, one.outstanding) for one in now.tablets] == [("T-01", 5, (), 0)]


def _three_days(city: City) -> tuple[list[Path], list[str]]:
    """Two tablets whose lists overlap, three overlapping files of each."""
    listed = serials(6)
    city.waiting(listed)
    files = []
    for name, mine in (("T-01", listed[:4]), ("T-02", listed[2:])):
        one = Companion(city.equipped(name, serials=mine))
        for day, serial in enumerate(mine[:3], start=1):
            if name == "T-02" and serial in listed[2:4]:
                one.add(serial, VisitOutcome.NOT_MET, f"2025-10-0{day}T02:00:00Z")
            else:
                one.activated(serial, f"2025-10-0{day}T03:00:00Z")
            files.append(one.export())
    return files, listed


def test_any_order_and_again(city: City) -> None:
    files, listed = _three_days(city)
    order = [files[at] for at in (4, 0, 5, 2, 2, 1, 3, 0, 5, 4)]
    taken = city.take_in(*order)
    assert sum(one.records for one in taken) == len(visits(city)) == 3 * 2 + 2 + 2
    assert [one.known for one in taken] == [False] * 4 + [True] + [False] * 2 + [True] * 3
    assert all(not one.missing for one in taken)
    assert [city.states()[serial] for serial in listed] == ["activated"] * 3 + ["printed", "activated", "printed"]
    with city.bank.reading() as session:
        moves = session.scalars(select(CardMoveRow.move)).all()
    assert sorted(moves) == ["activate"] * 4 + ["deliver"] * 4


def test_a_missing_number_is_told(city: City) -> None:
    (serial, other) = serials(2)
    city.waiting([serial, other])
    who = city.equipped()
    one = Companion(who)
    one.activated(serial)
    one.add(other, VisitOutcome.NOT_MET)
    first = one.export()
    # A file of the second day alone, as of a tablet that has dropped its first package.
    second = _without(one, first=3)
    (taken,) = city.take_in(second)
    assert taken.missing == [1, 2]
    assert taken.findings == [(FieldFinding.NUMBERS_MISSING, "T-01")]
    (whole,) = city.take_in(first)
    assert (whole.records, whole.missing, whole.findings) == (2, [], [])
    assert city.states()[serial] == "activated"


def _without(one: Companion, first: int) -> Path:
    path = one.work.who.folder.results / "partial.ssnresult"
    told = tuple(record for record in one.work.diary.records() if record.number >= first)
    result = FieldResult(
        schema_="ssn-card/field-result/1", tablet="T-01", made_at="2025-10-02T00:00:00Z", newest=3, visits=told,
        receipts=(),
    )  # fmt: skip
    to = X25519PublicKey.from_public_bytes(bytes.fromhex(one.work.packages[-1].results_to))
    path.write_bytes(sealed(result, SealedKind.RESULT, to, one.work.who.signing, "test"))
    return path


def test_two_tablets_of_one_card(city: City) -> None:
    """Both records are kept; what the card has proved holds, whichever file comes first."""
    for first in (0, 1):
        (serial,) = serials(1, first + 1)
        city.waiting([serial])
        names = (f"A-{first}", f"B-{first}")
        gave, brought_back = (Companion(city.equipped(name, serials=[serial])) for name in names)
        gave.activated(serial, "2025-10-01T03:00:00Z")
        brought_back.add(serial, VisitOutcome.RETURNED, at="2025-10-01T04:00:00Z")
        files = [gave.export(), brought_back.export()]
        taken = city.take_in(files[first], files[1 - first])
        assert (FieldFinding.TWO_TABLETS, serial) in taken[1].findings
        assert city.states()[serial] == "activated"
    assert len(visits(city)) == 6


def test_a_forged_receipt_moves_nothing(city: City) -> None:
    (serial, other) = serials(2)
    city.waiting([serial, other])
    one = Companion(city.equipped())
    one.add(serial, VisitOutcome.ACTIVATED, receipt=update_receipt(serial).altered(mac=bytes(8)).raw.hex())
    one.add(other, VisitOutcome.ACTIVATED, receipt=update_receipt(serial).raw.hex())
    (taken,) = city.take_in(one.export())
    assert taken.findings == [(FieldFinding.RECEIPT_NOT_GENUINE, serial), (FieldFinding.RECEIPT_NOT_GENUINE, other)]
    assert set(city.states().values()) == {"printed"}
    assert (taken.records, taken.delivered) == (2, 0)


def test_one_refusal_leaves_the_others(city: City) -> None:
    """Cards are moved together; where one cannot be, each is moved by itself."""
    first, second, third = serials(3)
    city.waiting([first, second, third])
    one = Companion(city.equipped("T-01"))
    one.activated(first)
    city.take_in(one.export())
    other = Companion(city.equipped("T-02"))
    other.add(third, VisitOutcome.DELIVERED)
    with city.bank.work(city.operator) as work:
        move(work, second, "damage", uid="desk:1", at="2025-10-01T02:00:00Z", reason="bent")
    one.add(second, VisitOutcome.DELIVERED)
    one.activated(third)
    taken = city.take_in(one.export(), other.export())
    assert taken[0].findings == [(FieldFinding.MOVE_REFUSED, second)]
    assert (taken[0].moved, taken[1].moved) == (2, 0)
    assert taken[1].findings == [(FieldFinding.TWO_TABLETS, third)]
    assert city.states() == {first: "activated", second: "damaged", third: "activated"}


def test_nothing_names_a_person_or_a_key_outside_what_is_sealed(town: City) -> None:
    """Everything that the bank's store, the tablet, its package and its result have written, searched."""
    listed = serials(3)
    town.waiting(listed)
    one = Companion(town.equipped())
    one.activated(listed[0])
    one.add(listed[1], VisitOutcome.NOT_MET, note="pagar terkunci")
    one.add(listed[2], VisitOutcome.CORRECTION, correction={"name": "Wati Lembang"})
    town.take_in(one.export())
    one.work.close()
    town.bank.close()
    key = KEYS.diversify(KeyLabel.DEBIT, 1, bytes.fromhex(listed[0]))
    words = (
        "Siti Aminah",
        "Rahmah",
        "Lambang",
        "Lembang",
        "pagar",
        "9901014101900",
        "9901010101900",
        key.value().hex(),
    )
    searched = 0
    for path in town.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            searched += len(content)
            found = [word for word in (*(word.encode() for word in words), key.value()) if word in content]
            assert found == [], path.name
    assert searched > 300_000


def test_what_was_taken_back_moves_nothing(city: City) -> None:
    (serial,) = serials(1)
    (person,) = city.waiting([serial])
    one = Companion(city.equipped())
    one.add(serial, VisitOutcome.RETURNED)
    one.work.undo(one.work.everybody()[person])
    (taken,) = city.take_in(one.export())
    assert (taken.records, taken.moved) == (2, 0)
    assert city.states() == {serial: "printed"}


def test_whom_the_bank_believes(city: City) -> None:
    (serial,) = serials(1)
    city.waiting([serial])
    who = city.equipped()
    one = Companion(who)
    one.activated(serial)
    path = one.export()
    whole = path.read_bytes()
    for spoilt in (whole[:-2], whole.replace(b'"kind":"result"', b'"kind":"package"'), b"", b"{}\n{}\n"):
        path.write_bytes(spoilt)
        with pytest.raises((AttestationRefused, TabletUnknown)):
            city.take_in(path)
    path.write_bytes(whole)
    with city.bank.work(city.operator) as work:
        retire_tablet(work, "T-01")
    with pytest.raises(TabletRetired):
        city.take_in(path)
    with pytest.raises(TabletRetired):
        city.package()
    assert visits(city) == []
    assert city.states() == {serial: "printed"}


def test_a_diary_set_back_is_seen(city: City) -> None:
    (serial,) = serials(1)
    city.waiting([serial])
    who = city.equipped()
    one = Companion(who)
    one.add(serial, VisitOutcome.NOT_MET)
    city.take_in(one.export())
    one.work.close()
    for path in who.folder.path.glob("diary.db*"):
        path.unlink()
    again = Companion(who)
    again.add(serial, VisitOutcome.MOVED)
    with pytest.raises(ResultContradicts):
        city.take_in(again.export())
    assert visits(city) == [("T-01", 1, "not-met")]


def test_a_person_who_was_never_given(city: City) -> None:
    (serial, other) = serials(2)
    persons = city.waiting([serial, other])
    one = Companion(city.equipped(serials=[serial]))
    one.work.diary.write(
        package=one.work.packages[0].id, person=persons[1], serial=other, outcome=VisitOutcome.RETURNED,
        companion="PD-001", at="2025-10-01T03:00:00Z",
    )  # fmt: skip
    with pytest.raises(PackageUnknown):
        city.take_in(one.export())
    assert visits(city) == []


def test_a_receipt_without_a_record_is_told(city: City) -> None:
    (serial,) = serials(1)
    city.waiting([serial])
    who = city.equipped()
    one = Companion(who)
    assert one.work._journal is not None
    one.work._journal.keep(update_receipt(serial))
    assert one.work.everybody().popitem()[1].on_card
    (taken,) = city.take_in(one.export())
    assert taken.findings == [(FieldFinding.NO_RECORD, serial)]
    assert (taken.delivered, city.states()) == (1, {serial: "printed"})


def test_a_package_holds_what_its_visits_need(city: City) -> None:
    listed = serials(3)
    city.waiting(listed[:2])
    city.waiting(listed[2:], companion="PD-002", update=False)
    who = city.tablet()
    made = city.package()
    assert (made.persons, made.without_update, made.elsewhere) == (2, 0, 0)
    assert not any(word in made.content for word in (b"Siti", b"9901", listed[0].encode()))
    city.given(who, made)
    (package,) = packages_of(who)
    assert {one.serial for one in package.persons} == set(listed[:2])
    assert "Siti" not in repr(package)
    key = development_keyring().diversify(KeyLabel.DEBIT, 1, bytes.fromhex(package.persons[0].serial))
    assert [(one.version, one.key) for one in package.persons[0].keys] == [(1, key.value().hex())]
    assert key.value().hex() not in repr(package)
    with_list = city.package(serials=listed[1:])
    assert (with_list.persons, with_list.without_update) == (2, 1)
    with pytest.raises(NobodyToVisit):
        city.package(kecamatan=["64.72.02"])


def test_a_package_opens_on_its_own_tablet_alone(city: City) -> None:
    city.waiting(serials(1))
    mine, other = city.tablet("T-01"), city.tablet("T-02")
    path = city.folder / "package"
    path.write_bytes(city.package("T-01").content)
    assert take_in(mine, path).tablet == "T-01"
    with pytest.raises(FieldFileRefused):
        take_in(other, path)
    path.write_bytes(path.read_bytes().replace(b"x25519", b"x25510"))
    with pytest.raises(AttestationRefused):
        take_in(mine, path)


def test_registering(city: City, reader: SignedIn) -> None:
    who = city.tablet("T-01")
    path = who.folder.path / "T-01.registration"
    with pytest.raises(TabletExists), city.bank.work(city.operator) as work:
        add_tablet(work, TabletRegistration.read(path))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"T-01", b"T-09"))
    with pytest.raises(AttestationRefused):
        TabletRegistration.read(path)
    with pytest.raises(NotAllowed), city.bank.work(reader) as work:
        retire_tablet(work, "T-01")
    with pytest.raises(NotAllowed), city.bank.work(reader) as work:
        make_package(
            work, "T-01", VisitSelection(), (at_noon().date(),) * 2, development_keyring(),
            city.receiving.public_key(), city.signing,
        )  # fmt: skip
    with pytest.raises(TabletUnknown), city.bank.work(city.operator) as work:
        retire_tablet(work, "T-77")


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Diaries are let go of when a test ends."""
    opened: list[FieldWork] = []
    start = FieldWork.__init__

    def watched(self: FieldWork, *arguments: object, **options: object) -> None:
        start(self, *arguments, **options)  # type: ignore[arg-type]
        opened.append(self)

    monkeypatch.setattr(FieldWork, "__init__", watched)
    yield
    for one in opened:
        one.close()
