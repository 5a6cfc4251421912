# SPDX-License-Identifier: Apache-2.0
"""Fraud and honest look-alikes by somebody who had not seen the rules; the rules have met them since.

They were measured on these twice, and may be tuned on them now (docs/decisions/held-out-fraud.md).
``plan(seed, families, schemes=MET)`` enacts them.
"""

from __future__ import annotations

from typing import Final

from ..plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST

MET: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST)
