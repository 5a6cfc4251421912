# SPDX-License-Identifier: Apache-2.0
"""The journal as a file: whose it is. How it is made, opened and owned: :mod:`ssn_card.storage`."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.storage import Kind, OwnedFile

from . import errors
from .schema import SCHEMA

STATIONS = 0x10000  #: a station's number is the first 2 bytes of its beneficiary numbers
_CHECK = b"SSN station secret check"


class JournalFile(OwnedFile):
    """One open journal."""

    kind = Kind(
        application=0x53534E4A,  # SSNJ
        version=4,
        schema=SCHEMA,
        name=Text("journal", "jurnal"),
        long_name=Text("station's journal", "jurnal stasiun"),
        failed=errors.StationJournalError,
        missing=errors.StationJournalNotFound,
        exists=errors.StationJournalExists,
        foreign=errors.StationJournalNotOurs,
        another_version=errors.StationJournalOfAnotherVersion,
        damaged=errors.StationJournalDamaged,
        busy=errors.StationJournalBusy,
        conflict=errors.StationJournalConflict,
    )

    @classmethod
    def make(cls, path: Path, secret: SecretKey, station: int) -> None:
        """Write an empty journal, whole or not at all. Raises ``StationJournalExists``, ``StationJournalError``."""
        if not 0 <= station < STATIONS:
            raise errors.StationJournalError(Text("A station's number is 0 to 65535.", "Nomor stasiun adalah 0-65535."))

        def fill(database: sqlite3.Connection) -> None:
            database.execute(
                "INSERT INTO journal VALUES (1, ?, ?, 0, ?)", (secrets.token_hex(8), station, secret.cmac(_CHECK))
            )

        cls.write_new(path, fill)

    def check_secret(self, secret: SecretKey) -> None:
        """Raises ``SecretMismatch``."""
        expected: bytes = self.one("SELECT secret_check FROM journal")[0]
        if not macs_equal(secret.cmac(_CHECK), expected):
            raise errors.SecretMismatch(
                Text("This secret does not belong to the journal.", "Rahasia ini bukan milik jurnal."),
                where=str(self.path),
            )
