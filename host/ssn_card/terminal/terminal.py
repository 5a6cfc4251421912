# SPDX-License-Identifier: Apache-2.0
"""What a shop's terminal does with a card: sell, cancel, recover, read, deliver updates.

The rule behind all of it: a debit is journalled before it is sent, and an answer that is lost or cannot be
authenticated, even a refusal, leaves it in doubt until the card itself has said, authenticated, what happened. So a
debit is never made twice and never lost, whatever is pulled, replayed or forged on the line. For the same reason a
movement that the card has proved not to have happened may be begun again: with a new number, from SELECT.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ssn_card.entitlement import SignedUpdate
from ssn_card.keys import KeyProvider
from ssn_card.programme import WITA, mask
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, SsnCardError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.protocol.values import LOG_ENTRIES, LifeState, ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.transport import CardConnection, TransportError

from .disturbed import TRIES, Undone, out_of_place, repeatable
from .errors import (
    AnswerNotGenuine,
    CardDisturbed,
    DebitInDoubt,
    EarlierDebitFound,
    NothingToCancel,
    NotOurCard,
    RecoveryUncertain,
)
from .journal import Entry, State, TerminalJournal
from .journal_errors import JournalDamaged, JournalOfAnotherTerminal
from .purse import CardStatus, explain
from .reference import check_reference, refuse_another_basket, refuse_another_card, refuse_cancelled
from .session import CardSession, NoReceipt, movement

T = TypeVar("T")


@dataclass(frozen=True)
class Sale:
    """A debit that is done.

    Args:
        receipt: the card's receipt, already in the journal.
        recovered: the card had done it before; nothing was debited now.
    """

    receipt: Receipt
    recovered: bool = False


def local(moment: dt.datetime) -> dt.datetime:
    """A moment as the card keeps it: whole seconds of WITA, without a zone. One with a zone is converted."""
    return (moment.astimezone(WITA) if moment.tzinfo else moment).replace(tzinfo=None, microsecond=0)


def now() -> dt.datetime:
    """Local time at the shops (WITA), without a zone, as the card keeps it."""
    return local(dt.datetime.now(WITA))


class Terminal:
    """One terminal with its keys and journal; serves one card at a time. Any thread may call: it waits for its turn.

    For the length of a call nobody else gets at the card, as far as its connection can see to that. Where another
    program gets between all the same, or the card loses its selection, the call begins again from SELECT a few times.
    """

    def __init__(
        self,
        terminal_id: int,
        provider: KeyProvider,
        journal: TerminalJournal,
        *,
        clock: Callable[[], dt.datetime] = now,
    ) -> None:
        """
        Args:
            terminal_id: who we are; the journal must say the same.
            provider: must hold DEBIT.
            clock: local time (WITA) without a zone; a moment with a zone is converted.

        Raises:
            JournalOfAnotherTerminal
        """
        if terminal_id != journal.terminal_id:
            raise JournalOfAnotherTerminal(journal.terminal_id, terminal_id, journal.path)
        self.terminal_id = journal.terminal_id
        self._provider = provider
        self._journal = journal
        self._clock = clock
        self._turn = threading.RLock()

    def debit(
        self, card: CardConnection, basket: Basket, *, reference: str | None = None, pin: str | None = None
    ) -> Sale:
        """Sell a basket: two APDUs, SELECT and DEBIT; three with a PIN.

        Args:
            card: a connection to the card.
            basket: what is bought; its total is debited.
            reference: the integrator's own number of this sale. The same again that day, for the same card and basket,
                never debits again: it returns the first receipt, or finds out what became of it.
            pin: the holder's PIN, where the card asks for it (``PinRequired``).

        Raises:
            WrongPin, PinBlocked, NoPin: nothing was debited.
            DebitRefused (a class for each reason): nothing was debited; says what is left and when the limit renews.
            DebitInDoubt: the answer was lost. Present the same card again.
            EarlierDebitFound: a debit in doubt had happened, for another basket.
            ReferenceInUse, BadReference: nothing was debited.
            CardDisturbed: nothing was debited; another program uses the card.
            AnswerNotGenuine, NotOurCard, TransportError, JournalError, KeyMissing, InputError.
        """
        if reference is not None:
            check_reference(reference)
        return self._serve(card, lambda session: self._sell(session, basket, reference, pin))

    def cancel(self, card: CardConnection) -> Receipt:
        """Give back the newest debit of this terminal on this card. Raises as :meth:`debit`, and NothingToCancel."""
        return self._serve(card, self._cancel)

    def override(
        self, card: CardConnection, amount: int, companion_id: bytes, companion: KeyProvider, reason: int = 0
    ) -> Receipt:
        """Raise this month's limit by ``amount`` rupiah, confirmed by a companion's key (OVERRIDE).

        Args:
            companion_id: 8 bytes; reason: 16-bit code of the programme.

        Raises:
            as :meth:`debit`.
        """

        def raise_limit(session: CardSession) -> Receipt:
            self._settle(session)
            moment = self._moment()
            txn = self._journal.begin(ReceiptType.OVERRIDE, session.info.serial, None, None, moment)
            body = movement(amount, reason, moment, self.terminal_id, txn, companion_id)
            key = companion.diversify(KeyLabel.OVERRIDE, session.info.override_key_version, session.info.serial)
            return self._move(session, commands.OVERRIDE, body, txn, key)

        return self._serve(card, raise_limit)

    def deliver(self, card: CardConnection, update: SignedUpdate) -> Receipt:
        """Carry an entitlement update to its card; doing so again is harmless.

        Raises:
            StaleUpdate, ConflictingUpdate, InvalidUpdate, WrongMac: nothing changed.
            InputError: the update is for another card.
        """

        def hand_over(session: CardSession) -> Receipt:
            if session.info.serial != update.serial:
                raise InputError(
                    Text(
                        f"The update is for card {update.serial.hex()}, this is {session.info.serial.hex()}.",
                        f"Pembaruan ini untuk kartu {update.serial.hex()}, kartu ini {session.info.serial.hex()}.",
                    ),
                    where="serial",
                )
            with repeatable(commands.UPDATE):
                receipt = session.deliver(update.command())
            self._journal.keep(receipt)
            return receipt

        return self._serve(card, hand_over)

    def status(self, card: CardConnection) -> CardStatus:
        """The card's authenticated state."""
        return self._serve(card, _status)

    def log(self, card: CardConnection) -> list[Receipt]:
        """The receipts in the card's log, newest first; keeps none of them."""

        def read(session: CardSession) -> list[Receipt]:
            receipts: list[Receipt] = []
            for index in range(LOG_ENTRIES):
                receipt = session.read_log(index)
                if receipt is None:
                    break
                receipts.append(receipt)
            return receipts

        return self._serve(card, read)

    def recover(self, card: CardConnection) -> list[Receipt]:
        """Settle everything in doubt on this card; returns the receipts of what had happened.

        Raises:
            RecoveryUncertain: the card's log no longer reaches back.
        """

        def settle(session: CardSession) -> list[Receipt]:
            found = [self._resolve(session, entry) for entry in self._journal.in_doubt(session.info.serial)]
            return [receipt for receipt in found if receipt is not None]

        return self._serve(card, settle)

    def change_pin(self, card: CardConnection, old: str, new: str) -> None:
        """Another PIN of 4 to 12 digits. Raises ``WrongPin``, ``PinBlocked``, ``NoPin``, ``InputError``."""

        def change(session: CardSession) -> None:
            with repeatable(commands.CHANGE_REFERENCE_DATA):
                session.change_pin(old, new)

        self._serve(card, change)

    def _serve(self, card: CardConnection, act: Callable[[CardSession], T]) -> T:
        """``act`` on a session of its own, the card and this terminal to ourselves.

        In this order, so that a caller who holds the card already never waits for one who waits for the card.
        """
        with card.exclusive(), self._turn:
            left = TRIES
            while True:
                try:
                    return act(CardSession(card, self._provider, self.terminal_id))
                except Undone as undone:
                    left -= 1
                    if not left:
                        raise undone.verdict from None

    def _moment(self) -> dt.datetime:
        return local(self._clock())

    def _sell(self, session: CardSession, basket: Basket, reference: str | None, pin: str | None) -> Sale:
        moment = self._moment()
        known = None if reference is None else self._journal.by_reference(reference, moment.date())
        earlier = None if known is None else self._again(session, known, basket, moment.date())
        if earlier is not None:
            return earlier
        self._settle(session)
        categories = mask((item.staple for item in basket.items), sold_on=moment.date())
        if pin is not None:
            with repeatable(commands.VERIFY):
                session.verify_pin(pin)
        txn = self._journal.begin(ReceiptType.DEBIT, session.info.serial, basket, reference, moment)
        body = movement(basket.total, categories, moment, self.terminal_id, txn, basket.digest())
        return Sale(self._move(session, commands.DEBIT, body, txn))

    def _again(self, session: CardSession, known: Entry, basket: Basket, day: dt.date) -> Sale | None:
        """The sale that the reference stands for, or ``None`` where there is none any more and this is a new one."""
        refuse_another_basket(known, basket, day)
        refuse_another_card(known, session.info.serial)
        if known.state is State.DONE:
            self._settle(session)  # it may just have been cancelled
            session.status()  # anyone can show a serial; only the card can answer for it
            receipt = self._journal.receipt_of(known)
            refuse_cancelled(known, receipt, (one for one, _ in self._journal.receipts(known.serial)))
            return Sale(receipt, recovered=True)
        if known.basket != basket:
            return None  # another day's; it is settled like any other doubt
        found = self._resolve(session, known)
        return None if found is None else Sale(found, recovered=True)

    def _cancel(self, session: CardSession) -> Receipt:
        self._settle(session)
        last = next((one for one, _ in reversed(list(self._journal.receipts(session.info.serial)))), None)
        if last is None or last.type != ReceiptType.DEBIT or last.terminal_id != self.terminal_id:
            raise NothingToCancel(
                Text("This terminal has no debit of this card to cancel.", "Tidak ada debit untuk dibatalkan."),
                where="CANCEL",
            )
        moment = self._moment()
        txn = self._journal.begin(ReceiptType.CANCEL, session.info.serial, None, None, moment)
        body = movement(last.amount, last.categories, moment, self.terminal_id, txn, last.mac)
        return self._move(session, commands.CANCEL, body, txn)

    def _settle(self, session: CardSession) -> None:
        """Before anything new: what is in doubt on this card is found out; a debit that had happened stops us."""
        for entry in self._journal.in_doubt(session.info.serial):
            receipt = self._resolve(session, entry)
            if receipt is not None:
                raise EarlierDebitFound(receipt)

    def _move(
        self, session: CardSession, command: Command, body: bytes, txn: int, key: SecretKey | None = None
    ) -> Receipt:
        """Send a movement and see it through to a receipt or a proof that there is none."""
        session.require_key()
        mac = None if key is None else key.mac8(session.mac_input(command, body))
        self._journal.sending(txn, body)
        try:
            receipt = session.move(command, body, mac)
        except (status.CardStatusError, AnswerNotGenuine) as refusal:
            return self._confirm(session, command, txn, refusal)
        except TransportError as lost:
            raise DebitInDoubt(session.info.serial, txn) from lost
        self._journal.done(txn, receipt)
        return receipt

    def _confirm(self, session: CardSession, command: Command, txn: int, refusal: SsnCardError) -> Receipt:
        """A refusal carries no MAC, so the card is asked whether the movement happened all the same.

        Raises:
            DebitInDoubt: it could not be asked.
            Undone: it happened not, and only because the card was out of place.
        """
        entry = self._journal.entry(txn)
        if entry is None:
            raise JournalDamaged(Text("A transaction is gone.", "Transaksi hilang."), where=self._journal.path)
        serial = session.info.serial
        try:
            session.select()
            receipt = self._resolve(session, entry, just_sent=True)
        except status.WrongMac as error:
            if isinstance(refusal, status.WrongMac):  # wrong keys, most likely: say so; the journal keeps the doubt
                raise refusal from None
            raise DebitInDoubt(serial, txn) from error
        except (TransportError, AnswerNotGenuine, NotOurCard, CardDisturbed) as error:
            raise DebitInDoubt(serial, txn) from error
        if receipt is not None:
            return receipt
        if isinstance(refusal, status.CardStatusError) and out_of_place(command, refusal):
            raise Undone(refusal) from None
        raise self._explained(session, refusal)

    def _explained(self, session: CardSession, refusal: SsnCardError) -> SsnCardError:
        """A refusal for which the card has shown that nothing happened, with what is left on the card if it tells."""
        if not isinstance(refusal, status.DebitRefused):
            return refusal
        try:
            return explain(refusal, _status(session), self._moment().date())
        except (TransportError, AnswerNotGenuine, NotOurCard, CardDisturbed, status.CardStatusError):
            return refusal

    def _resolve(self, session: CardSession, entry: Entry, *, just_sent: bool = False) -> Receipt | None:
        """What became of a movement in doubt, by the card's authenticated word; journalled.

        Args:
            just_sent: moments ago, so the card has made no whole log of receipts since and its word is definite,
                also where the terminal's clock is slow.

        Raises:
            RecoveryUncertain: neither found nor excluded.
            DebitInDoubt: another card lies in the reader now; its word says nothing.
        """
        if session.info.serial != entry.serial:
            raise DebitInDoubt(entry.serial, entry.terminal_txn)
        answer = session.recover(self.terminal_id, entry.terminal_txn)
        if isinstance(answer, Receipt):
            if answer.raw[: len(entry.body)] != entry.body:
                raise AnswerNotGenuine("RECOVER")
            self._journal.done(entry.terminal_txn, answer)
            return answer
        if not just_sent and not _excludes(answer, entry.body):
            raise RecoveryUncertain(
                Text(
                    f"The card's log begins at receipt {answer.oldest_seq}, after transaction {entry.terminal_txn}.",
                    f"Log kartu mulai dari kuitansi {answer.oldest_seq}, sesudah transaksi {entry.terminal_txn}.",
                )
            )
        self._journal.void(entry.terminal_txn)
        return None


def _excludes(answer: NoReceipt, body: bytes) -> bool:
    """Whether the card's word covers the time of the movement (docs/protocol.md, RECOVER)."""
    attempted: dt.datetime = MOVEMENT.decode(body)["timestamp"]
    return answer.oldest_seq <= 1 or (answer.oldest_timestamp is not None and answer.oldest_timestamp < attempted)


def _status(session: CardSession) -> CardStatus:
    values = session.status()
    return CardStatus(serial=session.info.serial, **values | {"state": LifeState(values["state"])})
