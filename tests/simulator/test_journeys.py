# SPDX-License-Identifier: Apache-2.0
"""The recorded journeys show what they say: where the intent is written, what goes to the card, what is believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ssn_card.simulator import Simulator
from ssn_card.simulator.figures.journeys import JOURNEYS, record
from ssn_card.simulator.figures.journeys.walk import Walk

pytestmark = pytest.mark.sim


@pytest.fixture(scope="module")
def walks() -> Iterator[dict[str, Walk]]:
    with Simulator() as simulator:
        yield {one.name: record(simulator, one) for one in JOURNEYS}


def rows(walk: Walk) -> list[str]:
    """Each stop as its command or its name."""
    return [stop.command or stop.name for stop in walk.stops]


def test_a_debit_is_in_the_journal_before_it_is_sent(walks: dict[str, Walk]) -> None:
    names = rows(walks["debit"])
    assert [name for name in names if name.isupper()] == ["SELECT", "DEBIT"]
    assert names[0] == "Terminal.debit"
    assert names.index("TerminalJournal.intend") < names.index("DEBIT")
    assert names.index("DEBIT") < names.index("SoftwareTerminalKeys.is_genuine") < names.index("TerminalJournal.done")


def test_a_number_is_in_doubt_before_its_card_is_written(walks: dict[str, Walk]) -> None:
    names = rows(walks["card"])
    assert names.index("Journal.sent") < names.index("STORE_DATA")
    assert names.index("STORE_DATA") < names.index("GET_DATA") < names.index("Journal.done")


def test_a_receipt_is_kept_only_behind_its_mac(walks: dict[str, Walk]) -> None:
    names = rows(walks["receipt"])
    assert not [name for name in names if name.isupper()]
    assert names.index("Receipt.is_genuine") < names.index("Spool.keep") < names.index("check_chain")


@pytest.mark.parametrize("name", [one.name for one in JOURNEYS])
def test_each_stop_is_one_line_that_says_something(walks: dict[str, Walk], name: str) -> None:
    walk = walks[name]
    for stop in walk.stops:
        assert stop.says, stop
        assert "\n" not in stop.says
        assert ":class:" not in stop.says
    assert len(walk.stops) <= 60  # ten minutes
    assert len(walk.stops) < len(walk.functions) <= walk.calls
