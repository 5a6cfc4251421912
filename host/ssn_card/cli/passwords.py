# SPDX-License-Identifier: Apache-2.0
"""Passwords of key files: from the environment, else asked for on the terminal; never an argument, never shown."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from pathlib import Path

from ssn_card.keys import PASSWORD_VARIABLE, PasswordMissing
from ssn_card.keys.passwords import new_password_bytes
from ssn_card.keys.token import TokenPin, TokenUri, is_token_uri
from ssn_card.keys.token.errors import TokenPinMissing
from ssn_card.keys.token.pins import pin_of
from ssn_card.protocol.errors import Text
from ssn_card.protocol.pin import pin_block

from .errors import BadArgument, NoAnswer
from .output import say

#: Password of a key file that an export makes: not that of the keyring it comes from.
NEW_PASSWORD_VARIABLE = "SSN_NEW_KEYRING_PASSWORD"  # noqa: S105
#: Password of a companion's keyring, beside that of the terminal's own.
COMPANION_PASSWORD_VARIABLE = "SSN_COMPANION_PASSWORD"  # noqa: S105
#: Password of an auditor's signing key, beside that of the card keys that a bank has given.
ATTESTATION_PASSWORD_VARIABLE = "SSN_ATTESTATION_PASSWORD"  # noqa: S105


def password_of(path: Path, variable: str = PASSWORD_VARIABLE) -> str:
    """The password of an existing file. Raises ``PasswordMissing`` where there is nobody to ask."""
    return os.environ.get(variable) or _ask(Text(f"Password of {path}: ", f"Kata sandi {path}: "), path, variable)


def secret_of(source: str, variable: str = PASSWORD_VARIABLE) -> str:
    """The PIN of a token, or the password of a key file. Raises as :func:`password_of` and :func:`token_pin_of`."""
    if is_token_uri(source):
        return token_pin_of(TokenUri.parse(source)).value()
    return password_of(Path(source), variable)


def token_pin_of(uri: TokenUri) -> TokenPin:
    """The PIN of a token: from the file that its URI names, the environment, or asked for.

    Raises ``TokenPinMissing`` where there is nobody to ask, ``TokenPinFileUnusable``.
    """
    pin = pin_of(uri)
    if pin is None and sys.stdin.isatty():
        with contextlib.suppress(NoAnswer):
            pin = TokenPin(asked(Text("PIN of {uri}: ", "PIN {uri}: ").filled(uri=uri)))
    if pin is None or not pin.value():
        raise TokenPinMissing(str(uri))
    return pin


def new_password_of(path: Path, variable: str = PASSWORD_VARIABLE) -> str:
    """The password for a new file, asked for twice.

    Raises ``PasswordMissing``, ``PasswordWeak``, :class:`BadArgument`.
    """
    given = os.environ.get(variable)
    if given:
        return given
    first = _ask(Text(f"New password for {path}: ", f"Kata sandi baru untuk {path}: "), path, variable)
    new_password_bytes(first, str(path))  # before anybody types a weak one twice
    if first != _ask(Text("The same again: ", "Ulangi: "), path, variable):
        raise BadArgument(Text("The two passwords differ.", "Kedua kata sandi berbeda."), where=str(path))
    return first


def asked(prompt: Text) -> str:
    """What is typed at the terminal, without echo. Raises :class:`NoAnswer` where its end comes first."""
    try:
        return getpass.getpass(say(prompt))
    except EOFError:
        raise NoAnswer from None


def entered_pin() -> str:
    """The holder's PIN, asked for without echo; never an argument or in the environment.

    Raises :class:`BadArgument` where there is no terminal, :class:`NoAnswer`.
    """
    return _ask_pin(Text("PIN: ", "PIN: "))


def chosen_pin() -> str:
    """A new PIN, asked for twice. Raises as :func:`entered_pin`, where the two differ, and for what is no PIN."""
    first = _ask_pin(Text("New PIN: ", "PIN baru: "))
    pin_block(first)  # before anybody types twice what is none
    if first != _ask_pin(Text("The same again: ", "Ulangi: ")):
        raise BadArgument(
            Text("The two PINs differ.", "Kedua PIN berbeda."),
            where="PIN",
            remedy=Text("Nothing was changed; try again.", "Tidak ada yang berubah; coba lagi."),
        )
    return first


def _ask_pin(prompt: Text) -> str:
    if not sys.stdin.isatty():
        raise BadArgument(
            Text("There is no terminal to enter the PIN at.", "Tidak ada terminal untuk memasukkan PIN."),
            where="PIN",
            remedy=Text("Run the command in a terminal.", "Jalankan perintah di terminal."),
        )
    return asked(prompt)


def _ask(prompt: Text, path: Path, variable: str) -> str:
    missing = PasswordMissing(str(path))
    missing.remedy = Text(
        f"Set {variable}, or run the command in a terminal.", f"Isi {variable}, atau jalankan di terminal."
    )
    if not sys.stdin.isatty():
        raise missing
    try:
        given = asked(prompt)
    except NoAnswer:
        given = ""
    if not given:
        raise missing
    return given
