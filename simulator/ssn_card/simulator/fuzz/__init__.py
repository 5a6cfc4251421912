# SPDX-License-Identifier: Apache-2.0
"""The hostile host: whatever bytes it sends, in whatever order, the card stays what it is and works.

Sequences of commands come from the command table and from mutations of those that reached new code; after every single
command the rules of :mod:`.rules` must hold, and an honest terminal must find the card as it should be.
"""

from .findings import Finding, read
from .run import Report, replay, run

__all__ = ["Finding", "Report", "read", "replay", "run"]
