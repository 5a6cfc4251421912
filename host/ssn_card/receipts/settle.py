# SPDX-License-Identifier: Apache-2.0
"""What became of movements that their cards have forgotten: the bank proves it from the receipts beside them.

A terminal that has lost an answer asks the card by number; a card keeps 30 receipts, so the answer may be "gone". Then
the movement stands in the terminal's file for the bank, with all its bytes and the number n that it would have made.
With receipts n - 1 and n + 1 from anywhere, receipt n is built from the movement and n - 1, once for each thing that
only the card knew; the one whose MAC n + 1 names as the previous one is the card's own, restored. If there is none,
number n was another's movement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import NO_TEXT, Text
from ssn_card.protocol.layouts import MOVEMENT, RECEIPT
from ssn_card.protocol.values import MAX_AMOUNT, PinState, ReceiptType

from .account import BEGINNING
from .errors import BadGone
from .genuine import ReceiptKeys
from .jsonl import Line
from .members import rows
from .receipt import MAC_OFFSET, Receipt

SCHEMA = "ssn-card/terminal-gone/1"
_MOVEMENTS = (ReceiptType.DEBIT, ReceiptType.OVERRIDE)  #: the first and the last of them
_TOP = (1 << 32) - 1
_MAC = bytes(RECEIPT.size - MAC_OFFSET)


@dataclass(frozen=True, slots=True)
class Gone:
    """A movement whose fate its card does not tell any more.

    Args:
        serial: the card.
        seq: number of the receipt that it would have made.
        kind: DEBIT, CANCEL or OVERRIDE.
        body: its 36 bytes.
        place: ``file:line``.
    """

    serial: bytes
    seq: int
    kind: ReceiptType
    body: bytes
    place: str = ""

    @property
    def stated(self) -> Receipt:
        """The movement in the form of a receipt of which the card has said nothing yet."""
        return _with_answer(self, result=bytes(24), tail=bytes(3), key_version=1)


class Verdict(Enum):
    """What became of a movement; the value is its text in English and Indonesian."""

    OURS = Text("it happened", "memang terjadi")
    ANOTHERS = Text("it did not happen", "tidak terjadi")
    OPEN = Text("open", "belum dapat dipastikan")


@dataclass(frozen=True, slots=True)
class Settled:
    """A movement and what became of it.

    Args:
        receipt: its receipt, where it happened.
        restored: the receipt was in no file, and was built.
        why: what is in the way, where it stays open.
    """

    gone: Gone
    verdict: Verdict
    receipt: Receipt | None = None
    restored: bool = False
    why: Text = NO_TEXT


def read_gone(paths: Iterable[Path]) -> list[Gone]:
    """The movements of terminals' files, each once.

    Raises:
        BadGone: a file that cannot be read, a line of another form, or no movement at all; names line and member.
    """
    found: dict[tuple[object, ...], Gone] = {}
    files = list(paths)
    for path in files:
        for row in rows(path, BadGone):
            if row.data.get("schema") != SCHEMA:
                raise row.bad("schema")
            gone = Gone(
                serial=row.octets("serial", 8),
                seq=row.number("seq", 1, MAX_AMOUNT),
                kind=ReceiptType(row.number("type", *map(int, _MOVEMENTS))),
                body=row.octets("body", MOVEMENT.size),
                place=row.place,
            )
            # The body is what counts; the terminal says the same in words.
            for name in ("terminal_id", "terminal_txn"):
                if row.number(name, 0, _TOP) != getattr(gone.stated, name):
                    raise row.bad(name)
            found.setdefault((gone.serial, gone.seq, gone.kind, gone.body), gone)
    if not found:
        names = ", ".join(map(str, files))
        raise BadGone(Text("There is nothing to settle.", "Tidak ada yang perlu dipastikan."), where=names)
    return list(found.values())


class Settlement:
    """Settles movements with the RECEIPT keys of ``provider``. ``rejected``: receipts that were not believed."""

    def __init__(self, provider: KeyProvider) -> None:
        self._keys = ReceiptKeys(provider)
        self.rejected = 0

    def settle(self, movements: Iterable[Gone], lines: Iterable[Line]) -> list[Settled]:
        """What became of each movement, in order.

        Args:
            movements: of any terminals and cards.
            lines: receipts, of any cards and in any order; those that are not genuine prove nothing.
        """
        movements = list(movements)
        known = self._needed(movements, lines)
        return [self._settled(gone, known) for gone in movements]

    def _needed(self, movements: list[Gone], lines: Iterable[Line]) -> dict[tuple[bytes, int], list[Receipt]]:
        """The genuine receipts of these numbers and those beside them; of a copied card perhaps several of one."""
        wanted = {(gone.serial, gone.seq + beside) for gone in movements for beside in (-1, 0, 1)}
        known: dict[tuple[bytes, int], list[Receipt]] = defaultdict(list)
        for one in movements:
            if one.seq == 1:
                known[one.serial, 0] = [BEGINNING.newest]
        for line in lines:
            receipt = line.receipt
            if receipt is None or receipt.fault() or not self._keys.genuine(receipt):
                self.rejected += 1
            elif (receipt.serial, receipt.seq) in wanted and receipt not in known[receipt.serial, receipt.seq]:
                known[receipt.serial, receipt.seq].append(receipt)
        return known

    def _settled(self, gone: Gone, known: dict[tuple[bytes, int], list[Receipt]]) -> Settled:
        before, here, after = (known.get((gone.serial, gone.seq + beside), []) for beside in (-1, 0, 1))
        for receipt in here:
            if (receipt.type, receipt.movement) == (gone.kind, gone.body):
                return Settled(gone, Verdict.OURS, receipt)
        for one in before:
            for other in after:
                if (restored := self._restored(gone, one, other)) is not None:
                    return Settled(gone, Verdict.OURS, restored, restored=True)
        if twins := next((found for found in (before, here, after) if len(found) > 1), None):
            return Settled(gone, Verdict.OPEN, why=_copied(twins[0].seq))
        if here or (before and after):
            return Settled(gone, Verdict.ANOTHERS)
        lacking = [gone.seq + beside for beside, found in ((-1, before), (1, after)) if not found]
        return Settled(gone, Verdict.OPEN, why=_missing(lacking))

    def _restored(self, gone: Gone, before: Receipt, after: Receipt) -> Receipt | None:
        """The receipt between these two, if it was this movement's. It is under the version of RECEIPT of ``after``:
        only an update changes that, and behind its own receipt."""
        for candidate in _candidates(gone, before, after.key_version):
            restored = candidate.altered(mac=after.previous_mac)
            if self._keys.genuine(restored):
                return restored
        return None


def _candidates(gone: Gone, before: Receipt, key_version: int) -> Iterator[Receipt]:
    """The receipts that the movement can have made behind ``before``: only the card knew the PIN's state."""
    stated = gone.stated
    debit = gone.kind is ReceiptType.DEBIT
    month = stated.timestamp_bytes[:2] if debit else before.month
    balance = before.balance_after - stated.moved
    spent = stated.moved + (before.month_spent_after if month == before.month else 0)
    if not (0 <= balance <= MAX_AMOUNT and 0 <= spent <= MAX_AMOUNT):
        return  # no card does that
    result = balance.to_bytes(4, "big") + spent.to_bytes(4, "big") + before.mac
    result += before.update_seq.to_bytes(4, "big") + before.granted_total.to_bytes(4, "big")
    for state in PinState:
        yield _with_answer(gone, result=result, tail=month + bytes((state,)), key_version=key_version)


def _with_answer(gone: Gone, *, result: bytes, tail: bytes, key_version: int) -> Receipt:
    return Receipt.built(
        gone.seq, gone.body, result + tail + _MAC, kind=gone.kind, key_version=key_version, serial=gone.serial
    )


def _missing(numbers: list[int]) -> Text:
    text = Text("receipts missing: {numbers}", "kuitansi yang belum ada: {numbers}")
    return text.filled(numbers=", ".join(map(str, numbers)))


def _copied(seq: int) -> Text:
    text = Text("two receipts of number {seq}: a copied card", "dua kuitansi bernomor {seq}: kartu disalin")
    return text.filled(seq=seq)
