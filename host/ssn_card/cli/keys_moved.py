# SPDX-License-Identifier: Apache-2.0
"""How many cards have moved on to the next version of their keys, by the register of updates.

A card is made with two versions of a key, and an update moves it from the first to the second; a version made now is
for cards that are yet to be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ssn_card.entitlement.register import Register
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection

Moved = dict[str, dict[str, int]]


def moved_on(register: Path | None, labels: Iterable[KeyLabel]) -> Moved | None:
    """Of each key that can move: ``{"cards": all, "moved": those that have}``; ``None`` without a register.

    Raises what opening a register raises.
    """
    if register is None:
        return None
    with Register(register, read_only=True) as opened:
        selections = [one.entitlement.key_selection for one in opened.cards()]
    return {
        str(label): {
            "cards": len(selections),
            "moved": sum(KeySelection[label.name] in selection for selection in selections),
        }
        for label in labels
        if label.name in KeySelection.__members__
    }
