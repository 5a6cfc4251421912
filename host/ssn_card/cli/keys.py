# SPDX-License-Identifier: Apache-2.0
"""``ssn keys``: key files for development and small field devices. The bank's own masters belong in an HSM."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.keys import CardKeyFile, RoleHoldsNoMasters, SoftwareKeyring, UnknownKeyFile, export_receipt_keys
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import ROLES, KeyLabel, Role

from .files import read_serials
from .options import KeyVersions, OutFile, SerialFile
from .output import AsJson, emit, say
from .passwords import NEW_PASSWORD_VARIABLE, new_password_of, password_of
from .tables import facts, sentence, table

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

KeyFile = Annotated[Path, typer.Argument(metavar="PATH", help="The key file / berkas kunci.")]


@app.command()
def create(path: KeyFile, key_version: KeyVersions = None, json: AsJson = False) -> None:
    """Make a keyring with new random master keys of every purpose, in versions 1 and 2 unless told otherwise.

    Buat berkas kunci induk baru yang acak untuk semua keperluan, versi 1 dan 2 kecuali ditentukan lain.

    A card is personalized with a current and a following version of its keys, so two are needed. The file is sealed
    with a password (SSN_KEYRING_PASSWORD or asked for) and never overwrites another.

    Kartu dipersonalisasi dengan versi kunci kini dan berikutnya, jadi perlu dua. Berkas disegel dengan kata sandi
    (SSN_KEYRING_PASSWORD atau ditanyakan) dan tidak pernah menimpa berkas lain.
    """
    versions = tuple(key_version or (1, 2))
    with SoftwareKeyring.create(path, new_password_of(path), versions=versions) as keyring:
        _emit_keyring("keys-create", keyring, json)


@app.command()
def show(path: KeyFile, json: AsJson = False) -> None:
    """Show which keys a file holds: purposes, versions and key check values, never a key.

    Tampilkan kunci apa saja yang ada: keperluan, versi, dan nilai periksa, bukan kuncinya.
    """
    password = password_of(path)
    try:
        listed = CardKeyFile.open(path, password)
    except UnknownKeyFile:
        with SoftwareKeyring.open(path, password) as keyring:
            _emit_keyring("keys-show", keyring, json)
        return
    with listed:
        _emit_card_keys(listed, json)


@app.command()
def export(
    path: KeyFile,
    out: OutFile,
    role: Annotated[Role, typer.Option("--role", help="Who the file is for / penerima berkas kunci.")],
    json: AsJson = False,
) -> None:
    """Write a new key file with exactly the master keys that a role may hold, under a password of its own.

    Tulis berkas kunci baru yang hanya berisi kunci induk milik suatu peran, dengan kata sandi sendiri.

    The new password comes from SSN_NEW_KEYRING_PASSWORD or is asked for.

    Kata sandi baru dari SSN_NEW_KEYRING_PASSWORD atau ditanyakan.
    """
    if not ROLES[role].masters:  # before anybody types a password in vain
        refused = RoleHoldsNoMasters(role)
        refused.remedy = Text(
            "Give an auditor the keys of the listed cards: ssn keys receipts.",
            "Beri auditor kunci kartu yang didaftar: ssn keys receipts.",
        )
        raise refused
    with (
        SoftwareKeyring.open(path, password_of(path)) as keyring,
        keyring.export_role(role, out, new_password_of(out, NEW_PASSWORD_VARIABLE)) as exported,
    ):
        _emit_keyring("keys-export", exported, json)


@app.command()
def receipts(
    path: KeyFile,
    serials: SerialFile,
    out: OutFile,
    key_version: KeyVersions = None,
    json: AsJson = False,
) -> None:
    """Write an auditor's file: the RECEIPT keys of the listed cards and no master; in all versions held by default.

    Tulis berkas auditor: kunci RECEIPT kartu yang didaftar saja, tanpa kunci induk; biasanya semua versi yang ada.

    The new password comes from SSN_NEW_KEYRING_PASSWORD or is asked for.

    Kata sandi baru dari SSN_NEW_KEYRING_PASSWORD atau ditanyakan.
    """
    cards = read_serials(serials)
    with SoftwareKeyring.open(path, password_of(path)) as keyring:
        versions = tuple(key_version or keyring.versions(KeyLabel.RECEIPT))
        count = export_receipt_keys(keyring, cards, versions, out, new_password_of(out, NEW_PASSWORD_VARIABLE))
    data = {"out": str(out), "cards": len(cards), "versions": list(versions), "keys": count}
    done = Text(f"{count} keys of {len(cards)} cards: {out}", f"{count} kunci dari {len(cards)} kartu: {out}")
    emit("keys-receipts", data, json, lambda: sentence(done))


def _emit_keyring(command: str, keyring: SoftwareKeyring, json: bool) -> None:
    rows = list(_keys_of(keyring))
    data = {"path": str(keyring.path), "holder": keyring.holder.value, "keys": rows}
    emit(command, data, json, lambda: _keyring_table(keyring, rows))


def _keys_of(keyring: SoftwareKeyring) -> Iterable[dict[str, Any]]:
    for label in sorted(keyring.labels(), key=str):
        for version in keyring.versions(label):
            yield {"label": str(label), "version": version, "kcv": keyring.check_value(label, version).hex()}


def _keyring_table(keyring: SoftwareKeyring, rows: Iterable[dict[str, Any]]) -> RenderableType:
    columns = (
        (Text("purpose", "keperluan"), "left"),
        (Text("version", "versi"), "right"),
        (Text("check value", "nilai periksa"), "left"),
        (Text("held by", "pemegang"), "left"),
    )
    title = Text("{path}: keys of {holder}", "{path}: kunci {holder}")
    title = title.filled(path=keyring.path, holder=keyring.holder.text)
    cells = ((row["label"], str(row["version"]), row["kcv"], say(KeyLabel.named(row["label"]).held_by)) for row in rows)
    return table(title, columns, cells)


def _emit_card_keys(listed: CardKeyFile, json: bool) -> None:
    versions = list(listed.versions(KeyLabel.RECEIPT))
    cards = [serial.hex() for serial in listed.serials()]
    data = {"path": str(listed.path), "holder": Role.AUDITOR.value, "versions": versions, "cards": cards}
    rows = (
        (Text("cards", "kartu"), str(len(cards))),
        (Text("versions", "versi"), ", ".join(map(str, versions))),
    )
    title = Text(f"{listed.path}: RECEIPT keys", f"{listed.path}: kunci RECEIPT")
    emit("keys-show", data, json, lambda: facts(title, rows))
