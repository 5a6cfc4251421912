# SPDX-License-Identifier: Apache-2.0
"""One card's receipts in the hands of a forger, with the RECEIPT key or without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from random import Random

from ssn_card.keys import KeyProvider
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.receipts.receipt import MAC_OFFSET, names_of

NO_MAC = bytes(RECEIPT.size - MAC_OFFSET)


class Damage(Enum):
    """What became of a line of text, or of a row's raw receipt."""

    NONE = "none"
    TORN = "torn"  #: its end is lost
    GARBAGE = "garbage"  #: it is no receipt at all
    COLUMNS = "columns"  #: the columns beside the receipt say something else; there are none in JSON Lines


@dataclass(frozen=True, slots=True)
class Entry:
    """A receipt as it is handed in: in which file, with which basket (canonical text), and how damaged."""

    raw: bytes
    file: int
    basket: str | None = None
    damage: Damage = Damage.NONE

    @property
    def receipt(self) -> Receipt:
        """The receipt."""
        return Receipt(self.raw)

    @property
    def type(self) -> int:
        """Of :class:`ReceiptType`, unless it was altered."""
        return self.receipt.type

    def with_raw(self, raw: bytes) -> Entry:
        """Another receipt in its place."""
        return replace(self, raw=raw)

    def altered(self, **fields: bytes | int) -> Entry:
        """Some fields replaced, by the names of its type; the MAC as it was."""
        names = names_of(self.type)
        values = {
            name: value.to_bytes(names[name].stop - names[name].start, "big") if isinstance(value, int) else value
            for name, value in fields.items()
        }
        return self.with_raw(self.receipt.altered(**values).raw)


Card = tuple[Entry, ...]  #: from the first receipt to the last


class Forger:
    """Draws what to do, and knows the keys where a kind of fault says that they were stolen."""

    def __init__(self, random: Random, provider: KeyProvider, files: int, others: Sequence[Card]) -> None:
        """``files``: how many there are; ``others``: honest cards, whose receipts and baskets he has seen."""
        self.random, self.files = random, files
        self._provider, self._others = provider, others

    def other(self, but: Card) -> Card:
        """Another card."""
        while True:
            card = self.random.choice(self._others)
            if card[0].receipt.serial != but[0].receipt.serial:
                return card

    def place(self, card: Card, *types: ReceiptType, first: int = 0, last: int = 0) -> int | None:
        """Where a receipt of one of these types (none: any) stands, but for the ``first`` and the ``last``."""
        fitting = [at for at in range(first, len(card) - last) if not types or card[at].type in types]
        return self.random.choice(fitting) if fitting else None

    def another_file(self, file: int) -> int:
        """A file that is not this one."""
        return (file + self.random.randrange(1, self.files)) % self.files

    def resigned(self, entry: Entry) -> Entry:
        """With a right MAC under the stolen key; as it is under a key version that there is not."""
        receipt = entry.receipt
        if receipt.key_version not in self._provider.versions(KeyLabel.RECEIPT):
            return entry
        key = self._provider.diversify(KeyLabel.RECEIPT, receipt.key_version, receipt.serial)
        signed = entry.raw[:MAC_OFFSET]
        return entry.with_raw(signed + key.mac8(signed))

    def rechained(self, before: Entry | None, entries: Iterable[Entry]) -> Card:
        """Receipts with every link, and every MAC, made anew under the stolen key."""
        made: list[Entry] = []
        for entry in entries:
            previous = before.receipt.mac if before else NO_MAC
            links = {"previous_mac": previous}
            receipt = entry.receipt
            if receipt.type == ReceiptType.CANCEL and receipt.cancelled_mac == receipt.previous_mac:
                links["cancelled_mac"] = previous
            before = self.resigned(entry.altered(**links))
            made.append(before)
        return tuple(made)

    def lie(self, card: Card, at: int, *instead: Entry) -> Card:
        """A receipt replaced under the stolen key, and all that follow made to fit the new MAC."""
        before = card[at - 1] if at else None
        return (*card[:at], *self.rechained(before, (*instead, *card[at + 1 :])))
