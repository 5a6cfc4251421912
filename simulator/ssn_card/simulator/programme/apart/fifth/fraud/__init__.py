# SPDX-License-Identifier: Apache-2.0
"""Those who cheat."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from .cards import LOST_AGAIN, OIL_RUNNER, PAWNED
from .held import BON_BOOK, DRAWER, LANDING_AGENT
from .signature import SIGNATURE
from .till import KEEPS_CHANGE, NOTES, SMOKES, TAKE_THE_SET, WAIT_FOR_BARGE

#: Who needs certain families comes before others.
FRAUD: Final[tuple[Scheme, ...]] = (
    DRAWER,
    LANDING_AGENT,
    SIGNATURE,
    BON_BOOK,
    NOTES,
    TAKE_THE_SET,
    WAIT_FOR_BARGE,
    KEEPS_CHANGE,
    SMOKES,
    OIL_RUNNER,
    PAWNED,
    LOST_AGAIN,
)
