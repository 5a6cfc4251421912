# SPDX-License-Identifier: Apache-2.0
"""Checks compiled classes for what a Java Card of version 2.2.2 cannot run. Needs no Java and no card kit.

What class files do not show is not seen: compilers copy the values of constants, so an algorithm that only later
versions know passes; building against the target's kit finds that.
"""

from __future__ import annotations

from pathlib import Path

from .allocation import check_allocation
from .api import java_card_222
from .findings import Finding
from .intermediates import check_intermediates
from .language import check_language
from .program import Program
from .promises import check_promises
from .references import check_references

_CHECKS = (check_references, check_language, check_intermediates, check_allocation, check_promises)


def check_directory(directory: Path) -> list[Finding]:
    """Findings in all classes under a directory, in the order of their places.

    Raises :class:`.errors.NoClasses` and :class:`.errors.BadClassFile`.
    """
    return check_program(Program.read(directory, java_card_222()))


def check_program(program: Program) -> list[Finding]:
    """Findings in these classes; each place once for the same reason."""
    found = {finding: None for check in _CHECKS for finding in check(program)}
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[str, int, str]:
    # A damaged name may hold a colon itself.
    name, _, line = finding.place.rpartition(":")
    if not line.isdecimal():
        name, line = finding.place, "0"
    return name.rpartition(".")[0], int(line), finding.what.en
