# SPDX-License-Identifier: Apache-2.0
"""pyscard's plain functions as a service would answer that says what a test wants; what it was asked is recorded."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

READER, OTHER = "Reader 00", "Lecteur n° 01"
ATR = bytes.fromhex("3B80800101")
CONTEXT, CARD = object(), object()
SIGNED = 1 << 32


class Scripted:
    """Stands for the module ``smartcard.scard``. Constants are those of pcsclite's ``winscard.h``."""

    SCARD_S_SUCCESS = 0
    SCARD_SCOPE_USER, SCARD_SCOPE_SYSTEM = 0, 2
    SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_SHARED = 1, 2
    SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 = 1, 2
    SCARD_LEAVE_CARD, SCARD_RESET_CARD, SCARD_UNPOWER_CARD = 0, 1, 2
    SCARD_PCI_T0, SCARD_PCI_T1 = "pci of T=0", "pci of T=1"
    SCARD_STATE_UNAWARE, SCARD_STATE_CHANGED = 0, 2
    SCARD_STATE_EMPTY, SCARD_STATE_PRESENT, SCARD_STATE_EXCLUSIVE = 0x10, 0x20, 0x80
    SCARD_STATE_INUSE, SCARD_STATE_MUTE = 0x100, 0x200

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.readers = [READER]
        self.states: dict[str, int] = {READER: self.SCARD_STATE_PRESENT}
        self.protocol = self.SCARD_PROTOCOL_T1
        self.answer = b"\x90\x00"
        self._results: dict[str, list[int]] = {}
        self._before: dict[str, Callable[[], object]] = {}
        self.frozen = Event()  #: set at the end of a test, for calls that were kept waiting

    def refuse(self, function: str, *numbers: int) -> None:
        """The function's next calls give these codes, as pyscard has them: signed."""
        self._results[function] = [number - SIGNED if number >> 31 else number for number in numbers]

    def keep_waiting(self, *functions: str) -> None:
        """The functions do not come back before the test ends."""
        for function in functions:
            self.instead(function, lambda: self.frozen.wait(10))

    def fail(self, function: str, error: Exception) -> None:
        """The function raises, as pyscard does where it cannot decode."""

        def raising() -> None:
            raise error

        self.instead(function, raising)

    def instead(self, function: str, first: Callable[[], object]) -> None:
        """Done in every call of the function, before it answers."""
        self._before[function] = first

    def heal(self) -> None:
        """Everything answers again."""
        self._results.clear()
        self._before.clear()

    def named(self, function: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of that function."""
        return [call[1:] for call in self.calls if call[0] == function]

    def _called(self, function: str, *arguments: Any) -> int:
        self.calls.append((function, *arguments))
        self._before.get(function, lambda: None)()
        waiting = self._results.get(function)
        return waiting.pop(0) if waiting else self.SCARD_S_SUCCESS

    def SCardEstablishContext(self, *arguments: Any) -> tuple[int, object]:  # noqa: N802 pyscard's names
        return self._called("establish", *arguments), CONTEXT

    def SCardReleaseContext(self, *arguments: Any) -> int:  # noqa: N802
        return self._called("release", *arguments)

    def SCardListReaders(self, *arguments: Any) -> tuple[int, list[str]]:  # noqa: N802
        return self._called("list", *arguments), self.readers

    def SCardGetStatusChange(self, *arguments: Any) -> tuple[int, list[tuple[str, int, bytes]]]:  # noqa: N802
        result = self._called("states", *arguments)
        return result, [(name, self.states[name] | self.SCARD_STATE_CHANGED, ATR) for name, _ in arguments[2]]

    def SCardConnect(self, *arguments: Any) -> tuple[int, object, int]:  # noqa: N802
        return self._called("connect", *arguments), CARD, self.protocol

    def SCardReconnect(self, *arguments: Any) -> tuple[int, int]:  # noqa: N802
        return self._called("reconnect", *arguments), self.protocol

    def SCardStatus(self, *arguments: Any) -> tuple[int, str, int, int, list[int]]:  # noqa: N802
        return self._called("status", *arguments), READER, 0, self.protocol, list(ATR)

    def SCardBeginTransaction(self, *arguments: Any) -> int:  # noqa: N802
        return self._called("begin", *arguments)

    def SCardEndTransaction(self, *arguments: Any) -> int:  # noqa: N802
        return self._called("end", *arguments)

    def SCardTransmit(self, *arguments: Any) -> tuple[int, list[int]]:  # noqa: N802
        return self._called("transmit", *arguments), list(self.answer)

    def SCardDisconnect(self, *arguments: Any) -> int:  # noqa: N802
        return self._called("disconnect", *arguments)
