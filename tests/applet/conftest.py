# SPDX-License-Identifier: Apache-2.0
"""Java sources compiled as Maven compiles the applet's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.simulator.compiler import compile_java

from ssn_card.applet_tools import ToolMissing, Tools, find_tools
from ssn_card.applet_tools.tools import KIT_VARIABLE, TASK_VARIABLE

from .snippets import ACCEPTED, BROKEN, Snippet


def compile_as_maven(out: Path, sources: list[Path]) -> None:
    """Compile files into a directory, with the Java Card API that the simulator brings."""
    compile_java(sources, out, "-g", "--release", "8", "-Xlint:-options", "-nowarn", "-proc:none")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Snippet], Path]:
    """The directory with a snippet's classes; all are compiled at once."""
    root = tmp_path_factory.mktemp("snippets")
    sources = []
    for snippet in (*BROKEN, *ACCEPTED):
        source = root / "src" / snippet.name / "A.java"
        source.parent.mkdir(parents=True)
        source.write_text(snippet.source)
        sources.append(source)
    compile_as_maven(root / "classes", sources)
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
