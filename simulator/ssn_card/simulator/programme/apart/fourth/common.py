# SPDX-License-Identifier: Apache-2.0
"""What several schemes of this set do alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...plan.calendar import DAY, HOUR, MONTH_STARTS, Ints
from ...plan.draft import Draft, Rows
from ...plan.ways import errands


def every(draft: Draft, cards: Ints, month: int) -> Rows:
    """All errands of these cards in a month."""
    return np.concatenate([np.zeros(0, np.intp), *(errands(draft, card, month) for card in cards.tolist())])


def at_day(month: int, day: int, hour: float) -> int:
    """Moment of a month's day, 0 for its first."""
    return int((MONTH_STARTS[month] + day) * DAY + hour * HOUR)


def after_closing(draft: Draft, shop: int, month: int, day: Any, minutes: Any) -> Any:
    """So many minutes after a shop has closed."""
    return (MONTH_STARTS[month] + day) * DAY + draft.population.places.shut[shop] + np.asarray(minutes) * 60


def elsewhere(draft: Draft, random: np.random.Generator, family: int) -> int:
    """A shop of another kecamatan."""
    of = draft.population.places.shop_kecamatan
    other = np.flatnonzero(of != draft.population.families.kecamatan[family])
    return int(random.choice(other if len(other) else np.arange(len(of))))
