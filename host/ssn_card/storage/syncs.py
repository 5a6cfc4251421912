# SPDX-License-Identifier: Apache-2.0
"""How often a program has waited until what it wrote was on the disk, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class DiskSyncs:
    """A count; who shares it must not wait at the same time."""

    count: int = 0
    seconds: float = 0.0  #: on the clock
    cpu_seconds: float = 0.0  #: the system's own work in them

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A block that ends when something is on the disk."""
        began, cpu = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began
            self.cpu_seconds += time.thread_time() - cpu
