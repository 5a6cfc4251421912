# SPDX-License-Identifier: Apache-2.0
"""``ssn`` in this process, as one of the store's users."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.bank.conftest import PASSWORD
from tests.cli.conftest import Ran, ssn

__all__ = ["ssn"]

BankCommand = Callable[..., Ran]
_HERE: Final = Path(__file__).parent


@pytest.fixture
def as_user(ssn: Callable[..., Ran], bank_place: str, monkeypatch: pytest.MonkeyPatch) -> BankCommand:
    """``as_user("operator", "bank", "log")``: a command on the test's store, in JSON."""
    monkeypatch.setenv("SSN_BANK_PASSWORD", PASSWORD)

    def run(name: str, *arguments: object) -> Ran:
        return ssn(*arguments, "--bank", bank_place, "--user", name, "--development", "--json")

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A command asks the same of either database: that the rooms do, their own tests and the campaign hold."""
    for item in items:
        if item.path.is_relative_to(_HERE) and "postgresql" in item.name:
            item.add_marker("slow")
