# SPDX-License-Identifier: Apache-2.0
"""Print jobs as data and as tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, sentence, table
from ssn_card.cli.words import NONE
from ssn_card.protocol.errors import Text

from ..printing.jobs import serials_of
from ..printing.numbers import in_fours
from ..printing.sending import SentJob
from ..printing.states import STATES, ways_on
from ..store.tables.printing import JobState, PrintItemRow, PrintJobRow, PrintKind

KINDS = {
    PrintKind.FACE: Text("faces", "muka kartu"),
    PrintKind.LETTER: Text("letters", "surat"),
    PrintKind.LIST: Text("hand-over list", "daftar penyerahan"),
}
_JOB = (Text("job", "pekerjaan"), "right")
_STATE = (Text("state", "status"), "left")
_CARDS = (Text("cards", "kartu"), "right")
_PAGES = (Text("pages", "halaman"), "right")
_COLUMNS = (
    _JOB,
    (Text("paper", "cetakan"), "left"),
    (Text("what", "isi"), "left"),
    _CARDS,
    _PAGES,
    _STATE,
    (Text("again", "ulang"), "right"),
    (Text("printer", "pencetak"), "whole"),
)
_SENT = (
    _JOB,
    _PAGES,
    (Text("ticket", "tiket"), "whole"),
    (Text("the printer says", "kata pencetak"), "left"),
    (Text("sent before", "sudah dikirim"), "left"),
)
_HANDOVER = (
    (Text("no.", "no."), "right"),
    (Text("kelurahan", "kelurahan"), "left"),
    (Text("companion", "pendamping"), "whole"),
    (Text("card", "kartu"), "whole"),
    (Text("number ends", "akhir nomor"), "whole"),
)
_NAME = (Text("name", "nama"), "left")
_UNFINISHED = (JobState.QUEUED, JobState.SENT, JobState.PAUSED)


def job_data(session: Session, job: PrintJobRow) -> dict[str, Any]:
    """What is told of a job; no personal data."""
    cards = session.scalar(select(func.count()).select_from(PrintItemRow).where(PrintItemRow.job_id == job.id))
    return _data(job, int(cards or 0))


def jobs_data(session: Session, unfinished: bool) -> list[dict[str, Any]]:
    """All jobs, or those that wait for somebody, the newest first."""
    counted = select(PrintItemRow.job_id, func.count().label("cards")).group_by(PrintItemRow.job_id).subquery()
    wanted = select(PrintJobRow, counted.c.cards).join(counted, counted.c.job_id == PrintJobRow.id)
    if unfinished:
        wanted = wanted.where(PrintJobRow.state.in_(_UNFINISHED))
    return [_data(job, cards) for job, cards in session.execute(wanted.order_by(PrintJobRow.id.desc()))]


def more_data(session: Session, job: PrintJobRow) -> dict[str, Any]:
    """What is told of one job beside :func:`job_data`."""
    reprints = select(PrintJobRow.id).where(PrintJobRow.reprint_of == job.id).order_by(PrintJobRow.id)
    return {
        "options": json.loads(job.options),
        "design": job.design,
        "reprints": list(session.scalars(reprints)),
        "serials": serials_of(session, job.id),
    }


def _data(job: PrintJobRow, cards: int) -> dict[str, Any]:
    return {
        "job": job.id,
        "kind": job.kind,
        "title": job.title,
        "state": job.state,
        "cards": cards,
        "pages": job.pages,
        "printer": job.printer,
        "ticket": job.ticket,
        "sha256": job.sha256,
        "attempts": job.attempts,
        "failure": job.message,
        "reprint_of": job.reprint_of,
        "reason": job.reason,
        "created_by": job.created_by,
        "created_at": job.created_at,
        "changed_at": job.changed_at,
    }


def sent_data(sent: SentJob) -> dict[str, Any]:
    """What became of a job that was sent."""
    return {
        "job": sent.job,
        "ticket": sent.ticket,
        "pages": sent.pages,
        "sha256": sent.sha256,
        "printer_says": sent.said,
        "sent_before": sent.again,
        "corrected": sent.corrected,
    }


def job_table(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """Jobs, a line each."""
    return table(None, _COLUMNS, [_row(row) for row in rows])


def confirmed_table(rows: Sequence[dict[str, Any]], printed: int) -> RenderableType:
    """Jobs, and how many cards are now printed."""
    said = Text(f"Cards that are printed by this: {printed}.", f"Kartu yang kini berstatus dicetak: {printed}.")
    return Group(job_table(rows), sentence(said))


def sent_table(sent: Sequence[SentJob]) -> RenderableType:
    """What was sent."""
    yes = Text("yes", "ya")
    return table(
        None,
        _SENT,
        [
            (str(one.job), str(one.pages), one.ticket, say(one.said.text), say(yes) if one.again else NONE)
            for one in sent
        ],
    )


def job_facts(data: dict[str, Any]) -> RenderableType:
    """One job, and its cards."""
    state = JobState(data["state"])
    said = data["printer_says"]
    rows = [
        (Text("paper", "cetakan"), ", ".join(filter(None, (say(KINDS[PrintKind(data["kind"])]), data["title"])))),
        (Text("state", "status"), say(STATES[state])),
        (Text("possible now", "yang mungkin"), ", ".join(ways_on(state))),
        (Text("printer", "pencetak"), data["printer"]),
        (Text("ticket", "tiket"), data["ticket"] or NONE),
        (Text("the printer says", "kata pencetak"), NONE if said is None else say(said.text)),
        (Text("pages", "halaman"), str(data["pages"])),
        (Text("SHA-256", "sidik SHA-256"), data["sha256"] or NONE),
        (Text("sent so often", "kali dikirim"), str(data["attempts"])),
        (Text("failed, because", "gagal, karena"), data["failure"] or NONE),
        (Text("again, for job", "ulangan pekerjaan"), str(data["reprint_of"] or NONE)),
        (Text("again, because", "diulang, karena"), data["reason"] or NONE),
        (Text("printed again by", "diulang oleh"), ", ".join(map(str, data["reprints"])) or NONE),
        (Text("queued by", "diantrekan oleh"), f"{data['created_by']}, {data['created_at']}"),
    ]
    cards = table(
        None, ((Text("cards", "kartu"), "whole"),), [(in_fours(one, "-").lower(),) for one in data["serials"]]
    )
    return Group(facts(Text(f"Job {data['job']}", f"Pekerjaan {data['job']}"), rows), cards)


def handover_table(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """Cards to be handed over."""
    named = bool(rows) and "name" in rows[0]
    cells = [
        (
            str(row["no"]),
            row["kelurahan"],
            row["companion"] or NONE,
            in_fours(row["serial"], "-").lower(),
            row["card_number_ends"],
            *((row["name"],) if named else ()),
        )
        for row in rows
    ]
    return table(None, (*_HANDOVER, *((_NAME,) if named else ())), cells)


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(row["job"]),
        say(KINDS[PrintKind(row["kind"])]),
        row["title"] or NONE,
        str(row["cards"]),
        str(row["pages"] or NONE),
        say(STATES[JobState(row["state"])]),
        str(row["reprint_of"] or NONE),
        row["printer"],
    )
