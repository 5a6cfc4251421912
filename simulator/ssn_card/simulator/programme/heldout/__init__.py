# SPDX-License-Identifier: Apache-2.0
"""A year to measure rules by: fraud and honest look-alikes by somebody who has not seen the rules.

Written from programme.md alone (docs/decisions/held-out-fraud.md); whoever writes or tunes rules does not read this.
``plan(seed, families, schemes=HELD_OUT)`` enacts it.
"""

from __future__ import annotations

from typing import Final

from ..plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST

HELD_OUT: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST)
