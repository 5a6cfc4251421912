# SPDX-License-Identifier: Apache-2.0
"""The tablet alone: its folder, its diary through power cuts, its work at the card, its result."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.bank.field.made import PASSWORD, TODAY, City, at_noon, serial_of, serials, update_receipt
from tests.card.live_card import LiveCard
from tests.personalization.station.support import CuttableConnection, cut_at

from ssn_card.bank.field.errors import (
    CardNotListed,
    CardOfAnother,
    DiaryBusy,
    DiaryDamaged,
    DiaryNotOurs,
    NoPackage,
    PackageNotToday,
    TabletFolderMissing,
    TabletFolderTaken,
    VisitIncomplete,
    VisitTooLate,
)
from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.forms.package import PersonToVisit
from ssn_card.bank.field.tablet.diary import VisitDiary
from ssn_card.bank.field.tablet.export import export
from ssn_card.bank.field.tablet.folder import TabletFolder, TabletIdentity
from ssn_card.bank.field.tablet.packages import drop_old, packages_of
from ssn_card.bank.field.tablet.visitees import Visitee, VisitStanding
from ssn_card.bank.field.tablet.work import FieldWork
from ssn_card.keys import KeyringDamaged, WrongPassword
from ssn_card.keys.errors import PasswordWeak
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import KeySelection
from ssn_card.terminal import PinChoiceClosed
from ssn_card.transport import CardConnection, TransportError, open_connection

PNG = b"\x89PNG a signature"


class Door:
    """One tablet at one door; ``begin`` is as after a power cut."""

    def __init__(self, who: TabletIdentity) -> None:
        self.who = who
        self.connect: Callable[[str], CardConnection] = open_connection
        self.url = "vpcd:"
        self.begin()

    def begin(self) -> None:
        self.work = FieldWork(self.who, self.url, clock=at_noon, connect=lambda url: self.connect(self.url))

    def again(self) -> None:
        self.work.close()
        self.begin()

    def one(self, person: int) -> Visitee:
        found = self.work.visitee(person)
        assert found is not None
        return found


@pytest.fixture
def opened(town: City) -> Iterator[Callable[..., Door]]:
    doors: list[Door] = []

    def make(who: TabletIdentity) -> Door:
        doors.append(Door(who))
        return doors[-1]

    yield make
    for door in doors:
        door.work.close()


def test_a_folder_and_its_password(town: City, tmp_path: Path) -> None:
    who = town.tablet()
    assert (who.tablet, who.companion) == ("T-01", "PD-001")
    folder = who.folder
    assert folder.settings.stat().st_mode & 0o077 == 0
    assert folder.path.stat().st_mode & 0o077 == 0
    with pytest.raises(WrongPassword):
        folder.unlock("salah sekali ini")
    with pytest.raises(TabletFolderTaken):
        folder.create("T-02", "PD-001", town.signing.public_key(), PASSWORD)
    with pytest.raises(PasswordWeak):
        TabletFolder(tmp_path / "weak").create("T-02", "PD-001", town.signing.public_key(), "1234")
    assert not (tmp_path / "weak").exists()
    with pytest.raises(TabletFolderMissing):
        TabletFolder(tmp_path / "none").unlock(PASSWORD)
    whole = folder.settings.read_text()
    secret = who.signing.private_bytes_raw().hex()
    assert secret not in whole
    assert secret not in repr(who)
    at = whole.index('"sealed"') + 20
    folder.settings.write_text(whole[:at] + ("0" if whole[at] != "0" else "1") + whole[at + 1 :])
    with pytest.raises(KeyringDamaged):
        folder.unlock(PASSWORD)


def test_a_record_cannot_be_read_changed_moved_or_dropped(town: City) -> None:
    town.waiting(serials(2))
    who = town.equipped()
    (package,) = packages_of(who)
    with VisitDiary(who) as diary:
        for person in package.persons:
            diary.write(
                package=package.id, person=person.person, serial=person.serial, outcome=VisitOutcome.MOVED,
                companion="PD-001", at="2025-10-01T03:00:00Z", note="pindah ke Balikpapan",
            )  # fmt: skip
        with pytest.raises(DiaryBusy):
            VisitDiary(who)
        with VisitDiary(who, read_only=True) as looking:
            assert [record.number for record in looking.records()] == [1, 2]
    raw = who.folder.diary.read_bytes()
    assert b"Balikpapan" not in raw
    for change, error in (
        ("UPDATE record SET sealed = (SELECT sealed FROM record WHERE number = 2) WHERE number = 1", DiaryDamaged),
        ("DELETE FROM record WHERE number = 1", DiaryDamaged),
        ("UPDATE tablet SET name = 'T-02'", DiaryNotOurs),
    ):
        shutil.copy(who.folder.diary, keep := who.folder.path / "keep")
        with sqlite3.connect(who.folder.diary) as database:
            if "record" in change:
                with pytest.raises(sqlite3.IntegrityError, match="record st"):
                    database.execute(change)
            database.executescript("DROP TRIGGER record_stands; DROP TRIGGER record_stays;")
            database.execute(change)
        database.close()
        with pytest.raises(error), VisitDiary(who) as diary:
            diary.records()
        for path in who.folder.path.glob("diary.db*"):
            path.unlink()
        shutil.copy(keep, who.folder.diary)


_WRITER = """
import sys
from pathlib import Path
from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.forms.package import PersonToVisit
from ssn_card.bank.field.tablet.diary import VisitDiary
from ssn_card.bank.field.tablet.folder import TabletFolder
who = TabletFolder(Path(sys.argv[1])).unlock(sys.argv[2])
with VisitDiary(who) as diary:
    while True:
        record = diary.write(package="00000000-0000-4000-8000-000000000000", person=1, serial=None,
                             outcome=VisitOutcome.NOT_MET, companion="PD-001", at="2025-10-01T03:00:00Z")
        print(record.number, flush=True)
