# SPDX-License-Identifier: Apache-2.0
"""Fraud of the held-out year: nine shops, a companion and two families."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from ....plan.ways import companions_with, shops_with
from ..hand import anybody
from . import false_sales, favours, held_cards

_SHOP: Final = shops_with(22)

FRAUD: Final = (
    Scheme("fraud-moneylender", "shop", ("A4", "A7"), 1, _SHOP, held_cards.lend),
    Scheme("fraud-neighbourhood-head", "shop", ("A4", "A7"), 1, _SHOP, held_cards.gather),
    Scheme("fraud-notes-for-goods", "shop", ("A8", "A14"), 1, _SHOP, false_sales.pay_out),
    Scheme("fraud-tied-set", "shop", ("A9", "A10"), 1, _SHOP, false_sales.tie),
    Scheme("fraud-before-the-truck", "shop", ("A5", "A6"), 1, _SHOP, false_sales.book),
    Scheme("fraud-clerks-cupboard", "shop", ("A13",), 1, _SHOP, held_cards.keep_back),
    Scheme("fraud-instalments", "shop", ("A1", "A2"), 1, _SHOP, false_sales.collect),
    Scheme("fraud-gas-as-oil", "shop", ("A14", "A15"), 1, _SHOP, false_sales.bottle),
    Scheme("fraud-caterer", "shop", ("A3", "A16", "A17"), 1, _SHOP, held_cards.cater),
    Scheme("fraud-signs-for-all", "companion", ("A11",), 1, companions_with(5, anybody), favours.sign),
    Scheme("fraud-card-sold-again", "family", ("A12",), 2, anybody, favours.lose),
)
