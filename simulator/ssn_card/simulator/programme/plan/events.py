# SPDX-License-Identifier: Apache-2.0
"""One row for each thing that happens to a card, in the order in which it happens."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np


class Step(IntEnum):
    """What is done with the card; the first four have the number of their receipt's type."""

    DEBIT = 1
    CANCEL = 2
    OVERRIDE = 3
    UPDATE = 4
    CHOOSE_PIN = 5
    READ = 6  #: status read: a row of statuses.csv


class Fault(IntEnum):
    """What goes wrong while it is done."""

    NONE = 0
    TORN = 1  #: power is cut at DEBIT before the card has done it: not made, the sale is repeated by the next event
    ANSWER_LOST = 2  #: done, the answer never came: recovered at the next presentation
    DOUBLE_UPLOAD = 3  #: the receipt reaches the auditor twice
    NEVER_UPLOADED = 4  #: the receipt never reaches the auditor: a gap


#: ``card``: its place in the population; ``at``: seconds since 1970 by the terminal's own clock, local; ``basket`` and
#: ``update``: places in the plan's lists, -1 for none; ``amount``: rupiah, of an override; ``companion``: place in the
#: plan's companions; ``given``: the PIN is given; ``label``, ``actor``: places in the plan's labels and actors, -1
#: for nobody in particular. Sorted by card, then by the order in which it happens (``turn``).
EVENT: Final = np.dtype(
    [
        ("card", np.int32),
        ("turn", np.int32),
        ("at", np.int64),
        ("step", np.uint8),
        ("fault", np.uint8),
        ("terminal", np.uint32),
        ("basket", np.int32),
        ("amount", np.uint32),
        ("companion", np.int32),
        ("given", np.bool_),
        ("update", np.int32),
        ("label", np.int16),
        ("actor", np.int32),
    ]
)
