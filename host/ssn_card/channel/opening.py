# SPDX-License-Identifier: Apache-2.0
"""The answer to INITIALIZE UPDATE (SCP03 v1.1.1, section 7.1.1)."""

from __future__ import annotations

from typing import NamedTuple

from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import SCP_IDENTIFIER

from .derivation import CHALLENGE
from .errors import ChannelRefused, MalformedOpening
from .levels import I_PSEUDO_RANDOM, I_R_ENCRYPTION, I_R_MAC, I_RESERVED
from .messaging import SW_LENGTH, SW_OK
from .static_keys import DIVERSIFICATION_LENGTH

_KEY_INFORMATION = 3  #: key version number, 03, parameter i
_SEQUENCE_COUNTER = 3  #: only with a pseudo-random card challenge
RANDOM_FORM = DIVERSIFICATION_LENGTH + _KEY_INFORMATION + 2 * CHALLENGE  #: 29 bytes
PSEUDO_RANDOM_FORM = RANDOM_FORM + _SEQUENCE_COUNTER  #: 32 bytes


class InitializeUpdateAnswer(NamedTuple):
    """Table 7-2. Only the cryptogram proves anything; the rest is what the card says."""

    diversification: bytes
    kvn: int
    i: int
    card_challenge: bytes
    card_cryptogram: bytes


def parse_initialize_update(response: bytes, kvn: int) -> InitializeUpdateAnswer:
    """Take the whole answer, status word included, apart; ``kvn`` is the one asked for, 0 for the card's own choice.

    Raises :class:`ChannelRefused` for another status than 9000, :class:`MalformedOpening` for anything else.
    """
    data = status_checked(response, "INITIALIZE UPDATE")
    if len(data) not in (RANDOM_FORM, PSEUDO_RANDOM_FORM):
        raise MalformedOpening(
            Text(
                f"The answer has {len(data)} bytes, not {RANDOM_FORM} or {PSEUDO_RANDOM_FORM}.",
                f"Jawaban {len(data)} byte, bukan {RANDOM_FORM} atau {PSEUDO_RANDOM_FORM}.",
            ),
        )
    used, protocol, i = data[10:13]
    if protocol != SCP_IDENTIFIER:
        raise MalformedOpening(
            Text(f"The card speaks SCP{protocol:02X}, not SCP03.", f"Kartu memakai SCP{protocol:02X}, bukan SCP03.")
        )
    if kvn not in (0, used):
        raise MalformedOpening(
            Text(
                f"Key version {kvn:02X} was asked for, the card took {used:02X}.",
                f"Diminta versi kunci {kvn:02X}, kartu memakai {used:02X}.",
            ),
        )
    counted = bool(i & I_PSEUDO_RANDOM)
    if i & I_RESERVED or (i & I_R_ENCRYPTION and not i & I_R_MAC) or counted != (len(data) == PSEUDO_RANDOM_FORM):
        raise MalformedOpening(
            Text(
                f"Parameter i is {i:02X}, which does not fit the answer.",
                f"Parameter i bernilai {i:02X}, tidak sesuai dengan jawaban.",
            ),
        )
    return InitializeUpdateAnswer(data[:10], used, i, data[13:21], data[21:29])


def status_checked(response: bytes, command: str) -> bytes:
    """The data of an answer with status 9000. Raises :class:`ChannelRefused` or :class:`MalformedOpening`."""
    if len(response) < SW_LENGTH:
        raise MalformedOpening(Text("The answer has no status word.", "Jawaban tidak memuat status."))
    sw = int.from_bytes(response[-SW_LENGTH:], "big")
    if sw != SW_OK:
        raise ChannelRefused(command, sw)
    return bytes(response[:-SW_LENGTH])
