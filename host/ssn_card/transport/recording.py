# SPDX-License-Identifier: Apache-2.0
"""Raw recordings of exchanges: JSON Lines, for tests that replay a card without having it.

First line ``{"format": "ssn-card-apdus", "version": 1}``. Then, in order of time, ``{"atr": hex}`` for each power-up
or reset and ``{"command": hex, "answer": hex, "seconds": number}`` for each exchange on the wire.

A raw recording holds everything that passed: NIK, name and balance of a real person if it was a real card. It is
written for its owner only (mode 0600) and belongs in no repository, unless it comes from a test card.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import BadRecording

FORMAT, VERSION = "ssn-card-apdus", 1


@dataclass(frozen=True)
class Event:
    """One line of a recording: a power-up (``atr``) or an exchange (``command``, ``answer``)."""

    line: int
    atr: bytes = b""
    command: bytes = b""
    answer: bytes = b""
    seconds: float = 0.0

    def __repr__(self) -> str:
        return f"<Event line {self.line}: {'power-up' if self.atr else 'exchange'}>"


class RawRecorder(Closing):
    """A tracer that writes every exchange as it is, to a new file of mode 0600; a context manager.

    Each line is flushed, so that a recording of a crash ends with the last whole exchange.
    """

    def __init__(self, path: Path) -> None:
        """Raises :class:`BadRecording` when the file exists or cannot be made."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            why = system_reason(error)
            text = Text(f"cannot be written: {why.en}", f"tidak dapat ditulis: {why.id}")
            raise _bad(path, None, text) from error
        self._file = os.fdopen(descriptor, "w", encoding="ascii")
        self._write(format=FORMAT, version=VERSION)

    def started(self, atr: bytes) -> None:
        """The card was powered up or reset."""
        self._write(atr=atr.hex())

    def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
        """One exchange on the wire."""
        self._write(command=command.hex(), answer=answer.hex(), seconds=round(seconds, 6))

    def close(self) -> None:
        """End the recording."""
        self._file.close()

    def _write(self, **fields: object) -> None:
        self._file.write(json.dumps(fields) + "\n")
        self._file.flush()


def read_recording(path: Path) -> Iterator[Event]:
    """The events of a recording, in order. Raises :class:`BadRecording`, naming the line."""
    try:
        with path.open(encoding="ascii") as lines:
            for number, line in enumerate(lines, 1):
                fields = _object(path, number, line)
                if number == 1:
                    if fields.get("format") != FORMAT or fields.get("version") != VERSION:
                        raise _bad(
                            path, 1, Text(f"is not {FORMAT} version {VERSION}", f"bukan {FORMAT} versi {VERSION}")
                        )
                else:
                    yield _event(path, number, fields)
    except (OSError, UnicodeDecodeError) as error:
        why = system_reason(error)
        raise _bad(path, None, Text(f"cannot be read: {why.en}", f"tidak dapat dibaca: {why.id}")) from error


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        fields = json.loads(line)
        if isinstance(fields, dict):
            return fields
    raise _bad(path, number, Text("is not a JSON object", "bukan objek JSON"))


def _event(path: Path, number: int, fields: dict[str, Any]) -> Event:
    try:
        if "atr" in fields:
            return Event(number, atr=bytes.fromhex(fields["atr"]))
        return Event(
            number,
            command=bytes.fromhex(fields["command"]),
            answer=bytes.fromhex(fields["answer"]),
            seconds=float(fields.get("seconds", 0.0)),
        )
    except (KeyError, TypeError, ValueError):
        raise _bad(path, number, Text("is no exchange", "bukan catatan pertukaran")) from None


def _bad(path: Path, line: int | None, text: Text) -> BadRecording:
    what = Text("The recording", "Rekaman") if line is None else Text("The line", "Baris ini")
    where = f"{path}" if line is None else f"{path}:{line}"
    return BadRecording(Text(f"{what.en} {text.en}.", f"{what.id} {text.id}."), where=where)
