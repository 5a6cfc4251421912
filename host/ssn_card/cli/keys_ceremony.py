# SPDX-License-Identifier: Apache-2.0
"""``ssn keys ceremony, rotate, restore, component``: masters into a token, never without their backup."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from ssn_card.keys.provider import key_name
from ssn_card.keys.token import TokenKeyring, TokenUri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import Installed, Source, hold, next_versions, plan, require_empty, restore
from ssn_card.keys.token.components import BACKUP_LENGTH, MASTER_LENGTH, Component
from ssn_card.keys.token.objects import Place
from ssn_card.keys.token.record import Record
from ssn_card.protocol.errors import Text, default_language

from .custodians import backup_key, typed_key
from .errors import BadArgument, NotATerminal
from .keys_moved import Moved, moved_on
from .keys_options import BackupFile, Custodians, Purposes, RecordFile, Token, labels_of, opened_token
from .keys_record import require_room, write_record
from .options import KeyVersions, OptionalRegister
from .output import AsJson, emit, progress, say
from .tables import facts, table


def ceremony(
    *,
    token: Token,
    backup: BackupFile,
    custodians: Custodians = 2,
    purpose: Purposes = None,
    key_version: KeyVersions = None,
    components: Annotated[
        bool,
        typer.Option(
            "--components",
            help="Masters out of custodians' components, not made in the token / "
            "kunci induk dari komponen para pemegang, tidak dibuat di token.",
        ),
    ] = False,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Hold the key ceremony: masters of every purpose into the token, and their backup under the custodians' key.

    Adakan upacara kunci: kunci induk semua keperluan ke token, beserta cadangannya di bawah kunci para pemegang.

    Each custodian types a component and its check value (ssn keys component makes one). In the token no master can be
    read, copied or wrapped any more, so the backup is made first. Broken off, run it again: it goes on, with the same
    backup, and never replaces a master. Versions are 1 and 2 unless told otherwise.

    Setiap pemegang mengetik komponen dan nilai periksanya (dibuat dengan ssn keys component). Di dalam token kunci
    induk tidak dapat dibaca, disalin, atau dibungkus lagi, jadi cadangan dibuat lebih dahulu. Bila terputus, jalankan
    lagi dengan cadangan yang sama: upacara dilanjutkan, kunci tidak pernah diganti. Versi 1 dan 2 kecuali ditentukan.
    """
    places = plan(labels_of(purpose), key_version or (1, 2))
    source = _typed_master(custodians) if components else _made_inside
    with _at_the_token("ceremony", token, backup, record, json, custodians) as (keyring, opened, finish):
        with _told(json, {*places, *opened.masters}) as told:
            installed = hold(keyring.sessions, opened, places, source, told)
        finish(installed)


