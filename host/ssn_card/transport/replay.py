# SPDX-License-Identifier: Apache-2.0
"""``replay:FILE``: answers from a recording, in strict order.

Every command must be, byte for byte, the next one recorded; otherwise :class:`ReplayMismatch` names the line.
"""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import Text

from .base import CardConnection, Tracer
from .errors import ReplayMismatch
from .recording import Event, read_recording
from .url import CardUrl


def open_replay(url: CardUrl, tracer: Tracer | None = None) -> ReplayConnection:
    """Factory of the scheme. Raises :class:`BadRecording`, :class:`ReplayMismatch` (no power-up at its start)."""
    url.check_options(())
    return ReplayConnection(url.text, Path(url.target), tracer)


class ReplayConnection(CardConnection):
    """A card that says only what it once said."""

    def __init__(self, url: str, path: Path, tracer: Tracer | None = None) -> None:
        super().__init__(url, tracer)
        self._path = path
        self._events = list(read_recording(path))
        self._position = 0
        self._opened(self._reset())

    @property
    def remaining(self) -> int:
        """Events of the recording that were not asked for yet."""
        return len(self._events) - self._position

    def _exchange(self, command: bytes) -> bytes:
        event = self._next(Text("a command", "perintah"))
        if event.atr:
            raise self._mismatch(
                event, Text("a reset was recorded, a command was sent", "rekaman: reset, terkirim: perintah")
            )
        if event.command != command:
            at = _first_difference(command, event.command)
            raise self._mismatch(
                event,
                Text(
                    f"the command sent ({len(command)} bytes) differs from the recorded one "
                    f"({len(event.command)} bytes) from byte {at} on",
                    f"perintah terkirim ({len(command)} byte) berbeda dari rekaman ({len(event.command)} byte) "
                    f"mulai byte ke-{at}",
                ),
            )
        return event.answer

    def _reset(self) -> bytes:
        event = self._next(Text("a power-up or reset", "penyalaan atau reset"))
        if not event.atr:
            raise self._mismatch(
                event, Text("a command was recorded, a reset was made", "rekaman: perintah, terjadi: reset")
            )
        return event.atr

    def _close(self) -> None:
        self._events.clear()

    def _next(self, what: Text) -> Event:
        if self.remaining == 0:
            last = self._events[-1].line if self._events else 1
            raise ReplayMismatch(
                Text(
                    f"The recording ends here; {what.en} came after it.",
                    f"Rekaman berakhir di sini; datang {what.id} lagi.",
                ),
                where=f"{self._path}:{last}",
            )
        event = self._events[self._position]
        self._position += 1
        return event

    def _mismatch(self, event: Event, text: Text) -> ReplayMismatch:
        return ReplayMismatch(
            Text(f"{text.en.capitalize()}.", f"{text.id.capitalize()}."), where=f"{self._path}:{event.line}"
        )


def _first_difference(left: bytes, right: bytes) -> int:
    """0-based position of the first differing byte; the shorter length when one is the other's beginning."""
    shorter = min(len(left), len(right))
    return next((i for i in range(shorter) if left[i] != right[i]), shorter)
