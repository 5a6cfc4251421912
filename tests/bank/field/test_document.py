# SPDX-License-Identifier: Apache-2.0
"""docs/outreach.md, followed command by command over a store with cards that wait."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bank.conftest import PASSWORD
from tests.bank.field.made import City, serials
from tests.documents.blocks import blocks, script

from ssn_card.bank.field.office.findings import FieldFinding
from ssn_card.bank.store import place

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs/outreach.md").read_text("utf-8")


@pytest.fixture
def bash(town: City, tmp_path: Path) -> Callable[[str], str]:
    """A shell at the bank and on the tablet."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SSN_BANK": place.shown(town.bank.url),
        "SSN_BANK_USER": "operator",
        "SSN_BANK_PASSWORD": PASSWORD,
        "SSN_KEYRING_PASSWORD": "beras lima kilo",
        "SSN_ATTESTATION_PASSWORD": "garam dua kilo saja",
        "SSN_LANG": "en",
    }

    def run(lines: str) -> str:
        done = subprocess.run(
            ["bash", "-c", lines], cwd=tmp_path, env=environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, f"{lines}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.mark.timeout(300)
def test_it_can_be_followed(town: City, bash: Callable[[str], str]) -> None:
    town.waiting(serials(3))
    told = "".join(bash(script(block.body, {})) for block in blocks(DOCUMENT) if block.kind == "")
    assert "Tablet T-01 is retired" in told
    assert not re.search("Siti|Rahmah|Wati|9901", told)
    shown = json.loads(bash("ssn bank outreach status --development --json"))
    assert shown["companions"][0]["persons"] == shown["companions"][0]["waiting"] == 3
    assert [(one["tablet"], one["retired"], one["outstanding"]) for one in shown["tablets"]] == [("T-01", True, 1)]
    assert "is retired" not in bash("ssn field status --folder tablet --json")


def test_every_finding_is_told_of() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT, re.MULTILINE)) == {one.value for one in FieldFinding}
