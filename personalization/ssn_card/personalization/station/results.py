# SPDX-License-Identifier: Apache-2.0
"""The results file: JSON Lines, appended, one line a card and one a run. For the bank's systems; no NIK, no name.

The journal keeps what has not been reported yet, so a line is neither lost nor written twice, whenever the station
dies: an event is marked as reported only after its line is on the disk, and a line that is already in the file is not
written again. Lines have ``schema`` ``ssn-card/personalized/1`` or ``ssn-card/batch/1``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from ssn_card.personalization.card.errors import PersonalizationError
from ssn_card.personalization.journal.errors import StationJournalError
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Event
from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import DiskSyncs

CARD_SCHEMA = "ssn-card/personalized/1"
BATCH_SCHEMA = "ssn-card/batch/1"
_HEAD = b'{"schema": "ssn-card/'  #: how each of our lines begins


class ResultsError(PersonalizationError):
    """The results file cannot be written, or is another kind of file. The journal still has every result."""

    code = "results"
    remedy = Text(
        "Name a new file or one that this station has written; the next run completes it.",
        "Sebutkan berkas baru atau berkas buatan stasiun ini; proses berikutnya melengkapinya.",
    )


class ResultsFile(Closing):
    """One results file, open for appending; a context manager."""

    def __init__(self, path: Path, journal: Journal) -> None:
        """Open or create the file (mode 0600); cut off half a line that a crash left.

        Raises :class:`ResultsError`.
        """
        self.path = path
        self._journal = journal
        self._lock = Lock()
        self.syncs = DiskSyncs()
        try:
            self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._failed(error) from error
        try:
            self._known = self._repaired()
        except BaseException:
            os.close(self._file)
            raise

    def deliver(self) -> None:
        """Append a line for every unreported event of the journal. Raises :class:`ResultsError`."""
        with self._lock:  # one reader's at a time: each line once
            events = self._journal.unreported()
            lines = [self._line(event) for event in events if event.id not in self._known]
            if lines:
                self._append(lines)
            if events:
                self._journal.reported(events)
            self._known.update(event.id for event in events)

    def totals(self, totals: Mapping[str, Any]) -> None:
        """Append the control totals of a run. Raises :class:`ResultsError`."""
        self._append([{"schema": BATCH_SCHEMA, "journal": self._journal.name, **totals}])
        self._journal.mark_reported()

    def close(self) -> None:
        """Close the file."""
        with suppress(StationJournalError):  # the next run finds the lines in the file
            self._journal.mark_reported()
        os.close(self._file)

    def _line(self, event: Event) -> dict[str, Any]:
        return {
            "schema": CARD_SCHEMA,
            "journal": self._journal.name,
            "event": event.id,
            "at": event.at,
            "batch": event.sha256,
            "policy_id": event.policy,
            "line": event.line,
            "row_key": _hex(event.row_key),
            "beneficiary_id": _hex(event.beneficiary_id),
            "serial": _hex(event.serial),
            "state": event.state.value,
            "reason": event.reason,
            "seconds": event.seconds,
        }

    def _append(self, lines: list[dict[str, Any]]) -> None:
        data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        try:
            while data:
                data = data[os.write(self._file, data) :]
            with self.syncs.waiting():
                os.fsync(self._file)
        except OSError as error:
            raise self._failed(error) from error

    def _repaired(self) -> set[int]:
        """Events of this journal that the file has, after the last line was made whole."""
        known: set[int] = set()
        good = 0
        try:
            with os.fdopen(os.dup(self._file), "rb") as stream:
                for raw in stream:
                    if not raw.endswith(b"\n"):
                        if raw[: len(_HEAD)] != _HEAD[: len(raw)]:
                            raise self._foreign()
                        break
                    line = self._parsed(raw)
                    if line.get("journal") == self._journal.name and isinstance(line.get("event"), int):
                        known.add(line["event"])
                    good += len(raw)
            os.ftruncate(self._file, good)
        except OSError as error:
            raise self._failed(error) from error
        return known

    def _parsed(self, raw: bytes) -> dict[str, Any]:
        try:
            line = json.loads(raw)
        except ValueError:
            raise self._foreign() from None
        if not isinstance(line, dict) or line.get("schema") not in (CARD_SCHEMA, BATCH_SCHEMA):
            raise self._foreign()
        return line

    def _foreign(self) -> ResultsError:
        return ResultsError(
            Text("The file holds something else than results.", "Berkas ini berisi selain hasil."),
            where=str(self.path),
        )

    def _failed(self, error: OSError) -> ResultsError:
        text = Text("The results file cannot be written: {why}.", "Berkas hasil tidak dapat ditulis: {why}.")
        return ResultsError(
            text.filled(why=system_reason(error)),
            where=str(self.path),
        )


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
