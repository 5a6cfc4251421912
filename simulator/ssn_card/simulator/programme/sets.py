# SPDX-License-Identifier: Apache-2.0
"""Whose fraud a year has. Light: what the schemes need of the extra ``[audit]`` is imported when they are asked for."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .plan.scheme import Scheme


class SchemeSet(StrEnum):
    """Schemes by one author (docs/decisions/held-out-fraud.md)."""

    PROGRAMME = "programme"  #: of programme.md, by the house
    FIRST = "first"  #: this and the others: each by another author, who had not seen the rules
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    SEVENTH = "seventh"
    EIGHTH = "eighth"
    NINTH = "ninth"


#: On which no rule was ever tuned. One whose misses were told to who writes rules leaves it for good.
HELD_OUT: Final[frozenset[SchemeSet]] = frozenset({SchemeSet.NINTH})


def schemes_of(which: SchemeSet) -> tuple[Scheme, ...]:
    """The schemes of a set, honest look-alikes among them."""
    if which is SchemeSet.PROGRAMME:
        from .plan.fraud import SCHEMES as FRAUD
        from .plan.lookalikes import HONEST_SCHEMES

        return (*FRAUD, *HONEST_SCHEMES)
    schemes: tuple[Scheme, ...] = import_module(f".apart.{which}", __package__).SCHEMES
    return schemes
