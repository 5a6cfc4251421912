# SPDX-License-Identifier: Apache-2.0
"""Every rule of ``ssn applet check`` finds what breaks it, names the place, and lets its neighbours pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.applet_tools import check_directory

from .conftest import compile_as_maven
from .snippets import ACCEPTED, BROKEN, LINE, Snippet

_APPLET = Path(__file__).resolve().parents[2] / "applet" / "src" / "main" / "java"


@pytest.mark.parametrize("snippet", BROKEN, ids=lambda snippet: snippet.name)
def test_a_broken_rule_is_found(snippet: Snippet, compiled: Callable[[Snippet], Path]) -> None:
    findings = [
        finding
        for finding in check_directory(compiled(snippet))
        if finding.rule == snippet.rule and snippet.says in finding.what.en
    ]
    assert findings
    # A class file tells the lines of code, not those of declarations.
    assert any(finding.place.endswith(f":{LINE}") for finding in findings) or snippet.declaration
    for finding in findings:
        assert finding.place.startswith(f"{snippet.name}.A")
        assert finding.what.id
        assert finding.remedy.en
        assert finding.remedy.id


@pytest.mark.parametrize("snippet", ACCEPTED, ids=lambda snippet: snippet.name)
def test_what_a_card_can_do_passes(snippet: Snippet, compiled: Callable[[Snippet], Path]) -> None:
    assert [finding.describe("en") for finding in check_directory(compiled(snippet))] == []


def test_the_applet_has_no_findings(tmp_path: Path) -> None:
    """From its sources, so that stale classes cannot hide anything."""
    compile_as_maven(tmp_path, sorted(_APPLET.rglob("*.java")))
    assert [finding.describe("en") for finding in check_directory(tmp_path)] == []
