# SPDX-License-Identifier: Apache-2.0
"""Which cards come into which jobs, and what moves a job and its cards, on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.bank.printing.scene import NAMES, PrintScene, boxes_of, nik, serial, text_of

from ssn_card.bank.errors import NotAllowed, NotFound
from ssn_card.bank.life import LifePhase
from ssn_card.bank.people.persons import place_of
from ssn_card.bank.printing import jobs, sending
from ssn_card.bank.printing.design import CardDesign, FaceDesign
from ssn_card.bank.printing.errors import (
    CardNotInJob,
    CardNotPrintable,
    JobMoveRefused,
    NothingToPrint,
    PrinterUnknown,
)
from ssn_card.bank.printing.jobs import CardChoice, PaperOptions, QueuedJobs
from ssn_card.bank.printing.printers import TicketState
from ssn_card.bank.printing.states import JOB_MOVES, possible_moves
from ssn_card.bank.proposals.errors import ContentChanged
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.batches import ProposalRow
from ssn_card.bank.store.tables.cards import CardMoveRow
from ssn_card.bank.store.tables.people import PersonRow, PersonVersionRow
from ssn_card.bank.store.tables.printing import JobState, PrintDesignRow, PrintJobRow, PrintKind
from ssn_card.bank.store.work import SignedIn

BATCH = CardChoice(batch="first")
REASON = "ribbon ran out"


@pytest.fixture
def printer(tmp_path: Path) -> str:
    return f"file:{tmp_path / 'out'}"


def queue(
    scene: PrintScene, kind: PrintKind, printer: str, choice: CardChoice = BATCH, **options: object
) -> QueuedJobs:
    with scene.bank.work(scene.operator) as work:
        return jobs.queue(work, kind, choice, PaperOptions(printer, **options))  # type: ignore[arg-type]


def job(bank: Bank, number: int) -> PrintJobRow:
    with bank.reading() as session:
        row = jobs.job_of(session, number)
        session.expunge(row)
        return row


def whole_way(scene: PrintScene, number: int) -> int:
    sending.send(scene.bank, scene.operator, number)
    return sending.confirm(scene.bank, scene.operator, number)


def test_face_and_letter_confirmed_make_a_card_printed(scene: PrintScene, printer: str, tmp_path: Path) -> None:
    serials = scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    (letters,) = queue(scene, PrintKind.LETTER, printer).jobs
    assert whole_way(scene, faces) == 0
    assert {scene.state(one) for one in serials} == {LifePhase.PRODUCED}
    assert whole_way(scene, letters) == len(serials)
    assert {scene.state(one) for one in serials} == {LifePhase.PRINTED}
    with scene.bank.reading() as session:
        assert set(session.scalars(select(CardMoveRow.move))) == {"print"}
    row = job(scene.bank, faces)
    written = tmp_path / "out" / f"ssn-face-{faces:06}-1.pdf"
    paper = written.read_bytes()
    assert (row.pages, row.sha256) == (2 * len(serials), hashlib.sha256(paper).hexdigest())
    assert boxes_of(paper, tmp_path)["pages"][0] == row.pages
    assert written.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in written.parent.iterdir()) == [
        f"ssn-face-{faces:06}-1.pdf",
        f"ssn-letter-{letters:06}-1.pdf",
    ]


def test_the_store_keeps_no_document_and_its_log_no_name(scene: PrintScene, printer: str) -> None:
    scene.prepare()
    for kind in PrintKind:
        for number in queue(scene, kind, printer).jobs:
            whole_way(scene, number)
    with scene.bank.reading() as session:
        said = "".join(f"{row.action}{row.subject}{row.content}" for row in session.scalars(select(LogRow)))
        for row in session.scalars(select(PrintJobRow)):
            said += f"{row.title}{row.printer}{row.options}{row.message}{row.ticket}"
    assert "print-sent" in said
    for number, name in enumerate(NAMES):
        assert name not in said
        assert nik(number) not in said


def test_a_card_is_printed_once(scene: PrintScene, printer: str) -> None:
    scene.prepare()
    queue(scene, PrintKind.FACE, printer)
    with pytest.raises(NothingToPrint, match="6 printed, or in a job"):
        queue(scene, PrintKind.FACE, printer)
    assert queue(scene, PrintKind.LETTER, printer).cards == 6  # of letters nothing was said


def test_only_produced_cards_of_approved_batches(scene: PrintScene, printer: str) -> None:
    serials = scene.prepare()
    scene.move(serials[0], LifePhase.BLOCKED)
    made = queue(scene, PrintKind.FACE, printer)
    assert made.cards == 5
    assert dict(made.left_out) == {jobs.NOT_DUE: 1}
    with scene.bank.work(scene.operator) as work:
        work.session.execute(update(ProposalRow).values(stage="submitted"))
    with pytest.raises(NothingToPrint, match="5 of no approved batch"):
        queue(scene, PrintKind.LETTER, printer)


def test_what_was_changed_beneath_is_not_printed(scene: PrintScene, printer: str) -> None:
    scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    with scene.bank.work(scene.operator) as work:
        person = work.session.scalars(select(PersonRow).limit(1)).one()
        fields = work.sealer.opened(person.sealed, place_of(person.key)) | {"name": "Somebody Else"}
        person.sealed = work.sealer.seal(fields, place_of(person.key))
    with pytest.raises(ContentChanged):
        sending.send(scene.bank, scene.operator, faces)
    with pytest.raises(ContentChanged):
        queue(scene, PrintKind.LETTER, printer)
    assert job(scene.bank, faces).state == JobState.QUEUED


def test_corrected_persons_are_printed_as_they_were_approved(scene: PrintScene, printer: str, tmp_path: Path) -> None:
    scene.prepare()
    with scene.bank.work(scene.operator) as work:
        person = work.session.scalars(select(PersonRow).where(PersonRow.id == 1)).one()
        before = person.sealed
        new = work.sealer.opened(before, place_of(person.key)) | {"name": "Nama Baru"}
        kept = PersonVersionRow(
            person_id=1,
            version=1,
            sealed=before,
            kode_kecamatan=person.kode_kecamatan,
            kelurahan=person.kelurahan,
            companion=person.companion,
            until=work.at,
        )
        work.session.add(kept)
        person.sealed, person.version = work.sealer.seal(new, place_of(person.key)), 2
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    assert sending.send(scene.bank, scene.operator, faces).corrected == 1
    text = text_of((tmp_path / "out" / f"ssn-face-{faces:06}-1.pdf").read_bytes())
    assert "Nama Baru" not in text
    assert "Siti Nur'aini" in text


def test_a_card_that_was_blocked_meanwhile_stops_its_job(scene: PrintScene, printer: str) -> None:
    serials = scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    scene.move(serials[2], LifePhase.BLOCKED)
    with pytest.raises(CardNotPrintable) as told:
        sending.send(scene.bank, scene.operator, faces)
    assert told.value.serial == serials[2]
    assert job(scene.bank, faces).state == JobState.QUEUED


def test_the_stack_is_in_the_order_of_the_list(scene: PrintScene, printer: str) -> None:
    scene.prepare([f"Warga {letter}" for letter in "HGFEDCBA"], kecamatan=("64.72.02", "64.72.01"))
    made = queue(scene, PrintKind.FACE, printer, per_job=3)
    lists = queue(scene, PrintKind.LIST, printer)
    assert len(made.jobs) == 3
    assert len(lists.jobs) == 2  # a job for each kecamatan
    with scene.bank.reading() as session:
        stacks = [
            [one for number in some for one in jobs.serials_of(session, number)] for some in (made.jobs, lists.jobs)
        ]
    assert stacks[0] == stacks[1]


def test_kecamatan_and_serials_choose(scene: PrintScene, printer: str) -> None:
    serials = scene.prepare(kecamatan=("64.72.01", "64.72.05"))
    assert queue(scene, PrintKind.FACE, printer, CardChoice(kecamatan="64.72.05")).cards == 3
    assert queue(scene, PrintKind.LETTER, printer, CardChoice(serials=serials[:2])).cards == 2
    with pytest.raises(NotFound):
        queue(scene, PrintKind.LETTER, printer, CardChoice(serials=["ffffffffffffffff"]))
    with pytest.raises(NotFound):
        queue(scene, PrintKind.LETTER, printer, CardChoice(batch="no-such"))


def test_a_design_is_kept_once_and_a_reprint_looks_the_same(scene: PrintScene, printer: str, tmp_path: Path) -> None:
    serials = scene.prepare()
    design = CardDesign(card=FaceDesign(city="Kota Contoh"))
    (faces,) = queue(scene, PrintKind.FACE, printer, design=design).jobs
    queue(scene, PrintKind.LETTER, printer, design=design)
    sent = sending.send(scene.bank, scene.operator, faces)
    with scene.bank.work(scene.operator) as work:
        again = jobs.reprint(work, faces, REASON)
    repeated = sending.send(scene.bank, scene.operator, again.id)
    assert repeated.sha256 == sent.sha256  # the very same paper
    assert repeated.pages == 2 * len(serials)
    with scene.bank.reading() as session:
        assert len(session.scalars(select(PrintDesignRow)).all()) == 1
    assert "Kota Contoh" in text_of((tmp_path / "out" / f"ssn-face-{again.id:06}-1.pdf").read_bytes())


def test_a_reprint_keeps_the_card_and_its_newest_paper_counts(scene: PrintScene, printer: str) -> None:
    serials = scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    (letters,) = queue(scene, PrintKind.LETTER, printer).jobs
    whole_way(scene, letters)
    sending.send(scene.bank, scene.operator, faces)
    with scene.bank.work(scene.operator) as work:
        again = jobs.reprint(work, faces, REASON, serials[:1])
    assert (again.reprint_of, again.reason, again.kind) == (faces, REASON, PrintKind.FACE)
    assert sending.confirm(scene.bank, scene.operator, faces) == len(serials) - 1
    assert scene.state(serials[0]) is LifePhase.PRODUCED  # its newest face is still to come
    assert whole_way(scene, again.id) == 1
    assert scene.state(serials[0]) is LifePhase.PRINTED
    with scene.bank.work(scene.operator) as work:  # and once more, now that it is printed: nothing moves
        third = jobs.reprint(work, again.id, REASON)
    assert whole_way(scene, third.id) == 0
    with scene.bank.reading() as session:
        said = session.scalars(select(LogRow.content).where(LogRow.action == "print-queued")).all()
    assert sum(REASON in one for one in said) == 2


def test_a_reprint_is_refused_where_it_makes_no_sense(scene: PrintScene, printer: str) -> None:
    serials = scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    with scene.bank.work(scene.operator) as work, pytest.raises(JobMoveRefused, match="printed again"):
        jobs.reprint(work, faces, REASON)
    sending.send(scene.bank, scene.operator, faces)
    with scene.bank.work(scene.operator) as work, pytest.raises(CardNotInJob):
        jobs.reprint(work, faces, REASON, [serial(999)])
    scene.move(serials[0], LifePhase.REPLACED)
    with scene.bank.work(scene.operator) as work, pytest.raises(CardNotPrintable):
        jobs.reprint(work, faces, REASON)


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("name", JOB_MOVES)
def test_every_move_from_every_state_is_as_declared(
    scene: PrintScene, printer: str, state: JobState, name: str
) -> None:
    scene.prepare(NAMES[:1])
    (number,) = queue(scene, PrintKind.FACE, printer).jobs
    sending.send(scene.bank, scene.operator, number)
    with scene.bank.work(scene.operator) as work:
        jobs.job_of(work.session, number).state = state
    moves: dict[str, Callable[[], object]] = {
        "send": lambda: sending.send(scene.bank, scene.operator, number),
        "confirm": lambda: sending.confirm(scene.bank, scene.operator, number),
        "fail": lambda: sending.fail(scene.bank, scene.operator, number, REASON),
        "pause": lambda: _in_work(scene, sending.pause, number),
        "resume": lambda: _in_work(scene, sending.resume, number),
    }
    if name in possible_moves(state):
        moves[name]()
        assert job(scene.bank, number).state == JOB_MOVES[name].after
    elif (name, state) == ("send", JobState.SENT):
        assert sending.send(scene.bank, scene.operator, number).again  # asks, and prints nothing
        assert job(scene.bank, number).attempts == 1
    else:
        with pytest.raises(JobMoveRefused):
            moves[name]()
        assert job(scene.bank, number).state == state


def _in_work(scene: PrintScene, step: object, number: int) -> None:
    with scene.bank.work(scene.operator) as work:
        step(work, number)  # type: ignore[operator]


def test_what_failed_is_sent_again_under_another_name(scene: PrintScene, printer: str, tmp_path: Path) -> None:
    scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    sending.send(scene.bank, scene.operator, faces)
    sending.fail(scene.bank, scene.operator, faces, REASON)
    assert job(scene.bank, faces).message == REASON
    _in_work(scene, sending.resume, faces)
    sent = sending.send(scene.bank, scene.operator, faces)
    assert (sent.ticket, sent.said) == (f"ssn-face-{faces:06}-2.pdf", TicketState.DONE)
    sending.fail(scene.bank, scene.operator, faces, REASON)
    with scene.bank.work(scene.operator) as work:
        jobs.reprint(work, faces, REASON)
    with pytest.raises(JobMoveRefused, match="another job"):  # else it would come out twice
        _in_work(scene, sending.resume, faces)


def test_operators_alone_print(scene: PrintScene, printer: str, reader: SignedIn) -> None:
    scene.prepare()
    (faces,) = queue(scene, PrintKind.FACE, printer).jobs
    with scene.bank.work(reader) as work, pytest.raises(NotAllowed):
        jobs.queue(work, PrintKind.LETTER, BATCH, PaperOptions(printer))
    for step in (sending.send, sending.confirm):
        with pytest.raises(NotAllowed):
            step(scene.bank, reader, faces)
    with pytest.raises(NotAllowed):
        sending.fail(scene.bank, reader, faces, REASON)
    with pytest.raises(NotFound):
        sending.send(scene.bank, scene.operator, faces + 1)


@pytest.mark.parametrize("name", ["nonsense", "nosuch:queue", "file:", "file:x?y", ":x"])
def test_a_printer_that_is_none_is_refused_before_anything_is_queued(scene: PrintScene, name: str) -> None:
    scene.prepare(NAMES[:1])
    with pytest.raises(PrinterUnknown):
        queue(scene, PrintKind.FACE, name)
