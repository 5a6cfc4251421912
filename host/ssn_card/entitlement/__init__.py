# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates: the bank issues them, any terminal carries them to the card, in a file if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

from .files import read_updates, write_updates
from .update import Entitlement, SignedUpdate, issue

if TYPE_CHECKING:
    from .barred import BarredCard, CardBarred, read_barred, refuse_barred, write_barred
    from .register import Register
else:  # the bank's alone: a terminal carries updates and needs neither SQLite's register nor pydantic
    __getattr__ = lazily(
        __name__,
        {
            ".barred": ("BarredCard", "CardBarred", "read_barred", "refuse_barred", "write_barred"),
            ".register": ("Register",),
        },
    )

__all__ = [
    "BarredCard",
    "CardBarred",
    "Entitlement",
    "Register",
    "SignedUpdate",
    "issue",
    "read_barred",
    "read_updates",
    "refuse_barred",
    "write_barred",
    "write_updates",
]
