# SPDX-License-Identifier: Apache-2.0
"""Honest people of the held-out year whom a careless rule takes for fraud: shops, households, companions."""

from __future__ import annotations

from typing import Final

from ....plan.calendar import Ints
from ....plan.draft import Draft
from ....plan.scheme import Scheme
from ....plan.ways import companions_with, shops_with
from ..hand import anybody, one_each
from . import groups, households, shops

_SHOP: Final = shops_with(10)
_GROUP: Final = companions_with(5, anybody)
_FEW: Final = companions_with(4, anybody)


def _home(draft: Draft) -> Ints:
    return draft.population.families.home


def _kelurahan(draft: Draft) -> Ints:
    return draft.population.families.kelurahan


HONEST: Final = (
    Scheme("lookalike-by-the-hospital", "shop", ("A1", "A16"), 2, _SHOP, shops.by_the_hospital, honest=True),
    Scheme("lookalike-night-market", "shop", ("A17",), 2, _SHOP, shops.night_market, honest=True),
    Scheme("lookalike-small-packs", "shop", ("A2",), 2, _SHOP, shops.small_packs, honest=True),
    Scheme("lookalike-fragrant-rice", "shop", ("A10",), 2, _SHOP, shops.fragrant_rice, honest=True),
    Scheme("lookalike-packed-on-request", "shop", ("A9",), 2, _SHOP, shops.packed_on_request, honest=True),
    Scheme("lookalike-landing", "shop", ("A4",), 3, _SHOP, shops.ferry, honest=True),
    Scheme("lookalike-high-water", "shop", ("A4",), 3, _SHOP, shops.high_water, honest=True),
    Scheme("lookalike-opened-in-spring", "shop", ("A3", "A9"), 1, _SHOP, shops.opened_late, honest=True),
    Scheme("lookalike-billed-later", "shop", ("A6",), 2, _SHOP, shops.billed_later, honest=True),
    Scheme("lookalike-orders-ahead", "companion", ("A4", "A7"), 3, _GROUP, groups.orders_ahead, honest=True),
    Scheme(
        "lookalike-burnt-street",
        "companion",
        ("A11",),
        1,
        companions_with(4, anybody),
        groups.burnt_street,
        honest=True,
    ),
    Scheme("lookalike-big-house", "family", ("A4", "A7"), 4, one_each(5, _home), households.big_house, honest=True),
    Scheme("lookalike-minivan", "family", ("A4", "A16"), 3, one_each(6, _kelurahan), households.minivan, honest=True),
    Scheme("lookalike-feast", "family", ("A3", "A8"), 5, anybody, households.feast, honest=True),
    Scheme("lookalike-grandchild", "family", ("A5",), 4, anybody, households.grandchild, honest=True),
    Scheme("lookalike-no-refrigerator", "family", ("A1",), 4, anybody, households.daily, honest=True),
    Scheme("lookalike-estate", "family", ("A3", "A16"), 3, anybody, households.estate, honest=True),
    Scheme("lookalike-bad-luck", "family", ("A12",), 2, anybody, households.bad_luck, honest=True),
    Scheme("lookalike-harvest", "family", ("A3", "A13"), 3, anybody, households.saves_up, honest=True),
    Scheme("lookalike-night-shift", "family", ("A17",), 2, anybody, households.night_shift, honest=True),
)
