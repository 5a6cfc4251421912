# SPDX-License-Identifier: Apache-2.0
"""A scene with a card or more, on the first day of October."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bank.conftest import Clock
from tests.bank.updates.scene import Scene, wita
from tests.card.live_card import LiveCard

from ssn_card.bank.store.bank import Bank


@pytest.fixture
def scene(bank: Bank, clock: Clock, tmp_path: Path, new_card: Callable[[], LiveCard]) -> Iterator[Scene]:
    made = Scene(bank, clock, tmp_path, new_card)
    made.at(wita(10, 1))
    yield made
    made.journal.close()
    for card in made.cards.values():
        card.discard()
