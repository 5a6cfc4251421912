# SPDX-License-Identifier: Apache-2.0
"""The PC/SC service through pyscard's plain functions, its error numbers turned into our errors.

The plain functions are used, not pyscard's classes: those talk to the service from destructors and threads of their
own, which fails noisily when a reader is unplugged. pyscard is imported when first needed: it is an optional extra.
"""

from __future__ import annotations

import importlib
from types import ModuleType, TracebackType
from typing import Any, Self

from .errors import (
    CardInUse,
    CardMute,
    CardRemoved,
    CardWasReset,
    ConnectionLost,
    ExchangeBroken,
    NoCard,
    PcscFailure,
    PcscNotRunning,
    PyscardMissing,
    ReaderNotFound,
    TransportError,
)

_SERVICE_GONE = ("SCARD_E_NO_SERVICE", "SCARD_E_SERVICE_STOPPED")
_REMOVED = ("SCARD_W_REMOVED_CARD", "SCARD_E_NO_SMARTCARD", "SCARD_W_UNPOWERED_CARD", "SCARD_E_READER_UNAVAILABLE")
#: What a card that is pulled out in mid-command looks like, depending on the reader's driver.
_BROKEN_OFF = ("SCARD_E_NOT_TRANSACTED", "SCARD_F_COMM_ERROR", "SCARD_W_UNRESPONSIVE_CARD", "SCARD_E_COMM_DATA_LOST")


def scard() -> ModuleType:
    """The module of the plain functions. Raises :class:`PyscardMissing`."""
    try:
        return importlib.import_module("smartcard.scard")
    except ImportError as error:
        raise PyscardMissing from error


class PcscContext:
    """One context of the PC/SC service; a context manager. Not to be shared between threads."""

    def __init__(self) -> None:
        """Raises :class:`PyscardMissing`, :class:`PcscNotRunning`."""
        self.api = scard()
        result, self._context = self.api.SCardEstablishContext(self.api.SCARD_SCOPE_USER)
        self.check(result, "PC/SC")

    def close(self) -> None:
        """Release the context; whatever state the service is in."""
        self.api.SCardReleaseContext(self._context)

    def readers(self) -> list[str]:
        """Names of the readers, in the service's order."""
        result, readers = self.api.SCardListReaders(self._context, [])
        if result == self.api.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self.check(result, "PC/SC")
        return list(readers)

    def states(self, readers: list[str], known: dict[str, int], milliseconds: int) -> dict[str, int]:
        """State bits of each reader, once one differs from ``known`` or the time is over."""
        asked = [(reader, known.get(reader, self.api.SCARD_STATE_UNAWARE)) for reader in readers]
        result, states = self.api.SCardGetStatusChange(self._context, milliseconds, asked)
        if result != self.api.SCARD_E_TIMEOUT:
            self.check(result, "PC/SC")
        return {reader: state & ~self.api.SCARD_STATE_CHANGED for reader, state, _ in states}

    def connect(self, reader: str, *, exclusive: bool) -> tuple[Any, int]:
        """Card handle and protocol number. Raises as :meth:`check` does."""
        share = self.api.SCARD_SHARE_EXCLUSIVE if exclusive else self.api.SCARD_SHARE_SHARED
        protocols = self.api.SCARD_PROTOCOL_T0 | self.api.SCARD_PROTOCOL_T1
        result, card, protocol = self.api.SCardConnect(self._context, reader, share, protocols)
        self.check(result, reader)
        return card, protocol

    def check(self, result: int, place: str) -> None:
        """Raise the error of a failed call that is no exchange."""
        if result != self.api.SCARD_S_SUCCESS:
            raise self._opening_error(result, place)

    def exchange_error(self, result: int, place: str, *, in_flight: bool) -> ExchangeBroken:
        """The error of an exchange or reset on an open card; ``in_flight``: a command was handed to the service."""
        api = self.api
        if result == api.SCARD_W_RESET_CARD:
            return CardWasReset(place)
        if self._is(result, *_REMOVED, *_BROKEN_OFF):
            return CardRemoved(place, in_flight=in_flight)
        return ConnectionLost(place, self._message(result), in_flight=in_flight)

    def _opening_error(self, result: int, place: str) -> TransportError:
        if self._is(result, *_SERVICE_GONE):
            return PcscNotRunning()
        if self._is(result, "SCARD_E_SHARING_VIOLATION"):
            return CardInUse(place)
        if self._is(result, "SCARD_E_UNKNOWN_READER"):
            return ReaderNotFound(place, self.readers())
        if self._is(result, *_REMOVED):
            return NoCard(place)
        if self._is(result, "SCARD_W_UNRESPONSIVE_CARD", "SCARD_E_PROTO_MISMATCH", "SCARD_E_NOT_TRANSACTED"):
            return CardMute(place)
        return PcscFailure(place, result, self._message(result))

    def _is(self, result: int, *names: str) -> bool:
        return any(result == getattr(self.api, name, None) for name in names)

    def _message(self, result: int) -> str:
        return str(self.api.SCardGetErrorMessage(result)).strip().rstrip(".")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
