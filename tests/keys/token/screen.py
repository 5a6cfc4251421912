# SPDX-License-Identifier: Apache-2.0
"""A terminal with a person at it: runs a shell's command on a pseudo-terminal and answers what it asks."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

_PATIENCE = 60.0  #: seconds
_PROMPT = re.compile(r"[^\n]*: $")


class Shown(NamedTuple):
    """What was on the screen, prompts too, and how it ended."""

    code: int
    text: str


def on_a_terminal(command: str, folder: Path, environment: Mapping[str, str], answer: Callable[[str], str]) -> Shown:
    """Run ``command`` by bash; ``answer`` is given each prompt. Nothing that is typed without echo is in the text."""
    child, descriptor = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe("bash", ["bash", "-c", f"stty cols 120; {command}"], dict(environment))  # noqa: S606 the command is the test's
    seen, answered, ends = "", 0, time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        ready, _, _ = select.select([descriptor], [], [], 0.2)
        if ready:
            try:
                read = os.read(descriptor, 1 << 16)
            except OSError:  # the other side is closed
                break
            if not read:
                break
            seen += read.decode("utf-8", "replace").replace("\r\n", "\n")
        elif (prompt := _PROMPT.search(seen[answered:])) is not None:
            answered = len(seen)
            os.write(descriptor, answer(prompt[0]).encode() + b"\n")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(descriptor)
    return Shown(code, seen)
