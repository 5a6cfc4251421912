# SPDX-License-Identifier: Apache-2.0
"""Where a password comes from: the argument, else the environment. Asking a person is the command line's task."""

from __future__ import annotations

import os
import unicodedata

from .errors import PasswordMissing

PASSWORD_VARIABLE = "SSN_KEYRING_PASSWORD"  # noqa: S105


def password_bytes(password: str | None, where: str) -> bytes:
    """The password as UTF-8 in Unicode form NFKC, so that it opens the file on every keyboard.

    Raises :class:`PasswordMissing` when neither the argument nor the environment gives one.
    """
    given = os.environ.get(PASSWORD_VARIABLE) if password is None else password
    if not given:
        raise PasswordMissing(where)
    return unicodedata.normalize("NFKC", given).encode()
