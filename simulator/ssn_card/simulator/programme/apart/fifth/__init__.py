# SPDX-License-Identifier: Apache-2.0
"""The fifth author: an old shopkeeper of Samarinda, who knows what neighbours really do, and why."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST

SCHEMES: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST)
