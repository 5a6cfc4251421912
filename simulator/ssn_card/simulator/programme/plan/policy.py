# SPDX-License-Identifier: Apache-2.0
"""What the programme has decided for the year of the plan, as policies.toml of its folder of data has it."""

from __future__ import annotations

from typing import Final

from .calendar import MONTHS, YEAR
from .goods import CODES

POLICY_ID: Final = YEAR
LOAD: Final = 300_000  #: rupiah a month
MONTHLY_LIMIT: Final = 600_000
OVERRIDE_MAX: Final = 600_000
DEBIT_MAX: Final = 600_000
PIN_ABOVE: Final = 150_000
BUDGET: Final = LOAD * MONTHS  #: a family


def policies_toml(shops: int) -> str:
    """The text of policies.toml."""
    loads = ", ".join([f"{LOAD:_}"] * MONTHS)
    ends = ", ".join([f"{YEAR}-12-31"] * MONTHS)
    goods = ", ".join(f'"{code}"' for code in CODES)
    return f"""# The programme of a simulated year. Amounts in rupiah.

[[policy]]
id = {POLICY_ID}
name = "SSN {YEAR}"
valid_from = {YEAR}-01-01
valid_until = {YEAR}-12-31
entitlement_total = {BUDGET:_}
tranches = [{loads}]
expires = [{ends}]
monthly_limit = {MONTHLY_LIMIT:_}
package = {LOAD:_}
override_needs_companion = true
override_max = {OVERRIDE_MAX:_}
debit_max = {DEBIT_MAX:_}
pin_above = {PIN_ABOVE:_}
shops = {shops}
categories = [{goods}]
"""
