# SPDX-License-Identifier: Apache-2.0
"""Writes every exchange as one line of JSON, redacted by the command table (ssn_card.protocol.trace).

A line is ``{"schema": "ssn-card/trace/1", "n": 3, "event": "exchange", "ms": 12.3, "name": "DEBIT", "command": ...,
"answer": ..., "sw": "9000", "meaning": "OK", "fields": {...}}``, or the same with ``"event": "started"`` and the
card's ``atr``. Bytes that the table does not declare harmless never reach this file, not even in an error.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import IO, Any, Self

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.protocol.trace import trace

SCHEMA = "ssn-card/trace/1"
_OWNER_ONLY = 0o600  #: a trace holds no secret, but serials, amounts and times


class TraceNotWritable(InputError):
    """The trace file cannot be opened."""

    code = "trace"
    remedy = Text("Choose a file that you may write to.", "Pilih berkas yang boleh Anda tulisi.")


class RedactingTracer(Closing):
    """A tracer for ``open_connection``; appends to ``file``, which it closes at its end.

    A trace that cannot be written never stops a debit: tracing ends, and :attr:`failure` says why.
    """

    def __init__(self, file: IO[str]) -> None:
        """``file``: open for text."""
        self._file = file
        self._count = 0
        #: Why tracing ended early, such as a full disk; ``None`` if it did not.
        self.failure: Text | None = None

    @classmethod
    def to_file(cls, path: Path) -> Self:
        """Append to a file, created for its owner only. Raises :class:`TraceNotWritable`."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
        except OSError as error:
            raise TraceNotWritable(
                Text("The trace cannot be written: {why}.", "Jejak tidak dapat ditulis: {why}.").filled(
                    why=system_reason(error)
                ),
                where=str(path),
            ) from None
        return cls(os.fdopen(descriptor, "a", encoding="utf-8"))

    def exchange(self, command: bytes, answer: bytes, seconds: float) -> None:
        """Write one command and its answer, redacted; ``seconds`` is written in ms. Never raises."""
        seen = trace(command, answer)
        self._write(
            "exchange",
            ms=round(seconds * 1000, 3),
            name=seen.name,
            command=seen.command,
            answer=seen.answer,
            sw=seen.sw,
            meaning=seen.meaning,
            fields=seen.fields,
        )

    def started(self, atr: bytes) -> None:
        """Write that the card was powered up or reset. Never raises."""
        self._write("started", atr=atr.hex())

    def close(self) -> None:
        """Close the file. Never raises; closing twice is allowed."""
        try:
            self._file.close()
        except OSError as error:
            self._failed(error)

    def _write(self, event: str, **members: Any) -> None:
        if self.failure is not None or self._file.closed:
            return
        self._count += 1
        line = json.dumps({"schema": SCHEMA, "n": self._count, "event": event, **members}, ensure_ascii=False)
        try:
            self._file.write(line + "\n")
            self._file.flush()  # a trace is read after a crash
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        if self.failure is None:
            self.failure = system_reason(error)
