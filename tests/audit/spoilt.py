# SPDX-License-Identifier: Apache-2.0
"""Cards' receipts as the rows of an engine: honest ones, and such as were spoilt by somebody with the card's key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.model.wire import MAC, T_CANCEL, T_DEBIT, T_OVERRIDE, T_UPDATE, TYPE
from tests.receipts.histories import played
from tests.receipts.made import AT_SERIAL, PROVIDER, SIZE, fields_of, replaced

from ssn_card.audit.rows import Rows
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Receipt
from ssn_card.receipts.account import BEGINNING

VERSION = 66
VERSIONS = (1, 2)  #: of which there are keys
HISTORIES = 64  #: that are played; all other cards repeat them under their own serials
FILES = 5
#: What an update sets that movements then are held to.
SET = (
    "loaded_total", "expired_total", "monthly_limit", "override_max", "debit_max", "pin_above", "allowed_categories",
    "valid_until", "key_selection", "state", "pin_count", "mend_count",
)  # fmt: skip
DAY = slice(10, 13)  #: of a movement
#: Those of few values.
AMONG = {"state": (1, 2, 2, 3, 4, 4), "key_selection": (0, 1, 8, 9, 15)}
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
    return tuple(played(seed, 20 + seed % 8 * 16).receipts)


def moved_to(raw: bytes, own: bytes) -> bytes:
    """A receipt under another serial."""
    return signed(replaced(raw, serial=own))


def honest(number: int) -> list[bytes]:
    """The receipts of one card, by its own keys."""
    return rechained(moved_to(raw, serial(number)) for raw in _history(number % HISTORIES))


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


def numbered(receipts: list[bytes]) -> list[bytes]:
    """The receipts with numbers without a gap."""
    return [replaced(raw, seq=number) for number, raw in enumerate(receipts, start=1)]


def rebooked(receipts: list[bytes], start: int) -> list[bytes]:
    """The receipts with the sums from one on made anew out of their amounts, and linked."""
    out = receipts[:start]
    for raw in receipts[start:]:
        newest, receipt = Receipt(out[-1]) if out else BEGINNING.newest, Receipt(raw)
        balance, month = newest.balance_after - receipt.moved, newest.month
        sums = {"update_seq": newest.update_seq, "granted_total": newest.granted_total}
        spent = newest.month_spent_after + receipt.moved
        if receipt.type == T_DEBIT and (month := receipt.timestamp_bytes[:2]) != newest.month:
            spent = receipt.amount
        if receipt.type == T_UPDATE:
            balance, month = receipt.balance_after, receipt.month
            sums = {"granted_total": newest.spent_total + balance}
        sums |= {"balance_after": balance, "month_spent_after": spent}
        if all(0 <= value < 1 << 31 for value in sums.values()):
            raw = replaced(raw, month=month, **sums)
        out.append(raw)
    return rechained(out)


def arranged(receipts: Iterable[bytes], random: Random, unknown: frozenset[bytes] = frozenset()) -> Given:
    """As sorted rows, each in some file, with the keys of all cards but the ``unknown``."""
    placed = sorted((raw[AT_SERIAL], raw, random.randrange(FILES), random.randrange(1, 1 << 40)) for raw in receipts)
    raw = np.frombuffer(b"".join(one[1] for one in placed), np.uint8).reshape(-1, SIZE).copy()
    file, line = np.array([one[2] for one in placed], np.int32), np.array([one[3] for one in placed], np.int64)
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
            self.altered, self.altered, self.altered, self.entitled, self.entitled, self.edged, self.edged,
            self.raised, self.mended, self.hidden, self.hidden, self.again, self.dropped, self.swapped,
            self.version, self.cut,
        )  # fmt: skip
        broken = (self.flipped, self.doubled, self.foreign, self.linked, self.linked, self.dropped, self.altered)
        for _ in range(self.random.choice((0, 1, 3, 6, 12, 40))):
            receipts = self.random.choice(ways)(receipts)
        for _ in range(self.random.choice((0, 0, 1, 2, 4))):  # at last, for many ways make the chain anew
            receipts = self.random.choice(broken)(receipts)
        return self.twin(receipts) if self.random.random() < 0.05 else receipts

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
                ((own + step) % most).to_bytes(size, "big"),
                (own ^ 1 << self.random.randrange(8 * size)).to_bytes(size, "big"),
                (self.random.choice(EDGES) % most).to_bytes(size, "big"),
                self.random.randbytes(size),
            )
        )

    def altered(self, receipts: list[bytes]) -> list[bytes]:
        """Some fields are other ones; the receipt is signed anew, mostly, and those behind it linked, often."""
        at = self._at(receipts)
        raw = receipts[at]
        names = sorted(set(fields_of(raw)) - {"serial", "mac", "layout_version", "reserved", "padding"})
        for name in self.random.sample(names, self.random.choice((1, 1, 1, 2, 3))):
            if name in fields_of(raw):  # by then it may be of another type
                raw = replaced(raw, **{name: self._value(name, fields_of(raw)[name][1], receipts, at)})
        raw = signed(raw) if self.random.random() < 0.95 else raw
        spoilt = [*receipts[:at], raw, *receipts[at + 1 :]]
        return rechained(spoilt) if self.random.random() < 0.8 else spoilt

    def entitled(self, receipts: list[bytes]) -> list[bytes]:
        """An update has set something else than what the card then did."""
        updates = [at for at, raw in enumerate(receipts) if raw[TYPE] == T_UPDATE]
        if not updates:
            return receipts
        at = self.random.choice(updates)
        name = self.random.choice(SET)
        of_updates = [receipts[one] for one in updates]
        value = self._value(name, fields_of(receipts[at])[name][1], of_updates, updates.index(at))
        if name in AMONG:
            value = bytes((self.random.choice(AMONG[name]),))
        elif name == "valid_until":
            value = self.random.choice(receipts)[DAY]
        elif name == "override_max" and self.random.random() < 0.3:
            most = max(0, 0x7FFF_FFFF - Receipt(receipts[at]).monthly_limit)
            value = (most + self.random.choice((0, 1))).to_bytes(4, "big")
        to = self.random.choice((at, len(receipts)))  # so do those behind it, or not
        return rechained(
            replaced(raw, **{name: value}) if place in updates and at <= place <= to else raw
            for place, raw in enumerate(receipts)
        )

    def edged(self, receipts: list[bytes]) -> list[bytes]:
        """A movement goes just to where the card would refuse it, or just beyond; all behind it adds up to that."""
        at = self._at(receipts)
        account = BEGINNING
        for raw in receipts[:at]:
            account = account.with_next(Receipt(raw))
        receipt, entitlement = Receipt(receipts[at]), account.stated
        if receipt.type == T_UPDATE:
            return receipts
        before, month = account.newest, receipt.timestamp_bytes[:2]
        in_month = before.month_spent_after if month == before.month else 0
        of_debits = (
            entitlement.monthly_limit + account.added(month)[1] - in_month,
            entitlement.debit_max,
            before.balance_after - account.floor[0],
            before.balance_after,
        )
        of_overrides = (entitlement.override_max - account.added(month)[0],)
        edges = of_overrides if receipt.type == T_OVERRIDE else of_debits
        edge = self.random.choice((min(edges), min(edges), self.random.choice(edges)))
        amount = edge + self.random.choice((-1, 0, 0, 1, 1))
        spoilt = replaced(receipts[at], amount=amount % 0x7FFF_FFFF)
        if self.random.random() < 0.3:
            spoilt = replaced(spoilt, pin_state=self.random.choice((0, 1, 2)))
        return rebooked([*receipts[:at], spoilt, *receipts[at + 1 :]], at)

    def raised(self, receipts: list[bytes]) -> list[bytes]:
        """A companion raises the limit of this or another month."""
        at = self._at(receipts)
        month = self.random.choice(receipts)[DAY][:2] if self.random.random() < 0.5 else receipts[at][75:77]
        amount = self.random.choice((1, 50_000, 100_000, 150_000, 300_000))
        raw = replaced(replaced(receipts[at], type=T_OVERRIDE), amount=amount, reason=1, padding=bytes(8), pin_state=0)
        raw = replaced(raw, reserved=bytes(2), timestamp=month + bytes.fromhex("15080000"))
        return rebooked(numbered([*receipts[: at + 1], raw, *receipts[at + 1 :]]), at + 1)

    def mended(self, receipts: list[bytes]) -> list[bytes]:
        """An update sets another month, having counted that or not."""
        updates = [at for at, raw in enumerate(receipts) if raw[TYPE] == T_UPDATE]
        if not updates:
            return receipts
        at = self.random.choice(updates)
        old = Receipt(receipts[at])
        month = self.random.choice((bytes(2), b"\0\1", old.month, self.random.choice(receipts)[75:77]))
        count = min(255, old.mend_count + self.random.choice((0, 1)))
        raw = replaced(old.raw, month=month, mend_count=count)
        return rebooked([*receipts[:at], raw, *receipts[at + 1 :]], at + 1)

    def hidden(self, receipts: list[bytes]) -> list[bytes]:
        """Some are not here, and the one behind them says just what those may have come to, or a rupiah else."""
        at, missing = self._at(receipts), self.random.choice((1, 1, 2, 3))
        if at + missing >= len(receipts):
            return receipts
        newest = Receipt(receipts[at - 1]) if at else BEGINNING.newest
        raw = receipts[at + missing]
        receipt = Receipt(raw)
        back = newest.amount if newest.type == T_DEBIT else 0
        spent = receipt.spent_total - newest.spent_total
        a_bit = self.random.choice((-1, 0, 0, 1))
        values = self.random.choice(
            (
                {"balance_after": receipt.granted_total - newest.spent_total - max(receipt.moved, 0) + back + a_bit},
                {"month_spent_after": newest.month_spent_after + spent + a_bit, "month": newest.month},
                {"month_spent_after": spent + back + a_bit},
                {"update_seq": newest.update_seq + (receipt.type == T_UPDATE) + a_bit},
                {"granted_total": newest.granted_total + a_bit},
            )
        )
        if self.random.random() < 0.7:
            values["update_seq"] = newest.update_seq + (receipt.type == T_UPDATE)
        if all(not isinstance(value, int) or 0 <= value < 1 << 31 for value in values.values()):
            raw = replaced(raw, **values)
        return [*receipts[:at], *rechained([raw, *receipts[at + missing + 1 :]])]

    def again(self, receipts: list[bytes]) -> list[bytes]:
        """A receipt's movement is done twice, one after the other."""
        at = self._at(receipts)
        twice = [*receipts[: at + 1], *receipts[at:]]
        if receipts[at][TYPE] == T_CANCEL and self.random.random() < 0.5:  # naming the cancellation itself
            twice[at + 1] = replaced(twice[at + 1], cancelled_mac=twice[at + 1][48:56])
        return rebooked(numbered(twice), at + 1)

    def flipped(self, receipts: list[bytes]) -> list[bytes]:
        at = self._at(receipts)
        bit = self.random.randrange(8 * SIZE)
        raw = bytearray(receipts[at])
        raw[bit // 8] ^= 1 << bit % 8
        return [*receipts[:at], bytes(raw), *receipts[at + 1 :]]

    def dropped(self, receipts: list[bytes]) -> list[bytes]:
        at = self._at(receipts)
        return receipts[:at] + receipts[at + self.random.choice((1, 1, 2, 5)) :] or receipts

    def cut(self, receipts: list[bytes]) -> list[bytes]:
        """Out of the chain, with those behind it numbered and linked as if it had never been."""
        at = self._at(receipts)
        kept = receipts[:at] + receipts[at + 1 :] or receipts
        return rechained(numbered(kept))

    def doubled(self, receipts: list[bytes]) -> list[bytes]:
        return receipts + [receipts[self._at(receipts)]] * self.random.choice((1, 2, 9))

    def swapped(self, receipts: list[bytes]) -> list[bytes]:
        """Two change their numbers."""
        at = self._at(receipts)
        pair = receipts[at : at + 2]
        numbered = [
            replaced(raw, seq=number.raw[:4]) for raw, number in zip(pair[::-1], map(Receipt, pair), strict=True)
        ]
        spoilt = receipts[:at] + numbered + receipts[at + 2 :]
        return rechained(spoilt) if self.random.random() < 0.7 else [*map(signed, spoilt)]

    def twin(self, receipts: list[bytes]) -> list[bytes]:
        """Two of one number."""
        twin = receipts[self._at(receipts)]
        return [*receipts, signed(replaced(twin, previous_mac=self.random.randbytes(8)))]

    def foreign(self, receipts: list[bytes]) -> list[bytes]:
        """Under the serial of a card beside it."""
        at = self._at(receipts)
        own = int.from_bytes(receipts[at][AT_SERIAL], "big")
        raw = replaced(receipts[at], serial=(own + self.random.choice((-1, 1))).to_bytes(8, "big"))
        return [*receipts[:at], signed(raw) if self.random.random() < 0.3 else raw, *receipts[at + 1 :]]

    def version(self, receipts: list[bytes]) -> list[bytes]:
        """From some receipt on, or in one alone, another version."""
        at, version = self._at(receipts), self.random.choice((1, 2, 2, 2, 3))
        end = self.random.choice((at + 1, len(receipts)))
        return rechained(replaced(raw, key_version=version) if at <= i < end else raw for i, raw in enumerate(receipts))

    def linked(self, receipts: list[bytes]) -> list[bytes]:
        """To nothing that is here."""
        at = self._at(receipts)
        raw = signed(replaced(receipts[at], previous_mac=self.random.choice((bytes(8), self.random.randbytes(8)))))
        return [*receipts[:at], raw, *receipts[at + 1 :]]
