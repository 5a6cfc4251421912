# SPDX-License-Identifier: Apache-2.0
"""The policy that an extract is judged under."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssn_card.programme import Policy, load_policies


def policy_chosen(number: int | None, file: Path | None, allow_expired: bool, today: dt.date) -> Policy:
    """The policy of that number, or the one in force today. Raises ``UnknownPolicyError``, ``PolicyExpired``."""
    policies = load_policies(file)
    policy = policies.for_date(today) if number is None else policies.by_id(number)
    if not allow_expired:
        policy.require_not_over(today)
    return policy
