# SPDX-License-Identifier: Apache-2.0
"""Columns of progress bars: how much is done, and how much in a second."""

from __future__ import annotations

from rich.progress import ProgressColumn, Task
from rich.text import Text as Styled


class AmountColumn(ProgressColumn):
    """How much of how much, in the task's unit."""

    def render(self, task: Task) -> Styled:
        """``12/345 MB``; ``12/? MB`` where nobody knows."""
        total = "?" if task.total is None else f"{task.total:,.0f}"
        return Styled(f"{task.completed:,.0f}/{total}{_unit(task)}")


class RateColumn(ProgressColumn):
    """How much in a second, once that is known."""

    def render(self, task: Task) -> Styled:
        """``12 MB/s``."""
        speed = task.finished_speed or task.speed
        return Styled("" if speed is None else f"{speed:,.0f}{_unit(task)}/s")


def _unit(task: Task) -> str:
    unit = task.fields.get("unit")
    return f" {unit}" if unit else ""
