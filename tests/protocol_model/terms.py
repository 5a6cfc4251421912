# SPDX-License-Identifier: Apache-2.0
"""What travels: symbolic MACs and the tuples that they cover.

A MAC is an object that only :class:`KeyRing` makes, and only for a key that the ring holds; two MACs are the same
object where key and message are the same, so ``is`` compares them. Who holds no key can pass on what was
seen, nothing else.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

DEBIT, RECEIPT, UPDATE, OVERRIDE = "DEBIT", "RECEIPT", "UPDATE", "OVERRIDE"  #: labels of keys, and of commands
CANCEL = "CANCEL"
MONTH = 1000  #: moments in a month; moment // MONTH is its month
LOG = 4  #: receipts that a card keeps; a real one keeps 30
GIVEN, NOT_DUE, NO_PIN = "given", "not due", "no PIN"

OK, LENGTH, NO_CHALLENGE, WRONG_MAC, NOT_FOUND = 0x9000, 0x6700, 0x6985, 0x6988, 0x6A83
WRONG_PIN, PIN_BLOCKED, NO_PIN_SET, CONTACTS_ONLY = 0x63C0, 0x6983, 0x6984, 0x6982
BALANCE, LIMIT, MAXIMUM, CATEGORY, EXPIRED, BEFORE_MONTH = 0x9401, 0x9402, 0x9403, 0x9404, 0x9405, 0x9406
ALREADY_DONE, STATE, STALE, CONFLICT, INVALID = 0x9409, 0x940B, 0x940D, 0x940E, 0x940F
NOT_CANCELLABLE, OVERRIDE_MAXIMUM, PIN_REQUIRED = 0x9410, 0x9411, 0x9412

Key = tuple[str, int, int]  #: label, version, serial


class Hole(Exception):
    """An invariant of issue 10 does not hold."""

    def __init__(self, invariant: int, text: str) -> None:
        super().__init__(f"invariant {invariant}: {text}")
        self.invariant = invariant


class Mac:
    """Nothing is known of it but whether it is another one."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


ZERO = Mac(0)  #: before the first receipt
_made: dict[tuple[Key, object], Mac] = {}
_counter = itertools.count(1)


def begin() -> None:
    """A new history: what was made before is forgotten."""
    global _counter
    _made.clear()
    _counter = itertools.count(1)


def fresh() -> int:
    """A random number that nobody has seen."""
    return next(_counter)


class KeyRing:
    """Makes MACs under the keys that one party holds, and no others."""

    def __init__(self, held: frozenset[tuple[str, int]], serial: int | None = None) -> None:
        """``held``: label and version; ``serial``: keys of one card alone."""
        self._held, self._serial = held, serial

    def mac(self, key: Key, message: object) -> Mac:
        if key[:2] not in self._held or self._serial not in (None, key[2]):
            raise PermissionError(f"not held: {key}")
        made = _made.get((key, message))
        if made is None:
            made = _made[key, message] = Mac(next(_counter))
        return made

    def pad(self, key: Key, message: object) -> int:
        """The first 32 bits of a MAC, to be XORed with something."""
        return self.mac(key, message).number * 2654435761 & 0xFFFFFFFF


def ring(*labels: str, versions: tuple[int, ...] = (1, 2), serial: int | None = None) -> KeyRing:
    """All versions of these keys."""
    return KeyRing(frozenset((label, version) for label in labels for version in versions), serial)


class Quote(NamedTuple):
    """What SELECT says beside serial and challenge; ``masked``: number of the newest receipt XOR the card's mask."""

    state_class: int
    debit: int
    receipt: int
    update: int
    override: int
    masked: int


class Body(NamedTuple):
    """The 36 bytes of a movement. ``mark``: digest of the basket, MAC of the cancelled receipt, or companion."""

    amount: int
    categories: int
    moment: int
    terminal: int
    txn: int
    mark: object


class Entitlement(NamedTuple):
    seq: int
    loaded: int
    expired: int
    limit: int
    override_max: int
    debit_max: int
    pin_above: int
    categories: int
    valid_until: int  #: month
    keys: frozenset[str]
    active: bool
    pin_count: int
    mend_count: int
    mended_to: int  #: month
    forfeit: bool = False  #: the flags of today's protocol, where the repairs are taken out
    unblock: bool = False


class Receipt(NamedTuple):
    kind: str
    body: Body | Entitlement
    seq: int
    balance: int
    month_spent: int
    previous: Mac
    update_seq: int
    granted: int
    month: int
    pin: str
    serial: int
    key_version: int
    mac: Mac


class Command(NamedTuple):
    """``quoted`` is what the sender was told at SELECT: for the witness alone, it does not travel."""

    ins: str
    body: object = None
    mac: Mac | None = None
    quoted: object = None


class Answer(NamedTuple):
    sw: int
    data: tuple[object, ...] = ()
    mac: Mac | None = None


def digest(basket: int, whole: bool) -> int:
    """Of 16 bytes, which name one basket; of 8 bytes (not ``whole``), whoever computes for minutes finds a second."""
    return basket if whole else basket >> 1
