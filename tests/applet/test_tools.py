# SPDX-License-Identifier: Apache-2.0
"""What ``ssn applet build`` says when a tool is missing, and which target it chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssn_card.applet_tools import ToolMissing, find_tools
from ssn_card.cli.errors import BadArgument


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files as a kit of several versions has them, the task and Ant; none of them is run."""
    lib = tmp_path / "kit" / "lib"
    lib.mkdir(parents=True)
    for name in ("tools.jar", "api_classic-3.0.4.jar", "api_classic-3.0.5.jar", "api_classic_annotations-3.0.4.jar"):
        (lib / name).touch()
    (tmp_path / "task.jar").touch()
    ant = tmp_path / "bin" / "ant"
    ant.parent.mkdir()
    ant.touch(0o755)
    monkeypatch.setenv("JC_HOME", str(tmp_path / "kit"))
    monkeypatch.setenv("ANT_JAVACARD_JAR", str(tmp_path / "task.jar"))
    monkeypatch.setenv("PATH", str(ant.parent))
    return tmp_path / "kit"


def test_the_default_target(kit: Path) -> None:
    assert find_tools(None).target == "3.0.4"
    assert find_tools("3.0.5").target == "3.0.5"


def test_a_kit_of_one_version_targets_itself(kit: Path) -> None:
    (kit / "lib" / "api_classic-3.0.4.jar").unlink()
    (kit / "lib" / "api_classic-3.0.5.jar").unlink()
    assert find_tools(None).target == str(kit)


def test_a_target_by_its_own_kit(kit: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "lib").mkdir(parents=True)
    (old / "lib" / "converter.jar").touch()
    assert find_tools(str(old)).target == str(old)


def test_an_unknown_target_names_the_choices(kit: Path) -> None:
    with pytest.raises(BadArgument) as caught:
        find_tools("2.2.2")
    assert "3.0.4, 3.0.5" in caught.value.remedy.en


@pytest.mark.parametrize(
    ("variable", "source"),
    [
        ("JC_HOME", "github.com/martinpaljak/oracle_javacard_sdks"),
        ("ANT_JAVACARD_JAR", "github.com/martinpaljak/ant-javacard"),
    ],
)
def test_what_is_missing_and_where_to_get_it(
    kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, source: str
) -> None:
    for value in (None, "", str(tmp_path / "absent"), str(tmp_path / "bin")):
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)
        with pytest.raises(ToolMissing) as caught:
            find_tools(None)
        assert caught.value.where == variable
        assert source in caught.value.remedy.en
        assert source in caught.value.remedy.id
        assert "\n" not in caught.value.describe()


def test_ant_is_missing(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing) as caught:
        find_tools(None)
    assert "apt install ant" in caught.value.remedy.en
