# SPDX-License-Identifier: Apache-2.0
"""``ssn keys``: masters in a token, for the bank; key files, for development and small field devices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssn_card.keys import RoleHoldsNoMasters, SoftwareKeyring
from ssn_card.keys.token import is_token_uri
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import ROLES, Role

from .errors import BadArgument
from .keys_ceremony import ceremony, component, restore_command, rotate
from .keys_share import receipts, recipient_key, transport
from .keys_signing import signing_key
from .keys_token import bench, emit_masters, list_command, verify
from .options import KeyVersions, OutFile
from .output import AsJson, warn
from .passwords import NEW_PASSWORD_VARIABLE, new_password_of, password_of

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

app.command("list")(list_command)
app.command()(ceremony)
app.command()(rotate)
app.command("restore")(restore_command)
app.command()(verify)
app.command()(component)
app.command()(bench)
app.command()(receipts)
app.command()(transport)
app.command("recipient-key")(recipient_key)
app.command("signing-key")(signing_key)

KeyFile = Annotated[Path, typer.Argument(metavar="PATH", help="The key file / berkas kunci.")]


@app.command()
def create(path: KeyFile, key_version: KeyVersions = None, json: AsJson = False) -> None:
    """Make a key file with new random masters of every purpose, for development: a bank holds a key ceremony instead.

    Buat berkas kunci induk baru yang acak untuk semua keperluan, untuk pengembangan: bank mengadakan upacara kunci.

    A card is personalized with a current and a following version of its keys, so there are two unless told otherwise.
    Whoever copies the file needs its password only; from a token no master can be copied. The file is sealed with a
    password (SSN_KEYRING_PASSWORD or asked for) and never overwrites another.

    Kartu dipersonalisasi dengan versi kunci kini dan berikutnya, jadi ada dua kecuali ditentukan lain. Siapa pun yang
    menyalin berkas hanya perlu kata sandinya; dari token kunci induk tidak dapat disalin. Berkas disegel dengan kata
    sandi (SSN_KEYRING_PASSWORD atau ditanyakan) dan tidak pernah menimpa berkas lain.
    """
    warn(
        Text(
            "A key file is for development: whoever copies it needs its password only. A bank's masters belong in a "
            "token (ssn keys ceremony).",
            "Berkas kunci untuk pengembangan: siapa pun yang menyalinnya hanya perlu kata sandinya. Kunci induk bank "
            "seharusnya di token (ssn keys ceremony).",
        )
    )
    versions = tuple(key_version or (1, 2))
    with SoftwareKeyring.create(path, new_password_of(path), versions=versions) as keyring:
        emit_masters("keys-create", keyring, str(path), keyring.holder, json)


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
    if is_token_uri(str(path)):
        raise BadArgument(
            Text("No master leaves a token.", "Kunci induk tidak keluar dari token."),
            where=str(path),
            remedy=Text(
                "Import the role's masters into its own token, out of components: ssn keys ceremony --components.",
                "Masukkan kunci induk peran itu ke tokennya sendiri dari komponen: ssn keys ceremony --components.",
            ),
        )
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
        emit_masters("keys-export", exported, str(out), exported.holder, json)
