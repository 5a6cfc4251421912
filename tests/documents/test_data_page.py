# SPDX-License-Identifier: Apache-2.0
"""docs/data.md is what the declared tables and the schemes of the year make of it."""

from __future__ import annotations

import re

import pytest

from data_page import PAGE, main, page
from ssn_card.audit.books.tables import TABLES
from ssn_card.simulator.programme.plan import plan
from ssn_card.simulator.programme.plan.faults import FAULTS


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_it_tells_of_every_column() -> None:
    text = PAGE.read_text("utf-8")
    for one in TABLES.values():
        section = text.partition(f"## {one.file}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [column.name for column in one.columns]


def test_it_tells_of_every_class_of_a_year() -> None:
    told = {kind for kind, _, _ in FAULTS}
    year = plan(5)
    kinds = {label.kind for label in year.labels} - {"honest"}
    assert {kind for kind in kinds if kind.startswith("fault-")} == told
    assert all(f"`{kind}`" in page() for kind in kinds)
