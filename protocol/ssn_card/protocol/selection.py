# SPDX-License-Identifier: Apache-2.0
"""SELECT of the applet, and what a card says of itself there: to anybody, and unauthenticated."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import commands
from .errors import InputError, Text
from .layouts import SELECT_ANSWER
from .values import APPLET_AID, PROTOCOL_VERSION, StateClass

#: The whole command.
SELECT_APPLET = commands.SELECT.header() + bytes((len(APPLET_AID),)) + APPLET_AID + b"\x00"
#: Where the quote lies in the answer: what every terminal command's MAC covers of it.
QUOTE = slice(SELECT_ANSWER.offset("protocol_version"), SELECT_ANSWER.offset("challenge"))
_SHORTEST = QUOTE.start + 1  #: serial and protocol version, which every version of the protocol has there


def _quoted(name: str) -> int:
    return SELECT_ANSWER.offset(name) - QUOTE.start


_VERSION, _STATE = _quoted("protocol_version"), _quoted("state_class")
_DEBIT, _RECEIPT = _quoted("debit_key_version"), _quoted("receipt_key_version")
_UPDATE, _OVERRIDE = _quoted("update_key_version"), _quoted("override_key_version")
_MASKED_SEQ = _quoted("masked_seq")
_STATE_CLASSES = frozenset(StateClass)


@dataclass(frozen=True)
class CardInfo:
    """What a card tells anyone at SELECT. A genuine answer to a command proves it: the command's MAC covers it.

    Args:
        serial: 8 bytes.
        quote: the 10 bytes between serial and challenge, as quoted.
    """

    serial: bytes
    quote: bytes = field(repr=False)

    @property
    def protocol_version(self) -> int:
        """Version of the protocol that the card speaks."""
        return self.quote[_VERSION]

    @property
    def state_class(self) -> StateClass:
        """Whether the card is somebody's. What no card says counts as somebody's: nothing is done with it unproved."""
        return StateClass.PERSONALIZED if self.quote[_STATE] else StateClass.BLANK

    @property
    def debit_key_version(self) -> int:
        """Version of the DEBIT key in force; the other three likewise."""
        return self.quote[_DEBIT]

    @property
    def receipt_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self.quote[_RECEIPT]

    @property
    def update_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self.quote[_UPDATE]

    @property
    def override_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self.quote[_OVERRIDE]

    @property
    def masked_seq(self) -> int:
        """Number of the newest receipt, XOR a mask that only the card's DEBIT key makes."""
        return int.from_bytes(self.quote[_MASKED_SEQ:], "big")

    @property
    def is_sound(self) -> bool:
        """Whether the state class is one that there is."""
        return self.quote[_STATE] in _STATE_CLASSES

    @property
    def is_ours(self) -> bool:
        """Whether the card speaks this version of the protocol; of another only the serial means anything."""
        return self.protocol_version == PROTOCOL_VERSION


def selected(data: bytes) -> tuple[CardInfo, bytes]:
    """What a card said to SELECT, and its challenge of 8 bytes.

    Args:
        data: the answer without its status word, which was 9000.

    Raises:
        InputError: no card of ours answers so. One of another protocol version may, and is told by
            :attr:`CardInfo.is_ours`.
    """
    info = CardInfo(data[: QUOTE.start], data[QUOTE])
    if len(data) < _SHORTEST or (info.is_ours and len(data) != SELECT_ANSWER.size):
        raise InputError(
            Text(
                f"{SELECT_ANSWER.name} must have {SELECT_ANSWER.size} bytes, got {len(data)}.",
                f"{SELECT_ANSWER.name} harus {SELECT_ANSWER.size} bita, diterima {len(data)}.",
            ),
            where=SELECT_ANSWER.name,
        )
    return info, data[QUOTE.stop :]
