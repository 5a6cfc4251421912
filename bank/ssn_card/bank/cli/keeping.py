# SPDX-License-Identifier: Apache-2.0
"""``ssn bank backup``, ``restore`` and ``upgrade``: what a key custodian does for the store as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import OutFile
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts
from ssn_card.protocol.errors import Text, numeral

from ..accounts.sign_in import signed_in
from ..roles import BankRole
from ..store import place
from ..store import upgrade as upgrading
from ..store.backup import BackupContent
from ..store.restore import restore as restored
from ..store.work import SignedIn, require_role
from .options import BankOptions

_VERSION = Text("version of the tables", "versi tabel")


@grouped
def backup(*, bank: BankOptions, out: OutFile, as_json: AsJson = False) -> None:
    """Write all of the store into one encrypted file, which its secret opens; others may work meanwhile.

    Tulis seluruh simpanan data ke satu berkas tersandi, dibuka dengan rahasianya; yang lain boleh tetap bekerja.
    """
    with bank.signed_in() as (opened, user):
        require_role(user, BankRole.CUSTODIAN)
        content = opened.backup(out)
        with opened.work(user) as work:
            work.note("backup", content.sha256, version=content.version, rows=sum(content.rows.values()))
    data = {"out": str(out), **_data(content)}
    emit("bank-backup", data, as_json, lambda: facts(Text("Backup", "Cadangan"), _facts(content)))


@grouped
def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="What ssn bank backup wrote / hasil ssn bank backup.")],
    *,
    bank: BankOptions,
    as_json: AsJson = False,
) -> None:
    """Make a store of a backup in a new place, a file or an empty database; an older one is brought up to date.

    Buat simpanan data dari cadangan di tempat baru, berkas atau basis data kosong; yang lama disesuaikan versinya.
    """
    content = restored(file, bank.bank, bank.opened_secret(), _signing_in(bank), _now())
    data = {"bank": place.shown(place.url_of(bank.bank)), **_data(content)}
    emit("bank-restore", data, as_json, lambda: facts(Text("Restored", "Dipulihkan"), _facts(content)))


@grouped
def upgrade(
    *,
    bank: BankOptions,
    backup_out: Annotated[
        Path | None,
        typer.Option(
            "--backup-out",
            metavar="FILE",
            help="Where the backup goes that is made before; default BANK.VERSION.backup / "
            "tempat cadangan yang dibuat lebih dahulu; bawaan BANK.VERSI.backup.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a store of an earlier version up to date, after a backup.

    Sesuaikan simpanan data versi lama, setelah dibuat cadangannya.
    """
    done = upgrading.upgrade(
        bank.bank,
        bank.opened_secret(),
        lambda version: backup_out or bank.beside(f"{version}.backup"),
        _signing_in(bank),
        _now(),
    )
    data = {"before": done.before, "after": done.after, "backup": None if done.backup is None else str(done.backup)}
    rows = [(_VERSION, done.after)]
    if done.backup is not None:
        rows = [
            (Text("version before", "versi semula"), done.before),
            *rows,
            (Text("backup", "cadangan"), str(done.backup)),
        ]
    title = Text("Brought up to date", "Disesuaikan") if done.backup else Text("It is up to date", "Sudah terbaru")
    emit("bank-upgrade", data, as_json, lambda: facts(title, rows))


def _signing_in(bank: BankOptions) -> Callable[[Session], SignedIn]:
    """By the accounts of the store that is being made; asked for before it takes long."""
    password = bank.password()
    return lambda session: signed_in(session, bank.user, password, _now())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _data(content: BackupContent) -> dict[str, object]:
    return {"version": content.version, "sha256": content.sha256, "rows": content.rows}


def _facts(content: BackupContent) -> list[tuple[Text, str]]:
    return [
        (_VERSION, content.version),
        (Text("rows", "baris"), say(numeral(sum(content.rows.values())))),
        (Text("SHA-256 of the rows", "SHA-256 isi"), content.sha256),
    ]
