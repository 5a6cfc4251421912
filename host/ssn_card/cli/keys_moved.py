# SPDX-License-Identifier: Apache-2.0
"""Which cards have moved on to the next version of their keys, by the register of updates.

A card is made with two versions of a key, and an update moves it from the first to the second; a version made now is
for cards that are yet to be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ssn_card.entitlement.register import Register
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection


class MovedOn(NamedTuple):
    """Of one key."""

    cards: int  #: in the register
    moved: tuple[str, ...]  #: serials of those in their second version, hexadecimal


Moved = dict[str, MovedOn]  #: by the name of the key


def moved_on(register: Path | None, labels: Iterable[KeyLabel]) -> Moved | None:
    """Of each key that can move; ``None`` without a register. Raises what opening a register raises."""
    if register is None:
        return None
    with Register(register, read_only=True) as opened:
        cards = [(one.serial.hex(), one.entitlement.key_selection) for one in opened.cards()]
    return {
        str(label): MovedOn(
            len(cards), tuple(serial for serial, selection in cards if KeySelection[label.name] in selection)
        )
        for label in labels
        if label.name in KeySelection.__members__
    }
