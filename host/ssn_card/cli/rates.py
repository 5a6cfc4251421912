# SPDX-License-Identifier: Apache-2.0
"""Columns of progress bars: how much is done, and how much in a second."""

from __future__ import annotations

from rich.progress import ProgressColumn, Task
from rich.text import Text as Styled

from ssn_card.protocol.errors import default_language, numeral


class AmountColumn(ProgressColumn):
    """How much of how much, in the task's unit."""

    def render(self, task: Task) -> Styled:
        """``12/345 MB``; ``12/? MB`` where nobody knows."""
        total = "?" if task.total is None else _amount(task.total)
        return Styled(f"{_amount(task.completed)}/{total}{_unit(task)}")


class RateColumn(ProgressColumn):
    """How much in a second, once that is known."""

    def render(self, task: Task) -> Styled:
        """``12 MB/s``."""
        speed = task.finished_speed or task.speed
        return Styled("" if speed is None else f"{_amount(speed)}{_unit(task)}/s")


def _unit(task: Task) -> str:
    unit = task.fields.get("unit")
    return f" {unit}" if unit else ""


def _amount(of: float) -> str:
    return numeral(of).in_language(default_language())
