# SPDX-License-Identifier: Apache-2.0
"""The programme as data: policies, regions, staples and shops, shipped with the package or read from other files.

Every ``load_…`` function takes an optional path; a file that cannot be used raises
:class:`~ssn_card.programme.errors.ProgrammeDataError` with ``file:line field`` and nothing of it is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.programme.categories import codes, mask
from ssn_card.programme.errors import (
    PolicyExpired,
    ProgrammeDataError,
    UnknownPolicyError,
    UnknownRegionError,
    UnknownShopError,
    UnknownStapleError,
    WithdrawnStapleError,
)
from ssn_card.programme.zone import WITA
from ssn_card.protocol.lazy import lazily

if TYPE_CHECKING:
    from ssn_card.programme.policy import Policies, Policy, load_policies
    from ssn_card.programme.region import Region, Regions, load_regions
    from ssn_card.programme.shop import Shop, Shops, load_shops, terminal_id_of
    from ssn_card.programme.staple import Staple, Staples, load_staples
else:  # the tables' models are pydantic's, which takes as long to import as a whole terminal
    __getattr__ = lazily(
        __name__,
        {
            ".policy": ("Policies", "Policy", "load_policies"),
            ".region": ("Region", "Regions", "load_regions"),
            ".shop": ("Shop", "Shops", "load_shops", "terminal_id_of"),
            ".staple": ("Staple", "Staples", "load_staples"),
        },
    )

__all__ = [
    "WITA",
    "Policies",
    "Policy",
    "PolicyExpired",
    "ProgrammeDataError",
    "Region",
    "Regions",
    "Shop",
    "Shops",
    "Staple",
    "Staples",
    "UnknownPolicyError",
    "UnknownRegionError",
    "UnknownShopError",
    "UnknownStapleError",
    "WithdrawnStapleError",
    "codes",
    "load_policies",
    "load_regions",
    "load_shops",
    "load_staples",
    "mask",
    "terminal_id_of",
]
