# SPDX-License-Identifier: Apache-2.0
"""Print jobs: which cards are printed, and again; what they come to is :mod:`.states` and :mod:`.sending`.

A card's face and letter are printed once. Again, as the same card with the same number, only by a reprint, for which
somebody gives a reason and which is counted. Another card is a matter of batches (``ssn bank batches``), not of paper.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import Session

from ssn_card.protocol.errors import Text

from ..errors import NotFound
from ..life import LIVE, LifePhase
from ..proposals import flow
from ..roles import BankRole
from ..sealing import FieldSealer
from ..store.tables.batches import ProposalKind, ProposalRow, ProposalStage
from ..store.tables.cards import CardRow
from ..store.tables.people import PersonRow
from ..store.tables.printing import JobState, PrintDesignRow, PrintItemRow, PrintJobRow, PrintKind
from ..store.work import StoreWork
from .design import CardDesign
from .errors import CardNotInJob, CardNotPrintable, NothingToPrint
from .faces import FaceSide
from .holders import CardHolder, holders
from .lists import ListedBy
from .printers.registry import lasting
from .states import REPRINTABLE, refused

JOB: Final = Text("print job", "pekerjaan cetak")
CARD: Final = Text("card", "kartu")
APPROVED: Final = (ProposalStage.APPROVED, ProposalStage.PRODUCING, ProposalStage.DONE)
#: Which cards are printed for the first time, which are on lists, and which can be printed again: those at hand.
FIRST: Final = frozenset({LifePhase.PRODUCED})
LISTED: Final = frozenset({LifePhase.PRODUCED, LifePhase.PRINTED, LifePhase.RETURNED})
AGAIN: Final = LIVE - {LifePhase.TEMPORARILY_LOST, LifePhase.BLOCKED}
_CHUNK: Final = 500  #: values in one statement
NOT_DUE: Final = Text("not produced, or further on", "belum dibuat, atau sudah lebih lanjut")
NOT_APPROVED: Final = Text("of no approved batch", "bukan dari kelompok yang disetujui")
IN_A_JOB: Final = Text("printed, or in a job", "sudah dicetak, atau sudah dalam pekerjaan")
NO_DATA: Final = Text("without the data that were approved", "tanpa data yang disetujui")


@dataclass(frozen=True, slots=True)
class CardChoice:
    """Which cards; what is not said does not narrow it."""

    batch: str | None = None
    serials: Collection[str] | None = None
    kecamatan: str | None = None  #: Kemendagri, with dots


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """How and where they are printed."""

    printer: str
    design: CardDesign = field(default_factory=CardDesign)
    side: FaceSide = FaceSide.BOTH
    bleed: int = 0  #: mm
    by: ListedBy = ListedBy.COMPANION
    per_job: int = 500  #: cards in a job, of faces and letters

    def of(self, kind: PrintKind) -> str:
        """What a job of that kind keeps of it."""
        said: dict[PrintKind, dict[str, Any]] = {
            PrintKind.FACE: {"side": self.side, "bleed": self.bleed},
            PrintKind.LETTER: {},
            PrintKind.LIST: {"by": self.by},
        }
        return json.dumps(said[kind], sort_keys=True)


@dataclass(frozen=True, slots=True)
class QueuedJobs:
    """What was queued, and why other cards were not."""

    jobs: tuple[int, ...]
    cards: int
    left_out: Counter[Text]


def queue(work: StoreWork, kind: PrintKind, choice: CardChoice, options: PaperOptions) -> QueuedJobs:
    """New jobs for the cards of a choice, in the order in which people walk; a list is a job for each kecamatan.

    Raises ``NothingToPrint``, ``NotFound``, ``ContentChanged``, ``PrinterUnknown``, ``NotAllowed``.
    """
    work.require(BankRole.OPERATOR)
    printer = lasting(options.printer)
    chosen, left_out = _judged(work.session, kind, choice)
    found = _found(work.session, work.sealer, choice, chosen, left_out)
    design = _kept_design(work, options.design)
    made = []
    for part in _parts(kind, found, options.per_job):
        values = {"kind": kind.value, "printer": printer, "design": design, "options": options.of(kind)}
        title = f"{choice.batch or ''} {part[0].kecamatan if kind is PrintKind.LIST else ''}".strip()
        made.append(_add(work, title, [holder.serial for holder in part], values))
    return QueuedJobs(tuple(made), len(found), +left_out)


def reprint(
    work: StoreWork, number: int, reason: str, serials: Collection[str] = (), printer: str | None = None
) -> PrintJobRow:
    """A job that prints a job's cards again, or these of them: the same cards, in the same design.

    Raises ``JobMoveRefused``, ``CardNotInJob``, ``CardNotPrintable``, ``ContentChanged``, ``PrinterUnknown``,
    ``NotFound``, ``NotAllowed``.
    """
    work.require(BankRole.OPERATOR)
    job = job_of(work.session, number)
    state = JobState(job.state)
    if state not in REPRINTABLE:
        raise refused(number, state, Text("printed again", "dicetak ulang"))
    printed = serials_of(work.session, number)
    for serial in sorted(set(serials) - set(printed)):
        raise CardNotInJob(number, serial)
    wanted = [serial for serial in printed if not serials or serial in serials]
    require_printable(work.session, wanted, LISTED if job.kind == PrintKind.LIST else AGAIN)
    values = {
        "kind": job.kind,
        "printer": job.printer if printer is None else lasting(printer),
        "design": job.design,
        "options": job.options,
        "reprint_of": number,
        "reason": reason,
    }
    return job_of(work.session, _add(work, job.title, wanted, values))


def to_hand_over(session: Session, sealer: FieldSealer, choice: CardChoice) -> list[CardHolder]:
    """The cards of a choice that are to be handed over, in the order in which people walk.

    Raises ``NothingToPrint``, ``NotFound``, ``ContentChanged``.
    """
    chosen, left_out = _judged(session, PrintKind.LIST, choice)
    return _found(session, sealer, choice, chosen, left_out)


def note_names(work: StoreWork, choice: CardChoice, cards: int) -> None:
    """Somebody takes names out of the store: the log has it. Raises ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    said = {"kecamatan": choice.kecamatan, "serials": None if choice.serials is None else len(choice.serials)}
    work.note("names-listed", choice.batch or "", cards=cards, **{key: value for key, value in said.items() if value})


