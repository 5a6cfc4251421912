# SPDX-License-Identifier: Apache-2.0
"""Whether the station's keys are the cards' keys, as far as a run has seen: known to all of its readers.

One card that refuses them says little where others may take them; as many as there are readers, and none that took
them, say that the keys are wrong.
"""

from __future__ import annotations

from threading import Lock


class KeyProof:
    """Of one run."""

    def __init__(self, readers: int) -> None:
        self.fit = False  #: a card has taken the keys
        self._left = max(1, readers)
        self._lock = Lock()

    def refused(self) -> bool:
        """A card has refused keys that none has taken so far; whether they are wrong."""
        with self._lock:
            self._left -= 1
            return self._left <= 0
