# SPDX-License-Identifier: Apache-2.0
"""A store with cards to be printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.bank.printing.fake_cups import FakeCups
from tests.bank.printing.scene import PrintScene

from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn


@pytest.fixture
def scene(bank: Bank, operator: SignedIn, second: SignedIn) -> PrintScene:
    return PrintScene(bank, operator, second)


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCups:
    fake = FakeCups(tmp_path / "cups")
    monkeypatch.setenv("PATH", f"{fake.programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_CUPS", str(fake.spool))
    return fake
