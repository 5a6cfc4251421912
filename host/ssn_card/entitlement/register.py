# SPDX-License-Identifier: Apache-2.0
"""The bank's record of the updates that it has issued: the newest of each card, and the file that it went into.

A card takes a number once, and an update replaces all that a card has. So the next update is made from the newest one
in the register, under the next number, whether or not that one has reached its card yet. What it must keep to, so that
the newest alone does what all would have done, is held here (:mod:`.rules`).

Issuing has three steps, and a crash between any two loses and doubles nothing:

1. the updates are in the register, their file is *not written*;
2. the file has its name, whole;
3. the register says *written*.

Before anything else, the next writer does 2 and 3 for a file that is not written, from what the register holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import InputError

from .barred import BarredCard
from .errors import RegisterOutdated, UpdateSeqUsed
from .files import content_of, no_updates, write_updates
from .register_file import RegisterFile
from .rules import require_follows
from .update import Entitlement, SignedUpdate

_COLUMNS = "serial, update_seq, body, issue, key_version, mac"


@dataclass(frozen=True, slots=True)
class Issue:
    """One file of updates."""

    id: int
    out: Path  #: absolute
    digest: bytes  #: SHA-256 of the file
    issued_at: str  #: bank's local time, ISO 8601
    written: bool  #: the file was seen complete under its name


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entitlement in the register. ``issue`` and ``mac`` are ``None`` where the card itself has stated it."""

    serial: bytes
    entitlement: Entitlement
    issue: int | None
    key_version: int | None
    mac: bytes | None

    @property
    def signed(self) -> SignedUpdate | None:
        """The update as it was issued, or ``None``."""
        if self.key_version is None or self.mac is None:
            return None
        return SignedUpdate(self.serial, self.entitlement, self.key_version, self.mac)


