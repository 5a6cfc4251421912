# SPDX-License-Identifier: Apache-2.0
"""Honest people whom a careless rule takes for fraud, a scheme a file; written as :mod:`..fraud` tells."""

from __future__ import annotations

from typing import Final

from ..scheme import Scheme
from . import companion_group, elderly_proxy, exact_packages, market_day, moved

HONEST_SCHEMES: Final[tuple[Scheme, ...]] = (
    elderly_proxy.SCHEME,
    market_day.SCHEME,
    companion_group.SCHEME,
    exact_packages.SCHEME,
    moved.SCHEME,
)
