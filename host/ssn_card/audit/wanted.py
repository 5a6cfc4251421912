# SPDX-License-Identifier: Apache-2.0
"""Which engine may be asked for: apart from the engines, for a command line that has not loaded any."""

from __future__ import annotations

from enum import StrEnum


class Wanted(StrEnum):
    """Engines, and the choice of the fastest that can run."""

    AUTO = "auto"
    KERNEL = "kernel"
    LOCKSTEP = "lockstep"
