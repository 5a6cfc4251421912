# SPDX-License-Identifier: Apache-2.0
"""Fraud and honest look-alikes by another author who had not seen the rules; the rules have met them since.

Written from programme.md and published evidence. Rules were measured on these once, and their honest people told to
the rules' author (docs/decisions/held-out-fraud.md). ``plan(seed, families, schemes=MET_TOO)`` enacts it.
"""

from __future__ import annotations

from typing import Final

from ..plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST
from .petty import PETTY

MET_TOO: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST, *PETTY)
