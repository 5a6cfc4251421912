# SPDX-License-Identifier: Apache-2.0
"""The deliveries of ``updates.json`` as a table."""

from __future__ import annotations

from ... import commands, layouts
from ...status import OK, STATUS_WORDS
from ..markdown import table
from ..playing import Exchange
from ..scripts.updating import deliveries as script


def deliveries() -> str:
    """Number, what was delivered, and what became of it."""
    rows = [
        _row(number, one) for number, one in enumerate((one for one in script().exchanges if _is_update(one)), start=1)
    ]
    return table(("", "delivered", "update_seq", "loaded_total", "SW", "balance"), rows)


def _is_update(exchange: Exchange) -> bool:
    return exchange.request is not None and exchange.request.command is commands.UPDATE


def _row(number: int, exchange: Exchange) -> tuple[object, ...]:
    body = exchange.command[5:-9]
    totals = (int.from_bytes(body[at : at + 4], "big") for at in (0, 4))
    outcome = "9000" if exchange.sw == OK else f"{exchange.sw:04X} {STATUS_WORDS[exchange.sw].constant}"
    after = "unchanged"
    if exchange.answered:
        after = str(int.from_bytes(exchange.answered.logical[layouts.RECEIPT.offset("balance_after") :][:4], "big"))
    return (number, exchange.step, *totals, outcome, after)
