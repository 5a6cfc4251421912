# SPDX-License-Identifier: Apache-2.0
"""A city over a store of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bank.conftest import Clock
from tests.bank.field.made import City
from tests.card.live_card import LiveCard

from ssn_card.bank.secret import development_secret
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn


@pytest.fixture
def city(bank: Bank, operator: SignedIn, tmp_path: Path, clock: Clock) -> City:
    """On SQLite and on PostgreSQL."""
    return City(bank, operator, tmp_path, clock)


@pytest.fixture
def town(place_on: Callable[[str], str], operator: SignedIn, tmp_path: Path, clock: Clock) -> Iterator[City]:
    """On SQLite alone, for what is of the tablet."""
    with Bank.open(place_on("sqlite"), development_secret(), clock) as bank:
        yield City(bank, operator, tmp_path, clock)


@pytest.fixture
def cards(new_card: Callable[[], LiveCard]) -> Iterator[list[LiveCard]]:
    """Two real cards, personalized, with nothing loaded."""
    made = [new_card(), new_card()]
    yield made
    for card in made:
        card.discard()
