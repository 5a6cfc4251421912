# SPDX-License-Identifier: Apache-2.0
"""Copies of the applet with a fault in them, to see that a test would find it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ssn_card.simulator.java import find_jar

from .compiler import compile_java

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "applet/src/main/java/id/ssncard/applet"
PACKAGE = "id.ssncard.applet"
#: Classes once compiled, for as long as neither the applet nor the API is another: a compiler takes longer than a test.
BUILT = ROOT / ".build" / "spoilt"


def compile_spoilt(file: str, changes: Mapping[str, str], package: str = PACKAGE) -> Path:
    """Classes of a copy in which every key of ``changes``, found once in ``file``, stands as its value."""
    text = (SOURCES / file).read_text()
    for right, wrong in changes.items():
        assert text.count(right) == 1, f"{file} has changed: {right!r}"
        text = text.replace(right, wrong)
    name = hashlib.sha256("\0".join((package, file, text)).encode()).hexdigest()
    classes = _built() / name
    if not classes.exists():
        _compile(classes, file, text, package)
    return classes


@cache
def _built() -> Path:
    """The folder for this applet and this API; those of others go."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (find_jar(), *sorted(SOURCES.glob("*.java")))))
    built = BUILT / digest.hexdigest()
    built.mkdir(parents=True, exist_ok=True)
    for other in BUILT.iterdir():
        if other != built:
            shutil.rmtree(other, ignore_errors=True)
    return built


def _compile(classes: Path, file: str, text: str, package: str) -> None:
    with tempfile.TemporaryDirectory(dir=classes.parent) as folder:
        sources = Path(folder, "src", *package.split("."))
        sources.mkdir(parents=True)
        for source in SOURCES.glob("*.java"):
            java = text if source.name == file else source.read_text()
            (sources / source.name).write_text(java.replace(f"package {PACKAGE};", f"package {package};"))
        made = compile_java(
            [*sources.glob("*.java")], Path(folder, "classes"), "--release", "8", "-Xlint:-options", "-g"
        )
        try:
            made.rename(classes)  # whole or not at all
        except OSError:
            if not classes.exists():  # another worker has asked for the same, and was first
                raise
