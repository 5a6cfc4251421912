# SPDX-License-Identifier: Apache-2.0
"""The Java compiler, started once for each process that asks: to start takes longer than to compile what tests have."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from ssn_card.simulator.java import OPTIONS, find_jar, find_java

_SOURCE = Path(__file__).with_name("Compiler.java")


def compile_java(sources: list[Path], folder: Path, *options: str) -> Path:
    """The folder, with classes compiled against the simulator's jar, which brings the Java Card API.

    Raises:
        ValueError: with what the compiler says.
    """
    arguments = [*options, "-cp", str(find_jar()), "-d", str(folder), *map(str, sources)]
    compiler = _compiler()
    assert compiler.stdin
    assert compiler.stdout
    print("\t".join(arguments), file=compiler.stdin, flush=True)
    code, _, said = compiler.stdout.readline().partition(" ")
    if code != "0":
        raise ValueError(said.replace("\t", "\n") or f"no answer: {code!r}")
    return folder


@cache
def _compiler() -> subprocess.Popen[str]:
    """It ends when its standard input does, as this process ends."""
    return subprocess.Popen(
        [str(find_java()), *OPTIONS, str(_SOURCE)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
