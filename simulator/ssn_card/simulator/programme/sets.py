# SPDX-License-Identifier: Apache-2.0
"""Whose fraud a year has. Light: what the schemes need of the extra ``[audit]`` is imported when they are asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plan.scheme import Scheme


class SchemeSet(StrEnum):
    """Schemes by one author (docs/decisions/held-out-fraud.md)."""

    PROGRAMME = "programme"  #: of programme.md, by the house; rules are tuned on them
    MET = "met"  #: by an author who had not seen the rules, which have been tuned on them since
    MET_TOO = "met-too"  #: by another such author; the same has become of them
    HELD_OUT = "held-out"  #: by a third such author; no rule was ever tuned on them


def schemes_of(which: SchemeSet) -> tuple[Scheme, ...]:
    """The schemes of a set, honest look-alikes among them."""
    if which is SchemeSet.MET:
        from .met import MET

        return MET
    if which is SchemeSet.MET_TOO:
        from .met_too import MET_TOO

        return MET_TOO
    if which is SchemeSet.HELD_OUT:
        from .heldout import HELD_OUT

        return HELD_OUT
    from .plan.fraud import SCHEMES as FRAUD
    from .plan.lookalikes import HONEST_SCHEMES

    return (*FRAUD, *HONEST_SCHEMES)
