# SPDX-License-Identifier: Apache-2.0
"""Entitlement updates: the bank issues them, any terminal carries them to the card, in a file if need be."""

from .files import read_updates, write_updates
from .update import Entitlement, SignedUpdate, issue

__all__ = ["Entitlement", "SignedUpdate", "issue", "read_updates", "write_updates"]
