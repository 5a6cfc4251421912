# SPDX-License-Identifier: Apache-2.0
"""Passwords of accounts: argon2id (RFC 9106), and how long guessing has to wait."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ssn_card.keys.passwords import new_password_bytes, password_bytes

_HASHER = PasswordHasher()
_FREE: Final = 4  #: wrong passwords in a row without any wait
_FIRST_WAIT: Final = dt.timedelta(seconds=30)  #: after the next one; twice as long after each further one
_LONGEST: Final = dt.timedelta(hours=1)  #: a colleague who is locked out by somebody else's guesses waits no longer
_DOUBLINGS: Final = 7  #: 30 s * 2^7 is beyond an hour


def hashed(password: str, name: str) -> str:
    """For a new password, in argon2's own encoded form. Raises ``PasswordWeak``, ``PasswordMissing`` at ``name``."""
    return _HASHER.hash(new_password_bytes(password, name))


def matches(encoded: str | None, password: str, name: str) -> bool:
    """One computation of argon2, also where there is nothing to compare with. Raises ``PasswordMissing``."""
    try:
        return _HASHER.verify(encoded or _nobodys(), password_bytes(password, name))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(encoded: str) -> bool:
    """Whether it was hashed at another cost than today's."""
    return _HASHER.check_needs_rehash(encoded)


def wait_after(failures: int) -> dt.timedelta:
    """How long after the last of so many wrong passwords in a row nobody can sign in."""
    if failures <= _FREE:
        return dt.timedelta()
    return min(_FIRST_WAIT * (1 << min(failures - _FREE - 1, _DOUBLINGS)), _LONGEST)


def _nobodys() -> str:
    """What no password has, at today's cost."""
    salt, hash_ = (base64.b64encode(bytes(size)).rstrip(b"=").decode() for size in (_HASHER.salt_len, _HASHER.hash_len))
    costs = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${hash_}"
