# SPDX-License-Identifier: Apache-2.0
"""The second implementation of examples/java, compiled once, and its programs as a user starts them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "examples" / "java"
BUILT = ROOT / ".build" / "examples-java"

Java = Callable[..., subprocess.CompletedProcess[str]]


def _compile(classes: Path, sources: list[Path]) -> None:
    shutil.rmtree(classes, ignore_errors=True)
    done = subprocess.run(
        ["javac", "--release", "11", "-Xlint:all", "-Werror", "-d", classes, *sources],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def java_classes() -> Path:
    """Where the classes are; compiled anew when a source is another, by one worker while others wait."""
    sources = sorted(SOURCES.rglob("*.java"))
    digest = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in sources)).hexdigest()
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = BUILT / "sources.sha256"
        if not stamp.exists() or stamp.read_text() != digest:
            stamp.unlink(missing_ok=True)
            _compile(BUILT / "classes", sources)
            stamp.write_text(digest)
    return BUILT / "classes"


@pytest.fixture
def java(java_classes: Path, tmp_path: Path) -> Java:
    """Runs a class with arguments, in an empty directory of its own."""

    def run(name: str, *arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["java", "-cp", java_classes, f"id.ssncard.example.{name}", *map(str, arguments)],
            cwd=tmp_path,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    return run
