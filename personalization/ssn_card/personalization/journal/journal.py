# SPDX-License-Identifier: Apache-2.0
"""The station's memory: what was meant for whom, written before a card is touched, and what became of it.

Whatever moment the station dies at, the journal says it: no number is given twice, no person gets two cards, no card
is forgotten. Persons and families appear as keys under the station's secret, never as NIK or no_kk.
States and tables: :mod:`~ssn_card.personalization.journal.schema`.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ssn_card.bank.errors import SecretMissing
from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.storage import DiskSyncs

from . import errors, log
from .file import JournalFile
from .letters import Letters
from .records import (
    ENTRY_COLUMNS,
    EVENT_QUERY,
    READ_BACK_QUERY,
    BatchStatus,
    CardOutcome,
    Entry,
    Event,
    NumberState,
    RowKeys,
    entry_from,
    event_from,
)
from .stock import Stock

_LIVE = "state IN ('planned', 'sent', 'done')"  #: as the unique indexes say it
#: Ids by two indexes; for an OR, SQLite would look at every card there is.
_OF_ROW = " UNION ALL ".join(f"SELECT id FROM card WHERE {key} = ? AND {_LIVE}" for key in ("row_key", "family_key"))  # noqa: S608
_EVENT = "card, serial, state, reason, seconds, at"
_NUMBER = 6  #: bytes of a beneficiary number after the station's 2


class FamilyHasCard(InputError):
    """The family has, or is getting, a card in another member's name."""

    code = "family-has-card"
    text = Text(
        "The family has a card already (beneficiary {beneficiary_id}).",
        "Keluarga sudah mendapat kartu (penerima {beneficiary_id}).",
    )
    beneficiary_id: bytes


