# SPDX-License-Identifier: Apache-2.0
"""Who only looks like it."""

from __future__ import annotations

from . import companions, families, hours, roads, stock, till

SCHEMES = (
    *companions.SCHEMES,
    *families.SCHEMES,
    *roads.SCHEMES,
    *hours.SCHEMES,
    *stock.SCHEMES,
    *till.SCHEMES,
)
