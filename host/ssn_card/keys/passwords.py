# SPDX-License-Identifier: Apache-2.0
"""Where a password comes from: the argument, else the environment. Asking a person is the command line's task."""

from __future__ import annotations

import os
import unicodedata

from .errors import PasswordMissing, PasswordWeak

PASSWORD_VARIABLE = "SSN_KEYRING_PASSWORD"  # noqa: S105
MIN_LENGTH = 12  #: characters; each guess costs a thief of the file one scrypt, and nothing else slows him down
MIN_DIFFERENT = 5  #: characters: "aaaaaaaaaaaa" is not long


def new_password_bytes(password: str | None, where: str) -> bytes:
    """As :func:`password_bytes`, for a file that is to be made.

    Raises :class:`PasswordMissing`, :class:`PasswordWeak`.
    """
    secret = password_bytes(password, where)
    text = secret.decode()
    if len(text) < MIN_LENGTH or len(set(text)) < MIN_DIFFERENT:
        raise PasswordWeak(MIN_LENGTH, MIN_DIFFERENT, where)
    return secret


def password_bytes(password: str | None, where: str) -> bytes:
    """The password as UTF-8 in Unicode form NFKC, so that it opens the file on every keyboard.

    Raises :class:`PasswordMissing` when neither the argument nor the environment gives one.
    """
    given = os.environ.get(PASSWORD_VARIABLE) if password is None else password
    if not given:
        raise PasswordMissing(where)
    return unicodedata.normalize("NFKC", given).encode()
