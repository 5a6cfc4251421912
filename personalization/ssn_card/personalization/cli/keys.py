# SPDX-License-Identifier: Apache-2.0
"""The options of ``ssn perso run`` that name secrets and versions of keys, and how they become open ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.bank.cli.secret_option import SecretPath
from ssn_card.bank.secret import create_secret, development_secret, open_secret
from ssn_card.cli.passwords import new_password_of, password_of
from ssn_card.keys.token import is_token_uri
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.journal.journal import Journal
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.labels import KeyLabel

Force = Annotated[
    bool, typer.Option("--force", help="Go on in spite of warnings / tetap lanjutkan walau ada peringatan.")
]
Station = Annotated[
    int,
    typer.Option(
        "--station",
        min=0,
        max=0xFFFF,
        metavar="ID",
        help="Number of the station, for a new journal / nomor stasiun, untuk jurnal baru.",
    ),
]
UseKey = Annotated[
    list[str] | None,
    typer.Option(
        "--use-key",
        metavar="KEY=N[:NEXT]",
        help="Version of a key, such as debit=2:3, repeatable / versi sebuah kunci, misalnya debit=2:3, dapat diulang.",
    ),
]

Secret = SecretPath

_VERSION = re.compile(r"(issuer|registry|transport|update|override|debit|receipt)=([0-9]{1,3})(?::([0-9]{1,3}))?")
_SETS = ("issuer", "registry", "transport")


def station_secret(journal: Path, keyring: str | None, development: bool, secret: Path | None) -> SecretKey:
    """The secret that goes with the journal; made only together with a new journal.

    Raises ``SecretMissing``, ``WrongPassword`` and what else a key file raises.
    """
    if development or keyring is None:
        return development_secret()
    path = secret or Path(f"{journal if is_token_uri(keyring) else keyring}.station")
    if path.exists() or journal.exists():
        return open_secret(path, password_of(path))
    return create_secret(path, new_password_of(path))


def open_journal(path: Path, secret: SecretKey, station: int) -> Journal:
    """The journal of that name, made if there is none. Raises ``StationJournalError``."""
    return Journal.open(path, secret) if path.exists() else Journal.create(path, secret, station)


def key_versions(options: list[str]) -> KeyVersions:
    """``debit=2:3`` and so on; what is not named stays 1, followed by 2. Raises ``InputError``."""
    sets: dict[str, int] = {}
    current: dict[KeyLabel, int] = {}
    following: dict[KeyLabel, int] = {}
    for option in options:
        match = _VERSION.fullmatch(option)
        if match is None or (match[3] and match[1] in _SETS):
            raise InputError(
                Text(
                    "Write a key's version as debit=2 or debit=2:3.",
                    "Tulis versi kunci sebagai debit=2 atau debit=2:3.",
                ),
                where=f"--use-key {option}",
            )
        if match[1] in _SETS:
            sets[match[1]] = int(match[2])
            continue
        label = KeyLabel[match[1].upper()]
        current[label] = int(match[2])
        if match[3]:
            following[label] = int(match[3])
    return KeyVersions(**sets, current=current, following=following)
