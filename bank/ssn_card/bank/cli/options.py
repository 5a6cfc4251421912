# SPDX-License-Identifier: Apache-2.0
"""Options of every command that works in the store: where it is, who works, under which secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssn_card.cli.options import Development
from ssn_card.cli.passwords import password_of
from ssn_card.protocol.crypto import SecretKey

from ..secret import development_secret, open_secret
from .secret_option import SecretPath

if TYPE_CHECKING:  # imported where the store is opened: a station without one does without a database
    from ..store.bank import Bank
    from ..store.work import SignedIn

USER_PASSWORD_VARIABLE = "SSN_BANK_PASSWORD"  # noqa: S105 the name, not the word

_BANK = typer.Option(
    "--bank",
    metavar="PLACE",
    envvar="SSN_BANK",
    help="The bank's store: a file, or postgresql://USER@HOST/NAME / simpanan data bank: berkas, atau "
    "postgresql://PENGGUNA@HOST/NAMA.",
)
BankPlace = Annotated[str, _BANK]
OptionalBank = Annotated[str | None, _BANK]
_USER = typer.Option(
    "--user",
    metavar="NAME",
    envvar="SSN_BANK_USER",
    help="Who works; password from SSN_BANK_PASSWORD, or asked for / siapa yang bekerja; kata sandi dari "
    "SSN_BANK_PASSWORD, atau ditanyakan.",
)
User = Annotated[str, _USER]
OptionalUser = Annotated[str | None, _USER]
OptionalBatch = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="NAME",
        help="An approved batch of the store, in place of a file / kelompok yang disetujui, sebagai ganti berkas.",
    ),
]

_KECAMATAN = typer.Option(
    "--kecamatan", metavar="CODE", help="Kemendagri code, as 64.72.01 / kode Kemendagri, misalnya 64.72.01."
)
Kecamatan = Annotated[str | None, _KECAMATAN]
ManyKecamatan = Annotated[list[str] | None, _KECAMATAN]


@dataclass(frozen=True)
class BankOptions:
    """Which store, and who works; :func:`~ssn_card.cli.grouped.grouped` makes options of it."""

    bank: BankPlace
    user: User
    secret: SecretPath = None
    development: Development = False

    @contextmanager
    def signed_in(self) -> Iterator[tuple[Bank, SignedIn]]:
        """The store, open, and who has signed in.

        Raises ``BankStoreError``, ``SignInRefused``, and what opening a secret raises.
        """
        from ..accounts.sign_in import sign_in
        from ..store.bank import Bank

        with Bank.open(self.bank, self.opened_secret()) as bank:
            yield bank, sign_in(bank, self.user, self.password())

    def password(self) -> str:
        """Of the user. Raises ``PasswordMissing``."""
        return password_of(Path(self.user), USER_PASSWORD_VARIABLE)

    def secret_path(self) -> Path:
        """Where the secret is, unless it is the development one."""
        return self.secret or self.beside("secret")

    def beside(self, ending: str) -> Path:
        """A file named after the store; a server's database has it in today's folder."""
        from ..store import place

        url = place.url_of(self.bank)
        return Path(f"{url.database if place.is_server(url) else self.bank}.{ending}")

    def opened_secret(self) -> SecretKey:
        """Raises what opening a secret raises."""
        if self.development:
            return development_secret()
        path = self.secret_path()
        return open_secret(path, password_of(path))
