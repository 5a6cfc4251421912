# SPDX-License-Identifier: Apache-2.0
"""With Oracle's kit: the applet converts, verifies and comes out the same; our check agrees with the converter."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.applet_tools import BuiltCap, ConversionFailed, Tools, build_cap
from ssn_card.applet_tools.build import APPLET_DIRECTORY, CAP_NAME, LOAD_SIZE_GOAL

from .snippets import ACCEPTED, BROKEN, Snippet

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> BuiltCap:
    return build_cap(tmp_path_factory.mktemp("cap"), tools, print)


@pytest.fixture
def other_checkout(tmp_path: Path) -> Path:
    """The applet's sources elsewhere, to be changed."""
    shutil.copytree(APPLET_DIRECTORY / "src", tmp_path / "checkout" / "src")
    shutil.copy(APPLET_DIRECTORY / "build.xml", tmp_path / "checkout")
    return tmp_path / "checkout"


def test_the_applet_converts_within_its_size(built: BuiltCap) -> None:
    assert built.cap.package_aid.hex() == "f053534e43415244"
    assert [aid.hex() for aid in built.cap.applets] == ["f053534e4341524401"]
    assert built.cap.load_size <= LOAD_SIZE_GOAL
    assert "Debug" not in built.cap.components


def test_the_same_sources_elsewhere_give_the_same_bytes(
    built: BuiltCap, tools: Tools, other_checkout: Path, tmp_path: Path
) -> None:
    again = build_cap(tmp_path / "out", tools, print, other_checkout)
    assert again.path.read_bytes() == built.path.read_bytes()
    assert again.sha256 == built.sha256


def test_a_refused_applet_leaves_no_cap(tools: Tools, other_checkout: Path, tmp_path: Path) -> None:
    source = other_checkout / "src/main/java/id/ssncard/applet/Calendar.java"
    head, opening, rest = source.read_text().partition("private Calendar() {\n")
    line = head.count("\n") + 3
    extra = "    }\n\n    static short middle(short a, short b) { return (short) ((a + b) / 2);\n"
    source.write_text(head + opening + extra + rest)
    out = tmp_path / "out"
    out.mkdir()
    (out / CAP_NAME).write_bytes(b"earlier")
    with pytest.raises(ConversionFailed) as caught:
        build_cap(out, tools, print, other_checkout)
    assert "intermediate value" in caught.value.text.en
    assert f"(line {line})" in caught.value.text.en or f"(line {line + 1})" in caught.value.text.en
    assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [(CAP_NAME, b"earlier")]


@pytest.mark.slow
@pytest.mark.parametrize("snippet", [*BROKEN, *ACCEPTED], ids=lambda snippet: snippet.name)
def test_our_check_agrees_with_the_converter(
    snippet: Snippet, tools: Tools, compiled: Callable[[Snippet], Path], tmp_path: Path
) -> None:
    """What the converter refuses we find; what it lets pass we let pass, but for the stricter rules."""
    if "3.0.4" not in tools.target:
        pytest.skip("needs a kit that converts for 3.0.4")
    root = compiled(snippet).parent
    aid = "0xF0:0x53:0x53:0x4E:0x54"
    subprocess.run(
        [
            *("java", "-cp", os.pathsep.join(map(str, (tools.kit / "lib").glob("*.jar")))),
            *("com.sun.javacard.converter.Main", "-nobanner", "-d", str(tmp_path), "-classdir", str(root)),
            *(
                "-target",
                "3.0.4",
                "-out",
                "CAP",
                "-applet",
                aid + ":0x01",
                f"{snippet.name}.A",
                snippet.name,
                aid,
                "1.0",
            ),
        ],
        check=False,
        capture_output=True,
    )
    converted = (tmp_path / snippet.name / "javacard" / f"{snippet.name}.cap").is_file()
    assert converted != (bool(snippet.rule) and snippet.refused)
