# SPDX-License-Identifier: Apache-2.0
"""By a third, who knew programme.md only. The rules were measured on it once, and have been tuned on it since."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST

SCHEMES: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST)
