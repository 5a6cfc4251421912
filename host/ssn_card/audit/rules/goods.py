# SPDX-License-Identifier: Apache-2.0
"""How much of a staple people buy at once."""

from __future__ import annotations

from typing import Final

#: Begins a question: ``plausible`` (code, most) is the most of a staple that all lines but 1 less ``$quantile`` of them
#: keep to.
PLAUSIBLE: Final = """
        WITH used AS (SELECT basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL),
        much AS (
            SELECT code, quantity, sum(sum(times)) OVER (PARTITION BY code ORDER BY quantity) AS upto,
                sum(sum(times)) OVER (PARTITION BY code) AS whole
            FROM basket_lines JOIN used USING (basket_id) GROUP BY code, quantity),
        plausible AS (SELECT code, min(quantity) AS most FROM much WHERE upto >= $quantile * whole GROUP BY code)"""
