# SPDX-License-Identifier: Apache-2.0
"""What a run of the station has done: the control totals of a batch, and the progress while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

from ssn_card.personalization.intake.rows import RowRejected
from ssn_card.personalization.intake.summary import Summary
from ssn_card.protocol.errors import SsnCardError
from ssn_card.storage import DiskSyncs


class Verdict(StrEnum):
    """What a run means for one line of the extract. Each line has exactly one."""

    ISSUED = "issued"  #: a card, made in this run
    RECOVERED = "recovered"  #: made in an earlier run that died, found and verified in this one
    ALREADY = "already"  #: done in an earlier run
    WAITING = "waiting"  #: no card yet; the next run goes on here
    IN_DOUBT = "in_doubt"  #: the line or the station died over the card, and it has not been seen since
    REFUSED = "refused"  #: a good row, but the family has a card
    REJECTED = "rejected"  #: a bad row


class Stop(StrEnum):
    """Why a run ended before every row had its card."""

    OUT_OF_CARDS = "out_of_cards"
    LIMIT = "limit"
    INTERRUPTED = "interrupted"
    BAD_CARDS = "bad_cards"  #: too many cards failed in a row: reader or stock are wrong
    KEYS = "keys"  #: cards refuse the station's keys
    PREPARED = "prepared"  #: only planned, as asked


@dataclass(frozen=True, slots=True)
class Progress:
    """One line has its verdict."""

    position: int  #: lines so far
    lines: int  #: in all
    line: int  #: number in the file
    verdict: Verdict


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class BatchReport:
    """Control totals. ``balanced`` says that every line of the file has one verdict."""

    summary: Summary
    entitlement: int  #: rupiah for each card
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    refused: list[RowRejected] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)  #: lines
    changed: dict[int, bytes] = field(default_factory=dict)
    """Lines whose card was made from other data of the same person, each with the card's serial."""
    failed_cards: int = 0
    lost_cards: int = 0  #: declared lost, of this extract
    stop: Stop | None = None
    last_error: SsnCardError | None = None  #: of the last card that failed, or why the run stopped
    seconds: float = 0.0
    syncs: tuple[DiskSyncs, ...] = ()  #: of journal and results file, for who measures
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def failed(self, error: SsnCardError) -> None:
        """One more card has failed; any reader's thread may say so."""
        with self._lock:
            self.failed_cards += 1
            self.last_error = error

    @property
    def balanced(self) -> bool:
        """Whether the verdicts add up to the lines of the extract."""
        return self.verdicts.total() == self.summary.lines

    @property
    def complete(self) -> bool:
        """Whether no row waits or is in doubt."""
        return not self.verdicts[Verdict.WAITING] and not self.verdicts[Verdict.IN_DOUBT]

    @property
    def cards(self) -> int:
        """Cards of this extract that exist now."""
        return sum(self.verdicts[verdict] for verdict in (Verdict.ISSUED, Verdict.RECOVERED, Verdict.ALREADY))

    def as_dict(self) -> dict[str, Any]:
        """The totals for ``--json`` and the results file; no person's data."""
        return {
            "file": self.summary.file,
            "batch": self.summary.sha256,
            "policy_id": self.summary.policy_id,
            "lines": self.summary.lines,
            **{verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "cards": self.cards,
            "entitlement_sum": self.cards * self.entitlement,
            "failed_cards": self.failed_cards,
            "lost_cards": self.lost_cards,
            "balanced": self.balanced,
            "complete": self.complete,
            "stopped": None if self.stop is None else self.stop.value,
            "last_error": None if self.last_error is None else self.last_error.as_dict(),
            "in_doubt_lines": self.in_doubt,
            "changed_lines": [{"line": line, "serial": serial.hex()} for line, serial in self.changed.items()],
            "refused_lines": [_line(row) for row in self.refused],
            "rejected_lines": [_line(row) for row in self.summary.rejected],
            "seconds": round(self.seconds, 3),
        }


def _line(row: RowRejected) -> dict[str, Any]:
    return {
        "line": row.line,
        "field": row.field or None,
        "code": row.code,
        "reason_en": row.reason.en,
        "reason_id": row.reason.id,
    }
