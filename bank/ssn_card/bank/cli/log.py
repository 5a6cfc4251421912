# SPDX-License-Identifier: Apache-2.0
"""``ssn bank log``, ``verify-log`` and ``checkpoint``: what was done, by whom, and that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from sqlalchemy import Select, select

from ssn_card.cli.errors import EXIT_FINDINGS, BadArgument
from ssn_card.cli.files import date_given
from ssn_card.cli.grouped import grouped
from ssn_card.cli.keys_signing import SignerKey, signer_of
from ssn_card.cli.options import OptionalPublicKey, OutFile
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.errors import Text, numeral
from ssn_card.signing import read_public_key

from ..errors import BankLogBroken, CheckpointDiffers
from ..store.checkpoint import check_log, checkpoint_of, read_checkpoint, write_checkpoint
from ..store.tables.accounts import LogRow
from .options import BankOptions

_SHOWN = 50  #: rows

Checkpoints = Annotated[
    list[Path] | None,
    typer.Option(
        "--checkpoint",
        metavar="FILE",
        help="A signed checkpoint that the log must lead through / titik periksa bertanda tangan yang harus dilewati.",
    ),
]


@dataclass(frozen=True)
class LogFilter:
    """Which rows; options of :func:`log`."""

    actor: Annotated[
        str | None, typer.Option("--actor", metavar="NAME", help="Done by this user / oleh pengguna ini.")
    ] = None
    action: Annotated[
        str | None, typer.Option("--action", metavar="ACTION", help="Of this kind alone / hanya jenis ini.")
    ] = None
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="SUBJECT", help="About this alone / hanya tentang ini.")
    ] = None
    begin: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Not before this day, UTC / sejak tanggal ini, UTC.")
    ] = None
    end: Annotated[
        str | None, typer.Option("--through", metavar="DATE", help="Not after this day, UTC / sampai tanggal ini, UTC.")
    ] = None
    last: Annotated[
        int, typer.Option("--last", min=0, metavar="N", help="The newest so many; 0: all / terbaru saja; 0: semua.")
    ] = _SHOWN

    def chosen(self) -> Select[Any]:
        """Newest first."""
        wanted = select(LogRow).order_by(LogRow.id.desc())
        for column, value in ((LogRow.actor, self.actor), (LogRow.action, self.action), (LogRow.subject, self.subject)):
            if value is not None:
                wanted = wanted.where(column == value)
        if self.begin is not None:
            wanted = wanted.where(LogRow.at >= date_given(self.begin, "--from").isoformat())
        if self.end is not None:
            day = date_given(self.end, "--through").isoformat()
            wanted = wanted.where(LogRow.at < day + "~")  # after all times of that day
        return wanted.limit(self.last) if self.last else wanted


@grouped
def log(*, bank: BankOptions, which: LogFilter, as_json: AsJson = False) -> None:
    """What was done in the store, and by whom, oldest first.

    Apa yang dikerjakan dalam simpanan data, dan oleh siapa, dari yang terlama.
    """
    wanted = which.chosen()
    with bank.signed_in() as (opened, _), opened.reading() as session:
        rows: Sequence[LogRow] = session.scalars(wanted).all()[::-1]
    emit("bank-log", {"rows": [_row(row) for row in rows]}, as_json, lambda: _table(rows))


@grouped
def verify_log(
    *, bank: BankOptions, checkpoints: Checkpoints = None, public_key: OptionalPublicKey = None, as_json: AsJson = False
) -> None:
    """Verify the log: each row chained to the one before; with --checkpoint, that it leads through that.

    Periksa log: tiap baris terikat pada baris sebelumnya; dengan --checkpoint, apakah melewati titik periksa itu.
    """
    if bool(checkpoints) != (public_key is not None):
        raise BadArgument(
            Text("--checkpoint and --public-key go together.", "--checkpoint dan --public-key dipakai bersama."),
            where="--checkpoint",
        )
    read = {path: read_checkpoint(path, read_public_key(public_key)) for path in checkpoints or () if public_key}
    data: dict[str, Any] = {"whole": True, "rows": None, "chain": None, "broken_row": None, "checkpoints": len(read)}
    with bank.signed_in() as (opened, _), opened.reading() as session:
        try:
            head = check_log(session, read)
        except (BankLogBroken, CheckpointDiffers) as error:
            data |= {"whole": False, "broken_row": error.row, "code": error.code}
            told = say(error.text)
            emit("bank-verify-log", data, as_json, lambda: told)
            raise typer.Exit(EXIT_FINDINGS) from None
    data |= {"rows": head.rows, "chain": head.chain.hex()}
    whole = Text("The log is whole", "Log utuh")
    emit("bank-verify-log", data, as_json, lambda: facts(whole, _head(head.rows, head.chain.hex())))


@grouped
def checkpoint(*, bank: BankOptions, signer: SignerKey, out: OutFile, as_json: AsJson = False) -> None:
    """Write where the log stands, signed: kept elsewhere, it shows a log that was written anew.

    Tulis posisi log, bertanda tangan: disimpan di tempat lain, ia membongkar log yang ditulis ulang.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        stated = checkpoint_of(session, opened.now())
    with signer_of(signer) as key:
        write_checkpoint(out, stated, key)
    data = {"out": str(out), **stated.model_dump(exclude={"schema_"})}
    title = Text("Signed checkpoint", "Titik periksa bertanda tangan")
    emit("bank-checkpoint", data, as_json, lambda: facts(title, _head(stated.log_rows, stated.log_chain)))


def _row(row: LogRow) -> dict[str, Any]:
    return {
        "row": row.id,
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "content": json.loads(row.content),
    }


_COLUMNS = (
    (Text("row", "baris"), "right"),
    (Text("when, UTC", "waktu, UTC"), "whole"),
    (Text("by", "oleh"), "whole"),
    (Text("what", "tindakan"), "whole"),
    (Text("of", "atas"), "whole"),
    (Text("more", "rincian"), "left"),
)


def _table(rows: Sequence[LogRow]) -> RenderableType:
    return table(None, _COLUMNS, map(_cells, rows))


def _cells(row: LogRow) -> tuple[str, ...]:
    content = json.loads(row.content)
    more = " ".join(f"{name}={_plain(value)}" for name, value in content.items())
    return (say(numeral(row.id)), row.at[:16].replace("T", " "), row.actor, row.action, row.subject, more)


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _head(rows: int, chain: str) -> list[tuple[Text, str]]:
    return [(Text("rows of the log", "baris log"), say(numeral(rows))), (Text("its head", "ujungnya"), chain)]