def job_of(session: Session, number: int) -> PrintJobRow:
    """Raises ``NotFound``."""
    row = session.get(PrintJobRow, number)
    if row is None:
        raise NotFound(JOB, str(number))
    return row


def serials_of(session: Session, number: int) -> list[str]:
    """The cards of a job, in the order in which they are printed."""
    wanted = select(PrintItemRow.serial).where(PrintItemRow.job_id == number).order_by(PrintItemRow.place)
    return list(session.scalars(wanted))


def require_printable(session: Session, serials: Sequence[str], states: Collection[LifePhase]) -> None:
    """Each card is in one of the states, and its approved batch is what was approved.

    Raises ``CardNotPrintable``, ``ContentChanged``.
    """
    approved: set[int | None] = set()
    for some in _chunks(serials):
        rows = select(CardRow.serial, CardRow.state, CardRow.proposal_id).where(CardRow.serial.in_(some))
        for serial, state, proposal in session.execute(rows.order_by(CardRow.serial)):
            if state not in states:
                raise CardNotPrintable(serial, LifePhase(state).text)
            approved.add(proposal)
    _require_approved(session, approved)


def told(left_out: Counter[Text]) -> Text:
    """Why cards were left out, and how many: ``2 printed, or in a job; 1 of no approved batch``."""
    if not left_out:
        return Text("no such cards", "tidak ada kartu seperti itu")
    return Text(
        *("; ".join(f"{count} {text.in_language(one)}" for text, count in left_out.items()) for one in ["en", "id"])
    )


