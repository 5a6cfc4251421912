# SPDX-License-Identifier: Apache-2.0
"""Custodians at a ceremony: each types a component at a prompt of its own, and nobody sees it."""

from __future__ import annotations

import sys
from pathlib import Path

from ssn_card.keys.token.backup import Backup
from ssn_card.keys.token.components import BACKUP_LENGTH, Component, combined
from ssn_card.keys.token.errors import BadComponent
from ssn_card.protocol.errors import Text

from .errors import BadArgument
from .output import warn
from .passwords import asked

_TRIES = 3  #: for a slip of the finger; there is nothing to guess, since the check value is typed too
BACKUP_KEY = Text("backup key", "kunci cadangan")


def typed_key(count: int, length: int, what: Text) -> Component:
    """A key of so many bytes, out of the components of ``count`` custodians.

    Raises :class:`BadArgument` where there is no terminal, ``BadComponent``, :class:`NoAnswer`.
    """
    if not sys.stdin.isatty():
        raise BadArgument(
            Text(
                "There is no terminal at which the custodians could type their components.",
                "Tidak ada terminal tempat pemegang mengetik komponennya.",
            ),
            where="stdin",
            remedy=Text("Run the command in a terminal.", "Jalankan perintah di terminal."),
        )
    return combined([_typed(number, count, length, what) for number in range(1, count + 1)], what.en)


def backup_key(path: Path, count: int) -> Component:
    """The key of a backup, of so many custodians if there is none yet. Raises as :func:`typed_key`."""
    return typed_key(Backup.custodians_of(path) if path.exists() else count, BACKUP_LENGTH, BACKUP_KEY)


def _typed(number: int, count: int, length: int, what: Text) -> Component:
    words = {"what": what, "number": number, "count": count, "digits": 2 * length}
    component = Text(
        "Custodian {number} of {count}, component of the {what}, {digits} digits (not shown): ",
        "Pemegang {number} dari {count}, komponen {what}, {digits} digit (tidak tampak): ",
    )
    check = Text(
        "Custodian {number} of {count}, its check value, 6 digits (not shown): ",
        "Pemegang {number} dari {count}, nilai periksanya, 6 digit (tidak tampak): ",
    )
    where = Text("{what}, custodian {number}", "").filled(**words).en
    for left in reversed(range(_TRIES)):
        digits = asked(component.filled(**words))
        try:
            return Component.typed(digits, asked(check.filled(**words)), length, where)
        except BadComponent as error:
            if not left:
                raise
            warn(error.describe())
    raise AssertionError("the last try returns or raises")
