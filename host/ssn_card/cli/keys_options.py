# SPDX-License-Identifier: Apache-2.0
"""Options of ``ssn keys`` for tokens, their masters and backups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssn_card.keys.token import TokenKeyring, TokenUri
from ssn_card.keys.token.components import MAX_CUSTODIANS, MIN_CUSTODIANS
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel

from .errors import BadArgument
from .passwords import token_pin_of

#: Purposes as ``ssn perso run --use-key`` names them; a set of SCP03 keys goes together.
PURPOSES: dict[str, tuple[KeyLabel, ...]] = {
    name: tuple(label for label in KeyLabel if label.name.partition("_")[0] == name.upper())
    for name in ("issuer", "registry", "transport", "update", "override", "debit", "receipt")
}

KeySource = Annotated[
    str,
    typer.Argument(
        metavar="KEYS",
        help="The token, pkcs11:token=NAME, or the key file / token, pkcs11:token=NAMA, atau berkas kunci.",
    ),
]
Token = Annotated[
    str,
    typer.Argument(
        metavar="URI",
        help="The token, as pkcs11:token=NAME?module-path=PATH / token, sebagai pkcs11:token=NAMA?module-path=LOKASI.",
    ),
]
_BACKUP = typer.Option(
    "--backup", metavar="FILE", help="The wrapped copy of all masters / salinan terbungkus semua kunci induk."
)
BackupFile = Annotated[Path, _BACKUP]
OptionalBackupFile = Annotated[Path | None, _BACKUP]
RecordFile = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="What was done, to be signed: .txt or .pdf / berita acara untuk ditandatangani: .txt atau .pdf.",
    ),
]
Custodians = Annotated[
    int,
    typer.Option(
        "--custodians",
        min=MIN_CUSTODIANS,
        max=MAX_CUSTODIANS,
        metavar="N",
        help="Holders of the components of a key / banyaknya pemegang komponen sebuah kunci.",
    ),
]
Purposes = Annotated[
    list[str] | None,
    typer.Option(
        "--purpose",
        metavar="KEY",
        help="Of issuer, registry, transport, update, override, debit, receipt these alone, repeatable / "
        "hanya ini dari issuer, registry, transport, update, override, debit, receipt, dapat diulang.",
    ),
]


def labels_of(purposes: list[str] | None) -> tuple[KeyLabel, ...]:
    """The labels of these purposes, of all if none is named. Raises :class:`BadArgument`."""
    for name in purposes or ():
        if name not in PURPOSES:
            raise BadArgument(
                Text(f"{name} is no purpose of a key.", f"{name} bukan keperluan kunci."),
                where="--purpose",
                remedy=Text(f"Give one of {', '.join(PURPOSES)}.", f"Berikan salah satu dari {', '.join(PURPOSES)}."),
            )
    return tuple(label for name in dict.fromkeys(purposes or PURPOSES) for label in PURPOSES[name])


def opened_token(uri: str) -> TokenKeyring:
    """A token, its PIN asked for. Raises ``TokenError``."""
    parsed = TokenUri.parse(uri)
    return TokenKeyring.open(parsed, token_pin_of(parsed).value())
