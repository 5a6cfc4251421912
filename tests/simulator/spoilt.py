# SPDX-License-Identifier: Apache-2.0
"""Copies of the applet with a fault in them, to see that a test would find it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from ssn_card.simulator.java import find_jar

SOURCES = Path(__file__).parents[2] / "applet/src/main/java/id/ssncard/applet"
PACKAGE = "id.ssncard.applet"


def compile_spoilt(folder: Path, file: str, changes: Mapping[str, str], package: str = PACKAGE) -> Path:
    """Classes of a copy in which every key of ``changes``, found once in ``file``, stands as its value."""
    text = (SOURCES / file).read_text()
    for right, wrong in changes.items():
        assert text.count(right) == 1, f"{file} has changed: {right!r}"
        text = text.replace(right, wrong)
    sources = folder / "src" / package.replace(".", "/")
    sources.mkdir(parents=True)
    for source in SOURCES.glob("*.java"):
        java = text if source.name == file else source.read_text()
        (sources / source.name).write_text(java.replace(f"package {PACKAGE};", f"package {package};"))
    classes = folder / "classes"
    subprocess.run(
        ["javac", "--release", "8", "-Xlint:-options", "-g", "-cp", str(find_jar()), "-d", str(classes),
         *map(str, sources.glob("*.java"))],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return classes
