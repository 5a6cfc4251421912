# SPDX-License-Identifier: Apache-2.0
"""Imports of invented families."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.bank.people.extracts import as_csv

from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.intake.importing import ControlTotals, ImportReport, import_extract
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.programme import Policy, load_policies

EXAMPLES = Path(__file__).parents[3] / "examples" / "data"


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Of 2025: deciles 1-5, companions needed."""
    return load_policies().by_id(2025)


@pytest.fixture
def take(bank: Bank, operator: SignedIn, policy: Policy, tmp_path: Path) -> Callable[..., ImportReport]:
    """Takes a file, or rows, into the store."""
    number = 0

    def taken(
        what: Path | Sequence[Sequence[str]], refuse: Sequence[str] = (), totals: ControlTotals | None = None
    ) -> ImportReport:
        nonlocal number
        if not isinstance(what, Path):
            number += 1
            path = tmp_path / f"extract-{number}.csv"
            path.write_text(as_csv(what))
            what = path
        return import_extract(bank, operator, MappedTable(what), policy, refuse=refuse, totals=totals)

    return taken