def _judged(session: Session, kind: PrintKind, choice: CardChoice) -> tuple[dict[str, int | None], Counter[Text]]:
    """The cards that may be printed, each with its batch; how many others there are, by reason."""
    allowed = LISTED if kind is PrintKind.LIST else FIRST
    in_a_job = (
        exists()
        .where(PrintItemRow.serial == CardRow.serial, PrintItemRow.job_id == PrintJobRow.id)
        .where(PrintJobRow.kind == kind.value)
    )
    wanted = (
        select(CardRow.serial, CardRow.state, CardRow.proposal_id, ProposalRow.stage, in_a_job)
        .join(PersonRow, PersonRow.id == CardRow.person_id)
        .outerjoin(ProposalRow, ProposalRow.id == CardRow.proposal_id)
    )
    chosen: dict[str, int | None] = {}
    left_out: Counter[Text] = Counter()
    for condition in _conditions(session, choice):
        for serial, state, proposal, stage, printed in session.execute(wanted.where(condition)):
            if state not in allowed:
                left_out[NOT_DUE] += 1
            elif stage not in APPROVED:
                left_out[NOT_APPROVED] += 1
            elif printed and kind is not PrintKind.LIST:
                left_out[IN_A_JOB] += 1
            else:
                chosen[serial] = proposal
    return chosen, left_out


def _found(
    session: Session,
    sealer: FieldSealer,
    choice: CardChoice,
    chosen: Mapping[str, int | None],
    left_out: Counter[Text],
) -> list[CardHolder]:
    """The holders of the chosen cards. Raises ``NothingToPrint``, ``ContentChanged``."""
    _require_approved(session, chosen.values())
    found = [
        holder
        for condition in _conditions(session, choice)
        for holder in holders(session, sealer, condition)
        if holder.serial in chosen
    ]
    left_out[NO_DATA] += len(chosen) - len(found)
    if not found:
        raise NothingToPrint(told(+left_out))
    return sorted(found, key=lambda holder: holder.way)


def _conditions(session: Session, choice: CardChoice) -> list[ColumnElement[bool]]:
    """On card and person, one for each statement. Raises ``NotFound``."""
    condition: ColumnElement[bool] = CardRow.person_id.is_not(None)
    if choice.batch is not None:
        condition &= CardRow.proposal_id == flow.find(session, ProposalKind.BATCH, choice.batch).id
    if choice.kecamatan is not None:
        condition &= PersonRow.kode_kecamatan == choice.kecamatan
    if choice.serials is None:
        return [condition]
    parts = list(_chunks(sorted(set(choice.serials))))
    for some in parts:
        known = set(session.scalars(select(CardRow.serial).where(CardRow.serial.in_(some))))
        for serial in some:
            if serial not in known:
                raise NotFound(CARD, serial)
    return [condition & CardRow.serial.in_(some) for some in parts]


def _require_approved(session: Session, proposals: Iterable[int | None]) -> None:
    """Raises ``ContentChanged``."""
    for number in sorted({number for number in proposals if number is not None}):
        flow.require_unchanged(session, session.get_one(ProposalRow, number))


def _parts(kind: PrintKind, found: Sequence[CardHolder], per_job: int) -> Iterator[Sequence[CardHolder]]:
    if kind is PrintKind.LIST:
        for _, group in groupby(found, lambda holder: holder.kode_kecamatan):
            yield list(group)
        return
    for start in range(0, len(found), per_job):
        yield found[start : start + per_job]


def _add(work: StoreWork, title: str, serials: Sequence[str], values: dict[str, Any]) -> int:
    job = PrintJobRow(
        title=title,
        state=JobState.QUEUED,
        created_by=work.actor.name,
        created_at=work.at,
        changed_at=work.at,
        **values,
    )
    work.session.add(job)
    work.session.flush()
    items = [{"job_id": job.id, "place": place, "serial": serial} for place, serial in enumerate(serials, start=1)]
    for some in _chunks(items):
        work.session.execute(insert(PrintItemRow), list(some))
    said = {"kind": job.kind, "cards": len(serials), "printer": job.printer}
    if job.reprint_of is not None:
        said |= {"reprint_of": job.reprint_of, "reason": job.reason, "serials": list(serials)}
    work.note("print-queued", str(job.id), **said)
    return job.id


def _kept_design(work: StoreWork, design: CardDesign) -> str:
    sha256 = design.sha256()
    if work.session.get(PrintDesignRow, sha256) is None:
        work.session.add(PrintDesignRow(sha256=sha256, content=design.canonical(), first_at=work.at))
        work.session.flush()
    return sha256


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
