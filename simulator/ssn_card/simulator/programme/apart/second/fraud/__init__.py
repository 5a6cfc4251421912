# SPDX-License-Identifier: Apache-2.0
"""Fraud of the second year that was met, a scheme a file: six shops and a companion, then what is rarer."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from . import (
    broker,
    cigarettes,
    discount,
    drawer,
    fee,
    lent_consent,
    load_day,
    lost_for_sale,
    parcel,
    pledged,
    shutter,
    slices,
)

FRAUD: Final[tuple[Scheme, ...]] = (
    pledged.SCHEME,
    shutter.SCHEME,
    discount.SCHEME,
    parcel.SCHEME,
    load_day.SCHEME,
    drawer.SCHEME,
    lent_consent.SCHEME,
    fee.SCHEME,
    cigarettes.SCHEME,
    broker.SCHEME,
    slices.SCHEME,
    lost_for_sale.SCHEME,
)
