# SPDX-License-Identifier: Apache-2.0
"""The protocol of docs/protocol.md holds; each repair taken out again makes the model find its hole.

The long form is ``make protocol-model``.
"""

from __future__ import annotations

import pytest

from .play import EVERY, draw, hole, search
from .repairs import ALL, INVARIANTS, NAMES
from .terms import DEBIT, RECEIPT, ring
from .world import Tally

HISTORIES, PARTS = 8_000, 4
BOUND = 6_000  #: histories within which a hole must show


@pytest.mark.parametrize("part", range(PARTS))
def test_the_repaired_protocol_has_no_hole(part: int) -> None:
    tally, each = Tally(), HISTORIES // PARTS
    found = search(ALL, range(part * each, (part + 1) * each), EVERY, tally)
    assert found is None, f"history {found[0]}: {found[1]}; shortest: {found[2]}"
    assert tally.histories == each
    # Every kind of work was done, so that nothing was found for want of looking.
    assert tally.conclusions > 3 * each
    assert tally.recomputed > 3 * each
    assert min(tally.gaps, tally.restored, tally.open) > 0
    assert tally.parted[""] > 0.8 * each


@pytest.mark.parametrize("name", NAMES)
def test_without_a_repair_its_hole_is_found(name: str) -> None:
    found = search(ALL.without(name), range(BOUND), INVARIANTS[name])
    assert found is not None, f"nothing in {BOUND} histories without {name}"
    seed, first, shortest = found
    again = hole(shortest, ALL.without(name))
    assert again is not None
    assert again.invariant == first.invariant
    assert len(shortest.events) <= len(draw(seed).events)
    assert hole(shortest, ALL) is None, "the same history shows nothing with the repair in"


def test_a_key_makes_no_mac_for_who_does_not_hold_it() -> None:
    with pytest.raises(PermissionError):
        ring(DEBIT).mac((RECEIPT, 1, 1), "receipt")
    with pytest.raises(PermissionError):
        ring(DEBIT, versions=(1,)).mac((DEBIT, 2, 1), "command")
    with pytest.raises(PermissionError):
        ring(RECEIPT, serial=1).mac((RECEIPT, 1, 2), "receipt")
