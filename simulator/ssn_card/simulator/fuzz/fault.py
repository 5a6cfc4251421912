# SPDX-License-Identifier: Apache-2.0
"""A rule that a card has broken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A rule broken. ``rule`` names it, ``where`` tells two faults of one rule apart, ``detail`` says what was seen."""

    rule: str
    where: str
    detail: str

    @property
    def key(self) -> tuple[str, str]:
        """Same key, same fault."""
        return self.rule, self.where
