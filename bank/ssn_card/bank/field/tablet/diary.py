# SPDX-License-Identifier: Apache-2.0
"""The tablet's diary: what happened at each door, record by record, on the disk before anybody is told.

Nothing is changed or deleted: what was wrong is taken back by another record. Numbers go up by one, and the number is
given in the transaction that writes the record, so a power cut leaves neither a gap nor a double. Each record is sealed
for its number (AES-256-GCM under the diary's own key), so none can be moved or exchanged.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import Text
from ssn_card.signing import canonical_json

from ..errors import DiaryDamaged, DiaryNotOurs
from ..forms.result import VisitRecord
from .diary_file import DiaryFile
from .folder import TabletIdentity

_NONCE = 12


class VisitDiary(Closing):
    """Opens or makes the diary of an unlocked tablet; any thread may call."""

    def __init__(self, who: TabletIdentity, *, read_only: bool = False) -> None:
        """Raises ``DiaryError`` and its subclasses."""
        self._aead = AESGCM(who.diary_key)
        self._file = DiaryFile(who.folder.diary, who.tablet, read_only=read_only)
        try:
            if self._file.one("SELECT name FROM tablet")[0] != who.tablet:
                raise DiaryNotOurs(
                    Text("The diary is another tablet's.", "Catatan ini milik tablet lain."), where=str(self._file.path)
                )
        except BaseException:
            self._file.close()
            raise

    def write(self, **values: Any) -> VisitRecord:
        """Add a record; on the disk when this returns. ``values``: its fields, without number and uid."""
        with self._file.writing() as db:
            ((newest,),) = db.execute("SELECT coalesce(max(number), 0) FROM record")
            record = VisitRecord(number=newest + 1, uid=str(uuid.uuid4()), **values)
            nonce = os.urandom(_NONCE)
            sealed = nonce + self._aead.encrypt(nonce, canonical_json(record), _place(record.number, record.uid))
            db.execute("INSERT INTO record VALUES (?, ?, ?)", (record.number, record.uid, sealed))
        return record

    def records(self, after: int = 0) -> list[VisitRecord]:
        """Those behind that number, in order. Raises ``DiaryDamaged``, also where one is missing."""
        with self._file.reading() as db:
            rows = db.execute("SELECT number, uid, sealed FROM record WHERE number > ? ORDER BY number", (after,))
            found = [self._opened(*row) for row in rows]
        for expected, record in enumerate(found, start=after + 1):
            if record.number != expected:
                raise self._damaged()
        return found

    @property
    def newest(self) -> int:
        """Number of the newest record, 0 if none."""
        return int(self._file.one("SELECT coalesce(max(number), 0) FROM record")[0])

    @property
    def told(self) -> int:
        """Number of the newest record that a result has told."""
        return int(self._file.one("SELECT told FROM tablet")[0])

    def is_told(self, number: int) -> None:
        """A result with all records up to this one is written."""
        with self._file.writing() as db:
            db.execute("UPDATE tablet SET told = max(told, ?)", (number,))

    def close(self) -> None:
        """Close the file; twice is allowed."""
        self._file.close()

    def _opened(self, number: int, uid: str, sealed: bytes) -> VisitRecord:
        try:
            opened = self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(number, uid))
            return VisitRecord.model_validate_json(opened)
        except (InvalidTag, ValueError, ValidationError):
            raise self._damaged() from None

    def _damaged(self) -> DiaryDamaged:
        return DiaryDamaged(
            Text("A record of the diary was changed or is gone.", "Catatan kunjungan diubah atau hilang."),
            where=str(self._file.path),
        )


def _place(number: int, uid: str) -> bytes:
    return f"ssn-card-field-record/1|{number}|{uid}".encode()
