# SPDX-License-Identifier: Apache-2.0
"""``ssn bank init`` and ``ssn bank users``: a store with its first key custodian, and everybody else's accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.cli.grouped import grouped
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.passwords import new_password_of, password_of
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text

from ..accounts.listed import BankAccount, accounts
from ..accounts.users import add_user, disable_user, enable_user, set_password, set_roles
from ..roles import BankRole
from ..secret import create_secret, development_secret, open_secret
from ..store import place
from ..store.bank import Bank
from ..store.work import SignedIn, StoreWork
from .options import USER_PASSWORD_VARIABLE, BankOptions

NEW_PASSWORD_VARIABLE = "SSN_BANK_NEW_PASSWORD"  # noqa: S105 the name, not the word

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name / nama pengguna.")]
Roles = Annotated[
    list[BankRole],
    typer.Argument(metavar="ROLE...", help="What he may do / yang boleh dilakukannya."),
]
_MADE = Text("A store was made", "Simpanan data dibuat")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@grouped
def init(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """Make a store, its secret unless there is one already, and --user as its first key custodian.

    Buat simpanan data, rahasianya bila belum ada, dan --user sebagai pemegang kunci pertama.
    """
    path = bank.secret_path()
    new = not bank.development and not path.exists()
    password = new_password_of(Path(bank.user), USER_PASSWORD_VARIABLE)
    secret = _secret(bank, path, new)

    def first(work: StoreWork) -> None:
        add_user(work, bank.user, {BankRole.CUSTODIAN}, password)

    founder = SignedIn(bank.user, frozenset({BankRole.CUSTODIAN}))
    try:
        with Bank.create(bank.bank, secret, founder=founder, first=first) as made:
            where = place.shown(made.url)
    except BaseException:
        if new:  # a secret of nothing
            with suppress(OSError):
                path.unlink()
        raise
    kept = None if bank.development else str(path)
    data = {"bank": where, "secret": kept, "secret_made": new, "custodian": bank.user}
    emit("bank-init", data, as_json, lambda: facts(_MADE, _init_facts(data)))


def _secret(bank: BankOptions, path: Path, new: bool) -> SecretKey:
    if bank.development:
        return development_secret()
    return create_secret(path, new_password_of(path)) if new else open_secret(path, password_of(path))


def _init_facts(data: dict[str, Any]) -> list[tuple[Text, str]]:
    secret = Text("secret, to be backed up, and not beside the store", "rahasia, cadangkan di tempat lain")
    return [
        (Text("place", "tempat"), data["bank"]),
        *([(secret, data["secret"])] if data["secret"] else []),
        (BankRole.CUSTODIAN.text, data["custodian"]),
    ]


@app.command("list")
@grouped
def list_users(*, bank: BankOptions, as_json: AsJson = False) -> None:
    """Who may sign in, as what, and who has to wait after wrong passwords.

    Siapa yang boleh masuk, sebagai apa, dan siapa yang harus menunggu setelah salah kata sandi.
    """
    with bank.signed_in() as (opened, user), opened.reading() as session:
        found = accounts(session, user, opened.now())
    emit("bank-users-list", {"users": [one.as_dict() for one in found]}, as_json, lambda: _table(found))


@app.command()
@grouped
def add(name: Name, roles: Roles, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Make an account; its password from SSN_BANK_NEW_PASSWORD, or asked for twice.

    Buat akun; kata sandinya dari SSN_BANK_NEW_PASSWORD, atau ditanyakan dua kali.
    """
    _changed("add", name, bank, as_json, lambda work, password: add_user(work, name, set(roles), password), True)


@app.command("roles")
@grouped
def roles_command(name: Name, roles: Roles, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Give an account these roles and no others.

    Beri akun peran ini saja.
    """
    _changed("roles", name, bank, as_json, lambda work, _: set_roles(work, name, set(roles)))


@app.command()
@grouped
def disable(name: Name, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Let an account sign in no more; what was done with it stays.

    Hentikan akun; yang telah dikerjakannya tetap tercatat.
    """
    _changed("disable", name, bank, as_json, lambda work, _: disable_user(work, name))


@app.command()
@grouped
def enable(name: Name, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Let an account sign in again.

    Izinkan akun masuk lagi.
    """
    _changed("enable", name, bank, as_json, lambda work, _: enable_user(work, name))


@app.command("password")
@grouped
def password_command(name: Name, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Set a password: one's own, or a key custodian anybody's; it ends the wait after wrong ones.

    Ganti kata sandi sendiri, atau oleh pemegang kunci milik siapa pun; masa tunggunya berakhir.
    """
    _changed("password", name, bank, as_json, lambda work, password: set_password(work, name, password), True)


def _changed(
    command: str,
    name: str,
    bank: BankOptions,
    as_json: bool,
    change: Callable[[StoreWork, str], object],
    asks: bool = False,
) -> None:
    with bank.signed_in() as (opened, user):
        password = new_password_of(Path(name), NEW_PASSWORD_VARIABLE) if asks else ""
        with opened.work(user) as work:
            change(work, password)
        with opened.reading() as session:
            found = accounts(session, user, opened.now(), name)
    emit(f"bank-users-{command}", found[0].as_dict(), as_json, lambda: _table(found))


_COLUMNS = (
    (Text("user", "pengguna"), "whole"),
    (Text("roles", "peran"), "left"),
    (Text("state", "keadaan"), "left"),
)


def _table(found: Sequence[BankAccount]) -> Any:
    return table(
        None, _COLUMNS, ((one.name, ", ".join(say(role.text) for role in one.roles), _state(one)) for one in found)
    )


def _state(one: BankAccount) -> str:
    if one.disabled:
        return say(Text("disabled", "dinonaktifkan"))
    if one.locked_until is not None:
        return say(
            Text("waits until {when}", "menunggu hingga {when}").filled(
                when=f"{one.locked_until:%Y-%m-%d %H:%M:%S} UTC"
            )
        )
    return say(Text("can sign in", "dapat masuk"))
