# SPDX-License-Identifier: Apache-2.0
"""Signs of money on the receipts behind a habit (:mod:`.backing`)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Sign(StrEnum):
    """What money shows on a receipt."""

    LARGE = "large"
    NO_PIN = "no PIN"
    USED_UP = "used up"
    ROUND = "round"
    ALIKE = "alike"  #: the same goods as another card of the day; nothing where a rule looks at goods itself


#: What may stand behind most habits.
USUAL_SIGNS: Final = frozenset({Sign.LARGE, Sign.NO_PIN, Sign.USED_UP, Sign.ROUND})
