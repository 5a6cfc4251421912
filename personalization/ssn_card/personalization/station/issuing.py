# SPDX-License-Identifier: Apache-2.0
"""What a run works on: rows with their summary, out of an extract or, in :mod:`.batch`, out of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.personalization.intake.extract import open_extract
from ssn_card.personalization.intake.findings import Findings
from ssn_card.personalization.intake.rows import Row, judge
from ssn_card.personalization.intake.summary import Summary, summarize
from ssn_card.programme import Policy, Regions


@dataclass(frozen=True, slots=True)
class IssueRows:
    """Every line with its verdict, all read before the first card: what changes while it is read has issued nothing.

    Args:
        summary: its ``sha256`` names the batch in the journal.
        rows: in the order of lines.
        replaces: serials of cards in whose place a line's card is made, by line.
    """

    summary: Summary
    rows: tuple[Row, ...]
    replaces: Mapping[int, bytes] = field(default_factory=dict)


def extract_rows(extract: Path, policy: Policy, regions: Regions | None = None) -> IssueRows:
    """The rows of a file. Raises ``ExtractError``."""
    sound, findings = open_extract(extract), Findings()
    rows = tuple(judge(sound, policy, regions, findings))
    return IssueRows(summarize(sound, rows, policy, findings), rows)
