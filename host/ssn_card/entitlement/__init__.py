# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates: the bank issues them, any terminal carries them to the card, in a file if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

if TYPE_CHECKING:
    from .barred import BarredCard, CardBarred, read_barred, refuse_barred, write_barred
    from .files import read_updates, write_updates
    from .register import Register
    from .update import Entitlement, SignedUpdate, issue
else:  # a sale has no update to carry
    __getattr__ = lazily(
        __name__,
        {
            ".barred": ("BarredCard", "CardBarred", "read_barred", "refuse_barred", "write_barred"),
            ".files": ("read_updates", "write_updates"),
            ".register": ("Register",),
            ".update": ("Entitlement", "SignedUpdate", "issue"),
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
