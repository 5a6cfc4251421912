# SPDX-License-Identifier: Apache-2.0
"""What verification said of a store, kept so that the books leave out what it rejected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ssn_card.keys import KeyProvider
from ssn_card.receipts import Finding, Problem, Report
from ssn_card.receipts.verifier import Progress, silent

from ..engine import Chosen
from ..team import Team
from ..verify import BulkVerifier, Given

#: Receipts of which the rest is not believed.
REJECTED = frozenset({Problem.UNKNOWN_KEY, Problem.MALFORMED, Problem.FORGED})

_PROBLEMS = pa.schema(
    [
        ("problem", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("serial", pa.string()),
        ("seq", pa.int64()),
        ("field", pa.string()),
        ("receipts", pa.int64()),
        ("low", pa.int64()),
        ("high", pa.int64()),
    ]
)
_REFUSED = pa.schema([("file", pa.int32()), ("line", pa.int64()), ("serial", pa.string()), ("seq", pa.int64())])


@dataclass(frozen=True)
class Judged:
    """A verification: its report, and all that it found and noted, in its order."""

    report: Report
    findings: Sequence[Finding]

    def problems(self) -> pa.Table:
        """The findings as a table; ``low`` and ``high``: rupiah that a gap hides, where it is known."""
        return _table(_PROBLEMS, (_row(one) for one in self.findings))

    def rejected(self, numbers: Mapping[str, Sequence[int]]) -> pa.Table:
        """Place and name of each row that is not genuine. ``numbers``: of files, by name; some may share one."""
        wrong = (one for one in self.findings if one.problem in REJECTED)
        return _table(
            _REFUSED,
            ((file, one.line, _hex(one.serial), one.seq) for one in wrong for file in numbers.get(one.file or "", ())),
        )


def judge(
    store: Path,
    provider: KeyProvider,
    given: Given | None = None,
    *,
    engine: Chosen | None = None,
    team: Team | None = None,
    progress: Progress = silent,
) -> Judged:
    """Verify a store for the books. Raises as :meth:`~ssn_card.audit.verify.BulkVerifier.verify`."""
    findings: list[Finding] = []
    report = BulkVerifier(provider, engine, team).verify([store], given, sink=findings.append, progress=progress)
    return Judged(report, findings)


def _row(one: Finding) -> tuple[object, ...]:
    place = (one.problem.name.lower(), one.file, one.line, _hex(one.serial), one.seq)
    return (*place, one.field, one.receipts, one.spent, one.spent)


def _hex(serial: bytes | None) -> str | None:
    return None if serial is None else serial.hex()


def _table(schema: pa.Schema, rows: Iterator[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(map(_plain, column), field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema)


def _plain(value: object) -> object:
    """Names of files may hold bytes that are no text."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") if type(value) is str else value
