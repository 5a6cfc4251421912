# SPDX-License-Identifier: Apache-2.0
"""``ssn audit`` over receipts that are as they should be, and over some that are not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Ssn
from tests.cli.made_receipts import BASKET, chain

from ssn_card.receipts import Receipt, line_of

RECEIPTS = chain(5, days=(2, 3, 1))  # the third movement is dated before the second
PASSWORD = "garam dua kilo saja"


def text(receipts: list[Receipt]) -> str:
    return "".join(line_of(one, BASKET if one.type == 1 else None) + "\n" for one in receipts)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "good.jsonl").write_text(text(RECEIPTS))
    return tmp_path / "good.jsonl"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A forged receipt, one twice, a line that is none, and one that is nowhere."""
    altered = bytearray(RECEIPTS[2].raw)
    altered[60] ^= 1
    lines = text([RECEIPTS[0], RECEIPTS[1], RECEIPTS[1], Receipt(bytes(altered)), *RECEIPTS[4:]])
    (tmp_path / "bad.jsonl").write_text(lines + "no receipt\n")
    return tmp_path / "bad.jsonl"


@pytest.fixture
def key(ssn: Ssn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSN_ATTESTATION_PASSWORD", PASSWORD)
    assert ssn("audit", "attestation-key", "--out", tmp_path / "auditor.pem").code == 0
    return tmp_path / "auditor.pem"


@pytest.fixture
def verify(ssn: Ssn) -> Callable[..., Ran]:
    return lambda *more: ssn("audit", "verify", "--development", *more)


Verify = Callable[..., Ran]


def in_a_process(arguments: list[object], given: str | None = None, before: str = "") -> Ran:
    """Another process, for what this one's cannot show. ``before``: what is done in it first."""
    program = f"{before}\nfrom ssn_card.cli.start import main\nmain()"
    ran = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "SSN_LANG": "en"},
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)
