# SPDX-License-Identifier: Apache-2.0
"""By what the system tells a file from another, and from itself before it was written to."""

from __future__ import annotations

from contextlib import suppress
from os import stat_result
from pathlib import Path

Stamp = tuple[int, int, int, int, int]


def stamp(status: stat_result) -> Stamp:
    """Device, number, size and times; the last time no program can set."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def stamp_of(path: Path) -> Stamp | None:
    """Of the file that has this name now, ``None`` if there is none."""
    with suppress(OSError):
        return stamp(path.stat())
    return None
