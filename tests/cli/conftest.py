# SPDX-License-Identifier: Apache-2.0
"""The command line in this process, with an environment of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ssn_card.cli import main


@dataclass(frozen=True)
class Ran:
    """What one call of ``ssn`` gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        data: dict[str, Any] = json.loads(self.out)
        return data

    @property
    def error(self) -> dict[str, Any]:
        """The error object on stdout."""
        data: dict[str, Any] = self.json["error"]
        return data


Ssn = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SSN_CARD", "SSN_KEYRING_PASSWORD", "SSN_NEW_KEYRING_PASSWORD", "SSN_COMPANION_PASSWORD", "SSN_DEBUG",
        "SSN_ATTESTATION_PASSWORD", "SSN_MIN_DEBIT_VERSION",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def ssn(capsys: pytest.CaptureFixture[str]) -> Ssn:
    """``ssn("card", "info")`` runs a command; arguments may be of any type."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
