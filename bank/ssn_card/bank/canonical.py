# SPDX-License-Identifier: Apache-2.0
"""JSON in one form, for what is compared or hashed."""

from __future__ import annotations

import json


def canonical(content: object) -> str:
    """The one text of what JSON can say: sorted, without blanks."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
