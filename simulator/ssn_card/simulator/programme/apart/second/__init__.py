# SPDX-License-Identifier: Apache-2.0
"""By another, of press and audit reports too. The rules were measured on it once, and have been tuned on it since."""

from __future__ import annotations

from typing import Final

from ...plan.scheme import Scheme
from .fraud import FRAUD
from .honest import HONEST
from .petty import PETTY

SCHEMES: Final[tuple[Scheme, ...]] = (*FRAUD, *HONEST, *PETTY)
