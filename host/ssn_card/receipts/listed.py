# SPDX-License-Identifier: Apache-2.0
"""Receipts of cards that lists speak of: of a card that nobody issued, had been blocked, or was never handed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssn_card.protocol import bcd
from ssn_card.protocol.errors import NO_TEXT, Text, rupiah
from ssn_card.protocol.values import ReceiptType

from .cards import ALWAYS, CardLists
from .chain import Placed
from .findings import Finding, Problem
from .receipt import Receipt

_HELD = Text("receipts: {count}; spent: {spent}{since}", "kuitansi: {count}; belanja: {spent}{since}")
_SINCE = Text("; blocked {moment}", "; diblokir {moment}")


@dataclass(slots=True)
class _Offence:
    """What a list says against one card, and the receipts that it says it against."""

    problem: Problem
    field: str
    since: bytes | None = None  #: of movements alone, and from then on
    first: Placed | None = None
    count: int = 0
    spent: int = 0

    def look(self, placed: Placed) -> None:
        """Count a receipt if it should not be."""
        receipt = placed.receipt
        if self.since is not None and not _moved_after(receipt, self.since):
            return
        self.first = self.first or placed
        self.count += 1
        self.spent += receipt.moved

    def findings(self) -> Iterator[Finding]:
        """One, at the first such receipt, if there is any."""
        if self.first is None:
            return
        since = _SINCE.filled(moment=bcd.to_timestamp(self.since)) if self.since not in (None, ALWAYS) else NO_TEXT
        detail = _HELD.filled(count=self.count, spent=rupiah(self.spent), since=since)
        line, receipt, file, _ = self.first
        yield Finding(self.problem, line, self.field, receipt.serial, receipt.seq, detail, file, self.count)


def _moved_after(receipt: Receipt, since: bytes) -> bool:
    return receipt.type != ReceiptType.UPDATE and receipt.timestamp_bytes >= since


class Listed:
    """Looks at the receipts of one card as they pass, for one finding of each list that speaks against them.

    ``UNKNOWN_CARD`` and ``NEVER_DELIVERED`` are about every genuine receipt, ``BLOCKED_CARD`` about movements at or
    after the moment of the block, by the terminal's clock. The first, by number and then by content, gives the finding
    its place; ``receipts`` is how many they are, and what they spent is in the detail.
    """

    def __init__(self, serial: bytes, lists: CardLists) -> None:
        self._offences: list[_Offence] = []
        if lists.issued is not None and serial not in lists.issued:
            self._offences.append(_Offence(Problem.UNKNOWN_CARD, "serial"))
        if (since := lists.blocked.get(serial)) is not None:
            self._offences.append(_Offence(Problem.BLOCKED_CARD, "timestamp", since))
        if serial in lists.undelivered:
            self._offences.append(_Offence(Problem.NEVER_DELIVERED, "serial"))

    def __bool__(self) -> bool:
        """Whether any list speaks of the card."""
        return bool(self._offences)

    def passing(self, placed: Iterable[Placed]) -> Iterable[Placed]:
        """The genuine receipts of the card, sorted by ``seq`` and content, no two alike, as they were."""
        return self._passing(placed) if self else placed

    def _passing(self, placed: Iterable[Placed]) -> Iterator[Placed]:
        for one in placed:
            for offence in self._offences:
                offence.look(one)
            yield one

    def findings(self) -> Iterator[Finding]:
        """Once all have passed."""
        for offence in self._offences:
            yield from offence.findings()
