# SPDX-License-Identifier: Apache-2.0
"""The control totals of a run, field by field, as the results file and ``--json`` carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.personalization.intake.rows import RowRejected
from ssn_card.personalization.intake.summary import Summary, validate
from ssn_card.personalization.station.errors import TooManyBadCards
from ssn_card.personalization.station.report import BatchReport, Stop, Verdict
from ssn_card.programme import Policy
from ssn_card.protocol.errors import Text


@pytest.fixture
def summary(written: Callable[[bytes | str], Path], header: str, good_rows: tuple[str, str], policy: Policy) -> Summary:
    return validate(written("\n".join([header, *good_rows, "x", ""])), policy)


def test_the_whole_document(summary: Summary) -> None:
    report = BatchReport(summary, 900_000)
    report.verdicts = Counter({Verdict.RECOVERED: 1, Verdict.REFUSED: 1, Verdict.REJECTED: 1})
    report.refused = [RowRejected(3, "no_kk", Text("taken", "sudah ada"), "family-has-card")]
    report.in_doubt, report.changed = [7], {2: bytes.fromhex("53530000000000ab")}
    report.failed_cards, report.lost_cards, report.seconds = 4, 5, 1.23456
    report.stop, report.last_error = Stop.BAD_CARDS, TooManyBadCards()
    assert report.as_dict() == {
        "file": "x.csv",
        "batch": summary.sha256,
        "policy_id": 2025,
        "lines": 3,
        "issued": 0,
        "recovered": 1,
        "already": 0,
        "waiting": 0,
        "in_doubt": 0,
        "refused": 1,
        "rejected": 1,
        "cards": 1,
        "entitlement_sum": 900_000,
        "failed_cards": 4,
        "lost_cards": 5,
        "balanced": True,
        "complete": True,
        "stopped": "bad_cards",
        "last_error": TooManyBadCards().as_dict(),
        "in_doubt_lines": [7],
        "changed_lines": [{"line": 2, "serial": "53530000000000ab"}],
        "refused_lines": [
            {"line": 3, "field": "no_kk", "code": "family-has-card", "reason_en": "taken", "reason_id": "sudah ada"}
        ],
        "rejected_lines": [
            {
                "line": 4,
                "field": None,
                "code": "fields",
                "reason_en": "1 of 10 fields",
                "reason_id": "1 dari 10 kolom",
            }
        ],
        "seconds": 1.235,
    }
    report.stop = report.last_error = None
    assert (report.as_dict()["stopped"], report.as_dict()["last_error"]) == (None, None)


@pytest.mark.parametrize(
    ("verdict", "complete", "cards"),
    [
        (Verdict.ISSUED, True, 1),
        (Verdict.RECOVERED, True, 1),
        (Verdict.ALREADY, True, 1),
        (Verdict.WAITING, False, 0),
        (Verdict.IN_DOUBT, False, 0),
        (Verdict.REFUSED, True, 0),
        (Verdict.REJECTED, True, 0),
    ],
)
def test_what_a_verdict_counts_for(summary: Summary, verdict: Verdict, complete: bool, cards: int) -> None:
    report = BatchReport(summary, 900_000)
    report.verdicts[verdict] += 1
    assert (report.complete, report.cards, report.balanced) == (complete, cards, False)
