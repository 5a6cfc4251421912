# SPDX-License-Identifier: Apache-2.0
"""What expires of what was loaded: ``balance' = min(balance + step of loaded_total, loaded_total - expired_total)``."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.card.test_boundaries import EDGES, TOP, debit, wide
from tests.model import wire
from tests.model.wire import MAC, movement


@pytest.mark.parametrize("limit", EDGES)
def test_takes_what_is_left_of_the_expired_loads(sim_talk: Talk, limit: int) -> None:
    """Loaded first, spent first: of a load that was spent but for one rupiah one rupiah expires."""
    sim_talk.load(wide(1, limit + 1))
    sim_talk.debit(limit, txn=1)
    receipt = sim_talk.load(wide(2, min(limit + 1 + 1000, TOP), expired=limit + 1))
    new = min(1000, TOP - limit - 1)
    assert wire.receipt(receipt)["balance"] == new
    assert wire.receipt(receipt)["granted"] == limit + new


@pytest.mark.parametrize(("expired", "left"), [(499, 500), (500, 500), (501, 499), (999, 1), (1000, 0)])
def test_what_was_spent_expires_no_more(sim_talk: Talk, expired: int, left: int) -> None:
    sim_talk.load(wide(1, 1000))
    sim_talk.debit(500, txn=1)
    assert wire.receipt(sim_talk.load(wide(2, 1000, expired=expired)))["balance"] == left
    assert debit(sim_talk, left + 1, 2) == 0x9401
    assert wire.receipt(sim_talk.load(wide(3, 1000 + TOP - 1000, expired=expired)))["balance"] == left + TOP - 1000


def test_what_comes_back_expires_by_the_next_update(talk: Talk) -> None:
    """Spent when it expired, cancelled after: the money is back, and goes with the next update."""
    talk.load(wide(1, 1000, expired=1000))
    assert talk.told()["balance"] == 0
    talk.load(wide(2, 1500, expired=1000))
    receipt = talk.debit(500, txn=1)
    assert talk.move(wire.CANCEL, movement(500, txn=2, rest=receipt[MAC:]))[1] == wire.OK
    assert wire.receipt(talk.load(wide(3, 1500, expired=1200)))["balance"] == 300
