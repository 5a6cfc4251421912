# SPDX-License-Identifier: Apache-2.0
"""Memory sticks: where a result can be written to, beside the tablet itself."""

from __future__ import annotations

import os
from pathlib import Path

#: Where systems mount what somebody plugs in.
_MOUNTS = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*")


def places() -> list[Path]:
    """Mounted folders that can be written to."""
    root = Path("/")
    found = {path for pattern in _MOUNTS for path in root.glob(pattern.lstrip("/"))}
    return sorted(path for path in found if path.is_dir() and os.path.ismount(path) and os.access(path, os.W_OK))
