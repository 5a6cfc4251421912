# SPDX-License-Identifier: Apache-2.0
"""What came of a script: the receipts, each at its event's place, and what cards told when they were read."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ssn_card.simulator.year.fields import SIZE, TYPES, Flags, Ints, Octets

from ..plan.events import Step
from .script import YearScript

_DEBIT = TYPES[int(Step.DEBIT)]


@dataclass(frozen=True)
class Played:
    """At the place of each event of a script.

    ``done``: the card has done it; ``raw``: uint8 (n, 88), the receipt that it made, where it makes one and has;
    ``seq``, ``balance``: number of the newest receipt, and rupiah, as the card told them when it was read.
    """

    done: Flags
    raw: Octets
    seq: Ints
    balance: Ints

    @property
    def columns(self) -> dict[str, NDArray[np.generic]]:
        """All of it, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def blank(cls, count: int) -> Played:
        """Of so many events, none of which has happened yet."""
        return cls(
            np.zeros(count, np.bool_),
            np.zeros((count, SIZE), np.uint8),
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
        )

    def receipted(self, script: YearScript) -> Flags:
        """Events that made a receipt."""
        made: Flags = self.done & (script.events["step"] <= Step.UPDATE)
        return made

    def numbers(self) -> NDArray[np.uint32]:
        """The receipts' numbers."""
        numbers: NDArray[np.uint32] = self.raw.view(_DEBIT)["seq"][:, 0].astype(np.uint32)
        return numbers
