# SPDX-License-Identifier: Apache-2.0
"""The page of what the audit was measured to do is that of the figures beside it, and says where a goal was missed."""

from __future__ import annotations

import copy
import json

import pytest

from audit_page import GROWTH, SPEED, TAMPER, main, page
from ssn_card.bench.growth.tables import a_million, peak_of

SPEED_OF, GROWTH_OF, TAMPER_OF = (json.loads(path.read_text(encoding="utf-8")) for path in (SPEED, GROWTH, TAMPER))


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_a_goal_that_was_missed_and_other_findings_are_said() -> None:
    speed = copy.deepcopy(SPEED_OF)
    speed["kernel_whole_per_s"], speed["dask"]["same_findings"] = 1, False
    assert "| every rule, kernel | 1 | 25,000,000 | **no** |" in page(speed, GROWTH_OF, TAMPER_OF)
    assert "**other findings**" in page(speed, GROWTH_OF, TAMPER_OF)


def test_what_was_committed_is_a_campaign_without_a_fault() -> None:
    for one in TAMPER_OF["judges"]:
        assert (one["overlooked"], one["false_alarms"], one["differing"], one["lost_lines"]) == ([], 0, 0, 0)
    for one in TAMPER_OF["crowded"]:
        assert (one["differing"], one["lost_lines"]) == (0, 0)
    for one in TAMPER_OF["every_field"]:
        assert (one["found"], one["false_alarms"]) == (one["planted"], 0)


def test_the_audit_grows_in_proportion_and_stays_within_memory() -> None:
    curve = GROWTH_OF["curve"]
    large = [one for one in curve if one["receipts"] > 3_000_000]
    assert max(map(a_million, large)) < 2 * min(map(a_million, large))
    assert max(map(peak_of, [*curve, *GROWTH_OF["beside_other_work"]])) < 8 * 1024
