# SPDX-License-Identifier: Apache-2.0
"""Movements of money: what each asks of a card, in its own layout, and how it is journalled, sent, and seen through
to a receipt or a proof that there is none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import ClassVar

from ssn_card.protocol import status
from ssn_card.protocol.commands import BY_RECEIPT_TYPE
from ssn_card.protocol.errors import SsnCardError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.transport import TransportError

from .disturbed import Undone, out_of_place
from .errors import AnswerNotGenuine, CardDisturbed, DebitInDoubt, EarlierDebitFound, KeysRetired, NotOurCard
from .journal import Entry, TerminalJournal
from .keys import CompanionKeys
from .purse import explain
from .recovery import conclude
from .session import CardSession, PreparedMovement

_PADDING = bytes(8)
#: Nothing is known of the card then: it did not answer, or not so that it can be believed.
_NO_WORD = (TransportError, AnswerNotGenuine, NotOurCard, KeysRetired, CardDisturbed)


@dataclass(frozen=True)
class Movement:
    """What all three have in common.

    Args:
        amount: rupiah, 1 to 2^31 - 1.
    """

    kind: ClassVar[ReceiptType]

    amount: int

    def encode(self, moment: dt.datetime, terminal_id: int, terminal_txn: int) -> bytes:
        """The command's body, 36 bytes: the fields of its layout, which are this class's own, and who, when, which.

        Raises ``InputError`` naming a field that does not fit.
        """
        told = {"timestamp": moment, "terminal_id": terminal_id, "terminal_txn": terminal_txn}
        return BY_RECEIPT_TYPE[self.kind].encode({one.name: getattr(self, one.name) for one in fields(self)} | told)


@dataclass(frozen=True)
class Debit(Movement):
    """Takes what a basket costs (layout ``movement``).

    Args:
        categories: bit mask of the goods bought, at least one.
        basket_digest: 16 bytes, by which the receipt proves its basket.
    """

    kind = ReceiptType.DEBIT

    categories: int
    basket_digest: bytes

    @classmethod
    def of(cls, basket: Basket, day: dt.date) -> Debit:
        """The debit of a basket. Raises ``UnknownStapleError`` for goods that are not sold that day."""
        return cls(basket.total, basket.sold_on(day), basket.digest())


@dataclass(frozen=True)
class Cancel(Movement):
    """Gives the newest debit back (layout ``cancellation``).

    Args:
        categories: of that debit, as its amount is.
        cancelled_mac: MAC of its receipt, 8 bytes.
    """

    kind = ReceiptType.CANCEL

    categories: int
    cancelled_mac: bytes
    padding: bytes = field(default=_PADDING, init=False, repr=False)


@dataclass(frozen=True)
class Override(Movement):
    """Raises this month's limit (layout ``overriding``).

    Args:
        reason: 16-bit code of the programme.
        companion_id: 8 bytes, who confirms the need.
    """

    kind = ReceiptType.OVERRIDE

    reason: int
    companion_id: bytes
    padding: bytes = field(default=_PADDING, init=False, repr=False)


class Movements:
    """What a terminal's journal knows of its movements, and what their cards say of them."""

    def __init__(self, journal: TerminalJournal) -> None:
        self._journal = journal

    def check_number(self, session: CardSession, moment: dt.datetime) -> None:
        """A number below one that this card has proved is asked about first.

        The card refuses what was quoted falsely. If it answers, the number is its own, and whoever proved the higher
        one was a false card, made with the DEBIT master: to refuse for good would lock the family out of this shop.
        """
        serial = session.info.serial
        if session.number() >= self._journal.proven(serial):
            return
        session.status()
        if session.number() < self._journal.proven(serial):
            self._journal.lower(serial, session.number(), moment)

    def settle(self, session: CardSession, moment: dt.datetime) -> None:
        """Before anything new: what is in doubt on this card is found out. What the card has forgotten is the bank's to
        tell, and stops nothing.

        Raises:
            EarlierDebitFound: a movement in doubt had happened.
        """
        self.check_number(session, moment)
        for entry in self._journal.in_doubt(session.info.serial):
            receipt = conclude(session, self._journal, entry).receipt
            if receipt is not None:
                raise EarlierDebitFound(receipt)

    def make(
        self,
        session: CardSession,
        movement: Movement,
        moment: dt.datetime,
        *,
        basket: Basket | None = None,
        reference: str | None = None,
        companion: CompanionKeys | None = None,
    ) -> Receipt:
        """A new movement of a card that was settled in this session: its intent, the command, its receipt.

        Raises:
            CardStatusError: the card's refusal, confirmed; that of a debit says what is left.
            DebitInDoubt, RecoveryUncertain
            Undone: it happened not, and only because the card was out of place.
            NotOurCard, KeysRetired, KeysRefuse, KeyMissing, InputError: nothing was sent.
        """

        def prepare(txn: int) -> PreparedMovement:
            body = movement.encode(moment, self._journal.terminal_id, txn)
            return session.prepare(movement.kind, body, companion)

        entry, prepared = self._journal.intend(movement.kind, session.info.serial, basket, reference, moment, prepare)
        try:
            receipt = session.move(prepared)
        except (status.CardStatusError, AnswerNotGenuine) as refusal:
            return self._confirmed(session, entry, moment, refusal)
        except TransportError as lost:
            raise DebitInDoubt(entry.serial, entry.terminal_txn) from lost
        self._journal.done(entry, receipt)
        return receipt

    def _confirmed(self, session: CardSession, entry: Entry, moment: dt.datetime, refusal: SsnCardError) -> Receipt:
        """A refusal carries no MAC, so the card is asked whether the movement happened all the same."""
        try:
            session.select()
            receipt = conclude(session, self._journal, entry).receipt_or_none(entry)
        except status.WrongMac as error:
            if isinstance(refusal, status.WrongMac):  # wrong keys, most likely: say so; the journal keeps the doubt
                raise refusal from None
            raise DebitInDoubt(entry.serial, entry.terminal_txn) from error
        except _NO_WORD as error:
            raise DebitInDoubt(entry.serial, entry.terminal_txn) from error
        if receipt is not None:
            return receipt
        if isinstance(refusal, status.CardStatusError) and out_of_place(BY_RECEIPT_TYPE[entry.kind], refusal):
            raise Undone(refusal) from None
        raise _explained(session, refusal, moment.date())


def _explained(session: CardSession, refusal: SsnCardError, today: dt.date) -> SsnCardError:
    """A refusal for which the card has shown that nothing happened, with what is left on the card if it tells."""
    if not isinstance(refusal, status.DebitRefused):
        return refusal
    try:
        return explain(refusal, session.status(), today)
    except (*_NO_WORD, status.CardStatusError):
        return refusal
