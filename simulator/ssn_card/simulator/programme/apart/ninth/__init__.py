# SPDX-License-Identifier: Apache-2.0
"""Schemes by an author who has seen neither rules nor others' schemes: as one who went from the tip to the verdict in
many courts, and one who has weighed and drunk tea in every small shop, would tell them."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from .cash import CASH
from .drawer import DRAWER, FAMILIES
from .early import EARLY
from .habits import HABITS
from .helpers import HELPERS
from .houses import HOUSES
from .kitchen import KITCHEN
from .neighbours import NEIGHBOURS
from .parcel import PARCEL
from .petty import PETTY
from .pledge import PLEDGE
from .river import RIVER
from .roads import MILL_GATE, ROAD_ENDS
from .shelf import SHELF
from .stock import STOCK
from .tin import TIN

#: Shops before companions, and both before single houses: who is drawn later finds fewer that are nobody's yet. First
#: of all, who needs what is rare.
SCHEMES: Final[tuple[Scheme, ...]] = (
    ROAD_ENDS,
    *DRAWER,
    *SHELF,
    *PARCEL,
    *TIN,
    *CASH,
    *EARLY,
    *RIVER,
    *KITCHEN,
    *STOCK,
    *HABITS,
    MILL_GATE,
    *PETTY,
    *HELPERS,
    *NEIGHBOURS,
    *FAMILIES,
    *PLEDGE,
    *HOUSES,
)
