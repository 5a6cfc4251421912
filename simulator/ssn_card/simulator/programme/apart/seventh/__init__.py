# SPDX-License-Identifier: Apache-2.0
"""Schemes of the seventh author, who asked what a stallkeeper of twenty years and an inspector of shops have seen."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from . import fraud, honest

SCHEMES: Final[tuple[Scheme, ...]] = (*fraud.SCHEMES, *honest.SCHEMES)
