# SPDX-License-Identifier: Apache-2.0
"""The portable engine: whole columns at once, with numpy alone (:mod:`ssn_card.audit.rows`).

It is slower than the compiled kernel, shares no code with it, and is what that is held to.
"""

from __future__ import annotations

from .engine import judge

__all__ = ["judge"]
