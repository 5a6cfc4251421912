# SPDX-License-Identifier: Apache-2.0
"""A store with cards to be printed."""

from __future__ import annotations

import pytest
from tests.bank.printing.scene import PrintScene

from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn


@pytest.fixture
def scene(bank: Bank, operator: SignedIn, second: SignedIn) -> PrintScene:
    return PrintScene(bank, operator, second)
