# SPDX-License-Identifier: Apache-2.0
"""No password of the developer's own environment reaches these tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSN_KEYRING_PASSWORD", raising=False)