class Journal(Closing):
    """An open journal; a context manager. One writer at a time, readers at any time."""

    def __init__(self, file: JournalFile, secret: SecretKey | None) -> None:
        """For :meth:`create` and :meth:`open`."""
        self._file = file
        self._secret = secret
        self._reported: set[int] = set()  #: events told of in a results file, and not yet marked
        self.path = file.path
        self.name: str = file.one("SELECT name FROM journal")[0]  #: 16 hex digits that name this journal
        self.stock = Stock(file)  #: blank cards, by delivery
        self.letters = Letters(file)  #: letters that tell PINs

    @classmethod
    def create(cls, path: Path, secret: SecretKey, station: int = 0) -> Journal:
        """A new journal; ``station``, 0 to 65535, leads its beneficiary numbers. Raises ``StationJournalError``."""
        JournalFile.make(path, secret, station)
        return cls.open(path, secret)

    @classmethod
    def open(cls, path: Path, secret: SecretKey | None = None, *, read_only: bool = False) -> Journal:
        """Open a journal; issuing cards needs the secret.

        Raises ``StationJournalNotFound``, ``StationJournalNotOurs``, ``StationJournalOfAnotherVersion``,
        ``StationJournalDamaged``, ``StationJournalBusy``, ``SecretMismatch``, ``StationJournalError``.
        """
        file = JournalFile(path, read_only=read_only)
        try:
            if secret is not None:
                file.check_secret(secret)
            return cls(file, secret)
        except BaseException:
            file.close()
            raise

    @property
    def secret(self) -> SecretKey:
        """The station's secret. Raises ``SecretMissing`` for a journal that was opened without."""
        if self._secret is None:
            raise SecretMissing(
                Text("The journal was opened without its secret.", "Jurnal dibuka tanpa rahasianya."),
                where=str(self.path),
            )
        return self._secret

    @property
    def syncs(self) -> DiskSyncs:
        """How often the journal has waited for the disk."""
        return self._file.syncs

    def close(self) -> None:
        """Close the file and let another writer in."""
        self._file.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within is one state of the journal, whatever is written meanwhile."""
        with self._file.reading():
            yield

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several steps in one transaction: all or none of them happen."""
        with self._file.writing():
            yield

    def batch(self, sha256: str, policy: int, file: str) -> int:
        """The batch of an extract under a policy, begun now if it is new; its id."""
        with self._file.writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO batch (sha256, policy, file, started) VALUES (?, ?, ?, ?)",
                (sha256, policy, file, _now()),
            )
        found: int = self._file.one("SELECT id FROM batch WHERE sha256 = ? AND policy = ?", sha256, policy)[0]
        return found

    def finish(self, batch: int) -> None:
        """Every row of the batch has its card."""
        with self._file.writing() as database:
            database.execute("UPDATE batch SET finished = ? WHERE id = ? AND finished IS NULL", (_now(), batch))

    def find(self, keys: RowKeys) -> Entry | None:
        """The person's number, or one that was only planned for the family, or ``None``.

        Raises :class:`FamilyHasCard` where another member's card was sent or done.
        """
        found = self._entries(f"id IN ({_OF_ROW})", keys.row, keys.family)
        person = next((entry for entry in found if entry.row_key == keys.row), None)
        family = next((entry for entry in found if entry.family_key == keys.family), None)
        if person is not None and person.state is not NumberState.PLANNED:
            return person
        if family is not None and family.row_key != keys.row and family.state is not NumberState.PLANNED:
            raise FamilyHasCard(family.beneficiary_id)
        return person or family

    def plan(self, batch: int, line: int, keys: RowKeys) -> Entry:
        """A beneficiary number for this row: the one it has, else the next one.

        A number that was planned for the family in another member's name, and never sent, becomes this row's: the
        extract was corrected. Raises :class:`FamilyHasCard`.
        """
        with self._file.writing() as database:
            entry = self.find(keys)
            if entry is None:
                station, number = database.execute(
                    "UPDATE journal SET last_number = last_number + 1 RETURNING station, last_number"
                ).fetchone()
                beneficiary_id = station.to_bytes(2, "big") + number.to_bytes(_NUMBER, "big")
                return self._changed(
                    database,
                    "INSERT INTO card (batch, line, row_key, family_key, beneficiary_id, state, planned_at)"
                    " VALUES (?, ?, ?, ?, ?, 'planned', ?)",
                    (batch, line, keys.row, keys.family, beneficiary_id, _now()),
                )[0]
            if entry.state is NumberState.PLANNED:
                # One person's and one family's planned numbers become one: the other never met a card.
                self._changed(
                    database,
                    f"UPDATE card SET state = 'void', ended_at = ? WHERE state = ? AND id <> ? AND id IN ({_OF_ROW})",  # noqa: S608
                    (_now(), entry.state, entry.id, keys.row, keys.family),
                )
                moved = self._changed(
                    database,
                    "UPDATE card SET batch = ?1, line = ?2, row_key = ?3, family_key = ?4 WHERE id = ?5"
                    " AND (batch, line, row_key, family_key) IS NOT (?1, ?2, ?3, ?4)",
                    (batch, line, keys.row, keys.family, entry.id),
                )
                entry = moved[0] if moved else entry
        return entry

    def sent(self, entry: Entry, serial: bytes, identity_tag: bytes, keys: str = "") -> Entry:
        """Before the first command for the card: from now on the number is in doubt. ``keys``: its versions of them.

        Raises ``StationJournalConflict`` for a known serial.
        """
        with self._file.writing():
            self.mark_reported()
            return self._step(
                entry,
                (NumberState.PLANNED,),
                "state = 'sent', serial = ?, identity_tag = ?, keys = ?, attempts = attempts + 1, sent_at = ?",
                (serial, identity_tag, keys, _now()),
            )

    def done(self, entry: Entry, seconds: float | None = None) -> Entry:
        """The card was read back and is right."""
        with self._file.writing():
            self._event(CardOutcome.DONE, entry.serial, entry.id, None, seconds)
            return self._step(entry, (NumberState.SENT,), "state = 'done', ended_at = ?", (_now(),))

    def correct(self, entry: Entry, keys: RowKeys, identity_tag: bytes) -> Entry:
        """The card is being given corrected data of its person. Raises :class:`FamilyHasCard` for another's family."""
        with self._file.writing():
            family = self._live("family_key", keys.family)
            if family is not None and family.id != entry.id:
                raise FamilyHasCard(family.beneficiary_id)
            return self._step(
                entry, (NumberState.DONE,), "identity_tag = ?, family_key = ?", (identity_tag, keys.family)
            )

    def blank_again(self, entry: Entry, failure: str | None = None) -> Entry:
        """The card that was sent is certainly blank: number and serial are free again. ``failure``: why the card is put
        aside; ``None`` where it can be made at once."""
        with self._file.writing():
            if failure is not None:
                self._event(CardOutcome.FAILED, entry.serial, entry.id, failure, None)
            self.letters.void(entry.id)
            change = "state = 'planned', serial = NULL, keys = '', sent_at = NULL"
            return self._step(entry, (NumberState.SENT,), change, ())

    def doubt(self, entry: Entry, reason: str) -> None:
        """Tell that the card which was sent could not be proved blank or complete; it stays in doubt."""
        with self._file.writing():
            self._event(CardOutcome.IN_DOUBT, entry.serial, entry.id, reason, None)

    def lose(self, entry: Entry, reason: str) -> Entry:
        """A person says that the card is gone: its number is burnt, the beneficiary may get another."""
        with self._file.writing():
            self._event(CardOutcome.LOST, entry.serial, entry.id, reason, None)
            self.letters.void(entry.id)
            return self._step(entry, (NumberState.SENT, NumberState.DONE), "state = 'lost', ended_at = ?", (_now(),))

    def turn_up(self, entry: Entry) -> Entry:
        """A card that was declared lost was seen, personalized; the first time is kept."""
        return self._step(entry, (NumberState.LOST,), "turned_up = coalesce(turned_up, ?)", (_now(),))

    def reject(self, serial: bytes | None, reason: str) -> None:
        """A card that was put aside without having been any row's."""
        with self._file.writing():
            self._event(CardOutcome.FAILED, serial, None, reason, None)

    def by_serial(self, serial: bytes) -> Entry | None:
        """The number that a card has, was sent, or had."""
        return self._entry("serial = ?", serial)

    def in_doubt(self) -> tuple[Entry, ...]:
        """Every number whose card was sent and never confirmed."""
        return self._entries("state = 'sent'")

    def barred(self) -> tuple[Entry, ...]:
        """Every number whose card must not be activated: those in doubt and those declared lost."""
        return self._entries("state IN ('sent', 'lost')")

    def cards(self) -> tuple[Entry, ...]:
        """Every number, whatever became of it, in the order of planning."""
        return self._entries("true")

    def lost_in(self, batch: int) -> int:
        """How many cards of a batch have been declared lost."""
        found: int = self._file.one("SELECT count(*) FROM card WHERE batch = ? AND state = 'lost'", batch)[0]
        return found

    def batches(self) -> tuple[BatchStatus, ...]:
        """All batches, the oldest first, with the numbers planned from each by state."""
        counts: dict[int, dict[NumberState, int]] = {}
        for row in self._file.rows("SELECT batch, state, count(*) FROM card GROUP BY batch, state"):
            counts.setdefault(row[0], {})[NumberState(row[1])] = row[2]
        return tuple(
            BatchStatus(**dict(row), states=counts.get(row["id"], {}))
            for row in self._file.rows("SELECT id, sha256, policy, file, started, finished FROM batch ORDER BY id")
        )

    def read_back(self) -> list[tuple[object, ...]]:
        """What was read back of each card that was sent anything, by :data:`READ_BACK_COLUMNS`; ``None``: never."""
        return [tuple(row) for row in self._file.rows(READ_BACK_QUERY)]

    def log_head(self) -> log.LogHead:
        """Where the log of all steps stands."""
        with self._file.reading() as database:
            return log.head(database)

    def check_log(self, heads: Mapping[int, bytes] | None = None) -> log.LogHead:
        """Hold the log against itself, the tables, and heads that were given away (chains by number of rows).

        Raises ``StationLogBroken``.
        """
        with self._file.reading() as database:
            broken = log.fault(database, heads)
            if broken is not None:
                raise errors.StationLogBroken(broken.row, broken.what, str(self.path))
            return log.head(database)

    def steps(self) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
        """The log, in order: row, time, table and what a row of it became. To be read within :meth:`snapshot`."""
        with self._file.reading() as database:
            yield from log.steps(database)

    def unreported(self) -> tuple[Event, ...]:
        """Events that no results file has yet, in order."""
        events = map(event_from, self._file.rows(EVENT_QUERY))
        return tuple(event for event in events if event.id not in self._reported)

    def reported(self, events: Iterable[Event]) -> None:
        """These events are on the disk in a results file.

        The journal says so with its next card, or by :meth:`mark_reported`: until then a station that is killed tells
        them again, and a results file knows those that it has.
        """
        self._reported.update(event.id for event in events)

    def mark_reported(self) -> None:
        """Write down what :meth:`reported` was told."""
        with self._file.writing() as database:
            told = self._reported.copy()
            database.executemany("UPDATE event SET reported = 1 WHERE id = ?", [(event,) for event in told])
        self._reported -= told  # within a step that fails they are told again, and the results file knows them

    def _live(self, column: str, key: bytes) -> Entry | None:
        return self._entry(f"{column} = ? AND {_LIVE}", key)

    def _entry(self, condition: str, *values: object) -> Entry | None:
        found = self._entries(condition, *values)
        return found[0] if found else None

    def _entries(self, condition: str, *values: object) -> tuple[Entry, ...]:
        query = f"SELECT {ENTRY_COLUMNS} FROM card WHERE {condition} ORDER BY id"  # noqa: S608
        return tuple(map(entry_from, self._file.rows(query, *values)))

    def _step(self, entry: Entry, before: tuple[NumberState, ...], change: str, values: tuple[object, ...]) -> Entry:
        """Change a card that is still as ``entry`` says, and in one of these states."""
        with self._file.writing() as database:
            changed = self._changed(
                database,
                f"UPDATE card SET {change} WHERE id = ? AND state = ?",  # noqa: S608
                (*values, entry.id, entry.state),
            )
            if entry.state not in before or len(changed) != 1:
                raise _impossible()
        return changed[0]

    def _event(
        self, state: CardOutcome, serial: bytes | None, card: int | None, reason: str | None, seconds: float | None
    ) -> None:
        with self._file.writing() as database:
            added = database.execute(
                f"INSERT INTO event ({_EVENT}) VALUES (?, ?, ?, ?, ?, ?) RETURNING {log.EVENT_COLUMNS}",  # noqa: S608
                (card, serial, state, reason, seconds, _now()),
            ).fetchall()
            log.append_rows(database, "event", added, _now())

    @staticmethod
    def _changed(database: sqlite3.Connection, statement: str, values: Sequence[object]) -> list[Entry]:
        """The cards that a statement writes, as they are now; logged."""
        rows = database.execute(f"{statement} RETURNING {ENTRY_COLUMNS}", values).fetchall()
        log.append_rows(database, "card", rows, _now())
        return [entry_from(row) for row in rows]


def _impossible() -> errors.StationJournalConflict:
    return errors.StationJournalConflict(
        Text(
            "The journal is not in the state that this step follows.", "Keadaan jurnal tidak cocok dengan langkah ini."
        )
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
