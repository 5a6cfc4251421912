# SPDX-License-Identifier: Apache-2.0
"""What goes wrong without anybody's ill will: :mod:`.cards` break and get lost, :mod:`.terminals` lose their
network, their time or their receipts, and some receipts are torn or sent twice.
"""

from __future__ import annotations

from .cards import befall
from .terminals import transmit

__all__ = ["befall", "transmit"]