class Register(Closing):
    """An open register; a context manager. One writer at a time, readers at any time."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open a register that is there.

        Raises ``RegisterNotFound``, ``RegisterNotOurs``, ``RegisterOfAnotherVersion``, ``RegisterDamaged``,
        ``RegisterBusy``, ``RegisterError``.
        """
        self._file = RegisterFile(path, read_only=read_only)
        self.path = path

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new register, open. Raises ``RegisterExists``, ``RegisterError``."""
        RegisterFile.write_new(path)
        return cls(path)

    def close(self) -> None:
        """Close the file and let another writer in."""
        self._file.close()

    def newest(self, serial: bytes) -> Recorded | None:
        """What the card was issued last, or ``None``."""
        return self._one("serial = ? ORDER BY update_seq DESC LIMIT 1", serial)

    def before(self, recorded: Recorded) -> Recorded | None:
        """What the card was issued before that."""
        number = recorded.entitlement.update_seq
        return self._one("serial = ? AND update_seq < ? ORDER BY update_seq DESC LIMIT 1", recorded.serial, number)

    def confirmed(self, serial: bytes) -> Entitlement | None:
        """The newest entitlement that the card is known to have taken, or ``None``."""
        rows = self._file.rows(
            "SELECT body FROM entitlement NATURAL JOIN confirmed WHERE serial = ?",
            serial,
        )
        return Entitlement.decode(rows[0]["body"]) if rows else None

    def followed(self, serial: bytes, last: int) -> list[tuple[int, int]]:
        """The policies that the card has followed, in order, each with the rupiah loaded in all when it last did.

        Args:
            serial: the card.
            last: number of the last update to look at.
        """
        rows = self._file.rows(
            "SELECT body FROM entitlement WHERE serial = ? AND update_seq <= ? ORDER BY update_seq", serial, last
        )
        followed: list[tuple[int, int]] = []
        for one in (Entitlement.decode(row["body"]) for row in rows):
            if followed and followed[-1][0] == one.policy_id:
                followed.pop()
            followed.append((one.policy_id, one.loaded_total))
        return followed

    def cards(self) -> list[Recorded]:
        """The newest entitlement of every card, in the order of serials."""
        # SQLite: bare columns beside max() are those of the row that has the maximum.
        return self._many(
            "SELECT serial, max(update_seq) AS update_seq, body, issue, key_version, mac"
            " FROM entitlement GROUP BY serial ORDER BY serial"
        )

    def since(self, known: Mapping[bytes, int]) -> Iterator[Recorded]:
        """Every entitlement behind the one of that number, by serial and number; all of a card that is not named."""
        for row in self._file.rows(f"SELECT {_COLUMNS} FROM entitlement ORDER BY serial, update_seq"):  # noqa: S608
            if row["update_seq"] > known.get(row["serial"], 0):
                body = Entitlement.decode(row["body"])
                yield Recorded(row["serial"], body, row["issue"], row["key_version"], row["mac"])

    def issues(self) -> list[Issue]:
        """All files, the oldest first."""
        return [_issue(row) for row in self._file.rows("SELECT * FROM issue ORDER BY id")]

    def last_issue_to(self, out: Path) -> Issue | None:
        """The file that was issued last under this name."""
        rows = self._file.rows("SELECT * FROM issue WHERE out = ? ORDER BY id DESC LIMIT 1", str(out.resolve()))
        return _issue(rows[0]) if rows else None

    def updates_of(self, issue: Issue) -> list[SignedUpdate]:
        """The updates of a file, in its order."""
        found = self._many(f"SELECT {_COLUMNS} FROM entitlement WHERE issue = ? ORDER BY line", issue.id)  # noqa: S608
        return [one.signed for one in found if one.signed is not None]

    def issue(self, out: Path, updates: Sequence[SignedUpdate], moment: dt.datetime) -> Issue:
        """Record the updates and write them to a new file.

        Args:
            out: must not exist.
            updates: each above the newest of its card, one for a card.
            moment: bank's local time.

        Raises:
            UpdateSeqUsed, UpdateShrinks, ExpiryTooEarly, MendingUnconfirmed: nothing was recorded.
            RegisterError, UpdateFileTaken, InputError: what the register has then, it writes when it is opened for
            writing again.
        """
        if not updates:
            raise no_updates(out)
        for update in updates:
            self._require_next(update, moment.date())
        digest = hashlib.sha256(content_of(updates)).digest()
        with self._file.writing() as database:
            cursor = database.execute(
                "INSERT INTO issue (out, digest, issued_at) VALUES (?, ?, ?)",
                (str(out.resolve()), digest, moment.isoformat()),
            )
            number = int(cursor.lastrowid or 0)
            database.executemany(
                f"INSERT INTO entitlement ({_COLUMNS}, line) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 fixed text
                [_row(update, number, line) for line, update in enumerate(updates, start=1)],
            )
        issue = Issue(number, out.resolve(), digest, moment.isoformat(), written=True)
        self.write(issue)
        return issue

    def write(self, issue: Issue) -> None:
        """Write the file of an issue, unless it is there. Raises ``UpdateFileTaken``, ``InputError``."""
        write_updates(issue.out, self.updates_of(issue))
        with self._file.writing() as database:
            database.execute("UPDATE issue SET written = 1 WHERE id = ?", (issue.id,))

    def complete(self) -> tuple[list[Issue], list[tuple[Issue, InputError]]]:
        """Write the files that an interrupted command has left; those that could be written, and those that not.

        A file whose cards have all been issued something newer since is not needed any more.
        """
        done: list[Issue] = []
        failed: list[tuple[Issue, InputError]] = []
        waiting = [issue for issue in self.issues() if not issue.written]
        needed = {one.issue for one in self.cards()} if waiting else set()
        for issue in waiting:
            if issue.id not in needed:
                continue
            try:
                self.write(issue)
            except InputError as error:
                failed.append((issue, error))
            else:
                done.append(issue)
        return done, failed

    def adopt(self, serial: bytes, entitlement: Entitlement) -> None:
        """Take over what an authenticated card has stated. Raises :class:`UpdateSeqUsed` if the register is newer."""
        newest = self.newest(serial)
        if newest is not None and newest.entitlement.update_seq >= entitlement.update_seq:
            raise UpdateSeqUsed(serial, entitlement.update_seq, newest.entitlement.update_seq)
        with self._file.writing() as database:
            database.execute(
                "INSERT INTO entitlement (serial, update_seq, body) VALUES (?, ?, ?)",
                (serial, entitlement.update_seq, entitlement.encode()),
            )

    def bar(self, cards: Iterable[BarredCard], moment: dt.datetime) -> None:
        """Remember for good those of the cards that were declared lost; a doubt may be settled, and is not kept."""
        with self._file.writing() as database:
            database.executemany(
                "INSERT OR IGNORE INTO lost (serial, beneficiary_id, told_at) VALUES (?, ?, ?)",
                [
                    (bytes.fromhex(card.serial), bytes.fromhex(card.beneficiary_id), moment.isoformat())
                    for card in cards
                    if card.state == "lost"
                ],
            )

    def barred(self) -> tuple[BarredCard, ...]:
        """Cards that the register knows to be lost."""
        return tuple(
            BarredCard(
                serial=row["serial"].hex(), beneficiary_id=row["beneficiary_id"].hex(), state="lost", turned_up=None
            )
            for row in self._file.rows("SELECT * FROM lost ORDER BY serial")
        )

    def confirm(self, seen: Mapping[bytes, int]) -> None:
        """Remember updates that cards are known to have taken, by receipts of theirs or by their own word.

        Args:
            seen: number of the newest update, by serial.

        Raises:
            RegisterOutdated: a card has one that the register never issued; nothing is remembered.
        """
        for serial, number in seen.items():
            newest = self.newest(serial)
            if newest is None or newest.entitlement.update_seq < number:
                raise RegisterOutdated(serial, number, newest.entitlement.update_seq if newest else 0, serial.hex())
        with self._file.writing() as database:
            database.executemany(
                "INSERT INTO confirmed (serial, update_seq) VALUES (?, ?)"
                " ON CONFLICT (serial) DO UPDATE SET update_seq = max(update_seq, excluded.update_seq)",
                list(seen.items()),
            )

    def _require_next(self, update: SignedUpdate, today: dt.date) -> None:
        newest, new = self.newest(update.serial), update.entitlement
        if newest is None:
            return
        old = newest.entitlement
        if old.update_seq >= new.update_seq:
            raise UpdateSeqUsed(update.serial, new.update_seq, old.update_seq)
        require_follows(update.serial, old, new, today, self.confirmed(update.serial))

    def _one(self, condition: str, *values: object) -> Recorded | None:
        found = self._many(f"SELECT {_COLUMNS} FROM entitlement WHERE {condition}", *values)  # noqa: S608
        return found[0] if found else None

    def _many(self, query: str, *values: object) -> list[Recorded]:
        return [
            Recorded(row["serial"], Entitlement.decode(row["body"]), row["issue"], row["key_version"], row["mac"])
            for row in self._file.rows(query, *values)
        ]


def _row(update: SignedUpdate, issue: int, line: int) -> tuple[object, ...]:
    what = update.entitlement
    return update.serial, what.update_seq, what.encode(), issue, update.key_version, update.mac, line


def _issue(row: sqlite3.Row) -> Issue:
    return Issue(row["id"], Path(row["out"]), row["digest"], row["issued_at"], bool(row["written"]))
