# SPDX-License-Identifier: Apache-2.0
"""Those who only look like it, each for a reason that the city knows."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from .companions import FIRE, HIRED_BOAT
from .counter import CHEAP_RICE, FREIGHT, NO_CHANGE, OWN_HENS, PACKED
from .crowds import BARGE, FLOATING_SHOP, HIGH_GROUND, MINE_BUS, NEPHEW, PASAR
from .homes import CAKE_BAKER, DIALYSIS, LONG_ILL, ON_FOOT, PESANTREN, SAVES_FOR_CROSSING, WET_CARD

#: Who needs many families comes before others.
HONEST: Final[tuple[Scheme, ...]] = (
    FLOATING_SHOP,
    PASAR,
    BARGE,
    CHEAP_RICE,
    HIGH_GROUND,
    NEPHEW,
    MINE_BUS,
    PACKED,
    FREIGHT,
    NO_CHANGE,
    OWN_HENS,
    HIRED_BOAT,
    FIRE,
    DIALYSIS,
    PESANTREN,
    ON_FOOT,
    SAVES_FOR_CROSSING,
    CAKE_BAKER,
    LONG_ILL,
    WET_CARD,
)
