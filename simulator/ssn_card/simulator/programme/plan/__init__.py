# SPDX-License-Identifier: Apache-2.0
"""Who does what, when and why: the year before any card is touched."""

from __future__ import annotations

from .planned import Plan, plan

__all__ = ["Plan", "plan"]
