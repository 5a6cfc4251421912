# SPDX-License-Identifier: Apache-2.0
"""Connections to cards, chosen by URL: a PC/SC reader, a simulated card's port, a recording, or one's own.

``with open_connection("pcsc:") as card: answer = card.transmit(apdu)``. See :func:`open_connection` for the URLs and
:func:`register` for adding a scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

from .base import CardConnection, SessionTracer, Tracer
from .errors import (
    BadRecording,
    BadUrl,
    CardInUse,
    CardMute,
    CardNotReachable,
    CardNotSupported,
    CardRemoved,
    CardWasReset,
    ConnectionClosed,
    ConnectionLost,
    ExchangeBroken,
    MalformedCommand,
    NoCard,
    PcscFailure,
    PcscForbidden,
    PcscFull,
    PcscLost,
    PcscNotAnswering,
    PcscNotRunning,
    PyscardMissing,
    ReaderNameUnreadable,
    ReaderNotFound,
    ReplayMismatch,
    ShortAnswer,
    TransportError,
    UnknownScheme,
)
from .registry import TransportFactory, known_schemes, open_connection, register
from .url import CardUrl

if TYPE_CHECKING:
    from .pcsc import PcscConnection
    from .readers import list_readers, wait_for_card
    from .recording import RawRecorder
    from .replay import ReplayConnection
    from .vpcd import VpcdConnection
else:  # a card is reached in one way, and the others need not be loaded
    __getattr__ = lazily(
        __name__,
        {
            ".pcsc": ("PcscConnection",),
            ".readers": ("list_readers", "wait_for_card"),
            ".recording": ("RawRecorder",),
            ".replay": ("ReplayConnection",),
            ".vpcd": ("VpcdConnection",),
        },
    )

__all__ = [
    "BadRecording",
    "BadUrl",
    "CardConnection",
    "CardInUse",
    "CardMute",
    "CardNotReachable",
    "CardNotSupported",
    "CardRemoved",
    "CardUrl",
    "CardWasReset",
    "ConnectionClosed",
    "ConnectionLost",
    "ExchangeBroken",
    "MalformedCommand",
    "NoCard",
    "PcscConnection",
    "PcscFailure",
    "PcscForbidden",
    "PcscFull",
    "PcscLost",
    "PcscNotAnswering",
    "PcscNotRunning",
    "PyscardMissing",
    "RawRecorder",
    "ReaderNameUnreadable",
    "ReaderNotFound",
    "ReplayConnection",
    "ReplayMismatch",
    "SessionTracer",
    "ShortAnswer",
    "Tracer",
    "TransportError",
    "TransportFactory",
    "UnknownScheme",
    "VpcdConnection",
    "known_schemes",
    "list_readers",
    "open_connection",
    "register",
    "wait_for_card",
]
