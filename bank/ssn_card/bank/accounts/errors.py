# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with accounts.

The tree::

    BankError
      SignInRefused (InputError)
      UserExists (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import InputError, Text

from ..errors import BankError


class SignInRefused(BankError, InputError):
    """No such user, a wrong password, or a disabled account: which of them is not said."""

    code = "sign-in-refused"
    text = Text("The sign-in was refused.", "Masuk ditolak.")
    remedy = Text(
        "Check name and password. A key custodian can set another one: ssn bank users password.",
        "Periksa nama dan kata sandi. Pemegang kunci dapat menggantinya: ssn bank users password.",
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