def rotate(
    *,
    token: Token,
    backup: BackupFile,
    purpose: Purposes = None,
    register: OptionalRegister = None,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Make the next version of masters, in the backup and in the token; the versions before stay.

    Buat versi berikutnya dari kunci induk, di cadangan dan di token; versi sebelumnya tetap ada.

    With --register: how many cards are in the second of their two versions so far, by their newest update; only cards
    that are made from now on can have the new one.

    Dengan --register: berapa kartu yang sudah memakai versi kedua miliknya, menurut pembaruan terbarunya; versi baru
    hanya untuk kartu yang dibuat mulai sekarang.
    """
    labels = labels_of(purpose)
    if not purpose:
        raise BadArgument(
            Text("Which keys get a next version?", "Kunci mana yang mendapat versi berikutnya?"),
            where="--purpose",
            remedy=Text("Give --purpose debit, for example.", "Berikan misalnya --purpose debit."),
        )
    moved = moved_on(register, labels)
    _require(backup)
    with _at_the_token("rotate", token, backup, record, json) as (keyring, opened, finish):
        places = next_versions(keyring.sessions, opened, labels)
        with _told(json, {*places, *opened.masters}) as told:
            installed = hold(keyring.sessions, opened, places, told=told)
        finish([one for one in installed if one.place in places], moved)


def restore_command(*, token: Token, backup: BackupFile, record: RecordFile = None, json: AsJson = False) -> None:
    """Put the masters of a backup into a token, each tested by its check value before any is there.

    Masukkan kunci induk dari cadangan ke token; semuanya diuji dengan nilai periksa sebelum satu pun dimasukkan.
    """
    _require(backup)
    with _at_the_token("restore", token, backup, record, json) as (keyring, opened, finish):
        with _told(json, opened.masters) as told:
            installed = restore(keyring.sessions, opened, told)
        finish(installed)


def component(
    *,
    master: Annotated[
        bool,
        typer.Option(
            "--master",
            help="Of a master, 32 digits, not of the backup key / untuk kunci induk, 32 digit, bukan kunci cadangan.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Make a component for one custodian and show it once, on a screen only, to be written down by hand.

    Buat komponen untuk satu pemegang dan tampilkan sekali, di layar saja, untuk disalin dengan tangan.
    """
    if not sys.stdout.isatty():
        refused = NotATerminal()
        refused.text = Text(
            "A component is shown on a screen only, never written to a file or a pipe.",
            "Komponen hanya tampil di layar, tidak ditulis ke berkas atau pipa.",
        )
        raise refused
    made = Component.random(MASTER_LENGTH if master else BACKUP_LENGTH)
    digits = made.value().hex().upper()
    data = {
        "component": " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
        "kcv": made.kcv.hex().upper(),
    }
    rows = (
        (Text("component", "komponen"), data["component"]),
        (Text("check value", "nilai periksa"), data["kcv"]),
    )
    title = Text("Write both down, then clear the screen", "Salin keduanya, lalu bersihkan layar")
    emit("keys-component", data, json, lambda: facts(title, rows))


_Finish = Callable[..., None]


@contextmanager
def _at_the_token(
    kind: str, token: str, path: Path, written: Path | None, json: bool, custodians: int = 0
) -> Iterator[tuple[TokenKeyring, Backup, _Finish]]:
    """The token and the backup, both open; ``finish`` shows what was done and writes the record."""
    if written is not None:
        require_room(written)
    with opened_token(token) as keyring:
        if not path.exists():  # before anybody types a component in vain
            require_empty(keyring.sessions)
        key = backup_key(path, custodians)
        name = keyring.uri.object
        opened = Backup.open(path, key) if path.exists() else Backup.create(path, name, custodians, key)
        if opened.set_name != name:
            raise BadArgument(
                Text(
                    f"The backup is of the masters named {opened.set_name}, not {name}.",
                    f"Cadangan ini untuk kunci induk bernama {opened.set_name}, bukan {name}.",
                ),
                where="object=",
                remedy=Text(
                    f"Name them in the URI: object={opened.set_name}.", f"Sebut di URI: object={opened.set_name}."
                ),
            )

        def finish(installed: Sequence[Installed], moved: Moved | None = None) -> None:
            if written is not None:
                now = dt.datetime.now().astimezone()
                write_record(written, Record(kind, keyring.sessions, opened, installed, now).text(default_language()))
            data = _data(keyring, opened, installed)
            if moved is not None:
                data["register"] = {name: one._asdict() for name, one in moved.items()}
            emit(f"keys-{kind}", data, json, lambda: _installed_table(keyring.uri, installed, moved))

        yield keyring, opened, finish


def _data(keyring: TokenKeyring, opened: Backup, installed: Iterable[Installed]) -> dict[str, object]:
    return {
        "token": str(keyring.uri),
        "backup": str(opened.path),
        "backup_sha256": opened.digest().hex(),
        "backup_kcv": opened.kcv.hex(),
        "keys": [
            {"label": str(one.place[0]), "version": one.place[1], "kcv": one.kcv.hex(), "imported": one.imported,
             "new": one.new}
            for one in installed
        ],
    }  # fmt: skip


def _installed_table(uri: TokenUri, installed: Iterable[Installed], moved: Moved | None) -> RenderableType:
    columns = (
        (Text("purpose", "keperluan"), "left"),
        (Text("version", "versi"), "right"),
        (Text("check value", "nilai periksa"), "whole"),
        (Text("state", "keadaan"), "left"),
        *(() if moved is None else ((Text("cards in their next version", "kartu pada versi berikutnya"), "right"),)),
    )
    new, before = say(Text("new", "baru")), say(Text("was there", "sudah ada"))
    rows = (
        (
            str(one.place[0]), str(one.place[1]), one.kcv.hex(), new if one.new else before,
            *(() if moved is None else (_cards(moved, one),)),
        )
        for one in installed
    )  # fmt: skip
    return table(Text("{uri}: masters", "{uri}: kunci induk").filled(uri=uri), columns, rows)


def _cards(moved: Moved, one: Installed) -> str:
    counts = moved.get(str(one.place[0]))
    return "" if counts is None else f"{len(counts.moved)} / {counts.cards}"


@contextmanager
def _told(json: bool, places: Iterable[Place]) -> Iterator[Callable[[Place], None]]:
    total = len(set(places))
    with progress(json) as bar:
        task = bar.add_task(say(Text("Masters into the token", "Kunci induk ke token")), total=total)
        yield lambda place: bar.advance(task)


def _typed_master(custodians: int) -> Source:
    def typed(place: Place) -> Component:
        return typed_key(custodians, MASTER_LENGTH, Text(*2 * (key_name(*place),)))

    return typed


def _made_inside(place: Place) -> None:
    return None


def _require(backup: Path) -> None:
    Backup.custodians_of(backup)
