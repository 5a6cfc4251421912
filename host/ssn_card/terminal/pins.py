# SPDX-License-Identifier: Apache-2.0
"""The holder's PIN: given to the card for one movement, changed by who knows it, chosen where an update allows it.

What refuses a PIN is not authenticated, so a refusal never makes us send the same PIN again by itself, unless the card
has said, authenticated, that it has lost no try: a lying line could use them all up.
"""

from __future__ import annotations

from ssn_card.protocol import commands, status
from ssn_card.protocol.pin import pin_block
from ssn_card.protocol.values import PIN_TRIES
from ssn_card.transport import TransportError

from .disturbed import Undone, repeatable
from .errors import AnswerNotGenuine, PinChoiceClosed, PinInDoubt
from .session import CardSession


def give(session: CardSession, pin: str) -> None:
    """VERIFY. Raises as :meth:`CardSession.verify_pin`, and ``Undone``."""
    try:
        with repeatable(commands.VERIFY):
            session.verify_pin(pin)
    except Undone as undone:
        if session.status().pin_tries != PIN_TRIES:
            raise undone.verdict from None
        raise


class _NewPin:
    """Sets a PIN in a session; may be called again with another where the card was out of place."""

    _sent = False  #: once, perhaps in an earlier session

    def __init__(self, new: str) -> None:
        pin_block(new)  # before the card hears anything
        self._new = new

    def _set(self, session: CardSession) -> None:
        self._sent = True
        try:
            with repeatable(commands.CHANGE_REFERENCE_DATA):
                session.set_pin(self._new)
        except (TransportError, AnswerNotGenuine) as lost:
            raise PinInDoubt from lost


class Change(_NewPin):
    """VERIFY and CHANGE REFERENCE DATA in one session."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(new)
        pin_block(old)
        self._old = old

    def __call__(self, session: CardSession) -> None:
        """Raises as ``Terminal.change_pin``."""
        try:
            give(session, self._old)
        except status.WrongPin as refusal:
            if self._sent:  # what looked like a disturbance may have been the change
                raise PinInDoubt from refusal
            raise
        self._set(session)


class Choice(_NewPin):
    """CHANGE REFERENCE DATA where the card says that the choice is open."""

    def __call__(self, session: CardSession) -> None:
        """Raises as ``Terminal.choose_pin``."""
        if not session.status().pin_choice:
            raise PinInDoubt if self._sent else PinChoiceClosed
        self._set(session)
