# SPDX-License-Identifier: Apache-2.0
"""Java sources compiled as Maven compiles the applet's."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.applet_tools import ToolMissing, Tools, find_tools
from ssn_card.applet_tools.tools import KIT_VARIABLE, TASK_VARIABLE
from ssn_card.simulator.java import find_jar

from .snippets import ACCEPTED, BROKEN, Snippet

Compile = Callable[[Path, list[Path]], None]


@pytest.fixture(scope="session")
def compile_java() -> Compile:
    """Compiles files into a directory, with the Java Card API that the simulator brings."""
    javac = shutil.which("javac")
    if javac is None:
        pytest.skip("no javac")

    def run(out: Path, sources: list[Path]) -> None:
        options = ["-g", "--release", "8", "-Xlint:-options", "-nowarn", "-proc:none", "-d", str(out)]
        subprocess.run([javac, *options, "-cp", str(find_jar()), *map(str, sources)], check=True, capture_output=True)

    return run


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, compile_java: Compile) -> Callable[[Snippet], Path]:
    """The directory with a snippet's classes; all are compiled at once."""
    root = tmp_path_factory.mktemp("snippets")
    sources = []
    for snippet in (*BROKEN, *ACCEPTED):
        source = root / "src" / snippet.name / "A.java"
        source.parent.mkdir(parents=True)
        source.write_text(snippet.source)
        sources.append(source)
    compile_java(root / "classes", sources)
    return lambda snippet: root / "classes" / snippet.name


@pytest.fixture(scope="session")
def tools() -> Tools:
    """The conversion's tools, where someone has set them up."""
    if not os.environ.get(KIT_VARIABLE) or not os.environ.get(TASK_VARIABLE):
        pytest.skip(f"{KIT_VARIABLE} and {TASK_VARIABLE} are not set: no Java Card kit to convert with")
    try:
        return find_tools(None)
    except ToolMissing as error:
        pytest.fail(str(error))
