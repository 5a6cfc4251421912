# SPDX-License-Identifier: Apache-2.0
"""GET DATA over an open channel: whose number a personalized card bears, and its identity block."""

from __future__ import annotations

from typing import NamedTuple

from ssn_card.channel import Scp03Session
from ssn_card.protocol import status
from ssn_card.protocol.commands import GET_DATA
from ssn_card.protocol.layouts import CARD_DATA

_NUMBER = next(field.size for field in CARD_DATA.fields if field.name == "beneficiary_id")


class CardContent(NamedTuple):
    """What a personalized card holds of its person. ``repr`` hides it."""

    beneficiary_id: bytes  #: 8 bytes, all zero where the card has no number
    identity: bytes  #: identity block

    def __repr__(self) -> str:
        return f"<CardContent {self.beneficiary_id.hex()}>"


def get_content(channel: Scp03Session) -> CardContent:
    """Ask for it in a channel whose level includes R-ENCRYPTION. Raises ``CardStatusError``, channel errors."""
    answer, sw = channel.send(GET_DATA.header() + b"\x00")  # Le only: GET DATA carries no data field
    status.raise_for(sw, GET_DATA.name)
    return content_of(answer)


def content_of(answer: bytes) -> CardContent:
    """The answer of GET DATA, taken apart."""
    return CardContent(answer[:_NUMBER], answer[_NUMBER:])
