# SPDX-License-Identifier: Apache-2.0
"""``ssn keys list, verify, bench``: what keys there are, whether they are as they should be, how fast they are."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.keys import (
    SERIAL_LENGTH,
    CardKeyFile,
    KeyMissing,
    KeyProvider,
    SoftwareKeyring,
    TokenKeyring,
    UnknownKeyFile,
)
from ssn_card.keys.token import TokenUri, is_token_uri
from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.ceremony import faults
from ssn_card.keys.token.errors import BackupDamaged, TokenHoldsNoMasters
from ssn_card.keys.token.objects import Fault, Place
from ssn_card.keys.token.passage import rehearse
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel, Role

from .custodians import backup_key
from .errors import FindingsFound
from .keys_options import KeySource, OptionalBackupFile, Token, opened_token
from .options import PrivateKey, opened_card_keys, opened_keys
from .output import AsJson, emit, say
from .passwords import password_of
from .tables import facts, table

_BULK = 2_000  #: cards in one call


def list_command(*, keys: KeySource, private_key: PrivateKey = None, json: AsJson = False) -> None:
    """List the keys of a token or a key file: purposes, versions and key check values, never a key.

    Daftar kunci di token atau berkas: keperluan, versi, dan nilai periksa, bukan kuncinya.
    """
    if is_token_uri(keys):
        with opened_token(keys) as token:
            emit_masters("keys-list", token, str(token.uri), Role.BANK, json)
        return
    path = Path(keys)
    try:
        listed = opened_card_keys(path, private_key)
    except UnknownKeyFile:
        if private_key is not None:
            raise
        with SoftwareKeyring.open(path, password_of(path)) as keyring:
            emit_masters("keys-list", keyring, str(path), keyring.holder, json)
        return
    with listed:
        _emit_card_keys(listed, json)


def verify(*, token: Token, backup: OptionalBackupFile = None, json: AsJson = False) -> None:
    """Verify every master in a token: its check value, that it is there once, and that it can do nothing else.

    Periksa setiap kunci induk di token: nilai periksanya, hanya ada satu, dan tidak bisa dipakai untuk hal lain.

    With --backup the custodians open the backup, every master of it is unwrapped for a moment and compared, and is the
    token's. Exit code 3 if anything is not as it should be.

    Dengan --backup para pemegang membuka cadangan; setiap kunci induk dibuka sejenak dan dibandingkan dengan token.
    Kode keluar 3 bila ada yang tidak semestinya.
    """
    with opened_token(token) as keyring:
        values, wrong = faults(keyring.sessions)
        if not values:
            raise TokenHoldsNoMasters(keyring.uri.object, str(keyring.uri))
        if backup is not None:
            opened = Backup.open(backup, backup_key(backup, 0))
            wrong += _unlike(keyring, opened, values)
    data = {
        "token": str(keyring.uri),
        "backup": None if backup is None else str(backup),
        "keys": [_named(place, kcv=values[place].hex()) for place in _ordered(values)],
        "faults": [_named(one.place, why=one.why.en) for one in wrong],
    }
    emit("keys-verify", data, json, lambda: _verified_table(keyring.uri, values, wrong))
    if wrong:
        raise FindingsFound(len(wrong), backup)


def bench(
    *,
    keys: KeySource,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, metavar="N", help="How long to measure each / lama tiap pengukuran.")
    ] = 2.0,
    json: AsJson = False,
) -> None:
    """Measure card keys a second: one at a time, many in one call, and by as many threads as there are processors.

    Ukur kunci kartu tiap detik: satu per satu, banyak sekaligus, dan dengan utas sebanyak prosesor.
    """
    with opened_keys(keys) as provider:
        label, version = _some(provider, keys)
        threads = os.cpu_count() or 1

        def one() -> int:
            provider.diversify(label, version, os.urandom(SERIAL_LENGTH))
            return 1

        def many() -> int:
            return len(provider.diversify_many(label, version, os.urandom(SERIAL_LENGTH * _BULK)))

        with ThreadPoolExecutor(threads) as pool:

            def by_threads() -> int:
                return sum(pool.map(lambda _: many(), range(threads)))

            data: dict[str, Any] = {
                "keys": keys if not is_token_uri(keys) else str(provider.uri),  # type: ignore[attr-defined]
                "label": str(label),
                "version": version,
                "one_per_s": round(_rate(one, seconds)),
                "many_per_s": round(_rate(many, seconds)),
                "threads": threads,
                "threads_per_s": round(_rate(by_threads, seconds)),
            }
    rows = (
        (Text("one at a time, keys a second", "satu per satu, kunci per detik"), str(data["one_per_s"])),
        (Text("many in one call", "banyak sekaligus"), str(data["many_per_s"])),
        (Text(f"by {threads} threads", f"dengan {threads} utas"), str(data["threads_per_s"])),
    )
    emit("keys-bench", data, json, lambda: facts(Text("{keys}", "{keys}").filled(**data), rows))


def emit_masters(command: str, source: SoftwareKeyring | TokenKeyring, path: str, holder: Role, json: bool) -> None:
    """Show what masters there are."""
    rows = list(_masters(source))
    data = {"path": path, "holder": holder.value, "keys": rows}
    title = Text("{path}: keys of {holder}", "{path}: kunci {holder}").filled(path=path, holder=holder.text)
    emit(command, data, json, lambda: _masters_table(title, rows))


def _masters(source: SoftwareKeyring | TokenKeyring) -> Iterable[dict[str, Any]]:
    for label in sorted(source.labels(), key=str):
        for version in source.versions(label):
            yield {"label": str(label), "version": version, "kcv": source.check_value(label, version).hex()}


def _masters_table(title: Text, rows: Iterable[dict[str, Any]]) -> RenderableType:
    columns = (
        (Text("purpose", "keperluan"), "left"),
        (Text("version", "versi"), "right"),
        (Text("check value", "nilai periksa"), "left"),
        (Text("held by", "pemegang"), "left"),
    )
    cells = ((row["label"], str(row["version"]), row["kcv"], say(KeyLabel.named(row["label"]).held_by)) for row in rows)
    return table(title, columns, cells)


def _emit_card_keys(listed: CardKeyFile, json: bool) -> None:
    labels = sorted(listed.labels(), key=str)
    cards = [serial.hex() for serial in listed.serials()]
    days = [None if day is None else day.isoformat() for day in (listed.since, listed.until)]
    keys = [{"label": str(label), "version": version} for label in labels for version in listed.versions(label)]
    data = {"path": str(listed.path), "keys": keys, "since": days[0], "until": days[1], "cards": cards}
    rows = (
        (Text("cards", "kartu"), str(len(cards))),
        *((Text(*2 * (str(label),)), ", ".join(map(str, listed.versions(label)))) for label in labels),
        (Text("given for", "diberikan untuk"), f"{days[0] or '…'} – {days[1] or '…'}"),
    )
    emit(
        "keys-list",
        data,
        json,
        lambda: facts(Text(f"{listed.path}: keys of cards", f"{listed.path}: kunci kartu"), rows),
    )


def _verified_table(uri: TokenUri, values: dict[Place, bytes], wrong: list[Fault]) -> RenderableType:
    columns = (
        (Text("purpose", "keperluan"), "left"),
        (Text("version", "versi"), "right"),
        (Text("check value", "nilai periksa"), "whole"),
        (Text("state", "keadaan"), "left"),
    )
    fine = say(Text("as it should be", "semestinya"))

    def state(place: Place) -> str:
        return "; ".join(say(one.why) for one in wrong if one.place == place) or fine

    places = _ordered({*values, *(one.place for one in wrong)})
    rows = (
        (str(place[0]), str(place[1]), values[place].hex() if place in values else "", state(place)) for place in places
    )
    return table(Text("{uri}: masters", "{uri}: kunci induk").filled(uri=uri), columns, rows)


def _named(place: Place, **more: str) -> dict[str, object]:
    return {"label": str(place[0]), "version": place[1], **more}


def _unlike(keyring: TokenKeyring, backup: Backup, values: dict[Place, bytes]) -> Iterable[Fault]:
    """Masters that token and backup do not both have, or whose copy in the backup is not what it says."""
    kept = backup.masters
    for place in _ordered({*values, *kept}):
        if place not in kept:
            yield Fault(place, Text("it is not in the backup", "tidak ada di cadangan"))
        elif place not in values:
            yield Fault(place, Text("it is in the backup alone", "hanya ada di cadangan"))
        elif not macs_equal(values[place], kept[place].kcv):
            yield Fault(place, Text("the backup has another key", "cadangan memuat kunci lain"))
        else:
            try:
                rehearse(keyring.sessions, backup, place)
            except BackupDamaged:
                yield Fault(place, Text("its copy in the backup is damaged", "salinannya di cadangan rusak"))


def _ordered(places: Iterable[Place]) -> list[Place]:
    order = list(KeyLabel)
    return sorted(places, key=lambda place: (order.index(place[0]), place[1]))


def _some(provider: KeyProvider, where: str) -> Place:
    for label in (KeyLabel.RECEIPT, *KeyLabel):
        for version in provider.versions(label):
            return label, version
    raise KeyMissing(KeyLabel.RECEIPT, 1, where)


def _rate(work: Callable[[], int], seconds: float) -> float:
    """Keys a second, after one turn that is not counted."""
    work()
    done, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < seconds:
        done += work()
    return done / spent
