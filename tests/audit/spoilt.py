# SPDX-License-Identifier: Apache-2.0
"""Cards' receipts as the rows of an engine: honest ones, and such as were spoilt by somebody with the card's key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.model.wire import MAC, T_CANCEL, TYPE
from tests.receipts.histories import played
from tests.receipts.made import AT_SERIAL, PROVIDER, SIZE, fields_of, replaced

from ssn_card.audit.rows import Rows
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel

VERSION = 66
VERSIONS = (1, 2)  #: of which there are keys
HISTORIES = 64  #: that are played; all other cards repeat them under their own serials
FILES = 5
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)


class Given(NamedTuple):
    """What an engine is given."""

    rows: Rows
    keys: NDArray[np.uint8]
    key_of: NDArray[np.int32]


@cache
def key(serial: bytes, version: int) -> SecretKey:
    """RECEIPT of a card."""
    return PROVIDER.diversify(KeyLabel.RECEIPT, version, serial)


def signed(raw: bytes) -> bytes:
    """A receipt with a right MAC, by the stolen key of the card and version that it names."""
    version = raw[VERSION] if raw[VERSION] in VERSIONS else 1
    return raw[:MAC] + key(raw[AT_SERIAL], version).mac8(raw[:MAC])


def serial(number: int) -> bytes:
    """Of a card."""
    return (0x5353_0000_0000_0000 + number).to_bytes(8, "big")


@cache
def _history(seed: int) -> tuple[bytes, ...]:
    return tuple(played(seed).receipts)


def honest(number: int) -> list[bytes]:
    """The receipts of one card, by its own keys."""
    own = serial(number)
    return rechained([raw[: AT_SERIAL.start] + own + raw[AT_SERIAL.stop :] for raw in _history(number % HISTORIES)])


def rechained(receipts: Iterable[bytes]) -> list[bytes]:
    """The receipts with each link and MAC made anew; a cancellation names the receipt before it if it did."""
    out: list[bytes] = []
    for raw in receipts:
        before = out[-1][MAC:] if out else bytes(8)
        follows: dict[str, int | bytes] = {"previous_mac": before}
        if raw[TYPE] == T_CANCEL and raw[24:32] == raw[48:56]:
            follows["cancelled_mac"] = before
        out.append(signed(replaced(raw, **follows)))
    return out


def arranged(receipts: Iterable[bytes], random: Random, unknown: frozenset[bytes] = frozenset()) -> Given:
    """As sorted rows, each in some file, with the keys of all cards but the ``unknown``."""
    placed = sorted((raw[AT_SERIAL], raw, random.randrange(FILES), random.randrange(1, 1 << 40)) for raw in receipts)
    raw = np.frombuffer(b"".join(one[1] for one in placed), np.uint8).reshape(-1, SIZE).copy()
    file, line = (np.array([one[at] for one in placed], kind) for at, kind in ((2, np.int32), (3, np.int64)))
    numbers: dict[tuple[bytes, int], int] = {}
    key_of = np.full(len(placed), -1, np.int32)
    for row, (own, receipt, _, _) in enumerate(placed):
        if receipt[VERSION] in VERSIONS and own not in unknown:
            key_of[row] = numbers.setdefault((own, receipt[VERSION]), len(numbers))
    values = b"".join(key(*of).value() for of in numbers)
    keys = np.frombuffer(values, np.uint8).reshape(-1, 16).copy()
    return Given(Rows(raw, file, line, np.zeros(len(placed), np.uint8)), keys, key_of)


class Spoiler:
    """Spoils cards, densely, so that faults meet faults."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def card(self, number: int) -> list[bytes]:
        """A card's receipts with about as many things wrong as the dice say: some none, some in every receipt."""
        receipts = honest(number)
        ways: tuple[Callable[[list[bytes]], list[bytes]], ...] = (
            self._altered, self._altered, self._altered, self._flipped, self._dropped, self._doubled, self._swapped,
            self._twin, self._foreign, self._version, self._cut, self._linked, rechained,
        )  # fmt: skip
        for _ in range(self.random.choice((0, 1, 2, 4, 8, 24))):
            if receipts:
                receipts = self.random.choice(ways)(receipts)
        return receipts

    def _at(self, receipts: list[bytes]) -> int:
        return self.random.randrange(len(receipts))

    def _value(self, name: str, size: int, receipts: list[bytes], at: int) -> bytes:
        """One that comes near: of a receipt beside it, or a little more or less; or one at an end, or any."""
        place, _ = fields_of(receipts[at])[name]
        near = receipts[max(0, min(len(receipts) - 1, at + self.random.choice((-2, -1, 1, 2))))]
        own = int.from_bytes(receipts[at][place : place + size], "big")
        most = 1 << 8 * size
        step = self.random.choice((-1, 1, 0x10, 0x100, -0x100, 1 << 16, 50_000, -50_000, 1_000_000))
        return self.random.choice(
            (
                near[place : place + size],
                near[place : place + size],
                ((own + step) % most).to_bytes(size, "big"),
                (own ^ 1 << self.random.randrange(8 * size)).to_bytes(size, "big"),
                (self.random.choice(EDGES) % most).to_bytes(size, "big"),
                self.random.randbytes(size),
            )
        )

    def _altered(self, receipts: list[bytes]) -> list[bytes]:
        """Some fields are other ones; the receipt is signed anew, mostly, and those behind it linked, often."""
        at = self._at(receipts)
        raw = receipts[at]
        for name in self.random.sample(sorted(fields_of(raw)), self.random.choice((1, 1, 1, 2, 3))):
            if name in ("serial", "mac"):
                continue
            raw = replaced(raw, **{name: self._value(name, fields_of(raw)[name][1], receipts, at)})
            if name == "type":
                break
        raw = signed(raw) if self.random.random() < 0.95 else raw
        spoilt = [*receipts[:at], raw, *receipts[at + 1 :]]
        return rechained(spoilt) if self.random.random() < 0.6 else spoilt

    def _flipped(self, receipts: list[bytes]) -> list[bytes]:
        at = self._at(receipts)
        bit = self.random.randrange(8 * SIZE)
        raw = bytearray(receipts[at])
        raw[bit // 8] ^= 1 << bit % 8
        return [*receipts[:at], bytes(raw), *receipts[at + 1 :]]

    def _dropped(self, receipts: list[bytes]) -> list[bytes]:
        at = self._at(receipts)
        return receipts[:at] + receipts[at + self.random.choice((1, 1, 2, 5)) :]

    def _cut(self, receipts: list[bytes]) -> list[bytes]:
        """Out of the chain, with those behind it numbered and linked as if it had never been."""
        at = self._at(receipts)
        return rechained(
            replaced(raw, seq=number) for number, raw in enumerate(receipts[:at] + receipts[at + 1 :], start=1)
        )

    def _doubled(self, receipts: list[bytes]) -> list[bytes]:
        return receipts + [receipts[self._at(receipts)]] * self.random.choice((1, 2, 9))

    def _swapped(self, receipts: list[bytes]) -> list[bytes]:
        """Two change their numbers, or all but these."""
        at = self._at(receipts[:-1] or receipts)
        pair = receipts[at : at + 2][::-1]
        numbered = [replaced(raw, seq=receipts[at + more][:4]) for more, raw in enumerate(pair)]
        spoilt = receipts[:at] + numbered + receipts[at + 2 :]
        return rechained(spoilt) if self.random.random() < 0.7 else [*map(signed, spoilt)]

    def _twin(self, receipts: list[bytes]) -> list[bytes]:
        """Two of one number; seldom, for the judge takes such a card over."""
        if self.random.random() < 0.8:
            return receipts
        twin = receipts[self._at(receipts)]
        return [*receipts, signed(replaced(twin, terminal_txn=self.random.randbytes(4))) if twin[TYPE] != 4 else twin]

    def _foreign(self, receipts: list[bytes]) -> list[bytes]:
        """Under the serial of a card beside it."""
        at = self._at(receipts)
        own = int.from_bytes(receipts[at][AT_SERIAL], "big")
        raw = replaced(receipts[at], serial=(own + self.random.choice((-1, 1))).to_bytes(8, "big"))
        return [*receipts[:at], signed(raw) if self.random.random() < 0.3 else raw, *receipts[at + 1 :]]

    def _version(self, receipts: list[bytes]) -> list[bytes]:
        """From some receipt on, or in one alone, another version."""
        at, version = self._at(receipts), self.random.choice((1, 2, 2, 3))
        end = self.random.choice((at + 1, len(receipts)))
        return rechained(replaced(raw, key_version=version) if at <= i < end else raw for i, raw in enumerate(receipts))

    def _linked(self, receipts: list[bytes]) -> list[bytes]:
        """To nothing that is here."""
        at = self._at(receipts)
        raw = signed(replaced(receipts[at], previous_mac=self.random.choice((bytes(8), self.random.randbytes(8)))))
        return [*receipts[:at], raw, *receipts[at + 1 :]]
