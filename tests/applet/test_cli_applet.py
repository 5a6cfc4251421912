# SPDX-License-Identifier: Apache-2.0
"""The commands ``ssn applet``: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.applet_tools import AppletFindings, ToolMissing, Tools
from ssn_card.applet_tools.cli import build, check

from .snippets import ACCEPTED, LANGUAGE, Snippet


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_LANG", "en")


def test_findings_are_one_line_each(compiled: Callable[[Snippet], Path], capsys: pytest.CaptureFixture[str]) -> None:
    broken = next(snippet for snippet in LANGUAGE if snippet.name == "synchronized_method")
    with pytest.raises(AppletFindings):
        check(compiled(broken))
    line = "synchronized_method.A.f:11: A Java Card has no such thing: synchronized. Do without it."
    assert capsys.readouterr().out.splitlines() == [line]


def test_findings_as_json(compiled: Callable[[Snippet], Path], capsys: pytest.CaptureFixture[str]) -> None:
    broken = next(snippet for snippet in LANGUAGE if snippet.name == "int_field")
    with pytest.raises(AppletFindings) as caught:
        check(compiled(broken), as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "ssn-card/applet-check/1"
    assert [(found["rule"], found["place"]) for found in data["findings"]] == [("field", "int_field.A.f")]
    assert caught.value.details == {"findings": 1}


def test_no_findings(compiled: Callable[[Snippet], Path], capsys: pytest.CaptureFixture[str]) -> None:
    check(compiled(ACCEPTED[0]))
    assert capsys.readouterr().out == "No findings; classes: 1.\n"


def test_build_without_a_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JC_HOME", raising=False)
    with pytest.raises(ToolMissing):
        build(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.timeout(300)
def test_build_tells_the_sizes(tools: Tools, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert Path(data["cap"]).stat().st_size == data["bytes"]
    loaded = sum(size for name, size in data["components"].items() if name != "Descriptor")
    assert data["load_size"] == loaded
    assert data["applets"] == ["F053534E4341524401"]
