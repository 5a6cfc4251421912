# SPDX-License-Identifier: Apache-2.0
"""Updates of cards: runs that a second person approves, the register's numbers, bundles, and what has come."""

from __future__ import annotations

from ..cards.loads import newest_update as newest
from .mirror import mirror

__all__ = ["mirror", "newest"]
