# SPDX-License-Identifier: Apache-2.0
"""A card's first weeks: every type of receipt, two months, in the order in which they happen."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from ... import commands
from ...values import LifeState
from .. import sample
from ..playing import Script
from .personalizing import fresh

EGGS = (("TELUR", 10, 18_500), ("IKAN_KALENG", 6, 71_500))
MUCH_RICE = (("BERAS", 8, 120_000),)


def moment(text: str) -> dt.datetime:
    """A time of the examples."""
    return dt.datetime.fromisoformat(text)


@cache
def journey() -> Script:
    """The transcript that the document's examples are taken from."""
    script = Script("journey", "A card's first weeks: every type of receipt, in two months.", fresh())
    script.select()
    script.update("activation and first load", sample.entitlement(1, 200_000, moment("2026-01-05T09:00:00")))
    script.select()
    bought = sample.movement(72_500, moment("2026-01-07T10:15:30"), script.txn())
    script.debit("rice, 5 kg", bought)
    script.select()
    back = sample.cancellation(bought, moment("2026-01-07T10:17:02"), script.txn(), script.card.last_mac)
    script.ask("given back", commands.CANCEL, back)
    script.select()
    script.debit("rice, 8 kg", sample.movement(120_000, moment("2026-01-12T16:40:00"), script.txn(), MUCH_RICE))
    script.select()
    raised = sample.overriding(40_000, moment("2026-01-20T08:05:00"), script.txn())
    script.ask("a companion raises January's limit", commands.OVERRIDE, raised)
    script.select()
    script.update("second load", sample.entitlement(2, 400_000, moment("2026-02-01T07:00:00")))
    script.select()
    eggs = sample.movement(90_000, moment("2026-02-03T11:00:00"), script.txn(), EGGS, categories=0x000A)
    script.debit("eggs and fish, in February: the month begins anew", eggs)
    script.select()
    script.status("a query: its answer's MAC is the next challenge")
    script.read("the newest receipt, without another SELECT", len(script.card.chain))
    script.read("a number that is not made yet", len(script.card.chain) + 1)
    script.select()
    script.update("blocked, and part of the balance expires", _blocked())
    return script


def _blocked() -> dict[str, Any]:
    end = moment("2026-03-01T07:00:00")
    changes = {"state": int(LifeState.BLOCKED), "expired_total": 240_000, "valid_until": dt.date(2026, 12, 31)}
    return sample.entitlement(3, 400_000, end, **changes)


def step(command: commands.Command, number: int = 0) -> Any:
    """The answered exchange of a command in the journey, the first one or a later one."""
    return [one for one in journey().exchanges if one.request and one.request.command is command][number]
