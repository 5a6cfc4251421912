# SPDX-License-Identifier: Apache-2.0
"""SELECT, and what a card says of itself there: to anybody, and unauthenticated."""

from __future__ import annotations

from dataclasses import dataclass, field

from ssn_card.protocol import commands, status
from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.protocol.values import APPLET_AID, PROTOCOL_VERSION, StateClass
from ssn_card.transport import CardConnection

from .errors import NotOurCard

_QUOTE = SELECT_ANSWER.offset("protocol_version")
_CHALLENGE = SELECT_ANSWER.offset("challenge")
_SELECT = commands.SELECT.header() + bytes((len(APPLET_AID),)) + APPLET_AID + b"\x00"


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
        return self._byte("protocol_version")

    @property
    def debit_key_version(self) -> int:
        """Version of the DEBIT key in force; the other three likewise."""
        return self._byte("debit_key_version")

    @property
    def receipt_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self._byte("receipt_key_version")

    @property
    def update_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self._byte("update_key_version")

    @property
    def override_key_version(self) -> int:
        """See :attr:`debit_key_version`."""
        return self._byte("override_key_version")

    @property
    def masked_seq(self) -> int:
        """Number of the newest receipt, XOR a mask that only the card's DEBIT key makes."""
        return int.from_bytes(self.quote[SELECT_ANSWER.offset("masked_seq") - _QUOTE :], "big")

    @property
    def state_class(self) -> StateClass:
        """Whether the card is somebody's."""
        return StateClass.PERSONALIZED if self._byte("state_class") else StateClass.BLANK

    def _byte(self, name: str) -> int:
        return self.quote[SELECT_ANSWER.offset(name) - _QUOTE]


def select(connection: CardConnection) -> tuple[CardInfo, bytes]:
    """SELECT the applet: what the card says, and a fresh challenge of 8 bytes. Needs no keys.

    Raises:
        NotOurCard: no SSN card, or one of another protocol version.
        TransportError
    """
    answer = connection.transmit(_SELECT)
    data, sw = answer[:-2], int.from_bytes(answer[-2:], "big")
    if sw != status.OK or len(data) != SELECT_ANSWER.size:
        raise NotOurCard(
            Text(f"This is no SSN card (SW {sw:04X}).", f"Ini bukan kartu SSN (SW {sw:04X})."), where="SELECT"
        )
    info = CardInfo(data[:_QUOTE], data[_QUOTE:_CHALLENGE])
    if info.protocol_version != PROTOCOL_VERSION:
        raise NotOurCard(
            Text("The card speaks another protocol version.", "Kartu memakai versi protokol lain."),
            remedy=Text("Update the terminal software.", "Perbarui perangkat lunak terminal."),
            where="SELECT",
        )
    return info, data[_CHALLENGE:]
