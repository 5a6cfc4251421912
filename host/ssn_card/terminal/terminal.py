# SPDX-License-Identifier: Apache-2.0
"""What a shop's terminal does with a card: sell, cancel, recover, read, deliver updates.

The rule behind all of it: a debit is journalled before it is sent, and an answer that is lost or cannot be
authenticated, even a refusal, leaves it in doubt until the card itself has said, authenticated, what happened. So a
debit is never made twice and never lost, whatever is pulled, replayed or forged on the line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ssn_card.entitlement import SignedUpdate
from ssn_card.keys import KeyProvider
from ssn_card.programme import WITA
from ssn_card.protocol import commands, status
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, SsnCardError, Text
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.protocol.values import LOG_ENTRIES, LifeState, ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.transport import CardConnection, TransportError

from .errors import (
    AnswerNotGenuine,
    DebitInDoubt,
    EarlierDebitFound,
    NothingToCancel,
    NotOurCard,
    RecoveryUncertain,
)
from .journal import Entry, State, TerminalJournal
from .purse import CardStatus, explain
from .session import CardSession, NoReceipt, movement


@dataclass(frozen=True)
class Sale:
    """A debit that is done.

    Args:
        receipt: the card's receipt, already in the journal.
        recovered: the card had done it before; nothing was debited now.
    """

    receipt: Receipt
    recovered: bool = False


def now() -> dt.datetime:
    """Local time at the shops (WITA), without a zone, as the card keeps it."""
    return dt.datetime.now(WITA).replace(tzinfo=None, microsecond=0)


class Terminal:
    """One terminal with its keys and journal; serves one card at a time."""

    def __init__(
        self,
        terminal_id: int,
        provider: KeyProvider,
        journal: TerminalJournal,
        *,
        clock: Callable[[], dt.datetime] = now,
    ) -> None:
        """``terminal_id``: 1 to 2^32 - 1; ``provider`` must hold DEBIT; ``clock`` gives local time without a zone."""
        self.terminal_id = terminal_id
        self._provider = provider
        self._journal = journal
        self._clock = clock

    def debit(
        self, card: CardConnection, basket: Basket, *, reference: str | None = None, pin: str | None = None
    ) -> Sale:
        """Sell a basket: two APDUs, SELECT and DEBIT; three with a PIN.

        Args:
            card: a connection to the card.
            basket: what is bought; its total is debited.
            reference: the integrator's own number of this sale. The same reference again never debits again: it
                returns the first receipt, or finds out what became of it.
            pin: the holder's PIN, where the card asks for it (``PinRequired``).

        Raises:
            WrongPin, PinBlocked, NoPin: nothing was debited.
            DebitRefused (a class for each reason): nothing was debited; says what is left and when the limit renews.
            DebitInDoubt: the answer was lost. Present the same card again.
            EarlierDebitFound: a debit in doubt had happened, for another basket.
            AnswerNotGenuine, NotOurCard, TransportError, JournalError, KeyMissing.
        """
        if reference is not None:
            known = self._journal.by_reference(reference)
            if known is not None:
                return self._again(card, known, basket, pin)
        session = self._session(card)
        self._settle(session)
        if pin is not None:
            session.verify_pin(pin)
        moment = self._clock()
        txn = self._journal.begin(ReceiptType.DEBIT, session.info.serial, basket, reference, moment)
        body = movement(basket.total, basket.categories, moment, self.terminal_id, txn, basket.digest())
        return Sale(self._move(session, commands.DEBIT, body, txn))

    def cancel(self, card: CardConnection) -> Receipt:
        """Give back the newest debit of this terminal on this card. Raises as :meth:`debit`, and NothingToCancel."""
        session = self._session(card)
        self._settle(session)
        last = next((one for one, _ in reversed(list(self._journal.receipts(session.info.serial)))), None)
        if last is None or last.type != ReceiptType.DEBIT or last.terminal_id != self.terminal_id:
            raise NothingToCancel(
                Text("This terminal has no debit of this card to cancel.", "Tidak ada debit untuk dibatalkan."),
                where="CANCEL",
            )
        moment = self._clock()
        txn = self._journal.begin(ReceiptType.CANCEL, session.info.serial, None, None, moment)
        body = movement(last.amount, last.categories, moment, self.terminal_id, txn, last.mac)
        return self._move(session, commands.CANCEL, body, txn)

    def override(
        self, card: CardConnection, amount: int, companion_id: bytes, companion: KeyProvider, reason: int = 0
    ) -> Receipt:
        """Raise this month's limit by ``amount`` rupiah, confirmed by a companion's key (OVERRIDE).

        Args:
            companion_id: 8 bytes; reason: 16-bit code of the programme.

        Raises:
            as :meth:`debit`.
        """
        session = self._session(card)
        self._settle(session)
        moment = self._clock()
        txn = self._journal.begin(ReceiptType.OVERRIDE, session.info.serial, None, None, moment)
        body = movement(amount, reason, moment, self.terminal_id, txn, companion_id)
        key = companion.diversify(KeyLabel.OVERRIDE, session.info.override_key_version, session.info.serial)
        return self._move(session, commands.OVERRIDE, body, txn, key)

    def deliver(self, card: CardConnection, update: SignedUpdate) -> Receipt:
        """Carry an entitlement update to its card; doing so again is harmless.

        Raises:
            StaleUpdate, ConflictingUpdate, InvalidUpdate, WrongMac: nothing changed.
            InputError: the update is for another card.
        """
        session = self._session(card)
        if session.info.serial != update.serial:
            raise InputError(
                Text(
                    f"The update is for card {update.serial.hex()}, this is {session.info.serial.hex()}.",
                    f"Pembaruan ini untuk kartu {update.serial.hex()}, kartu ini {session.info.serial.hex()}.",
                ),
                where="serial",
            )
        receipt = session.deliver(update.command())
        self._journal.keep(receipt)
        return receipt

    def status(self, card: CardConnection) -> CardStatus:
        """The card's authenticated state."""
        return _status(self._session(card))

    def log(self, card: CardConnection) -> Iterator[Receipt]:
        """The receipts in the card's log, newest first; keeps none of them."""
        session = self._session(card)
        for index in range(LOG_ENTRIES):
            receipt = session.read_log(index)
            if receipt is None:
                return
            yield receipt

    def recover(self, card: CardConnection) -> list[Receipt]:
        """Settle everything in doubt on this card; returns the receipts of what had happened.

        Raises:
            RecoveryUncertain: the card's log no longer reaches back.
        """
        session = self._session(card)
        found = (self._resolve(session, entry) for entry in self._journal.in_doubt(session.info.serial))
        return [receipt for receipt in found if receipt is not None]

    def _session(self, card: CardConnection) -> CardSession:
        return CardSession(card, self._provider, self.terminal_id)

    def _settle(self, session: CardSession) -> None:
        """Before anything new: what is in doubt on this card is found out; a debit that had happened stops us."""
        for entry in self._journal.in_doubt(session.info.serial):
            receipt = self._resolve(session, entry)
            if receipt is not None:
                raise EarlierDebitFound(receipt)

    def change_pin(self, card: CardConnection, old: str, new: str) -> None:
        """Another PIN of 4 to 12 digits. Raises ``WrongPin``, ``PinBlocked``, ``NoPin``, ``InputError``."""
        self._session(card).change_pin(old, new)

    def _again(self, card: CardConnection, known: Entry, basket: Basket, pin: str | None) -> Sale:
        """A sale whose reference is known."""
        if known.basket != basket:
            raise InputError(
                Text(
                    f"Reference {known.reference!r} belongs to a sale of another basket.",
                    f"Referensi {known.reference!r} milik penjualan dengan keranjang lain.",
                ),
                where="reference",
                remedy=Text("Give every sale its own reference.", "Beri setiap penjualan referensi sendiri."),
            )
        if known.state is State.DONE:
            receipt = self._journal.receipt_of(known)
            if receipt is not None:
                return Sale(receipt, recovered=True)
        session = self._session(card)
        if session.info.serial != known.serial:
            raise DebitInDoubt(known.serial, known.terminal_txn)
        receipt = self._resolve(session, known)
        if receipt is not None:
            return Sale(receipt, recovered=True)
        return self.debit(card, basket, reference=known.reference, pin=pin)

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
            return self._confirm(session, txn, refusal)
        except TransportError as lost:
            raise DebitInDoubt(session.info.serial, txn) from lost
        self._journal.done(txn, receipt)
        return receipt

    def _confirm(self, session: CardSession, txn: int, refusal: SsnCardError) -> Receipt:
        """A refusal carries no MAC, so the card is asked whether the movement happened all the same."""
        entry = next(one for one in self._journal.in_doubt() if one.terminal_txn == txn)
        try:
            session.select()
            receipt = self._resolve(session, entry, just_sent=True)
            if receipt is not None:
                return receipt
            if isinstance(refusal, status.DebitRefused):
                raise explain(refusal, _status(session), self._clock().date())
        except status.WrongMac as error:
            if isinstance(refusal, status.WrongMac):  # wrong keys, most likely: say so; the journal keeps the doubt
                raise refusal from None
            raise DebitInDoubt(session.info.serial, txn) from error
        except (TransportError, AnswerNotGenuine, NotOurCard, status.ConditionsNotSatisfied) as error:
            raise DebitInDoubt(session.info.serial, txn) from error
        raise refusal

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
