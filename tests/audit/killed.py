# SPDX-License-Identifier: Apache-2.0
"""Packs in a process that dies at a chosen step, or whose files may not grow."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from ssn_card.audit.sources import find_sources
from ssn_card.audit.store import pack
from ssn_card.protocol.errors import SsnCardError

_STEPS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "fcntl.flock",
    "os.scandir",
    "os.listdir",
}


def die_at(step: int, folder: Path, source: Path) -> None:
    """Pack; at a step that touches the store, counted from 1, be killed."""
    taken = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal taken
        if event in _STEPS and (event == "fcntl.flock" or str(folder) in os.fsdecode(str(arguments[0]))):
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    pack(find_sources([source]), folder)


def with_small_files(most: int, folder: Path, source: Path) -> None:
    """Pack where no file may have more bytes; exits with 3 if that is told as an error of ours."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.dont_write_bytecode = True  # see disk_of()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        pack(find_sources([source]), folder)
    except SsnCardError as error:
        os._exit(3 if error.code in ("store-unwritable", "no-room") else 4)
