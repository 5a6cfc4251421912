# SPDX-License-Identifier: Apache-2.0
"""Who takes what is not theirs."""

from __future__ import annotations

from . import cash, credit, papers, resale, shelf

SCHEMES = (*papers.SCHEMES, *credit.SCHEMES, *resale.SCHEMES, *cash.SCHEMES, *shelf.SCHEMES, *shelf.PETTY)
