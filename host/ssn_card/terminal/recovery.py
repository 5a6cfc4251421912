# SPDX-License-Identifier: Apache-2.0
"""What became of a movement in doubt, by the card's authenticated word. The question is its receipt's number.

The command was good for one challenge, which is gone as soon as the card is asked: a number that is not made yet will
never be made by it. Clocks and transaction numbers prove nothing: whoever has the DEBIT key chooses his own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ssn_card.receipts import Receipt

from .errors import DebitInDoubt, RecoveryUncertain
from .journal import Entry, MovementState, TerminalJournal
from .session import CardSession, NoReceipt


@dataclass(frozen=True)
class Conclusion:
    """What became of one movement: done with its receipt, void, or gone."""

    state: MovementState
    receipt: Receipt | None

    def receipt_or_none(self, entry: Entry) -> Receipt | None:
        """The receipt, or ``None`` for what did not happen. Raises :class:`RecoveryUncertain` for what is gone."""
        if self.state is MovementState.GONE:
            raise uncertain(entry)
        return self.receipt


@dataclass(frozen=True)
class Recovery:
    """What became of all that was in doubt on a card.

    Args:
        happened: receipts of what had happened.
        did_not_happen: what had not.
        gone: what the card has forgotten, for the bank to tell.
    """

    happened: tuple[Receipt, ...]
    did_not_happen: tuple[Entry, ...]
    gone: tuple[Entry, ...]

    @classmethod
    def of(cls, conclusions: Iterable[tuple[Entry, Conclusion]]) -> Recovery:
        """Of what was in doubt, each with its conclusion."""
        found = [(replace(entry, state=one.state), one.receipt) for entry, one in conclusions]
        return cls(
            tuple(receipt for _, receipt in found if receipt is not None),
            tuple(entry for entry, _ in found if entry.state is MovementState.VOID),
            tuple(entry for entry, _ in found if entry.state is MovementState.GONE),
        )


def conclude(session: CardSession, journal: TerminalJournal, entry: Entry) -> Conclusion:
    """Ask the card about a movement that was sent; journalled.

    Raises:
        DebitInDoubt: another card lies in the reader now; its word says nothing.
        CardDisturbed, WrongMac, AnswerNotGenuine, NotOurCard, KeysRetired, KeyMissing, TransportError: nothing is
            known yet.
    """
    if session.info.serial != entry.serial:
        raise DebitInDoubt(entry.serial, entry.terminal_txn)
    answer = session.read_receipt(entry.seq)
    state = judged(entry, answer)
    receipt = answer if isinstance(answer, Receipt) and state is MovementState.DONE else None
    if receipt is not None:
        journal.done(entry, receipt)
    else:
        newest = answer.newest_seq if isinstance(answer, NoReceipt) else answer.seq
        (journal.gone if state is MovementState.GONE else journal.void)(entry, newest)
    return Conclusion(state, receipt)


def judged(entry: Entry, answer: Receipt | NoReceipt) -> MovementState:
    """What a genuine answer about the number of a movement that was sent says of it."""
    if isinstance(answer, Receipt):
        return MovementState.DONE if entry.made(answer) else MovementState.VOID
    return MovementState.GONE if entry.seq <= answer.newest_seq else MovementState.VOID


def uncertain(entry: Entry) -> RecoveryUncertain:
    """The error about a movement that its card has forgotten."""
    return RecoveryUncertain(entry.serial, entry.terminal_txn, entry.seq)
