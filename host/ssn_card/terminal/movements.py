# SPDX-License-Identifier: Apache-2.0
"""Movements of money: each is journalled, sent, and seen through to a receipt or a proof that there is none."""

from __future__ import annotations

import datetime as dt

from ssn_card.protocol import status
from ssn_card.protocol.errors import SsnCardError
from ssn_card.receipts import Basket, Receipt
from ssn_card.transport import TransportError

from .disturbed import Undone, out_of_place
from .errors import AnswerNotGenuine, CardDisturbed, DebitInDoubt, EarlierDebitFound, KeysRetired, NotOurCard
from .journal import Entry, TerminalJournal
from .keys import CompanionKeys
from .movement import COMMANDS, Movement
from .purse import explain
from .recovery import conclude
from .session import CardSession, PreparedMovement

#: Nothing is known of the card then: it did not answer, or not so that it can be believed.
_NO_WORD = (TransportError, AnswerNotGenuine, NotOurCard, KeysRetired, CardDisturbed)


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
        if isinstance(refusal, status.CardStatusError) and out_of_place(COMMANDS[entry.kind], refusal):
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
