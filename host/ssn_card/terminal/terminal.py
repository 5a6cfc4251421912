# SPDX-License-Identifier: Apache-2.0
"""What a shop's terminal does with a card: sell, cancel, recover, deliver updates, and all that a reader does.

The rule behind all of it: a debit is journalled before it is sent, and an answer that is lost or cannot be
authenticated, even a refusal, leaves it in doubt until the card itself has said, authenticated, what happened. So a
debit is never made twice and never lost, whatever is pulled, replayed or forged on the line. For the same reason a
movement that the card has proved not to have happened may be begun again: with a new number, from SELECT. Each SELECT
is a new intent, since a movement makes exactly the receipt whose number follows the one quoted there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from ssn_card import entitlement
from ssn_card.keys.provider import MIN_VERSION
from ssn_card.protocol import commands
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.transport import CardConnection

from . import pins
from .clock import check_clock, local, now
from .disturbed import repeatable
from .errors import NothingToCancel
from .journal import Entry, MovementState, TerminalJournal
from .keys import CompanionKeys, TerminalKeys
from .movements import Cancel, Debit, Movements, Override
from .reader import Reader
from .recovery import Recovery, conclude, uncertain
from .reference import check_reference, refuse_another_basket, refuse_another_card, refuse_cancelled
from .session import CardSession


@dataclass(frozen=True)
class Sale:
    """A debit that is done.

    Args:
        receipt: the card's receipt, already in the journal.
        recovered: the card had done it before; nothing was debited now.
    """

    receipt: Receipt
    recovered: bool = False


@dataclass(frozen=True)
class Delivery:
    """An update that was handed to its card.

    Args:
        receipt: the card's answer, already in the journal.
        believed: the card's keys are in use. An answer under retired ones may be anybody's: only the bank, which checks
            the receipt's own MAC, can tell whether the card has the update.
    """

    receipt: Receipt
    believed: bool


class Terminal(Reader):
    """One shop's terminal with its keys and journal, which says which terminal it is."""

    def __init__(
        self,
        keys: TerminalKeys,
        journal: TerminalJournal,
        *,
        clock: Callable[[], dt.datetime] = now,
        minimum_version: int = MIN_VERSION,
    ) -> None:
        """
        Args:
            keys: of DEBIT, such as ``SoftwareTerminalKeys(keyring)``.
            clock: local time (WITA) without a zone; a moment with a zone is converted.
            minimum_version: oldest version of DEBIT in use. A card of an older one gets its update, and nothing else.
        """
        super().__init__(keys, journal.terminal_id, minimum_version=minimum_version)
        self._journal = journal
        self._movements = Movements(journal)
        self._clock = clock

    def debit(
        self,
        card: CardConnection,
        basket: Basket,
        *,
        reference: str | None = None,
        pin: str | None = None,
        confirm_clock: bool = False,
    ) -> Sale:
        """Sell a basket: two APDUs, SELECT and DEBIT; three with a PIN.

        Args:
            card: a connection to the card.
            basket: what is bought; its total is debited.
            reference: the integrator's own number of this sale. The same again that day, for the same card and basket,
                never debits again: it returns the first receipt, or finds out what became of it.
            pin: the holder's PIN, where the card asks for it (``PinRequired``).
            confirm_clock: the merchant says that a clock behind the journal is right.

        Raises:
            DebitRefused (a class for each reason, such as PinRequired and CardNeedsMending): nothing was debited; says
                what is left and when the limit renews.
            DebitInDoubt: the answer was lost. Present the same card again.
            EarlierDebitFound: a debit in doubt had happened, for another basket.
            ReferenceInUse, ClockBehindJournal, KeysRetired: nothing was debited.
            WrongPin, PinBlocked, NoPin, LastTryContacts: nothing was debited.
            CardDisturbed: nothing was debited; another program uses the card.
            RecoveryUncertain: the card has forgotten what became of this sale; only the bank can tell.
            KeyMissing, KeyringError, KeysRefuse: nothing was sent.
            AnswerNotGenuine, NotOurCard: nothing that the card said is believed.
            CardStatusError: any other word of the card, such as WrongMac and CardFailure.
            TransportError, JournalError: a class for each reason.
            InputError: BadReference, goods that are not sold, a figure out of range; nothing was sent.
        """
        if reference is not None:
            check_reference(reference)
        return self._serve(card, lambda session: self._sell(session, basket, reference, pin, confirm_clock))

    def cancel(self, card: CardConnection, *, confirm_clock: bool = False) -> Receipt:
        """Give back the newest debit of this terminal on this card. Raises as :meth:`debit`, and NothingToCancel."""
        return self._serve(card, lambda session: self._cancel(session, confirm_clock))

    def override(
        self,
        card: CardConnection,
        amount: int,
        companion_id: bytes,
        companion: CompanionKeys,
        reason: int = 0,
        *,
        confirm_clock: bool = False,
    ) -> Receipt:
        """Raise this month's limit by ``amount`` rupiah, confirmed by a companion's key (OVERRIDE).

        Args:
            companion_id: 8 bytes; reason: 16-bit code of the programme.

        Raises:
            as :meth:`debit`.
        """

        def raise_limit(session: CardSession) -> Receipt:
            moment = self._moment()
            self._movements.settle(session, moment)
            check_clock(self._journal, moment, confirmed=confirm_clock)
            raising = Override(amount, reason, companion_id)
            return self._movements.make(session, raising, moment, companion=companion)

        return self._serve(card, raise_limit)

    def deliver(self, card: CardConnection, update: entitlement.SignedUpdate) -> Delivery:
        """Carry an entitlement update to its card, of retired keys too; doing so again is harmless.

        Raises:
            StaleUpdate, ConflictingUpdate, InvalidUpdate, WrongMac: nothing changed.
            InputError: the update is for another card.
        """

        def hand_over(session: CardSession) -> Delivery:
            if session.info.serial != update.serial:
                raise InputError(
                    Text(
                        f"The update is for card {update.serial.hex()}, this is {session.info.serial.hex()}.",
                        f"Pembaruan ini untuk kartu {update.serial.hex()}, kartu ini {session.info.serial.hex()}.",
                    ),
                    where="serial",
                )
            believed = session.believed
            with repeatable(commands.UPDATE):
                receipt = session.deliver(update.command())
            self._journal.keep(receipt, believed=believed)
            return Delivery(receipt, believed)

        return self._serve(card, hand_over)

    def recover(self, card: CardConnection) -> Recovery:
        """Settle everything in doubt on this card, and sell nothing."""

        def settle(session: CardSession) -> Recovery:
            self._movements.check_number(session, self._moment())
            entries = self._journal.in_doubt(session.info.serial)
            return Recovery.of((one, conclude(session, self._journal, one)) for one in entries)

        return self._serve(card, settle)

    def _moment(self) -> dt.datetime:
        return local(self._clock())

    def _sell(
        self, session: CardSession, basket: Basket, reference: str | None, pin: str | None, confirm_clock: bool
    ) -> Sale:
        moment = self._moment()
        known = None if reference is None else self._journal.by_reference(reference, moment.date())
        earlier = None if known is None else self._again(session, known, basket, moment)
        if earlier is not None:
            return earlier
        self._movements.settle(session, moment)
        check_clock(self._journal, moment, confirmed=confirm_clock)
        debit = Debit.of(basket, moment.date())
        if pin is not None:
            pins.give(session, pin)
        return Sale(self._movements.make(session, debit, moment, basket=basket, reference=reference))

    def _again(self, session: CardSession, known: Entry, basket: Basket, moment: dt.datetime) -> Sale | None:
        """The sale that the reference stands for, or ``None`` where there is none any more and this is a new one."""
        refuse_another_basket(known, basket, moment.date())
        refuse_another_card(known, session.info.serial)
        if known.state is MovementState.GONE:
            raise uncertain(known)
        self._movements.check_number(session, moment)
        if known.state is MovementState.DONE:
            self._movements.settle(session, moment)  # it may just have been cancelled
            session.status()  # anyone can show a serial; only the card can answer for it
            receipt = self._journal.receipt_of(known)
            refuse_cancelled(known, receipt, (one for one, _ in self._journal.receipts(known.serial)))
            return Sale(receipt, recovered=True)
        if known.basket != basket:
            return None  # another day's; it is settled like any other doubt
        found = conclude(session, self._journal, known).receipt_or_none(known)
        return None if found is None else Sale(found, recovered=True)

    def _cancel(self, session: CardSession, confirm_clock: bool) -> Receipt:
        moment = self._moment()
        self._movements.settle(session, moment)
        kept = list(self._journal.receipts(session.info.serial, believed=True))
        last = kept[-1][0] if kept else None
        if last is None or last.type != ReceiptType.DEBIT or last.terminal_id != self.terminal_id:
            raise NothingToCancel(
                Text("This terminal has no debit of this card to cancel.", "Tidak ada debit untuk dibatalkan."),
                where="CANCEL",
            )
        check_clock(self._journal, moment, confirmed=confirm_clock)
        return self._movements.make(session, Cancel(last.amount, last.categories, last.mac), moment)
