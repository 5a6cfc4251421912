# SPDX-License-Identifier: Apache-2.0
"""Summary of a registry extract: what would be issued and what not, and why, without any person's data.

Made before a batch is started, and kept with it: the count and the sum of rupiah are the batch's control totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ssn_card.programme import Policy, Regions
from ssn_card.protocol.errors import Text

from .extract import open_extract
from .findings import Findings
from .reasons import FAMILY_TWICE, NIK_TWICE, Note, label
from .rows import Beneficiary, RowRejected, judge
from .source import LineSource

NOTHING_ACCEPTED = Text("no row was accepted", "tidak ada baris yang diterima")


@dataclass(frozen=True, slots=True)
class RegionCount:
    """Accepted rows of one kecamatan."""

    code: str  #: Kemendagri, with dots
    kecamatan: str
    accepted: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Rejected rows with one reason; particulars that differ from row to row are left out of the text."""

    code: str
    reason: Text
    rows: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of one file under one policy. Lists are in the order of lines, counts in falling order."""

    file: str
    sha256: str  #: hex, of the file
    policy_id: int
    accepted: int
    entitlement_sum: int  #: rupiah, accepted rows times the policy's total per family
    companions: int  #: different companions of the accepted rows
    rejected: tuple[RowRejected, ...]
    by_reason: tuple[ReasonCount, ...]
    by_note: tuple[tuple[Note, int], ...]
    by_region: tuple[RegionCount, ...]  #: in the order of codes
    warnings: tuple[Text, ...]  #: findings about the file as a whole; with any, a person decides before issuing

    @property
    def lines(self) -> int:
        """Lines below the header: accepted and rejected."""
        return self.accepted + len(self.rejected)

    def as_dict(self) -> dict[str, Any]:
        """The summary for ``--json``."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "policy_id": self.policy_id,
            "lines": self.lines,
            "accepted": self.accepted,
            "entitlement_sum": self.entitlement_sum,
            "companions": self.companions,
            "rejected": len(self.rejected),
            "rejected_by_reason": [
                {"code": count.code, "reason_en": count.reason.en, "reason_id": count.reason.id, "rows": count.rows}
                for count in self.by_reason
            ],
            "notes": [
                {"code": note.code, "note_en": note.text.en, "note_id": note.text.id, "rows": rows}
                for note, rows in self.by_note
            ],
            "by_kecamatan": [
                {"kode_kecamatan": region.code, "kecamatan": region.kecamatan, "accepted": region.accepted}
                for region in self.by_region
            ],
            "rejected_lines": [
                {
                    "line": row.line,
                    "field": row.field or None,
                    "code": row.code,
                    "reason_en": row.reason.en,
                    "reason_id": row.reason.id,
                }
                for row in self.rejected
            ],
            "warnings": [{"en": warning.en, "id": warning.id} for warning in self.warnings],
        }


def validate(path: Path, policy: Policy, regions: Regions | None = None) -> Summary:
    """Judge the whole file. Raises a subclass of :class:`~ssn_card.personalization.intake.errors.ExtractError`."""
    extract = open_extract(path)
    findings = Findings()
    return summarize(extract, judge(extract, policy, regions, findings), policy, findings)


def summarize(
    source: LineSource, rows: Iterable[Beneficiary | RowRejected], policy: Policy, findings: Findings
) -> Summary:
    """The summary of rows that were read from ``source`` under ``policy``; keeps no accepted row in memory.

    ``findings``: the one that the rows were judged with.
    """
    counted = count_rows(source.path.name, source.sha256, rows, policy)
    by_code = {one.code: one.rows for one in counted.by_reason}
    found = findings.warnings(counted.accepted, by_code.get(NIK_TWICE.code, 0), by_code.get(FAMILY_TWICE.code, 0))
    return replace(counted, warnings=counted.warnings + found)


def count_rows(name: str, sha256: str, rows: Iterable[Beneficiary | RowRejected], policy: Policy) -> Summary:
    """The summary of rows from anywhere; warns where there is nobody to get a card."""
    accepted = 0
    rejected: list[RowRejected] = []
    notes: Counter[Note] = Counter()
    regions: Counter[tuple[str, str]] = Counter()
    companions: set[str] = set()
    for row in rows:
        if isinstance(row, RowRejected):
            rejected.append(row)
            continue
        accepted += 1
        notes.update(row.notes)
        regions[row.region_code, row.kecamatan] += 1
        if row.companion is not None:
            companions.add(row.companion)
    return Summary(
        file=name,
        sha256=sha256,
        policy_id=policy.id,
        accepted=accepted,
        entitlement_sum=accepted * policy.entitlement_total,
        companions=len(companions),
        rejected=tuple(rejected),
        by_reason=_by_reason(rejected),
        by_note=tuple(notes.most_common()),
        by_region=tuple(RegionCount(code, name, count) for (code, name), count in sorted(regions.items())),
        warnings=() if accepted else (NOTHING_ACCEPTED,),
    )


def _by_reason(rejected: Iterable[RowRejected]) -> tuple[ReasonCount, ...]:
    rows: Counter[str] = Counter()
    texts: dict[str, set[Text]] = {}
    for row in rejected:
        rows[row.code] += 1
        texts.setdefault(row.code, set()).add(row.reason)
    return tuple(
        ReasonCount(code, next(iter(texts[code])) if len(texts[code]) == 1 else label(code), count)
        for code, count in rows.most_common()
    )
