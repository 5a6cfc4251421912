# SPDX-License-Identifier: Apache-2.0
"""SELECT at a terminal: which card is there (:mod:`ssn_card.protocol.selection`)."""

from __future__ import annotations

from ssn_card.protocol import status
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.selection import SELECT_APPLET, CardInfo, selected
from ssn_card.transport import CardConnection

from .errors import NotOurCard


def select(connection: CardConnection) -> tuple[CardInfo, bytes]:
    """SELECT the applet: what the card says, and a fresh challenge of 8 bytes. Needs no keys.

    Raises:
        NotOurCard: no SSN card, or one of another protocol version.
        TransportError
    """
    answer = connection.transmit(SELECT_APPLET)
    data, sw = answer[:-2], int.from_bytes(answer[-2:], "big")
    try:
        status.raise_for(sw)
        info, challenge = selected(data)
    except (status.CardStatusError, InputError):
        raise NotOurCard(
            Text(f"This is no SSN card (SW {sw:04X}).", f"Ini bukan kartu SSN (SW {sw:04X})."), where="SELECT"
        ) from None
    if not info.is_ours:
        raise NotOurCard(
            Text("The card speaks another protocol version.", "Kartu memakai versi protokol lain."),
            remedy=Text("Update the terminal software.", "Perbarui perangkat lunak terminal."),
            where="SELECT",
        )
    return info, challenge