"""


def test_what_was_said_to_be_noted_is_noted_when_the_power_fails(town: City) -> None:
    """Killed again and again in the middle of writing: nothing that was told is lost, no number twice, no gap."""
    who = town.tablet()
    told = 0
    for lines in (1, 2, 5, 9):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(who.folder.path), PASSWORD], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(lines):
            told = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        told = max([told, *map(int, rest)])
        with VisitDiary(who) as diary:
            numbers = [record.number for record in diary.records()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert told <= len(numbers) <= told + 1


class PowerCut(BaseException):
    """Nothing catches it."""


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("when", ["before", "after"])
def test_power_fails_at_each_command_of_an_activation(
    town: City, new_card: Callable[[], LiveCard], opened: Callable[..., Door], at: int, when: str
) -> None:
    """Whatever the card has heard by then, one more try ends with one receipt, one record, and Rp900,000."""
    card = new_card()
    (person,) = town.waiting([serial_of(card)])
    door = opened(town.equipped())
    door.url = card.url
    door.again()
    door.work.verify(door.one(person), signature=PNG)
    cut = CuttableConnection(card.url, cut_at(at, when))
    door.connect = lambda _: cut
    with pytest.raises(TransportError):
        door.work.activate(door.one(person))
    door.connect = open_connection
    door.again()
    assert door.one(person).standing is VisitStanding.BEGUN
    record = door.work.activate(door.one(person))
    assert record == door.work.activate(door.one(person))
    assert [one.outcome for one in door.work.diary.records()] == [VisitOutcome.VERIFIED, VisitOutcome.ACTIVATED]
    seen = door.work.read(door.one(person))
    assert (seen.active, seen.waiting, seen.status.balance, seen.status.seq) == (True, False, 900_000, 1)
    (taken,) = town.take_in(export(door.work).path)
    assert (taken.findings, taken.delivered, town.states()) == ([], 1, {serial_of(card): "activated"})
    card.discard()


def test_power_fails_between_the_card_and_the_diary(
    town: City, cards: list[LiveCard], opened: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    persons = town.waiting([serial_of(card) for card in cards])
    door = opened(town.equipped())
    door.url = cards[0].url
    door.again()
    door.work.verify(door.one(persons[0]), reference="BIO-7")

    def fail(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(VisitDiary, "write", fail)
        with pytest.raises(PowerCut):
            door.work.activate(door.one(persons[0]))
    door.again()
    assert door.one(persons[0]).on_card
    assert door.one(persons[0]).standing is VisitStanding.BEGUN
    assert door.one(persons[1]).standing is VisitStanding.OPEN
    door.work.activate(door.one(persons[0]))
    assert not door.one(persons[0]).on_card
    assert door.one(persons[0]).standing is VisitStanding.DONE


def test_whose_card(
    town: City, cards: list[LiveCard], new_card: Callable[[], LiveCard], opened: Callable[..., Door]
) -> None:
    mine, other = town.waiting([serial_of(card) for card in cards])
    door = opened(town.equipped())
    door.url = cards[1].url
    door.again()
    with pytest.raises(CardOfAnother):
        door.work.read(door.one(mine))
    assert door.work.read_any().person.person == other
    door.work.verify(door.one(mine), signature=PNG)
    with pytest.raises(CardOfAnother):
        door.work.activate(door.one(mine))
    stranger = new_card()
    door.url = stranger.url
    door.again()
    with pytest.raises(CardNotListed):
        door.work.read(door.one(mine))
    with pytest.raises(CardNotListed):
        door.work.read_any()
    stranger.discard()


def test_steps_have_an_order(town: City, cards: list[LiveCard], opened: Callable[..., Door]) -> None:
    (person,) = town.waiting([serial_of(cards[0])])
    door = opened(town.equipped())
    door.url = cards[0].url
    door.again()
    with pytest.raises(VisitIncomplete):
        door.work.activate(door.one(person))
    with pytest.raises(VisitIncomplete):
        door.work.deliver(door.one(person))
    with pytest.raises(VisitIncomplete):
        door.work.verify(door.one(person), reference="  ")
    with pytest.raises(PinChoiceClosed):
        door.work.choose_pin(door.one(person), "482917")
    with pytest.raises(VisitTooLate):
        door.work.undo(door.one(person))
    with pytest.raises(VisitIncomplete):
        door.work.note(door.one(person), VisitOutcome.ACTIVATED)
    door.work.verify(door.one(person), signature=PNG)
    door.work.undo(door.one(person))
    assert door.one(person).standing is VisitStanding.OPEN
    door.work.verify(door.one(person), signature=PNG)
    door.work.activate(door.one(person))
    with pytest.raises(VisitTooLate):
        door.work.note(door.one(person), VisitOutcome.RETURNED)
    with pytest.raises(VisitTooLate):
        door.work.undo(door.one(person))
    with pytest.raises(InputError):
        door.work.choose_pin(door.one(person), "12")
    door.work.choose_pin(door.one(person), "482917")
    assert door.one(person).records[-1].outcome is VisitOutcome.PIN_CHOSEN
    with pytest.raises(VisitIncomplete):
        door.work.correct(door.one(person), name="Siti Aminah", kelurahan=" ")


def test_what_was_told_to_the_bank_is_not_taken_back(town: City, opened: Callable[..., Door]) -> None:
    (person,) = town.waiting(serials(1))
    door = opened(town.equipped())
    door.work.note(door.one(person), VisitOutcome.ILL, " rawat inap ", TODAY)
    written = export(door.work)
    assert (written.first, written.newest, written.records) == (1, 1, 1)
    assert b"rawat" not in written.path.read_bytes()
    with pytest.raises(VisitTooLate):
        door.work.undo(door.one(person))
    door.work.note(door.one(person), VisitOutcome.NOT_MET)
    assert export(door.work).records == 2


def test_days_of_a_package(town: City, opened: Callable[..., Door], monkeypatch: pytest.MonkeyPatch) -> None:
    (person,) = town.waiting(serials(1))
    door = opened(town.equipped())
    monkeypatch.setattr(FieldWork, "today", property(lambda self: TODAY.replace(day=9)))
    with pytest.raises(PackageNotToday):
        door.work.verify(door.one(person), signature=PNG)
    door.work.note(door.one(person), VisitOutcome.NOT_MET)  # what happened may be told later
    assert drop_old(door.who, TODAY.replace(month=11, day=6)) == 0
    assert drop_old(door.who, TODAY.replace(month=11, day=7)) == 1
    door.work.look_again()
    with pytest.raises(NoPackage):
        export(door.work)


def test_a_new_week_begins_anew_but_for_who_was_served(town: City, opened: Callable[..., Door]) -> None:
    served, absent = serials(2)
    persons = town.waiting([served, absent])
    door = opened(town.equipped())
    door.work.diary.write(
        package=door.work.packages[0].id, person=persons[0], serial=served, outcome=VisitOutcome.ACTIVATED,
        companion="PD-001", at="2025-10-01T03:00:00Z", receipt=update_receipt(served).raw.hex(),
    )  # fmt: skip
    door.work.note(door.one(persons[1]), VisitOutcome.NOT_MET)
    town.clock.pass_by(hours=1)
    town.given(door.who, town.package())
    door.work.look_again()
    assert door.one(persons[0]).standing is VisitStanding.DONE
    assert door.one(persons[1]).standing is VisitStanding.OPEN


def test_an_update_that_takes_the_next_debit_key(
    town: City, cards: list[LiveCard], opened: Callable[..., Door]
) -> None:
    """The package has both keys of such a card: the PIN is chosen under the new one."""
    changing, other = (serial_of(card) for card in cards)
    (person,) = town.waiting([changing], key_selection=KeySelection.DEBIT)
    town.waiting([other])
    door = opened(town.equipped())
    versions = {one.serial: [key.version for key in one.keys] for one in door.work.packages[0].persons}
    assert versions == {changing: [1, 2], other: [1]}
    door.url = cards[0].url
    door.again()
    door.work.verify(door.one(person), signature=PNG)
    door.work.activate(door.one(person))
    door.work.choose_pin(door.one(person), "482917")
    assert door.work.read(door.one(person)).status.has_pin


def test_what_is_too_long_is_cut_or_refused(town: City, opened: Callable[..., Door]) -> None:
    (person,) = town.waiting(serials(1))
    door = opened(town.equipped())
    with pytest.raises(VisitIncomplete):
        door.work.verify(door.one(person), signature=PNG * 20_000)
    assert len(door.work.verify(door.one(person), reference="9" * 300).reference or "") == 200
    assert len(door.work.note(door.one(person), VisitOutcome.MOVED, "x" * 300).note or "") == 200


def test_no_name_in_what_a_model_complains_of() -> None:
    with pytest.raises(ValidationError) as refused:
        PersonToVisit.model_validate({"name": "Siti Aminah", "no_kk": 9901})
    assert "Siti" not in str(refused.value)
    assert "9901" not in str(refused.value)
