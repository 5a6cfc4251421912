# SPDX-License-Identifier: Apache-2.0
"""Codes of the shipped staples as the card's category mask, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssn_card.programme.staple import Staples


def mask(codes: Iterable[str], *, sold_on: date | None = None) -> int:
    """:meth:`Staples.mask` of the shipped staples."""
    return _shipped().mask(codes, sold_on=sold_on)


def codes(mask: int) -> tuple[str, ...]:
    """:meth:`Staples.codes` of the shipped staples."""
    return _shipped().codes(mask)


@cache
def _shipped() -> Staples:
    from ssn_card.programme.staple import load_staples  # only now: the tables' models are pydantic's

    return load_staples()
