# SPDX-License-Identifier: Apache-2.0
"""Fraud as a retired clerk of a kelurahan remembers it, honest oddities as a wholesaler on the road knows them.

Neither had seen the rules.
"""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from . import petty
from .fraud import cards, counter, lenders, lists, shelves
from .honest import comings, families, hours, shelf, tills, visitors

SCHEMES: Final[tuple[Scheme, ...]] = (
    *lists.SCHEMES,
    *lenders.SCHEMES,
    *cards.SCHEMES,
    *shelves.SCHEMES,
    *counter.SCHEMES,
    *visitors.SCHEMES,
    *families.SCHEMES,
    *comings.SCHEMES,
    *shelf.SCHEMES,
    *tills.SCHEMES,
    *hours.SCHEMES,
    *petty.SCHEMES,
)
