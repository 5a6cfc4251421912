# SPDX-License-Identifier: Apache-2.0
"""A PIN by chance, for a letter: six digits, and none of those that a thief tries first."""

from __future__ import annotations

import datetime as dt
import secrets
from contextlib import suppress
from itertools import pairwise

LENGTH = 6  #: digits
_FEWEST = 4  #: different digits
_DATES = ("%d%m%y", "%y%m%d")


def new_pin() -> str:
    """Six decimal digits. About one in seven is thrown away as weak, which costs a fifth of a bit."""
    while True:
        pin = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"
        if not is_weak(pin):
            return pin


def is_weak(pin: str) -> bool:
    """Whether a PIN is guessed early: few digits (112211), steps of one size (135791), or a date (170845, 450817)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(set(pin)) < _FEWEST or len(steps) == 1 or any(_is_date(pin, form) for form in _DATES)


def _is_date(pin: str, form: str) -> bool:
    with suppress(ValueError):
        dt.datetime.strptime(pin, form)
        return True
    return False
