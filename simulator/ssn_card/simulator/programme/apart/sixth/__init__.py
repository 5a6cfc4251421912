# SPDX-License-Identifier: Apache-2.0
"""The sixth author's schemes: one who knew cases of SNAP, WIC and India's ration shops, and programme.md."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme, free_families
from ...plan.ways import companions_with, shops_with
from .common import quiet_shops
from .fraud import goods, held, rare
from .honest import crowds, homes, wares

FRAUD: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-debt-book", "shop", ("A4", "A7", "A5"), 1, quiet_shops(18), held.debt_book),
    Scheme("fraud-saved-fingers", "shop", ("A4", "A7"), 1, quiet_shops(14), held.saved_fingers),
    Scheme("fraud-sixty-for-hundred", "shop", ("A8", "A2", "A3", "A14"), 1, quiet_shops(24), goods.sixty_for_hundred),
    Scheme("fraud-dear-parcel", "shop", ("A9", "A10"), 1, quiet_shops(16), goods.dear_parcel),
    Scheme("fraud-first-hand", "shop", ("A5", "A6"), 1, quiet_shops(20), held.first_hand),
    Scheme("fraud-returned-post", "shop", ("A13",), 1, quiet_shops(14), held.returned_post),
    Scheme("fraud-did-not-go-through", "shop", ("A1", "A14"), 1, quiet_shops(20), goods.second_swipe),
    Scheme("fraud-power-tokens", "shop", ("A15", "A14"), 1, quiet_shops(18), goods.power_tokens),
    Scheme("fraud-gate-by-night", "shop", ("A16", "A17", "A2"), 1, quiet_shops(14), rare.gate_by_night),
    Scheme(
        "fraud-signature-on-sale", "companion", ("A11",), 1, companions_with(6, free_families), rare.signature_on_sale
    ),
    Scheme("fraud-lost-when-sold", "family", ("A12",), 2, homes.at_hand, rare.lost_when_sold),
)

HONEST: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-cooperative-packs", "shop", ("A9", "A2", "A5"), 2, wares.packaging_shops,
           wares.cooperative_packs, honest=True),
    Scheme("lookalike-chicken-at-three", "shop", ("A1", "A15"), 1, shops_with(14), wares.chicken_at_three,
           honest=True),
    Scheme("lookalike-whole-sacks", "shop", ("A3", "A8"), 1, shops_with(14), wares.whole_sacks, honest=True),
    Scheme("lookalike-dear-road", "shop", ("A10",), 1, wares.remote_shops, wares.dear_road, honest=True),
    Scheme("lookalike-sunday-market", "shop", ("A4",), 2, shops_with(14), crowds.sunday_market, honest=True),
    Scheme("lookalike-after-the-shift", "shop", ("A17",), 1, shops_with(14), crowds.after_the_shift, honest=True),
    Scheme("lookalike-no-coins", "shop", ("A2",), 1, shops_with(10), wares.no_coins, honest=True),
    Scheme("lookalike-on-consignment", "shop", ("A6", "A14"), 1, shops_with(10), wares.on_consignment, honest=True),
    Scheme("lookalike-shop-boat", "shop", ("A4", "A16"), 2, shops_with(8), crowds.floating_shop, honest=True),
    Scheme("lookalike-flood-refuge", "shop", ("A4", "A16"), 1, shops_with(8), crowds.flood_refuge, honest=True),
    Scheme("lookalike-hospital-gate", "shop", ("A16",), 1, shops_with(8), crowds.hospital_gate, honest=True),
    Scheme("lookalike-companion-walks-along", "companion", ("A4", "A11"), 4, companions_with(5, free_families),
           crowds.companion_walks_along, honest=True),
    Scheme("lookalike-sick-at-home", "companion", ("A11",), 2, companions_with(4, free_families),
           homes.sick_at_home, honest=True),
    Scheme("lookalike-carries-for-the-old", "family", ("A4", "A7"), 4, homes.at_hand, crowds.carries_for_the_old,
           honest=True),
    Scheme("lookalike-flood-takes-the-card", "family", ("A12",), 2, homes.at_hand, homes.flood_takes_the_card,
           honest=True),
    Scheme("lookalike-school-across-the-river", "card", ("A7", "A16"), 4, homes.at_hand,
           homes.school_across_the_river, honest=True),
    Scheme("lookalike-no-ice", "card", ("A1",), 3, homes.at_hand, homes.no_icebox, honest=True),
    Scheme("lookalike-first-boat", "card", ("A5",), 3, homes.at_hand, homes.first_boat, honest=True),
    Scheme("lookalike-back-from-the-estate", "card", ("A13", "A3", "A5"), 3, homes.at_hand,
           homes.back_from_the_estate, honest=True),
)  # fmt: skip

SCHEMES: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST)
