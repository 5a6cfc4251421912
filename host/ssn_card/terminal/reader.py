# SPDX-License-Identifier: Apache-2.0
"""What needs a card and keys and no journal: reading, and the holder's PIN."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from ssn_card.keys.provider import MIN_VERSION
from ssn_card.receipts import Receipt
from ssn_card.transport import CardConnection

from . import pins
from .disturbed import TRIES, Undone
from .keys import TerminalKeys
from .purse import CardStatus
from .session import NO_TERMINAL, CardSession, NoReceipt

T = TypeVar("T")


class Reader:
    """Reads cards, one at a time. Any thread may call: it waits for its turn.

    For the length of a call nobody else gets at the card, as far as its connection can see to that. Where another
    program gets between all the same, or the card loses its selection, the call begins again from SELECT a few times.
    """

    def __init__(
        self, keys: TerminalKeys, terminal_id: int = NO_TERMINAL, *, minimum_version: int = MIN_VERSION
    ) -> None:
        """
        Args:
            keys: of DEBIT, such as ``SoftwareTerminalKeys(keyring)``.
            terminal_id: in whose name cards are asked.
            minimum_version: oldest version of DEBIT in use. A card of an older one is not believed.
        """
        self.terminal_id = terminal_id
        self._keys = keys
        self._minimum_version = minimum_version
        self._turn = threading.RLock()

    def status(self, card: CardConnection) -> CardStatus:
        """The card's authenticated state."""
        return self._serve(card, CardSession.status)

    def log(self, card: CardConnection) -> list[Receipt]:
        """The receipts in the card's log, newest first; keeps none of them."""
        return self._serve(card, CardSession.log)

    def receipt(self, card: CardConnection, seq: int) -> Receipt | NoReceipt:
        """The receipt of that number from the card's log, or the card's word that it has none."""
        return self._serve(card, lambda session: session.read_receipt(seq))

    def change_pin(self, card: CardConnection, old: str, new: str) -> None:
        """Another PIN of 4 to 12 digits, with all its tries, by who knows the old one.

        Raises:
            WrongPin, PinBlocked, NoPin, LastTryContacts, InputError, KeysRetired, CardDisturbed: nothing changed.
            PinInDoubt: the answer was lost.
            AnswerNotGenuine, NotOurCard, TransportError, KeyMissing.
        """
        self._serve(card, pins.Change(old, new))

    def choose_pin(self, card: CardConnection, new: str) -> None:
        """A PIN of 4 to 12 digits, where an update has opened the choice of one; also the same again.

        Raises as :meth:`change_pin`, and ``PinChoiceClosed``.
        """
        self._serve(card, pins.Choice(new))

    def _serve(self, card: CardConnection, act: Callable[[CardSession], T]) -> T:
        """``act`` on a session of its own, the card and this device to ourselves.

        In this order, so that a caller who holds the card already never waits for one who waits for the card.
        """
        with card.exclusive(), self._turn:
            left = TRIES
            while True:
                try:
                    return act(CardSession(card, self._keys, self.terminal_id, minimum_version=self._minimum_version))
                except Undone as undone:
                    left -= 1
                    if not left:
                        raise undone.verdict from None
