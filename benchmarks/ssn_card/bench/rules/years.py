# SPDX-License-Identifier: Apache-2.0
"""A year made by the fast path and judged as an auditor would: exports packed, verified, and asked of by all rules."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from ssn_card.audit.books import judge, open_books
from ssn_card.audit.rules import RulesOutcome, apply_rules
from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.keys import KeyProvider
from ssn_card.simulator.programme.play.folder import DATA, EXPORTS, TRUTH, About
from ssn_card.simulator.programme.play.year import keys_of, planned_and_made
from ssn_card.simulator.programme.sets import SchemeSet

from .marking import YearMarks, mark


@dataclass(frozen=True)
class Year:
    """A year that was judged. ``seconds``: of the rules together, of books of ``receipts``."""

    seed: int
    schemes: SchemeSet
    receipts: int
    seconds: float
    marks: YearMarks


def judged_year(seed: int, families: int, schemes: SchemeSet, provider: KeyProvider, folder: Path) -> Year:
    """Make a year with the schemes of a set in an empty folder, and judge it."""
    path = folder / "year"
    planned_and_made(About(seed, families, True, schemes, keys_of(provider)), path, provider)
    pack(find_sources([path / EXPORTS]), folder / "store")
    judged = judge(folder / "store", provider)
    with open_books(folder / "store", path / DATA, judged) as books:
        began = time.monotonic()
        outcome: RulesOutcome = apply_rules(books)
        seconds = time.monotonic() - began
        marks = mark(outcome, books, path / TRUTH)
    return Year(seed, schemes, judged.report.genuine, round(seconds, 3), marks)
