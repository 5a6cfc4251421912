# SPDX-License-Identifier: Apache-2.0
"""The fourth author's schemes, written from programme.md alone: no press and no audit report was read for them."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme, free_families
from ...plan.ways import companions_with, shops_with
from . import fraud, honest, honest_people, rare

SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-chair-keeps-cards", "shop", ("A4", "A7"), 1, shops_with(18), fraud.chair),
    Scheme("fraud-evening-stack", "shop", ("A4", "A7", "A17"), 1, shops_with(18), fraud.evening),
    Scheme("fraud-sack-for-cash", "shop", ("A8", "A14", "A15", "A2", "A3"), 1, shops_with(18), fraud.cash),
    Scheme("fraud-ready-parcel", "shop", ("A9", "A10"), 1, shops_with(18), fraud.parcel),
    Scheme("fraud-coupon-first", "shop", ("A5", "A6"), 1, shops_with(18), fraud.coupon),
    Scheme("fraud-drawer-of-cards", "shop", ("A13",), 1, shops_with(12), fraud.drawer),
    Scheme("fraud-other-wares", "shop", ("A14", "A15"), 1, shops_with(15), fraud.other_wares),
    Scheme("fraud-signatures", "companion", ("A11",), 1, companions_with(5), rare.signatures),
    Scheme("fraud-lost-again-of-the-quarter", "family", ("A12",), 2, free_families, rare.lost_again),
    Scheme("fraud-card-as-pledge", "card", ("A7", "A16", "A17"), 3, free_families, rare.pledge),
    Scheme("fraud-in-slices", "card", ("A1",), 2, free_families, rare.slices),
    Scheme("lookalike-grandchild-of-the-quarter", "shop", ("A4", "A7"), 2, shops_with(10), honest.grandchild, True),
    Scheme("lookalike-saturday-market", "shop", ("A4",), 2, shops_with(10), honest.market, True),
    Scheme("lookalike-upriver-boat", "shop", ("A4", "A16"), 2, shops_with(8), honest.boat, True),
    Scheme("lookalike-made-up-packages", "shop", ("A9", "A2", "A5"), 2, shops_with(10), honest.packages, True),
    Scheme("lookalike-shift-change", "shop", ("A17",), 2, shops_with(10), honest.shift_change, True),
    Scheme("lookalike-feast-stores", "shop", ("A3", "A5"), 1, shops_with(10), honest.feast, True),
    Scheme("lookalike-floating-shop", "shop", ("A7",), 1, shops_with(8), honest.floating, True),
    Scheme("lookalike-led-on-foot", "companion", ("A4", "A11"), 3, companions_with(3), honest_people.led, True),
    Scheme("lookalike-flooded-street", "companion", ("A11",), 2, companions_with(4), honest_people.flooded, True),
    Scheme("lookalike-beside-a-hospital", "card", ("A7", "A16"), 4, free_families, honest_people.hospital, True),
    Scheme("lookalike-no-icebox", "card", ("A1",), 4, free_families, honest_people.no_icebox, True),
    Scheme("lookalike-wet-house", "family", ("A12",), 2, free_families, honest_people.wet_house, True),
    Scheme("lookalike-pit-worker", "card", ("A17",), 4, free_families, honest_people.pit_worker, True),
)
