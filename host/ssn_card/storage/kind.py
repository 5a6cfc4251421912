# SPDX-License-Identifier: Apache-2.0
"""What makes one kind of file: its tables, by what it is known, and the errors and words of whoever keeps it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ssn_card.protocol.errors import SsnCardError, Text
from ssn_card.protocol.system import system_reason

_MISSING = Text("There is no {name}.", "{Name} tidak ada.")
_EXISTS = Text("The file exists already.", "Berkas sudah ada.")
_FOREIGN = Text("The file is no {long_name}.", "Berkas ini bukan {long_name}.")
_VERSION = Text(
    "The {name} has version {found}, this program knows {known}.",
    "{Name} ini versi {found}, program ini mengenal versi {known}.",
)
_DAMAGED = Text("The {name} is damaged.", "{Name} rusak.")
_BUSY = Text(
    "Another process, or another part of this one, has the {name} open.",
    "Proses lain, atau bagian lain dari proses ini, sudah membuka {name}.",
)
_INHERITED = Text("The {name} belongs to the parent process.", "{Name} ini milik proses induk.")
_BEHIND_THE_FORK = Text("Open the {name} behind the fork.", "Buka {name} sesudah fork.")
_FAILED = Text("The {name} cannot be used: {why}.", "{Name} tidak dapat dipakai: {why}.")
_CONFLICT = Text("The {name} refuses a step: {why}.", "{Name} menolak langkah: {why}.")

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def primary_code(error: BaseException) -> int:
    """SQLite's primary result code, 0 where the module itself complains, or the system."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@dataclass(frozen=True)
class Kind:
    """One kind of owned file.

    Args:
        application: ``PRAGMA application_id``, four characters that begin with SSN.
        version: ``PRAGMA user_version``.
        schema: statements that make the tables.
        name: as a person calls it in a sentence, such as "journal".
        long_name: whose it is, too, such as "terminal's journal".
        failed: the root of the errors: disk, permissions, and whatever has no class of its own.
        conflict: a step that a rule of the tables forbids; ``failed`` where no step should meet one.
    """

    application: int
    version: int
    schema: str
    name: Text
    long_name: Text
    failed: type[SsnCardError]
    missing: type[SsnCardError]
    exists: type[SsnCardError]
    foreign: type[SsnCardError]
    another_version: type[SsnCardError]
    damaged: type[SsnCardError]
    busy: type[SsnCardError]
    conflict: type[SsnCardError]

    def is_missing(self, path: Path) -> SsnCardError:
        """There is no such file."""
        return self._error(self.missing, _MISSING, path)

    def is_taken(self, path: Path) -> SsnCardError:
        """A new file would take the place of one."""
        return self._error(self.exists, _EXISTS, path)

    def is_foreign(self, path: Path) -> SsnCardError:
        """The file is something else."""
        return self._error(self.foreign, _FOREIGN, path)

    def is_of_version(self, path: Path, found: int) -> SsnCardError:
        """The file is of another version of the program."""
        return self._error(self.another_version, _VERSION, path, found=found, known=self.version)

    def is_damaged(self, path: Path) -> SsnCardError:
        """The file is ours, and cannot be relied on."""
        return self._error(self.damaged, _DAMAGED, path)

    def is_busy(self, path: Path) -> SsnCardError:
        """Somebody else owns the file."""
        return self._error(self.busy, _BUSY, path)

    def is_inherited(self, path: Path) -> SsnCardError:
        """The process that owns the file has forked, and this is the child."""
        return self._error(self.busy, _INHERITED, path, remedy=self._filled(_BEHIND_THE_FORK))

    def failure(self, path: Path, error: OSError | sqlite3.Error) -> SsnCardError:
        """What the system or SQLite has refused."""
        if primary_code(error) in _DAMAGE:
            return self.is_damaged(path)
        if isinstance(error, sqlite3.IntegrityError):
            return self._error(self.conflict, _CONFLICT, path, why=system_reason(error))
        return self._error(self.failed, _FAILED, path, why=system_reason(error))

    def _error(
        self, error: type[SsnCardError], text: Text, path: Path, remedy: Text | None = None, **values: object
    ) -> SsnCardError:
        return error(self._filled(text, **values), where=str(path), remedy=remedy)

    def _filled(self, text: Text, **values: object) -> Text:
        name = self.name.id.capitalize()  # an Indonesian sentence begins with it
        return text.filled(name=self.name, Name=name, long_name=self.long_name, **values)
