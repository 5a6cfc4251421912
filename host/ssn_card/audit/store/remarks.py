# SPDX-License-Identifier: Apache-2.0
"""What the readers of a store's sources had to say, kept beside the receipts: every line is accounted for."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from ssn_card.protocol.closing import Closing
from ssn_card.receipts.findings import Finding

from .form import REMARKS, Hashed, draft_of
from .manifest import StoreFile
from .reading import Store

_FOLDER = "remarks"


class Remarks(Closing):
    """The next version of a store's remarks: those that it has, and more. Raises ``OSError``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: Hashed | None = None
        self._writer: pq.ParquetWriter | None = None
        self._count = 0

    def add(self, file: int, findings: Sequence[Finding]) -> None:
        """More, of the file with that number."""
        if not findings:
            return
        if self._writer is None:
            self._file = Hashed(draft_of(self._store.folder / _FOLDER / "any"))
            self._writer = pq.ParquetWriter(self._file, REMARKS, compression="ZSTD")
            for batch in self._store.remark_batches():
                self._writer.write_batch(batch)
                self._count += len(batch)
        rows = [(one.problem.name, file, one.line, one.field, one.serial, one.seq) for one in findings]
        columns = [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), REMARKS.types, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=REMARKS))
        self._count += len(rows)

    def finish(self) -> StoreFile | None:
        """Complete the draft, if there is anything new."""
        if self._writer is None or self._file is None:
            return self._store.manifest.remarks
        self._writer.close()
        self._file.close()
        sha256 = self._file.sha256()
        return StoreFile(f"{_FOLDER}/{sha256[:16]}.parquet", -1, self._count, self._file.size, sha256)

    def close(self) -> None:
        """Drop what was not finished."""
        if self._file is not None and not self._file.closed:
            self._file.drop()
