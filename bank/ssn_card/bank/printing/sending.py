# SPDX-License-Identifier: Apache-2.0
"""A job goes to its printer, and what comes of it.

Nothing is printed twice in silence, whatever dies. The printer takes the document and holds it; the store notes the
ticket; only then is it released. Dead before the note: the job is still queued, and what the printer holds is never
printed by itself. Dead after it: the job is sent, the printer is asked by its ticket, and released if it still holds.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, func, select

from ssn_card.protocol.errors import SsnCardError, Text

from ..cards import moves
from ..life import LifePhase
from ..roles import BankRole
from ..store.bank import Bank
from ..store.tables.cards import CardRow
from ..store.tables.printing import JobState, PrintItemRow, PrintJobRow, PrintKind
from ..store.work import SignedIn, StoreWork
from .documents import document
from .errors import PrinterFailed, PrintNotDone
from .jobs import AGAIN, FIRST, LISTED, job_of, require_printable, serials_of
from .printers import TicketState, open_printer
from .states import refused, require_possible

_ON_PAPER: Final = (PrintKind.FACE, PrintKind.LETTER)
_NOT_OUT: Final = frozenset({TicketState.HELD, TicketState.PRINTING, TicketState.FAILED})
_PRINTED_AGAIN: Final = Text(
    "resumed, as it was printed again by another job", "dilanjutkan, karena sudah dicetak ulang"
)


@dataclass(frozen=True, slots=True)
class SentJob:
    """What was sent, or was sent before."""

    job: int
    ticket: str
    pages: int
    sha256: str
    said: TicketState  #: the printer, afterwards
    again: bool  #: it was sent before: nothing was printed again
    corrected: int = 0  #: persons whose data were corrected since: printed as they were approved


def send(bank: Bank, actor: SignedIn, number: int) -> SentJob:
    """Make the job's document, and print it; a job that was sent is asked for, and released if it is still held.

    Raises:
        JobMoveRefused, CardNotPrintable, ContentChanged, NameNotPrintable, NotFound, NotAllowed: nothing was printed.
        PrinterFailed: nothing was printed if the job is still queued; else send it again.
    """
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        job = job_of(work.session, number)
        if job.state == JobState.SENT:
            pass
        else:
            require_possible(number, JobState(job.state), "send")
            require_printable(work.session, serials_of(work.session, number), _states(job))
    if job.state == JobState.SENT:
        return _asked(job)
    with bank.reading() as session:
        paper = document(session, bank.sealer, job)
    printer = open_printer(job.printer)
    attempt = job.attempts + 1
    ticket = printer.send(paper.content, f"ssn-{job.kind}-{number:06}-{attempt}")
    try:
        with bank.work(actor) as work:
            now = job_of(work.session, number)
            if now.attempts != job.attempts:
                raise refused(number, JobState(now.state), Text("sent", "dikirim"))
            _move(work, now, "send")
            now.ticket, now.pages, now.sha256, now.attempts = ticket, paper.pages, paper.sha256, attempt
            work.note("print-sent", str(number), ticket=ticket, pages=paper.pages, sha256=paper.sha256, attempt=attempt)
    except Exception:
        with contextlib.suppress(PrinterFailed):
            printer.cancel(ticket)
        raise
    printer.release(ticket)
    return SentJob(number, ticket, paper.pages, paper.sha256, printer.state(ticket), False, paper.corrected)


def printer_says(job: PrintJobRow) -> TicketState | None:
    """What the job's printer says of it; ``None`` where it was not sent. Raises ``PrinterFailed``,
    ``PrinterUnknown``."""
    return None if job.ticket is None else open_printer(job.printer).state(job.ticket)


def confirm(bank: Bank, actor: SignedIn, number: int) -> int:
    """A person has looked at what came out; how many cards are printed by this, face and letter.

    What came out badly is printed again first (:func:`.jobs.reprint`): of a card counts its newest face and letter.
    A printer that says that it is not out yet, or failed, is believed; one that has forgotten is not asked further.

    Raises ``PrintNotDone``, ``JobMoveRefused``, ``NotFound``, ``NotAllowed``.
    """
    with bank.reading() as session:
        job = job_of(session, number)
        session.expunge(job)
    if job.state == JobState.SENT:
        said = printer_says(job)
        if said in _NOT_OUT:
            raise PrintNotDone(number, said.text)
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        now = job_of(work.session, number)
        _move(work, now, "confirm")
        work.note("print-confirmed", str(number), sha256=now.sha256)
        return _cards_printed(work, number) if now.kind in _ON_PAPER else 0


def fail(bank: Bank, actor: SignedIn, number: int, reason: str) -> Text | None:
    """Give a job up, and tell the printer not to print it; why the printer could not be told, if so.

    Raises ``JobMoveRefused``, ``NotFound``, ``NotAllowed``.
    """
    with bank.work(actor) as work:
        work.require(BankRole.OPERATOR)
        job = job_of(work.session, number)
        _move(work, job, "fail")
        job.message = reason
        work.note("print-failed", str(number), reason=reason)
    if job.ticket is None:
        return None
    try:
        open_printer(job.printer).cancel(job.ticket)
    except SsnCardError as error:
        return error.text
    return None


def pause(work: StoreWork, number: int) -> None:
    """It is not sent until it is resumed. Raises ``JobMoveRefused``, ``NotFound``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    _move(work, job_of(work.session, number), "pause")
    work.note("print-paused", str(number))


def resume(work: StoreWork, number: int) -> None:
    """Queued again, after a pause or a failure. Raises ``JobMoveRefused``, ``NotFound``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    job = job_of(work.session, number)
    if work.session.scalar(select(exists().where(PrintJobRow.reprint_of == number))):
        raise refused(number, JobState(job.state), _PRINTED_AGAIN)
    _move(work, job, "resume")
    job.ticket, job.message = None, None
    work.note("print-resumed", str(number))


def _asked(job: PrintJobRow) -> SentJob:
    """A job that was sent: released if the printer still holds it."""
    printer = open_printer(job.printer)
    ticket = str(job.ticket)
    if printer.state(ticket) is TicketState.HELD:
        printer.release(ticket)
    return SentJob(job.id, ticket, job.pages, str(job.sha256), printer.state(ticket), True)


def _states(job: PrintJobRow) -> frozenset[LifePhase]:
    if job.kind == PrintKind.LIST:
        return LISTED
    return FIRST if job.reprint_of is None else AGAIN


def _move(work: StoreWork, job: PrintJobRow, name: str) -> None:
    """Raises ``JobMoveRefused``."""
    job.state = require_possible(job.id, JobState(job.state), name).after
    job.changed_at = work.at


def _cards_printed(work: StoreWork, number: int) -> int:
    """Move the job's cards whose newest face and newest letter are both confirmed; how many."""
    session = work.session
    session.flush()
    done = select(CardRow.serial).join(PrintItemRow, PrintItemRow.serial == CardRow.serial)
    done = done.where(PrintItemRow.job_id == number, CardRow.state == LifePhase.PRODUCED)
    for kind in _ON_PAPER:
        newest = (
            select(func.max(PrintItemRow.job_id))
            .join(PrintJobRow, PrintJobRow.id == PrintItemRow.job_id)
            .where(PrintItemRow.serial == CardRow.serial, PrintJobRow.kind == kind)
            .correlate(CardRow)
            .scalar_subquery()
        )
        done = done.where(exists().where(PrintJobRow.id == newest, PrintJobRow.state == JobState.CONFIRMED))
    told = [moves.News(serial, f"print:{serial}", work.at) for serial in session.scalars(done)]
    return moves.move_all(work, "print", told)
