# SPDX-License-Identifier: Apache-2.0
"""A plan is played: by numpy and by the applet alike, and an auditor finds what was planted and nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from ssn_card.keys import development_keyring
from ssn_card.receipts import Receipt, Report, read_lines
from ssn_card.receipts.verifier import ReceiptVerifier
from ssn_card.simulator.programme.errors import AnotherYear, NotAYear
from ssn_card.simulator.programme.play import by_deck, uploads, year
from ssn_card.simulator.programme.play.folder import About, YearFolder
from ssn_card.simulator.programme.play.order import served
from ssn_card.simulator.programme.play.played import Played
from ssn_card.simulator.programme.plan.contents import Plan
from ssn_card.simulator.programme.plan.events import Fault, Step
from tests.simulator.programme.by_hand import SHOPS, by_hand

PROVIDER = development_keyring()
ABOUT = About(seed=5, families=30, fast=True, keys="")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return by_hand(60)


@pytest.fixture(scope="module")
def played(plan: Plan) -> Played:
    return by_deck.play(plan, PROVIDER)


@pytest.fixture(scope="module")
def exports(plan: Plan, played: Played, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("exports")
    uploads.write(plan, played, folder)
    return sorted(folder.iterdir())


def verified(exports: list[Path]) -> Report:
    return ReceiptVerifier(PROVIDER).verify_files(exports, baskets=True)


def events(plan: Plan, played: Played, fault: Fault) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    return plan.events[played.receipted(plan) & (plan.events["fault"] == fault)]


def test_the_plan_by_hand_has_all_that_happens(plan: Plan, played: Played) -> None:
    seen = Counter((Step(event["step"]), bool(done)) for event, done in zip(plan.events, played.done, strict=True))
    refusable = (Step.DEBIT, Step.CANCEL, Step.OVERRIDE, Step.CHOOSE_PIN)
    assert all(seen[step, True] for step in Step)
    assert all(seen[step, False] for step in refusable)
    assert all(len(events(plan, played, fault)) for fault in Fault if fault is not Fault.TORN)
    assert not len(events(plan, played, Fault.TORN))


def test_an_auditor_finds_what_was_planted_and_nothing_else(plan: Plan, played: Played, exports: list[Path]) -> None:
    report = verified(exports)
    twice = events(plan, played, Fault.DOUBLE_UPLOAD)
    assert {finding.problem for finding in report.findings} == {"repeated"}
    assert len(report.findings) == len(twice)
    assert {(one.serial, one.seq) for one in report.findings} == {
        (plan.serials[card].tobytes(), number) for card, number in numbers(plan, played, Fault.DOUBLE_UPLOAD)
    }
    assert report.gap_count == inner_gaps(plan, played)
    assert report.genuine == int(played.receipted(plan).sum()) - len(events(plan, played, Fault.NEVER_UPLOADED))


def numbers(plan: Plan, played: Played, fault: Fault) -> list[tuple[int, int]]:
    """Cards and numbers of the receipts with a fault."""
    which = played.receipted(plan) & (plan.events["fault"] == fault)
    return list(zip(plan.events["card"][which].tolist(), played.numbers()[which].tolist(), strict=True))
