# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with accounts.

The tree::

    BankError
      SignInRefused (InputError)
      UserExists (InputError)
      UserNameUnusable (InputError)
      RolesMissing (InputError)
      LastCustodian (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class SignInRefused(BankError, InputError):
    """No such user, a wrong password, a disabled account or one that has to wait: which of them is not said."""

    code = "sign-in-refused"
    text = Text("The sign-in was refused.", "Masuk ditolak.")
    remedy = Text(
        "Check name and password. After several wrong ones wait, up to an hour, or ask a key custodian: "
        "ssn bank users list, ssn bank users password.",
        "Periksa nama dan kata sandi. Setelah beberapa kali salah, tunggu hingga satu jam, atau minta pemegang kunci: "
        "ssn bank users list, ssn bank users password.",
    )
    where = "{user}"
    user: str


class UserExists(BankError, InputError):
    """There is a user of that name, perhaps a disabled one; names are never used again."""

    code = "user-exists"
    text = Text("There is a user {user} already.", "Pengguna {user} sudah ada.")
    remedy = Text("Choose another name.", "Pilih nama lain.")
    where = "{user}"
    user: str


class UserNameUnusable(BankError, InputError):
    """A name that the log could not show plainly."""

    code = "user-name-unusable"
    text = Text(
        "A user's name is 1 to 40 small letters, digits, dots, hyphens or underscores.",
        "Nama pengguna terdiri atas 1 sampai 40 huruf kecil, angka, titik, tanda hubung, atau garis bawah.",
    )
    remedy = Text("Choose another name.", "Pilih nama lain.")
    where = "{user}"
    user: str


class RolesMissing(BankError, InputError):
    """A user without any role."""

    code = "roles-missing"
    text = Text("A user has one role at least.", "Pengguna memegang sedikitnya satu peran.")
    remedy = Text("Name the roles, or disable the user.", "Sebutkan perannya, atau nonaktifkan pengguna itu.")
    where = "{user}"
    user: str


class LastCustodian(BankError, InputError):
    """Nobody would be left who can make accounts. Nothing was changed."""

    code = "last-custodian"
    text = Text("{user} is the last key custodian.", "{user} adalah pemegang kunci terakhir.")
    remedy = Text("Make another one first.", "Angkat pemegang kunci lain lebih dahulu.")
    where = "{user}"
    user: str
