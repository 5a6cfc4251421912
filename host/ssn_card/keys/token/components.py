# SPDX-License-Identifier: Apache-2.0
"""Components of a key: what each of two or three custodians holds, of which nothing but all together is the key.

The key is the exclusive or of its components. Each has a check value of its own, so that a slip is found where it was
made, and the combined key has one, so that a component too many, or of another key, is found too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from operator import xor

from ssn_card.keys.check_value import KCV_LENGTH, check_value
from ssn_card.protocol.crypto import BLOCK, macs_equal
from ssn_card.protocol.errors import Text

from .errors import BadComponent

MASTER_LENGTH = BLOCK  #: bytes of a master, and of each of its components
BACKUP_LENGTH = 2 * BLOCK  #: bytes of the key of a backup: AES-256
MIN_CUSTODIANS, MAX_CUSTODIANS = 2, 3
_BLANKS = str.maketrans("", "", " -\t")  #: between groups of digits


class Component:
    """One component, or a key out of them; shows itself nowhere but in :meth:`value`."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def value(self) -> bytes:
        """The bytes."""
        return self._value

    @property
    def kcv(self) -> bytes:
        """Check value, 3 bytes."""
        return check_value(self._value)

    def __repr__(self) -> str:
        return f"<Component of {len(self._value)} bytes>"

    def __reduce__(self) -> str:
        raise TypeError("a Component is not serialised")

    @classmethod
    def random(cls, length: int) -> Component:
        """A new one, of the operating system's random numbers."""
        return cls(secrets.token_bytes(length))

    @classmethod
    def typed(cls, digits: str, kcv: str, length: int, where: str) -> Component:
        """What a custodian has typed: hexadecimal digits, perhaps in groups, and the check value.

        Raises :class:`BadComponent`, which tells nothing of the digits.
        """
        value = _octets(digits, length, where, Text("a component", "komponen"))
        expected = _octets(kcv, KCV_LENGTH, where, Text("a check value", "nilai periksa"))
        if not any(value):
            raise BadComponent(Text("it is all zeros", "isinya nol semua"), where)
        if not macs_equal(check_value(value), expected):
            raise BadComponent(Text("its check value is another", "nilai periksanya lain"), where)
        return cls(value)


def combined(components: Sequence[Component], where: str) -> Component:
    """The key of these components. Raises :class:`BadComponent` where they are no custodians', or undo each other."""
    values = [one.value() for one in components]
    if not MIN_CUSTODIANS <= len(values) <= MAX_CUSTODIANS or len({len(value) for value in values}) != 1:
        raise BadComponent(
            Text("a key has two or three of one length", "satu kunci punya dua atau tiga yang sama panjang"), where
        )
    if len(set(values)) != len(values):
        raise BadComponent(Text("two custodians gave the same", "dua pemegang memberi yang sama"), where)
    key = bytes(values[0])
    for value in values[1:]:
        key = bytes(map(xor, key, value))
    if not any(key):
        raise BadComponent(Text("together they are all zeros", "gabungannya nol semua"), where)
    return Component(key)


def _octets(digits: str, length: int, where: str, what: Text) -> bytes:
    try:
        value = bytes.fromhex(digits.translate(_BLANKS))
    except ValueError:
        value = b""
    if len(value) != length:
        why = Text("{what} here has {digits} hexadecimal digits", "{what} di sini {digits} digit heksadesimal")
        raise BadComponent(why.filled(what=what, digits=2 * length), where)
    return value
