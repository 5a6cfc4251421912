# SPDX-License-Identifier: Apache-2.0
"""The error codes of PC/SC turned into our errors: one way while opening, one way on an open card."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .errors import (
    CardInUse,
    CardMute,
    CardNotSupported,
    CardRemoved,
    CardWasReset,
    ConnectionLost,
    ExchangeBroken,
    NoCard,
    PcscFailure,
    PcscLost,
    TransportError,
    Words,
)
from .pcsc_codes import CODES
from .pcsc_socket import why_refused

INVALID_HANDLE = 0x80100003
UNKNOWN_READER = 0x80100009
TIMEOUT = 0x8010000A
NO_CARD, REMOVED_CARD = 0x8010000C, 0x80100069
NO_READERS = 0x8010002E
RESET_CARD = 0x80100068
_SHARING_VIOLATION = 0x8010000B
_NO_SERVICE, _SERVICE_STOPPED, _SHUTDOWN = 0x8010001D, 0x8010001E, 0x80100018
_COMM_ERROR = 0x80100013
_SECURITY_VIOLATION = 0x8010006A  #: also where pcscd breaks a connection off
_UNRESPONSIVE, _UNPOWERED = 0x80100066, 0x80100067
_NOT_TRANSACTED, _COMM_DATA_LOST = 0x80100016, 0x8010002F
_INVALID_ATR, _PROTO_MISMATCH, _UNKNOWN_CARD = 0x80100015, 0x8010000F, 0x8010000D
_CARD_UNSUPPORTED, _UNSUPPORTED_CARD = 0x8010001C, 0x80100065

_SERVICE_ENDED = {_NO_SERVICE, _SERVICE_STOPPED, _SHUTDOWN, _COMM_ERROR, _SECURITY_VIOLATION, INVALID_HANDLE}
#: What a card that is pulled out in mid-command looks like, depending on the reader's driver.
_BROKEN_OFF = {NO_CARD, REMOVED_CARD, _UNRESPONSIVE, _UNPOWERED, _NOT_TRANSACTED, _COMM_DATA_LOST}

_AT_THE_CARD: dict[int, type[CardInUse | NoCard | CardMute]] = {
    _SHARING_VIOLATION: CardInUse,
    NO_CARD: NoCard,
    REMOVED_CARD: NoCard,
    _UNRESPONSIVE: CardMute,
    _UNPOWERED: CardMute,
    _NOT_TRANSACTED: CardMute,
    _COMM_DATA_LOST: CardMute,
    _INVALID_ATR: CardNotSupported,
    _PROTO_MISMATCH: CardNotSupported,
    _UNKNOWN_CARD: CardNotSupported,
    _CARD_UNSUPPORTED: CardNotSupported,
    _UNSUPPORTED_CARD: CardNotSupported,
}

_SET_ANEW = Words(
    Text(
        "another program reset the card and set another protocol", "program lain mereset kartu dan mengganti protokol"
    ),
    CODES[RESET_CARD].remedy,
)


def unsigned(result: int) -> int:
    """A result as PC/SC's documents write it; on some systems it comes as a negative number."""
    return result & 0xFFFFFFFF


def words_of(number: int) -> Words:
    """What a code means, with the number in it."""
    words = CODES.get(number) or Words(
        Text("the PC/SC service gave an unknown error", "layanan PC/SC memberi kesalahan yang tidak dikenal"),
        Text("Report it, with the number.", "Laporkan, dengan nomornya."),
    )
    return words._replace(text=Text(f"{words.text.en} (PC/SC {number:08X})", f"{words.text.id} (PC/SC {number:08X})"))


def entry_error(number: int) -> TransportError:
    """The error of a service that takes us not in, for which its socket tells the reason better than the code."""
    refused = why_refused() if number in _SERVICE_ENDED else None
    return refused or PcscFailure("PC/SC", number, words_of(number))


def opening_error(number: int, place: str) -> TransportError:
    """The error of a call that is no exchange."""
    if number in _SERVICE_ENDED:
        return PcscLost(place, number, words_of(number))
    at_the_card = _AT_THE_CARD.get(number)
    if at_the_card is not None:
        return at_the_card(place, CODES[number])
    return PcscFailure(place, number, words_of(number))


def exchange_error(number: int, place: str, *, in_flight: bool) -> ExchangeBroken:
    """The error of an exchange or reset on an open card; ``in_flight``: a command was handed to the service."""
    if number == RESET_CARD:
        return CardWasReset(place, CODES[number])
    if number == _PROTO_MISMATCH:  # it fitted before, and no driver sees a command before this check
        return CardWasReset(place, _SET_ANEW)
    if number in _BROKEN_OFF:
        return CardRemoved(place, in_flight=in_flight, words=CODES[number])
    words = words_of(number)
    return ConnectionLost(place, words.text, in_flight=in_flight, remedy=words.remedy)
